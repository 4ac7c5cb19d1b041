//! A partition: its header, its tape, its group lanes; or one line when the current event is elsewhere.

use std::sync::Arc;

use leptos::prelude::*;
use partita::ids::PartitionNo;
use partita::lang::Lang;
use partita::view::{Cluster, GroupLane, Partition, Selection};

use super::at;
use super::cells::Cells;
use super::lanes::{ghosts, labels, lanes, sliding};
use super::marks::{flags, replicas, stops};
use super::stage::{Ask, Stage};
use super::tape::{Axis, HEIGHT, LEFT, Scale, TOP, TapeRows, batches};
use crate::page::allowed::is_embed;
use crate::page::icon::Icon;
use crate::page::lazy::lazy;
use crate::page::live::live;
use crate::page::name::name;
use crate::page::panels::{among, hint, term};
use crate::page::preferences::Preferences;

/// How wide cells are: by the window's width and by how many there are.
#[derive(Clone, Copy)]
pub struct CellScale(pub Signal<Scale>);

/// A partition as its drawing reads it.
pub type Shown = Memo<Option<Arc<Partition>>>;

#[component]
pub fn PartitionBlock(id: PartitionNo, cluster: Memo<Arc<Cluster>>) -> impl IntoView {
    let shown: Shown = Memo::new(move |_| cluster.with(|all| all.partitions.iter().find(|one| one.id == id).cloned()));
    // Its words are those of the keyboard's stops.
    let is_first = Memo::new(move |_| {
        cluster.with(|all| all.partitions.iter().find(|one| !one.folded).is_some_and(|one| one.id == id))
    });
    let folded = Memo::new(move |_| shown.with(|one| one.as_ref().is_some_and(|one| one.folded)));
    move || match folded.get() {
        true => (move || shown.get().map(|one| mini(&one))).into_any(),
        false => view! { <Open id shown is_first/> }.into_any(),
    }
}

#[component]
fn Open(id: PartitionNo, shown: Shown, is_first: Memo<bool>) -> impl IntoView {
    let stage = Stage::get();
    let scale = expect_context::<CellScale>().0;
    let axis = Memo::new(move |_| shown.with(|one| one.as_ref().map(|one| Axis::of(one, scale.get()))));
    let size = Memo::new(move |_| {
        let rows = shown.with(|one| one.as_ref().map(|one| TapeRows::of(one)))?;
        Some((axis.get()?.width(), rows.height()))
    });
    let label = move || shown.with(|one| one.as_ref().map(|one| one.label.clone()));
    let here = move || shown.with(|one| one.as_ref().is_some_and(|one| one.touched));
    view! {
        <div class="pt" class:is-here=here>
            {live(move || shown.get().map(|one| lazy(Head::of(&one, scale.get().cells(), is_first.get()), move |head| header(stage, head))))}
            <div class="pt-s" data-at=at::tape(id) data-y=TOP + HEIGHT / 2.0 on:wheel=move |event| wheel(stage, shown, &event)>
                <svg
                    width=move || size.get().map(|(width, _)| width)
                    height=move || size.get().map(|(_, height)| height)
                    role="img"
                    aria-label=label
                >
                    <g class="still">{live(move || shown.get().zip(axis.get()).map(|(one, axis)| replicas(&one, axis)))}</g>
                    {live(move || shown.get().zip(axis.get()).and_then(|(one, axis)| empty(&one, axis)))}
                    <Cells id shown axis/>
                    <g class="still">{live(move || shown.get().zip(axis.get()).map(|(one, axis)| lanes(stage, &one, axis)))}</g>
                </svg>
                <div class="still over" aria-hidden="true">
                    {live(move || shown.get().zip(axis.get()).map(|(one, axis)| sliding(&one, axis)))}
                    {live(move || shown.get().zip(axis.get()).map(|(one, axis)| flags(&one, axis)))}
                </div>
                {live(move || shown.get().zip(axis.get()).map(|(one, axis)| labels(stage, &one, axis)))}
                {live(move || shown.get().zip(axis.get()).filter(|_| is_first.get()).map(|(one, axis)| stops(&one, axis)))}
            </div>
        </div>
    }
}

/// What stands above a tape.
#[derive(PartialEq)]
struct Head {
    id: PartitionNo,
    name: String,
    leader: String,
    has_leader: bool,
    isr: String,
    /// The first offset shown, and how many are before and behind what is shown, in words too.
    first: u64,
    older: Option<String>,
    newer: (u64, Option<String>),
    /// Cells that are turned at a time: half of those that are shown.
    half: u64,
    /// Its terms are stops of the keyboard, those of the others are not.
    is_first: bool,
    lang: Lang,
}

impl Head {
    fn of(one: &Partition, cells: u64, is_first: bool) -> Head {
        Head {
            id: one.id,
            name: one.name.clone(),
            leader: one.leader_text.clone(),
            has_leader: one.leader.is_some(),
            isr: one.isr_text.clone(),
            first: one.log_start + one.older,
            older: one.older_text.clone(),
            newer: (one.newer, one.newer_text.clone()),
            half: cells / 2,
            is_first,
            lang: Preferences::get().lang_untracked(),
        }
    }
}

