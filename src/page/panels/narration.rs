//! The narration: what happened, what it means, and the line of why with the settings that mattered.

use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use partita::explain::Spans;
use partita::ids::EventId;
use partita::lang::Lang;
use partita::view::{Count, StoryKind};

use super::spans::spans;
use super::spoken::Spoken;
use crate::page::allowed::is_embed;
use crate::page::explaining::Explaining;
use crate::page::icon::Icon;
use crate::page::live::live;
use crate::page::notices::NoticeLine;
use crate::page::preferences::{Preferences, said, say};
use crate::page::rest::{Part, later};
use crate::page::root::own;
use crate::page::session::{Session, now_ms};
use crate::page::text;

/// Milliseconds that a number stays, while time runs.
const COUNTS_MS: f64 = 250.0;

#[component]
pub fn Narration() -> impl IntoView {
    let session = Session::get();
    let story = session.panel(|view| &view.story);
    let lang = Preferences::get();
    let is_long =
        move || story.with(|story| [&story.happened, &story.meaning].iter().any(|text| !text.fits_one_line()));
    let sentences = move || {
        let (story, lang) = (story.get(), lang.lang_untracked());
        let sentence =
            |text: &Spans| (!text.is_empty()).then(|| view! { <p class="say">{spans(session, lang, text)}</p> });
        view! { {sentence(&story.happened)}{sentence(&story.meaning)} }
    };
    let has_stopped = move || story.with(|story| story.kind == StoryKind::Stopped);
    let has_ended = move || story.with(|story| story.ending.is_some());
    let runs = move || story.with(|story| story.running.is_some());
    view! {
        <section
            class="nr"
            class:long=is_long
            class:bad=has_stopped
            class:end=has_ended
            class:runs=runs
            id=own("narration")
            tabindex="-1"
            aria-label=said(text::NARRATION)
        >
            {live(move || if runs() { Either::Left(view! { <Running/> }) } else { Either::Right(sentences()) })}
            {live(move || match has_ended() {
                true => EitherOf3::A(ended(session)),
                false if runs() => EitherOf3::B(()),
                false => EitherOf3::C(view! { <div class="nr-w"><Why/><Others/></div><Folded/> }),
            })}
            {is_embed().then(|| live(move || session.at_limit().then(limit)))}
            <NoticeLine/>
            <Spoken/>
        </section>
    }
}

/// An embed goes no further by its author's wish.
fn limit() -> impl IntoView {
    let words = say(
        "What is shown here ends with this step. Open in Partita goes on from it.",
        "여기에서 보여 주는 부분은 이 스텝에서 끝납니다. Partita에서 열기로 이어 볼 수 있습니다.",
    );
    view! { <p class="em-note">{words}</p> }
}

/// The end of a story. What one can try there comes with the second part; an embed offers nothing of it.
fn ended(session: Session) -> AnyView {
    if !is_embed() {
        return later(|| Part::Ended);
    }
    let counts = session.part(|view| view.story.ending.as_ref().map(|ending| ending.counts.clone()));
    live(move || counts.with(|counts| counts.as_deref().map(numbers)))
}

/// Virtual time runs: what it says of itself, and numbers in place of sentences.
#[component]
fn Running() -> impl IntoView {
    let session = Session::get();
    let view = session.view();
    let read = StoredValue::new(0.0);
    // Numbers that change with each frame cannot be read.
    let counts = Memo::new(move |before: Option<&Vec<Count>>| {
        let now = now_ms();
        let counts = view.with(|view| view.story.running.clone().unwrap_or_default());
        match before.filter(|_| now - read.get_value() < COUNTS_MS) {
            Some(before) => before.clone(),
            None => {
                read.set_value(now);
                counts
            }
        }
    });
    view! {
        <p class="say">{say("Virtual time runs. It stops where a promise breaks.", "가상 시간이 흐릅니다. 약속이 깨지면 멈춥니다.")}</p>
        {live(move || counts.with(|counts| numbers(counts)))}
    }
}

pub(super) fn numbers(counts: &[Count]) -> impl IntoView + use<> {
    let explaining = Explaining::get();
    let one = |count: &Count| {
        let (id, value) = (count.id, count.value.clone());
        // Records that are told apart by a number can be listed.
        let spoken = format!("{value} {}", count.label);
        let number = match count.lists {
            true => view! {
                <button type="button" class="lk" data-explains=id aria-haspopup="dialog" aria-label=spoken
                    on:click=move |event| explaining.press(id, &event)>{value}</button>
            }
            .into_any(),
            false => value.into_any(),
        };
        view! {
            <div class:al=count.is_broken class:zero=count.is_zero data-count=id>
                <dt>{count.label.clone()}</dt>
                <dd>{number}</dd>
            </div>
        }
    };
    view! { <dl class="cnt">{counts.iter().map(one).collect_view()}</dl> }
}

/// What repeated itself on the way here.
#[component]
fn Folded() -> impl IntoView {
    let session = Session::get();
    let fold = session.part(|view| view.story.fold.clone());
    let lang = Preferences::get();
    move || {
        let fold = fold.get()?;
        let lang = lang.lang_untracked();
        let words = if fold.opens.is_some() { lang.pick("open", "펼치기") } else { lang.pick("fold", "접기") };
        let opens = fold.opens;
        Some(view! {
            <p class="foldl">
                <Icon name="loop"/>
                <span>{spans(session, lang, &fold.text)}</span>
                <button type="button" class="lk" on:click=move |_| session.open_or_fold(opens)>{words}</button>
            </p>
        })
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
            let one = |(event, other): &(u32, Spans)| {
                let event = EventId(*event);
                view! {
                    <li>
                        <button type="button" class="lk" on:click=move |_| session.go_to_event(event)>{other.plain()}</button>
                    </li>
                }
            };
            let items = others.iter().map(one).collect_view();
            view! {
                <button type="button" class="lk others" popovertarget=own("others")>{label}</button>
                <div id=own("others") class="pop nr-o" popover="auto" role="group" aria-label=lang.pick("At the same time", "같은 시각")>
                    <ul>{items}</ul>
                </div>
            }
        })
    }
}
