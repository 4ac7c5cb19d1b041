//! Leaving: `unsubscribe`, `close` (`ConsumerCoordinator.close`, `AbstractCoordinator.close`, `AbstractFetch.close`).

use super::Consumer;
use super::app::{Flow, Task};
use super::commit::CommitSyncTask;
use super::join::ListenerTask;
use super::lookup::EnsureCoordinatorTask;
use super::network::Purpose;
use crate::call::Listener;
use crate::client::net::NodeId;
use crate::error::Exception;
use crate::event::CommitHow;
use crate::node::Outbox;
use crate::sorted::SortedSet;
use crate::time::Now;

/// `close(option)` without a timeout of its own, in milliseconds (`DEFAULT_CLOSE_TIMEOUT_MS`).
pub(super) const DEFAULT_CLOSE_TIMEOUT_MS: u64 = 30_000;

/// `onLeavePrepare`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LeavePrepareTask {
    called: bool,
}

/// `unsubscribe`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct UnsubscribeTask {
    prepared: bool,
}

/// `close(option)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CloseTask {
    timeout_ms: u64,
    remain: Option<bool>,
    begun_ms: u64,
    deadline_ms: u64,
    stage: CloseStage,
    failed: Option<Exception>,
}

/// The stages of a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseStage {
    /// Positions are committed, with `enable.auto.commit`.
    Commit,
    Committed,
    /// Asynchronous commits that wait for a coordinator.
    Pending,
    PendingPoll,
    PendingPolled,
    /// The rebalance listener hears that the partitions go.
    Prepare,
    /// LeaveGroup.
    Leave,
    /// What was sent to the coordinator is answered.
    AwaitCoordinator,
    /// The fetch sessions are ended.
    Fetcher,
    AwaitFetcher,
}

impl LeavePrepareTask {
    pub const fn new() -> LeavePrepareTask {
        LeavePrepareTask { called: false }
    }
}

impl UnsubscribeTask {
    pub const fn new() -> UnsubscribeTask {
        UnsubscribeTask { prepared: false }
    }
}

impl CloseTask {
    pub fn new(timeout_ms: Option<u64>, remain: Option<bool>, request_timeout_ms: u64, now: Now) -> CloseTask {
        let timeout_ms = timeout_ms.unwrap_or(DEFAULT_CLOSE_TIMEOUT_MS);
        CloseTask {
            timeout_ms,
            remain,
            begun_ms: now.ms(),
            deadline_ms: now.ms().saturating_add(timeout_ms.min(request_timeout_ms)),
            stage: CloseStage::Commit,
            failed: None,
        }
    }

    pub const fn stage(&self) -> CloseStage {
        self.stage
    }

    /// Whatever fails, the rest is closed all the same. A failed commit is only logged.
    pub fn caught(&mut self, exception: &Exception) -> bool {
        match self.stage {
            CloseStage::Commit | CloseStage::Committed => {}
            CloseStage::Pending | CloseStage::PendingPoll | CloseStage::PendingPolled => {
                self.failed.get_or_insert(exception.clone());
                self.stage = CloseStage::Prepare;
            }
            CloseStage::Prepare | CloseStage::Leave | CloseStage::AwaitCoordinator => {
                self.failed.get_or_insert(exception.clone());
                self.stage = CloseStage::Fetcher;
            }
            CloseStage::Fetcher | CloseStage::AwaitFetcher => {
                self.failed.get_or_insert(exception.clone());
                // Nothing more is waited for.
                self.deadline_ms = 0;
            }
        }
        true
    }
}

impl Consumer {
    pub(super) fn step_leave_prepare(&mut self, task: &mut LeavePrepareTask) -> Flow {
        let dropped = self.subscriptions.assigned_partitions();
        if !self.subscriptions.has_auto_assigned_partitions() || dropped.is_empty() {
            return Flow::Return(true);
        }
        if task.called {
            self.subscriptions.assign_from_subscribed(SortedSet::new());
            return Flow::Return(true);
        }
        task.called = true;
        let group = self.group();
        let lost = group.generation.id == -1 || group.generation.member_id.is_empty() || group.rebalance_in_progress();
        let which = if lost { Listener::Lost } else { Listener::Revoked };
        Flow::Push(Task::Listener(ListenerTask::new(which, dropped)))
    }

