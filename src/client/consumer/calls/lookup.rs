//! Finding the coordinator, and waiting for metadata (`ensureCoordinatorReady`, `awaitMetadataUpdate`).

use super::super::Consumer;
use super::super::network::is_retriable;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow, Returned};
use super::tasks::{AwaitMetadataTask, EnsureCoordinatorTask, EnsureStage};

use crate::client::net::NodeId;

impl Consumer {
    pub(in super::super) fn step_ensure_coordinator(
        &mut self,
        task: &mut EnsureCoordinatorTask,
        turn: &mut Turn<'_>,
    ) -> Flow {
        let now = turn.now;
        match task.stage {
            EnsureStage::Start => {
                if !self.coordinator_unknown(turn) {
                    return Flow::done();
                }
                self.look_up(task, turn)
            }
            EnsureStage::Asked => self.looked_up(task, turn),
            EnsureStage::Refresh => {
                task.stage = EnsureStage::Again;
                let await_metadata = self.await_metadata(task.deadline_ms, turn);
                Flow::Push(CallFrame::AwaitMetadata(await_metadata))
            }
            EnsureStage::Again => {
                if self.coordinator_unknown(turn) && now.ms() < task.deadline_ms {
                    return self.look_up(task, turn);
                }
                let known = !self.coordinator_unknown(turn);
                Flow::Return(Returned::in_time(known))
            }
        }
    }

    fn look_up(&mut self, task: &mut EnsureCoordinatorTask, turn: &mut Turn<'_>) -> Flow {
        self.lookup_coordinator(turn);
        task.stage = EnsureStage::Asked;
        Flow::Network { until_ms: task.deadline_ms }
    }

    fn looked_up(&mut self, task: &mut EnsureCoordinatorTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        // The heartbeat thread may have cleared the look-up in the meantime.
        let Some(find) = self.group().find.clone() else {
            task.stage = EnsureStage::Again;
            return Flow::Next;
        };
        let Some(result) = find.result else {
            if now.ms() < task.deadline_ms {
                return Flow::Network { until_ms: task.deadline_ms };
            }
            let known = !self.coordinator_unknown(turn);
            return Flow::Return(Returned::in_time(known));
        };
        self.group_mut().find = None;
        match result {
            Err(exception) if is_retriable(&exception) => {
                task.stage = EnsureStage::Refresh;
                self.back_off(&mut task.attempts, task.deadline_ms, turn)
            }
            Err(exception) => Flow::Throw(exception),
            Ok(()) => {
                task.stage = EnsureStage::Again;
                let broker = self.group().coordinator;
                if broker.is_some_and(|broker| self.client.is_unavailable(NodeId::Coordinator(broker), now)) {
                    self.mark_coordinator_unknown(false, turn);
                    return self.back_off(&mut task.attempts, task.deadline_ms, turn);
                }
                Flow::Next
            }
        }
    }

    /// `timer.sleep(retryBackoff.backoff(attempts++))`.
    pub(in super::super) fn back_off(&mut self, attempts: &mut u32, deadline_ms: u64, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let wait = self.retry_backoff.backoff_ms(u64::from(*attempts), self.rng.next_u64());
        *attempts += 1;
        Flow::Sleep { until_ms: now.ms().saturating_add(wait).min(deadline_ms) }
    }

    /// Asks for metadata and says what to wait for.
    pub(in super::super) fn await_metadata(&mut self, deadline_ms: u64, turn: &mut Turn<'_>) -> AwaitMetadataTask {
        let version = self.client.net.metadata.request_update(false, turn.cause);
        AwaitMetadataTask { version, deadline_ms, polled: false }
    }

    pub(in super::super) fn step_await_metadata(&mut self, task: &mut AwaitMetadataTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let updated = self.client.net.metadata.update_version() > task.version;
        if task.polled && (updated || now.ms() >= task.deadline_ms) {
            return Flow::Return(Returned::in_time(updated));
        }
        task.polled = true;
        Flow::Network { until_ms: task.deadline_ms }
    }
}
