//! What may be a step of a story: the events that can be told, each with what it is about, in a few bytes.

use crate::error::Code;
use crate::event::broker::BrokerEvent;
use crate::event::consumer::ConsumerEvent;
use crate::event::group::GroupEvent;
use crate::event::hand::HandEvent;
use crate::event::network::NetworkEvent;
use crate::event::producer::ProducerEvent;
use crate::event::program::ProgramEvent;
use crate::event::{CommitHow, ElectedWhy, Event, EventName, Family};
use crate::ids::{BatchId, BrokerId, ClientId, ConnectionId, EventId, GroupNo, PartitionNo, RecordId};
use crate::wire::Api;

/// How much an event is worth to a reader whose record it does not concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Worth {
    /// A step: the user's deeds, alarms, commits, changes of a group.
    Step,
    /// A step the first time; where it happens again and again, it is counted.
    Consequence,
    /// Never a step, but counted: idle heartbeats, empty polls.
    Counted,
    /// Only a step of the record that it concerns.
    Own,
}

/// What an event is about, as far as following a record needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    Nothing,
    Record(RecordId),
    /// A record came into a batch, at this place of it.
    Batched {
        record: RecordId,
        batch: u32,
        index: u32,
        partition: PartitionNo,
    },
    Batch(BatchId),
    /// A batch went into a request.
    Drained {
        batch: BatchId,
        correlation_id: i32,
    },
    Request {
        client: ClientId,
        correlation_id: i32,
    },
    /// What a request brought lies in a log from this offset on.
    Written {
        client: ClientId,
        correlation_id: i32,
        partition: PartitionNo,
        base_offset: u32,
    },
    /// The record has its result at this offset.
    Acknowledged {
        record: RecordId,
        partition: PartitionNo,
        offset: u32,
    },
    /// Offsets of a partition, from the first to the one behind the last, in a reader's hands.
    Read {
        partition: PartitionNo,
        first: u32,
        end: u32,
    },
    Partition(PartitionNo),
    /// A member joined its group, or joined it again; how many it has now.
    Members {
        group: GroupNo,
        members: u32,
    },
    /// What a group has committed.
    Committed {
        group: GroupNo,
        partition: PartitionNo,
        offset: i64,
    },
    /// A chapter began, at this line; the next record of that producer is followed.
    Chapter {
        line: u32,
        follows: Option<ClientId>,
    },
}

/// An event that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Told {
    /// The move in which it happened; a run has at most 8,000,000.
    pub number: u32,
    pub event: EventId,
    pub name: EventName,
    /// Whose doing it was: a client, or a broker's negative number.
    pub actor: i32,
    pub worth: Worth,
    pub subject: Subject,
}

impl Told {
    /// Its place in the run: the move, and the event of it.
    pub fn place(&self) -> (u64, EventId) {
        (self.number.into(), self.event)
    }

    /// Its move, its kind and its actor: in one move the same is told once.
    pub(super) const fn here(&self) -> (u32, EventName, i32) {
        (self.number, self.name, self.actor)
    }

    /// A command of the user's that made nothing happen by itself: a step all the same.
    pub(super) fn of_command(number: u64, next: EventId) -> Told {
        let number = u32::try_from(number).expect("a run has at most 8,000,000 moves");
        let (name, worth, subject) = (EventName::CallStarted, Worth::Step, Subject::Nothing);
        Told { number, event: next, name, actor: 0, worth, subject }
    }

    /// What there is to tell of an event; none when it is never told as a step, nor counted.
    pub(super) fn of(number: u64, id: EventId, event: &Event, alarms: bool) -> Option<Told> {
        let (worth, subject) = weighed(event)?;
        let worth = if alarms { Worth::Step } else { worth };
        let place = event.kind.facts().place;
        let broker = place.broker.map_or(0, |BrokerId(id)| -id);
        let actor = place.client.map_or(broker, |client| i32::from(client.0));
        let number = u32::try_from(number).expect("a run has at most 8,000,000 moves");
        Some(Told { number, event: id, name: event.kind.name(), actor, worth, subject })
    }
}

type Weighed = Option<(Worth, Subject)>;

fn weighed(event: &Event) -> Weighed {
    match event.kind.family() {
        Family::Program(of) => of_program(of),
        Family::Producer(of) => of_producer(of),
        Family::Network(of) => of_network(of),
        Family::Broker(of) => of_broker(of),
        Family::Group(of) => of_group(of),
        Family::Consumer(of) => of_consumer(of),
        Family::Hand(of) => of_hand(of),
    }
}

fn of_program(event: ProgramEvent) -> Weighed {
    match event {
        ProgramEvent::CallReturned(of) if !of.ok => Some((Worth::Consequence, Subject::Nothing)),
        ProgramEvent::CallStarted(_) | ProgramEvent::CallReturned(_) => None,
        ProgramEvent::RecordsProcessed(of) => Some((Worth::Own, read(of.partition, of.first, of.last + 1))),
    }
}