    pub(super) fn step_unsubscribe(&mut self, task: &mut UnsubscribeTask, now: Now, out: &mut Outbox) -> Flow {
        if self.coordinator.is_some() {
            if !task.prepared {
                task.prepared = true;
                self.forget_fetched(|_| false);
                return Flow::Push(Task::LeavePrepare(LeavePrepareTask::new()));
            }
            self.maybe_leave_group(None, "the consumer unsubscribed from all topics", now, out);
            // What cannot be written is thrown where it is waited for.
            _ = self.network_pass(now, out);
        }
        self.forget_fetched(|_| false);
        self.subscriptions.unsubscribe();
        self.update_metadata_topics();
        Flow::Return(true)
    }

    pub(super) fn step_close(&mut self, task: &mut CloseTask, now: Now, out: &mut Outbox) -> Flow {
        match task.stage {
            CloseStage::Commit => {
                if self.coordinator.is_none() {
                    task.stage = CloseStage::Fetcher;
                    return Flow::Next;
                }
                task.stage = CloseStage::Committed;
                if !self.settings.enable_auto_commit {
                    return Flow::Next;
                }
                let offsets = self.subscriptions.all_consumed();
                let commit = CommitSyncTask::new(offsets.into(), task.timeout_ms, false, CommitHow::Auto, now);
                Flow::Push(Task::CommitSync(commit.until(task.deadline_ms)))
            }
            CloseStage::Committed => {
                task.stage = CloseStage::Pending;
                Flow::Next
            }
            CloseStage::Pending => {
                if self.group().pending_async.is_empty() || now.ms() >= task.deadline_ms {
                    task.stage = CloseStage::Prepare;
                    return Flow::Next;
                }
                task.stage = CloseStage::PendingPoll;
                Flow::Push(Task::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)))
            }
            CloseStage::PendingPoll => {
                task.stage = CloseStage::PendingPolled;
                Flow::Network { until_ms: task.deadline_ms }
            }
            CloseStage::PendingPolled => {
                task.stage = CloseStage::Pending;
                match self.invoke_completed_callbacks(now, out) {
                    Ok(()) => Flow::Next,
                    Err(exception) => Flow::Throw(exception),
                }
            }
            CloseStage::Prepare => {
                // The heartbeat thread ends first.
                self.group_mut().thread = None;
                task.stage = CloseStage::Leave;
                Flow::Push(Task::LeavePrepare(LeavePrepareTask::new()))
            }
            CloseStage::Leave => {
                self.maybe_leave_group(task.remain, "the consumer is being closed", now, out);
                _ = self.network_pass(now, out);
                task.stage = CloseStage::AwaitCoordinator;
                Flow::Next
            }
            CloseStage::AwaitCoordinator => {
                let known = self.check_and_get_coordinator(now, out);
                let waits = known.is_some_and(|broker| self.client.pending_to(NodeId::Coordinator(broker)) > 0);
                if waits && now.ms() < task.deadline_ms {
                    return Flow::Network { until_ms: task.deadline_ms };
                }
                task.stage = CloseStage::Fetcher;
                Flow::Next
            }
            CloseStage::Fetcher => self.close_fetcher(task, now, out),
            CloseStage::AwaitFetcher => self.await_fetcher(task, now, out),
        }
    }

    fn close_fetcher(&mut self, task: &mut CloseTask, now: Now, out: &mut Outbox) -> Flow {
        let elapsed_ms = now.ms().saturating_sub(task.begun_ms);
        let left_ms = task.timeout_ms.saturating_sub(elapsed_ms).min(self.settings.request_timeout_ms);
        task.deadline_ms = now.ms().saturating_add(left_ms);
        self.close_fetch_sessions(now);
        task.stage = CloseStage::AwaitFetcher;
        self.await_fetcher(task, now, out)
    }

    fn await_fetcher(&mut self, task: &mut CloseTask, now: Now, out: &mut Outbox) -> Flow {
        let waits = self.client.is_pending(|purpose| matches!(purpose, Purpose::CloseSession(_)));
        if waits && now.ms() < task.deadline_ms {
            return Flow::Network { until_ms: task.deadline_ms };
        }
        self.closed = true;
        self.client.net.close_all(out);
        self.fetcher = super::fetcher::Fetcher::default();
        if let Some(group) = &mut self.coordinator {
            group.thread = None;
        }
        match task.failed.take() {
            None => Flow::Return(true),
            Some(cause) => {
                let exception = Exception::new("KafkaException", None, "Failed to close kafka consumer");
                Flow::Throw(exception.caused_by(cause))
            }
        }
    }
}
