//! Commits: synchronous with retries, asynchronous with callbacks, automatic inside `poll` (`ConsumerCoordinator`).

use std::sync::Arc;

use super::Consumer;
use super::app::{Flow, Task};
use super::lookup::EnsureCoordinatorTask;
use super::network::is_retriable;
use crate::call::{Notice, OffsetAndMetadata};
use crate::error::{Code, Exception};
use crate::event::{CommitHow, EventKind};
use crate::ids::{CallId, TopicPartition};
use crate::java::JavaHashMap;
use crate::node::Outbox;
use crate::time::Now;

/// What is committed, sorted by partition.
pub(super) type Offsets = Arc<[(TopicPartition, OffsetAndMetadata)]>;

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
    pub callback: Option<CommitCallback>,
    /// Somebody waits for the result and removes it.
    pub awaited: bool,
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

    /// With the timer of a close in place of its own.
    pub fn until(self, deadline_ms: u64) -> CommitSyncTask {
        CommitSyncTask { deadline_ms, ..self }
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
        let done = self.group().commits.get(&task.commit).is_some_and(|commit| commit.result.is_some());
        Flow::poll_for(done, task.deadline_ms, now)
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
        self.network_pass(now, out).map_or_else(Flow::Throw, |()| Flow::Return(true))
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

    pub(super) fn commit_done(&mut self, number: u32, result: Result<(), Exception>, code: Code, out: &mut Outbox) {
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
