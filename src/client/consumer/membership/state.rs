//! The member of a classic group: what it knows of its group, and what is under way to its coordinator.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::super::positions::SubscriptionState;
use super::super::settings::ConsumerSettings;
use super::timers::{Heartbeat, HeartbeatThread};
use crate::call::OffsetAndMetadata;
use crate::error::{Code, Exception};
use crate::event::CommitHow;
use crate::ids::{BrokerId, CallId, EventId, GroupNo, TopicPartition};
use crate::node::Outbox;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Now;
use crate::wire::Frame;

/// The number of no generation, and the id of no member (`Generation.NO_GENERATION`).
pub const NO_GENERATION: i32 = -1;

/// A member's place in one generation of its group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Generation {
    /// -1: none.
    pub id: i32,
    /// Empty: none.
    pub member_id: Arc<str>,
    pub protocol: Option<Arc<str>>,
}

impl Generation {
    pub fn none() -> Generation {
        Generation { id: NO_GENERATION, member_id: Arc::from(""), protocol: None }
    }

    pub fn is_none(&self) -> bool {
        self.id == NO_GENERATION && self.member_id.is_empty()
    }
}

/// `AbstractCoordinator.MemberState`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MemberState {
    #[default]
    Unjoined,
    /// `JoinGroup` is on the way.
    PreparingRebalance,
    /// `SyncGroup` is on the way.
    CompletingRebalance,
    Stable,
}

/// A look-up of the coordinator, until it is cleared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FindFuture {
    pub result: Option<Result<(), Exception>>,
}

/// A join: from `JoinGroup` to the assignment (`joinFuture`).
#[derive(Clone, Debug, PartialEq)]
pub enum JoinFuture {
    Pending,
    /// As the leader: metadata of the group's topics must come first (beyond this update version), then the assignment
    /// is computed.
    LeaderWaits {
        response: Arc<Frame>,
        version: u32,
        cause: EventId,
    },
    Done(Result<Bytes, Exception>),
}

/// How many partitions each topic of interest has (`MetadataSnapshot`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MetadataSnapshot {
    pub version: u32,
    pub partitions: SortedMap<Arc<str>, u32>,
}

impl MetadataSnapshot {
    pub fn matches(&self, other: &MetadataSnapshot) -> bool {
        self.version == other.version || self.partitions == other.partitions
    }
}

/// How the consumer belongs to a group.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a consumer has one, and most have a group")]
pub enum Membership {
    /// There is no `group.id`.
    None,
    /// `group.protocol=classic`.
    Classic(Coordinator),
}

impl Membership {
    pub fn of(settings: &ConsumerSettings, now: Now) -> Membership {
        match &settings.group_id {
            Some(group_id) => Membership::Classic(Coordinator::new(group_id.clone(), settings, now)),
            None => Membership::None,
        }
    }

    /// Whether there is a group at all.
    pub const fn is_of_group(&self) -> bool {
        !matches!(self, Membership::None)
    }

    pub const fn classic(&self) -> Option<&Coordinator> {
        match self {
            Membership::Classic(coordinator) => Some(coordinator),
            Membership::None => None,
        }
    }

    pub const fn classic_mut(&mut self) -> Option<&mut Coordinator> {
        match self {
            Membership::Classic(coordinator) => Some(coordinator),
            Membership::None => None,
        }
    }
}

