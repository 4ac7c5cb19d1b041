//! The words of events: how, why and in which state.

/// How a partition was chosen (`BuiltInPartitioner`, `RoundRobinPartitioner`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartitionedBy {
    /// The record named it.
    Explicit,
    /// `murmur2` of the key bytes; the hash, signed as Java has it.
    Key {
        hash: i32,
    },
    /// No key (or `partitioner.ignore.keys`): left to the accumulator's sticky choice.
    Sticky,
    RoundRobin,
}

/// Why a batch may leave the accumulator (`RecordAccumulator.batchReady`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadyWhy {
    Full,
    /// `linger.ms` has passed.
    Linger,
    /// A thread waits for `buffer.memory`.
    Exhausted,
    Flush,
    Close,
    /// Another batch for the same broker was ready: one request takes a batch of each of its partitions.
    SameBroker,
    /// `retry.backoff.ms` has passed since the failed attempt, or the leader changed.
    Retry,
}

/// Why a topic is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CreatedWhy {
    /// By `CreateTopics`.
    Asked,
    /// A client asked for the metadata of a topic that was not there.
    Automatic,
    /// Kafka keeps something of its own in it, whatever `auto.create.topics.enable` says.
    Internal,
}

/// Why a consumer starts to read a partition where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PositionWhy {
    Committed,
    Earliest(ResetWhy),
    Latest(ResetWhy),
    ByDuration(ResetWhy),
    Seek,
    /// The log ended earlier than the position (truncation).
    Diverged,
}

/// Why a consumer's position was reset (`auto.offset.reset`, `seekToBeginning`, `seekToEnd`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResetWhy {
    /// Its group has committed no offset.
    #[default]
    NothingCommitted,
    /// It has no group that could have committed one.
    NoGroup,
    /// The log does not have the offset it wanted to read (`OFFSET_OUT_OF_RANGE`).
    OutOfRange,
    /// The program asked for it.
    Asked,
    /// The log has another past than the one that was read, and nobody knows from where on.
    Diverged,
}

/// The states of a classic group (`ClassicGroupState`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupState {
    #[default]
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    Dead,
}

impl GroupState {
    /// `ClassicGroupState.toString`.
    pub const fn name(self) -> &'static str {
        match self {
            GroupState::Empty => "Empty",
            GroupState::PreparingRebalance => "PreparingRebalance",
            GroupState::CompletingRebalance => "CompletingRebalance",
            GroupState::Stable => "Stable",
            GroupState::Dead => "Dead",
        }
    }
}

/// By what right a broker leads a partition (`PartitionChangeBuilder.electLeader`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElectedWhy {
    /// No replica that lives has all that is committed: there is no leader.
    Nobody,
    /// The first in-sync replica that lives, in the order of the replicas.
    InSync,
    /// The first of the replicas, which is in sync again.
    Preferred,
    /// Nobody is in sync, and it is among the eligible leader replicas (KIP-966).
    Eligible,
    /// Nobody is in sync or eligible, and it was the leader before: its log may lack what it had not flushed.
    LastKnown,
    /// It is none of these: what it does not have is lost (`unclean.leader.election.enable`).
    Unclean,
    /// It is the only replica.
    Only,
    /// It led before; the leader epoch is raised since replicas were taken away.
    Still,
}

/// Why the in-sync replicas of a partition are others now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IsrWhy {
    /// Its leader asked for it (`AlterPartition`): a follower has caught up, or has not kept up.
    Leader,
    /// A broker was fenced, or stops.
    Fenced,
    /// A broker came back without having stopped in good order: its log may lack what it had.
    Unclean,
    /// A new leader came from outside the in-sync replicas.
    Elected,
    /// The partition was given other replicas.
    Reassigned,
    /// `min.insync.replicas` was changed: who is eligible is found out anew.
    MinIsr,
}

/// Why the controller fenced a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FencedWhy {
    /// No heartbeat within `broker.session.timeout.ms`.
    SessionExpired,
    /// At its own wish, as it stops (`wantShutDown`).
    Stopping,
    /// Its process is a new one, and its controller's too: the former one's session is over.
    StartedAgain,
}

/// Why a member is no longer in its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberGone {
    Left,
    SessionExpired,
    /// It did not join again within the rebalance timeout.
    NotRejoined,
    /// It did not send `SyncGroup` within the rebalance timeout.
    NotSynced,
    /// A static member came back under a new member id.
    Replaced,
    Removed,
}

/// Who asked for a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommitHow {
    /// `enable.auto.commit`, inside `poll`, before a rebalance or at close.
    Auto,
    Sync,
    Async,
}

/// The calls of an application, for events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallKind {
    Send,
    Flush,
    Close,
    PartitionsFor,
    Subscribe,
    Unsubscribe,
    Assign,
    Poll,
    CommitSync,
    CommitAsync,
    Seek,
    SeekToBeginning,
    SeekToEnd,
    Position,
    Committed,
    Pause,
    Resume,
    BeginningOffsets,
    EndOffsets,
    OffsetsForTimes,
    CurrentLag,
    EnforceRebalance,
}
