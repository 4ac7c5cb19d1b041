//! What a screen reader says: the sentences of every step that the user takes, and once each promise that breaks.
//!
//! The region is apart from what is drawn, so that its words change exactly when there is something to say: while the
//! run plays, only the stages of the followed record, one in three seconds; the whole sentence when it pauses.

use leptos::prelude::*;
use partita::lang::Lang;
use partita::view::{Count, PromiseState, StationState, View};

use crate::page::live::live;
use crate::page::preferences::Preferences;
use crate::page::root::own;
use crate::page::rows::rows;
use crate::page::session::{Playing, Session};

/// Milliseconds between two announcements while it plays.
const PAUSE_MS: f64 = 3_000.0;

/// The last announcement.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    lang: Lang,
    text: String,
    stage: Option<String>,
    at_ms: f64,
}

#[component]
pub fn Spoken() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let view = session.part(|view| (sentence(view), stage(view)));
    let said = Memo::new(move |before: Option<&Said>| {
        let mut before = before.cloned().unwrap_or_default();
        let (text, stage) = view.get();
        let lang = preferences.lang();
        if session.playing.get() != Some(Playing::Run) {
            return Said { lang, text, stage, at_ms: 0.0 };
        }
        if before.lang != lang {
            // What was said in the other language is not true to the reader's any more, and is not said once more.
            before = Said { lang, text: String::new(), stage: stage.clone(), ..before };
        }
        let now = window().performance().map_or(0.0, |performance| performance.now());
        if stage == before.stage || now - before.at_ms < PAUSE_MS {
            return before;
        }
        Said { lang, text: stage.clone().unwrap_or_default(), stage, at_ms: now }
    });
    let broken = session.part(|view| {
        let broken = view.top.promises.iter().filter(|promise| promise.state == PromiseState::Broken);
        broken.map(|promise| (promise.id, promise.text.clone())).collect::<Vec<_>>()
    });
    let alerts = Memo::new(move |before: Option<&Alerts>| {
        let lang = preferences.lang();
        broken.with(|broken| Alerts::after(before, lang, broken))
    });
    view! {
        <p class="sr" id=own("spoken") aria-live="polite" aria-atomic="true">{live(move || said.with(|said| said.text.clone()))}</p>
        // Keyed by the promise, so that further records of a broken one are not announced again.
        <div class="sr" role="alert">
            {rows(move || alerts.with(Alerts::told), |(id, _)| (0, (*id).to_owned()), |(_, text)| view! { <p>{text}</p> })}
        </div>
    }
}

/// The promises that are broken.
#[derive(Clone, Debug, Default, PartialEq)]
struct Alerts {
    lang: Lang,
    broken: Vec<(&'static str, String)>,
    /// Those that were said in another language: they are said once, so the region has them no more.
    said: Vec<&'static str>,
}

impl Alerts {
    fn after(before: Option<&Alerts>, lang: Lang, broken: &[(&'static str, String)]) -> Alerts {
        let mut said = before.map(|before| before.said.clone()).unwrap_or_default();
        if let Some(before) = before.filter(|before| before.lang != lang) {
            said.extend(before.broken.iter().map(|(id, _)| *id));
        }
        said.retain(|said| broken.iter().any(|(id, _)| id == said));
        Alerts { lang, broken: broken.to_vec(), said }
    }

    fn told(&self) -> Vec<(&'static str, String)> {
        self.broken.iter().filter(|(id, _)| !self.said.contains(id)).cloned().collect()
    }
}

/// All that the narration shows, and where the run stands.
fn sentence(view: &View) -> String {
    let story = &view.story;
    let texts = [story.happened.plain(), story.meaning.plain(), story.why.plain()];
    let notes = [
        story.others_text.clone(),
        story.fold.as_ref().map(|fold| fold.text.plain()),
        story.ending.as_ref().map(|ending| numbers(&ending.counts)),
        Some(view.transport.step.clone()),
    ];
    let parts = texts.into_iter().chain(notes.into_iter().flatten()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// `18 sent, 18 acknowledged, 0 lost`
fn numbers(counts: &[Count]) -> String {
    counts.iter().map(|count| format!("{} {}", count.value, count.label)).collect::<Vec<_>>().join(", ")
}

/// The station at which the followed record is.
fn stage(view: &View) -> Option<String> {
    let stations = view.producers.producers.iter().flat_map(|producer| &producer.stations);
    let mut reached = stations.filter(|station| !matches!(station.state, StationState::Ahead));
    reached.next_back().map(|station| format!("{} {}", station.number, station.title))
}
