//! How wide words are before the browser has drawn them: about, as places for them are worked out.

/// Pixels of a letter of Latin script in the scene's and the timeline's small words, and of one of Hangul.
pub const LATIN: f64 = 6.3;
const HANGUL: f64 = 11.0;

/// About as many pixels as a text takes.
pub fn width(text: &str) -> f64 {
    text.chars().map(|c| if c >= '\u{1100}' { HANGUL } else { LATIN }).sum()
}
