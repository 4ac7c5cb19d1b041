//! The lanes: one for each client and broker, time from left to right, messages as slanted lines.
//!
//! Names, axis and bars are elements; the messages come in numbers and are one canvas. Everything the canvas shows stands
//! in the list of events and in the outline too.

use leptos::html::Canvas;
use leptos::prelude::*;
use partita::time::Instant;
use partita::view::{Lane, Selection, Tick, Tone, Window};
use wasm_bindgen::JsCast;

use super::canvas;
use crate::page::session::Session;

/// Pixels of the axis, and of one lane.
const AXIS: i32 = 14;
pub(super) const LANE: i32 = 14;

#[component]
pub fn LanesView() -> impl IntoView {
    let session = Session::get();
    let lanes = session.part(|view| view.lanes.lanes.clone());
    let window = session.part(|view| view.lanes.window.clone());
    let panel = session.panel(|view| &view.lanes);
    let canvas = NodeRef::<Canvas>::new();
    // The canvas is drawn outside the reactive graph: it reads the panel and writes pixels, no signal.
    Effect::new(move |_| {
        let panel = panel.get();
        if let Some(canvas) = canvas.get() {
            canvas::draw(&canvas, &panel);
        }
    });
    let clicked = move |event: leptos::ev::MouseEvent| {
        let Some(target) = event.current_target() else { return };
        let left = target.unchecked_into::<web_sys::Element>().get_bounding_client_rect().left();
        let px = (f64::from(event.client_x()) - left) as i32;
        if let Some(at_us) = window.with_untracked(|window| window.at(px)) {
            session.go_to_instant(Instant(at_us));
        }
    };
    let height = move || lanes.with(|lanes| i32::try_from(lanes.len()).unwrap_or(0) * LANE);
    view! {
        <div class="tl-l">
            <div class="tl-names">{move || lanes.get().into_iter().map(name).collect_view()}</div>
            <div class="tl-w" on:click=clicked>
                <svg class="tl-axis" aria-hidden="true" width=move || window.with(|w| w.width) height=move || AXIS + height()>
                    {move || window.with(axis)}
                    {move || lanes.with(|lanes| window.with(|window| drawn(lanes, window)))}
                </svg>
                <canvas node_ref=canvas class="tl-c" aria-hidden="true"></canvas>
                <svg class="tl-now" aria-hidden="true" width=move || window.with(|w| w.width) height=move || AXIS + height()>
                    {move || window.with(|window| now(window, AXIS + height()))}
                </svg>
            </div>
        </div>
    }
}

fn name(lane: Lane) -> impl IntoView {
    let session = Session::get();
    let class = match lane.tone {
        Tone::Muted => "mut",
        Tone::Fault => "hzt",
        Tone::Now => "now",
        Tone::Alarm => "alt",
        Tone::Plain => "",
    };
    let select = lane.select;
    let choose = move |_| {
        if select != Selection::Nothing {
            session.select(select);
        }
    };
    view! { <button type="button" tabindex="-1" class=class on:click=choose>{lane.name.clone()}</button> }
}

fn axis(window: &Window) -> impl IntoView + use<> {
    let tick = |tick: &Tick| {
        let length = if tick.text.is_empty() { 3 } else { 6 };
        let text = (!tick.text.is_empty())
            .then(|| view! { <text x=tick.px y="8" text-anchor="middle" class="mu mo">{tick.text.clone()}</text> });
        view! { <path class="tick" d=format!("M{} {}v{length}", tick.px, AXIS - length)></path>{text} }
    };
    let folds = window.stretches.iter().filter_map(|stretch| {
        let text = stretch.fold.clone()?;
        let middle = (stretch.from_px + stretch.to_px) / 2;
        Some(view! { <text x=middle y="8" text-anchor="middle" class="in">{text}</text> })
    });
    view! {
        {window.ticks.iter().map(tick).collect_view()}
        {folds.collect_view()}
    }
}

fn drawn(lanes: &[Lane], window: &Window) -> impl IntoView + use<> {
    let folds: Vec<(i32, i32)> =
        window.stretches.iter().filter(|s| s.fold.is_some()).map(|s| (s.from_px, s.to_px)).collect();
    let bottom = AXIS + i32::try_from(lanes.len()).unwrap_or(0) * LANE;
    let rows = lanes.iter().enumerate().map(|(i, lane)| {
        let y = AXIS + i32::try_from(i).unwrap_or(0) * LANE + LANE / 2;
        let rails = window.stretches.iter().filter(|s| s.fold.is_none());
        let rails = rails.map(|s| view! { <path class="rail" d=format!("M{} {y}H{}", s.from_px, s.to_px)></path> });
        let bars = lane.bars.iter().map(|(from, to)| {
            view! { <rect class="bar" x=*from y=y - 3 width=(to - from).max(1) height="6" rx="1"></rect> }
        });
        let down = lane.down.iter().map(|(from, to)| {
            view! { <rect class="dn" x=*from y=y - 4 width=(to - from).max(1) height="8"></rect> }
        });
        view! { {rails.collect_view()}{bars.collect_view()}{down.collect_view()} }
    });
    let zigzags = folds.into_iter().flat_map(|(from, to)| [from, to]).map(|x| {
        let mut path = format!("M{x} {AXIS}");
        for i in 0..(bottom - AXIS) / 6 {
            path.push_str(if i % 2 == 0 { "l3 6" } else { "l-3 6" });
        }
        view! { <path class="fold" d=path></path> }
    });
    view! { {rows.collect_view()}{zigzags.collect_view()} }
}

fn now(window: &Window, height: i32) -> impl IntoView + use<> {
    let x = window.now_px;
    let half = 32;
    let left = x.clamp(half, i32::try_from(window.width).unwrap_or(0).max(2 * half) - half) - half;
    view! {
        <path class="at" d=format!("M{x} {AXIS}V{height}")></path>
        <rect class="at-b" x=left y="0" width=2 * half height=AXIS - 1 rx="2"></rect>
        <text class="at-t" x=left + half y="10" text-anchor="middle">{window.now_text.clone()}</text>
    }
}
