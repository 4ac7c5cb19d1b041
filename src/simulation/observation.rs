//! What a script line shows: the same facts that a real cluster is asked for.

use std::sync::Arc;

use crate::application::{Callback, SeenRecord, SendOutcome, TaskResult};
use crate::call::ListedOffset;
use crate::error::Exception;
use crate::ids::{BrokerId, TopicPartition};
use crate::sorted::SortedMap;

/// What a line, or a command by hand, showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The line's number in its script; 0 for a command by hand.
    pub line: u32,
    /// The name of the client that the line speaks of.
    pub client: Option<Arc<str>>,
    pub seen: Seen,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// A call or several of a client ended.
    Task(TaskResult),
    /// The calls of `send` returned; their outcomes come as [`Seen::Sent`], also later.
    Sends,
    /// The outcome of the `index`-th send of the line.
    Sent {
        index: u32,
        outcome: SendOutcome,
    },
    /// Open callbacks (`outcomes`).
    Pending(u32),
    Records(SortedMap<TopicPartition, Vec<SeenRecord>>),
    Callbacks(Vec<Callback>),
    Assignment(Vec<TopicPartition>),
    Generation {
        generation: i32,
        member_given: bool,
    },
    Topic(Vec<DescribedPartition>),
    Group(DescribedGroup),
    ListedOffsets(Vec<(TopicPartition, Result<ListedOffset, Exception>)>),
    GroupOffsets(Vec<(TopicPartition, Option<i64>)>),
    Log {
        partition: TopicPartition,
        segments: Vec<u64>,
        batches: Vec<DumpedBatch>,
    },
    GroupRecords(Vec<DumpedGroupRecord>),
    Producers(Vec<ActiveProducer>),
    Config(Vec<(Arc<str>, Option<Arc<str>>)>),
    LowWatermark(i64),
    /// An administrator's act succeeded.
    Done,
    /// The act, or the question, failed with Kafka's error.
    Failed(Exception),
    /// A client could not be made.
    NotConstructed(Exception),
    /// The model refuses the line: what and why.
    Refused(Arc<str>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedPartition {
    pub partition: i32,
    pub leader: Option<BrokerId>,
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    /// Eligible leader replicas, and the last known ones.
    pub elr: Vec<BrokerId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedGroup {
    pub group: Arc<str>,
    /// As Kafka prints it: `Stable`, `PreparingRebalance`.
    pub state: Arc<str>,
    /// The protocol chosen, while there is one.
    pub assignor: Option<Arc<str>>,
    pub members: Vec<DescribedMember>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedMember {
    pub client_id: Arc<str>,
    pub member_id: Arc<str>,
    pub instance: Option<Arc<str>>,
    pub assignment: Vec<TopicPartition>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpedBatch {
    pub base_offset: u64,
    pub last_offset: u64,
    pub count: u32,
    /// Producer id, epoch and base sequence, where it has them.
    pub producer: Option<(i64, i16, i32)>,
    pub transactional: bool,
    pub control: bool,
    pub compression: &'static str,
    pub leader_epoch: i32,
    pub log_append_time: bool,
    pub bytes: u32,
    pub records: Vec<SeenRecord>,
}

/// A record of a group in `__consumer_offsets`, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpedGroupRecord {
    /// Of its batch.
    pub base_offset: u64,
    pub offset: u64,
    pub key: bytes::Bytes,
    pub value: Option<bytes::Bytes>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveProducer {
    pub producer_id: i64,
    pub epoch: i16,
    pub last_sequence: i32,
}
