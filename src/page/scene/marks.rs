//! What is drawn around a tape: the replicas, the watermarks' flags, epochs, what happens here now.

use leptos::prelude::*;
use partita::view::{Partition, Replica};

use super::tape::{Axis, BESIDE, FLAGS, HEIGHT, LEFT, TOP, TapeRows, batches};
use crate::page::lazy::lazy;
use crate::page::letters::{LATIN, width};

/// Letters of a flag that leans to the left, with the room beside it.
const FLAG: f64 = 6.5;
/// Where the flags' poles begin.
const POLE: f64 = 16.0;

/// The leader's name beside its tape; strips of the followers.
pub fn replicas(one: &Partition, axis: Axis) -> impl IntoView + use<> {
    let rows = TapeRows::of(one);
    let first = one.replicas.iter().find(|replica| replica.leads).or(one.replicas.first());
    let others = one.replicas.iter().filter(|replica| first.is_none_or(|first| first.broker != replica.broker));
    let strips = others.enumerate().map(|(i, replica)| strip(one, replica, axis, rows.follower(i))).collect_view();
    let head = first.map(|first| lazy((first.clone(), axis), |(first, axis)| head(first, *axis)));
    view! { {head} {strips} }
}

fn head(replica: &Replica, axis: Axis) -> impl IntoView + use<> {
    let y = TOP + HEIGHT / 2.0;
    let name = replica.label.clone();
    let tag = replica.tag.clone().map(|tag| {
        view! {
            <g transform=format!("translate(18 {})", y - 6.5)>
                <rect class="lead" width="28" height="13" rx="2"></rect>
                <text class="lead-t" x="14" y="10" text-anchor="middle" data-term="leader">{tag}</text>
            </g>
        }
    });
    let down = replica.offline || tag.is_none();
    let class = if down { "hzt" } else { "in bo" };
    // Beside the tag there is no room for a dot.
    let dotted = down && tag.is_none();
    let dot = dotted.then(|| view! { <circle class="off-d" cx="4" cy=y r="3"></circle> });
    view! {
        {dot}
        <text class=class x={if dotted { 11 } else { 0 }} y=y + 4.0>{name}</text>
        {tag}
        <text class=if down { "mo hzt" } else { "mo" } x=axis.end() + BESIDE y=y + 4.0 data-term="leo">{replica.text.clone()}</text>
    }
}

fn strip(one: &Partition, replica: &Replica, axis: Axis, y: f64) -> impl IntoView + use<> {
    let range = axis.range(one.log_start, replica.log_end);
    let lines: String = batches(&one.cells)
        .iter()
        .filter(|batch| batch.first > axis.first && batch.first < replica.log_end)
        .map(|batch| format!("M{} {}v8", axis.x(batch.first), y + 1.0))
        .collect();
    let class = if replica.offline { "strip dn" } else { "strip" };
    let (name, number) = if replica.offline { ("hzt", "mo hzt") } else { ("", "mo mu") };
    let dot = match (replica.in_sync, replica.offline) {
        (_, true) => "off-d",
        (true, false) => "in-d",
        (false, false) => "out-d",
    };
    view! {
        <circle class=dot cx="4" cy=y + 5.0 r="3"></circle>
        <text class=name x="11" y=y + 9.0>{replica.label.clone()}</text>
        {range.map(|(from, to)| view! { <rect class=class x=from + 1.0 y=y width=to - from - 2.0 height="10" rx="2"></rect> })}
        <path class="strip-l" d=lines></path>
        <text class=number x=axis.end() + BESIDE y=y + 9.0>{replica.text.clone()}</text>
    }
}

/// The keyboard's way to what the flags and the log's end mean: over their words, which are part of a drawing.
pub fn stops(one: &Partition, axis: Axis) -> impl IntoView + use<> {
    let leo = one
        .replicas
        .iter()
        .find(|replica| replica.leads)
        .or(one.replicas.first())
        .map(|replica| (axis.end() + BESIDE, TOP + HEIGHT / 2.0 - 8.0, "leo", replica.text.clone()));
    let flag = |offset, of: fn(u64) -> FlagWords| {
        let (x, flag) = (axis.boundary(offset)?, of(offset));
        Some((x + flag.left(), 0.0, flag.term, flag.words))
    };
    let (lso, high) = (flag(one.last_stable, FlagWords::of_last_stable), flag(one.high_watermark, FlagWords::of_high));
    let stop = |(x, y, id, words): (f64, f64, &'static str, String)| {
        view! {
            <button
                type="button"
                class="fl-t"
                data-term=id
                style:left=format!("{x}px")
                style:top=format!("{y}px")
                style:width=format!("{}px", width(&words))
                aria-label=words
            ></button>
        }
    };
    [lso, high, leo].into_iter().flatten().map(stop).collect_view()
}

