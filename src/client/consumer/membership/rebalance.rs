//! `JoinGroup` and `SyncGroup`, and the leader's work between them (`AbstractCoordinator.JoinGroupResponseHandler`,
//! `SyncGroupResponseHandler`, `ConsumerCoordinator.onLeaderElected`).

use super::super::assignor::{Assignor, MemberInfo, Topics};
use super::super::lent::Lent;
use super::super::network::{Answered, Purpose};
use super::super::settings::Strategy;
use super::super::turn::Turn;
use super::state::{Coordinator, Generation, JoinFuture, MemberState};

use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::join_group_response::JoinGroupResponse;
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{GroupId, JoinGroupRequest, SyncGroupRequest};
use kafka_protocol::protocol::StrBytes;

use crate::client::net::NodeId;
use crate::consumer_protocol::{Assignment, PROTOCOL_TYPE, Subscription, VERSION};
use crate::error::{Code, Exception};
use crate::event::EventKind;
use crate::ids::EventId;
use crate::sorted::SortedSet;
use crate::wire::{Frame, Response};

/// Milliseconds that `JoinGroup` may take beyond the rebalance timeout (`JOIN_GROUP_TIMEOUT_LAPSE`).
const JOIN_GROUP_TIMEOUT_LAPSE_MS: u64 = 5_000;
/// What `CooperativeStickyAssignor` puts into its user data while it was never chosen: generation -1.
const NO_STICKY_GENERATION: [u8; 4] = (-1_i32).to_be_bytes();

fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

impl Coordinator {
    /// `sendJoinGroupRequest`. Throws what the protocol cannot write.
    pub fn send_join_group(&mut self, lent: &mut Lent<'_>, turn: &mut Turn<'_>) -> Result<(), Exception> {
        let now = turn.now;
        let Some(broker) = self.check_and_get_coordinator(lent, turn) else {
            self.join_done(Err(Exception::of(Code::CoordinatorNotAvailable)), turn);
            return Ok(());
        };
        let subscription = lent.subscriptions.subscription().clone();
        let owned: Vec<_> = lent.subscriptions.assigned_partitions().into_iter().collect();
        let generation = self.generation.clone();
        let rack = Some(lent.settings.client_rack.clone()).filter(|rack| !rack.is_empty());
        let protocols = lent.settings.assignors.iter().map(|strategy| {
            let user_data = match strategy {
                Strategy::Built(_) => None,
                Strategy::CooperativeSticky => Some(Bytes::from_static(&NO_STICKY_GENERATION)),
            };
            let metadata = Subscription {
                topics: subscription.iter().cloned().collect(),
                user_data,
                owned: owned.clone(),
                generation: generation.id,
                rack: rack.clone(),
            };
            let bytes =
                metadata.to_bytes(VERSION).map_err(|message| Exception::new("RuntimeException", None, message))?;
            let protocol = JoinGroupRequestProtocol::default().with_name(StrBytes::from_static_str(strategy.name()));
            Ok(protocol.with_metadata(bytes))
        });
        let protocols = protocols.collect::<Result<Vec<_>, Exception>>()?;
        let number = self.number(turn.out);
        let cause = turn.out.emit(turn.cause, EventKind::JoinStarted { client: lent.client, group: number });
        let to_i32 = |ms: u64| i32::try_from(ms).unwrap_or(i32::MAX);
        let request = JoinGroupRequest::default()
            .with_group_id(GroupId(text(&self.group_id)))
            .with_session_timeout_ms(to_i32(lent.settings.session_timeout_ms))
            .with_rebalance_timeout_ms(to_i32(lent.settings.max_poll_interval_ms))
            .with_member_id(text(&generation.member_id))
            .with_group_instance_id(lent.settings.group_instance_id.as_deref().map(text))
            .with_protocol_type(StrBytes::from_static_str(PROTOCOL_TYPE))
            .with_protocols(protocols)
            .with_reason(Some(text(&self.rejoin_reason)));
        self.joined_subscription = Some(subscription);
        self.join = Some(JoinFuture::Pending);
        let timeout_ms = lent
            .settings
            .request_timeout_ms
            .max(lent.settings.max_poll_interval_ms.saturating_add(JOIN_GROUP_TIMEOUT_LAPSE_MS));
        let purpose = Purpose::JoinGroup(generation);
        lent.network.send_within(NodeId::Coordinator(broker), request.into(), purpose, timeout_ms, cause, now);
        Ok(())
    }

