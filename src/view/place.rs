//! What an event touches: the things that are drawn in blue.

use super::Selection;
use crate::event::{EventKind, Process};
use crate::ids::{BatchId, BrokerId, ClientId, ConnectionId, GroupNo, PartitionNo, RecordId};
use crate::invariant::RecordIndex;
use crate::simulation::{ClientNode, Simulation};
use crate::wire::Api;

/// What the current event is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub client: Option<ClientId>,
    pub broker: Option<BrokerId>,
    pub record: Option<RecordId>,
    pub batch: Option<BatchId>,
    pub partition: Option<PartitionNo>,
    pub group: Option<GroupNo>,
    /// A request, on its way there or back or in its client's hands.
    pub request: Option<(ConnectionId, i32)>,
    /// Offsets: the first, and the one behind the last.
    pub offsets: Option<(u64, u64)>,
}

impl Place {
    /// The thing that matters most.
    pub fn selection(&self) -> Selection {
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

    fn of_record(record: RecordId) -> Place {
        Place { record: Some(record), client: Some(record.client), ..Place::default() }
    }

    fn of_batch(batch: BatchId, partition: PartitionNo) -> Place {
        Place { batch: Some(batch), client: Some(batch.client), partition: Some(partition), ..Place::default() }
    }

    fn of_message(connection: ConnectionId, broker: BrokerId, id: Option<i32>) -> Place {
        Place {
            client: Some(connection.client),
            broker: Some(broker),
            request: id.map(|id| (connection, id)),
            ..Place::default()
        }
    }

    fn of_member(client: ClientId, group: GroupNo) -> Place {
        Place { client: Some(client), group: Some(group), ..Place::default() }
    }

    fn of_reader(client: ClientId, partition: PartitionNo) -> Place {
        Place { client: Some(client), partition: Some(partition), ..Place::default() }
    }
}

pub(super) fn place_of(kind: &EventKind, index: &RecordIndex, simulation: &Simulation) -> Place {
    use EventKind::*;
    match *kind {
        SendCalled { .. }
        | Serialized { .. }
        | Partitioned { .. }
        | MemoryAwaited { .. }
        | Appended { .. }
        | SendFailed { .. }
        | RecordAcknowledged { .. }
        | RecordFailed { .. } => of_record_event(kind),
        BatchReady { batch, partition, .. }
        | BatchSplit { batch, partition, .. }
        | BatchRetried { batch, partition, .. }
        | BatchExpired { batch, partition, .. }
        | BatchFailed { batch, partition, .. }
        | BatchAcknowledged { batch, partition, .. } => Place::of_batch(batch, partition),
        BatchDrained { batch, partition, broker, .. } => {
            Place { broker: Some(broker), ..Place::of_batch(batch, partition) }
        }
        ConnectionOpening { connection, broker }
        | ConnectionOpened { connection, broker }
        | ConnectionRefused { connection, broker }
        | ConnectionClosed { connection, broker, .. } => Place::of_message(connection, broker, None),
        RequestSent { connection, broker, api, correlation_id, .. }
        | RequestArrived { connection, broker, api, correlation_id }
        | ResponseSent { connection, broker, api, correlation_id, .. }
        | ResponseArrived { connection, broker, api, correlation_id }
        | RequestTimedOut { connection, broker, api, correlation_id }
        | ResponseDropped { connection, broker, api, correlation_id }
        | ErrorAnswered { connection, broker, api, correlation_id, .. } => {
            let mut place = Place::of_message(connection, broker, Some(correlation_id));
            if api == Api::Produce {
                place.batch = first_batch(simulation, connection.client, correlation_id);
            }
            place
        }
        FetchParked { broker, connection, correlation_id, .. }
        | FetchAnswered { broker, connection, correlation_id, .. } => {
            Place::of_message(connection, broker, Some(correlation_id))
        }
        BatchAppended { partition, broker, connection, correlation_id, base_offset, records } => Place {
            partition: Some(partition),
            offsets: Some((base_offset, base_offset + u64::from(records))),
            batch: index.batch_at(partition, base_offset),
            ..Place::of_message(connection, broker, Some(correlation_id))
        },
        DuplicateFound { partition, broker, connection, correlation_id, base_offset, .. } => {
            let batch = index.batch_at(partition, base_offset);
            let records = batch.and_then(|batch| index.batch(batch)).map_or(1, |facts| u64::from(facts.records));
            Place {
                partition: Some(partition),
                offsets: Some((base_offset, base_offset + records)),
                batch,
                ..Place::of_message(connection, broker, Some(correlation_id))
            }
        }
        AppendRefused { partition, broker, connection, correlation_id, .. } => {
            Place { partition: Some(partition), ..Place::of_message(connection, broker, Some(correlation_id)) }
        }
        HighWatermarkMoved { partition, broker, .. } => {
            Place { partition: Some(partition), broker: Some(broker), ..Place::default() }
        }
        LeaderChanged { partition, leader, .. } => {
            Place { partition: Some(partition), broker: (leader >= 0).then_some(BrokerId(leader)), ..Place::default() }
        }
        _ => of_others(kind),
    }
}

fn of_record_event(kind: &EventKind) -> Place {
    use EventKind::*;
    match *kind {
        Appended { record, batch, partition, .. } => {
            Place { batch: Some(batch), partition: Some(partition), ..Place::of_record(record) }
        }
        RecordAcknowledged { record, partition, offset } => {
            let offsets = u64::try_from(offset).ok().map(|offset| (offset, offset + 1));
            Place { partition: Some(partition), offsets, ..Place::of_record(record) }
        }
        SendCalled { record, .. }
        | Serialized { record, .. }
        | Partitioned { record, .. }
        | MemoryAwaited { record, .. }
        | SendFailed { record, .. }
        | RecordFailed { record, .. } => Place::of_record(record),
        _ => Place::default(),
    }
}

fn of_others(kind: &EventKind) -> Place {
    use EventKind::*;
    match *kind {
        CallStarted { client, .. }
        | CallReturned { client, .. }
        | MetadataAwaited { client, .. }
        | ProducerIdRefused { client, .. }
        | ProducerIdAssigned { client, .. }
        | ProducerEpochBumped { client, .. }
        | MetadataUpdated { client }
        | CoordinatorLost { client }
        | PollReturned { client, .. }
        | ClientStarted { client, .. }
        | ClientClosed { client }
        | ClientKilled { client }
        | ProcessingChanged { client, .. }
        | ProcessPaused { process: Process::Client(client), .. } => Place { client: Some(client), ..Place::default() },
        RecordsProcessed { client, partition, first, last, .. } => {
            Place { offsets: Some((first, last + 1)), ..Place::of_reader(client, partition) }
        }
        RecordsReturned { client, partition, first, position, .. } => {
            Place { offsets: Some((first, position)), ..Place::of_reader(client, partition) }
        }
        PositionSet { client, partition, .. }
        | OwnerChanged { client, partition, .. }
        | ConsumerPaused { client, partition, .. } => Place::of_reader(client, partition),
        CoordinatorFound { client, broker } => Place { client: Some(client), broker: Some(broker), ..Place::default() },
        OffsetCommitted { group, client, partition, .. } => {
            Place { group: Some(group), ..Place::of_reader(client, partition) }
        }
        MemberIdGiven { group, client }
        | MemberJoined { group, client, .. }
        | MemberRemoved { group, client, .. }
        | OffsetCommitRefused { group, client, .. }
        | GenerationStarted { group, leader: client, .. }
        | JoinStarted { client, group }
        | Joined { client, group, .. }
        | AssignmentComputed { client, group, .. }
        | PartitionsAssigned { client, group, .. }
        | PartitionsRevoked { client, group, .. }
        | PartitionsLost { client, group, .. }
        | HeartbeatAnswered { client, group, .. }
        | CommitStarted { client, group, .. }
        | CommitSucceeded { client, group, .. }
        | CommitFailed { client, group, .. }
        | PollIntervalExceeded { client, group }
        | SessionLost { client, group }
        | LeaveSent { client, group } => Place::of_member(client, group),
        GroupStateChanged { group, broker, .. } | GroupLoaded { group, broker, .. } => {
            Place { group: Some(group), broker: Some(broker), ..Place::default() }
        }
        AssignmentStored { group, .. } => Place { group: Some(group), ..Place::default() },
        BrokerFenced { broker, .. }
        | BrokerRegistered { broker }
        | BrokerCrashed { broker }
        | BrokerStopped { broker }
        | BrokerStarted { broker }
        | FaultArmed { broker, .. }
        | ProcessPaused { process: Process::Broker(broker), .. } => Place { broker: Some(broker), ..Place::default() },
        _ => Place::default(),
    }
}

/// A batch that a Produce request in flight carries: the first.
fn first_batch(simulation: &Simulation, client: ClientId, correlation_id: i32) -> Option<BatchId> {
    let process = simulation.clients().get(usize::from(client.0).checked_sub(1)?)?;
    let ClientNode::Producer(producer) = &process.node else { return None };
    let requests = producer.requests();
    requests.into_iter().find(|request| request.correlation_id == correlation_id)?.batches.first().copied()
}
