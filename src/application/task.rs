//! What a user does by hand, and what a line of a script says: tasks of one or several calls.

use std::sync::Arc;

use super::{ClientCall, Sends, Written};
use crate::call::{ConsumerCall, ConsumerRecord, Listener, OffsetAndMetadata, Outcome, ProducerCall, ProducerRecord};
use crate::error::Exception;
use crate::ids::TopicPartition;
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};

/// A task, numbered from 1 over the whole run in the order in which they were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u32);

/// How long a `poll` task waits for what it wants when nothing is said, in milliseconds.
const POLL_LIMIT_MS: u64 = 15_000;
/// The timeout of each of its polls.
pub const POLL_MS: u64 = 100;
/// The timeout of each poll that waits for an assignment. The 100 ms of a client that has just started are over when it
/// knows what its group has committed: it has read nothing yet when it is seen to be assigned.
const GLANCE_MS: u64 = 1;

/// Until when a `poll` task polls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Goal {
    /// So many records came; at most that many milliseconds.
    Records(u64, Option<u64>),
    /// For so many milliseconds.
    For(u64),
    /// Exactly so many polls, each with that timeout in milliseconds.
    Times(u32, u64),
    /// The assignment is exactly this (sorted); at most that many milliseconds.
    Assigned(Vec<TopicPartition>, Option<u64>),
}

#[derive(Clone, Debug, PartialEq, Hash)]
pub enum ProgramTask {
    Send(Sends),
    Flush,
    Close {
        timeout_ms: Option<u64>,
    },
    PartitionsForProducer {
        topic: Arc<str>,
    },
    /// One call of a consumer.
    Call(ConsumerCall),
    CloseConsumer {
        timeout_ms: Option<u64>,
        remain: Option<bool>,
    },
    Poll(Goal),
    Seek(Vec<(TopicPartition, i64)>),
    /// With the milliseconds that each may take.
    Position(Vec<TopicPartition>, u64),
    CurrentLag(Vec<TopicPartition>),
    /// No call: done as soon as the thread is between two calls.
    Between,
}

impl ProgramTask {
    /// Whether it says which partitions a consumer reads.
    pub const fn says_what_is_read(&self) -> bool {
        matches!(self, ProgramTask::Call(ConsumerCall::Subscribe { .. } | ConsumerCall::Assign { .. }))
    }
}

/// A record as a program saw it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SeenRecord {
    pub offset: u64,
    pub timestamp: i64,
    pub log_append_time: bool,
    pub key: Option<bytes::Bytes>,
    pub value: Option<bytes::Bytes>,
    pub headers: Arc<[(Arc<str>, Option<bytes::Bytes>)]>,
}

impl SeenRecord {
    pub fn of(record: &ConsumerRecord) -> SeenRecord {
        SeenRecord {
            offset: record.offset,
            timestamp: record.timestamp,
            log_append_time: record.log_append_time,
            key: record.key.clone(),
            value: record.value.clone(),
            headers: record.headers.clone(),
        }
    }
}

/// A callback that ran.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Callback {
    Rebalance {
        listener: Listener,
        partitions: Vec<TopicPartition>,
        commit: Option<Result<(), Exception>>,
    },
    CommitAsync {
        offsets: Vec<(TopicPartition, i64)>,
        error: Option<Exception>,
    },
    /// A loop's `poll` threw, which ended the loop.
    PollThrew(Exception),
}

/// What a `poll` task saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Polled {
    pub records: SortedMap<TopicPartition, Vec<SeenRecord>>,
    /// Of [`Goal::Times`]: how many records each poll gave.
    pub sizes: Option<Vec<u32>>,
    /// The wanted records did not come in time.
    pub gave_up: bool,
    pub threw: Option<Exception>,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TaskResult {
    Done,
    Threw(Exception),
    Polled(Polled),
    Positions(Vec<(TopicPartition, Option<i64>)>),
    CurrentLags(Vec<(TopicPartition, Option<i64>)>),
    Committed(Vec<(TopicPartition, Option<OffsetAndMetadata>)>),
    Offsets(Vec<(TopicPartition, Option<i64>)>),
    OffsetsAndTimestamps(Vec<(TopicPartition, Option<(i64, i64)>)>),
    Partitions(u32),
}

