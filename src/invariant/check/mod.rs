//! What must hold whatever happens: checked on the whole world after every move, in tests.
//!
//! Each of these has a deliberately broken model that it catches (`tests/broken_models`).

mod cluster;
mod consumers;
mod groups;
mod invariants;
mod logs;
mod producers;

pub use invariants::{Invariant, Violation};

use super::Observers;
use crate::event::broker::BrokerEvent;
use crate::event::consumer::ConsumerEvent;
use crate::event::group::GroupEvent;
use crate::event::producer::ProducerEvent;
use crate::event::{Event, Family};
use crate::ids::EventId;
use crate::simulation::Simulation;
use invariants::{Checked, violated};

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
        | ProduceParked(_)
        | FollowerAppended(_)
        | LogTruncated(_)
        | IsrChangeAsked(_)
        | HighWatermarkMoved(_)
        | RecordsDeleted(_)
        | FetchParked(_)
        | FetchAnswered(_)
        | TopicCreated(_)
        | PartitionsAdded(_)
        | TopicDeleted(_)
        | LeaderChanged(_)
        | IsrChanged(_)
        | ReassignmentBegan(_)
        | ReassignmentEnded(_)
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
