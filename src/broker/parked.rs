//! Requests that wait.

use std::sync::Arc;

use kafka_protocol::messages::DeleteRecordsResponse;
use kafka_protocol::messages::produce_response::TopicProduceResponse;

use crate::ids::{EventId, PartitionNo};
use crate::time::Instant;
use crate::wire::Frame;

use super::fetch_session::{FetchContext, Wanted};
use super::group_call::GroupCall;

/// A request that waits, holding back everything behind it on its connection.
#[derive(Clone, Debug)]
pub enum Parked {
    /// Until there is enough to read or the wait is over.
    Fetch(ParkedFetch),
    /// Until enough replicas have it (`acks=all`), or the request's `timeout.ms` is over.
    Produce(ParkedProduce),
    /// Until all replicas that live have deleted it too.
    DeleteRecords(ParkedDelete),
    /// Until the controller has answered it.
    Controller { frame: Arc<Frame> },
    /// A request about groups: until their coordinators have answered, when others have come or what they wrote is
    /// committed.
    Group { frame: Arc<Frame>, call: Box<GroupCall> },
    /// Kafka never answers it: a Produce whose records are null.
    Forever,
}

/// A Fetch that waits.
#[derive(Clone, Debug)]
pub struct ParkedFetch {
    pub frame: Arc<Frame>,
    pub until: Instant,
    /// What it reads, in order.
    pub wanted: Arc<[Wanted]>,
    pub(super) context: FetchContext,
    /// The event that said it was parked.
    pub(super) event: EventId,
}

/// A partition that a request waits for, and where its part of the answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    pub partition: PartitionNo,
    /// All before it must be replicated, or deleted.
    pub offset: i64,
    /// In the answer: the topic's place, and the partition's within it.
    pub(super) place: (usize, usize),
}

/// A Produce with `acks=all` that is written and waits for followers (`DelayedProduce`).
#[derive(Clone, Debug)]
pub struct ParkedProduce {
    pub frame: Arc<Frame>,
    pub until: Instant,
    /// What it still waits for; [`Partition::behind`](super::Partition::behind) says for whom.
    pub awaited: Vec<Awaited>,
    pub(super) responses: Vec<TopicProduceResponse>,
    /// The event that said it was parked.
    pub(super) event: EventId,
}

/// A `DeleteRecords` whose followers have not deleted yet (`DelayedDeleteRecords`).
#[derive(Clone, Debug)]
pub struct ParkedDelete {
    pub frame: Arc<Frame>,
    pub until: Instant,
    pub awaited: Vec<Awaited>,
    pub(super) response: DeleteRecordsResponse,
}