fn of_producer(event: ProducerEvent) -> Weighed {
    use ProducerEvent::*;
    let own = |subject| Some((Worth::Own, subject));
    let consequence = |subject| Some((Worth::Consequence, subject));
    match event {
        SendCalled(of) => own(Subject::Record(of.record)),
        MetadataAwaited(_) | ProducerIdAssigned(_) => consequence(Subject::Nothing),
        Serialized(of) => own(Subject::Record(of.record)),
        Partitioned(of) => own(Subject::Record(of.record)),
        MemoryAwaited(of) => consequence(Subject::Record(of.record)),
        Appended(of) => {
            let (record, batch, index, partition) = (of.record, of.batch.number, of.index, of.partition);
            own(Subject::Batched { record, batch, index, partition })
        }
        SendFailed(of) => consequence(Subject::Record(of.record)),
        // That it went into a request says why it could leave.
        BatchReady(_) => None,
        BatchDrained(of) => own(Subject::Drained { batch: of.batch, correlation_id: of.correlation_id }),
        BatchSplit(of) => consequence(Subject::Batch(of.batch)),
        BatchRetried(of) => consequence(Subject::Batch(of.batch)),
        BatchExpired(of) => consequence(Subject::Batch(of.batch)),
        BatchFailed(of) => consequence(Subject::Batch(of.batch)),
        // Its records' results say the same, each with its offset.
        BatchAcknowledged(_) => None,
        RecordAcknowledged(of) => {
            let (record, partition) = (of.record, of.partition);
            let offset = u64::try_from(of.offset).ok();
            own(offset.map_or(Subject::Record(record), |offset| Subject::Acknowledged {
                record,
                partition,
                offset: small(offset),
            }))
        }
        RecordFailed(of) => consequence(Subject::Record(of.record)),
        ProducerIdRefused(_) | ProducerEpochBumped(_) => consequence(Subject::Nothing),
    }
}

fn of_network(event: NetworkEvent) -> Weighed {
    use NetworkEvent::*;
    match event {
        ConnectionRefused(_) | CoordinatorLost(_) => Some((Worth::Consequence, Subject::Nothing)),
        ConnectionClosed(of) if !of.idle && of.in_flight > 0 => Some((Worth::Consequence, Subject::Nothing)),
        // That a batch went into a request says that the request left.
        ConnectionOpening(_) | ConnectionOpened(_) | ConnectionClosed(_) | RequestSent(_) | MetadataUpdated(_) => None,
        RequestArrived(of) => of_message(of.api, of.connection, of.correlation_id),
        ResponseSent(of) => of_message(of.api, of.connection, of.correlation_id),
        ResponseArrived(of) => of_message(of.api, of.connection, of.correlation_id),
        RequestTimedOut(of) => Some((Worth::Consequence, request(of.connection, of.correlation_id))),
        CoordinatorFound(_) => Some((Worth::Counted, Subject::Nothing)),
    }
}

fn of_message(api: Api, connection: ConnectionId, correlation_id: i32) -> Weighed {
    (api == Api::Produce).then(|| (Worth::Own, request(connection, correlation_id)))
}

fn of_broker(event: BrokerEvent) -> Weighed {
    use BrokerEvent::*;
    match event {
        BatchAppended(of) if of.correlation_id >= 0 => {
            let (client, correlation_id) = (of.connection.client()?, of.correlation_id);
            let (partition, base_offset) = (of.partition, small(of.base_offset));
            Some((Worth::Own, Subject::Written { client, correlation_id, partition, base_offset }))
        }
        BatchAppended(_) | FollowerAppended(_) | HighWatermarkMoved(_) | FetchParked(_) | FetchAnswered(_) => None,
        ProduceParked(of) => Some((Worth::Own, request(of.connection, of.correlation_id))),
        LogTruncated(of) => Some((Worth::Step, Subject::Partition(of.partition))),
        IsrChangeAsked(of) => Some((Worth::Consequence, Subject::Partition(of.partition))),
        DuplicateFound(of) => Some((Worth::Step, request(of.connection, of.correlation_id))),
        AppendRefused(of) => Some((Worth::Consequence, request(of.connection, of.correlation_id))),
        TopicCreated(_) | PartitionsAdded(_) | TopicDeleted(_) | RecordsDeleted(_) => {
            Some((Worth::Step, Subject::Nothing))
        }
        // Who keeps a partition alone comes and goes with it; that there is a choice is worth telling each time.
        LeaderChanged(of) if !matches!(of.why, ElectedWhy::Only | ElectedWhy::Nobody | ElectedWhy::Still) => {
            Some((Worth::Step, Subject::Partition(of.partition)))
        }
        LeaderChanged(of) => Some((Worth::Consequence, Subject::Partition(of.partition))),
        IsrChanged(of) => Some((Worth::Step, Subject::Partition(of.partition))),
        ReassignmentBegan(of) => Some((Worth::Step, Subject::Partition(of.partition))),
        ReassignmentEnded(of) => Some((Worth::Step, Subject::Partition(of.partition))),
        BrokerFenced(_) => Some((Worth::Step, Subject::Nothing)),
        BrokerRegistered(_) => Some((Worth::Consequence, Subject::Nothing)),
    }
}

