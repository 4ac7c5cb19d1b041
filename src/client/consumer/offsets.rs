//! Where to start reading: committed offsets, and the calls that ask for offsets (`ConsumerCoordinator.fetchCommittedOffsets`,
//! `KafkaConsumer.updateFetchPositions`, `position`, `committed`).

use std::sync::Arc;

use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use kafka_protocol::messages::{GroupId, OffsetFetchRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::Consumer;
use super::app::{Flow, Task};
use super::coordinator::Generation;
use super::lookup::EnsureCoordinatorTask;
use super::network::{Answered, Purpose, is_retriable};
use super::subscription::FetchPosition;
use crate::call::{OffsetAndMetadata, Outcome};
use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::{EventKind, PositionWhy};
use crate::ids::{PartitionNo, TopicPartition};
use crate::java::JavaHashMap;
use crate::node::Outbox;
use crate::sorted::SortedSet;
use crate::time::Now;
use crate::wire::{Frame, Response};

/// Committed offsets by partition; none where nothing is committed.
pub(super) type Committed = Arc<[(TopicPartition, Option<OffsetAndMetadata>)]>;

/// An OffsetFetch under way (`PendingCommittedOffsetRequest`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CommittedFetch {
    partitions: Arc<SortedSet<TopicPartition>>,
    generation: Option<Generation>,
    result: Option<Result<Committed, Exception>>,
}

/// `fetchCommittedOffsets`: returns whether they came in time; they are left in `fetched_committed`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FetchCommittedTask {
    partitions: Arc<SortedSet<TopicPartition>>,
    deadline_ms: u64,
    attempts: u32,
    stage: FetchStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum FetchStage {
    Start,
    Loop,
    CoordinatorReady,
    Asked,
    Again,
}

/// `updateFetchPositions`: returns false when it ran out of time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct UpdatePositionsTask {
    deadline_ms: u64,
    fetched: bool,
}

/// `position(partition, timeout)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PositionTask {
    pub partition: TopicPartition,
    pub timeout_ms: u64,
    pub deadline_ms: u64,
    pub stage: u8,
}

/// `committed(partitions, timeout)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CommittedTask {
    pub partitions: Vec<TopicPartition>,
    pub timeout_ms: u64,
    pub deadline_ms: u64,
    pub asked: bool,
}

/// What a call wants of ListOffsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ListWhat {
    /// `beginningOffsets`, `endOffsets`.
    Offsets,
    /// `offsetsForTimes`.
    Times,
}

