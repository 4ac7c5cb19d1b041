//! Sentences for events, in every language of the page.
//!
//! [`narrate`] says of an event what happened, what it means, and why, with the settings that mattered. Texts are spans
//! rather than strings, so that the page can draw a chip or a link where one stands. Both languages of a sentence stand
//! side by side: one that lacks a language does not compile.

pub mod glossary;
mod context;
mod number;
mod particle;
mod sentences;
mod telling;
mod template;
mod text;

use crate::event::Event;
use crate::ids::Names;

pub use crate::lang::Lang;
pub use context::{Context, Settings, actor, setting_of};
pub use number::{bytes, decimal_ms, grouped, ms};
pub use particle::{Particle, with_particle};
pub use telling::{Telling, order, tell};
pub use text::{Chip, Span, Target, Text};

/// What there is to say about an event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Narration {
    /// What happened: one sentence, whose subject is the actor.
    pub happened: Text,
    /// What it means.
    pub meaning: Text,
    /// The line of why, with the settings that mattered; empty when there is nothing to add.
    pub why: Text,
}

/// Says an event.
pub fn narrate(context: &Context<'_>, event: &Event, lang: Lang) -> Narration {
    let told = sentences::told(&event.kind);
    let client = actor(&event.kind);
    let mut why = template::fill(context, client, &told, &told.why, lang);
    // A line about a setting that its actor does not have: a consumer has no `acks`.
    if context.knows_settings() && why.chips().any(|chip| chip.of.is_empty()) {
        why = Text::default();
    }
    Narration {
        happened: template::fill(context, client, &told, &told.happened, lang),
        meaning: template::fill(context, client, &told, &told.meaning, lang),
        why,
    }
}

/// What happened, in English, as one line of plain text.
pub fn plain(names: &Names, event: &Event) -> String {
    let context = Context::of_names(names);
    let told = sentences::told(&event.kind);
    template::fill(&context, None, &told, &told.happened, Lang::En).plain()
}
