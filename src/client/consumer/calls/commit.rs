//! Commits: synchronous with retries, asynchronous with callbacks, automatic inside `poll` (`ConsumerCoordinator`).

use super::super::Consumer;
use super::super::membership::state::{CommitCallback, CommitCompletion, PendingCommit};
use super::super::network::is_retriable;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow, Returned};
use super::tasks::{CommitAsyncTask, CommitSyncTask, EnsureCoordinatorTask, SyncStage};

use crate::call::Notice;
use crate::error::{Code, Exception};
use crate::event::{CommitHow, EventKind};

impl Consumer {
    pub(in super::super) fn step_commit_sync(&mut self, task: &mut CommitSyncTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        match task.stage {
            SyncStage::Start => {
                if let Err(exception) = self.invoke_completed_callbacks(turn) {
                    return Flow::Throw(exception);
                }
                if task.offsets.is_empty() {
                    if self.group().in_flight_async == 0 {
                        return Flow::done();
                    }
                    task.stage = SyncStage::Drain;
                    return Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)));
                }
                self.commit_to_coordinator(task, turn)
            }
            SyncStage::CoordinatorReady => {
                if !self.app.was_in_time() {
                    return Self::commit_timed_out(task);
                }
                self.send_sync_commit(task, turn)
            }
            SyncStage::Sent => self.sync_commit_polled(task, turn),
            SyncStage::Again => {
                if now.ms() >= task.deadline_ms {
                    return Self::commit_timed_out(task);
                }
                self.commit_to_coordinator(task, turn)
            }
            SyncStage::Drain => {
                task.stage = SyncStage::DrainPolled;
                Flow::Network { until_ms: task.deadline_ms }
            }
            SyncStage::DrainPolled => {
                if let Err(exception) = self.invoke_completed_callbacks(turn) {
                    return Flow::Throw(exception);
                }
                if self.group().in_flight_async == 0 {
                    return Flow::done();
                }
                task.stage = SyncStage::DrainAgain;
                self.back_off(&mut task.attempts, task.deadline_ms, turn)
            }
            SyncStage::DrainAgain => {
                if now.ms() >= task.deadline_ms {
                    return Self::commit_timed_out(task);
                }
                task.stage = SyncStage::Drain;
                Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)))
            }
        }
    }

    fn commit_to_coordinator(&mut self, task: &mut CommitSyncTask, turn: &mut Turn<'_>) -> Flow {
        if self.coordinator_unknown(turn) {
            task.stage = SyncStage::CoordinatorReady;
            return Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)));
        }
        self.send_sync_commit(task, turn)
    }

    fn send_sync_commit(&mut self, task: &mut CommitSyncTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        task.commit = self.send_offset_commit(task.offsets.clone(), task.how, None, true, turn);
        task.stage = SyncStage::Sent;
        let done = self.group().commits.get(&task.commit).is_some_and(|commit| commit.result.is_some());
        Flow::poll_for(done, task.deadline_ms, now)
    }

    fn sync_commit_polled(&mut self, task: &mut CommitSyncTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let done = self.group().commits.get(&task.commit).is_some_and(|commit| commit.result.is_some());
        if !done && now.ms() < task.deadline_ms {
            return Flow::Network { until_ms: task.deadline_ms };
        }
        // Callbacks of commits before this one run first, so that their order is kept.
        if let Err(exception) = self.invoke_completed_callbacks(turn) {
            return Flow::Throw(exception);
        }
        let result = self.group_mut().commits.remove(&task.commit).and_then(|commit| commit.result);
        match result {
            Some(Ok(())) => Flow::done(),
            Some(Err(exception)) if !is_retriable(&exception) => Flow::Throw(exception),
            _ => {
                task.stage = SyncStage::Again;
                self.back_off(&mut task.attempts, task.deadline_ms, turn)
            }
        }
    }

    fn commit_timed_out(task: &CommitSyncTask) -> Flow {
        if !task.throws_timeout {
            return Flow::out_of_time();
        }
        let message = format!(
            "Timeout of {}ms expired before successfully committing offsets {}",
            task.timeout_ms,
            task.describe()
        );
        Flow::Throw(Exception::with_message(Code::RequestTimedOut, message))
    }

    pub(in super::super) fn step_commit_async(&mut self, task: &mut CommitAsyncTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let callback = task.call.map_or(CommitCallback::Auto, CommitCallback::User);
        if !task.looked_up {
            task.looked_up = true;
            if let Err(exception) = self.invoke_completed_callbacks(turn) {
                return Flow::Throw(exception);
            }
            if !task.offsets.is_empty() && self.coordinator_unknown(turn) {
                // Tried once, without blocking.
                return Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(now.ms())));
            }
        }
        let mut sent = None;
        if task.offsets.is_empty() || !self.coordinator_unknown(turn) {
            let commit = self.send_offset_commit(task.offsets.clone(), task.how, Some(callback), task.awaited, turn);
            sent = Some(commit);
        } else {
            let pending = PendingCommit { offsets: task.offsets.clone(), how: task.how, callback };
            self.group_mut().pending_async.push(pending);
            self.lookup_coordinator(turn);
            if let Some(Some(failed)) = self.group().find.as_ref().map(|find| find.result.clone()) {
                self.send_pending_commits(&failed, turn);
            }
        }
        self.network_pass(turn).map_or_else(Flow::Throw, |()| Flow::Return(Returned::CommitSent(sent)))
    }

    /// The look-up that asynchronous commits wait for has ended.
    pub(in super::super) fn send_pending_commits(&mut self, found: &Result<(), Exception>, turn: &mut Turn<'_>) {
        for pending in std::mem::take(&mut self.group_mut().pending_async) {
            match found {
                Ok(()) => {
                    self.send_offset_commit(pending.offsets, pending.how, Some(pending.callback), false, turn);
                }
                Err(exception) => {
                    let error = Some(retriable_commit_failed(exception.clone()));
                    let completion = CommitCompletion { callback: pending.callback, offsets: pending.offsets, error };
                    self.group_mut().completed.push_back(completion);
                }
            }
        }
    }

    pub(in super::super) fn commit_done(
        &mut self,
        number: u32,
        result: Result<(), Exception>,
        code: Code,
        turn: &mut Turn<'_>,
    ) {
        let client = self.id;
        let group_no = self.group_mut().group(turn.out);
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
            turn.out.emit(turn.cause, kind);
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
    pub(in super::super) fn invoke_completed_callbacks(&mut self, turn: &mut Turn<'_>) -> Result<(), Exception> {
        let now = turn.now;
        let Some(group) = self.membership.classic_mut() else { return Ok(()) };
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
                    turn.out.notice(self.id, Notice::CommitCallback { call, offsets, error });
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
    pub(in super::super) fn auto_commit_if_due(&mut self, turn: &mut Turn<'_>) -> Option<CallFrame> {
        let now = turn.now;
        let settings = &self.settings;
        let group = self.membership.classic_mut()?;
        if !settings.enable_auto_commit || now.ms() < group.next_auto_commit_ms {
            return None;
        }
        group.next_auto_commit_ms = now.ms().saturating_add(settings.auto_commit_interval_ms);
        let offsets = self.subscriptions.all_consumed();
        Some(CallFrame::CommitAsync(CommitAsyncTask::new(offsets.into(), CommitHow::Auto, None, false)))
    }
}

fn retriable_commit_failed(cause: Exception) -> Exception {
    let message = "Offset commit failed with a retriable exception. You should retry committing the latest consumed \
                   offsets.";
    Exception::new("RetriableCommitFailedException", None, message).caused_by(cause)
}
