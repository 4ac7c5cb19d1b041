//! The whole run: marks of faults, alarms, commands and branches, and the scrubber.

use leptos::either::Either;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use partita::lang::Lang;
use partita::time::Instant;
use partita::view::{BranchRow, Lanes, Mark, MarkKind, Strip};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::chapters::Chapters;
use super::words::WordLine;
use super::zoom_of;
use crate::page::chain;
use crate::page::dialog::Dialog;
use crate::page::lazy::{Lazy, lazy};
use crate::page::letters;
use crate::page::live::live;
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;
use crate::page::session::Session;

/// Where the line of the run lies, and how high the strip is.
const Y: f64 = 20.0;
const HEIGHT: i32 = 46;
/// Pixels at the right end, so that the last mark is not cut.
const END: f64 = 6.0;
/// Pixels around a mark that belong to it.
const NEAR: f64 = 6.0;

#[component]
pub fn StripView() -> impl IntoView {
    let session = Session::get();
    let label = session.part(|view| view.lanes.strip.label.clone());
    let has_chapters = session.part(|view| !view.transport.chapters.is_empty());
    view! {
        <div class="tl-s" class:told=move || has_chapters.get()>
            <div class="tl-n">
                <span id=own("strip-name")>{live(move || label.get())}</span>
                <button type="button" class="lk" id=own("events-list") aria-haspopup="dialog" on:click=move |_| session.open(Dialog::Events)>
                    {say("as a list", "목록으로")}
                </button>
            </div>
            {live(move || if has_chapters.get() { Either::Left(view! { <Chapters/> }) } else { Either::Right(view! { <Scrubber/> }) })}
        </div>
    }
}

#[component]
fn Scrubber() -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get();
    let transport = session.panel(|view| &view.transport);
    let shapes = session.part(|view| laid(&view.lanes));
    let now = session.part(|view| scale(&view.lanes)(view.lanes.strip.position_us) as i32);
    let width = session.part(|view| view.lanes.window.width);
    let moved = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            seek(session, &event);
        }
    };
    view! {
        <div
            class="tl-run"
            id=own("scrubber")
            role="slider"
            tabindex="0"
            aria-label=say("Place in the run", "실행의 위치")
            aria-valuemin="0"
            aria-valuemax=move || transport.with(|transport| transport.steps.to_string())
            aria-valuenow=move || transport.with(|transport| transport.step_number.to_string())
            aria-valuetext=move || transport.with(|transport| transport.value_text.clone())
            on:keydown=move |event| pressed(session, &event)
            on:pointerdown=move |event| grabbed(session, &event)
            on:pointermove=moved
        >
            <svg aria-hidden="true" width=move || width.get() height=HEIGHT>
                {live(move || shapes.with(|shapes| shapes.iter().map(|shape| one(shape, lang.lang())).collect_view()))}
                <path class="at" d=move || format!("M{} {}v14", now.get(), Y - 7.0)></path>
            </svg>
        </div>
    }
}

fn pressed(session: Session, event: &KeyboardEvent) {
    match event.key().as_str() {
        "ArrowRight" | "ArrowUp" => session.step_forward(),
        "ArrowLeft" | "ArrowDown" => session.step_back(),
        "PageUp" => session.next_mark(),
        "PageDown" => session.previous_mark(),
        "Home" => session.home(),
        "End" => session.end(),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

fn grabbed(session: Session, event: &PointerEvent) {
    if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
        let _ = target.set_pointer_capture(event.pointer_id());
    }
    seek(session, event);
}

/// To the mark under the pointer, or to the time there.
fn seek(session: Session, event: &PointerEvent) {
    let Some(target) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let x = (f64::from(event.client_x()) - target.get_bounding_client_rect().left()) / zoom_of(&target);
    let lanes = &session.view_now().lanes;
    let place = scale(lanes);
    let distance = |mark: &&Mark| (place(mark.at_us) - x).abs();
    let nearest = lanes.strip.marks.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    match nearest {
        Some(mark) if distance(&mark) <= NEAR && mark.kind == MarkKind::Alarm => {
            chain::show_alarm(session, mark.number);
        }
        Some(mark) if distance(&mark) <= NEAR => session.go_to_move(mark.number),
        _ => {
            let share = (x / (f64::from(lanes.window.width) - END)).clamp(0.0, 1.0);
            session.go_to_instant(Instant((share * lanes.strip.end_us as f64) as u64));
        }
    }
}

/// Where an instant lies in the strip.
fn scale(lanes: &Lanes) -> impl Fn(u64) -> f64 + use<> {
    let (end, width) = (lanes.strip.end_us.max(1) as f64, f64::from(lanes.window.width) - END);
    move |at_us| (at_us as f64 / end).min(1.0) * width
}

/// What is drawn in the strip, in its own pixels.
#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Run {
        to: i32,
    },
    /// The future of another branch: from where to where, its name as far as there is room, and the whole of it.
    Kept {
        from: i32,
        to: i32,
        name: String,
        whole: String,
    },
    /// This branch began here.
    Began {
        x: i32,
        name: String,
        whole: String,
    },
    Mark {
        x: i32,
        kind: MarkKind,
    },
    /// A mark's words, and where they begin.
    Words {
        x: i32,
        kind: MarkKind,
        text: String,
    },
}

