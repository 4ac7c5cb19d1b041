//! Station 5: the connections to the brokers, and the requests in flight on them.

use leptos::prelude::*;
use partita::ids::ClientId;
use partita::view::{Selection, SendRow, SlotState, Tone};

use super::at;
use super::stage::{Ask, Stage};
use super::stations::tone;
use crate::page::lazy::lazy;

/// More brokers than this: those without a connection share a line.
const ROWS: usize = 3;

pub fn rows(stage: Stage, client: ClientId, all: &[SendRow]) -> impl IntoView + use<> {
    let fold = all.len() > ROWS || all.iter().any(|row| row.gone);
    let is_quiet = |row: &&SendRow| row.note.is_some() && row.requests.is_empty();
    let shown = all.iter().filter(|row| !fold || !is_quiet(row));
    // The slots of one whose process is gone: as many as it had of a broker.
    let dead = all.iter().find(|row| row.gone).map(|row| row.slots.len());
    let shown = shown.map(|one| lazy(one.clone(), move |one| row(stage, client, one))).collect_view();
    let mut quiet: Vec<(Vec<String>, String, Tone)> = Vec::new();
    for row in all.iter().filter(|row| fold && is_quiet(row)) {
        let Some(note) = &row.note else { continue };
        match quiet.iter_mut().find(|(_, text, _)| *text == note.text) {
            Some((labels, ..)) => labels.push(row.label.clone()),
            None => quiet.push((vec![row.label.clone()], note.text.clone(), note.tone)),
        }
    }
    let quiet = quiet.into_iter().map(|(labels, note, of)| {
        view! {
            <div class=format!("fl rest {}", tone(of))>
                <span class="bn">{labels.join(" ")}</span>
                {dead.map(|count| view! { <span class="sl gone" aria-hidden="true">{(0..count).map(|_| view! { <i></i> }).collect_view()}</span> })}
                <span class="cut">{note}</span>
            </div>
        }
    });
    view! { {shown}{quiet.collect_view()} }
}

fn row(stage: Stage, client: ClientId, row: &SendRow) -> impl IntoView + use<> {
    let slots = row.slots.iter().map(|slot| {
        let class = match slot {
            SlotState::Free => "",
            SlotState::Used => "on",
            SlotState::Now => "now",
        };
        view! { <i class=class></i> }
    });
    let slots = slots.collect_view();
    let first = row.requests.iter().find(|request| request.tone == Tone::Now).or(row.requests.first());
    let more = row.requests.len().saturating_sub(1);
    let note = row.note.as_ref().map(|note| (note.text.clone(), tone(note.tone)));
    let class = match row.note.as_ref().map(|note| note.tone) {
        Some(Tone::Fault) => "fl is-fault",
        _ => "fl",
    };
    view! {
        <div class=class data-at=at::send(client, row.broker)>
            <span class="bn">{row.label.clone()}</span>
            {row.note.is_none().then(|| view! { <span class="sl" class:gone=row.gone aria-hidden="true">{slots}</span> })}
            <span class="rq">
                {note.map(|(text, class)| view! { <span class=class>{text}</span> })}
                {first.map(|request| {
                    let select = request.select;
                    let ring = match select {
                        Selection::Request(connection, id) => Some(at::request(connection, id)),
                        _ => None,
                    };
                    view! {
                        <button
                            class=format!("cut {}", tone(request.tone))
                            title=request.text.clone()
                            data-ring=ring
                            on:click=move |_| stage.ask(Ask::Select(select))
                        >
                            {request.text.clone()}
                        </button>
                    }
                })}
                {(more > 0).then(|| view! { <span class="mut t11">{format!("+{more}")}</span> })}
            </span>
        </div>
    }
}
