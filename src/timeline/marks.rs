//! What the whole-run strip and the lanes draw beside messages: faults, alarms, and who was busy when.

use super::index::Flags;
use crate::event::consumer::ConsumerEvent;
use crate::event::hand::HandEvent;
use crate::event::producer::ProducerEvent;
use crate::event::program::ProgramEvent;
use crate::event::{CallKind, Event, Family};
use crate::ids::{BatchId, ClientId};
use crate::sorted::SortedMap;
use crate::time::Instant;

/// A stretch of time in which a client was busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    pub client: ClientId,
    pub what: WorkKind,
    /// The moves in which it began and ended.
    pub began: u64,
    pub ended: Option<u64>,
    pub from: Instant,
    pub to: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkKind {
    /// The program processes records that a poll returned.
    Processing,
    /// A batch waits in its deque.
    Lingering(BatchId),
}

/// The marks of a branch.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    faults: Vec<(u64, Event)>,
    alarms: Vec<u64>,
    commands: Vec<u64>,
    works: Vec<Work>,
    /// Indexes of the works that have not ended.
    processing: SortedMap<ClientId, usize>,
    lingering: SortedMap<BatchId, usize>,
}

impl Marks {
    /// Faults of the user's making: the move, and what happened.
    pub fn faults(&self) -> &[(u64, Event)] {
        &self.faults
    }

    /// Moves in which a promise was broken.
    pub fn alarms(&self) -> &[u64] {
        &self.alarms
    }

    /// Moves that are the user's commands.
    pub fn commands(&self) -> &[u64] {
        &self.commands
    }

    /// In order of their beginning.
    pub fn works(&self) -> &[Work] {
        &self.works
    }

    pub(super) fn push(&mut self, number: u64, flags: Flags, events: &[Event]) {
        if flags.has(Flags::ALARM) {
            self.alarms.push(number);
        }
        if flags.has(Flags::COMMAND) {
            self.commands.push(number);
        }
        for event in events {
            if event.kind.facts().fault {
                self.faults.push((number, *event));
            }
            self.work(number, event);
        }
    }

    fn work(&mut self, number: u64, event: &Event) {
        match event.kind.family() {
            Family::Producer(of) => self.work_of_producer(number, event.at, of),
            Family::Program(of) => self.work_of_program(number, event.at, of),
            Family::Consumer(of) => self.work_of_consumer(number, event.at, of),
            Family::Hand(HandEvent::ClientKilled(of)) => {
                self.processing.remove(&of.client);
            }
            Family::Network(_) | Family::Broker(_) | Family::Group(_) | Family::Hand(_) => {}
        }
    }

    fn work_of_producer(&mut self, number: u64, at: Instant, event: ProducerEvent) {
        use ProducerEvent::*;
        match event {
            Appended(of) => {
                if of.new_batch {
                    self.lingering.insert(of.batch, self.works.len());
                    self.begin(of.batch.client, WorkKind::Lingering(of.batch), number, at);
                }
            }
            BatchDrained(of) => self.left(number, at, of.batch),
            BatchExpired(of) => self.left(number, at, of.batch),
            SendCalled(_)
            | MetadataAwaited(_)
            | Serialized(_)
            | Partitioned(_)
            | MemoryAwaited(_)
            | SendFailed(_)
            | BatchReady(_)
            | BatchSplit(_)
            | BatchRetried(_)
            | BatchFailed(_)
            | BatchAcknowledged(_)
            | RecordAcknowledged(_)
            | RecordFailed(_)
            | ProducerIdRefused(_)
            | ProducerIdAssigned(_)
            | ProducerEpochBumped(_) => {}
        }
    }

    /// A batch is in its deque no more.
    fn left(&mut self, number: u64, at: Instant, batch: BatchId) {
        if let Some(i) = self.lingering.remove(&batch) {
            (self.works[i].ended, self.works[i].to) = (Some(number), Some(at));
        }
    }

    fn work_of_program(&mut self, number: u64, at: Instant, event: ProgramEvent) {
        match event {
            ProgramEvent::CallStarted(of) => {
                if of.kind == CallKind::Poll {
                    self.processing.remove(&of.client);
                }
            }
            ProgramEvent::RecordsProcessed(of) => {
                if let Some(i) = self.processing.get(&of.client) {
                    (self.works[*i].ended, self.works[*i].to) = (Some(number), Some(at));
                }
            }
            ProgramEvent::CallReturned(_) => {}
        }
    }

    fn work_of_consumer(&mut self, number: u64, at: Instant, event: ConsumerEvent) {
        use ConsumerEvent::*;
        match event {
            RecordsReturned(of) => {
                if !self.processing.contains_key(&of.client) {
                    self.processing.insert(of.client, self.works.len());
                    self.begin(of.client, WorkKind::Processing, number, at);
                }
            }
            PollReturned(_)
            | PositionSet(_)
            | JoinStarted(_)
            | Joined(_)
            | AssignmentComputed(_)
            | PartitionsAssigned(_)
            | PartitionsRevoked(_)
            | PartitionsLost(_)
            | OwnerChanged(_)
            | HeartbeatAnswered(_)
            | CommitStarted(_)
            | CommitSucceeded(_)
            | CommitFailed(_)
            | PollIntervalExceeded(_)
            | SessionLost(_)
            | LeaveSent(_)
            | ConsumerPaused(_) => {}
        }
    }

    fn begin(&mut self, client: ClientId, what: WorkKind, number: u64, at: Instant) {
        self.works.push(Work { client, what, began: number, ended: None, from: at, to: None });
    }

    /// Forgets what came after a move.
    pub(super) fn truncate(&mut self, len: u64) {
        self.faults.retain(|(number, _)| *number <= len);
        self.alarms.retain(|number| *number <= len);
        self.commands.retain(|number| *number <= len);
        self.works.retain(|work| work.began <= len);
        (self.processing, self.lingering) = Default::default();
        for (i, work) in self.works.iter_mut().enumerate() {
            if work.ended.is_some_and(|ended| ended > len) {
                (work.ended, work.to) = (None, None);
            }
            if work.ended.is_none() {
                match work.what {
                    WorkKind::Processing => self.processing.insert(work.client, i),
                    WorkKind::Lingering(batch) => self.lingering.insert(batch, i),
                };
            }
        }
    }
}