fn laid(lanes: &Lanes) -> Vec<Shape> {
    let place = scale(lanes);
    let x = |at_us: u64| place(at_us).round() as i32;
    let mut shapes = vec![Shape::Run { to: x(lanes.strip.end_us) }];
    shapes.extend(branches(&lanes.branches, &x));
    shapes.extend(marks(&lanes.strip, lanes.window.width, &x));
    shapes
}

fn branches(all: &[BranchRow], x: &impl Fn(u64) -> i32) -> Vec<Shape> {
    let Some(shown) = all.iter().find(|branch| branch.shown) else { return Vec::new() };
    let mut shapes = Vec::new();
    for branch in all.iter().filter(|branch| !branch.shown) {
        let is_child = branch.parent == Some(shown.index);
        let is_parent = shown.parent == Some(branch.index);
        let left = if is_child { branch.left_us } else { shown.left_us.filter(|_| is_parent) };
        if let Some(left) = left {
            let (from, to) = (x(left), x(branch.end_us).max(x(left) + 60));
            shapes.push(Shape::Kept { from, to, name: branch.short.clone(), whole: branch.name.clone() });
        }
    }
    // One line above is all that there is room for.
    shapes.truncate(1);
    if let Some(left) = shown.left_us {
        shapes.push(Shape::Began { x: x(left), name: shown.short.clone(), whole: shown.name.clone() });
    }
    shapes
}

/// Marks, and the words of those that have room.
fn marks(strip: &Strip, width: u32, x: &impl Fn(u64) -> i32) -> Vec<Shape> {
    let mut shapes: Vec<Shape> =
        strip.marks.iter().map(|mark| Shape::Mark { x: x(mark.at_us), kind: mark.kind }).collect();
    let mut line = WordLine::new(f64::from(width));
    // Alarms are written first, then faults.
    for kind in [MarkKind::Alarm, MarkKind::Fault] {
        for mark in strip.marks.iter().filter(|mark| mark.kind == kind && !mark.text.is_empty()) {
            let length = length(&mark.text);
            let last = i32::try_from(width).unwrap_or(i32::MAX) - length;
            let left = (x(mark.at_us) - length / 2).min(last).max(0);
            if line.take(f64::from(left), f64::from(length)) {
                shapes.push(Shape::Words { x: left, kind, text: mark.text.clone() });
            }
        }
    }
    shapes
}

/// A text's width in the strip's own pixels.
fn length(text: &str) -> i32 {
    letters::width(text) as i32
}

fn one(shape: &Shape, lang: Lang) -> Lazy {
    lazy((shape.clone(), lang), |(shape, lang)| drawn(shape, *lang))
}

fn drawn(shape: &Shape, lang: Lang) -> AnyView {
    match shape {
        Shape::Run { to } => view! { <path class="run" d=format!("M0 {Y}H{to}")></path> }.into_any(),
        Shape::Kept { from, to, name, whole } => {
            kept(*from, *to, lang.pick(format!("{name}, kept"), format!("{name}, 보존")), whole.clone())
        }
        Shape::Began { x, name, whole } => {
            let text = lang.pick(format!("branch starts: {name}"), format!("브랜치 시작: {name}"));
            let before = *x > length(&text) + 8;
            let (at, anchor) = if before { (x - 8, "end") } else { (x + 8, "start") };
            view! {
                <circle class="fork" cx=*x cy=Y r="4"></circle>
                <text class="in" x=at y="9" text-anchor=anchor><title>{whole.clone()}</title>{text}</text>
            }
            .into_any()
        }
        Shape::Mark { x, kind } => marked(*x, *kind),
        Shape::Words { x, kind, text } => {
            let class = if *kind == MarkKind::Alarm { "alt" } else { "hzt" };
            view! { <text class=class x=*x y=Y + 18.0>{text.clone()}</text> }.into_any()
        }
    }
}

/// The old future, dashed above.
fn kept(from: i32, to: i32, text: String, whole: String) -> AnyView {
    let end = (to - length(&text) - 8).max(from + 20);
    view! {
        <path class="kept" d=format!("M{from} {Y}c6 0 5 -14 12 -14H{end}")></path>
        <text class="mu" x=end + 6 y="9"><title>{whole}</title>{text}</text>
    }
    .into_any()
}

fn marked(x: i32, kind: MarkKind) -> AnyView {
    match kind {
        MarkKind::Fault => {
            view! { <path class="fault" d=format!("M{x} {}l4.5 4.5-4.5 4.5-4.5-4.5z", Y - 4.5)></path> }.into_any()
        }
        MarkKind::Alarm => {
            view! { <path class="alarm" d=format!("M{} {}h10l-5-9z", x - 5, Y + 5.0)></path> }.into_any()
        }
        MarkKind::Branch => view! { <circle class="fork" cx=x cy=Y r="4"></circle> }.into_any(),
        MarkKind::Command => view! { <path class="cmd" d=format!("M{x} {}v8", Y - 4.0)></path> }.into_any(),
    }
}
