//! Sentences as they are written down: in both languages, with places for values.

pub(super) use crate::lang::placed;
use crate::lang::{Sentence, both, grouped, is_hidden};

/// A sentence in both languages, in which `{0}` and `{1}` stand for two values: to fill it in costs the page less than a
/// `format!` for each.
pub(super) type Said<'a> = (&'static str, &'static str, [SaidValue<'a>; 2]);

/// Characters of what was found that are shown, as in the errors of a script.
const MOST_FOUND: usize = 60;

/// In the place of a value that a sentence does not have.
pub(super) const NONE: SaidValue = SaidValue::Text("");

#[derive(Clone, Copy)]
pub(super) enum SaidValue<'a> {
    Text(&'a str),
    /// A text that somebody else wrote: the beginning of a long one.
    Found(&'a str),
    /// Which of several: that of a line.
    Number(u32),
    /// How many, or how much.
    Count(u64),
}

impl<'a> From<&'a str> for SaidValue<'a> {
    fn from(text: &'a str) -> SaidValue<'a> {
        SaidValue::Text(text)
    }
}

impl<'a> From<&'a String> for SaidValue<'a> {
    fn from(text: &'a String) -> SaidValue<'a> {
        SaidValue::Text(text)
    }
}

impl From<u32> for SaidValue<'_> {
    fn from(number: u32) -> Self {
        SaidValue::Number(number)
    }
}

impl From<u64> for SaidValue<'_> {
    fn from(count: u64) -> Self {
        SaidValue::Count(count)
    }
}

/// A character that nobody sees, or takes for another: a control character but a tab or the end of a line, a mark of the
/// encoding, a blank of no width or one that is no blank of a script, a letter or digit of full width.
pub(super) fn is_unseen(c: char) -> bool {
    const BLANKS: &str = "\u{a0}\u{3000}";
    is_hidden(c) && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')
        || matches!(c, '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}')
        || matches!(c, '\u{ff01}'..='\u{ff5e}')
        || BLANKS.contains(c)
}

/// What stands around the first character that nobody sees, with each of them by its number: `<U+200B>acks`. None: there is none.
pub(super) fn unseen(text: &str) -> Option<String> {
    const BEFORE: usize = 20;
    const SHOWN: usize = 60;
    let first = text.chars().position(is_unseen)?.saturating_sub(BEFORE);
    let mut out = String::from(if first > 0 { "…" } else { "" });
    for (i, c) in text.chars().skip(first).enumerate() {
        match c {
            _ if i == SHOWN => {
                out.push('…');
                break;
            }
            c if is_unseen(c) => {
                // Each of them stands in the first plane.
                let digit = |shift: u32| char::from_digit(u32::from(c) >> shift & 15, 16).unwrap_or('0');
                out.push_str("<U+");
                out.extend([12, 8, 4, 0].map(|shift| digit(shift).to_ascii_uppercase()));
                out.push('>');
            }
            c => out.push(c),
        }
    }
    Some(out)
}

/// In both languages.
pub(super) fn both_filled(said: &Said) -> Sentence {
    both(filled(said.0, &said.2), filled(said.1, &said.2))
}

pub(super) fn filled(sentence: &str, with: &[SaidValue; 2]) -> String {
    let (mut out, mut rest) = (String::new(), sentence);
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let value = match behind.get(..2) {
            Some("0}") => Some(with[0]),
            Some("1}") => Some(with[1]),
            _ => None,
        };
        match value {
            Some(SaidValue::Text(text)) => out.push_str(text),
            Some(SaidValue::Found(text)) => match text.char_indices().nth(MOST_FOUND) {
                Some((end, _)) => out.extend([&text[..end], "…"]),
                None => out.push_str(text),
            },
            Some(SaidValue::Number(number)) => out.push_str(&number.to_string()),
            Some(SaidValue::Count(count)) => out.push_str(&grouped(count)),
            None => out.push('{'),
        }
        rest = if value.is_some() { &behind[2..] } else { behind };
    }
    out.push_str(rest);
    out
}
