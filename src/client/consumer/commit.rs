//! Commits: synchronous with retries, asynchronous with callbacks, automatic inside `poll` (`ConsumerCoordinator`).

use std::sync::Arc;

use kafka_protocol::messages::offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic};
use kafka_protocol::messages::{GroupId, OffsetCommitRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::Consumer;
use super::app::{Flow, Task};
use super::coordinator::{Generation, MemberState};
use super::lookup::EnsureCoordinatorTask;
use super::network::{Answered, Purpose, is_retriable};
use crate::call::{Notice, OffsetAndMetadata};
use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::{CommitHow, EventKind};
use crate::ids::{CallId, TopicPartition};
use crate::java::JavaHashMap;
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Frame, Response};

/// What is committed, sorted by partition.
pub(super) type Offsets = Arc<[(TopicPartition, OffsetAndMetadata)]>;

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

/// Who hears of the end of an asynchronous commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum CommitCallback {
    User(CallId),
    /// The consumer itself, after a commit of `enable.auto.commit`.
    Auto,
}

/// A commit under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CommitFuture {
    pub offsets: Offsets,
    pub how: CommitHow,
    callback: Option<CommitCallback>,
    /// Somebody waits for the result and removes it.
    awaited: bool,
    pub result: Option<Result<(), Exception>>,
}

/// An asynchronous commit that ended; its callback runs inside the next call that runs callbacks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CommitCompletion {
    callback: CommitCallback,
    offsets: Offsets,
    error: Option<Exception>,
}

/// An asynchronous commit that waits for the coordinator to be found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PendingCommit {
    offsets: Offsets,
    how: CommitHow,
    callback: CommitCallback,
}

/// `commitOffsetsSync`: returns whether it was done in time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CommitSyncTask {
    offsets: Offsets,
    timeout_ms: u64,
    deadline_ms: u64,
    /// Whether running out of time is an exception, as for `KafkaConsumer.commitSync`.
    throws_timeout: bool,
    how: CommitHow,
    attempts: u32,
    commit: u32,
    stage: SyncStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum SyncStage {
    Start,
    CoordinatorReady,
    Sent,
    Again,
    /// Nothing to commit: only the callbacks of earlier commits are waited for.
    Drain,
    DrainPolled,
    DrainAgain,
}

/// `commitOffsetsAsync`; the commit's number is left in `last_async_commit`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CommitAsyncTask {
    offsets: Offsets,
    how: CommitHow,
    /// None: the consumer's own commit.
    call: Option<CallId>,
    awaited: bool,
    looked_up: bool,
}

impl CommitSyncTask {
    pub fn new(offsets: Offsets, timeout_ms: u64, throws_timeout: bool, how: CommitHow, now: Now) -> CommitSyncTask {
        CommitSyncTask {
            offsets,
            timeout_ms,
            deadline_ms: now.ms().saturating_add(timeout_ms),
            throws_timeout,
            how,
            attempts: 0,
            commit: 0,
            stage: SyncStage::Start,
        }
    }

    /// Java's `Map<TopicPartition, OffsetAndMetadata>.toString`, in its order.
    fn describe(&self) -> String {
        let mut map = JavaHashMap::for_copy_of(self.offsets.len());
        for (partition, offset) in self.offsets.iter() {
            map.insert(partition.clone(), offset);
        }
        let entries: Vec<String> = map
            .iter()
            .map(|(partition, offset)| {
                let epoch = offset.leader_epoch.map_or("null".to_owned(), |epoch| epoch.to_string());
                let (offset, metadata) = (offset.offset, &offset.metadata);
                format!("{partition}=OffsetAndMetadata{{offset={offset}, leaderEpoch={epoch}, metadata='{metadata}'}}")
            })
            .collect();
        format!("{{{}}}", entries.join(", "))
    }
}

impl CommitAsyncTask {
    pub const fn new(offsets: Offsets, how: CommitHow, call: Option<CallId>, awaited: bool) -> CommitAsyncTask {
        CommitAsyncTask { offsets, how, call, awaited, looked_up: false }
    }
}

