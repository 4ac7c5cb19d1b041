//! The methods of a call, each with its place in it: what a step of it finds and leaves. The steps are beside.

use std::sync::Arc;

use super::super::membership::state::Offsets;
use crate::call::{Listener, PartitionLeaders};
use crate::error::Exception;
use crate::event::CommitHow;
use crate::ids::{CallId, TopicPartition};
use crate::java::JavaHashMap;
use crate::sorted::SortedSet;
use crate::time::Now;

/// A poll and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PollTask {
    pub deadline_ms: u64,
    pub stage: PollStage,
}

/// The stages of a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PollStage {
    /// Callbacks, heartbeat, coordinator (`ConsumerCoordinator.poll`).
    Coordinator,
    CoordinatorReady,
    /// The join was driven one step.
    Joined,
    /// A manually assigned consumer had no broker to talk to and waited for metadata.
    Reconnected,
    /// `updateFetchPositions`.
    Positions,
    PositionsUpdated,
    /// What is there is returned; else a fetch is sent, and waited for.
    Fetch,
    /// The network client came back.
    Collect,
}

/// `ensureCoordinatorReady(timer)`: returns whether the coordinator is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnsureCoordinatorTask {
    pub deadline_ms: u64,
    pub attempts: u32,
    pub stage: EnsureStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EnsureStage {
    Start,
    /// The look-up is awaited.
    Asked,
    /// The backoff after a failed look-up is over: metadata first.
    Refresh,
    /// Whether to look again.
    Again,
}

/// `awaitMetadataUpdate(timer)`: returns whether the metadata was updated.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AwaitMetadataTask {
    pub version: u32,
    pub deadline_ms: u64,
    pub polled: bool,
}

impl EnsureCoordinatorTask {
    pub const fn new(deadline_ms: u64) -> EnsureCoordinatorTask {
        EnsureCoordinatorTask { deadline_ms, attempts: 0, stage: EnsureStage::Start }
    }
}

/// `joinGroupIfNeeded(timer)`, behind `ensureCoordinatorReady`: returns whether the group is joined.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JoinTask {
    pub deadline_ms: u64,
    pub attempts: u32,
    pub stage: JoinStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinStage {
    Start,
    /// Whether there is (still) something to join.
    Loop,
    CoordinatorReady,
    Prepared,
    Joining,
}

/// `onJoinPrepare(timer, …)`: returns whether it is done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JoinPrepareTask {
    pub deadline_ms: u64,
    pub stage: PrepareStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrepareStage {
    Start,
    CommitSent,
    CommitAwaited,
    GiveUp,
    Revoke,
    Revoked,
}

/// A method of the rebalance listener, `onPartitionsRevoked` with its commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListenerTask {
    pub which: Listener,
    pub partitions: SortedSet<TopicPartition>,
    pub started: bool,
    pub failed: Option<Exception>,
}

impl JoinTask {
    pub const fn new(deadline_ms: u64) -> JoinTask {
        JoinTask { deadline_ms, attempts: 0, stage: JoinStage::Start }
    }
}

impl ListenerTask {
    pub const fn new(which: Listener, partitions: SortedSet<TopicPartition>) -> ListenerTask {
        ListenerTask { which, partitions, started: false, failed: None }
    }

    /// The listener catches what its commit throws.
    pub fn caught(&mut self, exception: &Exception) -> bool {
        self.failed = Some(exception.clone());
        true
    }
}

/// `commitOffsetsSync`: returns whether it was done in time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommitSyncTask {
    pub offsets: Offsets,
    pub timeout_ms: u64,
    pub deadline_ms: u64,
    /// Whether running out of time is an exception, as for `KafkaConsumer.commitSync`.
    pub throws_timeout: bool,
    pub how: CommitHow,
    pub attempts: u32,
    pub commit: u32,
    pub stage: SyncStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SyncStage {
    Start,
    CoordinatorReady,
    Sent,
    Again,
    /// Nothing to commit: only the callbacks of earlier commits are waited for.
    Drain,
    DrainPolled,
    DrainAgain,
}

/// `commitOffsetsAsync`: returns the commit's number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommitAsyncTask {
    pub offsets: Offsets,
    pub how: CommitHow,
    /// None: the consumer's own commit.
    pub call: Option<CallId>,
    pub awaited: bool,
    pub looked_up: bool,
}

impl CommitSyncTask {
    pub fn new(offsets: Offsets, timeout_ms: u64, throws_timeout: bool, how: CommitHow, now: Now) -> CommitSyncTask {
        CommitSyncTask {
            offsets,
            timeout_ms,
            deadline_ms: now.ms().saturating_add(timeout_ms),
            throws_timeout,
            how,
            attempts: 0,
            commit: 0,
            stage: SyncStage::Start,
        }
    }

    /// With the timer of a close in place of its own.
    pub fn until(self, deadline_ms: u64) -> CommitSyncTask {
        CommitSyncTask { deadline_ms, ..self }
    }

    /// Java's `Map<TopicPartition, OffsetAndMetadata>.toString`, in its order: of the program's own map, not of the copy
    /// that is committed. Partitions of one bucket are told in their own order, where Java tells them as they were put in.
    pub fn describe(&self) -> String {
        let mut map = JavaHashMap::new();
        for (partition, offset) in self.offsets.iter() {
            map.insert(partition.clone(), offset);
        }
        let entries: Vec<String> = map
            .iter()
            .map(|(partition, offset)| {
                let epoch = offset.leader_epoch.map_or("null".to_owned(), |epoch| epoch.to_string());
                let (offset, metadata) = (offset.offset, &offset.metadata);
                format!("{partition}=OffsetAndMetadata{{offset={offset}, leaderEpoch={epoch}, metadata='{metadata}'}}")
            })
            .collect();
        format!("{{{}}}", entries.join(", "))
    }
}

