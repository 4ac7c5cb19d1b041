//! The cells of a tape: batches as joined tiles, records as glyphs, each with a column to click.

use std::sync::Arc;

use leptos::prelude::*;
use partita::ids::PartitionNo;
use partita::sorted::SortedMap;
use partita::view::{Cell, CellState, Partition, Selection, Zoom};
use wasm_bindgen::JsCast;

use super::glyph::drawn;
use super::partition::Shown;
use super::stage::{Ask, Stage};
use super::tape::{Axis, HEIGHT, Joined, OFFSETS, Scale, TOP, batches, touched};
use crate::page::lazy_rows::lazy_rows;
use crate::page::live::live;
use crate::page::rows::number;

/// The middle of a glyph that has words beside it, from the cell's left edge, and letters of a key and a caption.
const BESIDE: f64 = 12.5;
const LETTERS: usize = 8;

#[component]
pub fn Cells(id: PartitionNo, shown: Shown, axis: Memo<Option<Axis>>) -> impl IntoView {
    let stage = Stage::get();
    let drawn = move || shown.get().zip(axis.get());
    let tiles = move || {
        let of = |(one, axis): (Arc<Partition>, Axis)| {
            batches(&one.cells).into_iter().map(|batch| (number(batch.base as i64), (batch, axis))).collect::<Vec<_>>()
        };
        drawn().map_or_else(Vec::new, of)
    };
    let now = Memo::new(move |_| shown.with(|one| one.as_ref().map_or_else(Vec::new, |one| touched(&one.cells))));
    let came = StoredValue::new(SortedMap::new());
    let cells = move || {
        let of = |(one, axis): (Arc<Partition>, Axis)| {
            came.update_value(|came| note_new(came, &one.cells));
            let row = |cell: &Cell| {
                let is_new = came.with_value(|came| came.get(&cell.offset) == Some(&true));
                (number(cell.offset as i64), CellRow { cell: cell.clone(), axis, is_new })
            };
            one.cells.iter().map(row).collect::<Vec<_>>()
        };
        drawn().map_or_else(Vec::new, of)
    };
    let click = move |event: leptos::ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let offset = target.and_then(|target| target.get_attribute("data-offset")?.parse().ok());
        let Some(offset) = offset else { return };
        // What was processed twice leads to how that came.
        let is_twice = shown.with_untracked(|one| {
            one.as_ref().is_some_and(|one| one.cells.iter().any(|cell| cell.offset == offset && cell.twice))
        });
        let select = Selection::Offset(id, offset);
        stage.ask(if is_twice { Ask::Chain(select) } else { Ask::Select(select) });
    };
    view! {
        <g class="tape" on:click=click>
            {lazy_rows(tiles, tile)}
            {live(move || axis.get().map(|axis| now.with(|runs| runs.iter().map(|run| highlight(*run, axis)).collect_view())))}
            {lazy_rows(cells, cell)}
        </g>
    }
}

fn tile((batch, axis): &(Joined, Axis)) -> impl IntoView + use<> {
    let (x, width) = (axis.x(batch.first) + 1.0, batch.count as f64 * axis.pitch() - 2.0);
    let class = match (batch.marker, batch.above) {
        (true, _) => "ctl",
        (_, true) => "cell above",
        (_, false) => "cell",
    };
    let lines: String =
        (1..batch.count).map(|i| format!("M{} {}v{}", axis.x(batch.first + i), TOP + 4.0, HEIGHT - 8.0)).collect();
    view! {
        <rect class=class x=x y=TOP width=width height=HEIGHT rx="4" data-batch=batch.base></rect>
        <path class="sepr" d=lines></path>
    }
}

fn highlight((first, count): (u64, u64), axis: Axis) -> impl IntoView {
    let width = count as f64 * axis.pitch() - 2.0;
    view! { <rect class="cell hi" x=axis.x(first) + 1.0 y=TOP width=width height=HEIGHT rx="4"></rect> }
}

/// A cell that was new when it came fades in, and stays what it is.
fn note_new(came: &mut SortedMap<u64, bool>, cells: &[Cell]) {
    came.retain(|offset, _| cells.iter().any(|cell| cell.offset == *offset));
    for cell in cells {
        came.entry(cell.offset).or_insert(cell.now);
    }
}

#[derive(PartialEq)]
struct CellRow {
    cell: Cell,
    axis: Axis,
    is_new: bool,
}

fn cell(CellRow { cell, axis, is_new }: &CellRow) -> impl IntoView + use<> {
    let offset = cell.offset;
    let number = offset.is_multiple_of(axis.numbered()).then(|| {
        let middle = axis.pitch() / 2.0;
        view! { <text class="mu" x=middle y=OFFSETS text-anchor="middle">{offset}</text> }
    });
    view! {
        <g style:transform=format!("translateX({}px)", axis.x(offset))>
            {number}
            <g class="c" class:new=*is_new>{inside(cell, axis.scale)}</g>
        </g>
    }
}

/// What stands in a cell, from its left edge.
fn inside(cell: &Cell, scale: Scale) -> impl IntoView + use<> {
    let (pitch, y) = (scale.pitch, TOP + HEIGHT / 2.0);
    let words = words(cell, scale.zoom);
    let x = if words.is_empty() { pitch / 2.0 } else { BESIDE };
    let content = match cell.state {
        CellState::Marker => {
            let tick = format!("M{} {}l3 3 5-6.4", x - 5.0, y);
            view! { <path class="ctlm" d=tick></path> }.into_any()
        }
        CellState::Readable | CellState::AboveHighWatermark => drawn(&cell.glyph, x, y).into_any(),
    };
    let lines = format!("M{} 51.5h12M{} 55h12", x - 6.0, x - 6.0);
    view! {
        {cell.selected.then(|| view! { <rect class="sel" x="2.5" y=TOP + 1.5 width=pitch - 5.0 height=HEIGHT - 3.0 rx="3"></rect> })}
        {content}
        {(!words.is_empty()).then(|| view! { <text class="in" x=BESIDE + 10.0 y=y + 4.0>{words}</text> })}
        {cell.twice.then(|| view! { <path class="twice" d=lines></path> })}
        <rect class="hit" x="0" y="14" width=pitch height="100" data-offset=cell.offset>
            <title>{cell.label.clone()}</title>
        </rect>
    }
}

/// What there is room for beside the glyph: the key and the caption, or the caption alone.
fn words(cell: &Cell, zoom: Zoom) -> String {
    let caption = cell.caption.as_deref().unwrap_or_default();
    if zoom != Zoom::Key || cell.glyph.shape == 0 {
        return caption.to_owned();
    }
    let room = LETTERS - caption.chars().count();
    let key = &cell.glyph.key;
    match key.char_indices().nth(room) {
        None => format!("{key} {caption}").trim_end().to_owned(),
        Some(_) => {
            let short: String = key.chars().take(room - 1).collect();
            format!("{short}… {caption}").trim_end().to_owned()
        }
    }
}