/// `AbstractCoordinator` and `ConsumerCoordinator`: there with a `group.id`.
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinator {
    pub(super) group_id: Arc<str>,
    pub(super) group_no: Option<GroupNo>,
    pub(super) coordinator: Option<BrokerId>,
    pub(super) find: Option<FindFuture>,
    pub(super) state: MemberState,
    pub(super) generation: Generation,
    /// What `groupMetadata()` answers: of the last join that was completed, whatever came after.
    pub(super) group_metadata: Generation,
    pub(super) rejoin_needed: bool,
    pub(super) rejoin_reason: Arc<str>,
    /// The event that made the member join again, or that ended the join: the cause of what the next poll does about
    /// it. It is kept beside `rejoin_reason`, since that poll may come much later and finds no other trace of it; none
    /// once the join is complete.
    pub(super) rejoin_cause: EventId,
    pub(super) needs_join_prepare: bool,
    pub(super) join: Option<JoinFuture>,
    /// Until when a commit before a rebalance is waited for, in virtual milliseconds.
    pub(super) join_prepare_deadline_ms: Option<u64>,
    /// The commit that is waited for before a rebalance.
    pub(super) join_prepare_commit: Option<u32>,
    pub(super) is_leader: bool,
    pub(super) joined_subscription: Option<Arc<SortedSet<Arc<str>>>>,
    pub(super) metadata_snapshot: Arc<MetadataSnapshot>,
    pub(super) assignment_snapshot: Option<Arc<MetadataSnapshot>>,
    /// When the next commit of `enable.auto.commit` is due, in virtual milliseconds.
    pub(super) next_auto_commit_ms: u64,
    pub(super) commits: SortedMap<u32, CommitFuture>,
    pub(super) next_commit: u32,
    pub(super) completed: VecDeque<CommitCompletion>,
    pub(super) in_flight_async: u32,
    /// Asynchronous commits that wait for the coordinator to be found.
    pub(super) pending_async: Vec<PendingCommit>,
    pub(super) async_commit_fenced: bool,
    pub(super) committed_fetch: Option<CommittedFetch>,
    /// How many look-ups of committed offsets there were.
    pub(super) committed_fetches: u32,
    /// The event of the last arrival of committed offsets, which may have come in an earlier step than the one that sets
    /// positions by them.
    pub(super) committed_cause: EventId,
    pub(super) heartbeat: Heartbeat,
    pub(super) thread: Option<HeartbeatThread>,
}

impl Coordinator {
    pub fn new(group_id: Arc<str>, settings: &ConsumerSettings, now: Now) -> Coordinator {
        Coordinator {
            group_id,
            group_no: None,
            coordinator: None,
            find: None,
            state: MemberState::Unjoined,
            generation: Generation::none(),
            group_metadata: Generation::none(),
            rejoin_needed: true,
            rejoin_reason: Arc::from(""),
            rejoin_cause: EventId::NONE,
            needs_join_prepare: true,
            join: None,
            join_prepare_deadline_ms: None,
            join_prepare_commit: None,
            is_leader: false,
            joined_subscription: None,
            metadata_snapshot: Arc::default(),
            assignment_snapshot: None,
            next_auto_commit_ms: now.ms().saturating_add(settings.auto_commit_interval_ms),
            commits: SortedMap::new(),
            next_commit: 0,
            completed: VecDeque::new(),
            in_flight_async: 0,
            pending_async: Vec::new(),
            async_commit_fenced: false,
            committed_fetch: None,
            committed_fetches: 0,
            committed_cause: EventId::NONE,
            heartbeat: Heartbeat::new(settings, now),
            thread: None,
        }
    }

    /// The group's number in events.
    pub fn number(&mut self, out: &mut Outbox) -> GroupNo {
        *self.group_no.get_or_insert_with(|| out.names.intern_group(&self.group_id))
    }

    /// The member's place in its group.
    pub const fn generation(&self) -> &Generation {
        &self.generation
    }

    /// What `groupMetadata()` answers.
    pub const fn group_metadata(&self) -> &Generation {
        &self.group_metadata
    }

    pub const fn state(&self) -> MemberState {
        self.state
    }

    pub const fn is_leader(&self) -> bool {
        self.is_leader
    }

    /// Who coordinates the group, as far as it is known.
    pub const fn broker(&self) -> Option<BrokerId> {
        self.coordinator
    }

    pub const fn heartbeat(&self) -> &Heartbeat {
        &self.heartbeat
    }

    /// When the next commit of `enable.auto.commit` is due, in virtual milliseconds.
    pub const fn next_auto_commit_ms(&self) -> u64 {
        self.next_auto_commit_ms
    }

    /// Whether a commit before a rebalance is waited for.
    pub const fn awaits_prepare_commit(&self) -> bool {
        self.join_prepare_commit.is_some()
    }

    /// Whether there is no generation any more whose partitions could be given back.
    pub fn has_lost_generation(&self) -> bool {
        self.generation.id == NO_GENERATION || self.generation.member_id.is_empty()
    }

