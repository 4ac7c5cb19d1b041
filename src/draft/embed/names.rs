//! The words and numbers of an embed, for the dialog, the element and the frame's own script: `xtask` reads this file too and
//! fills them into both scripts (`xtask/src/embed.rs`).

/// What the element and the fragment of `embed.html` take. `src` is what the element fetches and hands over in a message.
pub const NAMES: [&str; 12] =
    ["scenario", "run", "src", "step", "until", "show", "partition", "height", "start", "theme", "lang", "edit"];
/// The parts of an embed, as `show` names them, in the order in which they are written.
pub const PARTS: [&str; 7] = ["stations", "partition", "groups", "narration", "scrubber", "controls", "code"];
/// The parts that are shown where `show` is absent: all but the code.
pub const USUAL_PARTS: [&str; 6] = ["stations", "partition", "groups", "narration", "scrubber", "controls"];
/// CSS pixels of an embed whose author chose none, and the least and the most.
pub const HEIGHT: u32 = 440;
pub const LEAST_HEIGHT: u32 = 240;
pub const MOST_HEIGHT: u32 = 2000;
/// When it starts; the first is what holds where nothing is said. So it is with the next two.
pub const STARTS: [&str; 3] = ["view", "click", "now"];
pub const THEMES: [&str; 3] = ["auto", "light", "dark"];
pub const LANGS: [&str; 3] = ["auto", "en", "ko"];
/// Characters of a script that is handed over: a link has no room for more.
pub const SCRIPT_CHARACTERS: usize = 1_000_000;
