//! What a screen reader says: the sentences of every step that the user takes, and once each promise that breaks.
//!
//! The region is apart from what is drawn, so that its words change exactly when there is something to say: while the
//! run plays, only the stages of the followed record, one in three seconds; the whole sentence when it pauses.

use leptos::prelude::*;
use partita::view::{Count, PromiseState, StationState, View};

use crate::page::root::own;
use crate::page::session::{Playing, Session};

/// Milliseconds between two announcements while it plays.
const PAUSE_MS: f64 = 3_000.0;

/// The last announcement.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    text: String,
    stage: Option<String>,
    at_ms: f64,
}

#[component]
pub fn Spoken() -> impl IntoView {
    let session = Session::get();
    let view = session.part(|view| (sentence(view), stage(view)));
    let said = Memo::new(move |before: Option<&Said>| {
        let before = before.cloned().unwrap_or_default();
        let (text, stage) = view.get();
        if session.playing.get() != Some(Playing::Run) {
            return Said { text, stage, at_ms: 0.0 };
        }
        let now = window().performance().map_or(0.0, |performance| performance.now());
        if stage == before.stage || now - before.at_ms < PAUSE_MS {
            return before;
        }
        Said { text: stage.clone().unwrap_or_default(), stage, at_ms: now }
    });
    let broken = session.part(|view| {
        let broken = view.top.promises.iter().filter(|promise| promise.state == PromiseState::Broken);
        broken.map(|promise| (promise.id, promise.text.clone())).collect::<Vec<_>>()
    });
    view! {
        <p class="sr" id=own("spoken") aria-live="polite" aria-atomic="true">{move || said.with(|said| said.text.clone())}</p>
        // Keyed by the promise, so that further records of a broken one are not announced again.
        <div class="sr" role="alert">
            <For each=move || broken.get() key=|(id, _)| *id let:promise><p>{promise.1}</p></For>
        </div>
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
