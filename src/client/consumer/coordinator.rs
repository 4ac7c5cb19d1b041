//! The member of a classic group: who coordinates it, where the member stands, its generation
//! (`AbstractCoordinator`, `ConsumerCoordinator`).

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::{FindCoordinatorRequest, LeaveGroupRequest, leave_group_request::MemberIdentity};
use kafka_protocol::protocol::StrBytes;

use super::Consumer;
use super::commit::{CommitCompletion, CommitFuture, PendingCommit};
use super::heartbeat::{Heartbeat, HeartbeatThread};
use super::network::{Answered, Purpose};
use super::offsets::CommittedFetch;
use super::settings::Settings;
use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::EventKind;
use crate::ids::{BrokerId, EventId, GroupNo};
use crate::node::Outbox;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Now;
use crate::wire::{Frame, Response};

/// The number of no generation, and the id of no member (`Generation.NO_GENERATION`).
pub(super) const NO_GENERATION: i32 = -1;

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
    /// JoinGroup is on the way.
    PreparingRebalance,
    /// SyncGroup is on the way.
    CompletingRebalance,
    Stable,
}

/// A look-up of the coordinator, until it is cleared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FindFuture {
    pub result: Option<Result<(), Exception>>,
}

/// A join: from JoinGroup to the assignment (`joinFuture`).
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) enum JoinFuture {
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
pub(super) struct MetadataSnapshot {
    pub version: u32,
    pub partitions: SortedMap<Arc<str>, u32>,
}

impl MetadataSnapshot {
    pub fn matches(&self, other: &MetadataSnapshot) -> bool {
        self.version == other.version || self.partitions == other.partitions
    }
}

/// `AbstractCoordinator` and `ConsumerCoordinator`: there with a `group.id`.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct Coordinator {
    pub group_id: Arc<str>,
    pub group_no: Option<GroupNo>,
    pub coordinator: Option<BrokerId>,
    pub find: Option<FindFuture>,
    pub state: MemberState,
    pub generation: Generation,
    /// What `groupMetadata()` answers: of the last join that was completed, whatever came after.
    pub group_metadata: Generation,
    pub rejoin_needed: bool,
    pub rejoin_reason: Arc<str>,
    /// The event that made the member join again, or that ended the join: the cause of what the next poll does about it.
    pub rejoin_cause: EventId,
    pub needs_join_prepare: bool,
    pub join: Option<JoinFuture>,
    /// Until when a commit before a rebalance is waited for, in virtual milliseconds.
    pub join_prepare_deadline_ms: Option<u64>,
    /// The commit that is waited for before a rebalance.
    pub join_prepare_commit: Option<u32>,
    pub is_leader: bool,
    pub joined_subscription: Option<Arc<SortedSet<Arc<str>>>>,
    pub metadata_snapshot: Arc<MetadataSnapshot>,
    pub assignment_snapshot: Option<Arc<MetadataSnapshot>>,
    /// When the next commit of `enable.auto.commit` is due, in virtual milliseconds.
    pub next_auto_commit_ms: u64,
    pub commits: SortedMap<u32, CommitFuture>,
    pub next_commit: u32,
    pub completed: VecDeque<CommitCompletion>,
    pub in_flight_async: u32,
    /// Asynchronous commits that wait for the coordinator to be found.
    pub pending_async: Vec<PendingCommit>,
    pub async_commit_fenced: bool,
    pub committed_fetch: Option<CommittedFetch>,
    pub heartbeat: Heartbeat,
    pub thread: Option<HeartbeatThread>,
}

