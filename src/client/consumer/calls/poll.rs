//! `KafkaConsumer.poll`: the coordinator's part, positions, fetching, and what is returned.

use super::super::Consumer;
use super::super::fetching::CollectedFetch;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow};
use super::tasks::{EnsureCoordinatorTask, JoinTask, PollStage, PollTask, UpdatePositionsTask};

use crate::call::Outcome;
use crate::error::Exception;

impl Consumer {
    pub(in super::super) fn step_poll(&mut self, task: &mut PollTask, turn: &mut Turn<'_>) -> Flow {
        let result = match task.stage {
            PollStage::Coordinator => self.poll_coordinator(task, turn),
            PollStage::CoordinatorReady => {
                if self.app.was_in_time() {
                    Ok(self.poll_join(task))
                } else {
                    task.stage = PollStage::Fetch;
                    Ok(Flow::Next)
                }
            }
            PollStage::Joined => Ok(if self.app.was_in_time() {
                self.poll_auto_commit(task, turn)
            } else {
                task.stage = PollStage::Fetch;
                Flow::Next
            }),
            PollStage::Reconnected => self.network_pass(turn).map(|()| self.poll_auto_commit(task, turn)),
            PollStage::Positions => self.poll_positions(task, turn),
            PollStage::PositionsUpdated => {
                task.stage = PollStage::Fetch;
                Ok(Flow::Next)
            }
            PollStage::Fetch => self.poll_fetch(task, turn),
            PollStage::Collect => self.poll_collect(task, turn),
        };
        result.unwrap_or_else(Flow::Throw)
    }

    /// `ConsumerCoordinator.poll`.
    fn poll_coordinator(&mut self, task: &mut PollTask, turn: &mut Turn<'_>) -> Result<Flow, Exception> {
        if !self.membership.is_of_group() {
            task.stage = PollStage::Positions;
            return self.poll_positions(task, turn);
        }
        let (group, lent) = self.member(turn.cause);
        group.maybe_update_subscription_metadata(&lent);
        self.invoke_completed_callbacks(turn)?;
        if !self.subscriptions.has_auto_assigned_partitions() {
            let metadata = &self.client.net.metadata;
            if metadata.update_requested() && !self.has_ready_nodes() {
                task.stage = PollStage::Reconnected;
                let await_metadata = self.await_metadata(task.deadline_ms, turn);
                return Ok(Flow::Push(CallFrame::AwaitMetadata(await_metadata)));
            }
            self.network_pass(turn)?;
            return Ok(self.poll_auto_commit(task, turn));
        }
        self.group_mut().poll_heartbeat(turn.now)?;
        if self.coordinator_unknown(turn) {
            task.stage = PollStage::CoordinatorReady;
            return Ok(Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms))));
        }
        if self.rejoin_needed_or_pending(turn) {
            return Ok(self.poll_join(task));
        }
        Ok(self.poll_auto_commit(task, turn))
    }

    /// A poll does not wait for the join to end: it drives it as far as it goes now.
    fn poll_join(&mut self, task: &mut PollTask) -> Flow {
        task.stage = PollStage::Joined;
        Flow::Push(CallFrame::Join(JoinTask::new(0)))
    }

    fn poll_auto_commit(&mut self, task: &mut PollTask, turn: &mut Turn<'_>) -> Flow {
        task.stage = PollStage::Positions;
        self.auto_commit_if_due(turn).map_or(Flow::Next, Flow::Push)
    }

    fn poll_positions(&mut self, task: &mut PollTask, turn: &mut Turn<'_>) -> Result<Flow, Exception> {
        let now = turn.now;
        let (offsets, mut lent) = self.offset_fetcher(turn.cause);
        offsets.validate_positions_if_needed(&mut lent, now, turn.out)?;
        self.all_positions_known = self.subscriptions.has_all_fetch_positions();
        if self.all_positions_known {
            task.stage = PollStage::Fetch;
            return Ok(Flow::Next);
        }
        task.stage = PollStage::PositionsUpdated;
        Ok(Flow::Push(CallFrame::UpdatePositions(UpdatePositionsTask::new(task.deadline_ms))))
    }

    /// `pollForFetches`, up to its wait.
    fn poll_fetch(&mut self, task: &mut PollTask, turn: &mut Turn<'_>) -> Result<Flow, Exception> {
        let now = turn.now;
        let until_ms = self.poll_until_ms(task, turn);
        let collected = self.collect_fetch(turn)?;
        if !collected.is_empty() {
            return self.poll_return(collected, turn);
        }
        self.send_fetches(turn);
        task.stage = PollStage::Collect;
        if self.fetcher.has_available(&self.subscriptions) {
            return Ok(Flow::Network { until_ms: now.ms() });
        }
        Ok(Flow::Network { until_ms })
    }

    /// Until when the wait for records may last: not beyond the next heartbeat or commit, nor beyond a retry of a lookup.
    fn poll_until_ms(&self, task: &PollTask, turn: &mut Turn<'_>) -> u64 {
        let now = turn.now;
        let mut until_ms = task.deadline_ms;
        if let Some(group) = self.membership.classic() {
            until_ms = until_ms.min(group.next_poll_ms(&self.settings, &self.subscriptions));
        }
        if !self.all_positions_known {
            until_ms = until_ms.min(now.ms().saturating_add(self.settings.retry_backoff_ms));
        }
        until_ms
    }

    fn poll_collect(&mut self, task: &mut PollTask, turn: &mut Turn<'_>) -> Result<Flow, Exception> {
        let now = turn.now;
        let collected = self.collect_fetch(turn)?;
        if !collected.is_empty() {
            return self.poll_return(collected, turn);
        }
        if now.ms() >= task.deadline_ms {
            return Ok(Flow::outcome(Outcome::Polled(Vec::new())));
        }
        task.stage = PollStage::Coordinator;
        Ok(Flow::Next)
    }

    /// The next fetch leaves before the records are handed out.
    fn poll_return(&mut self, collected: CollectedFetch, turn: &mut Turn<'_>) -> Result<Flow, Exception> {
        if let Some((.., cause)) = collected.records.first() {
            turn.cause = *cause;
        }
        self.send_fetches(turn);
        self.transmit_sends(turn)?;
        let records = collected.records.into_iter().map(|(partition, records, _)| (partition, records));
        Ok(Flow::outcome(Outcome::Polled(records.collect())))
    }

    fn collect_fetch(&mut self, turn: &mut Turn<'_>) -> Result<CollectedFetch, Exception> {
        let reading = self.reading;
        let (fetcher, mut lent) = self.fetcher(turn.cause);
        fetcher.collect_fetch(&mut lent, reading, turn.out)
    }

    fn send_fetches(&mut self, turn: &mut Turn<'_>) {
        let now = turn.now;
        let (offsets, mut lent) = self.offset_fetcher(turn.cause);
        offsets.validate_positions_on_metadata_change(&mut lent);
        let (fetcher, mut lent) = self.fetcher(turn.cause);
        fetcher.send_fetches(&mut lent, now);
    }

    fn has_ready_nodes(&self) -> bool {
        self.client.net.connections().any(|(_, connection)| connection.is_ready())
    }
}
