//! The narration: what happened, what it means, and the line of why with the settings that mattered.

use leptos::prelude::*;
use partita::explain::Spans;
use partita::lang::Lang;
use partita::view::StoryKind;

use super::spans::spans;
use super::spoken::Spoken;
use crate::page::preferences::{Preferences, said};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::text;

/// Letters of a sentence that fit in one line of the largest size, in each script.
const LINE_EN: usize = 118;
const LINE_KO: usize = 74;

#[component]
pub fn Narration() -> impl IntoView {
    let session = Session::get();
    let story = session.panel(|view| &view.story);
    let lang = Preferences::get();
    let is_long = move || {
        let most = lang.lang().pick(LINE_EN, LINE_KO);
        story.with(|story| [&story.happened, &story.meaning].iter().any(|text| text.plain().chars().count() > most))
    };
    let sentences = move || {
        let (story, lang) = (story.get(), lang.lang_untracked());
        let sentence =
            |text: &Spans| (!text.is_empty()).then(|| view! { <p class="say">{spans(session, lang, text)}</p> });
        view! { {sentence(&story.happened)}{sentence(&story.meaning)} }
    };
    let has_stopped = move || story.with(|story| story.kind == StoryKind::Stopped);
    view! {
        <section class="nr" class:long=is_long class:bad=has_stopped id=own("narration") tabindex="-1" aria-label=said(text::NARRATION)>
            {sentences}
            <div class="nr-w"><Why/><Passed/><Others/></div>
            <Spoken/>
        </section>
    }
}

/// The line of why.
#[component]
fn Why() -> impl IntoView {
    let session = Session::get();
    let why = session.part(|view| view.story.why.clone());
    let lang = Preferences::get();
    move || why.with(|why| (!why.is_empty()).then(|| line(session, lang.lang_untracked(), why)))
}

fn line(session: Session, lang: Lang, why: &Spans) -> impl IntoView + use<> {
    view! { <p class="why">{spans(session, lang, why)}</p> }
}

/// How many routine events the last step passed.
#[component]
fn Passed() -> impl IntoView {
    let session = Session::get();
    let passed = session.part(|view| view.story.passed_text.clone());
    move || passed.get().map(|text| view! { <span class="passed">{text}</span> })
}

/// What else happened in the same move: said in a list that opens.
#[component]
fn Others() -> impl IntoView {
    let session = Session::get();
    let others = session.part(|view| (view.story.others_text.clone(), view.story.others.clone()));
    let lang = Preferences::get();
    move || {
        let (label, others) = others.get();
        let lang = lang.lang_untracked();
        label.map(|label| {
            let items = others.iter().map(|other| view! { <li>{spans(session, lang, other)}</li> }).collect_view();
            view! {
                <button type="button" class="lk others" popovertarget=own("others")>{label}</button>
                <div id=own("others") class="pop nr-o" popover="auto" role="group" aria-label=lang.pick("At the same time", "같은 시각")>
                    <ul>{items}</ul>
                </div>
            }
        })
    }
}