    /// Ends the join; a failed one leaves the member unjoined.
    fn join_done(&mut self, result: Result<Bytes, Exception>, turn: &mut Turn<'_>) {
        self.note_rejoin_cause(turn);
        if result.is_err() {
            self.state = MemberState::Unjoined;
        }
        self.join = Some(JoinFuture::Done(result));
    }

    /// The answer to `JoinGroup` or `SyncGroup`, when somebody still waits for one and there is one: a request that
    /// failed has ended the join.
    fn answer_to_join(
        &mut self,
        lent: &mut Lent<'_>,
        result: Result<Arc<Frame>, Exception>,
        turn: &mut Turn<'_>,
    ) -> Option<Arc<Frame>> {
        // The member may have left meanwhile.
        self.join.as_ref()?;
        match result {
            Ok(frame) => Some(frame),
            Err(exception) => {
                self.coordinator_request_failed(lent, &exception, turn);
                self.join_done(Err(exception), turn);
                None
            }
        }
    }

    pub fn handle_join_group(
        &mut self,
        lent: &mut Lent<'_>,
        sent: &Generation,
        result: Result<Arc<Frame>, Exception>,
        turn: &mut Turn<'_>,
    ) {
        let Some(frame) = self.answer_to_join(lent, result, turn) else { return };
        let Response::JoinGroup(response) = Answered::response(&frame) else {
            unreachable!("JoinGroup is answered by its own response")
        };
        let code = Code::from_i16(response.error_code);
        if code.is_ok() {
            self.join_succeeded(lent, &frame, response, turn);
        } else {
            self.join_refused(lent, sent, code, response, turn);
        }
    }

    fn join_succeeded(
        &mut self,
        lent: &mut Lent<'_>,
        frame: &Arc<Frame>,
        response: &JoinGroupResponse,
        turn: &mut Turn<'_>,
    ) {
        let client = lent.client;
        let number = self.number(turn.out);
        if response.protocol_type.as_deref().is_some_and(|kind| kind != PROTOCOL_TYPE) {
            self.join_done(Err(Exception::of(Code::InconsistentGroupProtocol)), turn);
            return;
        }
        if self.state != MemberState::PreparingRebalance {
            self.join_done(Err(Exception::new("UnjoinedGroupException", None, "")), turn);
            return;
        }
        let leads = response.leader == response.member_id;
        let generation = response.generation_id;
        turn.cause = turn.out.emit(turn.cause, EventKind::Joined { client, group: number, generation, leads });
        self.state = MemberState::CompletingRebalance;
        self.generation = Generation {
            id: generation,
            member_id: Arc::from(response.member_id.as_str()),
            protocol: response.protocol_name.as_deref().map(Arc::from),
        };
        self.enable_heartbeat_thread(turn.now);
        if leads {
            self.lead(lent, frame, response, turn);
        } else {
            self.send_sync_group(lent, Vec::new(), turn);
        }
    }

    fn join_refused(
        &mut self,
        lent: &mut Lent<'_>,
        sent: &Generation,
        code: Code,
        response: &JoinGroupResponse,
        turn: &mut Turn<'_>,
    ) {
        let exception = match code {
            Code::CoordinatorLoadInProgress
            | Code::FencedInstanceId
            | Code::InconsistentGroupProtocol
            | Code::InvalidSessionTimeout
            | Code::InvalidGroupId
            | Code::UnsupportedVersion
            // "The coordinator is rebalancing": tried again.
            | Code::RebalanceInProgress => Exception::of(code),
            Code::UnknownMemberId => {
                if self.generation == *sent {
                    self.reset_state_on_response_error("JOIN_GROUP", code);
                }
                Exception::of(code)
            }
            Code::CoordinatorNotAvailable | Code::NotCoordinator => {
                self.mark_coordinator_unknown(lent, false, turn);
                Exception::of(code)
            }
            Code::GroupMaxSizeReached => {
                let message = format!(
                    "Consumer group {} already has the configured maximum number of members.",
                    self.group_id
                );
                Exception::with_message(code, message)
            }
            Code::GroupAuthorizationFailed => {
                let message = format!("Not authorized to access group: {}", self.group_id);
                Exception::with_message(code, message)
            }
            Code::MemberIdRequired => {
                let member_id = response.member_id.as_str();
                self.generation = Generation { id: -1, member_id: Arc::from(member_id), protocol: None };
                self.request_rejoin(format!("need to re-join with the given member-id: {member_id}"));
                Exception::of(code)
            }
            other => {
                let message = format!("Unexpected error in join group response: {}", other.message());
                Exception::new("KafkaException", None, message)
            }
        };
        self.join_done(Err(exception), turn);
    }

