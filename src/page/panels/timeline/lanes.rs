//! The lanes: one for each client and broker, time from left to right, messages as slanted lines.
//!
//! The names are elements. What comes in numbers is one canvas, drawn outside the reactive graph.

use leptos::ev::{MouseEvent, WheelEvent};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use partita::time::Instant;
use partita::view::{Lanes, Message, Selection, Tone, View};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

use super::canvas::{self, AXIS, BELOW, CanvasLine};
use super::rows::{LaneName, LaneRows, Room};
use super::zoom_of;
use crate::page::chain;
use crate::page::lazy::lazy;
use crate::page::live::live;
use crate::page::name::name as shortened;
use crate::page::preferences::{Preferences, say};
use crate::page::screen::{Behind, behind_layout, cells, is_low};
use crate::page::session::Session;

/// Pixels around a message that belong to it.
const NEAR: f64 = 5.0;
/// Microseconds that a hundred pixels can stand for.
const ZOOM_US: std::ops::RangeInclusive<u64> = 20..=100_000_000;

#[component]
pub fn LanesView() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let panel = session.panel(|view| &view.lanes);
    let room = RwSignal::new(Room { height: 150.0, low: is_low(), zoom: 1.0 });
    let rows = Memo::new(move |_| panel.with(|panel| LaneRows::of(panel, room.get())));
    let zoom = Memo::new(move |_| room.get().zoom);
    let canvas = NodeRef::<Canvas>::new();
    let place = NodeRef::<Div>::new();
    let repainted = RwSignal::new(0_u32);
    watch_system_theme(repainted);
    watch_size(session, place, room);
    // It reads signals and writes pixels. A font on a canvas asks for the styles of the page, which change until then.
    Effect::new(move |_| {
        preferences.theme();
        repainted.track();
        // A small window has no room for lanes: then there is nothing to paint.
        if let Some(canvas) = canvas.get().filter(|_| room.with(|room| room.height > 0.0)) {
            let (panel, rows) = (panel.get(), rows.get());
            let zoom = zoom.get();
            behind_layout(Behind::Paints, move || canvas::draw(&canvas, zoom, &panel, &rows));
        }
    });
    let width = move || panel.with(|panel| format!("{}px", panel.window.width));
    let height = move || rows.with(|rows| format!("{}px", AXIS + rows.lane * rows.lines() as f64 + BELOW));
    view! {
        <div class="tl-l">
            <div class="tl-names" style:--lane=move || rows.with(|rows| format!("{}px", rows.lane))>
                <ol aria-label=say("Lanes", "레인")>{live(move || rows.get().names.into_iter().map(|one| lazy(one, name)).collect_view())}</ol>
                <Folded rows/>
            </div>
            <div
                class="tl-w"
                node_ref=place
                on:click=move |event| clicked(session, &rows.get_untracked(), &event)
                on:wheel=move |event| wheeled(session, &event)
            >
                <canvas node_ref=canvas aria-hidden="true" style:width=width style:height=height></canvas>
            </div>
        </div>
    }
}

fn name(name: &LaneName) -> impl IntoView + use<> {
    let tone = match name.tone {
        Tone::Muted => "mut",
        Tone::Fault => "hzt",
        Tone::Now => "nowt",
        Tone::Alarm => "alt",
        Tone::Plain => "",
    };
    let class = if name.begins { format!("begins {tone}").trim_end().to_owned() } else { tone.to_owned() };
    view! { <li class=class title=name.text.clone()>{shortened(&name.text)}</li> }
}

/// Says how many lanes stand in one line for want of room.
#[component]
fn Folded(rows: Memo<LaneRows>) -> impl IntoView {
    let lang = Preferences::get();
    move || {
        let folded = rows.with(|rows| rows.folded);
        let text = lang.lang().pick(format!("{folded} idle"), format!("조용함 {folded}"));
        (folded > 0).then(|| view! { <p class="mut">{text}</p> })
    }
}

/// A place inside the lanes, in pixels from the left and from the top.
fn place_of(event: &MouseEvent) -> Option<(f64, f64)> {
    let target: Element = event.current_target()?.dyn_into().ok()?;
    let (area, zoom) = (target.get_bounding_client_rect(), zoom_of(&target));
    Some((
        (f64::from(event.client_x()) - area.left()) / zoom,
        (f64::from(event.client_y()) - area.top()) / zoom + f64::from(target.scroll_top()),
    ))
}

