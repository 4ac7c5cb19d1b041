//! The cluster: brokers, and the partitions as tapes.

use leptos::prelude::*;
use partita::view::{Broker, BrokerState, Selection};

use super::at;
use super::partition::PartitionBlock;
use super::stage::{Ask, Stage};
use crate::page::icon::Icon;
use crate::page::lazy::lazy;
use crate::page::lazy_rows::lazy_rows;
use crate::page::live::live;
use crate::page::preferences::said;
use crate::page::rows::{number, partition, rows};
use crate::page::text;

/// More brokers than this: two rows of small tiles.
const WIDE: usize = 4;

#[component]
pub fn ClusterColumn() -> impl IntoView {
    let cluster = Stage::get().panel(|view| &view.cluster);
    let brokers = move || {
        let row = |one: &Broker| (number(one.id.0), one.clone());
        cluster.with(|all| all.brokers.iter().map(row).collect::<Vec<_>>())
    };
    let partitions = move || cluster.with(|all| all.partitions.iter().map(|one| one.id).collect::<Vec<_>>());
    let count = Memo::new(move |_| cluster.with(|all| all.brokers.len()));
    view! {
        <section class="col-c" aria-label=said(text::CLUSTER)>
            <div class="sc-h">
                <h2>{live(move || cluster.with(|all| all.heading.clone()))}</h2>
                <span class="cut">{live(move || cluster.with(|all| all.note.clone()))}</span>
            </div>
            <div class="brk" class:many=move || { count.get() > WIDE } style:--brokers=move || count.get().to_string()>
                {lazy_rows(brokers, tile)}
            </div>
            <div class="col-s pts">
                {live(move || cluster.with(|all| all.empty.clone()).map(|text| view! { <p class="empty">{text}</p> }))}
                {rows(partitions, |id| partition(*id), move |id| view! { <PartitionBlock id cluster/> })}
            </div>
        </section>
    }
}

fn tile(broker: &Broker) -> impl IntoView + use<> {
    let stage = Stage::get();
    let down = match broker.state {
        BrokerState::Up | BrokerState::Starting | BrokerState::Stopping => false,
        BrokerState::Stopped | BrokerState::Crashed | BrokerState::Frozen => true,
    };
    let (id, name, what, brief) = (broker.id, broker.name.clone(), broker.text.clone(), broker.brief.clone());
    let (label, command) = broker.button.clone();
    let word = (broker.state != BrokerState::Up).then(|| label.clone());
    let title = format!("{name}: {what}");
    let head = lazy((name.clone(), down), move |(name, down)| {
        view! {
            <button class="bk-n" on:click=move |_| stage.ask(Ask::Select(Selection::Broker(id)))>
                <span class="dot" class:off=*down></span>
                {name.clone()}
            </button>
        }
    });
    let power = lazy((format!("{label} {name}"), command, word), move |(name, command, word)| {
        let command = command.clone();
        view! {
            <button
                class="pw t11"
                aria-label=name.clone()
                title=name.clone()
                on:click=move |_| stage.ask(Ask::Command(command.clone()))
            >
                {word.clone()}
                <Icon name="power"/>
            </button>
        }
    });
    view! {
        <div class="bk" class:down=down class:is-here=broker.now data-at=at::broker(id) title=title>
            {head}
            <span class="bk-t t11" class:mut=!down>{brief}</span>
            {power}
        </div>
    }
}
