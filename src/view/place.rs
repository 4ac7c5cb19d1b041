//! What an event touches: the things that are drawn in blue.

use super::Selection;
use crate::event::{EventKind, Place};
use crate::ids::{BatchId, ClientId};
use crate::invariant::RecordIndex;
use crate::simulation::{ClientNode, Simulation};

impl Place {
    /// The thing that matters most.
    pub(super) fn selection(&self) -> Selection {
        match *self {
            Place { record: Some(record), .. } => Selection::Record(record),
            Place { batch: Some(batch), .. } => Selection::Batch(batch),
            Place { partition: Some(partition), offsets: Some((first, _)), .. } => Selection::Offset(partition, first),
            Place { request: Some((connection, id)), .. } => Selection::Request(connection, id),
            Place { partition: Some(partition), .. } => Selection::Partition(partition),
            Place { client: Some(client), .. } => Selection::Client(client),
            Place { group: Some(group), .. } => Selection::Group(group),
            Place { broker: Some(broker), .. } => Selection::Broker(broker),
            _ => Selection::Nothing,
        }
    }
}

/// Where the event happened, with what its ids alone do not say: whose batch lies at its offsets, and what its request
/// carries.
pub(super) fn place_of(kind: &EventKind, index: &RecordIndex, simulation: &Simulation) -> Place {
    let mut place = kind.facts().place;
    let Some((connection, correlation_id)) = place.request else { return place };
    match (place.partition, place.offsets) {
        (Some(partition), Some((first, end))) => {
            place.batch = index.batch_at(partition, first);
            // A duplicate is told by its first offset.
            let records = place.batch.and_then(|batch| index.batch(batch)).map_or(0, |facts| facts.records);
            place.offsets = Some((first, end.max(first + u64::from(records))));
        }
        (None, None) => {
            place.batch = connection.client().and_then(|client| first_batch(simulation, client, correlation_id));
        }
        _ => {}
    }
    place
}

/// A batch that a Produce request in flight carries: the first.
fn first_batch(simulation: &Simulation, client: ClientId, correlation_id: i32) -> Option<BatchId> {
    let process = simulation.clients().get(usize::from(client.0).checked_sub(1)?)?;
    let ClientNode::Producer(producer) = &process.node else { return None };
    let requests = producer.requests();
    requests.into_iter().find(|request| request.correlation_id == correlation_id)?.batches.first().copied()
}
