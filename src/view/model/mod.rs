//! The panels of the page as plain data: what is drawn, and the words that stand there.

mod cluster;
mod explained;
mod groups;
mod inspector;
mod lanes;
mod producers;
mod program;
mod story;

pub use cluster::*;
pub use explained::*;
pub use groups::*;
pub use inspector::*;
pub use lanes::*;
pub use producers::*;
pub use program::*;
pub use story::*;

/// The shape of a record: its key, in the order in which keys appear.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Glyph {
    /// 1 to 6: circle, square, triangle, diamond, hexagon, cross; 0: a ring, for a null key.
    pub shape: u8,
    /// After six keys the shapes repeat with a numeral, from 2.
    pub numeral: Option<u32>,
    /// The key as text, shortened; `null` for none.
    pub key: String,
    /// The followed record has a ring.
    pub followed: bool,
}

/// How a piece of a text is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub enum Tone {
    #[default]
    Plain,
    Muted,
    /// It is what happens now: blue.
    Now,
    /// The user's fault: amber.
    Fault,
    /// A broken promise: red.
    Alarm,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Piece {
    pub text: String,
    pub tone: Tone,
    /// Behind the words stands a cross: it failed.
    pub failed: bool,
    /// What of the words matters most, where there is room for less than all.
    pub short: Option<String>,
}

impl Piece {
    pub(crate) fn new(text: impl Into<String>, tone: Tone) -> Piece {
        Piece { text: text.into(), tone, failed: false, short: None }
    }

    pub(crate) fn failed(text: impl Into<String>) -> Piece {
        Piece { text: text.into(), tone: Tone::Plain, failed: true, short: None }
    }
}

/// The state of a client's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum ProcessState {
    Running,
    /// Frozen by the user.
    Paused,
    Closed,
    /// Its program ended without closing it.
    Ended,
    Killed,
}