    /// The leader first learns the metadata of all topics of its group (`updateGroupSubscription`).
    fn lead(&mut self, lent: &mut Lent<'_>, frame: &Arc<Frame>, response: &JoinGroupResponse, turn: &mut Turn<'_>) {
        let now = turn.now;
        let mut topics = SortedSet::new();
        for member in &response.members {
            if let Ok(subscription) = Subscription::from_bytes(&member.metadata) {
                topics.extend(subscription.topics);
            }
        }
        if lent.subscriptions.group_subscribe(topics) {
            lent.update_metadata_topics();
            lent.network.net.metadata.request_update_for_new_topics(turn.cause);
        } else {
            lent.update_metadata_topics();
        }
        // `ensureFreshMetadata`.
        let metadata = &mut lent.network.net.metadata;
        let fresh = !metadata.update_requested() && metadata.time_to_next_update(now.ms()) > 0;
        let version =
            if fresh { metadata.update_version() } else { metadata.request_update(false, turn.cause).wrapping_add(1) };
        let cause = turn.cause;
        self.join = Some(JoinFuture::LeaderWaits { response: frame.clone(), version, cause });
    }

    /// Whether the leader's work on its `JoinGroup` answer waits for metadata. Kafka waits inside the handler of that
    /// answer, without a limit and with the coordinator's lock: the application's call goes no further meanwhile, and
    /// the heartbeat thread neither beats nor leaves (`ConsumerNetworkClient.ensureFreshMetadata`).
    pub const fn awaits_metadata_as_leader(&self) -> bool {
        matches!(self.join, Some(JoinFuture::LeaderWaits { .. }))
    }

    /// The wait threw: that is how the join ends (`JoinGroupResponseHandler.onLeaderElected`).
    pub fn fail_as_leader(&mut self, exception: Exception, turn: &mut Turn<'_>) {
        self.join_done(Err(exception), turn);
    }

    /// Computes the assignment once the metadata is there.
    pub fn continue_as_leader(&mut self, lent: &mut Lent<'_>, turn: &mut Turn<'_>) {
        let Some(JoinFuture::LeaderWaits { response, version, cause }) = &self.join else { return };
        if lent.network.net.metadata.update_version() < *version {
            return;
        }
        let (frame, cause) = (response.clone(), *cause);
        let turn = &mut turn.caused_by(cause);
        let Response::JoinGroup(response) = Answered::response(&frame) else {
            unreachable!("the leader keeps its JoinGroup response")
        };
        self.join = Some(JoinFuture::Pending);
        self.maybe_update_subscription_metadata(lent);
        match self.perform_assignment(lent, response, turn) {
            Ok(assignments) => self.send_sync_group(lent, assignments, turn),
            Err(exception) => self.join_done(Err(exception), turn),
        }
    }

    fn perform_assignment(
        &mut self,
        lent: &mut Lent<'_>,
        response: &JoinGroupResponse,
        turn: &mut Turn<'_>,
    ) -> Result<Vec<SyncGroupRequestAssignment>, Exception> {
        let name = response.protocol_name.as_deref().unwrap_or_default();
        let assignor = Assignor::from_name(name).ok_or_else(|| {
            let message = format!("Coordinator selected invalid assignment protocol: {name}");
            Exception::new("IllegalStateException", None, message)
        })?;
        self.is_leader = true;
        self.assignment_snapshot = Some(self.metadata_snapshot.clone());
        if response.skip_assignment {
            return Ok(Vec::new());
        }
        let mut members = Vec::new();
        let mut subscribed = SortedSet::new();
        for member in &response.members {
            let subscription = Subscription::from_bytes(&member.metadata)
                .map_err(|message| Exception::new("SchemaException", None, message))?;
            subscribed.extend(subscription.topics.iter().cloned());
            members.push(MemberInfo {
                member_id: Arc::from(member.member_id.as_str()),
                instance_id: member.group_instance_id.as_deref().map(Arc::from),
                subscription,
            });
        }
        let cluster = lent.network.net.metadata.cluster().clone();
        let topics: Topics = subscribed
            .into_iter()
            .filter_map(|topic| {
                // Brokers of the model have no racks.
                let count = cluster.topic(&topic)?.partitions.len();
                Some((topic, vec![Vec::new(); count]))
            })
            .collect();
        let assignments = assignor.assign(&topics, &members);
        let partitions = assignments.iter().map(|(_, partitions)| partitions.len()).sum::<usize>();
        let number = self.number(turn.out);
        let computed = EventKind::AssignmentComputed {
            client: lent.client,
            group: number,
            members: u32::try_from(members.len()).expect("a group has few members"),
            partitions: u32::try_from(partitions).expect("a group has few partitions"),
        };
        turn.cause = turn.out.emit(turn.cause, computed);
        let written = assignments.into_iter().map(|(member_id, partitions)| {
            let assignment = Assignment { partitions, user_data: None };
            SyncGroupRequestAssignment::default()
                .with_member_id(text(&member_id))
                .with_assignment(assignment.to_bytes(VERSION))
        });
        Ok(written.collect())
    }

