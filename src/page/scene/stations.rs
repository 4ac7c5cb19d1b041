//! The six stations of the followed record, drawn over the live state of its producer.

use std::sync::Arc;

use leptos::prelude::*;
use partita::ids::ClientId;
use partita::view::{Piece, Producer, RequestLine, SlotState, Station, StationBody, StationState, Tone};

use super::at;
use super::chip::chips;
use super::deques::deques;
use super::glyph::mark;
use super::sending::rows;
use super::stage::Stage;
use crate::page::icon::Icon;
use crate::page::lazy::lazy;
use crate::page::name::name;
use crate::page::panels::term;

/// What the stations are called in the glossary.
const TERMS: [&str; 6] = ["record", "serialize", "partition", "accumulate", "send", "result"];

#[component]
pub fn Stations(client: ClientId, producer: Memo<Option<Arc<Producer>>>) -> impl IntoView {
    let stations = (0..6).map(|i| {
        let station =
            Memo::new(move |_| producer.with(|one| one.as_ref().and_then(|one| one.stations.get(i)).cloned()));
        view! { <OneStation client station/> }
    });
    view! { <ol class="line">{stations.collect_view()}</ol> }
}

#[component]
fn OneStation(client: ClientId, station: Memo<Option<Arc<Station>>>) -> impl IntoView {
    let stage = Stage::get();
    move || {
        let station = station.get()?;
        let number = station.number;
        Some(view! {
            <li class=class(station.state) data-at=at::station(client, number) data-station=number>
                {lazy(number, |number| view! { <span class="st-n">{*number}</span> })}
                <div class="st-h">
                    {lazy((number, station.title.clone()), |(number, title)| heading(*number, title))}
                    {station.note.clone().map(|note| view! { <span class="t11 mut cut" title=note.clone()>{note.clone()}</span> })}
                    {slots(&station.body)}
                    {lazy(station.body.clone(), one_line)}
                    {chips(stage, &station.chips)}
                </div>
                {lazy(station.body.clone(), move |of| body(stage, client, of))}
            </li>
        })
    }
}

fn heading(number: u8, title: &str) -> impl IntoView + use<> {
    view! { <h3>{term(TERMS[usize::from(number - 1)], title.to_owned())}</h3> }
}

fn class(state: StationState) -> &'static str {
    match state {
        StationState::Passed => "st done",
        StationState::Now => "st now",
        StationState::Ahead => "st next",
        StationState::Blocked => "st block",
        StationState::Failed => "st fail",
    }
}

/// All of a station in one line beside its title, for a low window.
fn one_line(body: &StationBody) -> Option<impl IntoView + use<>> {
    let said = |text: &str, class: &'static str| {
        view! { <span class=class title=text.to_owned()>{text.to_owned()}</span> }.into_any()
    };
    let parts: Vec<AnyView> = match body {
        StationBody::Empty => return None,
        StationBody::Record { glyph, key, value, .. } => {
            vec![mark(glyph).into_any(), said(&format!("{key} → {value}"), "mono cut")]
        }
        StationBody::Serialize { key, value } => {
            [key, value].map(|part| bytes(part.as_ref()).into_any()).into_iter().collect()
        }
        StationBody::Partition { short, .. } => vec![said(short, "mono cut")],
        StationBody::Accumulate { waits: Some(waits), .. } => vec![said(waits, "cut")],
        StationBody::Accumulate { deques, .. } => {
            let busy = || deques.iter().filter(|deque| !deque.tiles.is_empty());
            let shown = busy().find(|deque| deque.tiles.iter().any(|tile| tile.now)).or(busy().next());
            let first = shown.or(deques.first());
            let glyphs = shown.into_iter().flat_map(|deque| &deque.tiles).flat_map(|tile| &tile.glyphs).take(4);
            let mut parts: Vec<AnyView> = glyphs.map(|glyph| mark(glyph).into_any()).collect();
            parts.extend(shown.map(|deque| said(&deque.partition, "mono")));
            parts.extend(first.map(|deque| said(&deque.note, tone(deque.gone.unwrap_or_default()))));
            let more = busy().count().saturating_sub(1);
            parts.extend((more > 0).then(|| said(&format!("+{more}"), "mut t11")));
            parts
        }
        StationBody::Send { rows } => {
            let request = |of: fn(&RequestLine) -> bool| rows.iter().flat_map(|row| &row.requests).find(|one| of(one));
            let line = request(|one| one.tone == Tone::Now).or(request(|_| true));
            let is_connected = rows.iter().any(|row| row.note.is_none());
            let note = rows.iter().find_map(|row| row.note.as_ref()).filter(|_| !is_connected);
            let used = rows.iter().flat_map(|row| &row.slots).filter(|slot| **slot != SlotState::Free).count();
            let slots: usize = rows.iter().map(|row| row.slots.len()).sum();
            match (line, note) {
                (Some(line), _) => vec![said(&line.text, if line.tone == Tone::Now { "cut is-now" } else { "cut" })],
                (None, Some(note)) => vec![said(&note.text, tone(note.tone))],
                (None, None) => vec![said(&format!("{used} / {slots}"), "mono")],
            }
        }
        StationBody::Result { tries, then, result } => {
            let last = tries.last().map(|piece| {
                let short = piece.short.as_ref().unwrap_or(&piece.text).clone();
                view! { <span class=format!("cut {}", tone(piece.tone)) title=piece.text.clone()>{short}</span> }
                    .into_any()
            });
            // What it will be when the answer comes is none yet.
            let result = result
                .as_ref()
                .filter(|_| then.is_none())
                .map(|result| view! { <span class="mono cut" title=result.clone()>{name(result)}</span> }.into_any());
            result.or(last).into_iter().collect()
        }
    };
    Some(view! { <span class="st-one">{parts}</span> })
}

