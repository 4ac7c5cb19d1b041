//! Clients and the calls that a script makes on them by hand, as types.

use std::sync::Arc;

use crate::ids::TopicPartition;

use super::ast::Property;

/// `producer p1 acks=1 linger.ms=5`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClient {
    /// Also its `client.id`, unless a property says otherwise.
    pub id: Arc<str>,
    pub kind: ClientKind,
    pub properties: Vec<Property>,
    /// `on-revoked=commit-sync`: its rebalance listener commits what it read before partitions are taken from it.
    pub commit_on_revoked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientKind {
    Producer,
    Consumer,
    ShareConsumer,
}

pub(super) const ANY_KIND: &[ClientKind] = &[ClientKind::Producer, ClientKind::Consumer, ClientKind::ShareConsumer];

impl ClientKind {
    /// The verb that makes one.
    pub fn verb(self) -> &'static str {
        match self {
            ClientKind::Producer => "producer",
            ClientKind::Consumer => "consumer",
            ClientKind::ShareConsumer => "share-consumer",
        }
    }
}

/// One call on a client by its user's program. Each may take virtual time; the next line begins when it has returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    Flush,
    Close {
        timeout_ms: Option<u64>,
        operation: Option<CloseOperation>,
    },
    /// The program ends with no close.
    Exit,
    /// How many callbacks are still open.
    Outcomes,
    /// `initTransactions`
    Init,
    /// `beginTransaction`
    Begin,
    CommitTransaction,
    /// `abortTransaction`
    Abort,
    /// `sendOffsetsToTransaction`; no offsets: the consumer's positions.
    SendOffsets {
        consumer: Arc<str>,
        offsets: Vec<(TopicPartition, i64)>,
        generation: Option<i32>,
        /// False for `member=no`: the group's metadata is made of its id alone.
        member: bool,
    },
    Subscribe(Subscription),
    Unsubscribe,
    /// No partitions: assigned to nothing.
    Assign(Vec<TopicPartition>),
    Poll(Poll),
    /// Polls of 40 ms in the background of the script, in the client's own thread.
    Loop,
    /// Ends whatever loop the client's program is in.
    StopLoop,
    /// What its loop has read since last asked.
    Records {
        show: ShowRecords,
    },
    /// What its listener and its commit callbacks were told since last asked.
    Callbacks,
    Commit(Commit),
    Seek(Vec<(TopicPartition, i64)>),
    SeekToBeginning(Vec<TopicPartition>),
    SeekToEnd(Vec<TopicPartition>),
    Position {
        partitions: Vec<TopicPartition>,
        timeout_ms: Option<u64>,
    },
    Committed {
        partitions: Vec<TopicPartition>,
        timeout_ms: Option<u64>,
    },
    Pause(Vec<TopicPartition>),
    Resume(Vec<TopicPartition>),
    CurrentLag(Vec<TopicPartition>),
    EndOffsets(Vec<TopicPartition>),
    BeginningOffsets(Vec<TopicPartition>),
    /// Timestamps in milliseconds since 1970.
    OffsetsForTimes(Vec<(TopicPartition, i64)>),
    Assignment,
    Generation,
    EnforceRebalance,
    PartitionsFor(Arc<str>),
    Acknowledge {
        how: Acknowledgement,
        partition: TopicPartition,
        offsets: Vec<i64>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseOperation {
    LeaveGroup,
    RemainInGroup,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// At least one.
    Topics(Vec<Arc<str>>),
    /// `pattern:order-.*`: a Java pattern that the client matches.
    Pattern(Arc<str>),
    /// `re2j:…`: a pattern that the coordinator matches.
    Re2j(Arc<str>),
}

/// `poll c1 until=5`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    pub goal: PollGoal,
    /// The limit of all polls in milliseconds, or of each for [`PollGoal::Times`]; None: 15,000.
    pub timeout_ms: Option<u64>,
    pub show: ShowRecords,
}

impl Poll {
    pub const DEFAULT_TIMEOUT_MS: u64 = 15_000;

    /// The limit in milliseconds that holds.
    pub fn limit_ms(&self) -> u64 {
        match self.goal {
            PollGoal::ForMs(ms) => ms,
            _ => self.timeout_ms.unwrap_or(Poll::DEFAULT_TIMEOUT_MS),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PollGoal {
    /// Polls of at most 100 ms until that many records came; not said: 1.
    Records(u32),
    /// Polls for that many milliseconds, whatever comes.
    ForMs(u64),
    /// Exactly that many single polls.
    Times(u32),
    /// Polls until exactly these partitions are assigned; empty: until none are.
    Assigned(Vec<TopicPartition>),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ShowRecords {
    #[default]
    All,
    Offsets,
    Count,
    Total,
}

/// `commit c1 sync orders-0=5`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// `commitAsync` rather than `commitSync`.
    pub asynchronous: bool,
    /// Empty: all that was read (`commitSync()`).
    pub offsets: Vec<(TopicPartition, i64)>,
    pub metadata: Option<Arc<str>>,
    /// That many letters `m` as metadata.
    pub metadata_size: Option<u32>,
    pub timeout_ms: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Acknowledgement {
    Accept,
    Release,
    Reject,
    Renew,
}

/// `consume-loop c1 poll_ms=100 process_us=2000 commit=sync commit-every=batch`: a program that polls, processes each
/// record, and commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumeLoop {
    pub client: Arc<str>,
    /// The timeout of each poll in milliseconds; not said: 100.
    pub poll_ms: u64,
    /// Microseconds that each record takes; not said: 0.
    pub process_us: u64,
    pub commit: CommitMode,
    pub every: CommitEvery,
}

impl ConsumeLoop {
    pub const DEFAULT_POLL_MS: u64 = 100;
}

/// Who commits, and by which call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CommitMode {
    /// The client by itself, as `enable.auto.commit` says: the program commits nothing.
    #[default]
    Auto,
    /// `commitSync` after processing.
    Sync,
    /// `commitAsync` after processing.
    Async,
    /// Nobody: the program commits nothing, and means it.
    None,
}

impl CommitMode {
    pub const ALL: &'static [(&'static str, CommitMode)] = &[
        ("auto", CommitMode::Auto),
        ("sync", CommitMode::Sync),
        ("async", CommitMode::Async),
        ("none", CommitMode::None),
    ];

    pub fn name(self) -> &'static str {
        super::sends::name_of(self, CommitMode::ALL)
    }
}

/// After what a program commits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CommitEvery {
    /// After all records of a poll: `commitSync()`.
    #[default]
    Batch,
    /// After each record, with its offset + 1.
    Record,
}

impl CommitEvery {
    pub const ALL: &'static [(&'static str, CommitEvery)] =
        &[("batch", CommitEvery::Batch), ("record", CommitEvery::Record)];
}