impl Consumer {
    pub(super) fn step_commit_sync(&mut self, task: &mut CommitSyncTask, now: Now, out: &mut Outbox) -> Flow {
        match task.stage {
            SyncStage::Start => {
                if let Err(exception) = self.invoke_completed_callbacks(now, out) {
                    return Flow::Throw(exception);
                }
                if task.offsets.is_empty() {
                    if self.group().in_flight_async == 0 {
                        return Flow::Return(true);
                    }
                    task.stage = SyncStage::Drain;
                    return Flow::Push(Task::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)));
                }
                self.commit_to_coordinator(task, now, out)
            }
            SyncStage::CoordinatorReady => {
                if !self.app.answer {
                    return Self::commit_timed_out(task);
                }
                self.send_sync_commit(task, now, out)
            }
            SyncStage::Sent => self.sync_commit_polled(task, now, out),
            SyncStage::Again => {
                if now.ms() >= task.deadline_ms {
                    return Self::commit_timed_out(task);
                }
                self.commit_to_coordinator(task, now, out)
            }
            SyncStage::Drain => {
                task.stage = SyncStage::DrainPolled;
                Flow::Network { until_ms: task.deadline_ms }
            }
            SyncStage::DrainPolled => {
                if let Err(exception) = self.invoke_completed_callbacks(now, out) {
                    return Flow::Throw(exception);
                }
                if self.group().in_flight_async == 0 {
                    return Flow::Return(true);
                }
                task.stage = SyncStage::DrainAgain;
                self.back_off(&mut task.attempts, task.deadline_ms, now)
            }
            SyncStage::DrainAgain => {
                if now.ms() >= task.deadline_ms {
                    return Self::commit_timed_out(task);
                }
                task.stage = SyncStage::Drain;
                Flow::Push(Task::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)))
            }
        }
    }

    fn commit_to_coordinator(&mut self, task: &mut CommitSyncTask, now: Now, out: &mut Outbox) -> Flow {
        if self.coordinator_unknown(now, out) {
            task.stage = SyncStage::CoordinatorReady;
            return Flow::Push(Task::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)));
        }
        self.send_sync_commit(task, now, out)
    }

    fn send_sync_commit(&mut self, task: &mut CommitSyncTask, now: Now, out: &mut Outbox) -> Flow {
        task.commit = self.send_offset_commit(task.offsets.clone(), task.how, None, true, now, out);
        task.stage = SyncStage::Sent;
        Flow::Network { until_ms: task.deadline_ms }
    }

    fn sync_commit_polled(&mut self, task: &mut CommitSyncTask, now: Now, out: &mut Outbox) -> Flow {
        let done = self.group().commits.get(&task.commit).is_some_and(|commit| commit.result.is_some());
        if !done && now.ms() < task.deadline_ms {
            return Flow::Network { until_ms: task.deadline_ms };
        }
        // Callbacks of commits before this one run first, so that their order is kept.
        if let Err(exception) = self.invoke_completed_callbacks(now, out) {
            return Flow::Throw(exception);
        }
        let result = self.group_mut().commits.remove(&task.commit).and_then(|commit| commit.result);
        match result {
            Some(Ok(())) => Flow::Return(true),
            Some(Err(exception)) if !is_retriable(&exception) => Flow::Throw(exception),
            _ => {
                task.stage = SyncStage::Again;
                self.back_off(&mut task.attempts, task.deadline_ms, now)
            }
        }
    }

    fn commit_timed_out(task: &CommitSyncTask) -> Flow {
        if !task.throws_timeout {
            return Flow::Return(false);
        }
        let message = format!(
            "Timeout of {}ms expired before successfully committing offsets {}",
            task.timeout_ms,
            task.describe()
        );
        Flow::Throw(Exception::with_message(Code::RequestTimedOut, message))
    }

    pub(super) fn step_commit_async(&mut self, task: &mut CommitAsyncTask, now: Now, out: &mut Outbox) -> Flow {
        let callback = task.call.map_or(CommitCallback::Auto, CommitCallback::User);
        if !task.looked_up {
            task.looked_up = true;
            self.last_async_commit = None;
            if let Err(exception) = self.invoke_completed_callbacks(now, out) {
                return Flow::Throw(exception);
            }
            if !task.offsets.is_empty() && self.coordinator_unknown(now, out) {
                // Tried once, without blocking.
                return Flow::Push(Task::EnsureCoordinator(EnsureCoordinatorTask::new(now.ms())));
            }
        }
        if task.offsets.is_empty() || !self.coordinator_unknown(now, out) {
            let commit =
                self.send_offset_commit(task.offsets.clone(), task.how, Some(callback), task.awaited, now, out);
            self.last_async_commit = Some(commit);
        } else {
            let pending = PendingCommit { offsets: task.offsets.clone(), how: task.how, callback };
            self.group_mut().pending_async.push(pending);
            self.lookup_coordinator(now);
            if let Some(Some(failed)) = self.group().find.as_ref().map(|find| find.result.clone()) {
                self.send_pending_commits(&failed, now, out);
            }
        }
        self.network_pass(now, out);
        Flow::Return(true)
    }

    /// The look-up that asynchronous commits wait for has ended.
    pub(super) fn send_pending_commits(&mut self, found: &Result<(), Exception>, now: Now, out: &mut Outbox) {
        for pending in std::mem::take(&mut self.group_mut().pending_async) {
            match found {
                Ok(()) => {
                    self.send_offset_commit(pending.offsets, pending.how, Some(pending.callback), false, now, out);
                }
                Err(exception) => {
                    let error = Some(retriable_commit_failed(exception.clone()));
                    let completion = CommitCompletion { callback: pending.callback, offsets: pending.offsets, error };
                    self.group_mut().completed.push_back(completion);
                }
            }
        }
    }

    /// `sendOffsetCommitRequest`: returns the commit's number; what fails here ends at once.
    fn send_offset_commit(
        &mut self,
        offsets: Offsets,
        how: CommitHow,
        callback: Option<CommitCallback>,
        awaited: bool,
        now: Now,
        out: &mut Outbox,
    ) -> u32 {
        let client = self.id;
        let group = self.group_mut();
        let number = group.next_commit;
        group.next_commit += 1;
        if callback.is_some() {
            group.in_flight_async += 1;
        }
        group.commits.insert(number, CommitFuture { offsets: offsets.clone(), how, callback, awaited, result: None });
        if offsets.is_empty() {
            self.commit_done(number, Ok(()), Code::None, out);
            return number;
        }
        let group_no = self.group_mut().group(out);
        let partitions = u32::try_from(offsets.len()).expect("a consumer has few partitions");
        let cause = out.emit(self.cause, EventKind::CommitStarted { client, group: group_no, how, partitions });
        let before = std::mem::replace(&mut self.cause, cause);
        match self.commit_request(&offsets, now, out) {
            Ok((node, request, generation)) => {
                let purpose = Purpose::OffsetCommit(number, generation);
                self.client.send(node, request.into(), purpose, cause, now);
            }
            Err((exception, code)) => self.commit_done(number, Err(exception), code, out),
        }
        self.cause = before;
        number
    }

    fn commit_request(
        &mut self,
        offsets: &Offsets,
        now: Now,
        out: &mut Outbox,
    ) -> Result<(NodeId, OffsetCommitRequest, Generation), (Exception, Code)> {
        let Some(broker) = self.check_and_get_coordinator(now, out) else {
            let code = Code::CoordinatorNotAvailable;
            return Err((Exception::of(code), code));
        };
        let auto = self.subscriptions.has_auto_assigned_partitions();
        let group = self.group();
        let generation = match group.generation_if_stable() {
            _ if !auto => Generation::none(),
            Some(generation) => generation.clone(),
            // Not part of an active group, and expected to be.
            None if group.rebalance_in_progress() => {
                let code = Code::RebalanceInProgress;
                return Err((Exception::with_message(code, UNDERGOING_REBALANCE), code));
            }
            None => {
                let exception = Exception::new("CommitFailedException", None, KICKED_OUT);
                return Err((exception, Code::UnknownMemberId));
            }
        };
        let instance_id = self.settings.group_instance_id.as_deref().filter(|_| auto);
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
            .with_group_id(GroupId(StrBytes::from_string(group.group_id.to_string())))
            .with_generation_id_or_member_epoch(generation.id)
            .with_member_id(StrBytes::from_string(generation.member_id.to_string()))
            .with_group_instance_id(instance_id.map(|id| StrBytes::from_string(id.to_owned())))
            .with_topics(topics);
        Ok((NodeId::Coordinator(broker), request, generation))
    }

    pub(super) fn handle_offset_commit(
        &mut self,
        number: u32,
        sent: &Generation,
        result: Result<Arc<Frame>, Exception>,
        out: &mut Outbox,
    ) {
        let frame = match result {
            Ok(frame) => frame,
            Err(exception) => {
                self.coordinator_request_failed(&exception, out);
                let code = exception.code.unwrap_or(Code::NetworkException);
                self.commit_done(number, Err(exception), code, out);
                return;
            }
        };
        let Response::OffsetCommit(response) = Answered::response(&frame) else {
            unreachable!("OffsetCommit is answered by its own response")
        };
        let partitions = response.topics.iter().flat_map(|topic| &topic.partitions);
        let refused = partitions.map(|partition| Code::from_i16(partition.error_code)).find(|code| !code.is_ok());
        match refused {
            None => self.commit_done(number, Ok(()), Code::None, out),
            Some(code) => {
                let exception = self.commit_refused(sent, code, out);
                self.commit_done(number, Err(exception), code, out);
            }
        }
    }

    fn commit_refused(&mut self, sent: &Generation, code: Code, out: &mut Outbox) -> Exception {
        let unchanged = self.group().generation == *sent;
        let preparing = self.group().state == MemberState::PreparingRebalance;
        match code {
            Code::GroupAuthorizationFailed => {
                let message = format!("Not authorized to access group: {}", self.group().group_id);
                Exception::with_message(code, message)
            }
            Code::OffsetMetadataTooLarge
            | Code::InvalidCommitOffsetSize
            | Code::CoordinatorLoadInProgress
            | Code::UnknownTopicOrPartition
            | Code::TopicAuthorizationFailed => Exception::of(code),
            Code::CoordinatorNotAvailable | Code::NotCoordinator | Code::RequestTimedOut => {
                self.mark_coordinator_unknown(false, out);
                Exception::of(code)
            }
            Code::FencedInstanceId if unchanged => Exception::of(code),
            Code::FencedInstanceId if preparing => {
                Exception::with_message(Code::RebalanceInProgress, FENCED_GENERATION)
            }
            Code::FencedInstanceId => Exception::new("CommitFailedException", None, COMMIT_FAILED),
            Code::RebalanceInProgress => {
                self.group_mut().request_rejoin("offset commit failed since group is already rebalancing");
                Exception::with_message(code, EXECUTING_REBALANCE)
            }
            Code::UnknownMemberId | Code::IllegalGeneration => {
                if !unchanged && preparing {
                    return Exception::with_message(Code::RebalanceInProgress, STALE_GENERATION);
                }
                self.group_mut().reset_state_on_response_error("OFFSET_COMMIT", code);
                Exception::new("CommitFailedException", None, COMMIT_FAILED)
            }
            other => {
                let message = format!("Unexpected error in commit: {}", other.message());
                Exception::new("KafkaException", None, message)
            }
        }
    }

    fn commit_done(&mut self, number: u32, result: Result<(), Exception>, code: Code, out: &mut Outbox) {
        let client = self.id;
        let group_no = self.group_mut().group(out);
        let Some(commit) = self.group_mut().commits.get_mut(&number) else { return };
        let (how, callback, awaited) = (commit.how, commit.callback, commit.awaited);
        let offsets = commit.offsets.clone();
        if !offsets.is_empty() {
            let kind = match &result {
                Ok(()) => EventKind::CommitSucceeded { client, group: group_no, how },
                Err(exception) => {
                    let retried = callback.is_none() && is_retriable(exception);
                    EventKind::CommitFailed { client, group: group_no, how, code, retried }
                }
            };
            out.emit(self.cause, kind);
        }
        let group = self.group_mut();
        if let Some(callback) = callback {
            group.in_flight_async -= 1;
            let error = result.as_ref().err().map(|exception| {
                if is_retriable(exception) { retriable_commit_failed(exception.clone()) } else { exception.clone() }
            });
            if error.as_ref().is_some_and(|error| error.code == Some(Code::FencedInstanceId)) {
                group.async_commit_fenced = true;
            }
            group.completed.push_back(CommitCompletion { callback, offsets, error });
        }
        if awaited {
            if let Some(commit) = group.commits.get_mut(&number) {
                commit.result = Some(result);
            }
        } else {
            group.commits.remove(&number);
        }
    }

    /// `invokeCompletedOffsetCommitCallbacks`.
    pub(super) fn invoke_completed_callbacks(&mut self, now: Now, out: &mut Outbox) -> Result<(), Exception> {
        let Some(group) = &mut self.coordinator else { return Ok(()) };
        if group.async_commit_fenced {
            let instance = self.settings.group_instance_id.as_deref().unwrap_or("unset_instance_id");
            let message = format!(
                "Get fenced exception for group.instance.id {instance}, current member.id is {}",
                group.generation.member_id
            );
            return Err(Exception::with_message(Code::FencedInstanceId, message));
        }
        while let Some(completion) = group.completed.pop_front() {
            match (completion.callback, completion.error) {
                (CommitCallback::User(call), error) => {
                    let offsets = completion.offsets.to_vec();
                    out.notice(self.id, Notice::CommitCallback { call, offsets, error });
                }
                (CommitCallback::Auto, Some(error)) if error.class == "RetriableCommitFailedException" => {
                    group.next_auto_commit_ms = now.ms().saturating_add(self.settings.retry_backoff_ms);
                }
                (CommitCallback::Auto, _) => {}
            }
        }
        Ok(())
    }

    /// Whether a commit of `enable.auto.commit` is due; its timer starts again (`maybeAutoCommitOffsetsAsync`).
    pub(super) fn auto_commit_if_due(&mut self, now: Now) -> Option<Task> {
        let settings = &self.settings;
        let group = self.coordinator.as_mut()?;
        if !settings.enable_auto_commit || now.ms() < group.next_auto_commit_ms {
            return None;
        }
        group.next_auto_commit_ms = now.ms().saturating_add(settings.auto_commit_interval_ms);
        let offsets = self.subscriptions.all_consumed();
        Some(Task::CommitAsync(CommitAsyncTask::new(offsets.into(), CommitHow::Auto, None, false)))
    }
}

fn retriable_commit_failed(cause: Exception) -> Exception {
    let message = "Offset commit failed with a retriable exception. You should retry committing the latest consumed \
                   offsets.";
    Exception::new("RetriableCommitFailedException", None, message).caused_by(cause)
}
