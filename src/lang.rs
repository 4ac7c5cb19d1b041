//! The languages of texts that people see, and the one type that carries a text in all of them: one that lacks a
//! language does not compile.

use std::fmt;

/// A language; every text a user can see exists in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    #[default]
    En,
    Ko,
}

impl Lang {
    /// The text of this language, of two that say the same.
    pub fn pick<T>(self, en: T, ko: T) -> T {
        match self {
            Lang::En => en,
            Lang::Ko => ko,
        }
    }
}

/// A whole number in a sentence: `20,000,000`.
pub fn grouped(number: u64) -> String {
    grouped_by(number, ',')
}

/// A whole number in groups of three digits, with this character between them.
pub fn grouped_by(number: u64, between: char) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * between.len_utf8());
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(between);
        }
        out.push(digit);
    }
    out
}

/// The same thing said in both languages. [`Text`] and [`Sentence`] are what it mostly holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Both<T> {
    pub en: T,
    pub ko: T,
}

/// Words that are always the same.
pub type Text = Both<&'static str>;

/// Words with values in them.
pub type Sentence = Both<String>;

impl<T> Both<T> {
    /// What it says in a language.
    pub const fn pick(&self, lang: Lang) -> &T {
        match lang {
            Lang::En => &self.en,
            Lang::Ko => &self.ko,
        }
    }
}

/// Words that are always the same, for constants and tables.
pub const fn text(en: &'static str, ko: &'static str) -> Text {
    Both { en, ko }
}

/// Words that were put together, or will be handed on with such.
pub fn both(en: impl Into<String>, ko: impl Into<String>) -> Sentence {
    Both { en: en.into(), ko: ko.into() }
}

impl From<Text> for Sentence {
    fn from(text: Text) -> Sentence {
        both(text.en, text.ko)
    }
}

/// In English, the language of the command and of tests.
impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// A character that nobody sees, and that may turn round what stands beside it: a control character, a mark of direction, of
/// no width or of the encoding.
pub fn is_hidden(c: char) -> bool {
    let is_mark = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    c.is_control() || is_mark || matches!(c, '\u{ad}' | '\u{feff}')
}

/// A line of somebody else's text as it is shown: what nobody sees by its number, `<U+202E>`; tabs as they are.
pub fn seen(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push(c),
            c if is_hidden(c) => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// A sentence about a place in a text.
pub(crate) fn placed(line: u32, column: u32, what: &str, lang: Lang) -> String {
    lang.pick(format!("Line {line}, column {column}: {what}"), format!("{line}행 {column}열: {what}"))
}

/// `words`, each in backquotes, as a list in a sentence: "`a`, `b` or `c`".
pub(crate) fn listed(words: &[&str], lang: Lang) -> String {
    let mut out = String::new();
    for (i, word) in words.iter().enumerate() {
        if i > 0 {
            out.push_str(if lang == Lang::En && i + 1 == words.len() { " or " } else { ", " });
        }
        out.push('`');
        out.push_str(word);
        out.push('`');
    }
    out
}
