//! The member of a classic group: who coordinates it, where the member stands, its generation
//! (`AbstractCoordinator`, `ConsumerCoordinator`).

use super::super::lent::Lent;
use super::super::network::{Answered, Purpose};
use super::super::positions::SubscriptionState;
use super::super::turn::Turn;
use super::state::{Coordinator, FindFuture, MemberState, MetadataSnapshot};

use std::sync::Arc;

use kafka_protocol::messages::{FindCoordinatorRequest, LeaveGroupRequest, leave_group_request::MemberIdentity};
use kafka_protocol::protocol::StrBytes;

use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::EventKind;
use crate::ids::BrokerId;
use crate::wire::{Frame, Response};

/// What became of a look-up of the coordinator.
#[derive(Clone, Debug)]
pub enum LookUp {
    /// There is none.
    Cleared,
    Awaited,
    Ended(Result<(), Exception>),
}

impl Coordinator {
    /// What was just read changes what the member must do.
    pub(super) fn note_rejoin_cause(&mut self, turn: &Turn<'_>) {
        self.rejoin_cause = turn.cause;
    }

    /// The coordinator while its connection is usable; one that cannot be reached is forgotten (`checkAndGetCoordinator`).
    pub fn check_and_get_coordinator(&mut self, lent: &mut Lent<'_>, turn: &mut Turn<'_>) -> Option<BrokerId> {
        let now = turn.now;
        let broker = self.coordinator?;
        if lent.network.is_unavailable(NodeId::Coordinator(broker), now) {
            self.mark_coordinator_unknown(lent, true, turn);
            return None;
        }
        Some(broker)
    }

    pub fn coordinator_unknown(&mut self, lent: &mut Lent<'_>, turn: &mut Turn<'_>) -> bool {
        self.check_and_get_coordinator(lent, turn).is_none()
    }

    /// `markCoordinatorUnknown`. `disconnected`: its connection is gone already.
    pub(super) fn mark_coordinator_unknown(&mut self, lent: &mut Lent<'_>, disconnected: bool, turn: &mut Turn<'_>) {
        let (id, cause) = (lent.client, turn.cause);
        let Some(broker) = self.coordinator.take() else { return };
        turn.out.emit(cause, EventKind::CoordinatorLost { client: id });
        if !disconnected {
            lent.network.disconnect_async(NodeId::Coordinator(broker));
        }
    }

    /// `lookupCoordinator`: asks the least loaded node, unless that is under way.
    pub fn lookup_coordinator(&mut self, lent: &mut Lent<'_>, turn: &mut Turn<'_>) {
        let now = turn.now;
        if self.find.is_some() {
            return;
        }
        let cause = turn.cause;
        let group_id = self.group_id.clone();
        let (node, _) = lent.network.net.least_loaded_node(now);
        let Some(node) = node else {
            let exception = Exception::new("NoAvailableBrokersException", None, "");
            self.find = Some(FindFuture { result: Some(Err(exception)) });
            return;
        };
        self.find = Some(FindFuture { result: None });
        let request = FindCoordinatorRequest::default()
            .with_key_type(0)
            .with_coordinator_keys(vec![StrBytes::from_string(group_id.to_string())]);
        lent.network.send(node, request.into(), Purpose::FindCoordinator, cause, now);
    }

    /// Whether nothing of the look-up is waited for.
    pub fn lookup_is_done(&self) -> bool {
        self.find.as_ref().is_none_or(|find| find.result.is_some())
    }

    /// What became of the look-up; one that has ended is taken.
    pub fn take_lookup(&mut self) -> LookUp {
        // The heartbeat thread may have cleared the look-up in the meantime.
        let Some(find) = &self.find else { return LookUp::Cleared };
        let Some(result) = find.result.clone() else { return LookUp::Awaited };
        self.find = None;
        LookUp::Ended(result)
    }

    /// Whether the coordinator that was found can be reached; it is forgotten when not.
    pub fn found_is_reachable(&mut self, lent: &mut Lent<'_>, turn: &mut Turn<'_>) -> bool {
        let found = self.coordinator;
        let is_reachable =
            found.is_none_or(|broker| !lent.network.is_unavailable(NodeId::Coordinator(broker), turn.now));
        if !is_reachable {
            self.mark_coordinator_unknown(lent, false, turn);
        }
        is_reachable
    }

