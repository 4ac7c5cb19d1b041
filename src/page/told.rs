//! Sentences as they are shown: what stands in backquotes is code.

use leptos::prelude::*;
use partita::lang::{Lang, Sentence};

/// A sentence in the reader's language.
pub fn told(sentence: &Sentence, lang: Lang) -> AnyView {
    with_code(sentence.pick(lang))
}

/// A text, with what stands between two backquotes as code; one without its other half stays.
pub fn with_code(text: &str) -> AnyView {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, code, after)) = next_code(rest) {
        parts.push(before.to_owned().into_any());
        parts.push(view! { <code>{code.to_owned()}</code> }.into_any());
        rest = after;
    }
    parts.push(rest.to_owned().into_any());
    parts.into_any()
}

/// What stands before the next code, the code, and what stands behind it.
fn next_code(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    Some((before, code, after))
}