    /// When a poll must look after the group again, in virtual milliseconds (`timeToNextPoll`).
    pub fn next_poll_ms(&self, settings: &ConsumerSettings, subscriptions: &SubscriptionState) -> u64 {
        let heartbeat_ms = if self.has_not_joined_group() { u64::MAX } else { self.heartbeat.heartbeat_due_ms };
        // A due commit waits for the join to end (`ConsumerCoordinator.poll`). Kafka's loop goes round without a pause
        // meanwhile, to no effect; here it waits for what comes first.
        let is_joining =
            subscriptions.has_auto_assigned_partitions() && (self.rejoin_needed || self.state != MemberState::Stable);
        let commits = settings.enable_auto_commit && !is_joining;
        heartbeat_ms.min(if commits { self.next_auto_commit_ms } else { u64::MAX })
    }

    /// The generation while the group is stable (`generationIfStable`).
    pub(super) fn generation_if_stable(&self) -> Option<&Generation> {
        (self.state == MemberState::Stable).then_some(&self.generation)
    }

    pub fn rebalance_in_progress(&self) -> bool {
        matches!(self.state, MemberState::PreparingRebalance | MemberState::CompletingRebalance)
    }

    pub fn has_not_joined_group(&self) -> bool {
        matches!(self.state, MemberState::Unjoined | MemberState::PreparingRebalance)
    }

    pub fn request_rejoin(&mut self, reason: impl Into<Arc<str>>) {
        self.rejoin_needed = true;
        self.rejoin_reason = reason.into();
    }

    /// `requestRejoinIfNecessary`: keeps the first reason.
    pub(super) fn request_rejoin_if_necessary(&mut self, reason: &str) {
        if !self.rejoin_needed {
            self.request_rejoin(reason);
        }
    }

    /// `resetStateAndRejoin`.
    pub(super) fn reset_state_and_rejoin(&mut self, reason: impl Into<Arc<str>>, reset_member_id: bool) {
        self.reset_state_and_generation(reset_member_id);
        self.request_rejoin(reason);
        self.needs_join_prepare = true;
    }

    pub(super) fn reset_state_and_generation(&mut self, reset_member_id: bool) {
        self.state = MemberState::Unjoined;
        let member_id = if reset_member_id { Arc::from("") } else { self.generation.member_id.clone() };
        self.generation = Generation { id: NO_GENERATION, member_id, protocol: None };
    }

    /// `resetStateOnResponseError`: a member whose generation alone is wrong keeps its id.
    pub(super) fn reset_state_on_response_error(&mut self, api: &str, error: Code) {
        let reason = format!("encountered {error} from {api} response");
        self.reset_state_and_rejoin(reason, error != Code::IllegalGeneration);
    }
}

/// What is committed, sorted by partition.
pub type Offsets = Arc<[(TopicPartition, OffsetAndMetadata)]>;

/// Who hears of the end of an asynchronous commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommitCallback {
    User(CallId),
    /// The consumer itself, after a commit of `enable.auto.commit`.
    Auto,
}

/// A commit under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommitFuture {
    pub offsets: Offsets,
    pub how: CommitHow,
    pub callback: Option<CommitCallback>,
    /// Somebody waits for the result and removes it.
    pub awaited: bool,
    pub result: Option<Result<(), Exception>>,
}

/// An asynchronous commit that ended; its callback runs inside the next call that runs callbacks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommitCompletion {
    pub callback: CommitCallback,
    pub offsets: Offsets,
    pub error: Option<Exception>,
}

/// An asynchronous commit that waits for the coordinator to be found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PendingCommit {
    pub offsets: Offsets,
    pub how: CommitHow,
    pub callback: CommitCallback,
}

/// Committed offsets by partition; none where nothing is committed.
pub type Committed = Arc<[(TopicPartition, Option<OffsetAndMetadata>)]>;

/// An `OffsetFetch` under way (`PendingCommittedOffsetRequest`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommittedFetch {
    /// Which of the member's look-ups it is.
    pub number: u32,
    pub partitions: Arc<SortedSet<TopicPartition>>,
    pub generation: Option<Generation>,
    pub result: Option<Result<Committed, Exception>>,
}
