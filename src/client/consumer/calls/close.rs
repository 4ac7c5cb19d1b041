//! Leaving: `unsubscribe`, `close` (`ConsumerCoordinator.close`, `AbstractCoordinator.close`, `AbstractFetch.close`).

use super::super::Consumer;
use super::super::fetching::Fetcher;
use super::super::network::Purpose;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow};
use super::tasks::{
    CloseStage, CloseTask, CommitSyncTask, EnsureCoordinatorTask, LeavePrepareTask, ListenerTask, UnsubscribeTask,
};

use crate::call::Listener;
use crate::client::net::NodeId;
use crate::error::Exception;
use crate::event::CommitHow;
use crate::sorted::SortedSet;

impl Consumer {
    pub(in super::super) fn step_leave_prepare(&mut self, task: &mut LeavePrepareTask) -> Flow {
        let dropped = self.subscriptions.assigned_partitions();
        if !self.subscriptions.has_auto_assigned_partitions() || dropped.is_empty() {
            return Flow::done();
        }
        if task.called {
            self.subscriptions.assign_from_subscribed(SortedSet::new());
            return Flow::done();
        }
        task.called = true;
        let group = self.group();
        let lost = group.has_lost_generation() || group.rebalance_in_progress();
        let which = if lost { Listener::Lost } else { Listener::Revoked };
        Flow::Push(CallFrame::Listener(ListenerTask::new(which, dropped)))
    }

    pub(in super::super) fn step_unsubscribe(&mut self, task: &mut UnsubscribeTask, turn: &mut Turn<'_>) -> Flow {
        if self.membership.is_of_group() {
            if !task.prepared {
                task.prepared = true;
                self.fetcher.retain(|_| false);
                return Flow::Push(CallFrame::LeavePrepare(LeavePrepareTask::new()));
            }
            let (group, mut lent) = self.member(turn.cause);
            group.maybe_leave_group(&mut lent, None, "the consumer unsubscribed from all topics", turn);
            // What cannot be written is thrown where it is waited for.
            _ = self.network_pass(turn);
        }
        self.fetcher.retain(|_| false);
        self.subscriptions.unsubscribe();
        self.update_metadata_topics();
        Flow::done()
    }

    pub(in super::super) fn step_close(&mut self, task: &mut CloseTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        match task.stage {
            CloseStage::Commit => {
                if !self.membership.is_of_group() {
                    task.stage = CloseStage::Fetcher;
                    return Flow::Next;
                }
                task.stage = CloseStage::Committed;
                if !self.settings.enable_auto_commit {
                    return Flow::Next;
                }
                let offsets = self.subscriptions.all_consumed();
                let commit = CommitSyncTask::new(offsets.into(), task.timeout_ms, false, CommitHow::Auto, now);
                Flow::Push(CallFrame::CommitSync(commit.until(task.deadline_ms)))
            }
            CloseStage::Committed => {
                task.stage = CloseStage::Pending;
                Flow::Next
            }
            CloseStage::Pending => {
                if !self.group().has_pending_commits() || now.ms() >= task.deadline_ms {
                    task.stage = CloseStage::Prepare;
                    return Flow::Next;
                }
                task.stage = CloseStage::PendingPoll;
                Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)))
            }
            CloseStage::PendingPoll => {
                task.stage = CloseStage::PendingPolled;
                Flow::Network { until_ms: task.deadline_ms }
            }
            CloseStage::PendingPolled => {
                task.stage = CloseStage::Pending;
                match self.invoke_completed_callbacks(turn) {
                    Ok(()) => Flow::Next,
                    Err(exception) => Flow::Throw(exception),
                }
            }
            CloseStage::Prepare => {
                // The heartbeat thread ends first.
                self.group_mut().end_heartbeat_thread();
                task.stage = CloseStage::Leave;
                Flow::Push(CallFrame::LeavePrepare(LeavePrepareTask::new()))
            }
            CloseStage::Leave => {
                let (group, mut lent) = self.member(turn.cause);
                group.maybe_leave_group(&mut lent, task.remain, "the consumer is being closed", turn);
                _ = self.network_pass(turn);
                task.stage = CloseStage::AwaitCoordinator;
                Flow::Next
            }
            CloseStage::AwaitCoordinator => {
                let (group, mut lent) = self.member(turn.cause);
                let known = group.check_and_get_coordinator(&mut lent, turn);
                let waits = known.is_some_and(|broker| lent.network.pending_to(NodeId::Coordinator(broker)) > 0);
                if waits && now.ms() < task.deadline_ms {
                    return Flow::Network { until_ms: task.deadline_ms };
                }
                task.stage = CloseStage::Fetcher;
                Flow::Next
            }
            CloseStage::Fetcher => self.close_fetcher(task, turn),
            CloseStage::AwaitFetcher => self.await_fetcher(task, turn),
        }
    }

    fn close_fetcher(&mut self, task: &mut CloseTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let elapsed_ms = now.ms().saturating_sub(task.begun_ms);
        let left_ms = task.timeout_ms.saturating_sub(elapsed_ms).min(self.settings.request_timeout_ms);
        task.deadline_ms = now.ms().saturating_add(left_ms);
        let (fetcher, mut lent) = self.fetcher(turn.cause);
        fetcher.close_sessions(&mut lent, now);
        task.stage = CloseStage::AwaitFetcher;
        self.await_fetcher(task, turn)
    }

    fn await_fetcher(&mut self, task: &mut CloseTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let waits = self.client.is_pending(|purpose| matches!(purpose, Purpose::CloseSession(_)));
        if waits && now.ms() < task.deadline_ms {
            return Flow::Network { until_ms: task.deadline_ms };
        }
        self.closed = true;
        self.client.net.close_all(turn.out);
        self.fetcher = Fetcher::default();
        if let Some(group) = self.membership.classic_mut() {
            group.end_heartbeat_thread();
        }
        match task.failed.take() {
            None => Flow::done(),
            Some(cause) => {
                let exception = Exception::new("KafkaException", None, "Failed to close kafka consumer");
                Flow::Throw(exception.caused_by(cause))
            }
        }
    }
}
