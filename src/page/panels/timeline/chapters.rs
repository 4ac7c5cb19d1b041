//! The chapters of the story on the line of the whole run: as wide as their steps are many, with the marks of faults and
//! broken promises hanging on them.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use partita::lang::Lang;
use partita::view::{ChapterMark, ChapterState, Lanes, Mark, MarkKind};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::words::WordLine;
use crate::page::chain;
use crate::page::letters;
use crate::page::live::live;
use crate::page::preferences::{Preferences, say};
use crate::page::screen::has_bare_line;
use crate::page::session::Session;

/// Steps that a chapter has at least, as far as its width goes.
const LEAST: u64 = 2;
/// Pixels of what comes before the first chapter, at least.
const PRE: f64 = 84.0;
/// Pixels around a chapter's name, between two chapters, and behind the last.
const AROUND: f64 = 26.0;
const GAP: f64 = 3.0;
const BEHIND: f64 = 16.0;

/// A mark of a chapter: its place on the line in thousandths, the move, and its words.
#[derive(Clone, Debug, PartialEq)]
struct Hung {
    at: u64,
    number: u64,
    kind: MarkKind,
    text: String,
    said: Said,
}

/// Where the words of a mark have room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Nowhere,
    Right,
    Left,
}

/// A chapter as it is drawn.
#[derive(Clone, Debug, PartialEq)]
struct Laid {
    chapter: ChapterMark,
    /// Pixels that its name needs.
    least: f64,
    marks: Vec<Hung>,
    /// How long is waited in it, where there is room to say so.
    waits: Option<String>,
    is_last: bool,
}

impl Laid {
    /// Its share of the room that is left. What comes before the story takes none from it.
    fn grows(&self) -> u64 {
        if self.chapter.number == 0 { 0 } else { self.chapter.steps.max(LEAST) }
    }
}

#[component]
pub fn Chapters() -> impl IntoView {
    let session = Session::get();
    let laid = session.part(|view| laid(&view.transport.chapters, &view.lanes));
    let lang = Preferences::get();
    view! {
        <nav class="chs" aria-label=say("Chapters", "챕터")>
            <ol
                on:pointerdown=move |event| pulled(session, &event, true)
                on:pointermove=move |event| pulled(session, &event, false)
            >{live(move || laid.get().into_iter().map(|laid| chapter(session, lang.lang_untracked(), &laid)).collect_view())}</ol>
        </nav>
    }
}

/// A finger that is drawn along the line takes the run with it; where the line has no names to press, so does a pointer, from
/// the place on where it is put down.
fn pulled(session: Session, event: &PointerEvent, is_down: bool) {
    let is_bare = has_bare_line();
    let pulls =
        if is_down { is_bare } else { event.buttons() & 1 == 1 && (is_bare || event.pointer_type() == "touch") };
    let Some(line) = event.current_target().and_then(|line| line.dyn_into::<Element>().ok()).filter(|_| pulls) else {
        return;
    };
    if is_down {
        let _ = line.set_pointer_capture(event.pointer_id());
    }
    let transport = session.view_now().transport.clone();
    let Some((at, share)) = place_on(&line, f64::from(event.client_x())) else { return };
    let Some(chapter) = transport.chapters.get(at) else { return };
    if chapter.number > 0 && chapter.begins.is_none() {
        // It is not computed yet: whoever presses wants to see it, whoever draws has come to the end.
        if is_down {
            session.go_to_chapter(chapter.number);
        } else {
            session.go_to_step(transport.steps);
        }
        return;
    }
    let step = chapter.before + (share * chapter.steps as f64).round() as u64;
    if step != transport.step_number {
        session.go_to_step(step);
    }
}

/// Which chapter a pixel of the window lies on, and how far into it.
fn place_on(line: &Element, x: f64) -> Option<(usize, f64)> {
    let chapters = line.children();
    let last = chapters.length().checked_sub(1)?;
    (0..=last).filter_map(|at| Some((at, chapters.item(at)?.get_bounding_client_rect()))).find_map(|(at, area)| {
        let share = ((x - area.left()) / area.width().max(1.0)).clamp(0.0, 1.0);
        (x < area.right() || at == last).then_some((at as usize, share))
    })
}

fn laid(chapters: &[ChapterMark], lanes: &Lanes) -> Vec<Laid> {
    let last = chapters.len().saturating_sub(1);
    let one = |(i, chapter): (usize, &ChapterMark)| Laid {
        least: if chapter.number == 0 { PRE } else { letters::width(&name(chapter)) + AROUND },
        marks: hung(chapter, lanes),
        waits: None,
        chapter: chapter.clone(),
        is_last: i == last,
    };
    let mut laid: Vec<Laid> = chapters.iter().enumerate().map(one).collect();
    give_words(&mut laid, f64::from(lanes.window.width) - BEHIND);
    laid
}

