//! Finding the coordinator, and waiting for metadata (`ensureCoordinatorReady`, `awaitMetadataUpdate`).

use super::super::Consumer;
use super::super::membership::coordinator::LookUp;
use super::super::network::is_retriable;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow, Returned};
use super::tasks::{AwaitMetadataTask, EnsureCoordinatorTask, EnsureStage};

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
        let (group, mut lent) = self.member(turn.cause);
        group.lookup_coordinator(&mut lent, turn);
        task.stage = EnsureStage::Asked;
        Flow::poll_for(group.lookup_is_done(), task.deadline_ms, turn.now)
    }

    fn looked_up(&mut self, task: &mut EnsureCoordinatorTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        match self.group_mut().take_lookup() {
            LookUp::Cleared => {
                task.stage = EnsureStage::Again;
                Flow::Next
            }
            LookUp::Awaited if now.ms() < task.deadline_ms => Flow::Network { until_ms: task.deadline_ms },
            LookUp::Awaited => {
                let known = !self.coordinator_unknown(turn);
                Flow::Return(Returned::in_time(known))
            }
            LookUp::Ended(Err(exception)) if is_retriable(&exception) => {
                task.stage = EnsureStage::Refresh;
                self.back_off(&mut task.attempts, task.deadline_ms, turn)
            }
            LookUp::Ended(Err(exception)) => Flow::Throw(exception),
            LookUp::Ended(Ok(())) => {
                task.stage = EnsureStage::Again;
                let (group, mut lent) = self.member(turn.cause);
                if !group.found_is_reachable(&mut lent, turn) {
                    return self.back_off(&mut task.attempts, task.deadline_ms, turn);
                }
                Flow::Next
            }
        }
    }

    /// Whether the coordinator is unknown, or cannot be reached.
    pub(in super::super) fn coordinator_unknown(&mut self, turn: &mut Turn<'_>) -> bool {
        let (group, mut lent) = self.member(turn.cause);
        group.coordinator_unknown(&mut lent, turn)
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
