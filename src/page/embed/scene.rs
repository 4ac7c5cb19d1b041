//! The scene of an embed: the followed record's six stations in a line each, and the partition where it happens.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use partita::lang::Lang;
use partita::script::Statement;
use partita::view::{Cluster, Partition, Zoom};

use super::asked::{Asked, shows};
use crate::page::preferences::{Preferences, said, say};
use crate::page::rest::{Part, Rest};
use crate::page::root::own;
use crate::page::scene::{CellScale, PartitionBlock, Scale, Stage, Stations, Wires};
use crate::page::session::Run;
use crate::page::text;

/// Pixels beside the tape: the stations with the wires' gutter, where there is room for both side by side, and the frame's
/// edges.
const STATIONS: f64 = 228.0;
const EDGES: f64 = 28.0;
/// From this width on, and where there is height, stations and tape stand side by side (`20-embed.css` says the same).
const BESIDE: f64 = 600.0;
/// Pixels of the code, from which width on it stands beside them.
const CODE: f64 = 358.0;
const CODE_BESIDE: f64 = 960.0;
/// What stands at both sides of the cells, and the least and the most that all cells take.
const AROUND: f64 = 120.0;
const NARROWEST: f64 = 160.0;
const WIDEST: f64 = 416.0;
/// From here on there is room for keys and parts of values in few cells, and for parts of values.
const KEYS: f64 = 240.0;
const VALUES: f64 = 230.0;
/// How much larger the tape is drawn where there is room.
const LARGE: f64 = 1.25;
const LARGE_WIDTH: f64 = 700.0;
const LARGE_HEIGHT: f64 = 400.0;

#[component]
pub fn Scene(asked: Asked) -> impl IntoView {
    let size = RwSignal::new(size_of_window());
    let listening = window_event_listener(ev::resize, move |_| {
        if size.get_untracked() != size_of_window() {
            size.set(size_of_window());
        }
    });
    on_cleanup(move || listening.remove());
    let cluster = Stage::get().panel(|view| &view.cluster);
    let (has_stations, has_code) = (shows("stations"), shows("code"));
    let large = Memo::new(move |_| {
        let (width, height) = size.get();
        if width >= LARGE_WIDTH && height >= LARGE_HEIGHT { LARGE } else { 1.0 }
    });
    let room = Memo::new(move |_| {
        let (width, height) = size.get();
        let stations = if has_stations && width >= BESIDE && height >= LARGE_HEIGHT { STATIONS } else { 0.0 };
        let code = if has_code && width >= CODE_BESIDE && height >= LARGE_HEIGHT { CODE } else { 0.0 };
        ((width - stations - code - EDGES) / large.get() - AROUND).clamp(NARROWEST, WIDEST)
    });
    let scale = Memo::new(move |_| {
        let (cells, zoom) = cluster.with(|all| (all.cells, all.zoom));
        Scale::in_room(room.get(), cells, fitting(zoom, room.get()))
    });
    provide_context(CellScale(scale.into()));
    let place = NodeRef::new();
    let scrolled = RwSignal::new(());
    view! {
        <div class="em-s" id=own("scene") node_ref=place>
            {has_stations.then(|| view! { <Followed/> })}
            {(!has_stations).then(|| view! { <div class="col-p"><div class="col-s"></div></div> })}
            <section class="em-c col-c" aria-label=said(text::CLUSTER)>
                <div class="brk"></div>
                <div class="col-s" style:zoom=move || large.get().to_string()>
                    {shows("partition").then(|| view! { <Tapes asked room/> })}
                </div>
            </section>
            <div class="em-g col-g"><div class="col-s"></div></div>
            {shows("code").then(|| view! { <Program/> })}
            <Wires place scrolled/>
        </div>
    }
}

/// What there is room for in a cell.
fn fitting(zoom: Zoom, room: f64) -> Zoom {
    match zoom {
        Zoom::Key if room < KEYS => Zoom::Value,
        Zoom::Value if room < VALUES => Zoom::Glyph,
        zoom => zoom,
    }
}

fn size_of_window() -> (f64, f64) {
    let of = |side: Result<wasm_bindgen::JsValue, _>| side.ok().and_then(|side| side.as_f64()).unwrap_or(0.0);
    (of(window().inner_width()), of(window().inner_height()))
}