impl Coordinator {
    pub fn new(group_id: Arc<str>, settings: &Settings, now: Now) -> Coordinator {
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
            heartbeat: Heartbeat::new(settings, now),
            thread: None,
        }
    }

    /// The group's number in events.
    pub fn group(&mut self, out: &mut Outbox) -> GroupNo {
        *self.group_no.get_or_insert_with(|| out.names.intern_group(&self.group_id))
    }

    /// The generation while the group is stable (`generationIfStable`).
    pub fn generation_if_stable(&self) -> Option<&Generation> {
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
    pub fn request_rejoin_if_necessary(&mut self, reason: &str) {
        if !self.rejoin_needed {
            self.request_rejoin(reason);
        }
    }

    /// `resetStateAndRejoin`.
    pub fn reset_state_and_rejoin(&mut self, reason: impl Into<Arc<str>>, reset_member_id: bool) {
        self.reset_state_and_generation(reset_member_id);
        self.request_rejoin(reason);
        self.needs_join_prepare = true;
    }

    pub fn reset_state_and_generation(&mut self, reset_member_id: bool) {
        self.state = MemberState::Unjoined;
        let member_id = if reset_member_id { Arc::from("") } else { self.generation.member_id.clone() };
        self.generation = Generation { id: NO_GENERATION, member_id, protocol: None };
    }

    /// `resetStateOnResponseError`: a member whose generation alone is wrong keeps its id.
    pub fn reset_state_on_response_error(&mut self, api: &str, error: Code) {
        let reason = format!("encountered {error} from {api} response");
        self.reset_state_and_rejoin(reason, error != Code::IllegalGeneration);
    }
}

impl Consumer {
    /// The coordinator of a consumer with a `group.id`.
    pub(super) fn group_mut(&mut self) -> &mut Coordinator {
        self.coordinator.as_mut().expect("only a consumer with a group.id comes here")
    }

    /// What was just read changes what the member must do.
    pub(super) fn note_rejoin_cause(&mut self) {
        let cause = self.cause;
        self.group_mut().rejoin_cause = cause;
    }

    pub(super) fn group(&self) -> &Coordinator {
        self.coordinator.as_ref().expect("only a consumer with a group.id comes here")
    }

    /// The coordinator while its connection is usable; one that cannot be reached is forgotten (`checkAndGetCoordinator`).
    pub(super) fn check_and_get_coordinator(&mut self, now: Now, out: &mut Outbox) -> Option<BrokerId> {
        let broker = self.group().coordinator?;
        if self.client.is_unavailable(NodeId::Coordinator(broker), now) {
            self.mark_coordinator_unknown(true, out);
            return None;
        }
        Some(broker)
    }

    pub(super) fn coordinator_unknown(&mut self, now: Now, out: &mut Outbox) -> bool {
        self.check_and_get_coordinator(now, out).is_none()
    }

    /// `markCoordinatorUnknown`. `disconnected`: its connection is gone already.
    pub(super) fn mark_coordinator_unknown(&mut self, disconnected: bool, out: &mut Outbox) {
        let (id, cause) = (self.id, self.cause);
        let Some(broker) = self.group_mut().coordinator.take() else { return };
        out.emit(cause, EventKind::CoordinatorLost { client: id });
        if !disconnected {
            self.client.disconnect_async(NodeId::Coordinator(broker));
        }
    }

    /// `lookupCoordinator`: asks the least loaded node, unless that is under way.
    pub(super) fn lookup_coordinator(&mut self, now: Now) {
        if self.group().find.is_some() {
            return;
        }
        let cause = self.cause;
        let group_id = self.group().group_id.clone();
        let (node, _) = self.client.net.least_loaded_node(now);
        let Some(node) = node else {
            let exception = Exception::new("NoAvailableBrokersException", None, "");
            self.group_mut().find = Some(FindFuture { result: Some(Err(exception)) });
            return;
        };
        self.group_mut().find = Some(FindFuture { result: None });
        let request = FindCoordinatorRequest::default()
            .with_key_type(0)
            .with_coordinator_keys(vec![StrBytes::from_string(group_id.to_string())]);
        self.client.send(node, request.into(), Purpose::FindCoordinator, cause, now);
    }

