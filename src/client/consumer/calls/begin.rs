//! Beginnings of calls: what is checked, and which task does the work (`ClassicKafkaConsumer`).

use super::super::Consumer;
use super::super::membership::state::Offsets;
use super::super::positions::{EARLIEST, LATEST, OffsetFetcher};
use super::super::positions::{FetchPosition, ResetStrategy};
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow};
use super::tasks::{
    CloseTask, CommitAsyncTask, CommitSyncTask, CommittedTask, ListOffsetsTask, ListStage, ListWhat, PartitionsForTask,
    PollStage, PollTask, PositionStage, PositionTask, UnsubscribeTask,
};

use std::sync::Arc;

use crate::call::{ConsumerCall, OffsetAndMetadata, Outcome};
use crate::error::{Code, Exception};
use crate::event::{CommitHow, EventKind, PositionWhy, ResetWhy};
use crate::ids::{PartitionNo, TopicPartition};
use crate::sorted::{InOrder, SortedSet};

fn illegal_state(message: impl Into<Arc<str>>) -> Exception {
    Exception::new("IllegalStateException", None, message)
}

fn illegal_argument(message: impl Into<Arc<str>>) -> Exception {
    Exception::new("IllegalArgumentException", None, message)
}

/// What is refused before the consumer is asked whether it is closed or has a group: `OffsetAndMetadata`'s own
/// constructor refuses a negative offset, and so does the first line of `seek`.
fn refused_before_all(call: &ConsumerCall) -> Option<&'static str> {
    match call {
        ConsumerCall::Seek { offset, .. } if *offset < 0 => Some("seek offset must not be a negative number"),
        ConsumerCall::CommitSync { offsets: Some(offsets), .. }
        | ConsumerCall::CommitAsync { offsets: Some(offsets) }
            if offsets.iter().any(|(_, offset)| offset.offset < 0) =>
        {
            Some("Invalid negative offset")
        }
        _ => None,
    }
}

impl Consumer {
    /// Does the call, or says which task does.
    pub(in super::super) fn begin_call(&mut self, call: &ConsumerCall, turn: &mut Turn<'_>) -> Flow {
        if let Some(message) = refused_before_all(call) {
            return Flow::Throw(illegal_argument(message));
        }
        if self.closed {
            return match call {
                ConsumerCall::Close { .. } => Flow::done(),
                _ => Flow::Throw(illegal_state("This consumer has already been closed.")),
            };
        }
        self.start(call, turn).unwrap_or_else(Flow::Throw)
    }

    fn start(&mut self, call: &ConsumerCall, turn: &mut Turn<'_>) -> Result<Flow, Exception> {
        let now = turn.now;
        let api_timeout_ms = self.settings.default_api_timeout_ms;
        let deadline_ms = |timeout_ms: u64| now.ms().saturating_add(timeout_ms);
        Ok(Flow::Push(match call {
            ConsumerCall::Subscribe { topics } => return Ok(Self::then(self.subscribe(topics, turn)?)),
            ConsumerCall::Assign { partitions } => return Ok(Self::then(self.assign(partitions, turn)?)),
            ConsumerCall::Unsubscribe => CallFrame::Unsubscribe(UnsubscribeTask::new()),
            ConsumerCall::Poll { timeout_ms } => {
                if self.subscriptions.is_idle() {
                    return Err(illegal_state("Consumer is not subscribed to any topics or assigned any partitions"));
                }
                CallFrame::Poll(PollTask { deadline_ms: deadline_ms(*timeout_ms), stage: PollStage::Coordinator })
            }
            ConsumerCall::CommitSync { offsets, timeout_ms } => {
                self.require_group()?;
                let offsets = self.offsets_to_commit(offsets.as_deref());
                let timeout_ms = timeout_ms.unwrap_or(api_timeout_ms);
                CallFrame::CommitSync(CommitSyncTask::new(offsets, timeout_ms, true, CommitHow::Sync, now))
            }
            ConsumerCall::CommitAsync { offsets } => {
                self.require_group()?;
                let offsets = self.offsets_to_commit(offsets.as_deref());
                let call = self.app.call.map(|call| call.id);
                CallFrame::CommitAsync(CommitAsyncTask::new(offsets, CommitHow::Async, call, false))
            }
            ConsumerCall::Position { partition, timeout_ms } => {
                if !self.subscriptions.is_assigned(partition) {
                    let message = "You can only check the position for partitions assigned to this consumer.";
                    return Err(illegal_state(message));
                }
                let (partition, timeout_ms) = (partition.clone(), timeout_ms.unwrap_or(api_timeout_ms));
                let deadline_ms = deadline_ms(timeout_ms);
                CallFrame::Position(PositionTask { partition, timeout_ms, deadline_ms, stage: PositionStage::Look })
            }
            ConsumerCall::Committed { partitions, timeout_ms } => {
                self.require_group()?;
                let (partitions, timeout_ms) = (partitions.clone(), timeout_ms.unwrap_or(api_timeout_ms));
                let deadline_ms = deadline_ms(timeout_ms);
                CallFrame::Committed(CommittedTask { partitions, timeout_ms, deadline_ms, asked: false })
            }
            ConsumerCall::BeginningOffsets { partitions } => self.list_all(partitions, EARLIEST, turn),
            ConsumerCall::EndOffsets { partitions } => self.list_all(partitions, LATEST, turn),
            ConsumerCall::OffsetsForTimes { times } => {
                if let Some((partition, time)) = times.iter().find(|(_, time)| *time < 0) {
                    return Err(illegal_argument(format!(
                        "The target time for partition {partition} is {time}. The target time cannot be negative."
                    )));
                }
                self.list(ListWhat::Times, times.clone(), turn)
            }
            ConsumerCall::PartitionsFor { topic } => {
                let (topic, deadline_ms) = (topic.clone(), deadline_ms(api_timeout_ms));
                CallFrame::PartitionsFor(PartitionsForTask {
                    topic,
                    deadline_ms,
                    attempts: 0,
                    asked: false,
                    answer: None,
                })
            }
            ConsumerCall::Close { timeout_ms, remain } => {
                CallFrame::Close(CloseTask::new(*timeout_ms, *remain, self.settings.request_timeout_ms, now))
            }
            at_once => {
                return self.do_at_once(at_once, turn).map(Flow::outcome);
            }
        }))
    }