fn of_group(event: GroupEvent) -> Weighed {
    use GroupEvent::*;
    let step = Some((Worth::Step, Subject::Nothing));
    match event {
        // The grid of the group shows them.
        GroupStateChanged(_) | MemberIdGiven(_) | AssignmentStored(_) => None,
        MemberJoined(of) => Some((Worth::Consequence, Subject::Members { group: of.group, members: of.members })),
        MemberRemoved(of) => Some((Worth::Step, Subject::Members { group: of.group, members: of.members })),
        GenerationStarted(_) | OffsetCommitRefused(_) | GroupLoaded(_) => step,
        OffsetCommitted(of) => {
            let (group, partition, offset) = (of.group, of.partition, of.offset);
            Some((Worth::Step, Subject::Committed { group, partition, offset }))
        }
    }
}

fn of_consumer(event: ConsumerEvent) -> Weighed {
    use ConsumerEvent::*;
    let step = Some((Worth::Step, Subject::Nothing));
    match event {
        RecordsReturned(of) => Some((Worth::Own, read(of.partition, of.first, of.position))),
        PollReturned(of) => (of.records == 0).then_some((Worth::Counted, Subject::Nothing)),
        PositionSet(of) => Some((Worth::Own, Subject::Partition(of.partition))),
        // That the coordinator has taken it in says more.
        JoinStarted(_) | Joined(_) | OwnerChanged(_) => None,
        PartitionsAssigned(of) if of.partitions > 0 => Some((Worth::Consequence, Subject::Nothing)),
        // A member that gets nothing is what one looks for.
        AssignmentComputed(_) | PartitionsAssigned(_) | PartitionsLost(_) => step,
        PartitionsRevoked(of) if of.partitions == 0 => None,
        PartitionsRevoked(_) => Some((Worth::Consequence, Subject::Nothing)),
        HeartbeatAnswered(of) => {
            let worth = if of.code == Code::None { Worth::Counted } else { Worth::Consequence };
            Some((worth, Subject::Nothing))
        }
        CommitStarted(of) => of_commit(of.how),
        CommitSucceeded(of) => of_commit(of.how),
        CommitFailed(_) | PollIntervalExceeded(_) | SessionLost(_) | LeaveSent(_) | ConsumerPaused(_) => step,
    }
}

/// What the client commits by itself is told once, when it is stored.
fn of_commit(how: CommitHow) -> Weighed {
    (how != CommitHow::Auto).then_some((Worth::Consequence, Subject::Nothing))
}

fn of_hand(event: HandEvent) -> Weighed {
    use HandEvent::*;
    let step = Some((Worth::Step, Subject::Nothing));
    match event {
        ChapterBegan(of) => Some((Worth::Step, Subject::Chapter { line: of.line, follows: of.follows })),
        ResponseDropped(of) => Some((Worth::Step, request(of.connection, of.correlation_id))),
        // The commit that fails says so, to who asked for it.
        ErrorAnswered(of) if of.api == Api::OffsetCommit => Some((Worth::Own, Subject::Nothing)),
        ErrorAnswered(of) => Some((Worth::Step, request(of.connection, of.correlation_id))),
        ClusterPaused(_) | LinkCut(_) | LinkSlowed(_) | LinkMended(_) | HoldArmed(_) | HoldReleased(_) => step,
        MessageHeld(of) => Some((Worth::Step, request(of.connection, of.correlation_id))),
        ClientStarted(_) | ClientClosed(_) | ClientKilled(_) | ProcessPaused(_) | BrokerCrashed(_)
        | BrokerStopped(_) | BrokerStarted(_) | FaultArmed(_) | ProcessingChanged(_) | AdminRefused(_)
        | ConstructorThrew(_) | ScriptStopped(_) => step,
    }
}

/// What the cluster's own processes ask one another is no reader's.
const fn request(connection: ConnectionId, correlation_id: i32) -> Subject {
    match connection.client() {
        Some(client) => Subject::Request { client, correlation_id },
        None => Subject::Nothing,
    }
}

fn read(partition: PartitionNo, first: u64, end: u64) -> Subject {
    Subject::Read { partition, first: small(first), end: small(end) }
}

/// An offset: records of a run are far fewer than this holds.
fn small(offset: u64) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