/// A task under way.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct Active {
    pub(super) id: TaskId,
    pub(super) written: Written,
    task: ProgramTask,
    /// Calls that have returned.
    returned: u32,
    records: u64,
    polled: Polled,
    numbers: Vec<(TopicPartition, Option<i64>)>,
    result: Option<TaskResult>,
    started: Instant,
    assignment: Vec<TopicPartition>,
    /// Milliseconds of polls in which the consumer has looked up the committed offsets of what it owns.
    looking_up_ms: u64,
}

impl Active {
    pub(super) fn new(id: TaskId, written: Written, task: ProgramTask, now: Now) -> Active {
        Active {
            id,
            written,
            task,
            returned: 0,
            records: 0,
            polled: Polled::default(),
            numbers: Vec::new(),
            result: None,
            started: now.at,
            assignment: Vec::new(),
            looking_up_ms: 0,
        }
    }

    /// The number of the call under way, from 0.
    pub(super) const fn index(&self) -> u32 {
        self.returned
    }

    pub(super) fn is_sync(&self) -> bool {
        matches!(&self.task, ProgramTask::Send(sends) if sends.is_sync())
    }

    /// The record of the send after the one under way, when this task makes another.
    pub(super) fn record_to_come(&self, under_way: bool, now: Now) -> Option<Arc<ProducerRecord>> {
        let ProgramTask::Send(sends) = &self.task else { return None };
        let index = self.returned + u32::from(under_way);
        (index < sends.times()).then(|| sends.record(index, now))
    }

    /// How many records this task is still to send.
    pub(super) fn records_to_come(&self, under_way: bool) -> u32 {
        let ProgramTask::Send(sends) = &self.task else { return 0 };
        sends.times().saturating_sub(self.returned + u32::from(under_way))
    }

    pub(super) const fn is_sending(&self) -> bool {
        matches!(self.task, ProgramTask::Send(_))
    }

    /// The next call; none when the task is done.
    pub(super) fn next(&mut self, now: Now) -> Option<ClientCall> {
        if self.result.is_some() {
            return None;
        }
        let index = self.returned as usize;
        let consumer = |call| Some(ClientCall::Consumer(call));
        match &self.task {
            ProgramTask::Send(sends) => (self.returned < sends.times())
                .then(|| ClientCall::Producer(ProducerCall::Send(sends.record(self.returned, now)))),
            ProgramTask::Flush => self.once(ClientCall::Producer(ProducerCall::Flush)),
            ProgramTask::Close { timeout_ms } => {
                self.once(ClientCall::Producer(ProducerCall::Close { timeout_ms: *timeout_ms }))
            }
            ProgramTask::PartitionsForProducer { topic } => {
                self.once(ClientCall::Producer(ProducerCall::PartitionsFor { topic: topic.clone() }))
            }
            ProgramTask::Call(call) => self.once(ClientCall::Consumer(call.clone())),
            ProgramTask::CloseConsumer { timeout_ms, remain } => {
                let call = ConsumerCall::Close { timeout_ms: *timeout_ms, remain: *remain };
                self.once(ClientCall::Consumer(call))
            }
            ProgramTask::Poll(goal) => self.next_poll(goal, now).and_then(consumer),
            ProgramTask::Seek(to) => to.get(index).and_then(|(partition, offset)| {
                consumer(ConsumerCall::Seek { partition: partition.clone(), offset: *offset })
            }),
            ProgramTask::Position(partitions, timeout_ms) => partitions.get(index).and_then(|partition| {
                consumer(ConsumerCall::Position { partition: partition.clone(), timeout_ms: Some(*timeout_ms) })
            }),
            ProgramTask::CurrentLag(partitions) => partitions
                .get(index)
                .and_then(|partition| consumer(ConsumerCall::CurrentLag { partition: partition.clone() })),
            ProgramTask::Between => None,
        }
    }

    fn once(&self, call: ClientCall) -> Option<ClientCall> {
        (self.returned == 0).then_some(call)
    }