/// The words at a flag.
struct FlagWords {
    term: &'static str,
    words: String,
    /// From the pole to where they begin, or end where they stand left of it.
    from_pole: f64,
}

impl FlagWords {
    fn of_high(offset: u64) -> FlagWords {
        FlagWords { term: "high-watermark", words: format!("HW {offset}"), from_pole: 4.0 }
    }

    fn of_last_stable(offset: u64) -> FlagWords {
        FlagWords { term: "lso", words: format!("LSO {offset}"), from_pole: -4.0 }
    }

    /// From the pole to their left end.
    fn left(&self) -> f64 {
        if self.from_pole < 0.0 { self.from_pole - width(&self.words) } else { self.from_pole }
    }
}

/// High watermark, last stable offset, epochs, and the words of the current event.
pub fn flags(one: &Partition, axis: Axis) -> impl IntoView + use<> {
    let rows = TapeRows::of(one);
    let (middle, end) = (rows.follower(one.replicas.len().saturating_sub(1)) - 2.0, rows.end());
    let high = axis.boundary(one.high_watermark);
    let high = high.map(|x| {
        lazy((x, one.high_watermark, middle, end), |(x, offset, middle, end)| {
            high_watermark(*x, *offset, *middle, *end)
        })
    });
    let stable = axis.boundary(one.last_stable);
    let is_apart = one.last_stable != one.high_watermark;
    let stable_flag = stable.map(|x| {
        lazy((x, one.last_stable, is_apart.then_some(end)), |(x, offset, line)| last_stable(*x, *offset, *line))
    });
    let left_of_flags = stable.or(axis.boundary(one.high_watermark)).map(|x| x - 8.0 - LATIN * FLAG);
    let epochs = one.epochs.iter().filter_map(|(offset, text)| {
        let x = axis.boundary(*offset)?;
        let room = left_of_flags.is_none_or(|left| x < left) && x - width(text) > 0.0;
        Some(view! {
            <path class="ep" d=format!("M{x} {}V5", TOP - 1.0)></path>
            {(room && one.now.is_none()).then(|| view! { <text class="mu" x=x - 4.0 y=FLAGS text-anchor="end" data-term="epoch">{text.clone()}</text> })}
        })
    });
    let epochs = epochs.collect_view();
    let now = one.now.clone().map(|text| words(text, axis, left_of_flags, axis.boundary(one.high_watermark)));
    // What slides is a drawing of its own, as on the lanes.
    view! { {high}{stable_flag}<svg class="at">{epochs}{now}</svg> }
}

fn high_watermark(x: f64, offset: u64, middle: f64, end: f64) -> impl IntoView {
    let FlagWords { term, words, from_pole } = FlagWords::of_high(offset);
    view! {
        <svg class="at" style:transform=format!("translateX({x}px)")>
            <path class="hw2" d=format!("M0 {middle}V{end}")></path>
            <path class="hw" d=format!("M0 {POLE}V{middle}")></path>
            <path class="hw" fill="none" d=format!("M0 {POLE}v-6h3")></path>
            <text class="in bo" x=from_pole y=FLAGS data-term=term>{words}</text>
        </svg>
    }
}

/// The flag leans left; its line is drawn only where it stands apart from the high watermark's.
fn last_stable(x: f64, offset: u64, line: Option<f64>) -> impl IntoView {
    let FlagWords { term, words, from_pole } = FlagWords::of_last_stable(offset);
    view! {
        <svg class="at" style:transform=format!("translateX({x}px)")>
            {line.map(|end| view! { <path class="lso" d=format!("M0 {POLE}V{end}")></path> })}
            <path class="hw" fill="none" d=format!("M0 {POLE}v-6h-3")></path>
            <text class="in" x=from_pole y=FLAGS text-anchor="end" data-term=term>{words}</text>
        </svg>
    }
}

/// Left of the flags where there is room, else right of them.
fn words(text: String, axis: Axis, left: Option<f64>, high: Option<f64>) -> impl IntoView {
    let wide = width(&text);
    let (x, anchor) = match (left, high) {
        (Some(left), _) if left - 6.0 - wide >= 0.0 => (left - 6.0, "end"),
        (_, Some(high)) => ((high + 54.0).min(axis.width() - wide), "start"),
        _ => (LEFT, "start"),
    };
    view! { <text class="nowt" x=x y=FLAGS text-anchor=anchor>{text}</text> }
}
