//! Programs that poll, process and commit.

use std::collections::VecDeque;

use super::Written;
use crate::call::{ConsumerCall, ConsumerRecord, OffsetAndMetadata};
use crate::event::EventKind;
use crate::ids::{ClientId, EventId, PartitionNo, TopicPartition};
use crate::node::Outbox;
use crate::time::{Instant, Now};

pub use crate::script::CommitMode;

/// The polls of a `loop`, in milliseconds each.
pub const LOOP_POLL_MS: u64 = 40;

/// A loop that polls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConsumeProgram {
    /// The timeout of each poll, in milliseconds.
    pub poll_ms: u64,
    /// Microseconds that processing one record takes.
    pub process_us: u64,
    pub commit: CommitMode,
    /// Commits after each record, that record's offset + 1, in place of once after each batch of records.
    pub every_record: bool,
    /// What it reads is kept until somebody asks (`records`).
    pub collect: bool,
}

/// What a loop does next, or is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// Nothing of the last poll is left to do.
    Poll,
    /// There is a record to process.
    Process,
    /// The record at the front is processed; its commit comes next.
    CommitRecord,
    /// All records of the last poll are processed; their commit comes next.
    CommitBatch,
}

/// Where a loop that polls stands.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct PollLoop {
    pub(super) written: Written,
    program: ConsumeProgram,
    stage: Stage,
    /// Returned by `poll` and not processed.
    queue: VecDeque<(TopicPartition, u64)>,
    /// The record that was processed last, for its commit.
    processed: Option<(TopicPartition, u64)>,
    /// It does not poll again: what it holds is still processed and committed.
    is_stopping: bool,
}

pub(super) enum ConsumeNext {
    Call(ConsumerCall),
    /// Processes the record at the front, until then.
    Process(Instant),
    /// It was stopped, and nothing is left to do.
    Ended,
}

impl PollLoop {
    pub(super) const fn new(program: ConsumeProgram, written: Written) -> PollLoop {
        PollLoop { written, program, stage: Stage::Poll, queue: VecDeque::new(), processed: None, is_stopping: false }
    }

    /// It ends as soon as what it holds is processed and committed.
    pub(super) fn stop(&mut self) {
        self.is_stopping = true;
    }

    pub(super) const fn is_stopping(&self) -> bool {
        self.is_stopping
    }

    pub(super) const fn program(&self) -> &ConsumeProgram {
        &self.program
    }

    pub(super) const fn collects(&self) -> bool {
        self.program.collect
    }

    /// Whether records of the last poll are still to be processed or committed.
    pub(super) fn is_busy(&self) -> bool {
        self.stage != Stage::Poll
    }

    /// Whether the call that it is in, or makes next, is `poll`: one that throws ends the loop.
    pub(super) fn is_polling(&self) -> bool {
        self.stage == Stage::Poll
    }

    pub(super) fn left(&self) -> u32 {
        u32::try_from(self.queue.len()).unwrap_or(u32::MAX)
    }

    /// The record at the front.
    pub(super) fn current(&self) -> Option<(TopicPartition, u64)> {
        self.queue.front().cloned()
    }

    pub(super) fn next(&mut self, client: ClientId, now: Now, process_us: u64, out: &mut Outbox) -> ConsumeNext {
        loop {
            match self.stage {
                Stage::Poll if self.is_stopping => return ConsumeNext::Ended,
                Stage::Poll => return ConsumeNext::Call(ConsumerCall::Poll { timeout_ms: self.program.poll_ms }),
                Stage::Process if process_us > 0 => return ConsumeNext::Process(now.at.plus_micros(process_us)),
                Stage::Process => self.handle_processed(client, out),
                Stage::CommitRecord => return ConsumeNext::Call(self.commit_record()),
                Stage::CommitBatch => return ConsumeNext::Call(self.commit(None)),
            }
        }
    }

    /// Whether each record is committed when it is processed.
    fn commits_each(&self) -> bool {
        self.program.every_record && self.commits()
    }

    fn commits(&self) -> bool {
        matches!(self.program.commit, CommitMode::Sync | CommitMode::Async)
    }

    fn commit(&self, offsets: Option<Vec<(TopicPartition, OffsetAndMetadata)>>) -> ConsumerCall {
        match self.program.commit {
            CommitMode::Async => ConsumerCall::CommitAsync { offsets },
            _ => ConsumerCall::CommitSync { offsets, timeout_ms: None },
        }
    }

    fn commit_record(&self) -> ConsumerCall {
        let offsets = self.processed.clone().map(|(partition, offset)| {
            let next = i64::try_from(offset + 1).unwrap_or(i64::MAX);
            vec![(partition, OffsetAndMetadata { offset: next, leader_epoch: None, metadata: "".into() })]
        });
        self.commit(offsets)
    }

    /// The record at the front is done.
    pub(super) fn handle_processed(&mut self, client: ClientId, out: &mut Outbox) {
        let Some((partition, offset)) = self.queue.pop_front() else { return };
        let topic = out.names.intern_topic(&partition.topic);
        let number = PartitionNo { topic, partition: partition.partition };
        out.emit(
            EventId::NONE,
            EventKind::RecordsProcessed { client, partition: number, first: offset, last: offset, count: 1 },
        );
        self.processed = Some((partition, offset));
        self.stage = if self.commits_each() { Stage::CommitRecord } else { self.behind_record() };
    }

    /// What comes behind a record that is done.
    fn behind_record(&self) -> Stage {
        match self.queue.is_empty() {
            false => Stage::Process,
            true if self.commits() && !self.program.every_record => Stage::CommitBatch,
            true => Stage::Poll,
        }
    }

    /// `poll` returned. What is not processed one by one is processed already.
    pub(super) fn handle_polled(&mut self, polled: Vec<(TopicPartition, Vec<ConsumerRecord>)>, process_us: u64) {
        if polled.iter().all(|(_, records)| records.is_empty()) {
            self.stage = Stage::Poll;
            return;
        }
        if self.one_by_one(process_us) {
            for (partition, records) in &polled {
                self.queue.extend(records.iter().map(|record| (partition.clone(), record.offset)));
            }
        }
        self.stage = self.behind_record();
    }

    /// Whether records are processed one by one, rather than all at once when `poll` returns.
    pub(super) fn one_by_one(&self, process_us: u64) -> bool {
        process_us > 0 || self.commits_each()
    }

    /// A commit returned: the loop goes on.
    pub(super) fn handle_committed(&mut self) {
        self.stage = match self.stage {
            Stage::CommitRecord => self.behind_record(),
            _ => Stage::Poll,
        };
    }
}