impl CommitAsyncTask {
    pub const fn new(offsets: Offsets, how: CommitHow, call: Option<CallId>, awaited: bool) -> CommitAsyncTask {
        CommitAsyncTask { offsets, how, call, awaited, looked_up: false }
    }
}

/// `fetchCommittedOffsets`: returns them if they came in time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FetchCommittedTask {
    pub partitions: Arc<SortedSet<TopicPartition>>,
    pub deadline_ms: u64,
    pub attempts: u32,
    pub stage: FetchStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FetchStage {
    Start,
    Loop,
    CoordinatorReady,
    Asked,
    Again,
}

/// `updateFetchPositions`: returns false when it ran out of time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UpdatePositionsTask {
    pub deadline_ms: u64,
    pub fetched: bool,
}

/// `position(partition, timeout)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PositionTask {
    pub partition: TopicPartition,
    pub timeout_ms: u64,
    pub deadline_ms: u64,
    pub stage: PositionStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PositionStage {
    Look,
    /// Positions were updated: the network is polled.
    Updated,
    /// It was.
    Polled,
}

/// `committed(partitions, timeout)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommittedTask {
    pub partitions: Vec<TopicPartition>,
    pub timeout_ms: u64,
    pub deadline_ms: u64,
    pub asked: bool,
}

/// What a call wants of `ListOffsets`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListWhat {
    /// `beginningOffsets`, `endOffsets`.
    Offsets,
    /// `offsetsForTimes`.
    Times,
}

/// `fetchOffsetsByTimes`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListOffsetsTask {
    pub what: ListWhat,
    /// All that was asked for, in the caller's order, with its target time.
    pub wanted: Arc<[(TopicPartition, i64)]>,
    pub begun_ms: u64,
    pub deadline_ms: u64,
    pub stage: ListStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListStage {
    Ask,
    Asked,
    Refreshed,
}

impl FetchCommittedTask {
    pub fn new(partitions: SortedSet<TopicPartition>, deadline_ms: u64) -> FetchCommittedTask {
        FetchCommittedTask { partitions: Arc::new(partitions), deadline_ms, attempts: 0, stage: FetchStage::Start }
    }
}

impl UpdatePositionsTask {
    pub const fn new(deadline_ms: u64) -> UpdatePositionsTask {
        UpdatePositionsTask { deadline_ms, fetched: false }
    }
}

/// `partitionsFor(topic, timeout)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionsForTask {
    pub topic: Arc<str>,
    pub deadline_ms: u64,
    pub attempts: u32,
    pub asked: bool,
    /// Partitions with their leaders, or why there are none.
    pub answer: Option<Result<PartitionLeaders, Exception>>,
}

/// `close(option)` without a timeout of its own, in milliseconds (`DEFAULT_CLOSE_TIMEOUT_MS`).
pub const DEFAULT_CLOSE_TIMEOUT_MS: u64 = 30_000;

/// `onLeavePrepare`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LeavePrepareTask {
    pub called: bool,
}

/// `unsubscribe`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnsubscribeTask {
    pub prepared: bool,
}

/// `close(option)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CloseTask {
    pub timeout_ms: u64,
    pub remain: Option<bool>,
    pub begun_ms: u64,
    pub deadline_ms: u64,
    pub stage: CloseStage,
    pub failed: Option<Exception>,
}

/// The stages of a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseStage {
    /// Positions are committed, with `enable.auto.commit`.
    Commit,
    Committed,
    /// Asynchronous commits that wait for a coordinator.
    Pending,
    PendingPoll,
    PendingPolled,
    /// The rebalance listener hears that the partitions go.
    Prepare,
    /// `LeaveGroup`.
    Leave,
    /// What was sent to the coordinator is answered.
    AwaitCoordinator,
    /// The fetch sessions are ended.
    Fetcher,
    AwaitFetcher,
}

impl LeavePrepareTask {
    pub const fn new() -> LeavePrepareTask {
        LeavePrepareTask { called: false }
    }
}

impl UnsubscribeTask {
    pub const fn new() -> UnsubscribeTask {
        UnsubscribeTask { prepared: false }
    }
}

impl CloseTask {
    pub fn new(timeout_ms: Option<u64>, remain: Option<bool>, request_timeout_ms: u64, now: Now) -> CloseTask {
        let timeout_ms = timeout_ms.unwrap_or(DEFAULT_CLOSE_TIMEOUT_MS);
        CloseTask {
            timeout_ms,
            remain,
            begun_ms: now.ms(),
            deadline_ms: now.ms().saturating_add(timeout_ms.min(request_timeout_ms)),
            stage: CloseStage::Commit,
            failed: None,
        }
    }

    pub const fn stage(&self) -> CloseStage {
        self.stage
    }

    /// Whatever fails, the rest is closed all the same. A failed commit is only logged.
    pub fn caught(&mut self, exception: &Exception) -> bool {
        match self.stage {
            CloseStage::Commit | CloseStage::Committed => {}
            CloseStage::Pending | CloseStage::PendingPoll | CloseStage::PendingPolled => {
                self.failed.get_or_insert(exception.clone());
                self.stage = CloseStage::Prepare;
            }
            CloseStage::Prepare | CloseStage::Leave | CloseStage::AwaitCoordinator => {
                self.failed.get_or_insert(exception.clone());
                self.stage = CloseStage::Fetcher;
            }
            CloseStage::Fetcher | CloseStage::AwaitFetcher => {
                self.failed.get_or_insert(exception.clone());
                // Nothing more is waited for.
                self.deadline_ms = 0;
            }
        }
        true
    }
}
