//! The steps of an embed on a line, with the marks of faults and of broken promises on it: a slider.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use partita::view::{MarkKind, View};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::page::preferences::say;
use crate::page::root::own;
use crate::page::session::Session;

/// Half the width of the handle, in pixels: so far from both ends its middle may come.
const EDGE: f64 = 7.0;

/// A mark: its place in thousandths of the line, its kind, and its words.
type Placed = (u64, MarkKind, String);

/// The steps that the line stands for: as far as the embed goes, or the story, or what is computed of it.
fn steps(session: Session, view: &View) -> u64 {
    let all = session.all_steps().unwrap_or(view.transport.steps);
    session
        .last_step()
        .map_or(all, |until| if session.all_steps().is_some() { until.min(all) } else { until })
        .max(view.transport.step_number)
        .max(1)
}

fn share(step: u64, of: u64) -> u64 {
    step.min(of) * 1_000 / of
}

#[component]
pub fn Scrubber() -> impl IntoView {
    let session = Session::get();
    let transport = session.panel(|view| &view.transport);
    let steps_now = session.part(move |view| steps(session, view));
    let at = session.part(move |view| share(view.transport.step_number, steps(session, view)));
    let marks = session.part(move |view| {
        let of = steps(session, view);
        let marks = view.lanes.strip.marks.iter().filter(|mark| mark.steps <= of);
        let told = marks.filter(|mark| matches!(mark.kind, MarkKind::Fault | MarkKind::Alarm));
        told.map(|mark| (share(mark.steps, of), mark.kind, mark.text.clone())).collect::<Vec<Placed>>()
    });
    let percent = |thousandths: u64| format!("{}%", thousandths as f64 / 10.0);
    view! {
        <div
            class="em-x"
            id=own("scrubber")
            role="slider"
            tabindex="0"
            aria-label=say("Place in the run", "실행의 위치")
            aria-valuemin="0"
            aria-valuemax=move || steps_now.get().to_string()
            aria-valuenow=move || transport.with(|transport| transport.step_number.to_string())
            aria-valuetext=move || transport.with(|transport| transport.value_text.clone())
            on:keydown=move |event| pressed(session, &event)
            on:pointerdown=move |event| grabbed(session, &event)
            on:pointermove=move |event| if event.buttons() & 1 == 1 { seek(session, &event) }
        >
            <i class="em-l"></i>
            <i class="em-d" style:width=move || percent(at.get())></i>
            {move || marks.get().into_iter().map(|(at, kind, text)| mark(at, kind, text)).collect_view()}
            <i class="em-at" style:left=move || percent(at.get())></i>
        </div>
    }
}

fn mark(at: u64, kind: MarkKind, text: String) -> impl IntoView {
    let (class, shape) = match kind {
        MarkKind::Alarm => ("em-m al", "M0 9.5h10l-5-9z"),
        _ => ("em-m hz", "M5 .5 9.5 5 5 9.5.5 5z"),
    };
    view! {
        <span class=class style:left=format!("{}%", at as f64 / 10.0) title=text>
            <svg viewBox="0 0 10 10" aria-hidden="true"><path d=shape></path></svg>
        </span>
    }
}

/// The arrows of a slider are those of the embed: nothing else is bound.
fn pressed(session: Session, event: &KeyboardEvent) {
    match event.key().as_str() {
        "ArrowRight" => session.step_forward(),
        "ArrowLeft" => session.step_back(),
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

/// To the step under the pointer.
fn seek(session: Session, event: &PointerEvent) {
    let Some(target) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let place = target.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - place.left() - EDGE) / (place.width() - 2.0 * EDGE).max(1.0);
    let view = session.view_now();
    let step = (share.clamp(0.0, 1.0) * untrack(|| steps(session, &view)) as f64).round() as u64;
    if step != view.transport.step_number {
        session.go_to_step(step);
    }
}