    fn send_sync_group(
        &mut self,
        lent: &mut Lent<'_>,
        assignments: Vec<SyncGroupRequestAssignment>,
        turn: &mut Turn<'_>,
    ) {
        let now = turn.now;
        let Some(broker) = self.check_and_get_coordinator(lent, turn) else {
            self.join_done(Err(Exception::of(Code::CoordinatorNotAvailable)), turn);
            return;
        };
        let generation = self.generation.clone();
        let request = SyncGroupRequest::default()
            .with_group_id(GroupId(text(&self.group_id)))
            .with_generation_id(generation.id)
            .with_member_id(text(&generation.member_id))
            .with_group_instance_id(lent.settings.group_instance_id.as_deref().map(text))
            .with_protocol_type(Some(StrBytes::from_static_str(PROTOCOL_TYPE)))
            .with_protocol_name(generation.protocol.as_deref().map(text))
            .with_assignments(assignments);
        let cause: EventId = turn.cause;
        lent.network.send(NodeId::Coordinator(broker), request.into(), Purpose::SyncGroup(generation), cause, now);
    }

    pub fn handle_sync_group(
        &mut self,
        lent: &mut Lent<'_>,
        sent: &Generation,
        result: Result<Arc<Frame>, Exception>,
        turn: &mut Turn<'_>,
    ) {
        let Some(frame) = self.answer_to_join(lent, result, turn) else { return };
        let Response::SyncGroup(response) = Answered::response(&frame) else {
            unreachable!("SyncGroup is answered by its own response")
        };
        let code = Code::from_i16(response.error_code);
        if !code.is_ok() {
            let exception = self.sync_refused(lent, sent, code, turn);
            self.join_done(Err(exception), turn);
            return;
        }
        let protocol = response.protocol_name.as_deref();
        let inconsistent = response.protocol_type.as_deref().is_some_and(|kind| kind != PROTOCOL_TYPE)
            || protocol.is_some_and(|name| Some(name) != self.generation.protocol.as_deref());
        if self.generation.id == -1 || self.state != MemberState::CompletingRebalance {
            // The heartbeat thread reset the generation meanwhile: tried again at once.
            self.join_done(Err(Exception::of(Code::IllegalGeneration)), turn);
        } else if inconsistent {
            self.join_done(Err(Exception::of(Code::InconsistentGroupProtocol)), turn);
        } else {
            self.state = MemberState::Stable;
            self.rejoin_reason = Arc::from("");
            self.rejoin_needed = false;
            self.join = Some(JoinFuture::Done(Ok(response.assignment.clone())));
            self.note_rejoin_cause(turn);
        }
    }

    fn sync_refused(&mut self, lent: &mut Lent<'_>, sent: &Generation, code: Code, turn: &mut Turn<'_>) -> Exception {
        match code {
            Code::GroupAuthorizationFailed => {
                let message = format!("Not authorized to access group: {}", self.group_id);
                Exception::with_message(code, message)
            }
            Code::RebalanceInProgress | Code::FencedInstanceId => Exception::of(code),
            Code::UnknownMemberId | Code::IllegalGeneration => {
                if self.generation == *sent {
                    self.reset_state_on_response_error("SYNC_GROUP", code);
                }
                Exception::of(code)
            }
            Code::CoordinatorNotAvailable | Code::NotCoordinator => {
                self.mark_coordinator_unknown(lent, false, turn);
                Exception::of(code)
            }
            other => {
                let message = format!("Unexpected error from SyncGroup: {}", other.message());
                Exception::new("KafkaException", None, message)
            }
        }
    }
}
