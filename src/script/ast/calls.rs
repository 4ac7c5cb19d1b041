//! The calls that a script makes on clients by hand, as types.

use std::sync::Arc;

use crate::ids::TopicPartition;

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

impl Call {
    /// Whether it only looks at what the program has seen so far.
    pub const fn looks(&self) -> bool {
        matches!(self, Call::Outcomes | Call::Records { .. } | Call::Callbacks | Call::Assignment | Call::Generation)
    }

    /// Whether the program's thread carries it out. Looking needs none, and the process ends without it.
    pub const fn needs_thread(&self) -> bool {
        !self.looks() && !matches!(self, Call::Exit)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseOperation {
    LeaveGroup,
    RemainInGroup,
}

impl CloseOperation {
    pub(in crate::script) const ALL: &[(&str, CloseOperation)] =
        &[("leave_group", CloseOperation::LeaveGroup), ("remain_in_group", CloseOperation::RemainInGroup)];
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

impl ShowRecords {
    pub(in crate::script) const ALL: &[(&str, ShowRecords)] = &[
        ("all", ShowRecords::All),
        ("offsets", ShowRecords::Offsets),
        ("count", ShowRecords::Count),
        ("total", ShowRecords::Total),
    ];
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

impl Commit {
    /// The words for [`Commit::asynchronous`].
    pub(in crate::script) const WAYS: &[(&str, bool)] = &[("sync", false), ("async", true)];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Acknowledgement {
    Accept,
    Release,
    Reject,
    Renew,
}

impl Acknowledgement {
    pub(in crate::script) const ALL: &[(&str, Acknowledgement)] = &[
        ("accept", Acknowledgement::Accept),
        ("release", Acknowledgement::Release),
        ("reject", Acknowledgement::Reject),
        ("renew", Acknowledgement::Renew),
    ];
}

impl Call {
    /// Its verb: the first word of its line and the `what` of its observation.
    pub fn verb(&self) -> &'static str {
        match self {
            Call::Flush => "flush",
            Call::Close { .. } => "close",
            Call::Exit => "exit",
            Call::Outcomes => "outcomes",
            Call::Init => "init",
            Call::Begin => "begin",
            Call::CommitTransaction => "commit-transaction",
            Call::Abort => "abort",
            Call::SendOffsets { .. } => "send-offsets",
            Call::Subscribe(_) => "subscribe",
            Call::Unsubscribe => "unsubscribe",
            Call::Assign(_) => "assign",
            Call::Poll(_) => "poll",
            Call::Loop => "loop",
            Call::StopLoop => "stop-loop",
            Call::Records { .. } => "records",
            Call::Callbacks => "callbacks",
            Call::Commit(_) => "commit",
            Call::Seek(_) => "seek",
            Call::SeekToBeginning(_) => "seek-to-beginning",
            Call::SeekToEnd(_) => "seek-to-end",
            Call::Position { .. } => "position",
            Call::Committed { .. } => "committed",
            Call::Pause(_) => "pause",
            Call::Resume(_) => "resume",
            Call::CurrentLag(_) => "current-lag",
            Call::EndOffsets(_) => "end-offsets",
            Call::BeginningOffsets(_) => "beginning-offsets",
            Call::OffsetsForTimes(_) => "offsets-for-times",
            Call::Assignment => "assignment",
            Call::Generation => "generation",
            Call::EnforceRebalance => "enforce-rebalance",
            Call::PartitionsFor(_) => "partitions-for",
            Call::Acknowledge { .. } => "acknowledge",
        }
    }
}
