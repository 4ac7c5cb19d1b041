//! Sentences in every language of the page, side by side: one that lacks a language does not compile.

/// A sentence that is always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    pub en: &'static str,
    pub ko: &'static str,
}

/// A sentence with values in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub en: String,
    pub ko: String,
}

pub(super) const fn text(en: &'static str, ko: &'static str) -> Text {
    Text { en, ko }
}

impl From<Text> for Sentence {
    fn from(text: Text) -> Sentence {
        Sentence { en: text.en.into(), ko: text.ko.into() }
    }
}
