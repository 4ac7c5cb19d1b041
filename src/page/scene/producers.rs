//! The producer column: the followed record's producer with its six stations, the others in one line each.

use std::sync::Arc;

use leptos::prelude::*;
use partita::ids::{ClientId, RecordId};
use partita::view::{Pick, ProcessState, Producer, Producers, Selection};

use super::at;
use super::glyph::mark;
use super::program::program;
use super::stage::{Ask, Stage};
use super::stations::Stations;
use crate::page::icon::Icon;
use crate::page::lazy::lazy;
use crate::page::live::live;
use crate::page::preferences::{Preferences, said};
use crate::page::rows::{number, rows};
use crate::page::text;

#[component]
pub fn ProducerColumn() -> impl IntoView {
    let producers = Stage::get().panel(|view| &view.producers);
    let ids = move || producers.with(|all| all.producers.iter().map(|one| one.client).collect::<Vec<_>>());
    view! {
        <section class="col-p" aria-label=said(text::PRODUCERS)>
            <div class="sc-h">
                <h2>{live(move || producers.with(|all| all.heading.clone()))}</h2>
                <span>{live(move || producers.with(|all| all.note.clone()))}</span>
            </div>
            <div class="col-s">
                {rows(ids, |id| number(id.0), move |id| view! { <OneProducer client=id producers/> })}
            </div>
        </section>
    }
}

#[component]
fn OneProducer(client: ClientId, producers: Memo<Arc<Producers>>) -> impl IntoView {
    let producer =
        Memo::new(move |_| producers.with(|all| all.producers.iter().find(|one| one.client == client).cloned()));
    let open = Memo::new(move |_| producer.with(|one| one.as_ref().is_some_and(|one| one.open)));
    move || match open.get() {
        true => view! {
            {live(move || producer.get().map(|one| header(&one)))}
            <Stations client producer/>
        }
        .into_any(),
        false => (move || producer.get().map(|one| folded(&one))).into_any(),
    }
}

/// Name, what it is, and the choice of the record to follow.
fn header(producer: &Producer) -> impl IntoView + use<> {
    let stage = Stage::get();
    let (client, name) = (producer.client, producer.name.clone());
    let picker = producer
        .followed
        .clone()
        .map(|pick| lazy((pick, producer.records.clone()), move |(pick, records)| picker(stage, pick, records)));
    view! {
        <div class="pr-h" class:down=has_failed(producer.state) data-at=at::producer(client)>
            <button class="name" title=name.clone() on:click=move |_| stage.ask(Ask::Select(Selection::Client(client)))>
                {matches!(producer.state, ProcessState::Killed).then(|| view! { <Icon name="kill"/> })}
                {name.clone()}
            </button>
            <span class="mut t11 cut since" title=producer.about.clone()>{producer.about.clone()}</span>
            {picker}
        </div>
        {program(&producer.program)}
    }
}

/// A list behind the pill: the browser's own, so that every key and every reader works.
fn picker(stage: Stage, followed: &Pick, records: &[Pick]) -> impl IntoView + use<> {
    let records: Vec<(RecordId, String)> = records.iter().map(|pick| (pick.record, pick.label.clone())).collect();
    let chosen = followed.record;
    let known = records.iter().any(|(record, _)| *record == chosen);
    let extra = (!known).then(|| (chosen, followed.label.clone()));
    let all: Vec<(RecordId, String)> = extra.into_iter().chain(records).collect();
    let options = all.iter().map(|(record, label)| {
        view! { <option value=record.number.to_string() selected=*record == chosen>{label.clone()}</option> }
    });
    let options = options.collect_view();
    let choose = move |event| {
        let number = event_target_value(&event).parse();
        let found = all.iter().find(|(record, _)| Ok(record.number) == number);
        if let Some((record, _)) = found {
            stage.ask(Ask::Follow(*record));
        }
    };
    view! {
        <span class="pick">
            {mark(&followed.glyph)}
            <select aria-label=said(text::FOLLOW) prop:value=chosen.number.to_string() on:change=choose>
                {options}
            </select>
            <Icon name="down"/>
        </span>
    }
}

/// One line: a button that opens it.
fn folded(producer: &Producer) -> impl IntoView + use<> {
    let stage = Stage::get();
    let client = producer.client;
    let hint = Preferences::get().lang().pick(text::OPEN_STATIONS.en, text::OPEN_STATIONS.ko);
    view! {
        <button
            class="pr-2"
            class:down=has_failed(producer.state)
            data-at=at::producer(client)
            aria-expanded="false"
            title=hint
            on:click=move |_| stage.ask(Ask::Producer(client))
        >
            <span class="b cut">{producer.name.clone()}</span>
            <span class="mut cut">{producer.summary.clone()}</span>
            <Icon name="down"/>
        </button>
        {program(&producer.program)}
    }
}

fn has_failed(state: ProcessState) -> bool {
    matches!(state, ProcessState::Paused | ProcessState::Killed)
}
