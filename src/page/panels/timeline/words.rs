//! Words on a line: none stands on another, and none is cut.

/// Pixels between the words of two marks.
const APART: f64 = 8.0;

/// A line as wide as there is room, and what of it is written on: from where to where.
pub struct WordLine {
    width: f64,
    taken: Vec<(f64, f64)>,
}

impl WordLine {
    pub fn new(width: f64) -> WordLine {
        WordLine { width, taken: Vec::new() }
    }

    /// Takes a place for words, where nothing stands.
    pub fn take(&mut self, from: f64, wide: f64) -> bool {
        let is_apart = |(begins, ends): &(f64, f64)| from + wide + APART <= *begins || *ends + APART <= from;
        let fits = from >= 0.0 && from + wide <= self.width && self.taken.iter().all(is_apart);
        if fits {
            self.taken.push((from, from + wide));
        }
        fits
    }
}
