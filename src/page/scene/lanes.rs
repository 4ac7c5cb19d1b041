//! Group lanes: what each group has committed of a partition, where its reader is, what is not read yet.

use leptos::prelude::*;
use partita::ids::PartitionNo;
use partita::view::{GroupLane, Partition, Selection};

use super::at;
use super::stage::{Ask, Stage};
use super::tape::{Axis, BESIDE, LEFT, TapeRows};
use crate::page::lazy::lazy;
use crate::page::preferences::Preferences;
use crate::page::text;

/// From here on a lag stands without its name.
const LONG_LAG: u64 = 100;

/// The lanes' marks, on the tape's axis.
pub fn lanes(stage: Stage, one: &Partition, axis: Axis) -> impl IntoView + use<> {
    let (rows, lanes, id) = (TapeRows::of(one), &one.lanes, one.id);
    let last = axis.range(axis.first, one.log_end).map_or(LEFT, |(_, to)| to);
    let one = |(i, lane): (usize, &GroupLane)| {
        lazy((lane.clone(), axis, rows.lane(i), last), move |(lane, axis, y, last)| {
            marks(stage, id, lane, *axis, *y, *last)
        })
    };
    lanes.iter().enumerate().map(one).collect_view()
}

fn marks(stage: Stage, id: PartitionNo, lane: &GroupLane, axis: Axis, y: f64, last: f64) -> impl IntoView + use<> {
    // Above the bar of what is read again they are seen, on it they are not.
    let above = if lane.again.is_some() { 4.0 } else { 0.0 };
    let pair = |(from, to): &(u64, u64)| {
        let (from, to) = axis.range(*from, *to)?;
        let (from, to, y) = (from + 3.0, to - 3.0, y - above);
        Some(view! { <path class="twice" d=format!("M{from} {}H{to}M{from} {}H{to}", y - 2.0, y + 2.0)></path> })
    };
    let twice = lane.twice.iter().filter_map(pair).collect_view();
    let mark = |offset: u64| {
        let (x, to) = axis.range(offset, offset + 1)?;
        let select = Selection::Offset(id, offset);
        Some(view! {
            <rect class="hit why" x=x y=y - above - 7.0 width=to - x height="14" data-twice=offset
                on:click=move |_| stage.ask(Ask::Chain(select))></rect>
        })
    };
    let marks = lane.twice.iter().flat_map(|(from, to)| (*from).max(axis.first)..*to).map_while(mark).collect_view();
    let begin =
        lane.unread.or(lane.committed.filter(|_| lane.position.is_none()).map(|at| (at, at + lane.lag.unwrap_or(0))));
    let gap = if lane.position.is_some() { 9.0 } else { 4.0 };
    let dots = begin.and_then(|(from, to)| axis.range(from, to)).filter(|(from, to)| from + gap < *to);
    view! {
        <path class="rail" d=format!("M{LEFT} {y}H{last}")></path>
        {dots.map(|(from, to)| view! { <path class="todo" d=format!("M{} {y}H{to}", from + gap)></path> })}
        {twice}
        {marks}
    }
}

/// What slides along the lanes: what is read again after a crash, pin and head.
///
/// Each is a drawing of its own over the tape's, since the browser lays out a drawing anew for each frame in which a part of it
/// moves, and nothing when all of it does.
pub fn sliding(one: &Partition, axis: Axis) -> impl IntoView + use<> {
    let rows = TapeRows::of(one);
    let marks = |(i, lane): (usize, &GroupLane)| {
        let bar = lane.again.and_then(|(from, to)| axis.range(from, to));
        let [pin, head] = [lane.committed, lane.position].map(|offset| offset.and_then(|offset| axis.boundary(offset)));
        lazy((bar, pin, head, rows.lane(i)), |(bar, pin, head, y)| slid(*bar, *pin, *head, *y))
    };
    one.lanes.iter().enumerate().map(marks).collect_view()
}