/// What a promise was broken with, under the pointer; in lanes that are folded away it is not drawn.
fn broken_at(lanes: &Lanes, rows: &LaneRows, (x, y): (f64, f64)) -> Option<Selection> {
    let line = ((y - AXIS) / rows.lane).floor();
    let here = lanes.lanes.iter().zip(&rows.of_lane).filter(|(_, row)| row.is_some_and(|row| row as f64 == line));
    let mut boxes = here.flat_map(|(lane, _)| &lane.processed);
    boxes.find_map(|of| of.twice.filter(|_| f64::from(of.from_px) - 2.0 <= x && x <= f64::from(of.to_px) + 2.0))
}

/// A message under the pointer is inspected, and a broken promise explained; elsewhere the run goes to that time.
fn clicked(session: Session, rows: &LaneRows, event: &MouseEvent) {
    let Some((x, y)) = place_of(event) else { return };
    let view = session.view_now();
    let distance = |message: &&Message| CanvasLine::of(message, rows).distance(x, y);
    let nearest = view.lanes.messages.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    if let Some(message) = nearest.filter(|message| distance(message) <= NEAR) {
        session.select(message.select);
    } else if let Some(broken) = broken_at(&view.lanes, rows, (x, y)) {
        chain::show(session, broken);
    } else if let Some(at_us) = view.lanes.window.at(x as i32) {
        session.go_to_instant(Instant(at_us));
    }
}

/// The wheel moves the window aside; with Ctrl it zooms.
fn wheeled(session: Session, event: &WheelEvent) {
    let aside = if event.shift_key() { event.delta_y() } else { event.delta_x() };
    let window = &session.view_now().lanes.window;
    if event.ctrl_key() {
        event.prevent_default();
        let closer = event.delta_y() < 0.0;
        session.look(|lens| {
            let zoom = if closer { lens.zoom_us * 4 / 5 } else { lens.zoom_us * 5 / 4 + 1 };
            lens.zoom_us = zoom.clamp(*ZOOM_US.start(), *ZOOM_US.end());
        });
    } else if aside.abs() > 0.5 {
        event.prevent_default();
        // The middle that the model draws around lies at seven tenths.
        let middle = f64::from(window.width) * 0.7;
        let to = window.at((middle + aside) as i32).map(Instant);
        session.look(|lens| lens.center = to.or(lens.center));
    }
}

/// The window is as wide as there is room, and as many lanes are drawn as fit.
fn watch_size(session: Session, place: NodeRef<Div>, room: RwSignal<Room>) {
    let measure = move || {
        let Some(place) = session.lives().then(|| place.get_untracked()).flatten() else { return };
        let (width, height) = (place.client_width(), place.client_height());
        let fits = Room { height: f64::from(height) - AXIS - BELOW, low: is_low(), zoom: zoom_of(&place) };
        if room.get_untracked() != fits {
            room.set(fits);
        }
        let looks = (u32::try_from(width).unwrap_or(0).max(100), fits.low, cells());
        if looked(&session.view_now()) != looks {
            session.look(|lens| (lens.width, lens.low, lens.cells) = looks);
        }
    };
    // A run that is opened is looked at anew, and does not know the width.
    let seen = session.part(looked);
    Effect::new(move |_| {
        seen.get();
        request_animation_frame(measure);
    });
    place.on_load(move |element| {
        let changed = Closure::<dyn FnMut()>::new(measure);
        if let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = StoredValue::new_local((observer, changed));
            on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
        }
    });
}

/// What was measured when the view was made: pixels of the lanes, whether the window is low, cells of a tape.
fn looked(view: &View) -> (u32, bool, u64) {
    (view.lanes.window.width, view.cluster.low, view.cluster.cells)
}

/// The loader follows the system's theme; the canvas does so too.
fn watch_system_theme(repainted: RwSignal<u32>) {
    let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") else { return };
    let changed = Closure::<dyn FnMut()>::new(move || repainted.update(|count| *count += 1));
    let _ = query.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
    let kept = StoredValue::new_local((query, changed));
    on_cleanup(move || {
        kept.with_value(|(query, changed)| {
            let _ = query.remove_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        });
    });
}
