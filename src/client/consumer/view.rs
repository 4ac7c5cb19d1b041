//! Read access for those who show a consumer.

use super::Consumer;
use super::calls::frames::{CallFrame, CallInfo, Waiting};
use super::calls::tasks::{CloseStage, PollStage};
use super::membership::state::{Coordinator, Generation, MemberState, Offsets};
use super::positions::SubscriptionState;
use super::settings::ConsumerSettings;

use crate::client::net::NetworkClient;
use crate::ids::{BrokerId, ClientId, TopicPartition};
use crate::time::Instant;

/// What the call under way is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallStage {
    Beginning,
    Polling(PollStage),
    FindingCoordinator,
    AwaitingMetadata,
    Joining,
    PreparingJoin,
    /// The rebalance listener runs.
    InListener,
    Committing,
    FetchingCommitted,
    UpdatingPositions,
    AwaitingPosition,
    ListingOffsets,
    Leaving,
    Closing(CloseStage),
}

/// Where the member stands in a rebalance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RebalancePhase {
    None,
    /// Commits, then gives its partitions back.
    Revoking,
    /// `JoinGroup` is on the way.
    Joining,
    /// `SyncGroup` is on the way.
    Syncing,
}

impl Consumer {
    pub const fn id(&self) -> ClientId {
        self.id
    }

    pub fn settings(&self) -> &ConsumerSettings {
        &self.settings
    }

    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// The call under way.
    pub const fn current_call(&self) -> Option<CallInfo> {
        self.app.call
    }

    /// What the application's thread waits for inside the call.
    pub const fn waiting(&self) -> Waiting {
        self.app.waiting
    }

    /// What the call under way is doing: the innermost method.
    pub fn call_stage(&self) -> Option<CallStage> {
        Some(match self.app.tasks().last()? {
            CallFrame::Begin(_) => CallStage::Beginning,
            CallFrame::Poll(task) => CallStage::Polling(task.stage),
            CallFrame::EnsureCoordinator(_) => CallStage::FindingCoordinator,
            CallFrame::AwaitMetadata(_) | CallFrame::PartitionsFor(_) => CallStage::AwaitingMetadata,
            CallFrame::Join(_) => CallStage::Joining,
            CallFrame::JoinPrepare(_) => CallStage::PreparingJoin,
            CallFrame::Listener(_) => CallStage::InListener,
            CallFrame::CommitSync(_) | CallFrame::CommitAsync(_) => CallStage::Committing,
            CallFrame::FetchCommitted(_) | CallFrame::Committed(_) => CallStage::FetchingCommitted,
            CallFrame::UpdatePositions(_) => CallStage::UpdatingPositions,
            CallFrame::Position(_) => CallStage::AwaitingPosition,
            CallFrame::ListOffsets(_) => CallStage::ListingOffsets,
            CallFrame::LeavePrepare(_) | CallFrame::Unsubscribe(_) => CallStage::Leaving,
            CallFrame::Close(task) => CallStage::Closing(task.stage()),
        })
    }

    /// Subscription, assignment, positions, pauses, high watermarks.
    pub const fn subscriptions(&self) -> &SubscriptionState {
        &self.subscriptions
    }

    /// Records of a partition that were fetched and not yet returned.
    pub fn buffered(&self, partition: &TopicPartition) -> u64 {
        self.fetcher.buffered(partition)
    }

    /// Whether a Fetch request to the broker is under way.
    pub fn is_fetching_from(&self, broker: BrokerId) -> bool {
        self.fetcher.is_fetching_from(broker)
    }

    /// The member's generation and id; none without `group.id`.
    pub fn generation(&self) -> Option<&Generation> {
        Some(self.membership.classic()?.generation())
    }

    /// The generation and the member id of `groupMetadata()`: -1 and empty before the first join.
    pub fn group_metadata(&self) -> (i32, &str) {
        self.membership
            .classic()
            .map_or((-1, ""), |group| (group.group_metadata().id, &group.group_metadata().member_id))
    }

    pub fn member_state(&self) -> Option<MemberState> {
        Some(self.membership.classic()?.state())
    }

    /// Whether this member leads its group.
    pub fn is_leader(&self) -> bool {
        self.membership.classic().is_some_and(Coordinator::is_leader)
    }

    /// What the newest commit that is under way, or not yet heard of, asks for.
    pub fn newest_commit(&self) -> Option<&Offsets> {
        self.membership.classic()?.newest_commit()
    }

    pub fn group_coordinator(&self) -> Option<BrokerId> {
        self.membership.classic()?.broker()
    }

    pub fn rebalance_phase(&self) -> RebalancePhase {
        let Some(group) = self.membership.classic() else { return RebalancePhase::None };
        match group.state() {
            MemberState::PreparingRebalance => RebalancePhase::Joining,
            MemberState::CompletingRebalance => RebalancePhase::Syncing,
            MemberState::Unjoined | MemberState::Stable => {
                let preparing = self.app.tasks().iter().any(|task| matches!(task, CallFrame::JoinPrepare(_)));
                if preparing || group.awaits_prepare_commit() { RebalancePhase::Revoking } else { RebalancePhase::None }
            }
        }
    }

    /// When the next heartbeat is due, while the member has one to send.
    pub fn heartbeat_due(&self) -> Option<Instant> {
        let group = self.membership.classic().filter(|group| !group.has_not_joined_group())?;
        Some(Instant::from_millis(group.heartbeat().heartbeat_due_ms))
    }

    /// When the session is over unless a heartbeat is answered before.
    pub fn session_due(&self) -> Option<Instant> {
        let group = self.membership.classic().filter(|group| !group.has_not_joined_group())?;
        Some(Instant::from_millis(group.heartbeat().session_due_ms))
    }

    /// When the application must have polled, lest the member leave.
    pub fn poll_due(&self) -> Option<Instant> {
        let group = self.membership.classic().filter(|group| !group.has_not_joined_group())?;
        Some(Instant::from_millis(group.heartbeat().poll_due_ms))
    }

    /// When the application last polled as a member of a group.
    pub fn last_poll(&self) -> Option<Instant> {
        self.membership.classic()?.heartbeat().last_poll_ms.map(Instant::from_millis)
    }

    /// When the next automatic commit is due; it is made by the first poll behind it.
    pub fn auto_commit_due(&self) -> Option<Instant> {
        let group = self.membership.classic().filter(|_| self.settings.enable_auto_commit)?;
        Some(Instant::from_millis(group.next_auto_commit_ms()))
    }

    /// Connections, requests in flight, metadata.
    pub const fn network(&self) -> &NetworkClient {
        &self.client.net
    }
}