    pub(super) fn handle_find_coordinator(
        &mut self,
        result: Result<Arc<Frame>, Exception>,
        now: Now,
        out: &mut Outbox,
    ) {
        let result = result.and_then(|frame| {
            let Response::FindCoordinator(response) = Answered::response(&frame) else {
                unreachable!("FindCoordinator is answered by its own response")
            };
            let found = response.coordinators.first();
            let code = found.map_or(Code::UnknownServerError, |found| Code::from_i16(found.error_code));
            match (code, found) {
                (Code::None, Some(found)) => Ok(BrokerId(found.node_id.0)),
                (Code::GroupAuthorizationFailed, _) => Err(Exception::with_message(
                    code,
                    format!("Not authorized to access group: {}", self.group().group_id),
                )),
                _ => Err(Exception::of(code)),
            }
        });
        let done = match result {
            Ok(broker) => {
                let cause = out.emit(self.cause, EventKind::CoordinatorFound { client: self.id, broker });
                self.cause = cause;
                self.group_mut().coordinator = Some(broker);
                self.client.try_connect(NodeId::Coordinator(broker), now, cause, out);
                self.group_mut().heartbeat.reset_session_timeout(now);
                Ok(())
            }
            Err(exception) => Err(exception),
        };
        if let Some(find) = &mut self.group_mut().find {
            find.result = Some(done.clone());
        }
        self.send_pending_commits(&done, now, out);
    }

    /// A request to the coordinator failed on the way (`CoordinatorResponseHandler.onFailure`).
    pub(super) fn coordinator_request_failed(&mut self, exception: &Exception, out: &mut Outbox) {
        if exception.class == "DisconnectException" {
            self.mark_coordinator_unknown(true, out);
        }
    }

    /// `maybeLeaveGroup`: tells the coordinator, when the membership permits, and forgets the generation. The caller
    /// makes a network pass behind it.
    pub(super) fn maybe_leave_group(&mut self, remain: Option<bool>, reason: &str, now: Now, out: &mut Outbox) {
        let known = self.check_and_get_coordinator(now, out);
        let leaves = match remain {
            Some(remain) => !remain,
            None => self.settings.group_instance_id.is_none(),
        };
        let cause = self.cause;
        let id = self.id;
        let group = self.group_mut();
        if let Some(broker) = known
            && leaves
            && group.state != MemberState::Unjoined
            && !group.generation.member_id.is_empty()
        {
            let number = group.group(out);
            let event = out.emit(cause, EventKind::LeaveSent { client: id, group: number });
            let member = MemberIdentity::default()
                .with_member_id(StrBytes::from_string(group.generation.member_id.to_string()))
                .with_reason(Some(StrBytes::from_string(reason.to_owned())));
            let request = LeaveGroupRequest::default()
                .with_group_id(kafka_protocol::messages::GroupId(StrBytes::from_string(group.group_id.to_string())))
                .with_members(vec![member]);
            self.client.send(NodeId::Coordinator(broker), request.into(), Purpose::LeaveGroup, event, now);
        }
        let group = self.group_mut();
        group.reset_state_and_generation(true);
        group.needs_join_prepare = true;
        group.request_rejoin("consumer pro-actively leaving the group");
    }

    /// Whether the group must be joined, or a join is to be finished (`rejoinNeededOrPending`).
    pub(super) fn rejoin_needed_or_pending(&mut self) -> bool {
        if !self.subscriptions.has_auto_assigned_partitions() {
            return false;
        }
        let subscription = self.subscriptions.subscription().clone();
        let group = self.group_mut();
        if let Some(assigned) = &group.assignment_snapshot
            && !assigned.matches(&group.metadata_snapshot)
        {
            group.request_rejoin_if_necessary("cached metadata has changed");
            return true;
        }
        if group.joined_subscription.as_ref().is_some_and(|joined| *joined != subscription) {
            group.request_rejoin_if_necessary("subscription has changed");
            return true;
        }
        group.rejoin_needed || group.join.is_some()
    }

    /// Follows what the metadata says of the topics of interest (`maybeUpdateSubscriptionMetadata`).
    pub(super) fn maybe_update_subscription_metadata(&mut self) {
        let version = self.client.net.metadata.update_version();
        if self.coordinator.as_ref().is_none_or(|group| group.metadata_snapshot.version >= version) {
            return;
        }
        let cluster = self.client.net.metadata.cluster().clone();
        let topics = self.subscriptions.metadata_topics();
        let known = topics.into_iter().filter_map(|topic| {
            let partitions = cluster.topic(&topic)?.partitions.len();
            Some((topic, u32::try_from(partitions).expect("a topic has few partitions")))
        });
        let snapshot = MetadataSnapshot { version, partitions: known.collect() };
        self.group_mut().metadata_snapshot = Arc::new(snapshot);
    }
}