    fn next_poll(&self, goal: &Goal, now: Now) -> Option<ConsumerCall> {
        let longest_ms = if self.watches_assignment() { GLANCE_MS } else { POLL_MS };
        let until = |limit_ms: u64| {
            let end = self.started.plus_millis(limit_ms);
            let left_ms = end.since(now.at) / 1000;
            (now.at < end).then(|| ConsumerCall::Poll { timeout_ms: left_ms.clamp(1, longest_ms) })
        };
        match goal {
            Goal::Times(times, timeout_ms) => {
                (self.returned < *times).then_some(ConsumerCall::Poll { timeout_ms: *timeout_ms })
            }
            Goal::For(ms) => until(*ms),
            Goal::Records(wanted, limit) if self.records < *wanted => until(limit.unwrap_or(POLL_LIMIT_MS)),
            Goal::Assigned(wanted, limit) if self.assignment != *wanted => until(limit.unwrap_or(POLL_LIMIT_MS)),
            // The poll that brought the assignment goes on.
            Goal::Assigned(..) if (1..POLL_MS).contains(&self.looking_up_ms) => {
                Some(ConsumerCall::Poll { timeout_ms: GLANCE_MS })
            }
            Goal::Records(..) | Goal::Assigned(..) => None,
        }
    }

    /// The consumer's assignment now, sorted: what [`Goal::Assigned`] compares with; and whether its committed offsets are known.
    pub(super) fn note_assignment(&mut self, assignment: Vec<TopicPartition>, looked_up: bool) {
        let looks_up = self.returned > 0 && !looked_up;
        self.looking_up_ms = if looks_up { self.looking_up_ms + GLANCE_MS } else { 0 };
        self.assignment = assignment;
    }

    pub(super) const fn watches_assignment(&self) -> bool {
        matches!(self.task, ProgramTask::Poll(Goal::Assigned(..)))
    }

    /// A call came back.
    pub(super) fn handle_returned(&mut self, outcome: Outcome) {
        self.returned += 1;
        match outcome {
            Outcome::Threw(exception) => self.handle_threw(exception),
            Outcome::Polled(records) => self.handle_polled(records),
            Outcome::Offsets(numbers) => match &self.task {
                ProgramTask::Position(..) | ProgramTask::CurrentLag(_) => self.numbers.extend(numbers),
                _ => self.result = Some(TaskResult::Offsets(numbers)),
            },
            Outcome::OffsetsAndTimestamps(found) => self.result = Some(TaskResult::OffsetsAndTimestamps(found)),
            Outcome::Committed(found) => self.result = Some(TaskResult::Committed(found)),
            Outcome::Partitions(found) => {
                self.result = Some(TaskResult::Partitions(u32::try_from(found.len()).unwrap_or(u32::MAX)));
            }
            Outcome::Done | Outcome::Sent(_) => {}
        }
    }

    fn handle_threw(&mut self, exception: Exception) {
        match &self.task {
            // The others are still sent: each call has its own outcome.
            ProgramTask::Send(_) => {}
            ProgramTask::Poll(_) => {
                self.polled.threw = Some(exception);
                self.result = Some(TaskResult::Polled(std::mem::take(&mut self.polled)));
            }
            _ => self.result = Some(TaskResult::Threw(exception)),
        }
    }

    fn handle_polled(&mut self, records: Vec<(TopicPartition, Vec<ConsumerRecord>)>) {
        let count: usize = records.iter().map(|(_, records)| records.len()).sum();
        self.records += count as u64;
        if matches!(self.task, ProgramTask::Poll(Goal::Times(..))) {
            let size = u32::try_from(count).unwrap_or(u32::MAX);
            self.polled.sizes.get_or_insert_default().push(size);
        }
        for (partition, records) in records {
            let seen = self.polled.records.entry(partition).or_default();
            seen.extend(records.iter().map(SeenRecord::of));
        }
    }

    /// How the task ended.
    pub(super) fn result(self) -> TaskResult {
        if let Some(result) = self.result {
            return result;
        }
        match self.task {
            ProgramTask::Poll(goal) => {
                let gave_up = matches!(goal, Goal::Records(wanted, _) if self.records < wanted);
                TaskResult::Polled(Polled { gave_up, ..self.polled })
            }
            ProgramTask::Position(..) => TaskResult::Positions(self.numbers),
            ProgramTask::CurrentLag(_) => TaskResult::CurrentLags(self.numbers),
            _ => TaskResult::Done,
        }
    }
}
