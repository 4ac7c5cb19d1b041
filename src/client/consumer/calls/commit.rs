//! Commits: synchronous with retries, asynchronous with callbacks, automatic inside `poll` (`ConsumerCoordinator`).

use super::super::Consumer;
use super::super::membership::state::{CommitCallback, PendingCommit};
use super::super::network::is_retriable;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow, Returned};
use super::tasks::{CommitAsyncTask, CommitSyncTask, EnsureCoordinatorTask, SyncStage};

use crate::error::{Code, Exception};
use crate::event::CommitHow;

impl Consumer {
    pub(in super::super) fn step_commit_sync(&mut self, task: &mut CommitSyncTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        match task.stage {
            SyncStage::Start => {
                if let Err(exception) = self.invoke_completed_callbacks(turn) {
                    return Flow::Throw(exception);
                }
                if task.offsets.is_empty() {
                    if !self.group().has_async_commits() {
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
                if !self.group().has_async_commits() {
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
        let (group, mut lent) = self.member(turn.cause);
        task.commit = group.send_offset_commit(&mut lent, task.offsets.clone(), task.how, None, true, turn);
        task.stage = SyncStage::Sent;
        Flow::poll_for(group.commit_is_done(task.commit), task.deadline_ms, now)
    }

    fn sync_commit_polled(&mut self, task: &mut CommitSyncTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        if !self.group().commit_is_done(task.commit) && now.ms() < task.deadline_ms {
            return Flow::Network { until_ms: task.deadline_ms };
        }
        // Callbacks of commits before this one run first, so that their order is kept.
        if let Err(exception) = self.invoke_completed_callbacks(turn) {
            return Flow::Throw(exception);
        }
        match self.group_mut().take_commit(task.commit) {
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
            let (group, mut lent) = self.member(turn.cause);
            let offsets = task.offsets.clone();
            let commit = group.send_offset_commit(&mut lent, offsets, task.how, Some(callback), task.awaited, turn);
            sent = Some(commit);
        } else {
            let (group, mut lent) = self.member(turn.cause);
            let pending = PendingCommit { offsets: task.offsets.clone(), how: task.how, callback };
            group.commit_when_found(&mut lent, pending, turn);
        }
        self.network_pass(turn).map_or_else(Flow::Throw, |()| Flow::Return(Returned::CommitSent(sent)))
    }

    /// Whether a commit of `enable.auto.commit` is due; its timer starts again (`maybeAutoCommitOffsetsAsync`).
    pub(in super::super) fn auto_commit_if_due(&mut self, turn: &mut Turn<'_>) -> Option<CallFrame> {
        if !self.membership.classic_mut()?.auto_commit_is_due(&self.settings, turn.now) {
            return None;
        }
        let offsets = self.subscriptions.all_consumed();
        Some(CallFrame::CommitAsync(CommitAsyncTask::new(offsets.into(), CommitHow::Auto, None, false)))
    }

    /// `invokeCompletedOffsetCommitCallbacks`.
    pub(in super::super) fn invoke_completed_callbacks(&mut self, turn: &mut Turn<'_>) -> Result<(), Exception> {
        let (group, lent) = self.member(turn.cause);
        group.invoke_completed_callbacks(&lent, turn)
    }
}
