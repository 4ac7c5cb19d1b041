//! `OffsetCommit`: the request, and what its errors mean (`ConsumerCoordinator.sendOffsetCommitRequest`,
//! `OffsetCommitResponseHandler`).

use super::super::lent::Lent;
use super::super::network::{Answered, Purpose};
use super::super::turn::Turn;
use super::state::{CommitCallback, CommitFuture, Coordinator, Generation, MemberState, Offsets};

use std::sync::Arc;

use kafka_protocol::messages::offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic};
use kafka_protocol::messages::{GroupId, OffsetCommitRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::{CommitHow, EventKind};
use crate::node::Paced;
use crate::wire::{Frame, Response};

const KICKED_OUT: &str = "Offset commit cannot be completed since the consumer is not part of an active group for auto \
                          partition assignment; it is likely that the consumer was kicked out of the group.";
const UNDERGOING_REBALANCE: &str = "Offset commit cannot be completed since the consumer is undergoing a rebalance for \
                                    auto partition assignment. You can try completing the rebalance by calling poll() \
                                    and then retry the operation.";
const EXECUTING_REBALANCE: &str = "Offset commit cannot be completed since the consumer group is executing a rebalance \
                                   at the moment. You can try completing the rebalance by calling poll() and then \
                                   retry commit again";
const STALE_GENERATION: &str = "Offset commit cannot be completed since the consumer member's generation is already \
                                stale, meaning it has already participated another rebalance and got a new \
                                generation. You can try completing the rebalance by calling poll() and then retry \
                                commit again";
const FENCED_GENERATION: &str = "Offset commit cannot be completed since the consumer member's old generation is \
                                 fenced by its group instance id, it is possible that this consumer has already \
                                 participated another rebalance and got a new generation";
/// `CommitFailedException()`.
const COMMIT_FAILED: &str = "Commit cannot be completed since the group has already rebalanced and assigned the \
                             partitions to another member. This means that the time between subsequent calls to \
                             poll() was longer than the configured max.poll.interval.ms, which typically implies that \
                             the poll loop is spending too much time message processing. You can address this either \
                             by increasing max.poll.interval.ms or by reducing the maximum size of batches returned \
                             in poll() with max.poll.records.";

impl Coordinator {
    /// `sendOffsetCommitRequest`: returns the commit's number; what fails here ends at once.
    pub fn send_offset_commit(
        &mut self,
        lent: &mut Lent<'_>,
        offsets: Offsets,
        how: CommitHow,
        callback: Option<CommitCallback>,
        awaited: bool,
        turn: &mut Turn<'_>,
    ) -> u32 {
        let now = turn.now;
        let number = self.next_commit;
        self.next_commit += 1;
        if callback.is_some() {
            self.in_flight_async += 1;
        }
        self.commits.insert(number, CommitFuture { offsets: offsets.clone(), how, callback, awaited, result: None });
        if offsets.is_empty() {
            self.commit_done(lent, number, Ok(()), Code::None, turn);
            return number;
        }
        let group_no = self.number(turn.out);
        let partitions = u32::try_from(offsets.len()).expect("a consumer has few partitions");
        if how == CommitHow::Auto {
            turn.out.paced = Some((lent.client, Paced::Commit));
        }
        let cause = turn
            .out
            .emit(turn.cause, EventKind::CommitStarted { client: lent.client, group: group_no, how, partitions });
        let turn = &mut turn.caused_by(cause);
        match self.commit_request(lent, &offsets, turn) {
            Ok((node, request, generation)) => {
                let purpose = Purpose::OffsetCommit(number, generation);
                lent.network.send(node, request.into(), purpose, cause, now);
            }
            Err((exception, code)) => self.commit_done(lent, number, Err(exception), code, turn),
        }
        number
    }

    fn commit_request(
        &mut self,
        lent: &mut Lent<'_>,
        offsets: &Offsets,
        turn: &mut Turn<'_>,
    ) -> Result<(NodeId, OffsetCommitRequest, Generation), (Exception, Code)> {
        let Some(broker) = self.check_and_get_coordinator(lent, turn) else {
            let code = Code::CoordinatorNotAvailable;
            return Err((Exception::of(code), code));
        };
        let auto = lent.subscriptions.has_auto_assigned_partitions();
        let generation = match self.generation_if_stable() {
            _ if !auto => Generation::none(),
            Some(generation) => generation.clone(),
            // Not part of an active group, and expected to be.
            None if self.rebalance_in_progress() => {
                let code = Code::RebalanceInProgress;
                return Err((Exception::with_message(code, UNDERGOING_REBALANCE), code));
            }
            None => {
                let exception = Exception::new("CommitFailedException", None, KICKED_OUT);
                return Err((exception, Code::UnknownMemberId));
            }
        };
        let instance_id = lent.settings.group_instance_id.as_deref().filter(|_| auto);
        let mut topics: Vec<OffsetCommitRequestTopic> = Vec::new();
        for (partition, offset) in offsets.iter() {
            let asked = OffsetCommitRequestPartition::default()
                .with_partition_index(partition.partition)
                .with_committed_offset(offset.offset)
                .with_committed_leader_epoch(offset.leader_epoch.unwrap_or(-1))
                .with_committed_metadata(Some(StrBytes::from_string(offset.metadata.to_string())));
            match topics.last_mut() {
                Some(topic) if topic.name.as_str() == &*partition.topic => topic.partitions.push(asked),
                _ => topics.push(
                    OffsetCommitRequestTopic::default()
                        .with_name(TopicName(StrBytes::from_string(partition.topic.to_string())))
                        .with_partitions(vec![asked]),
                ),
            }
        }
        let request = OffsetCommitRequest::default()
            .with_group_id(GroupId(StrBytes::from_string(self.group_id.to_string())))
            .with_generation_id_or_member_epoch(generation.id)
            .with_member_id(StrBytes::from_string(generation.member_id.to_string()))
            .with_group_instance_id(instance_id.map(|id| StrBytes::from_string(id.to_owned())))
            .with_topics(topics);
        Ok((NodeId::Coordinator(broker), request, generation))
    }

    pub fn handle_offset_commit(
        &mut self,
        lent: &mut Lent<'_>,
        number: u32,
        sent: &Generation,
        result: Result<Arc<Frame>, Exception>,
        turn: &mut Turn<'_>,
    ) {
        let frame = match result {
            Ok(frame) => frame,
            Err(exception) => {
                self.coordinator_request_failed(lent, &exception, turn);
                let code = exception.code.unwrap_or(Code::NetworkException);
                self.commit_done(lent, number, Err(exception), code, turn);
                return;
            }
        };
        let Response::OffsetCommit(response) = Answered::response(&frame) else {
            unreachable!("OffsetCommit is answered by its own response")
        };
        let partitions = response.topics.iter().flat_map(|topic| &topic.partitions);
        let refused = partitions.map(|partition| Code::from_i16(partition.error_code)).find(|code| !code.is_ok());
        match refused {
            None => self.commit_done(lent, number, Ok(()), Code::None, turn),
            Some(code) => {
                let exception = self.commit_refused(lent, sent, code, turn);
                self.commit_done(lent, number, Err(exception), code, turn);
            }
        }
    }

    fn commit_refused(&mut self, lent: &mut Lent<'_>, sent: &Generation, code: Code, turn: &mut Turn<'_>) -> Exception {
        let unchanged = self.generation == *sent;
        let preparing = self.state == MemberState::PreparingRebalance;
        match code {
            Code::GroupAuthorizationFailed => {
                let message = format!("Not authorized to access group: {}", self.group_id);
                Exception::with_message(code, message)
            }
            Code::OffsetMetadataTooLarge
            | Code::InvalidCommitOffsetSize
            | Code::CoordinatorLoadInProgress
            | Code::UnknownTopicOrPartition
            | Code::TopicAuthorizationFailed => Exception::of(code),
            Code::CoordinatorNotAvailable | Code::NotCoordinator | Code::RequestTimedOut => {
                self.mark_coordinator_unknown(lent, false, turn);
                Exception::of(code)
            }
            Code::FencedInstanceId if unchanged => Exception::of(code),
            Code::FencedInstanceId if preparing => {
                Exception::with_message(Code::RebalanceInProgress, FENCED_GENERATION)
            }
            Code::FencedInstanceId => Exception::new("CommitFailedException", None, COMMIT_FAILED),
            Code::RebalanceInProgress => {
                self.note_rejoin_cause(turn);
                self.request_rejoin("offset commit failed since group is already rebalancing");
                Exception::with_message(code, EXECUTING_REBALANCE)
            }
            Code::UnknownMemberId | Code::IllegalGeneration => {
                if !unchanged && preparing {
                    return Exception::with_message(Code::RebalanceInProgress, STALE_GENERATION);
                }
                self.note_rejoin_cause(turn);
                self.reset_state_on_response_error("OFFSET_COMMIT", code);
                Exception::new("CommitFailedException", None, COMMIT_FAILED)
            }
            other => {
                let message = format!("Unexpected error in commit: {}", other.message());
                Exception::new("KafkaException", None, message)
            }
        }
    }
}
