//! Producers: nothing is forgotten, neither records nor memory.

use super::super::{Observers, RecordIndex};
use super::invariants::{Checked, Invariant, violated};
use crate::client::net::NetworkClient;
use crate::client::producer::Producer;
use crate::event::CallKind;
use crate::ids::{BatchId, RecordId};
use crate::simulation::{ClientNode, Life, Simulation};

pub(super) fn check(simulation: &Simulation, observers: &Observers) -> Checked {
    for client in simulation.clients().iter().filter(|client| client.life != Life::Gone) {
        let name = &client.recipe.name;
        match &client.node {
            ClientNode::Producer(producer) => {
                check_in_flight(name, producer.network(), producer.config().max_in_flight)?;
                check_memory(name, producer)?;
                check_records(name, producer, observers.index())?;
            }
            // A consumer's network client has the limit of its own: a hundred.
            ClientNode::Consumer(consumer) => check_in_flight(name, consumer.network(), 100)?,
        }
    }
    Ok(())
}

fn check_in_flight(name: &str, network: &NetworkClient, most: i32) -> Checked {
    for (_, connection) in network.connections() {
        let count = connection.in_flight.len();
        if count > usize::try_from(most).unwrap_or(0) {
            let sentence = format!("{name} has {count} requests in flight on one connection: {most} are allowed");
            return violated(Invariant::InFlightIsBounded, sentence);
        }
    }
    Ok(())
}

fn check_memory(name: &str, producer: &Producer) -> Checked {
    let accumulator = producer.accumulator();
    let pool = &accumulator.pool;
    let batches = accumulator.batches().incomplete().filter(|batch| !batch.is_split);
    let held: u64 = batches.map(|batch| batch.initial_capacity as u64).sum();
    let (free, waiting, total) = (pool.available_memory(), pool.taken_by_waiter(), pool.total_memory());
    if free + held + waiting == total {
        return Ok(());
    }
    let sentence =
        format!("{name}: {free} bytes free, {held} in batches, {waiting} of a waiting thread, {total} in all");
    violated(Invariant::BufferIsAccounted, sentence)
}

fn check_records(name: &str, producer: &Producer, index: &RecordIndex) -> Checked {
    let client = producer.id();
    let mut lying = 0;
    for batch in producer.accumulator().batches().incomplete() {
        let id = BatchId { client, number: batch.id.number };
        for (place, thunk) in (0..).zip(&batch.thunks) {
            let record = RecordId { client, number: thunk.record };
            let facts = index.record(record);
            let is_there = facts.is_some_and(|facts| facts.batch == Some((id, place)));
            if !is_there || index.record_in(id, place) != Some(record) {
                let sentence =
                    format!("{name}'s record {} lies in batch {} at {place}: {facts:?}", record.number, id.number);
                return violated(Invariant::IndexAgrees, sentence);
            }
        }
        lying += batch.thunks.iter().map(|thunk| u32::from(!thunk.threw)).sum::<u32>();
    }
    let open = index.open_records(client);
    let sending = producer.active_call().is_some_and(|call| call.kind == CallKind::Send);
    if open == lying || sending && open == lying + 1 {
        return Ok(());
    }
    let sentence = format!("{name}: {open} records have no outcome, {lying} lie in batches; sending: {sending}");
    violated(Invariant::SendsAreAccounted, sentence)
}
