//! What is said of an event: the words of it.

use crate::ids::{BatchId, BrokerId, ClientId, ConnectionId, GroupNo, PartitionNo, Process, RecordId};

/// The description of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub place: Place,
    pub rank: Rank,
    /// The user's making: a fault, a client that cannot be made and a script that cannot go on among them. That a promise
    /// was broken, an alarm, is no event's own: it takes the whole run to know.
    pub fault: bool,
}

/// How telling an event is, the most telling first: of the events of a move they are told in this order, those of one
/// rank as they happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The user's hand, or a script that cannot go on.
    Deed,
    /// What fails, is refused or given up.
    Failure,
    /// What was taken back or has to be done again.
    Setback,
    /// A step on a record's way, in a group's life, or of a client or a topic.
    Step,
    /// What follows from such a step.
    Consequence,
    /// What moves along with it.
    Detail,
    /// The message that carries it.
    Message,
    /// The frame around it.
    Frame,
    /// Passed and counted when a person steps: idle heartbeats, empty polls and fetches, metadata refreshes, the opening
    /// of connections, and the frame of a call around what it does.
    Routine,
}

/// What an event touches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The client that acted or was acted for: its settings are those that an event's sentence speaks of.
    pub client: Option<ClientId>,
    pub broker: Option<BrokerId>,
    pub record: Option<RecordId>,
    pub batch: Option<BatchId>,
    pub partition: Option<PartitionNo>,
    pub group: Option<GroupNo>,
    /// A request, on its way there or back or in its client's hands, by its correlation id.
    pub request: Option<(ConnectionId, i32)>,
    /// Offsets of the partition: the first, and the one behind the last.
    pub offsets: Option<(u64, u64)>,
}

impl Place {
    pub(super) const fn nowhere() -> Place {
        Place {
            client: None,
            broker: None,
            record: None,
            batch: None,
            partition: None,
            group: None,
            request: None,
            offsets: None,
        }
    }

    pub(super) const fn of_client(client: ClientId) -> Place {
        Place { client: Some(client), ..Place::nowhere() }
    }

    pub(super) const fn of_broker(broker: BrokerId) -> Place {
        Place { broker: Some(broker), ..Place::nowhere() }
    }

    pub(super) const fn of_record(record: RecordId) -> Place {
        Place { record: Some(record), ..Place::of_client(record.client) }
    }

    pub(super) const fn of_batch(batch: BatchId, partition: PartitionNo) -> Place {
        Place { batch: Some(batch), partition: Some(partition), ..Place::of_client(batch.client) }
    }

    pub(super) const fn of_connection(connection: ConnectionId, broker: BrokerId) -> Place {
        Place { client: connection.client(), broker: Some(broker), ..Place::nowhere() }
    }

    pub(super) const fn of_request(connection: ConnectionId, broker: BrokerId, correlation_id: i32) -> Place {
        Place { request: Some((connection, correlation_id)), ..Place::of_connection(connection, broker) }
    }

    /// A message between who opened a connection and who took it.
    pub(super) const fn of_message(connection: ConnectionId, acceptor: Process, correlation_id: i32) -> Place {
        let broker = match acceptor.broker() {
            None => connection.opener.broker(),
            of_acceptor => of_acceptor,
        };
        let request = Some((connection, correlation_id));
        Place { client: connection.client(), broker, request, ..Place::nowhere() }
    }

    pub(super) const fn of_member(client: ClientId, group: GroupNo) -> Place {
        Place { group: Some(group), ..Place::of_client(client) }
    }

    pub(super) const fn of_reader(client: ClientId, partition: PartitionNo) -> Place {
        Place { partition: Some(partition), ..Place::of_client(client) }
    }
}

impl Facts {
    pub(super) const fn new(rank: Rank, place: Place) -> Facts {
        Facts { place, rank, fault: false }
    }

    pub(super) const fn of_fault(rank: Rank, place: Place) -> Facts {
        Facts { place, rank, fault: true }
    }
}
