//! What the browser's window and the reader's system say.

use leptos::prelude::{queue_microtask, window};

use super::allowed::is_embed;

/// The style sheet's own words for a window of less height, for one that has not the room of a desk, for that of a phone,
/// and for one in which the line of the run has no names of chapters.
const LOW: &str = "(max-height: 799px), (max-width: 719px), (max-width: 1023px) and (max-height: 899px)";
const PHONE: &str = "(max-width: 719px)";
const BARE: &str = "(max-width: 719px), (max-width: 1023px) and (max-height: 639px)";

/// Cells of a tape where there is room for all; the least; pixels of one, and of what stands around them in a phone's window.
const CELLS: u64 = 16;
const FEWEST: u64 = 6;
const CELL: f64 = 20.0;
const AROUND: f64 = 148.0;

fn is(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|query| query.matches())
}

/// Settings fold, and the timeline keeps few lanes.
pub fn is_low() -> bool {
    is(LOW)
}

/// One column of the scene is shown at a time; an embed has a layout of its own.
pub fn is_phone() -> bool {
    is(PHONE) && !is_embed()
}

/// The line of the run is pulled, not read.
pub fn has_bare_line() -> bool {
    is(BARE)
}

/// Cells for which a tape has room.
pub fn cells() -> u64 {
    let width = window().inner_width().ok().and_then(|width| width.as_f64()).filter(|_| is_phone());
    width.map_or(CELLS, |width| (((width - AROUND) / CELL) as u64).clamp(FEWEST, CELLS))
}

/// What the system says about motion.
pub fn wants_less_motion() -> bool {
    is("(prefers-reduced-motion: reduce)")
}

/// Does something once the elements say what the signals say, still in the same frame: the browser then lays the page out
/// once for those who measure it and for the picture.
///
/// The reactive graph runs in one microtask, and what it wakes meanwhile in a second one: this is the third.
pub fn once_laid_out(task: impl FnOnce() + 'static) {
    queue_microtask(move || queue_microtask(task));
}
