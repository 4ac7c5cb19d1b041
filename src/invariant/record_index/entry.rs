//! What the index keeps of a record and of a batch.

use std::sync::Arc;

use super::super::facts::{Attempt, Handled, RecordStage};
use crate::error::{Code, Failure};
use crate::event::{PartitionedBy, ReadyWhy};
use crate::ids::{EventId, ExceptionNo, PartitionNo, TopicNo};

/// No batch.
pub(super) const NONE: u32 = u32::MAX;
/// A size that is not known yet.
pub(super) const UNKNOWN: i32 = i32::MIN;

/// How a record stands; what its batch knows is not repeated here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Standing {
    #[default]
    Called,
    Serialized,
    Partitioned,
    Batched,
    Acknowledged,
    Failed,
    Threw,
}

/// One of these is kept for each record of a run: 48 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct RecordEntry {
    pub(super) called: EventId,
    pub(super) ended: EventId,
    pub(super) batch: u32,
    pub(super) index: u32,
    pub(super) key_bytes: i32,
    pub(super) value_bytes: i32,
    /// The offset, or the failure's number and above it the exception's.
    pub(super) result: i64,
    pub(super) by: Option<PartitionedBy>,
    pub(super) partition: i32,
    pub(super) topic: TopicNo,
    pub(super) standing: Standing,
}

impl RecordEntry {
    /// A failure and the words of its exception as a result.
    pub(super) fn failed(why: Failure, exception: ExceptionNo) -> i64 {
        let number = i32::try_from(why.number()).expect("failures have small numbers");
        i64::from(exception.0) << 32 | i64::from(number.cast_unsigned())
    }

    /// The failure that a result is.
    pub(super) fn failure(&self) -> (Failure, ExceptionNo) {
        let exception = u16::try_from(self.result >> 32).expect("as it was put in");
        (Failure::from_number(i64::from(self.result as i32)), ExceptionNo(exception))
    }
}

impl Default for RecordEntry {
    fn default() -> RecordEntry {
        RecordEntry {
            called: EventId::NONE,
            ended: EventId::NONE,
            batch: NONE,
            index: 0,
            key_bytes: UNKNOWN,
            value_bytes: UNKNOWN,
            result: -1,
            by: None,
            partition: -1,
            topic: TopicNo(0),
            standing: Standing::Called,
        }
    }
}

/// The records of a batch as runs of neighbouring numbers: (place in the batch, number of the record there).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Runs {
    Open(Vec<(u32, u32)>),
    /// The batch has left its deque: it takes no more records.
    Sealed(Arc<[(u32, u32)]>),
}

impl Runs {
    pub(super) fn as_slice(&self) -> &[(u32, u32)] {
        match self {
            Runs::Open(runs) => runs,
            Runs::Sealed(runs) => runs,
        }
    }

    pub(super) fn add(&mut self, index: u32, number: u32) {
        if let Runs::Sealed(runs) = self {
            *self = Runs::Open(runs.to_vec());
        }
        let Runs::Open(runs) = self else { return };
        let goes_on = runs.last().is_some_and(|(at, first)| number.checked_sub(*first) == index.checked_sub(*at));
        if !goes_on {
            runs.push((index, number));
        }
    }

    pub(super) fn seal(&mut self) {
        if let Runs::Open(runs) = self {
            *self = Runs::Sealed(Arc::from(std::mem::take(runs)));
        }
    }

    pub(super) fn number(&self, index: u32) -> Option<u32> {
        let runs = self.as_slice();
        let (at, first) = runs[..runs.partition_point(|(at, _)| *at <= index)].last()?;
        Some(first + (index - at))
    }

    /// The place of the record with a number: numbers ascend within a batch.
    pub(super) fn place(&self, number: u32) -> Option<u32> {
        let runs = self.as_slice();
        let (at, first) = runs[..runs.partition_point(|(_, first)| *first <= number)].last()?;
        let place = at + (number - first);
        (self.number(place) == Some(number)).then_some(place)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Batch {
    pub(super) partition: PartitionNo,
    pub(super) records: u32,
    pub(super) bytes: u32,
    pub(super) created: EventId,
    pub(super) ready: Option<(ReadyWhy, EventId)>,
    /// Acknowledged, failed, given up or split; `NONE`: not yet.
    pub(super) ended: EventId,
    pub(super) runs: Runs,
    pub(super) in_request: bool,
    /// The batch whose records these were until it was split; `NONE`: it was made of new records.
    pub(super) split_of: u32,
    pub(super) split_into: Option<u32>,
    pub(super) outcome: Option<Result<i64, Failure>>,
    pub(super) first: Option<Attempt>,
    /// Attempts behind the first.
    pub(super) more: Vec<Attempt>,
}

impl Batch {
    pub(super) fn new(partition: PartitionNo, created: EventId, split_of: u32) -> Batch {
        Batch {
            partition,
            records: 0,
            bytes: 0,
            created,
            ready: None,
            ended: EventId::NONE,
            runs: Runs::Open(Vec::new()),
            in_request: false,
            split_of,
            split_into: None,
            outcome: None,
            first: None,
            more: Vec::new(),
        }
    }

    pub(super) fn add_attempt(&mut self, attempt: Attempt) {
        match self.first {
            None => self.first = Some(attempt),
            Some(_) => self.more.push(attempt),
        }
    }

    /// Where it was written, once for each time.
    pub(super) fn written(&self) -> impl Iterator<Item = u64> {
        self.first.iter().chain(&self.more).filter_map(|attempt| match attempt.handled {
            Some((Handled::Written(base_offset), _)) => Some(base_offset),
            _ => None,
        })
    }

    pub(super) fn attempts_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Attempt> {
        self.first.iter_mut().chain(&mut self.more)
    }

    pub(super) fn answered(&mut self, code: Code, event: EventId) {
        if let Some(attempt) = self.attempts_mut().next_back().filter(|attempt| attempt.answered.is_none()) {
            attempt.answered = Some((code, event));
        }
    }
}

pub(super) fn stage(entry: &RecordEntry, batch: Option<&Batch>) -> RecordStage {
    match entry.standing {
        Standing::Called => RecordStage::Record,
        Standing::Serialized => RecordStage::Serialize,
        Standing::Partitioned => RecordStage::Partition,
        Standing::Batched if batch.is_some_and(|batch| batch.in_request) => RecordStage::Send,
        Standing::Batched => RecordStage::Accumulate,
        Standing::Acknowledged | Standing::Failed | Standing::Threw => RecordStage::Result,
    }
}
