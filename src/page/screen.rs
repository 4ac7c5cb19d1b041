//! What the browser's window and the reader's system say.

use leptos::prelude::{queue_microtask, window};

/// A window of less height, in pixels, is a low one.
const LOW: f64 = 800.0;

/// Settings fold, and the timeline keeps few lanes.
pub fn is_low() -> bool {
    window().inner_height().ok().and_then(|height| height.as_f64()).is_some_and(|height| height < LOW)
}

/// What the system says about motion.
pub fn wants_less_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Does something once the elements say what the signals say, still in the same frame: the browser then lays the page out
/// once for those who measure it and for the picture.
///
/// The reactive graph runs in one microtask, and what it wakes meanwhile in a second one: this is the third.
pub fn once_laid_out(task: impl FnOnce() + 'static) {
    queue_microtask(move || queue_microtask(task));
}