/// `fetchOffsetsByTimes`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ListOffsetsTask {
    pub what: ListWhat,
    /// All that was asked for, in the caller's order, with its target time.
    pub wanted: Arc<[(TopicPartition, i64)]>,
    pub begun_ms: u64,
    pub deadline_ms: u64,
    pub stage: ListStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ListStage {
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

impl Consumer {
    pub(super) fn step_fetch_committed(&mut self, task: &mut FetchCommittedTask, now: Now, out: &mut Outbox) -> Flow {
        match task.stage {
            FetchStage::Start => {
                self.fetched_committed = None;
                if task.partitions.is_empty() {
                    self.fetched_committed = Some(Arc::from([]));
                    return Flow::Return(true);
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
                self.fetch_committed_loop(task, now, out)
            }
            FetchStage::Loop => self.fetch_committed_loop(task, now, out),
            FetchStage::CoordinatorReady => {
                if !self.app.answer {
                    return Flow::Return(false);
                }
                self.ask_committed(task, now, out)
            }
            FetchStage::Asked => {
                let result = self.group().committed_fetch.as_ref().and_then(|fetch| fetch.result.clone());
                let gone = self.group().committed_fetch.is_none();
                match result {
                    None if gone => Flow::Return(false),
                    None if now.ms() < task.deadline_ms => Flow::Network { until_ms: task.deadline_ms },
                    None => Flow::Return(false),
                    Some(result) => {
                        self.group_mut().committed_fetch = None;
                        match result {
                            Ok(committed) => {
                                self.fetched_committed = Some(committed);
                                Flow::Return(true)
                            }
                            Err(exception) if !is_retriable(&exception) => Flow::Throw(exception),
                            Err(_) => {
                                task.stage = FetchStage::Again;
                                self.back_off(&mut task.attempts, task.deadline_ms, now)
                            }
                        }
                    }
                }
            }
            FetchStage::Again => {
                if now.ms() >= task.deadline_ms {
                    return Flow::Return(false);
                }
                task.stage = FetchStage::Loop;
                self.fetch_committed_loop(task, now, out)
            }
        }
    }

    fn fetch_committed_loop(&mut self, task: &mut FetchCommittedTask, now: Now, out: &mut Outbox) -> Flow {
        if self.coordinator_unknown(now, out) {
            task.stage = FetchStage::CoordinatorReady;
            return Flow::Push(Task::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)));
        }
        self.ask_committed(task, now, out)
    }

    fn ask_committed(&mut self, task: &mut FetchCommittedTask, now: Now, out: &mut Outbox) -> Flow {
        if self.group().committed_fetch.is_none() {
            let known = self.check_and_get_coordinator(now, out);
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
                self.client.send(node, request.into(), Purpose::OffsetFetch, self.cause, now);
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

    pub(super) fn handle_offset_fetch(&mut self, result: Result<Arc<Frame>, Exception>, out: &mut Outbox) {
        let result = match result {
            Ok(frame) => self.read_offset_fetch(&frame, out),
            Err(exception) => {
                self.coordinator_request_failed(&exception, out);
                Err(exception)
            }
        };
        self.fetched_cause = self.cause;
        if let Some(fetch) = &mut self.group_mut().committed_fetch {
            fetch.result = Some(result);
        }
    }

    fn read_offset_fetch(&mut self, frame: &Frame, out: &mut Outbox) -> Result<Committed, Exception> {
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
                    self.mark_coordinator_unknown(false, out);
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

    pub(super) fn step_update_positions(&mut self, task: &mut UpdatePositionsTask, now: Now, out: &mut Outbox) -> Flow {
        if !task.fetched {
            task.fetched = true;
            if let Err(exception) = self.validate_positions_if_needed(now, out) {
                return Flow::Throw(exception);
            }
            self.all_positions_known = self.subscriptions.has_all_fetch_positions();
            if self.all_positions_known {
                return Flow::Return(true);
            }
            if self.coordinator.is_some() {
                let partitions = self.subscriptions.initializing_partitions();
                return Flow::Push(Task::FetchCommitted(FetchCommittedTask::new(partitions, task.deadline_ms)));
            }
        } else if self.coordinator.is_some() && !self.app.answer {
            return Flow::Return(false);
        }
        self.refresh_committed_offsets(out);
        let without_policy = self.subscriptions.reset_initializing_positions();
        if !without_policy.is_empty() {
            return Flow::Throw(no_offset_for(&without_policy));
        }
        match self.reset_positions_if_needed(now) {
            Ok(()) => Flow::Return(true),
            Err(exception) => Flow::Throw(exception),
        }
    }

    /// `refreshCommittedOffsets`.
    fn refresh_committed_offsets(&mut self, out: &mut Outbox) {
        let Some(committed) = self.fetched_committed.take() else { return };
        self.cause = self.fetched_cause;
        for (partition, offset) in committed.iter() {
            let Some(offset) = offset else { continue };
            if let Some(epoch) = offset.leader_epoch {
                self.client.net.metadata.update_last_seen_epoch_if_newer(partition, epoch);
            }
            let leader = self.current_leader(partition);
            let Some(state) = self.subscriptions.get_mut(partition) else { continue };
            let position = FetchPosition { offset: offset.offset, offset_epoch: offset.leader_epoch, leader };
            state.seek_unvalidated(position);
            self.position_set(partition, offset.offset, PositionWhy::Committed, out);
        }
    }

    pub(super) fn position_set(&mut self, partition: &TopicPartition, offset: i64, why: PositionWhy, out: &mut Outbox) {
        let topic = out.names.intern_topic(&partition.topic);
        let partition = PartitionNo { topic, partition: partition.partition };
        let kind = EventKind::PositionSet { client: self.id, partition, offset: offset.unsigned_abs(), why };
        out.emit(self.cause, kind);
    }

    pub(super) fn step_position(&mut self, task: &mut PositionTask, now: Now) -> Flow {
        // 0: look; 1: positions were updated; 2: the network was polled.
        match task.stage {
            1 => {
                task.stage = 2;
                Flow::Network { until_ms: task.deadline_ms }
            }
            stage => {
                let position = self.subscriptions.get(&task.partition).and_then(|state| state.valid_position());
                if let Some(position) = position {
                    self.app.outcome = Outcome::Offsets(vec![(task.partition.clone(), Some(position.offset))]);
                    return Flow::Return(true);
                }
                if stage == 2 && now.ms() >= task.deadline_ms {
                    let message = format!(
                        "Timeout of {}ms expired before the position for partition {} could be determined",
                        task.timeout_ms, task.partition
                    );
                    return Flow::Throw(Exception::with_message(Code::RequestTimedOut, message));
                }
                task.stage = 1;
                Flow::Push(Task::UpdatePositions(UpdatePositionsTask::new(task.deadline_ms)))
            }
        }
    }

    pub(super) fn step_committed(&mut self, task: &mut CommittedTask) -> Flow {
        if !task.asked {
            task.asked = true;
            let partitions = task.partitions.iter().cloned().collect();
            return Flow::Push(Task::FetchCommitted(FetchCommittedTask::new(partitions, task.deadline_ms)));
        }
        let Some(committed) = self.fetched_committed.take().filter(|_| self.app.answer) else {
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
        self.app.outcome = Outcome::Committed(committed.to_vec());
        Flow::Return(true)
    }
}

/// `NoOffsetForPartitionException`.
pub(super) fn no_offset_for(partitions: &[TopicPartition]) -> Exception {
    // Java collects them in a HashSet, and prints that.
    let mut set = JavaHashMap::new();
    for partition in partitions {
        set.insert(partition.clone(), ());
    }
    let names: Vec<String> = set.keys().map(ToString::to_string).collect();
    let message = format!("Undefined offset with no reset policy for partitions: [{}]", names.join(", "));
    Exception::new("NoOffsetForPartitionException", None, message)
}
