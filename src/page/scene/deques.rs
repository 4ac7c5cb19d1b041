//! Station 4: the deques, one for each partition, batches as tiles.

use leptos::prelude::*;
use partita::view::{Deque, Selection, Tile, TileState, Tone};

use super::at;
use super::glyph::mark;
use super::members::short;
use super::stage::{Ask, Stage};
use super::stations::tone;
use crate::page::lazy::lazy;
use crate::page::name::name as shortened;

/// More deques than this: those that are empty share a line.
const ROWS: usize = 3;
/// The way round the linger ring, in its own pixels.
const ROUND: f64 = 31.4;

pub fn deques(stage: Stage, all: &[Deque]) -> impl IntoView + use<> {
    let fold = all.len() > ROWS;
    let is_empty = |deque: &&Deque| deque.tiles.is_empty();
    let idle: Vec<&Deque> = all.iter().filter(|deque| fold && is_empty(deque)).collect();
    let shown = all.iter().filter(|deque| !fold || !is_empty(deque));
    let longest = all.iter().map(|deque| deque.partition.chars().count()).max().unwrap_or(0).clamp(8, 14);
    let rows = shown.map(|deque| lazy(deque.clone(), move |deque| row(stage, deque))).collect_view();
    let rest = idle.first().map(|first| {
        let names: Vec<&str> = idle.iter().map(|deque| deque.partition.as_str()).collect();
        (short(&names.join(", ")), first.note.clone())
    });
    view! {
        <div class="dqs" style:--dq=format!("{longest}ch")>
            {rows}
            {rest.map(|(names, note)| view! {
                <div class="dq idle"><span class="mono cut" title=names.clone()>{names.clone()}</span><span class="lg mut">{note}</span></div>
            })}
        </div>
    }
}

fn row(stage: Stage, deque: &Deque) -> impl IntoView + use<> {
    let name = deque.partition.clone();
    let most = match deque.tiles.len() {
        0..=2 => 3,
        _ => 1,
    };
    let gone = deque.gone;
    let tiles = deque.tiles.iter().map(|one| tile(stage, one, most, gone)).collect_view();
    let alone = match deque.tiles.as_slice() {
        // What went with its producer stands beside it, and needs the room.
        [only] if deque.gone.is_none() => Some(only.size.clone()),
        _ => None,
    };
    let more = (deque.more > 0).then(|| format!("+{}", deque.more));
    view! {
        <div class="dq" class:dead=deque.gone.is_some()>
            <span class="mono cut" title=name.clone()>{shortened(&name)}</span>
            <span class="tiles" class:many={most == 1}>
                {tiles}
                {more.or(alone).map(|text| view! { <span class="t11 mut">{text}</span> })}
            </span>
            <span class=format!("lg {}", tone(deque.gone.unwrap_or_default()))>
                {deque.linger.map(ring)}
                <span class="cut">{deque.note.clone()}</span>
            </span>
        </div>
    }
}

/// What is left of `linger.ms`, as a clock that moves with virtual time only.
fn ring(thousandths: u16) -> impl IntoView + use<> {
    let left = format!("{:.1} {ROUND}", ROUND * f64::from(thousandths) / 1000.0);
    view! {
        <svg class="ring" viewBox="0 0 13 13" aria-hidden="true">
            <circle class="ring-a" cx="6.5" cy="6.5" r="5"></circle>
            <circle class="ring-b" cx="6.5" cy="6.5" r="5" stroke-dasharray=left transform="rotate(-90 6.5 6.5)"></circle>
        </svg>
    }
}

/// At most so many glyphs; with more records, one less and their number.
fn tile(stage: Stage, tile: &Tile, most: usize, gone: Option<Tone>) -> impl IntoView + use<> {
    let total = tile.glyphs.len() + tile.more as usize;
    let shown = if total > most { most - 1 } else { most };
    let glyphs = tile.glyphs.iter().take(shown).map(mark).collect_view();
    let rest = total.saturating_sub(shown);
    let class = match (tile.state, tile.now) {
        (TileState::Open, false) => "tile open",
        (TileState::Open, true) => "tile open now2",
        (TileState::Closed | TileState::Back, false) => "tile closed",
        (TileState::Closed | TileState::Back, true) => "tile closed now2",
    };
    let class = match gone {
        Some(of) => format!("{class} gone {}", tone(of)),
        None => class.to_owned(),
    };
    let batch = tile.batch;
    view! {
        <button
            class=class
            data-ring=at::batch(batch)
            aria-label=tile.text.clone()
            title=tile.text.clone()
            on:click=move |_| stage.ask(Ask::Select(Selection::Batch(batch)))
        >
            <span class="lv" style:width=format!("{:.1}%", f64::from(tile.fill) / 10.0)></span>
            {glyphs}
            {(rest > 0).then(|| view! { <span class="t11 rest">{if shown == 0 { rest.to_string() } else { format!("+{rest}") }}</span> })}
        </button>
        {tile.next_try.map(|n| view! { <span class="t11 b" aria-hidden="true">{n}</span> })}
    }
}