/// The colour that a tone has in the page's text.
pub fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Muted => "mut",
        Tone::Now => "is-now",
        Tone::Fault => "is-fault",
        Tone::Alarm => "is-alarm",
    }
}

fn body(stage: Stage, client: ClientId, body: &StationBody) -> AnyView {
    match body {
        StationBody::Empty => view! { <div class="st-b"></div> }.into_any(),
        StationBody::Record { glyph, key, value, headers } => {
            let record = format!("{key} → {value}");
            let headers = headers.join(", ");
            view! {
                <div class="st-b">
                    {mark(glyph)}
                    <span class="mono cut" title=record.clone()>{record.clone()}</span>
                    {(!headers.is_empty()).then(|| view! { <span class="mono mut cut" title=headers.clone()>{headers.clone()}</span> })}
                </div>
            }
            .into_any()
        }
        StationBody::Serialize { key, value } => view! {
            <div class="st-b">{bytes(key.as_ref())}{bytes(value.as_ref())}</div>
        }
        .into_any(),
        StationBody::Partition { text, .. } => {
            let text = text.clone();
            view! { <div class="st-b"><span class="mono cut" title=text.clone()>{text.clone()}</span></div> }.into_any()
        }
        StationBody::Accumulate { deques: all, waits } => view! {
            {waits.clone().map(|waits| view! { <div class="st-b m">{waits}</div> })}
            {deques(stage, all)}
        }
        .into_any(),
        StationBody::Send { rows: all } => rows(stage, client, all).into_any(),
        StationBody::Result { tries, then, result } => outcome(tries, then.as_deref(), result.as_deref()),
    }
}

/// Hex and size of a serialized part.
fn bytes(part: Option<&(String, String)>) -> impl IntoView + use<> {
    let (hex, size) = part.cloned().unwrap_or_else(|| ("null".to_owned(), String::new()));
    view! { <span class="mono cut">{hex}</span><span class="mut t11 sz">{size}</span> }
}

/// Beside the title of station 3, the partitions as slots: at most eight, the chosen one among them.
fn slots(body: &StationBody) -> Option<impl IntoView + use<>> {
    const MOST: usize = 8;
    let StationBody::Partition { slots, .. } = body else { return None };
    let chosen = slots.iter().position(|(_, on)| *on).unwrap_or(0);
    let first = (chosen + 1).saturating_sub(MOST);
    let shown = slots.iter().skip(first).take(MOST);
    let shown = shown.map(|(n, on)| view! { <i class:on=*on>{*n}</i> }).collect_view();
    let hidden = slots.len().saturating_sub(MOST);
    Some(view! {
        <span class="slots">
            {shown}
            {(hidden > 0).then(|| view! { <span class="mut t11">{format!("+{hidden}")}</span> })}
        </span>
    })
}

/// Every try in words, and what the caller gets.
fn outcome(tries: &[Piece], then: Option<&str>, result: Option<&str>) -> AnyView {
    let last = tries.len().saturating_sub(1);
    let pieces = tries.iter().enumerate().map(|(i, piece)| {
        let comma = if i < last { "," } else { "" };
        let class = format!("a {}", tone(piece.tone));
        view! {
            <span class=class>
                {piece.failed.then(|| view! { <Icon name="x"/> })}
                {format!("{}{comma}", piece.text)}
            </span>
        }
    });
    let then = then.map(|then| format!("{then} "));
    let result = result.map(str::to_owned);
    view! {
        {(!tries.is_empty()).then(|| view! { <div class="att">{pieces.collect_view()}</div> })}
        <div class="st-b">
            {then.map(|then| view! { <span class="mut">{then}</span> })}
            {result.map(|result| view! { <span class="mono cut" title=result.clone()>{name(&result)}</span> })}
        </div>
    }
    .into_any()
}
