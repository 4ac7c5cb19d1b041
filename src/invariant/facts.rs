//! What is known of a record and of a batch: plain data, read from the [`RecordIndex`](super::RecordIndex).

use crate::error::{Code, Failure};
use crate::event::{PartitionedBy, ReadyWhy};
use crate::ids::{BatchId, BrokerId, ConnectionId, EventId, ExceptionNo, PartitionNo, TopicNo};
use crate::sorted::InOrder;

/// The six stages of a record's way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordStage {
    /// `send` was called with it.
    #[default]
    Record,
    /// Its key and value are bytes.
    Serialize,
    /// Its partition is chosen, or left to the accumulator.
    Partition,
    /// It lies in a batch of its partition's deque; again after a failed attempt.
    Accumulate,
    /// Its batch is in a request.
    Send,
    /// Its future is complete, or `send` failed.
    Result,
}

impl RecordStage {
    /// The number of its station on the page, 1 to 6.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }
}

/// A record's way so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordFacts {
    pub topic: TopicNo,
    /// The record's own partition, or the chosen one; none while it is open.
    pub partition: Option<i32>,
    pub partitioned_by: Option<PartitionedBy>,
    pub stage: RecordStage,
    /// Bytes of key and value once they are serialized; -1 is null.
    pub serialized: Option<(i32, i32)>,
    /// The batch, and the place in it from 0.
    pub batch: Option<(BatchId, u32)>,
    /// The event of its `send`.
    pub called: EventId,
    /// The event that completed it.
    pub ended: Option<EventId>,
    /// The offset that the producer was told (-1 with `acks=0`), or why it failed.
    pub outcome: Option<Result<i64, Failure>>,
    /// The words of the exception that it failed with.
    pub exception: ExceptionNo,
    /// `send` threw, in place of a failed future.
    pub thrown: bool,
}

impl RecordFacts {
    /// The partition that was chosen for it.
    pub fn at(&self) -> Option<PartitionNo> {
        Some(PartitionNo { topic: self.topic, partition: self.partition? })
    }
}

/// A batch's way so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchFacts {
    pub partition: PartitionNo,
    pub records: u32,
    /// Its size in bytes, as estimated when it last grew or became ready.
    pub bytes: u32,
    /// The event that made it: its first record's.
    pub created: EventId,
    /// Why it could leave at last, and the event that says so.
    pub ready: Option<(ReadyWhy, EventId)>,
    pub attempts: Vec<Attempt>,
    /// Into so many smaller ones, when it was too large.
    pub split_into: Option<u32>,
    /// The event that ended it: acknowledged, failed, given up or split.
    pub ended: Option<EventId>,
    /// The base offset that the producer was told (-1 with `acks=0`), or why it failed.
    pub outcome: Option<Result<i64, Failure>>,
}

impl BatchFacts {
    /// Where it lies in its partition's log: base offsets, one for each time it was written.
    pub fn written(&self) -> impl Iterator<Item = u64> {
        self.attempts.iter().filter_map(|attempt| match attempt.handled {
            Some((Handled::Written(base_offset), _)) => Some(base_offset),
            _ => None,
        })
    }

    /// The events of its way from when it could leave, in order.
    pub fn way(&self) -> Vec<EventId> {
        let of_attempt = |attempt: &Attempt| {
            let handled = attempt.handled.map(|(_, id)| id);
            let answered = attempt.answered.map(|(_, id)| id);
            [Some(attempt.ready), Some(attempt.drained), handled, answered]
        };
        let ends = [self.ready.map(|(_, id)| id), self.ended];
        let all = self.attempts.iter().flat_map(of_attempt).chain(ends).flatten();
        let mut way: Vec<EventId> = all.filter(|id| *id != EventId::NONE).collect();
        way.order();
        way.dedup();
        way
    }
}

/// What the leader made of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handled {
    /// Appended at this base offset.
    Written(u64),
    /// One of the producer's last five batches again: nothing was written, this offset is answered.
    Duplicate(u64),
    Refused(Code),
}

/// One request that carried a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    pub broker: BrokerId,
    pub correlation_id: i32,
    /// -1 without idempotence.
    pub sequence: i32,
    /// The event that says that the batch may leave; `NONE`: it left as its deque was emptied.
    pub ready: EventId,
    /// The event that took the batch out of its deque.
    pub drained: EventId,
    /// The connection that brought it, once the broker has handled it.
    pub connection: Option<ConnectionId>,
    /// What the broker made of it, and the event that says so; the producer may never learn it.
    pub handled: Option<(Handled, EventId)>,
    /// What the producer was told, or concluded, and the event that says so; `Code::None`: acknowledged.
    pub answered: Option<(Code, EventId)>,
}
