//! The whole run: marks of faults, alarms and branches, and the scrubber.

use leptos::prelude::*;
use partita::time::Instant;
use partita::view::{BranchRow, Mark, MarkKind, Strip};
use wasm_bindgen::JsCast;

use super::LABELS;
use crate::page::preferences::said;
use crate::page::session::Session;

/// Where the line of the run lies, and how high the strip is.
const Y: i32 = 20;
const HEIGHT: i32 = 46;

#[component]
pub fn StripView() -> impl IntoView {
    let session = Session::get();
    let strip = session.part(|view| view.lanes.strip.clone());
    let branches = session.part(|view| view.lanes.branches.clone());
    let width = session.part(|view| i32::try_from(view.lanes.window.width).unwrap_or(980));
    let transport = session.panel(|view| &view.transport);
    let at = move |event: &leptos::ev::MouseEvent| {
        let target = event.current_target()?.unchecked_into::<web_sys::Element>();
        let left = target.get_bounding_client_rect().left();
        let px = f64::from(event.client_x()) - left;
        let strip = strip.get_untracked();
        let share = (px / f64::from(width.get_untracked())).clamp(0.0, 1.0);
        Some(Instant((share * strip.end_us as f64) as u64))
    };
    let clicked = move |event: leptos::ev::MouseEvent| {
        if let Some(at) = at(&event) {
            session.go_to_instant(at);
        }
    };
    view! {
        <div class="tl-s">
            <span class="tl-n mut">{move || strip.with(|strip| strip.label.clone())}</span>
            <div
                class="tl-run"
                role="slider"
                tabindex="0"
                aria-label=said(super::super::SCRUBBER)
                aria-valuemin="0"
                aria-valuemax=move || transport.get().steps.to_string()
                aria-valuenow=move || transport.get().step_number.to_string()
                aria-valuetext=move || transport.get().value_text.clone()
                on:click=clicked
            >
                <svg aria-hidden="true" width=move || width.get() height=HEIGHT>
                    {move || drawn(&strip.get(), &branches.get(), width.get())}
                </svg>
            </div>
        </div>
    }
}

fn x(at_us: u64, strip: &Strip, width: i32) -> f64 {
    at_us as f64 / strip.end_us.max(1) as f64 * f64::from(width - LABELS / 6)
}

fn drawn(strip: &Strip, branches: &[BranchRow], width: i32) -> impl IntoView + use<> {
    let end = x(strip.end_us, strip, width);
    let now = x(strip.position_us, strip, width);
    let kept =
        branches.iter().filter(|branch| !branch.shown).filter_map(|branch| branch.left_us.map(|at| (at, branch)));
    let kept =
        kept.take(1).map(|(at, branch)| kept_branch(x(at.min(strip.end_us), strip, width), end, branch)).collect_view();
    view! {
        <path class="run" d=format!("M0 {Y}H{end}")></path>
        {kept}
        {strip.marks.iter().map(|mark| marked(mark, x(mark.at_us, strip, width))).collect_view()}
        <path class="at" d=format!("M{now} {}v12", Y - 6)></path>
    }
}

/// The old future, dashed above.
fn kept_branch(from: f64, end: f64, branch: &BranchRow) -> impl IntoView + use<> {
    view! {
        <path class="kept" d=format!("M{from} {Y}c6 0 6 -11 14 -11H{}", end.max(from + 60.0))></path>
        <circle class="fork" cx=from cy=Y r="4"></circle>
        <text x=end.max(from + 60.0) y="8" text-anchor="end" class="mu">{branch.name.clone()}</text>
    }
}

fn marked(mark: &Mark, x: f64) -> impl IntoView + use<> {
    let title = view! { <title>{mark.text.clone()}</title> };
    match mark.kind {
        MarkKind::Fault => {
            view! { <path class="fault" d=format!("M{x} {}l4 4.5-4 4.5-4-4.5z", Y - 4)>{title}</path> }.into_any()
        }
        MarkKind::Alarm => {
            view! { <path class="alarm" d=format!("M{} {}h10l-5-9z", x - 5.0, Y + 5)>{title}</path> }.into_any()
        }
        MarkKind::Branch => view! { <circle class="fork" cx=x cy=Y r="4">{title}</circle> }.into_any(),
        MarkKind::Command => {
            view! { <rect class="cmd" x=x - 1.5 y=Y - 5 width="3" height="10" rx="2">{title}</rect> }.into_any()
        }
    }
}
