//! All that can happen, a line each, by families.
//!
//! [`EventKind`] is what is told and kept: one flat enumeration. [`Family`] is the same event as its readers take it: by
//! family, each event a struct with named fields, so that whoever reads a family matches it whole, and an event that is
//! new does not compile before every reader of its family says what it makes of it.

use crate::error::{Code, Failure};
use crate::event::{
    CallKind, CommitHow, CreatedWhy, ElectedWhy, FencedWhy, GroupState, IsrWhy, MemberGone, PartitionedBy, PositionWhy,
    ReadyWhy,
};
use crate::ids::{
    BatchId, BrokerId, BrokerSet, CallId, ClientId, ConnectionId, ExceptionNo, GroupNo, PartitionNo, Process, RecordId,
    TopicNo,
};
use crate::time::Instant;
use crate::wire::Api;

/// Declares the events, each once: as a variant of [`EventKind`], as a struct of its family's module, and as a variant of
/// its family's enumeration.
macro_rules! events {
    ($(
        $(#[$about:meta])*
        $family:ident, $module:ident, $Of:ident:
        $( $(#[$doc:meta])* $Event:ident { $($field:ident: $type:ty),* $(,)? } )*
    ;)*) => {
        /// All that can happen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind {
            $($( $(#[$doc])* $Event { $($field: $type),* }, )*)*
        }

        /// What happened, without of what: things of one name repeat each other.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventName {
            $($( $Event, )*)*
        }

        /// An event by its family.
        #[derive(Clone, Copy, Debug)]
        pub enum Family {
            $( $(#[$about])* $family($module::$Of), )*
        }

        $(
            $(#[$about])*
            pub mod $module {
                #[allow(clippy::wildcard_imports, reason = "the types of the fields, whatever a family has")]
                use super::*;

                $(
                    $(#[$doc])*
                    #[derive(Clone, Copy, Debug)]
                    pub struct $Event { $(pub $field: $type),* }
                )*

                $(#[$about])*
                #[derive(Clone, Copy, Debug)]
                pub enum $Of {
                    $( $(#[$doc])* $Event($Event), )*
                }
            }
        )*

        impl EventKind {
            /// What happened, without of what.
            pub const fn name(self) -> EventName {
                match self {
                    $($( EventKind::$Event { .. } => EventName::$Event, )*)*
                }
            }

            /// The event by its family, for who matches a family whole.
            pub const fn family(self) -> Family {
                match self {
                    $($(
                        EventKind::$Event { $($field),* } => {
                            Family::$family($module::$Of::$Event($module::$Event { $($field),* }))
                        }
                    )*)*
                }
            }
        }
    };
}

events! {
    /// The user's program: its calls, its processing.
    Program, program, ProgramEvent:
    /// A call into the client began.
    CallStarted { client: ClientId, call: CallId, kind: CallKind }
    /// A call came back; `ok` is false when it threw this exception.
    CallReturned { client: ClientId, call: CallId, kind: CallKind, ok: bool, exception: ExceptionNo }
    /// The program finished processing records that `poll` returned: `count` of them, offsets `first` to `last`.
    RecordsProcessed { client: ClientId, partition: PartitionNo, first: u64, last: u64, count: u32 }
    ;

    /// A producer: record, serialize, partition, accumulate, send, result.
    Producer, producer, ProducerEvent:
    /// Stage 1: `send` was called with this record. `partition` is the record's own, -1 when it names none.
    SendCalled { record: RecordId, topic: TopicNo, partition: i32 }
    /// `send` waits for the topic's metadata, up to `max.block.ms`.
    MetadataAwaited { client: ClientId, topic: TopicNo }
    /// Stage 2. Sizes in bytes; -1 is null.
    Serialized { record: RecordId, key_bytes: i32, value_bytes: i32 }
    /// Stage 3. `partition` is -1 when the accumulator will choose.
    Partitioned { record: RecordId, topic: TopicNo, partition: i32, partitions: i32, by: PartitionedBy }
    /// `send` waits for `buffer.memory`: bytes asked for, bytes free.
    MemoryAwaited { record: RecordId, bytes: u32, available: u64 }
    /// Stage 4: in a batch of its partition's deque. `index` counts from 0 within the batch; `bytes` is the batch's size now.
    Appended {
        record: RecordId, batch: BatchId, partition: PartitionNo, index: u32, bytes: u32, new_batch: bool,
        full: bool,
    }
    /// `send` failed before the record reached a batch: thrown, or as a failed future.
    SendFailed { record: RecordId, why: Failure, thrown: bool, exception: ExceptionNo }
    /// A batch may leave now.
    BatchReady { batch: BatchId, partition: PartitionNo, records: u32, bytes: u32, why: ReadyWhy }
    /// Stage 5: taken out of its deque into a request. `attempt` counts from 1; sequence -1 without idempotence.
    BatchDrained {
        batch: BatchId, partition: PartitionNo, broker: BrokerId, correlation_id: i32, attempt: u32, sequence: i32,
        records: u32,
    }
    /// Too large for the broker: split and put back as smaller ones, `into` of them.
    BatchSplit { batch: BatchId, partition: PartitionNo, into: u32 }
    /// Put back into its deque; tried again after `backoff_ms`.
    BatchRetried { batch: BatchId, partition: PartitionNo, attempt: u32, backoff_ms: u32, code: Code }
    /// `delivery.timeout.ms` passed since the batch was created.
    BatchExpired { batch: BatchId, partition: PartitionNo, records: u32 }
    BatchFailed { batch: BatchId, partition: PartitionNo, records: u32, why: Failure }
    /// The leader's answer, or with `acks=0` the written request: offset -1 then.
    BatchAcknowledged { batch: BatchId, partition: PartitionNo, base_offset: i64, records: u32 }
    /// Stage 6: the future is complete and the callback ran. Offset -1 with `acks=0`.
    RecordAcknowledged { record: RecordId, partition: PartitionNo, offset: i64 }
    RecordFailed { record: RecordId, partition: PartitionNo, why: Failure, exception: ExceptionNo }
    /// `InitProducerId` was answered with an error; `retried`: the producer asks again by itself.
    ProducerIdRefused { client: ClientId, code: Code, retried: bool }
    ProducerIdAssigned { client: ClientId, producer_id: i64, epoch: i16 }
    /// A gap in the sequences: the epoch is raised and sequences start at 0 again (KIP-360).
    ProducerEpochBumped { client: ClientId, producer_id: i64, epoch: i16 }
    ;

    /// Requests and connections. A message's ends are who opened its connection and who took it (`acceptor`).
    Network, network, NetworkEvent:
    ConnectionOpening { connection: ConnectionId, broker: BrokerId }
    ConnectionOpened { connection: ConnectionId, broker: BrokerId }
    ConnectionRefused { connection: ConnectionId, broker: BrokerId }
    /// Closed by either end, reset, or its broker died; `in_flight` requests were on it. `idle`: nothing had gone over it
    /// for `connections.max.idle.ms`.
    ConnectionClosed { connection: ConnectionId, broker: BrokerId, in_flight: u32, idle: bool }
    /// A message left; it arrives at `arrives_at` unless a fault takes it.
    RequestSent {
        connection: ConnectionId, acceptor: Process, api: Api, correlation_id: i32, bytes: u32, arrives_at: Instant,
    }
    RequestArrived { connection: ConnectionId, acceptor: Process, api: Api, correlation_id: i32 }
    ResponseSent {
        connection: ConnectionId, acceptor: Process, api: Api, correlation_id: i32, bytes: u32, arrives_at: Instant,
    }
    ResponseArrived { connection: ConnectionId, acceptor: Process, api: Api, correlation_id: i32 }
    /// `request.timeout.ms` passed without an answer: the client closes the connection.
    RequestTimedOut { connection: ConnectionId, broker: BrokerId, api: Api, correlation_id: i32 }
    MetadataUpdated { client: ClientId }
    /// The client knows who coordinates its group.
    CoordinatorFound { client: ClientId, broker: BrokerId }
    CoordinatorLost { client: ClientId }
    ;

    /// Brokers and their controller.
    Broker, broker, BrokerEvent:
    /// A batch is in the leader's log. `correlation_id` and `connection` tell which request brought it;
    /// `correlation_id` is -1 for what a group's coordinator wrote in its own time.
    BatchAppended {
        partition: PartitionNo, broker: BrokerId, connection: ConnectionId, correlation_id: i32, base_offset: u64,
        records: u32,
    }
    /// One of the last five batches of this producer again: nothing is written, the old offset is answered.
    DuplicateFound {
        partition: PartitionNo, broker: BrokerId, connection: ConnectionId, correlation_id: i32, base_offset: u64,
        sequence: i32,
    }
    AppendRefused {
        partition: PartitionNo, broker: BrokerId, connection: ConnectionId, correlation_id: i32, code: Code,
    }
    /// A Produce with `acks=all` is written, and waits until enough replicas have it, or until then.
    ProduceParked {
        partition: PartitionNo, broker: BrokerId, connection: ConnectionId, correlation_id: i32, until: Instant,
    }
    /// A follower has what its leader sent it in its log.
    FollowerAppended { partition: PartitionNo, broker: BrokerId, base_offset: u64, records: u32 }
    /// A follower cut off the end of its log, which its leader does not have: it ends at `offset` now.
    LogTruncated { partition: PartitionNo, broker: BrokerId, offset: u64, records: u32 }
    /// A leader asks the controller to change who is in sync: so many are, so many are to be.
    IsrChangeAsked { partition: PartitionNo, broker: BrokerId, before: u8, after: u8 }
    HighWatermarkMoved { partition: PartitionNo, broker: BrokerId, offset: u64 }
    /// Records below this offset were deleted by request: the log begins here now.
    RecordsDeleted { partition: PartitionNo, broker: BrokerId, offset: u64 }
    /// Fetch: nothing to read yet; parked until `min_bytes` or the wait expires.
    FetchParked { broker: BrokerId, connection: ConnectionId, correlation_id: i32, until: Instant }
    /// What a fetch response carries, in bytes; 0 is routine.
    FetchAnswered { broker: BrokerId, connection: ConnectionId, correlation_id: i32, bytes: u32 }
    TopicCreated { topic: TopicNo, partitions: u32, why: CreatedWhy }
    PartitionsAdded { topic: TopicNo, partitions: u32 }
    TopicDeleted { topic: TopicNo }
    /// -1: the partition has no leader.
    LeaderChanged { partition: PartitionNo, leader: i32, epoch: i32, why: ElectedWhy }
    /// Who is in sync now, who is eligible to lead although it is not, who left the in-sync replicas and who joined them.
    IsrChanged { partition: PartitionNo, leader: i32, isr: BrokerSet, eligible: BrokerSet, left: BrokerSet, joined: BrokerSet, why: IsrWhy }
    /// A partition is to have other replicas: which come and which go.
    ReassignmentBegan { partition: PartitionNo, adding: BrokerSet, removing: BrokerSet }
    /// It has them, or what had begun was taken back.
    ReassignmentEnded { partition: PartitionNo, replicas: BrokerSet, done: bool }
    /// The controller no longer counts on the broker.
    BrokerFenced { broker: BrokerId, why: FencedWhy }
    BrokerRegistered { broker: BrokerId }
    ;

    /// The group coordinator.
    Group, group, GroupEvent:
    GroupStateChanged { group: GroupNo, broker: BrokerId, from: GroupState, to: GroupState }
    /// `MEMBER_ID_REQUIRED` was answered: the client must join again under the id it was given.
    MemberIdGiven { group: GroupNo, client: ClientId }
    /// `JoinGroup` arrived and is held until all have joined.
    MemberJoined { group: GroupNo, client: ClientId, members: u32 }
    MemberRemoved { group: GroupNo, client: ClientId, why: MemberGone, members: u32 }
    GenerationStarted { group: GroupNo, generation: i32, members: u32, leader: ClientId }
    /// The leader's assignment arrived; everybody is answered.
    AssignmentStored { group: GroupNo, generation: i32 }
    OffsetCommitted { group: GroupNo, client: ClientId, partition: PartitionNo, offset: i64 }
    OffsetCommitRefused { group: GroupNo, client: ClientId, code: Code }
    /// A broker read the group's records again and is its coordinator now.
    GroupLoaded { group: GroupNo, broker: BrokerId, generation: i32, members: u32 }
    ;

    /// A consumer: reading, membership, commits.
    Consumer, consumer, ConsumerEvent:
    /// `poll` returned records of this partition: offsets from `first`, and the position behind them.
    RecordsReturned { client: ClientId, partition: PartitionNo, first: u64, position: u64, count: u32 }
    /// `poll` came back, with `records` in all.
    PollReturned { client: ClientId, call: CallId, records: u32 }
    PositionSet { client: ClientId, partition: PartitionNo, offset: u64, why: PositionWhy }
    /// The consumer asks to join its group.
    JoinStarted { client: ClientId, group: GroupNo }
    /// The answer to `JoinGroup`: this member's generation, and whether it leads.
    Joined { client: ClientId, group: GroupNo, generation: i32, leads: bool }
    /// The leader worked out who gets what.
    AssignmentComputed { client: ClientId, group: GroupNo, members: u32, partitions: u32 }
    /// `onPartitionsAssigned` ran with `partitions` of them.
    PartitionsAssigned { client: ClientId, group: GroupNo, generation: i32, partitions: u32 }
    PartitionsRevoked { client: ClientId, group: GroupNo, partitions: u32 }
    PartitionsLost { client: ClientId, group: GroupNo, partitions: u32 }
    /// One for each partition of the three above, in order.
    OwnerChanged { client: ClientId, partition: PartitionNo, owned: bool }
    HeartbeatAnswered { client: ClientId, group: GroupNo, code: Code }
    CommitStarted { client: ClientId, group: GroupNo, how: CommitHow, partitions: u32 }
    CommitSucceeded { client: ClientId, group: GroupNo, how: CommitHow }
    /// `retried`: the client sends it again by itself (commitSync on a retriable error).
    CommitFailed { client: ClientId, group: GroupNo, how: CommitHow, code: Code, retried: bool }
    /// `max.poll.interval.ms` passed between two polls: the client leaves its group.
    PollIntervalExceeded { client: ClientId, group: GroupNo }
    /// No heartbeat was answered for `session.timeout.ms`.
    SessionLost { client: ClientId, group: GroupNo }
    LeaveSent { client: ClientId, group: GroupNo }
    ConsumerPaused { client: ClientId, partition: PartitionNo, paused: bool }
    ;

    /// The user's hand: clients made and killed, faults, and what could not be done.
    Hand, hand, HandEvent:
    ClientStarted { client: ClientId, consumer: bool }
    ClientClosed { client: ClientId }
    /// Its process is gone without a close: it was killed, or its program ended by itself (`exited`).
    ClientKilled { client: ClientId, exited: bool }
    ProcessPaused { process: Process, paused: bool }
    /// Every broker and the controller stand still, or run again.
    ClusterPaused { paused: bool }
    /// Nothing gets over the way from one process to the other; `both`: nor back.
    LinkCut { from: Process, to: Process, both: bool }
    /// What goes over it takes so many milliseconds more.
    LinkSlowed { from: Process, to: Process, both: bool, ms: u32 }
    /// The way is as it was; `waiting` things that were sent meanwhile set out now.
    LinkMended { from: Process, to: Process, both: bool, waiting: u32 }
    /// The next message of that kind on that way will be held.
    HoldArmed { from: Process, to: Process, api: Api }
    /// It is held, and what follows in its direction of the connection with it.
    MessageHeld { connection: ConnectionId, from: Process, to: Process, api: Api, correlation_id: i32 }
    /// What was held on that way goes on: so many things.
    HoldReleased { from: Process, to: Process, waiting: u32 }
    BrokerCrashed { broker: BrokerId }
    BrokerStopped { broker: BrokerId }
    BrokerStarted { broker: BrokerId }
    /// A message fault waits for its message.
    FaultArmed { broker: BrokerId, api: Api, code: Code }
    /// A response was dropped: this direction of the connection is dark from here on.
    ResponseDropped { connection: ConnectionId, broker: BrokerId, api: Api, correlation_id: i32 }
    /// A request was answered with an error in place of being handled.
    ErrorAnswered { connection: ConnectionId, broker: BrokerId, api: Api, correlation_id: i32, code: Code }
    ProcessingChanged { client: ClientId, us_per_record: u64 }
    /// The administrator's request came back with an error: what it asked for was not done.
    AdminRefused { api: Api, why: Failure, exception: ExceptionNo }
    /// A client could not be made, by this line of the script's text: 0 for a command by hand.
    ConstructorThrew { line: u32, consumer: bool, exception: ExceptionNo }
    /// A chapter of the script's story begins, at this line by its number; from here on the next record of `follows` is
    /// followed.
    ChapterBegan { line: u32, follows: Option<ClientId> }
    /// The script cannot go on: this line of its text was not carried out, or waited in vain. 0: a run came to its limit, and no
    /// line is to blame.
    ScriptStopped { line: u32 }
    ;
}
