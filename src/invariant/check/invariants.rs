//! What must always hold, and how it is said that it does not.

use crate::ids::{PartitionNo, TopicPartition};
use crate::simulation::Simulation;

/// What must always hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// An event's cause has happened before it.
    CausesComeFirst,
    /// A partition is led by a broker that the controller counts on, and by no second one.
    LeadersAreAlive,
    /// The batches of a log follow one another without a gap, up to its end.
    OffsetsAreDense,
    /// Log start ≤ last stable offset ≤ high watermark ≤ log end; with one replica the high watermark is the end.
    WatermarksAreOrdered,
    /// An acknowledged record is in the leader's log at its offset, with the sizes it was serialized to.
    AcknowledgedIsReadable,
    /// What an idempotent producer wrote lies in its partition once, in the order of its sends.
    IdempotentIsOnceInOrder,
    /// Every record that a program sent has an outcome, or lies in a batch of its producer, or is being sent.
    SendsAreAccounted,
    /// `buffer.memory` is what is free, what batches hold and what a waiting thread has got.
    BufferIsAccounted,
    /// No connection has more than `max.in.flight.requests.per.connection` requests without an answer.
    InFlightIsBounded,
    /// What the index says of a record in an accumulator is where it lies.
    IndexAgrees,
    /// `poll` returns nothing that is not committed in the log.
    ReadsAreCommitted,
    /// A member owns nothing that its group's coordinator has not given it in this generation.
    OwnersAgree,
    /// Within a group, no partition is given to two members.
    OwnersAreUnique,
    /// A fresh coordinator that replays `__consumer_offsets` knows what the live one knows.
    LogIsTheGroup,
}

impl Invariant {
    pub const ALL: [Invariant; 14] = [
        Invariant::CausesComeFirst,
        Invariant::LeadersAreAlive,
        Invariant::OffsetsAreDense,
        Invariant::WatermarksAreOrdered,
        Invariant::AcknowledgedIsReadable,
        Invariant::IdempotentIsOnceInOrder,
        Invariant::SendsAreAccounted,
        Invariant::BufferIsAccounted,
        Invariant::InFlightIsBounded,
        Invariant::IndexAgrees,
        Invariant::ReadsAreCommitted,
        Invariant::OwnersAgree,
        Invariant::OwnersAreUnique,
        Invariant::LogIsTheGroup,
    ];
}

/// An invariant that does not hold, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub which: Invariant,
    pub sentence: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}", self.which, self.sentence)
    }
}

pub(super) type Checked = Result<(), Violation>;

pub(super) fn violated(which: Invariant, sentence: impl Into<String>) -> Checked {
    Err(Violation { which, sentence: sentence.into() })
}

/// The name of a partition, if its topic exists.
pub(super) fn name_of(simulation: &Simulation, partition: PartitionNo) -> Option<TopicPartition> {
    let topic = simulation.names().topic(partition.topic);
    let exists = simulation.image().topics.contains_key(topic);
    exists.then(|| TopicPartition::new(topic, partition.partition))
}
