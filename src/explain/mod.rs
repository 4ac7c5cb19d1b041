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
use crate::ids::{ClientId, EventId, Names};
use crate::lang::{self, Lang};
use context::Before;
use template::Told;

pub use context::{Context, Heard, Past, Programs, SettingValues, Times, setting_of};
pub use number::{bytes, decimal_ms, grouped, ms};
pub use particle::{Particle, with_particle};
pub use sentences::call_name;
pub use telling::{Telling, most_telling, tell};
pub use template::{record_name, which_of_its_name};
pub use text::{Chip, Span, Spans, Target};

/// What there is to say about an event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Narration {
    /// What happened: one sentence, whose subject is the actor.
    pub happened: Spans,
    /// What it means.
    pub meaning: Spans,
    /// The line of why, with the settings that mattered; empty when there is nothing to add.
    pub why: Spans,
}

/// Says an event, by its number.
pub fn narrate(context: &Context<'_>, id: EventId, event: &Event, lang: Lang) -> Narration {
    let teller = Teller::of(context, id, event);
    let mut why = teller.say(&teller.told.why, lang);
    // A line about a setting that its actor does not have: a consumer has no `acks`.
    if context.knows_settings() && why.chips().any(|chip| chip.of.is_empty()) {
        why = Spans::default();
    }
    Narration {
        happened: teller.say(&teller.told.happened, lang),
        meaning: teller.say(&teller.told.meaning, lang),
        why,
    }
}

/// What happened, in English, as one line of plain text.
pub fn plain(names: &Names, event: &Event) -> String {
    let context = Context::of_names(names);
    let teller = Teller::of(&context, EventId::NONE, event);
    teller.say(&teller.told.happened, Lang::En).plain()
}

/// The one door through which an event becomes words: its sentences, and the context that they are told in. What a
/// sentence is to know of the story before its event comes in here, with the context.
struct Teller<'a> {
    context: &'a Context<'a>,
    /// The client whose settings the sentences speak of.
    client: Option<ClientId>,
    told: Told,
}

impl<'a> Teller<'a> {
    fn of(context: &'a Context<'a>, id: EventId, event: &Event) -> Teller<'a> {
        let before = context.past().and_then(|past| sentences::told_with(&Before { context, past, id, event }));
        let told = before.unwrap_or_else(|| sentences::told(event.kind));
        Teller { context, client: event.kind.facts().place.client, told }
    }

    fn say(&self, said: &lang::Text, lang: Lang) -> Spans {
        template::fill(self.context, self.client, &self.told, said, lang)
    }
}