    /// What a call goes on with, if anything.
    fn then(task: Option<CallFrame>) -> Flow {
        task.map_or_else(Flow::done, Flow::Push)
    }

    /// Calls that touch nothing but this consumer's own state.
    fn do_at_once(&mut self, call: &ConsumerCall, turn: &mut Turn<'_>) -> Result<Outcome, Exception> {
        let now = turn.now;
        match call {
            ConsumerCall::Seek { partition, offset } => self.seek(partition, *offset, turn)?,
            ConsumerCall::SeekToBeginning { partitions } => self.request_reset(partitions, ResetStrategy::Earliest)?,
            ConsumerCall::SeekToEnd { partitions } => self.request_reset(partitions, ResetStrategy::Latest)?,
            ConsumerCall::Pause { partitions } => self.set_paused(partitions, true, turn)?,
            ConsumerCall::Resume { partitions } => self.set_paused(partitions, false, turn)?,
            ConsumerCall::CurrentLag { partition } => {
                let lag = OffsetFetcher::current_lag(&mut self.lent(turn.cause), partition, now)?;
                return Ok(Outcome::Offsets(vec![(partition.clone(), lag)]));
            }
            ConsumerCall::EnforceRebalance => {
                let Some(group) = self.membership.classic_mut() else {
                    return Err(illegal_state("Tried to force a rebalance but consumer does not have a group."));
                };
                group.request_rejoin("rebalance enforced by user");
            }
            other => unreachable!("{other:?} has a task"),
        }
        Ok(Outcome::Done)
    }

    /// `throwIfGroupIdNotDefined`.
    fn require_group(&self) -> Result<(), Exception> {
        if self.membership.is_of_group() {
            return Ok(());
        }
        Err(Exception::with_message(
            Code::InvalidGroupId,
            "To use the group management or offset commit APIs, you must provide a valid group.id in the consumer \
             configuration.",
        ))
    }

    fn subscribe(&mut self, topics: &[Arc<str>], turn: &mut Turn<'_>) -> Result<Option<CallFrame>, Exception> {
        self.require_group()?;
        if topics.is_empty() {
            return Ok(Some(CallFrame::Unsubscribe(UnsubscribeTask::new())));
        }
        if topics.iter().any(|topic| topic.trim().is_empty()) {
            return Err(illegal_argument("Topic collection to subscribe to cannot contain null or empty topic"));
        }
        // `throwIfNoAssignorsConfigured`
        if self.settings.assignors.is_empty() {
            return Err(illegal_state(
                "Must configure at least one partition assigner class name to partition.assignment.strategy \
                 configuration property",
            ));
        }
        let wanted: SortedSet<Arc<str>> = topics.iter().cloned().collect();
        let Some(changed) = self.subscriptions.subscribe(wanted.clone()) else {
            return Err(illegal_state("Subscription to topics, partitions and pattern are mutually exclusive"));
        };
        let still: SortedSet<TopicPartition> = self
            .subscriptions
            .assigned_partitions()
            .into_iter()
            .filter(|partition| wanted.contains(&partition.topic))
            .collect();
        self.fetcher.retain(|partition| still.contains(partition));
        if changed {
            self.update_metadata_topics();
            self.client.net.metadata.request_update_for_new_topics(turn.cause);
        }
        Ok(None)
    }