fn name(chapter: &ChapterMark) -> String {
    match chapter.number {
        0 => chapter.title.clone(),
        number => format!("{number} {}", chapter.title),
    }
}

/// The faults and alarms of a chapter.
fn hung(chapter: &ChapterMark, lanes: &Lanes) -> Vec<Hung> {
    let (Some(begins), Some(ends)) = (chapter.begins, chapter.ends) else { return Vec::new() };
    let is_in = |mark: &&Mark| {
        matches!(mark.kind, MarkKind::Alarm | MarkKind::Fault)
            && mark.number > begins
            && mark.number <= ends.max(begins)
    };
    let hang = |mark: &Mark| {
        let (number, kind, text) = (mark.number, mark.kind, mark.text.clone());
        let at = share(chapter, mark.steps.saturating_sub(chapter.before));
        Hung { at, number, kind, text, said: Said::Nowhere }
    };
    lanes.strip.marks.iter().filter(is_in).map(hang).collect()
}

/// Words that would cover each other are left out: an alarm has them before a fault, the first before the second.
fn give_words(laid: &mut [Laid], width: f64) {
    let gaps = GAP * laid.len().saturating_sub(1) as f64;
    let least: f64 = laid.iter().map(|laid| laid.least).sum();
    let grows = laid.iter().map(Laid::grows).sum::<u64>().max(1) as f64;
    let spare = width - gaps - least;
    let mut from = 0.0;
    let mut areas = Vec::new();
    for laid in &*laid {
        let more = if spare > 0.0 { spare * laid.grows() as f64 / grows } else { spare * laid.least / least };
        areas.push((from, laid.least + more));
        from += laid.least + more + GAP;
    }
    let mut line = WordLine::new(width);
    for kind in [MarkKind::Alarm, MarkKind::Fault] {
        for (laid, (from, wide)) in laid.iter_mut().zip(&areas) {
            // What comes before the story has no words.
            for hung in laid.marks.iter_mut().filter(|hung| hung.kind == kind && laid.chapter.number > 0) {
                let (at, long) = (from + wide * hung.at as f64 / 1_000.0, letters::width(&hung.text));
                let mut sides = [(Said::Right, at), (Said::Left, at - long)];
                if hung.at > 600 {
                    sides.reverse();
                }
                hung.said =
                    sides.into_iter().find(|(_, from)| line.take(*from, long)).map_or(Said::Nowhere, |(said, _)| said);
            }
        }
    }
    for (laid, (from, wide)) in laid.iter_mut().zip(&areas) {
        let fits = |waits: &String| {
            let long = letters::width(waits);
            line.take(from + (wide - long) / 2.0, long)
        };
        laid.waits = laid.chapter.waits.clone().filter(fits);
    }
}

/// Steps as thousandths of a chapter.
fn share(chapter: &ChapterMark, steps: u64) -> u64 {
    steps.min(chapter.steps) * 1_000 / chapter.steps.max(1)
}

fn chapter(session: Session, lang: Lang, laid: &Laid) -> impl IntoView + use<> {
    let Laid { chapter, marks, is_last, least, waits } = laid;
    let class = match (chapter.number, chapter.state) {
        (0, _) => "pre",
        (_, ChapterState::Past) => "past",
        (_, ChapterState::Now) => "on",
        (_, ChapterState::Ahead) => "ahead",
    };
    let (is_now, number) = (chapter.state == ChapterState::Now, chapter.number);
    let name = name(chapter);
    let at = share(chapter, chapter.passed) as f64 / 10.0;
    let flex = format!("{} 1 {least:.0}px", laid.grows());
    let now = lang.pick("now", "현재");
    let spoken = if is_now { format!("{name}, {now}") } else { name.clone() };
    let hung = marks.iter().map(|hung| mark(session, hung)).collect_view();
    let waits = waits.clone().map(|waits| view! { <span class="mk len" aria-hidden="true">{waits}</span> });
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
            {waits}
            {is_now.then(|| view! { <i class="ph2"></i> })}
            {is_last.then(|| view! { <i class="fin"></i> })}
        </li>
    }
}

fn mark(session: Session, hung: &Hung) -> impl IntoView + use<> {
    let is_alarm = hung.kind == MarkKind::Alarm;
    let class = match (is_alarm, hung.said == Said::Left) {
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
            title=hung.text.clone()
            on:click=move |_| if is_alarm { chain::show_alarm(session, number) } else { session.go_to_move(number) }
        >
            <svg viewBox="0 0 10 10" aria-hidden="true"><path d=shape></path></svg>
            {(hung.said != Said::Nowhere).then(|| hung.text.clone())}
        </button>
    }
}
