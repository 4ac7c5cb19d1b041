//! `KafkaConsumer.poll`: the coordinator's part, positions, fetching, and what is returned.

use super::Consumer;
use super::app::{Flow, Task};
use super::collect::Collected;
use super::coordinator::MemberState;
use super::join::JoinTask;
use super::lookup::EnsureCoordinatorTask;
use super::offsets::UpdatePositionsTask;
use crate::call::Outcome;
use crate::error::Exception;
use crate::node::Outbox;
use crate::time::Now;

/// A poll and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PollTask {
    pub deadline_ms: u64,
    pub stage: PollStage,
}

/// The stages of a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PollStage {
    /// Callbacks, heartbeat, coordinator (`ConsumerCoordinator.poll`).
    Coordinator,
    CoordinatorReady,
    /// The join was driven one step.
    Joined,
    /// A manually assigned consumer had no broker to talk to and waited for metadata.
    Reconnected,
    /// `updateFetchPositions`.
    Positions,
    PositionsUpdated,
    /// What is there is returned; else a fetch is sent, and waited for.
    Fetch,
    /// The network client came back.
    Collect,
}

impl Consumer {
    pub(super) fn step_poll(&mut self, task: &mut PollTask, now: Now, out: &mut Outbox) -> Flow {
        let result = match task.stage {
            PollStage::Coordinator => self.poll_coordinator(task, now, out),
            PollStage::CoordinatorReady => {
                if self.app.answer {
                    Ok(self.poll_join(task))
                } else {
                    task.stage = PollStage::Fetch;
                    Ok(Flow::Next)
                }
            }
            PollStage::Joined => Ok(if self.app.answer {
                self.poll_auto_commit(task, now)
            } else {
                task.stage = PollStage::Fetch;
                Flow::Next
            }),
            PollStage::Reconnected => self.network_pass(now, out).map(|()| self.poll_auto_commit(task, now)),
            PollStage::Positions => self.poll_positions(task, now, out),
            PollStage::PositionsUpdated => {
                task.stage = PollStage::Fetch;
                Ok(Flow::Next)
            }
            PollStage::Fetch => self.poll_fetch(task, now, out),
            PollStage::Collect => self.poll_collect(task, now, out),
        };
        result.unwrap_or_else(Flow::Throw)
    }

    /// `ConsumerCoordinator.poll`.
    fn poll_coordinator(&mut self, task: &mut PollTask, now: Now, out: &mut Outbox) -> Result<Flow, Exception> {
        if self.coordinator.is_none() {
            task.stage = PollStage::Positions;
            return self.poll_positions(task, now, out);
        }
        self.maybe_update_subscription_metadata();
        self.invoke_completed_callbacks(now, out)?;
        if !self.subscriptions.has_auto_assigned_partitions() {
            let metadata = &self.client.net.metadata;
            if metadata.update_requested() && !self.has_ready_nodes() {
                task.stage = PollStage::Reconnected;
                let await_metadata = self.await_metadata(task.deadline_ms);
                return Ok(Flow::Push(Task::AwaitMetadata(await_metadata)));
            }
            self.network_pass(now, out)?;
            return Ok(self.poll_auto_commit(task, now));
        }
        self.poll_heartbeat(now)?;
        if self.coordinator_unknown(now, out) {
            task.stage = PollStage::CoordinatorReady;
            return Ok(Flow::Push(Task::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms))));
        }
        if self.rejoin_needed_or_pending() {
            return Ok(self.poll_join(task));
        }
        Ok(self.poll_auto_commit(task, now))
    }

    /// A poll does not wait for the join to end: it drives it as far as it goes now.
    fn poll_join(&mut self, task: &mut PollTask) -> Flow {
        task.stage = PollStage::Joined;
        Flow::Push(Task::Join(JoinTask::new(0)))
    }

    fn poll_auto_commit(&mut self, task: &mut PollTask, now: Now) -> Flow {
        task.stage = PollStage::Positions;
        self.auto_commit_if_due(now).map_or(Flow::Next, Flow::Push)
    }

    fn poll_positions(&mut self, task: &mut PollTask, now: Now, out: &mut Outbox) -> Result<Flow, Exception> {
        self.validate_positions_if_needed(now, out)?;
        self.all_positions_known = self.subscriptions.has_all_fetch_positions();
        if self.all_positions_known {
            task.stage = PollStage::Fetch;
            return Ok(Flow::Next);
        }
        task.stage = PollStage::PositionsUpdated;
        Ok(Flow::Push(Task::UpdatePositions(UpdatePositionsTask::new(task.deadline_ms))))
    }

    /// `pollForFetches`, up to its wait.
    fn poll_fetch(&mut self, task: &mut PollTask, now: Now, out: &mut Outbox) -> Result<Flow, Exception> {
        let until_ms = self.poll_until_ms(task, now);
        let collected = self.collect_fetch(out)?;
        if !collected.is_empty() {
            return self.poll_return(collected, now, out);
        }
        self.send_fetches(now);
        task.stage = PollStage::Collect;
        if self.fetcher.buffer.has_available(&self.subscriptions) {
            return Ok(Flow::Network { until_ms: now.ms() });
        }
        Ok(Flow::Network { until_ms })
    }

    /// Until when the wait for records may last: not beyond the next heartbeat or commit, nor beyond a retry of a lookup.
    fn poll_until_ms(&self, task: &PollTask, now: Now) -> u64 {
        let mut until_ms = task.deadline_ms;
        if let Some(group) = &self.coordinator {
            if !group.has_not_joined_group() {
                until_ms = until_ms.min(group.heartbeat.heartbeat_due_ms);
            }
            // A due commit waits for the join to end (`ConsumerCoordinator.poll`). Kafka's loop goes round without a pause
            // meanwhile, to no effect; here it waits for what comes first.
            let is_joining = self.subscriptions.has_auto_assigned_partitions()
                && (group.rejoin_needed || group.state != MemberState::Stable);
            if self.settings.enable_auto_commit && !is_joining {
                until_ms = until_ms.min(group.next_auto_commit_ms);
            }
        }
        if !self.all_positions_known {
            until_ms = until_ms.min(now.ms().saturating_add(self.settings.retry_backoff_ms));
        }
        until_ms
    }

    fn poll_collect(&mut self, task: &mut PollTask, now: Now, out: &mut Outbox) -> Result<Flow, Exception> {
        let collected = self.collect_fetch(out)?;
        if !collected.is_empty() {
            return self.poll_return(collected, now, out);
        }
        if now.ms() >= task.deadline_ms {
            self.app.outcome = Outcome::Polled(Vec::new());
            return Ok(Flow::Return(true));
        }
        task.stage = PollStage::Coordinator;
        Ok(Flow::Next)
    }

    /// The next fetch leaves before the records are handed out.
    fn poll_return(&mut self, collected: Collected, now: Now, out: &mut Outbox) -> Result<Flow, Exception> {
        if let Some((.., cause)) = collected.records.first() {
            self.cause = *cause;
        }
        self.send_fetches(now);
        self.transmit_sends(now, out)?;
        let records = collected.records.into_iter().map(|(partition, records, _)| (partition, records));
        self.app.outcome = Outcome::Polled(records.collect());
        Ok(Flow::Return(true))
    }

    fn has_ready_nodes(&self) -> bool {
        self.client.net.connections().any(|(_, connection)| connection.is_ready())
    }
}