    pub fn handle_find_coordinator(
        &mut self,
        lent: &mut Lent<'_>,
        result: Result<Arc<Frame>, Exception>,
        turn: &mut Turn<'_>,
    ) {
        let now = turn.now;
        let result = result.and_then(|frame| {
            let Response::FindCoordinator(response) = Answered::response(&frame) else {
                unreachable!("FindCoordinator is answered by its own response")
            };
            let found = response.coordinators.first();
            let code = found.map_or(Code::UnknownServerError, |found| Code::from_i16(found.error_code));
            match (code, found) {
                (Code::None, Some(found)) => Ok(BrokerId(found.node_id.0)),
                (Code::GroupAuthorizationFailed, _) => {
                    Err(Exception::with_message(code, format!("Not authorized to access group: {}", self.group_id)))
                }
                _ => Err(Exception::of(code)),
            }
        });
        let done = match result {
            Ok(broker) => {
                let cause = turn.out.emit(turn.cause, EventKind::CoordinatorFound { client: lent.client, broker });
                turn.cause = cause;
                self.coordinator = Some(broker);
                lent.network.try_connect(NodeId::Coordinator(broker), now, cause, turn.out);
                self.heartbeat.reset_session_timeout(now);
                Ok(())
            }
            Err(exception) => Err(exception),
        };
        if let Some(find) = &mut self.find {
            find.result = Some(done.clone());
        }
        self.send_pending_commits(lent, &done, turn);
    }

    /// A request to the coordinator failed on the way (`CoordinatorResponseHandler.onFailure`).
    pub(super) fn coordinator_request_failed(
        &mut self,
        lent: &mut Lent<'_>,
        exception: &Exception,
        turn: &mut Turn<'_>,
    ) {
        if exception.class == "DisconnectException" {
            self.mark_coordinator_unknown(lent, true, turn);
        }
    }

    /// `maybeLeaveGroup`: tells the coordinator, when the membership permits, and forgets the generation. The caller
    /// makes a network pass behind it.
    pub fn maybe_leave_group(&mut self, lent: &mut Lent<'_>, remain: Option<bool>, reason: &str, turn: &mut Turn<'_>) {
        let now = turn.now;
        let known = self.check_and_get_coordinator(lent, turn);
        let leaves = match remain {
            Some(remain) => !remain,
            None => lent.settings.group_instance_id.is_none(),
        };
        let cause = turn.cause;
        let id = lent.client;
        if let Some(broker) = known
            && leaves
            && self.state != MemberState::Unjoined
            && !self.generation.member_id.is_empty()
        {
            let number = self.number(turn.out);
            let event = turn.out.emit(cause, EventKind::LeaveSent { client: id, group: number });
            let member = MemberIdentity::default()
                .with_member_id(StrBytes::from_string(self.generation.member_id.to_string()))
                .with_reason(Some(StrBytes::from_string(reason.to_owned())));
            let request = LeaveGroupRequest::default()
                .with_group_id(kafka_protocol::messages::GroupId(StrBytes::from_string(self.group_id.to_string())))
                .with_members(vec![member]);
            lent.network.send(NodeId::Coordinator(broker), request.into(), Purpose::LeaveGroup, event, now);
        }
        self.reset_state_and_generation(true);
        self.needs_join_prepare = true;
        self.request_rejoin("consumer pro-actively leaving the group");
    }

    pub fn handle_leave_group(
        &mut self,
        lent: &mut Lent<'_>,
        result: &Result<Arc<Frame>, Exception>,
        turn: &mut Turn<'_>,
    ) {
        if let Err(exception) = result {
            self.coordinator_request_failed(lent, exception, turn);
        }
    }

    /// Whether the group must be joined, or a join is to be finished (`rejoinNeededOrPending`).
    pub fn rejoin_needed_or_pending(&mut self, subscriptions: &SubscriptionState) -> bool {
        if !subscriptions.has_auto_assigned_partitions() {
            return false;
        }
        let subscription = subscriptions.subscription();
        if let Some(assigned) = &self.assignment_snapshot
            && !assigned.matches(&self.metadata_snapshot)
        {
            self.request_rejoin_if_necessary("cached metadata has changed");
            return true;
        }
        if self.joined_subscription.as_ref().is_some_and(|joined| joined != subscription) {
            self.request_rejoin_if_necessary("subscription has changed");
            return true;
        }
        self.rejoin_needed || self.join.is_some()
    }

    /// Follows what the metadata says of the topics of interest (`maybeUpdateSubscriptionMetadata`).
    pub fn maybe_update_subscription_metadata(&mut self, lent: &Lent<'_>) {
        let version = lent.network.net.metadata.update_version();
        if self.metadata_snapshot.version >= version {
            return;
        }
        let cluster = lent.network.net.metadata.cluster().clone();
        let topics = lent.subscriptions.metadata_topics();
        let known = topics.into_iter().filter_map(|topic| {
            let partitions = cluster.topic(&topic)?.partitions.len();
            Some((topic, u32::try_from(partitions).expect("a topic has few partitions")))
        });
        let snapshot = MetadataSnapshot { version, partitions: known.collect() };
        self.metadata_snapshot = Arc::new(snapshot);
    }
}