    fn assign(&mut self, partitions: &[TopicPartition], turn: &mut Turn<'_>) -> Result<Option<CallFrame>, Exception> {
        if partitions.is_empty() {
            return Ok(Some(CallFrame::Unsubscribe(UnsubscribeTask::new())));
        }
        if partitions.iter().any(|partition| partition.topic.trim().is_empty()) {
            return Err(illegal_argument("Topic partitions to assign to cannot have null or empty topic"));
        }
        let wanted: SortedSet<TopicPartition> = partitions.iter().cloned().collect();
        self.fetcher.retain(|partition| wanted.contains(partition));
        // What is left is committed first, since no rebalance follows.
        let commit = self.auto_commit_if_due(turn);
        let Some(changed) = self.subscriptions.assign_from_user(wanted) else {
            return Err(illegal_state("Subscription to topics, partitions and pattern are mutually exclusive"));
        };
        if changed {
            self.update_metadata_topics();
            self.client.net.metadata.request_update_for_new_topics(turn.cause);
        }
        Ok(commit)
    }

    /// Sorted; the current positions when none are given.
    fn offsets_to_commit(&mut self, offsets: Option<&[(TopicPartition, OffsetAndMetadata)]>) -> Offsets {
        let Some(offsets) = offsets else { return self.subscriptions.all_consumed().into() };
        for (partition, offset) in offsets {
            if let Some(epoch) = offset.leader_epoch {
                self.client.net.metadata.update_last_seen_epoch_if_newer(partition, epoch);
            }
        }
        let mut sorted = offsets.to_vec();
        sorted.order_by(|a, b| a.0.cmp(&b.0));
        sorted.into()
    }

    fn no_assignment(partition: &TopicPartition) -> Exception {
        illegal_state(format!("No current assignment for partition {partition}"))
    }

    fn seek(&mut self, partition: &TopicPartition, offset: i64, turn: &mut Turn<'_>) -> Result<(), Exception> {
        let lent = self.lent(turn.cause);
        let leader = lent.current_leader(partition);
        let Some(state) = lent.subscriptions.get_mut(partition) else {
            return Err(Self::no_assignment(partition));
        };
        state.seek_unvalidated(FetchPosition { offset, offset_epoch: None, leader });
        lent.position_set(partition, offset, PositionWhy::Seek, turn.out);
        Ok(())
    }

    fn request_reset(&mut self, partitions: &[TopicPartition], strategy: ResetStrategy) -> Result<(), Exception> {
        let all: Vec<TopicPartition> = if partitions.is_empty() {
            self.subscriptions.assigned_partitions().into_iter().collect()
        } else {
            partitions.to_vec()
        };
        for partition in &all {
            let Some(state) = self.subscriptions.get_mut(partition) else {
                return Err(Self::no_assignment(partition));
            };
            state.reset(strategy, ResetWhy::Asked);
        }
        Ok(())
    }

    fn set_paused(
        &mut self,
        partitions: &[TopicPartition],
        paused: bool,
        turn: &mut Turn<'_>,
    ) -> Result<(), Exception> {
        for partition in partitions {
            let Some(state) = self.subscriptions.get_mut(partition) else {
                return Err(Self::no_assignment(partition));
            };
            state.paused = paused;
            let topic = turn.out.names.intern_topic(&partition.topic);
            let partition = PartitionNo { topic, partition: partition.partition };
            turn.out.emit(turn.cause, EventKind::ConsumerPaused { client: self.id, partition, paused });
        }
        Ok(())
    }

    fn list_all(&mut self, partitions: &[TopicPartition], time: i64, turn: &mut Turn<'_>) -> CallFrame {
        let wanted = partitions.iter().map(|partition| (partition.clone(), time)).collect();
        self.list(ListWhat::Offsets, wanted, turn)
    }

    /// Their topics are of interest until the call ends (`addTransientTopics`).
    fn list(&mut self, what: ListWhat, wanted: Vec<(TopicPartition, i64)>, turn: &mut Turn<'_>) -> CallFrame {
        let now = turn.now;
        let topics: SortedSet<Arc<str>> = wanted.iter().map(|(partition, _)| partition.topic.clone()).collect();
        let known = self.subscriptions.metadata_topics();
        let new = topics.iter().any(|topic| !known.contains(topic));
        self.transient_topics = Arc::new(topics);
        self.offsets.end_listing();
        if new {
            self.update_metadata_topics();
            self.client.net.metadata.request_update_for_new_topics(turn.cause);
        }
        CallFrame::ListOffsets(ListOffsetsTask {
            what,
            wanted: wanted.into(),
            begun_ms: now.ms(),
            deadline_ms: now.ms().saturating_add(self.settings.default_api_timeout_ms),
            stage: ListStage::Ask,
        })
    }
}