/// The producer of the followed record, with its stations.
#[component]
fn Followed() -> impl IntoView {
    let producers = Stage::get().panel(|view| &view.producers);
    let client =
        Memo::new(move |_| producers.with(|all| all.producers.iter().find(|one| one.open).map(|one| one.client)));
    let name = move || producers.with(|all| all.producers.iter().find(|one| one.open).map(|one| one.name.clone()));
    let one = move |client| {
        let producer =
            Memo::new(move |_| producers.with(|all| all.producers.iter().find(|one| one.client == client).cloned()));
        view! { <Stations client producer/> }
    };
    view! {
        <section class="em-p col-p" aria-label=said(text::PRODUCERS)>
            <div class="sc-h"><h2>{name}</h2></div>
            <div class="col-s">{move || client.get().map(one)}</div>
        </section>
    }
}

/// The tapes that are shown.
#[component]
fn Tapes(asked: Asked, room: Memo<f64>) -> impl IntoView {
    let all = Stage::get().panel(|view| &view.cluster);
    let has_groups = shows("groups");
    let lang = Preferences::get();
    let cluster = Memo::new(move |_| {
        let mut shown = all.with(|all| chosen(all, &asked.partitions, has_groups, lang.lang()));
        if fitting(shown.zoom, room.get()) == Zoom::Glyph {
            for one in &mut shown.partitions {
                Arc::make_mut(one).cells.iter_mut().for_each(|cell| cell.caption = None);
            }
        }
        Arc::new(shown)
    });
    let ids = move || cluster.with(|all| all.partitions.iter().map(|one| one.id).collect::<Vec<_>>());
    view! {
        {move || cluster.with(|all| all.empty.clone()).map(|text| view! { <p class="empty">{text}</p> })}
        <For each=ids key=|id| *id let(id)>
            <PartitionBlock id cluster/>
        </For>
    }
}

/// Those that were asked for, or the one where it happens; without the groups' heads where these are not shown.
fn chosen(all: &Cluster, names: &[String], has_groups: bool, lang: Lang) -> Cluster {
    let is_named = |one: &&Arc<Partition>| names.contains(&one.name);
    let mut shown: Vec<Arc<Partition>> = all.partitions.iter().filter(is_named).cloned().collect();
    if shown.is_empty() {
        let open = || all.partitions.iter().filter(|one| !one.folded);
        shown.extend(open().find(|one| one.touched).or(open().next()).or(all.partitions.first()).cloned());
    }
    for one in shown.iter_mut().map(Arc::make_mut) {
        // Nobody sends anything by a key here.
        one.empty =
            one.empty.as_ref().map(|_| lang.pick(format!("{} is empty", one.name), format!("{}: 비어 있음", one.name)));
        if !has_groups {
            one.lanes.clear();
        }
    }
    if let [one] = shown.as_mut_slice() {
        Arc::make_mut(one).folded = false;
    }
    let empty = all.empty.as_ref().map(|_| lang.pick("There is no topic yet.", "아직 토픽이 없습니다.").to_owned());
    Cluster { partitions: shown, brokers: Vec::new(), empty, ..all.clone() }
}

/// Whether a topic of the run has the partition, now or once its line has been carried out.
pub fn has_partition(run: &Run, name: &str) -> bool {
    let Some((topic, number)) = name.rsplit_once('-').and_then(|(topic, number)| Some((topic, number.parse().ok()?)))
    else {
        return false;
    };
    let number: usize = number;
    let made = run.timeline.simulation().image().topics.values();
    let is_made = made.into_iter().any(|of| &*of.name == topic && number < of.partitions.len());
    is_made
        || run.timeline.branch().scenario.lines.iter().any(|line| match &*line.statement {
            Statement::Topic(of) => &*of.name == topic && number < of.partitions.unwrap_or(1) as usize,
            _ => false,
        })
}

/// The program of the client that acts, with the line that runs now. It comes with the second part of the page's program.
#[component]
fn Program() -> impl IntoView {
    let rest = Rest::get();
    rest.fetch();
    view! {
        <section class="em-k" aria-label=say("Code", "코드")>
            {move || { rest.arrival(); rest.make(Part::Code) }}
        </section>
    }
}
