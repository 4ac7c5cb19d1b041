//! Finding the coordinator, and waiting for metadata (`ensureCoordinatorReady`, `awaitMetadataUpdate`).

use super::Consumer;
use super::app::{Flow, Task};
use super::network::is_retriable;
use crate::client::net::NodeId;
use crate::node::Outbox;
use crate::time::Now;

/// `ensureCoordinatorReady(timer)`: returns whether the coordinator is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct EnsureCoordinatorTask {
    pub deadline_ms: u64,
    attempts: u32,
    stage: EnsureStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum EnsureStage {
    Start,
    /// The look-up is awaited.
    Asked,
    /// The backoff after a failed look-up is over: metadata first.
    Refresh,
    /// Whether to look again.
    Again,
}

/// `awaitMetadataUpdate(timer)`: returns whether the metadata was updated.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct AwaitMetadataTask {
    version: u32,
    deadline_ms: u64,
    polled: bool,
}

impl EnsureCoordinatorTask {
    pub const fn new(deadline_ms: u64) -> EnsureCoordinatorTask {
        EnsureCoordinatorTask { deadline_ms, attempts: 0, stage: EnsureStage::Start }
    }
}

impl Consumer {
    pub(super) fn step_ensure_coordinator(
        &mut self,
        task: &mut EnsureCoordinatorTask,
        now: Now,
        out: &mut Outbox,
    ) -> Flow {
        match task.stage {
            EnsureStage::Start => {
                if !self.coordinator_unknown(now, out) {
                    return Flow::Return(true);
                }
                self.look_up(task, now)
            }
            EnsureStage::Asked => self.looked_up(task, now, out),
            EnsureStage::Refresh => {
                task.stage = EnsureStage::Again;
                let await_metadata = self.await_metadata(task.deadline_ms);
                Flow::Push(Task::AwaitMetadata(await_metadata))
            }
            EnsureStage::Again => {
                if self.coordinator_unknown(now, out) && now.ms() < task.deadline_ms {
                    return self.look_up(task, now);
                }
                let known = !self.coordinator_unknown(now, out);
                Flow::Return(known)
            }
        }
    }

    fn look_up(&mut self, task: &mut EnsureCoordinatorTask, now: Now) -> Flow {
        self.lookup_coordinator(now);
        task.stage = EnsureStage::Asked;
        Flow::Network { until_ms: task.deadline_ms }
    }

    fn looked_up(&mut self, task: &mut EnsureCoordinatorTask, now: Now, out: &mut Outbox) -> Flow {
        // The heartbeat thread may have cleared the look-up in the meantime.
        let Some(find) = self.group().find.clone() else {
            task.stage = EnsureStage::Again;
            return Flow::Next;
        };
        let Some(result) = find.result else {
            if now.ms() < task.deadline_ms {
                return Flow::Network { until_ms: task.deadline_ms };
            }
            let known = !self.coordinator_unknown(now, out);
            return Flow::Return(known);
        };
        self.group_mut().find = None;
        match result {
            Err(exception) if is_retriable(&exception) => {
                task.stage = EnsureStage::Refresh;
                self.back_off(&mut task.attempts, task.deadline_ms, now)
            }
            Err(exception) => Flow::Throw(exception),
            Ok(()) => {
                task.stage = EnsureStage::Again;
                let broker = self.group().coordinator;
                if broker.is_some_and(|broker| self.client.is_unavailable(NodeId::Coordinator(broker), now)) {
                    self.mark_coordinator_unknown(false, out);
                    return self.back_off(&mut task.attempts, task.deadline_ms, now);
                }
                Flow::Next
            }
        }
    }

    /// `timer.sleep(retryBackoff.backoff(attempts++))`.
    pub(super) fn back_off(&mut self, attempts: &mut u32, deadline_ms: u64, now: Now) -> Flow {
        let wait = self.retry_backoff.backoff_ms(u64::from(*attempts), self.rng.next_u64());
        *attempts += 1;
        Flow::Sleep { until_ms: now.ms().saturating_add(wait).min(deadline_ms) }
    }

    /// Asks for metadata and says what to wait for.
    pub(super) fn await_metadata(&mut self, deadline_ms: u64) -> AwaitMetadataTask {
        let version = self.client.net.metadata.request_update(false, self.cause);
        AwaitMetadataTask { version, deadline_ms, polled: false }
    }

    pub(super) fn step_await_metadata(&mut self, task: &mut AwaitMetadataTask, now: Now) -> Flow {
        let updated = self.client.net.metadata.update_version() > task.version;
        if task.polled && (updated || now.ms() >= task.deadline_ms) {
            return Flow::Return(updated);
        }
        task.polled = true;
        Flow::Network { until_ms: task.deadline_ms }
    }
}
