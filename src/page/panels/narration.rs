//! The narration: what happened, what it means, and the line of why with the settings that mattered.

use leptos::prelude::*;

use super::spans::spans;
use crate::page::preferences::said;
use crate::page::session::Session;
use crate::page::text;

#[component]
pub fn Narration() -> impl IntoView {
    let session = Session::get();
    let story = session.panel(|view| &view.story);
    // While it plays, a screen reader hears the sentence of the pause, not each one on the way.
    let live = move || if session.is_playing.get() { "off" } else { "polite" };
    view! {
        <section
            class="nr"
            id="narration"
            tabindex="-1"
            aria-label=said(text::NARRATION)
        >
            <div class="nr-t" aria-live=live aria-atomic="true">
                {move || {
                    let story = story.get();
                    let meaning = (!story.meaning.is_empty()).then(|| view! { <br/>{spans(&story.meaning)} });
                    view! {
                        <p class="say">{spans(&story.happened)}{meaning}</p>
                        <p class="why">
                            {spans(&story.why)}
                            {story.passed_text.clone().map(|passed| view! { <span class="mut passed">{passed}</span> })}
                        </p>
                    }
                }}
            </div>
            <Others/>
        </section>
    }
}

/// What else happened in the same move.
#[component]
fn Others() -> impl IntoView {
    let session = Session::get();
    let others = session.part(|view| (view.story.others_text.clone(), view.story.others.clone()));
    move || {
        let (label, others) = others.get();
        label.map(|label| {
            let items = others.iter().map(|other| view! { <li>{spans(other)}</li> }).collect_view();
            view! {
                <details class="more">
                    <summary>{label}</summary>
                    <ul class="pop">{items}</ul>
                </details>
            }
        })
    }
}
