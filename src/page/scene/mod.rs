//! The scene: producers, cluster, consumer groups, and the wires between them.

mod areas;
pub mod at;
mod cells;
mod chip;
mod cluster;
mod deques;
mod glyph;
mod groups;
mod lanes;
mod marks;
mod members;
mod partition;
mod producers;
mod program;
mod sending;
mod stage;
mod stations;
mod tape;
mod wires;

pub use chip::chips;
pub use partition::{CellScale, PartitionBlock};
pub use stage::{Ask, Stage};
pub use stations::Stations;
pub use tape::Scale;
pub use wires::Wires;

use crate::page::root::own;
use leptos::ev;
use leptos::prelude::*;

use areas::{AreaTabs, Areas};
use cluster::ClusterColumn;
use groups::GroupColumn;
use producers::ProducerColumn;

/// From this width on the cells are wider.
const WIDE: f64 = 1680.0;

/// The scene's three columns, and what a small window has below them. Wants a [`Stage`] in its context.
#[component]
pub fn Scene(children: Children) -> impl IntoView {
    let wide = RwSignal::new(is_wide());
    let listening = window_event_listener(ev::resize, move |_| {
        if wide.get_untracked() != is_wide() {
            wide.set(is_wide());
        }
    });
    on_cleanup(move || listening.remove());
    let stage = Stage::get();
    let zoom = Memo::new(move |_| stage.view.with(|view| view.cluster.zoom));
    let cells = Memo::new(move |_| stage.view.with(|view| view.cluster.cells));
    let scale = Memo::new(move |_| Scale::of(if wide.get() { 24.0 } else { 20.0 }, cells.get(), zoom.get()));
    provide_context(CellScale(scale.into()));
    let place = NodeRef::new();
    let areas = Areas::of(stage);
    // A column that is scrolled takes the ends of its wires along. That is told to the column alone, on the way down.
    let scrolled = RwSignal::new(());
    view! {
        <div
            class="sc"
            id=own("scene")
            tabindex="-1"
            data-area=move || areas.shown()
            data-beside=move || areas.beside()
            node_ref=place
            on:scroll:capture=move |_| scrolled.set(())
        >
            <AreaTabs areas/>
            <ProducerColumn/>
            <div></div>
            <ClusterColumn/>
            <div></div>
            <GroupColumn/>
            {children()}
            <Wires place scrolled/>
        </div>
    }
}

fn is_wide() -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width >= WIDE)
}