fn header(stage: Stage, one: &Head) -> impl IntoView + use<> {
    let (is_first, lang) = (one.is_first, one.lang);
    let isr = one.isr.clone();
    let isr = if is_first { term("isr", isr).into_any() } else { hint("isr", isr).into_any() };
    let id = one.id;
    let back = one.first.saturating_sub(one.half);
    let on = (one.newer.0 > one.half).then_some(one.first + one.half);
    let older = one.older.clone().map(|text| {
        view! { <button class="more" on:click=move |_| stage.ask(Ask::Scroll(id, Some(back)))>{format!("‹ {text}")}</button> }
    });
    let newer = one.newer.1.clone().map(|text| {
        view! { <button class="more" on:click=move |_| stage.ask(Ask::Scroll(id, on))>{format!("{text} ›")}</button> }
    });
    view! {
        <div class="pt-h">
            <button
                class="mono cut"
                title=one.name.clone()
                on:click=move |_| stage.ask(Ask::Select(Selection::Partition(id)))
            >
                {name(&one.name)}
            </button>
            <span class:is-fault=!one.has_leader>{among(&one.leader, lang, is_first)}</span>
            <span class="cut">{isr}</span>
            {older}
            {newer}
        </div>
    }
}

/// An empty log says so where its cells would be.
fn empty(one: &Partition, axis: Axis) -> Option<impl IntoView + use<>> {
    let drawn = |(text, width): &(String, f64)| {
        view! {
            <rect class="cell above" x=LEFT + 1.0 y=TOP width=*width height=HEIGHT rx="4"></rect>
            <text class="mu" x=LEFT + 1.0 + width / 2.0 y=TOP + 16.0 text-anchor="middle">{text.clone()}</text>
        }
    };
    Some(lazy((one.empty.clone()?, axis.end() - LEFT - 2.0), drawn))
}

/// One line of a partition that is folded: a small tape, who leads, the largest lag.
fn mini(one: &Partition) -> impl IntoView + use<> {
    const PITCH: f64 = 9.0;
    let stage = Stage::get();
    let id = one.id;
    let first = one.log_start + one.older;
    let x = |offset: u64| offset.saturating_sub(first) as f64 * PITCH;
    let boxes = batches(&one.cells).into_iter().map(|batch| {
        let class = match (batch.marker, batch.above) {
            (true, _) => "ctl",
            (_, true) => "cell above",
            (_, false) => "cell",
        };
        view! { <rect class=class x=x(batch.first) + 0.5 y="1" width=batch.count as f64 * PITCH - 1.5 height="12" rx="2"></rect> }
    });
    let boxes = boxes.collect_view();
    let mark = (one.log_end > 0 && one.high_watermark >= first).then(|| x(one.high_watermark));
    let lag = one.lanes.iter().max_by_key(|lane| lane.lag).filter(|lane| lane.lag.is_some());
    let lag = lag.map(|lane| lane.lag_text.clone());
    let readers: Vec<&str> = one.lanes.iter().filter(|lane| lane.reader.is_some()).map(|l| &*l.reader_text).collect();
    let ends = one.lanes.iter().zip(0..).map(|(lane, i)| end(id, lane, 10.0 + 6.0 * f64::from(i))).collect_view();
    view! {
        <button
            class="mp"
            class:is-here=one.touched
            title=one.label.clone()
            data-at=at::tape(id)
            on:click=move |_| stage.ask(Ask::Unfold(id))
        >
            <span class="mono b cut">{name(&one.name)}</span>
            <svg width="150" height="16" viewBox="0 -2 150 18" aria-hidden="true">
                {boxes}
                {mark.map(|x| view! { <path class="hw" d=format!("M{x} -3v20")></path> })}
            </svg>
            <span class="t11 cut" class:mut=one.leader.is_some() class:is-fault=one.leader.is_none()>{one.leader_text.clone()}</span>
            <span class="t11 cut">{readers.join(", ")}</span>
            <span class="mono t12 b">{lag}</span>
            <Icon name="down"/>
            {ends}
        </button>
    }
}

/// Where the wires of a group end at a folded partition.
fn end(id: PartitionNo, lane: &GroupLane, top: f64) -> impl IntoView + use<> {
    view! {
        <i
            class="mp-e"
            style:top=format!("{top}px")
            data-at=at::lane(id, lane.group)
            data-reader=lane.reader.map_or_else(String::new, |client| client.0.to_string())
            data-ghosts=ghosts(lane)
        ></i>
    }
}

/// A wheel over the tape turns it, sideways or with Shift.
fn wheel(stage: Stage, shown: Shown, event: &leptos::ev::WheelEvent) {
    // In an embed the wheel is the page's around it.
    if is_embed() {
        return;
    }
    let by = if event.delta_x() != 0.0 {
        event.delta_x()
    } else if event.shift_key() {
        event.delta_y()
    } else {
        0.0
    };
    let Some(one) = shown.get_untracked() else { return };
    if by == 0.0 || (one.older == 0 && one.newer == 0) {
        return;
    }
    event.prevent_default();
    let first = one.log_start + one.older;
    let to = if by < 0.0 { first.saturating_sub(1) } else { first + 1 };
    let pinned = one.newer == 0 || (one.newer == 1 && by > 0.0);
    stage.ask(Ask::Scroll(one.id, if pinned && by > 0.0 { None } else { Some(to) }));
}
