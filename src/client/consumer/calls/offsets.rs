//! Where to start reading: committed offsets, and the calls that ask for offsets (`ConsumerCoordinator.fetchCommittedOffsets`,
//! `KafkaConsumer.updateFetchPositions`, `position`, `committed`).

use super::super::Consumer;
use super::super::membership::state::{Committed, CommittedFetch};
use super::super::network::{Answered, Purpose, is_retriable};
use super::super::positions::no_offset_for;
use super::super::positions::subscription::FetchPosition;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow, Returned};
use super::tasks::{
    CommittedTask, EnsureCoordinatorTask, FetchCommittedTask, FetchStage, PositionStage, PositionTask,
    UpdatePositionsTask,
};

use std::sync::Arc;

use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use kafka_protocol::messages::{GroupId, OffsetFetchRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::call::{OffsetAndMetadata, Outcome};
use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::PositionWhy;
use crate::ids::TopicPartition;
use crate::sorted::SortedSet;
use crate::wire::{Frame, Response};

impl Consumer {
    pub(in super::super) fn step_fetch_committed(
        &mut self,
        task: &mut FetchCommittedTask,
        turn: &mut Turn<'_>,
    ) -> Flow {
        let now = turn.now;
        match task.stage {
            FetchStage::Start => {
                if task.partitions.is_empty() {
                    return Flow::Return(Returned::Committed(Arc::from([])));
                }
                let group = self.group_mut();
                let generation = group.generation_if_stable().cloned();
                // A request for something else is no longer waited for.
                let same = group
                    .committed_fetch
                    .as_ref()
                    .is_some_and(|fetch| fetch.partitions == task.partitions && fetch.generation == generation);
                if !same {
                    group.committed_fetch = None;
                }
                self.fetch_committed_loop(task, turn)
            }
            FetchStage::Loop => self.fetch_committed_loop(task, turn),
            FetchStage::CoordinatorReady => {
                if !self.app.was_in_time() {
                    return Flow::out_of_time();
                }
                self.ask_committed(task, turn)
            }
            FetchStage::Asked => {
                let result = self.group().committed_fetch.as_ref().and_then(|fetch| fetch.result.clone());
                let gone = self.group().committed_fetch.is_none();
                match result {
                    None if gone => Flow::out_of_time(),
                    None if now.ms() < task.deadline_ms => Flow::Network { until_ms: task.deadline_ms },
                    None => Flow::out_of_time(),
                    Some(result) => {
                        self.group_mut().committed_fetch = None;
                        match result {
                            Ok(committed) => Flow::Return(Returned::Committed(committed)),
                            Err(exception) if !is_retriable(&exception) => Flow::Throw(exception),
                            Err(_) => {
                                task.stage = FetchStage::Again;
                                self.back_off(&mut task.attempts, task.deadline_ms, turn)
                            }
                        }
                    }
                }
            }
            FetchStage::Again => {
                if now.ms() >= task.deadline_ms {
                    return Flow::out_of_time();
                }
                task.stage = FetchStage::Loop;
                self.fetch_committed_loop(task, turn)
            }
        }
    }

    fn fetch_committed_loop(&mut self, task: &mut FetchCommittedTask, turn: &mut Turn<'_>) -> Flow {
        if self.coordinator_unknown(turn) {
            task.stage = FetchStage::CoordinatorReady;
            return Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)));
        }
        self.ask_committed(task, turn)
    }

    fn ask_committed(&mut self, task: &mut FetchCommittedTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        if self.group().committed_fetch.is_none() {
            let known = self.check_and_get_coordinator(turn);
            let generation = self.group().generation_if_stable().cloned();
            let result = match known {
                Some(_) => None,
                None => Some(Err(Exception::of(Code::CoordinatorNotAvailable))),
            };
            self.group_mut().committed_fetch =
                Some(CommittedFetch { partitions: task.partitions.clone(), generation, result });
            if let Some(broker) = known {
                let request = self.offset_fetch_request(&task.partitions);
                let node = NodeId::Coordinator(broker);
                self.client.send(node, request.into(), Purpose::OffsetFetch, turn.cause, now);
            }
        }
        task.stage = FetchStage::Asked;
        Flow::Network { until_ms: task.deadline_ms }
    }

    fn offset_fetch_request(&self, partitions: &SortedSet<TopicPartition>) -> OffsetFetchRequest {
        let mut topics: Vec<OffsetFetchRequestTopics> = Vec::new();
        for partition in partitions {
            match topics.last_mut() {
                Some(topic) if topic.name.as_str() == &*partition.topic => {
                    topic.partition_indexes.push(partition.partition);
                }
                _ => topics.push(
                    OffsetFetchRequestTopics::default()
                        .with_name(TopicName(StrBytes::from_string(partition.topic.to_string())))
                        .with_partition_indexes(vec![partition.partition]),
                ),
            }
        }
        let group = OffsetFetchRequestGroup::default()
            .with_group_id(GroupId(StrBytes::from_string(self.group().group_id.to_string())))
            .with_topics(Some(topics));
        OffsetFetchRequest::default().with_groups(vec![group]).with_require_stable(true)
    }

    pub(in super::super) fn handle_offset_fetch(&mut self, result: Result<Arc<Frame>, Exception>, turn: &mut Turn<'_>) {
        let result = match result {
            Ok(frame) => self.read_offset_fetch(&frame, turn),
            Err(exception) => {
                self.coordinator_request_failed(&exception, turn);
                Err(exception)
            }
        };
        let cause = turn.cause;
        let group = self.group_mut();
        group.committed_cause = cause;
        if let Some(fetch) = &mut group.committed_fetch {
            fetch.result = Some(result);
        }
    }

    fn read_offset_fetch(&mut self, frame: &Frame, turn: &mut Turn<'_>) -> Result<Committed, Exception> {
        let Response::OffsetFetch(response) = Answered::response(frame) else {
            unreachable!("OffsetFetch is answered by its own response")
        };
        let unexpected = |what: &str, code: Code| {
            let message = format!("Unexpected error in fetch offset response{what}: {}", code.message());
            Exception::new("KafkaException", None, message)
        };
        let mut committed = Vec::new();
        let mut unstable = false;
        for group in &response.groups {
            let code = Code::from_i16(group.error_code);
            match code {
                Code::None => {}
                Code::CoordinatorNotAvailable | Code::NotCoordinator => {
                    self.mark_coordinator_unknown(false, turn);
                    return Err(Exception::of(code));
                }
                Code::GroupAuthorizationFailed => {
                    let message = format!("Not authorized to access group: {}", self.group().group_id);
                    return Err(Exception::with_message(code, message));
                }
                _ if code.is_retriable() => return Err(Exception::of(code)),
                _ => return Err(unexpected("", code)),
            }
            for topic in &group.topics {
                let name: Arc<str> = Arc::from(topic.name.as_str());
                for answer in &topic.partitions {
                    let partition = TopicPartition::new(&name, answer.partition_index);
                    match Code::from_i16(answer.error_code) {
                        Code::None if answer.committed_offset >= 0 => {
                            let offset = OffsetAndMetadata {
                                offset: answer.committed_offset,
                                leader_epoch: Some(answer.committed_leader_epoch).filter(|epoch| *epoch >= 0),
                                metadata: Arc::from(answer.metadata.as_deref().unwrap_or_default()),
                            };
                            committed.push((partition, Some(offset)));
                        }
                        Code::None => committed.push((partition, None)),
                        Code::UnknownTopicOrPartition => {
                            let message = format!("Topic or Partition {partition} does not exist");
                            return Err(Exception::new("KafkaException", None, message));
                        }
                        Code::UnstableOffsetCommit => unstable = true,
                        code => return Err(unexpected(&format!(" for partition {partition}"), code)),
                    }
                }
            }
        }
        if unstable {
            let message = "There are unstable offsets for the requested topic partitions";
            return Err(Exception::with_message(Code::UnstableOffsetCommit, message));
        }
        Ok(committed.into())
    }

    pub(in super::super) fn step_update_positions(
        &mut self,
        task: &mut UpdatePositionsTask,
        turn: &mut Turn<'_>,
    ) -> Flow {
        let now = turn.now;
        if !task.fetched {
            task.fetched = true;
            let (offsets, mut lent) = self.offset_fetcher(turn.cause);
            if let Err(exception) = offsets.validate_positions_if_needed(&mut lent, now, turn.out) {
                return Flow::Throw(exception);
            }
            self.all_positions_known = self.subscriptions.has_all_fetch_positions();
            if self.all_positions_known {
                return Flow::done();
            }
            if self.membership.is_of_group() {
                let partitions = self.subscriptions.initializing_partitions();
                return Flow::Push(CallFrame::FetchCommitted(FetchCommittedTask::new(partitions, task.deadline_ms)));
            }
        } else if self.membership.is_of_group() {
            let Returned::Committed(committed) = self.app.take_returned() else { return Flow::out_of_time() };
            self.refresh_committed_offsets(&committed, turn);
        }
        let without_policy = self.subscriptions.reset_initializing_positions();
        if !without_policy.is_empty() {
            return Flow::Throw(no_offset_for(&without_policy));
        }
        let (offsets, mut lent) = self.offset_fetcher(turn.cause);
        match offsets.reset_positions_if_needed(&mut lent, now) {
            Ok(()) => Flow::done(),
            Err(exception) => Flow::Throw(exception),
        }
    }

    /// `refreshCommittedOffsets`.
    fn refresh_committed_offsets(&mut self, committed: &Committed, turn: &mut Turn<'_>) {
        turn.cause = self.group().committed_cause;
        for (partition, offset) in committed.iter() {
            let Some(offset) = offset else { continue };
            if let Some(epoch) = offset.leader_epoch {
                self.client.net.metadata.update_last_seen_epoch_if_newer(partition, epoch);
            }
            let lent = self.lent(turn.cause);
            let leader = lent.current_leader(partition);
            let Some(state) = lent.subscriptions.get_mut(partition) else { continue };
            let position = FetchPosition { offset: offset.offset, offset_epoch: offset.leader_epoch, leader };
            state.seek_unvalidated(position);
            lent.position_set(partition, offset.offset, PositionWhy::Committed, turn.out);
        }
    }

    pub(in super::super) fn step_position(&mut self, task: &mut PositionTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        match task.stage {
            PositionStage::Updated => {
                task.stage = PositionStage::Polled;
                Flow::Network { until_ms: task.deadline_ms }
            }
            PositionStage::Look | PositionStage::Polled => {
                let position = self.subscriptions.get(&task.partition).and_then(|state| state.valid_position());
                if let Some(position) = position {
                    let offsets = vec![(task.partition.clone(), Some(position.offset))];
                    return Flow::outcome(Outcome::Offsets(offsets));
                }
                if task.stage == PositionStage::Polled && now.ms() >= task.deadline_ms {
                    let message = format!(
                        "Timeout of {}ms expired before the position for partition {} could be determined",
                        task.timeout_ms, task.partition
                    );
                    return Flow::Throw(Exception::with_message(Code::RequestTimedOut, message));
                }
                task.stage = PositionStage::Updated;
                Flow::Push(CallFrame::UpdatePositions(UpdatePositionsTask::new(task.deadline_ms)))
            }
        }
    }

    pub(in super::super) fn step_committed(&mut self, task: &mut CommittedTask) -> Flow {
        if !task.asked {
            task.asked = true;
            let partitions = task.partitions.iter().cloned().collect();
            return Flow::Push(CallFrame::FetchCommitted(FetchCommittedTask::new(partitions, task.deadline_ms)));
        }
        let Returned::Committed(committed) = self.app.take_returned() else {
            let partitions: Vec<String> = task.partitions.iter().map(ToString::to_string).collect();
            let message = format!(
                "Timeout of {}ms expired before the last committed offset for partitions [{}] could be determined. \
                 Try tuning default.api.timeout.ms larger to relax the threshold.",
                task.timeout_ms,
                partitions.join(", ")
            );
            return Flow::Throw(Exception::with_message(Code::RequestTimedOut, message));
        };
        for (partition, offset) in committed.iter() {
            if let Some(epoch) = offset.as_ref().and_then(|offset| offset.leader_epoch) {
                self.client.net.metadata.update_last_seen_epoch_if_newer(partition, epoch);
            }
        }
        Flow::outcome(Outcome::Committed(committed.to_vec()))
    }
}
