//! The member of a classic group: who coordinates it, where the member stands, its generation
//! (`AbstractCoordinator`, `ConsumerCoordinator`).

use super::super::Consumer;
use super::super::network::{Answered, Purpose};
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

impl Consumer {
    /// The coordinator of a consumer with a `group.id`.
    pub(in super::super) fn group_mut(&mut self) -> &mut Coordinator {
        self.membership.classic_mut().expect("only a consumer with a group.id comes here")
    }

    /// What was just read changes what the member must do.
    pub(in super::super) fn note_rejoin_cause(&mut self, turn: &mut Turn<'_>) {
        let cause = turn.cause;
        self.group_mut().rejoin_cause = cause;
    }

    pub(in super::super) fn group(&self) -> &Coordinator {
        self.membership.classic().expect("only a consumer with a group.id comes here")
    }

    /// The coordinator while its connection is usable; one that cannot be reached is forgotten (`checkAndGetCoordinator`).
    pub(in super::super) fn check_and_get_coordinator(&mut self, turn: &mut Turn<'_>) -> Option<BrokerId> {
        let now = turn.now;
        let broker = self.group().coordinator?;
        if self.client.is_unavailable(NodeId::Coordinator(broker), now) {
            self.mark_coordinator_unknown(true, turn);
            return None;
        }
        Some(broker)
    }

    pub(in super::super) fn coordinator_unknown(&mut self, turn: &mut Turn<'_>) -> bool {
        self.check_and_get_coordinator(turn).is_none()
    }

    /// `markCoordinatorUnknown`. `disconnected`: its connection is gone already.
    pub(in super::super) fn mark_coordinator_unknown(&mut self, disconnected: bool, turn: &mut Turn<'_>) {
        let (id, cause) = (self.id, turn.cause);
        let Some(broker) = self.group_mut().coordinator.take() else { return };
        turn.out.emit(cause, EventKind::CoordinatorLost { client: id });
        if !disconnected {
            self.client.disconnect_async(NodeId::Coordinator(broker));
        }
    }

    /// `lookupCoordinator`: asks the least loaded node, unless that is under way.
    pub(in super::super) fn lookup_coordinator(&mut self, turn: &mut Turn<'_>) {
        let now = turn.now;
        if self.group().find.is_some() {
            return;
        }
        let cause = turn.cause;
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

    pub(in super::super) fn handle_find_coordinator(
        &mut self,
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
                (Code::GroupAuthorizationFailed, _) => Err(Exception::with_message(
                    code,
                    format!("Not authorized to access group: {}", self.group().group_id),
                )),
                _ => Err(Exception::of(code)),
            }
        });
        let done = match result {
            Ok(broker) => {
                let cause = turn.out.emit(turn.cause, EventKind::CoordinatorFound { client: self.id, broker });
                turn.cause = cause;
                self.group_mut().coordinator = Some(broker);
                self.client.try_connect(NodeId::Coordinator(broker), now, cause, turn.out);
                self.group_mut().heartbeat.reset_session_timeout(now);
                Ok(())
            }
            Err(exception) => Err(exception),
        };
        if let Some(find) = &mut self.group_mut().find {
            find.result = Some(done.clone());
        }
        self.send_pending_commits(&done, turn);
    }

    /// A request to the coordinator failed on the way (`CoordinatorResponseHandler.onFailure`).
    pub(in super::super) fn coordinator_request_failed(&mut self, exception: &Exception, turn: &mut Turn<'_>) {
        if exception.class == "DisconnectException" {
            self.mark_coordinator_unknown(true, turn);
        }
    }

    /// `maybeLeaveGroup`: tells the coordinator, when the membership permits, and forgets the generation. The caller
    /// makes a network pass behind it.
    pub(in super::super) fn maybe_leave_group(&mut self, remain: Option<bool>, reason: &str, turn: &mut Turn<'_>) {
        let now = turn.now;
        let known = self.check_and_get_coordinator(turn);
        let leaves = match remain {
            Some(remain) => !remain,
            None => self.settings.group_instance_id.is_none(),
        };
        let cause = turn.cause;
        let id = self.id;
        let group = self.group_mut();
        if let Some(broker) = known
            && leaves
            && group.state != MemberState::Unjoined
            && !group.generation.member_id.is_empty()
        {
            let number = group.group(turn.out);
            let event = turn.out.emit(cause, EventKind::LeaveSent { client: id, group: number });
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
    pub(in super::super) fn rejoin_needed_or_pending(&mut self) -> bool {
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
    pub(in super::super) fn maybe_update_subscription_metadata(&mut self) {
        let version = self.client.net.metadata.update_version();
        if self.membership.classic().is_none_or(|group| group.metadata_snapshot.version >= version) {
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
