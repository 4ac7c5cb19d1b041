//! The chapters of the story on the line of the whole run: as wide as their steps are many, with the marks of faults and
//! broken promises hanging on them.

use leptos::prelude::*;
use partita::lang::Lang;
use partita::view::{ChapterMark, ChapterState, Lanes, Mark, MarkKind};

use crate::page::chain;
use crate::page::letters;
use crate::page::preferences::{Preferences, say};
use crate::page::session::Session;

/// Steps that a chapter has at least, as far as its width goes.
const LEAST: usize = 2;
/// Pixels of what comes before the first chapter, at least.
const PRE: f64 = 84.0;
/// Pixels around a chapter's name.
const AROUND: f64 = 26.0;

/// A mark of a chapter: its place on the line in thousandths, the move, its words, and whether there is room for them.
#[derive(Clone, Debug, PartialEq)]
struct Hung {
    at: u64,
    number: u64,
    kind: MarkKind,
    text: String,
    is_told: bool,
}

/// A chapter as it is drawn.
#[derive(Clone, Debug, PartialEq)]
struct Laid {
    chapter: ChapterMark,
    marks: Vec<Hung>,
    is_last: bool,
}

#[component]
pub fn Chapters() -> impl IntoView {
    let session = Session::get();
    let laid = session.part(|view| laid(&view.transport.chapters, &view.lanes));
    let lang = Preferences::get();
    view! {
        <nav class="chs" aria-label=say("Chapters", "챕터")>
            <ol>{move || laid.get().into_iter().map(|laid| chapter(session, lang.lang_untracked(), &laid)).collect_view()}</ol>
        </nav>
    }
}

fn laid(chapters: &[ChapterMark], lanes: &Lanes) -> Vec<Laid> {
    let hung = |chapter: &ChapterMark| {
        let (Some(begins), Some(ends)) = (chapter.begins, chapter.ends) else { return Vec::new() };
        let is_in = |mark: &&Mark| {
            matches!(mark.kind, MarkKind::Alarm | MarkKind::Fault)
                && mark.number > begins
                && mark.number <= ends.max(begins)
        };
        let hang = |mark: &Mark| {
            let (number, kind, text) = (mark.number, mark.kind, mark.text.clone());
            Hung {
                at: share(chapter, chapter.steps.partition_point(|step| *step <= number) as u64),
                number,
                kind,
                text,
                // What comes before the story has no room for words.
                is_told: chapter.number > 0,
            }
        };
        let mut hung: Vec<Hung> = lanes.strip.marks.iter().filter(is_in).map(hang).collect();
        // Words of marks beside each other would cover each other: the first of a kind has them.
        for i in 1..hung.len() {
            if hung[i].at.abs_diff(hung[i - 1].at) < 300 {
                hung[i].is_told = false;
            }
        }
        hung
    };
    let last = chapters.len().saturating_sub(1);
    let one = |(i, chapter): (usize, &ChapterMark)| Laid {
        chapter: chapter.clone(),
        marks: hung(chapter),
        is_last: i == last,
    };
    chapters.iter().enumerate().map(one).collect()
}

/// Steps as thousandths of a chapter.
fn share(chapter: &ChapterMark, steps: u64) -> u64 {
    steps.min(chapter.steps.len() as u64) * 1_000 / (chapter.steps.len().max(1) as u64)
}

fn chapter(session: Session, lang: Lang, laid: &Laid) -> impl IntoView + use<> {
    let Laid { chapter, marks, is_last } = laid;
    let class = match (chapter.number, chapter.state) {
        (0, _) => "pre",
        (_, ChapterState::Past) => "past",
        (_, ChapterState::Now) => "on",
        (_, ChapterState::Ahead) => "ahead",
    };
    let (is_now, number) = (chapter.state == ChapterState::Now, chapter.number);
    let name = match number {
        0 => chapter.title.clone(),
        _ => format!("{number} {}", chapter.title),
    };
    let at = share(chapter, chapter.passed) as f64 / 10.0;
    let least = if number == 0 { PRE } else { letters::width(&name) + AROUND };
    // What comes before the story takes no room from it.
    let grows = if number == 0 { 0 } else { chapter.steps.len().max(LEAST) };
    let flex = format!("{grows} 1 {least:.0}px");
    let now = lang.pick("now", "현재");
    let spoken = if is_now { format!("{name}, {now}") } else { name.clone() };
    let hung = marks.iter().map(|hung| mark(session, hung)).collect_view();
    let waits = chapter.waits.clone().map(|waits| view! { <span class="mk len" aria-hidden="true">{waits}</span> });
    view! {
        <li class=class style:flex=flex style:--at=format!("{at:.1}%")>
            <button
                type="button"
                data-chapter=number.to_string()
                title=name.clone()
                aria-label=spoken
                aria-current=is_now.then_some("step")
                on:click=move |_| session.go_to_chapter(number)
            >
                {(number > 0).then(|| view! { <b>{number.to_string()}</b>" " })}
                {chapter.title.clone()}
            </button>
            {hung}
            {waits.filter(|_| marks.is_empty())}
            {is_now.then(|| view! { <i class="ph2"></i> })}
            {is_last.then(|| view! { <i class="fin"></i> })}
        </li>
    }
}

fn mark(session: Session, hung: &Hung) -> impl IntoView + use<> {
    let is_alarm = hung.kind == MarkKind::Alarm;
    let class = match (is_alarm, hung.at > 600) {
        (true, true) => "mk al r",
        (true, false) => "mk al",
        (false, true) => "mk hz r",
        (false, false) => "mk hz",
    };
    let number = hung.number;
    let shape = if is_alarm { "M0 9h10l-5-9z" } else { "M5 .5 9.5 5 5 9.5.5 5z" };
    view! {
        <button
            type="button"
            tabindex="-1"
            class=class
            style:left=format!("{:.1}%", hung.at as f64 / 10.0)
            aria-label=hung.text.clone()
            on:click=move |_| if is_alarm { chain::show_alarm(session, number) } else { session.go_to_move(number) }
        >
            <svg viewBox="0 0 10 10" aria-hidden="true"><path d=shape></path></svg>
            {hung.is_told.then(|| hung.text.clone())}
        </button>
    }
}
