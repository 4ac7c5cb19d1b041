//! What a user relies on, watched while a run goes on: each promise, whether it held, and where it was first broken.
//!
//! Some of these Kafka never makes without a condition: a learner may break them, and sees that. Two hold whatever
//! happens: within one generation of a group no partition has two owners, and what an idempotent producer wrote lies
//! once and in order. The hard invariants of [`check`](super::check()) hold them, with many others, against the model.

mod ledger;
mod owning;
mod reading;
mod written;

pub use ledger::{Break, Broke, Checked, PromiseState, Took};

use super::RecordIndex;
use super::intervals::Intervals;
use crate::event::EventKind;
use crate::ids::{BatchId, ClientId, EventId, PartitionNo, TopicNo};
use crate::simulation::Simulation;

use ledger::Ledger;
use owning::Owning;
use reading::Reading;
use written::Writing;

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PromiseKind {
    /// A record whose producer was told "done" is in the log. Broken with `acks=0` by a broker that died or refused,
    /// and by a fault that answers in the broker's place. Counted in records.
    AcknowledgedKept,
    /// A producer's records lie in a partition in the order of their sends. Broken by retries without idempotence and
    /// with more than one request in flight. Counted in batches.
    OrderKept,
    /// No record lies in the log twice. Broken by retries without idempotence. Counted in records.
    WrittenOnce,
    /// Within one generation of a group, no partition has two owners: a static member that comes back is the one it was.
    /// Never broken.
    OneOwner,
    /// No record is processed twice within a group. Broken by whoever dies, or loses its partition, between processing
    /// and committing, or sets the group back. Counted in records.
    ProcessedOnce,
    /// No record is passed over by a group's commits without having been processed. Broken by commits ahead of
    /// processing, as auto commit makes them, and a death in between. Counted in records.
    NoneSkipped,
}

impl PromiseKind {
    pub const ALL: [PromiseKind; 6] = [
        PromiseKind::AcknowledgedKept,
        PromiseKind::OrderKept,
        PromiseKind::WrittenOnce,
        PromiseKind::OneOwner,
        PromiseKind::ProcessedOnce,
        PromiseKind::NoneSkipped,
    ];
}

/// A promise and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Promise {
    pub kind: PromiseKind,
    pub state: PromiseState,
}

/// All promises of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Promises {
    ledger: Ledger,
    writing: Writing,
    owning: Owning,
    reading: Reading,
}

impl Promises {
    /// Every promise and how it stands, in the order of [`PromiseKind::ALL`].
    pub fn all(&self) -> [Promise; 6] {
        PromiseKind::ALL.map(|kind| Promise { kind, state: self.state(kind) })
    }

    pub const fn state(&self, kind: PromiseKind) -> PromiseState {
        self.ledger.state(kind)
    }

    /// What the promises were checked with so far.
    pub const fn checked(&self) -> Checked {
        self.ledger.checked
    }

    /// What broke promises, in the order in which it did.
    pub fn breaks(&self) -> impl DoubleEndedIterator<Item = &Break> {
        self.ledger.breaks()
    }

    /// What took a batch that left its deque in an event, and the event in which that was known.
    pub fn lost(&self, batch: BatchId, drained: EventId) -> Option<(EventId, Took)> {
        self.ledger.lost(batch, drained)
    }

    /// What broke a promise last.
    pub const fn last_break(&self, kind: PromiseKind) -> Option<Break> {
        self.ledger.last(kind)
    }

    /// The offsets that a consumer's group (or the consumer alone, when it has no group) has processed.
    pub fn processed(&self, client: ClientId, partition: PartitionNo) -> Option<&Intervals> {
        self.reading.processed(client, partition)
    }

    /// The offsets that the consumer's group has passed without processing them.
    pub fn skipped(&self, client: ClientId, partition: PartitionNo) -> Option<&Intervals> {
        self.reading.skipped(client, partition)
    }

    /// What a consumer's group has not processed of a partition from where it began up to `end`, what was passed by hand
    /// not counted.
    pub fn unprocessed(&self, client: ClientId, partition: PartitionNo, end: u64) -> Vec<(u64, u64)> {
        self.reading.unprocessed(client, partition, end)
    }

    /// What a consumer's group had not processed of a partition before its log began at `begin`, and had not passed over.
    pub fn unprocessed_before(&self, client: ClientId, partition: PartitionNo, begin: u64) -> Vec<(u64, u64)> {
        self.reading.unprocessed_before(client, partition, begin)
    }

    /// Whether a fault answered the producer with an error that no broker would have given.
    pub(super) fn was_lied_to(&self, client: ClientId) -> bool {
        self.writing.was_lied_to(client)
    }

    /// Whether the topic was deleted once: offsets in it mean nothing then.
    pub(super) fn is_deleted(&self, topic: TopicNo) -> bool {
        self.writing.is_deleted(topic)
    }

    pub(super) const fn alarmed(&self) -> bool {
        self.ledger.alarmed()
    }

    pub(super) fn begin(&mut self) {
        self.ledger.begin();
    }

    /// Takes in an event that the index has taken in; `handled` is the batch that a broker handled in it.
    pub(super) fn take(
        &mut self,
        id: EventId,
        kind: &EventKind,
        handled: Option<BatchId>,
        index: &RecordIndex,
        simulation: &Simulation,
    ) {
        self.writing.take(id, kind, handled, index, simulation, &mut self.ledger);
        self.owning.take(id, kind, simulation, &mut self.ledger);
        self.reading.take(id, kind, simulation, &mut self.ledger);
    }
}
