//! What must hold whatever happens: checked on the whole world after every move, in tests.
//!
//! Each of these has a deliberately broken model that it catches (`tests/broken_models`).

mod cluster;
mod consumers;
mod groups;
mod logs;
mod producers;

use super::Observers;
use crate::event::broker::BrokerEvent;
use crate::event::consumer::ConsumerEvent;
use crate::event::group::GroupEvent;
use crate::event::producer::ProducerEvent;
use crate::event::{Event, Family};
use crate::ids::{EventId, PartitionNo, TopicPartition};
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

type Checked = Result<(), Violation>;

fn violated(which: Invariant, sentence: impl Into<String>) -> Checked {
    Err(Violation { which, sentence: sentence.into() })
}

/// Checks the world after a move: what is cheap wholly, what is dear where the move's events touched it.
/// `first` is the number of the move's first event.
pub fn check(simulation: &Simulation, observers: &Observers, first: EventId, events: &[Event]) -> Checked {
    for (id, event) in (first.0..).map(EventId).zip(events) {
        if event.cause >= id {
            let sentence = format!("event {} has {} as its cause: {:?}", id.0, event.cause.0, event.kind);
            return violated(Invariant::CausesComeFirst, sentence);
        }
    }
    cluster::check(simulation)?;
    logs::check_watermarks(simulation)?;
    producers::check(simulation, observers)?;
    consumers::check(simulation)?;
    events.iter().try_for_each(|event| check_touched(simulation, observers, event))
}

/// What an event may have touched.
fn check_touched(simulation: &Simulation, observers: &Observers, event: &Event) -> Checked {
    match event.kind.family() {
        Family::Broker(event) => check_touched_by_broker(simulation, observers, event),
        Family::Producer(event) => check_touched_by_producer(simulation, observers, event),
        Family::Consumer(event) => check_touched_by_consumer(simulation, observers, event),
        Family::Group(event) => check_touched_by_group(simulation, event),
        // What they touch is checked after every move.
        Family::Program(_) | Family::Network(_) | Family::Hand(_) => Ok(()),
    }
}

fn check_touched_by_broker(simulation: &Simulation, observers: &Observers, event: BrokerEvent) -> Checked {
    use BrokerEvent::*;
    match event {
        BatchAppended(of) => {
            logs::check_appended(simulation, observers, of.partition, of.base_offset)?;
            groups::check_if_coordinators(simulation, of.partition)
        }
        DuplicateFound(_)
        | AppendRefused(_)
        | HighWatermarkMoved(_)
        | FetchParked(_)
        | FetchAnswered(_)
        | TopicCreated(_)
        | PartitionsAdded(_)
        | TopicDeleted(_)
        | LeaderChanged(_)
        | BrokerFenced(_)
        | BrokerRegistered(_) => Ok(()),
    }
}

fn check_touched_by_producer(simulation: &Simulation, observers: &Observers, event: ProducerEvent) -> Checked {
    use ProducerEvent::*;
    match event {
        BatchAcknowledged(of) => {
            logs::check_acknowledged(simulation, observers, of.batch, of.partition, of.base_offset, of.records)
        }
        SendCalled(_)
        | MetadataAwaited(_)
        | Serialized(_)
        | Partitioned(_)
        | MemoryAwaited(_)
        | Appended(_)
        | SendFailed(_)
        | BatchReady(_)
        | BatchDrained(_)
        | BatchSplit(_)
        | BatchRetried(_)
        | BatchExpired(_)
        | BatchFailed(_)
        | RecordAcknowledged(_)
        | RecordFailed(_)
        | ProducerIdRefused(_)
        | ProducerIdAssigned(_)
        | ProducerEpochBumped(_) => Ok(()),
    }
}

fn check_touched_by_consumer(simulation: &Simulation, observers: &Observers, event: ConsumerEvent) -> Checked {
    use ConsumerEvent::*;
    match event {
        RecordsReturned(of) => consumers::check_returned(simulation, observers, of.partition, of.position),
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
        | ConsumerPaused(_) => Ok(()),
    }
}

fn check_touched_by_group(simulation: &Simulation, event: GroupEvent) -> Checked {
    use GroupEvent::*;
    match event {
        GroupStateChanged(_) | AssignmentStored(_) | GroupLoaded(_) => groups::check_owners(simulation),
        MemberIdGiven(_)
        | MemberJoined(_)
        | MemberRemoved(_)
        | GenerationStarted(_)
        | OffsetCommitted(_)
        | OffsetCommitRefused(_) => Ok(()),
    }
}

/// Checks everything, however long it takes: for now and then, and for the end of a run.
pub fn check_all(simulation: &Simulation, observers: &Observers) -> Checked {
    check(simulation, observers, simulation.next_event(), &[])?;
    logs::check_all(simulation, observers)?;
    groups::check_owners(simulation)?;
    groups::check_logs(simulation)
}

/// The name of a partition, if its topic exists.
fn name_of(simulation: &Simulation, partition: PartitionNo) -> Option<TopicPartition> {
    let topic = simulation.names().topic(partition.topic);
    let exists = simulation.image().topics.contains_key(topic);
    exists.then(|| TopicPartition::new(topic, partition.partition))
}