fn slid(bar: Option<(f64, f64)>, pin: Option<f64>, head: Option<f64>, y: f64) -> impl IntoView {
    let at = |x: f64| format!("translateX({x}px)");
    view! {
        {bar.map(|(from, to)| view! {
            <svg class="at" style:transform=format!("{} scaleX({})", at(from), to - from)>
                <rect class="again" y=y - 2.0 width="1" height="4"></rect>
            </svg>
        })}
        {pin.map(|x| view! {
            <svg class="at" style:transform=at(x)><rect class="pin" x="-2" y=y - 6.0 width="4" height="12" rx="1"></rect></svg>
        })}
        {head.map(|x| view! {
            <svg class="at" style:transform=at(x)><path class="head" d=format!("M1 {}l9 5.5-9 5.5z", y - 5.5)></path></svg>
        })}
    }
}

/// The lanes' words: the group at the left, reader and lag at the right. Long names are cut, so they are the page's text.
pub fn labels(stage: Stage, one: &Partition, axis: Axis) -> impl IntoView + use<> {
    let (rows, id) = (TapeRows::of(one), one.id);
    let right = axis.end() + BESIDE;
    let words = |(i, lane): (usize, &GroupLane)| {
        let top = rows.lane(i) - 8.0;
        lazy((lane.clone(), axis, top, right), move |(lane, axis, top, right)| {
            label(stage, id, lane, *axis, *top, *right)
        })
    };
    one.lanes.iter().enumerate().map(words).collect_view()
}

/// A pair of lines for the keyboard, one for each stretch: it leads where the mouse leads on the last of its offsets.
fn keyed(
    stage: Stage,
    id: PartitionNo,
    lane: &GroupLane,
    (from, to): (u64, u64),
    axis: Axis,
    top: f64,
) -> Option<impl IntoView + use<>> {
    let last = to.checked_sub(1)?;
    let (x, end) = axis.range(from, to)?;
    let select = Selection::Offset(id, last);
    let offsets = if from == last { from.to_string() } else { format!("{from}–{last}") };
    let name = text::TWICE.pick(Preferences::get().lang_untracked()).to_string();
    let name = format!("{}, {name}: {offsets}", lane.name);
    Some(view! {
        <button
            class="ln-2"
            style:top=format!("{top}px")
            style:left=format!("{x}px")
            style:width=format!("{}px", end - x)
            aria-label=name
            on:click=move |_| stage.ask(Ask::Chain(select))
        ></button>
    })
}

/// The numbers of those who read here and do no more.
pub fn ghosts(lane: &GroupLane) -> Option<String> {
    let numbers: Vec<String> = lane.ghosts.iter().map(|client| client.0.to_string()).collect();
    (!numbers.is_empty()).then(|| numbers.join(" "))
}

fn label(stage: Stage, id: PartitionNo, lane: &GroupLane, axis: Axis, top: f64, right: f64) -> impl IntoView + use<> {
    let group = lane.group;
    let lag = match lane.lag {
        // Beside a long number there is no room for its name: the reader's stands there.
        Some(lag) if lag >= LONG_LAG => lag.to_string(),
        Some(_) => lane.lag_text.clone(),
        None => "–".to_owned(),
    };
    let behind = lane.lag.is_some_and(|lag| lag > 0);
    let twice = lane.twice.iter().filter_map(|pair| keyed(stage, id, lane, *pair, axis, top)).collect_view();
    let reader = match lane.reader {
        Some(client) => client.0.to_string(),
        None => String::new(),
    };
    view! {
        <button
            class="ln cut"
            class:is-now=lane.now
            style:top=format!("{top}px")
            title=lane.text.clone()
            on:click=move |_| stage.ask(Ask::Select(Selection::Group(group)))
        >
            {lane.name.clone()}
        </button>
        {twice}
        <span
            class="ln-r"
            class:held=lane.held
            style:top=format!("{top}px")
            style:left=format!("{right}px")
            title=lane.text.clone()
            data-at=at::lane(id, group)
            data-reader=reader
            data-ghosts=ghosts(lane)
        >
            <span class="cut">{lane.reader_text.clone()}</span>
            <span class=if behind { "mono b lag" } else { "mono mut lag" } data-term="lag">{lag}</span>
        </span>
    }
}
