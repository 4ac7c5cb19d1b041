//! Where to start reading: committed offsets, and the calls that ask for offsets (`ConsumerCoordinator.fetchCommittedOffsets`,
//! `KafkaConsumer.updateFetchPositions`, `position`, `committed`).

use super::super::Consumer;
use super::super::membership::committed::CommittedEnd;
use super::super::membership::state::Committed;
use super::super::network::is_retriable;
use super::super::positions::FetchPosition;
use super::super::positions::no_offset_for;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow, Returned};
use super::tasks::{
    CommittedTask, EnsureCoordinatorTask, FetchCommittedTask, FetchStage, PositionStage, PositionTask,
    UpdatePositionsTask,
};

use std::sync::Arc;

use crate::call::Outcome;
use crate::error::{Code, Exception};
use crate::event::PositionWhy;

impl Consumer {
    pub(in super::super) fn step_fetch_committed(
        &mut self,
        task: &mut FetchCommittedTask,
        turn: &mut Turn<'_>,
    ) -> Flow {
        let now = turn.now;
        match task.stage {
            FetchStage::Start => {
                if task.partitions.is_empty() {
                    return Flow::Return(Returned::Committed(Arc::from([])));
                }
                self.group_mut().wants_committed(&task.partitions);
                self.fetch_committed_loop(task, turn)
            }
            FetchStage::Loop => self.fetch_committed_loop(task, turn),
            FetchStage::CoordinatorReady => {
                if !self.app.was_in_time() {
                    return Flow::out_of_time();
                }
                self.ask_committed(task, turn)
            }
            FetchStage::Asked => match self.group_mut().take_committed() {
                CommittedEnd::Awaited if now.ms() < task.deadline_ms => Flow::Network { until_ms: task.deadline_ms },
                CommittedEnd::Awaited | CommittedEnd::Gone => Flow::out_of_time(),
                CommittedEnd::Ended(Ok(committed)) => Flow::Return(Returned::Committed(committed)),
                CommittedEnd::Ended(Err(exception)) if !is_retriable(&exception) => Flow::Throw(exception),
                CommittedEnd::Ended(Err(_)) => {
                    task.stage = FetchStage::Again;
                    self.back_off(&mut task.attempts, task.deadline_ms, turn)
                }
            },
            FetchStage::Again => {
                if now.ms() >= task.deadline_ms {
                    return Flow::out_of_time();
                }
                task.stage = FetchStage::Loop;
                self.fetch_committed_loop(task, turn)
            }
        }
    }

    fn fetch_committed_loop(&mut self, task: &mut FetchCommittedTask, turn: &mut Turn<'_>) -> Flow {
        if self.coordinator_unknown(turn) {
            task.stage = FetchStage::CoordinatorReady;
            return Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)));
        }
        self.ask_committed(task, turn)
    }

    fn ask_committed(&mut self, task: &mut FetchCommittedTask, turn: &mut Turn<'_>) -> Flow {
        let (group, mut lent) = self.member(turn.cause);
        group.ask_committed(&mut lent, &task.partitions, turn);
        task.stage = FetchStage::Asked;
        Flow::poll_for(group.committed_is_done(), task.deadline_ms, turn.now)
    }

    pub(in super::super) fn step_update_positions(
        &mut self,
        task: &mut UpdatePositionsTask,
        turn: &mut Turn<'_>,
    ) -> Flow {
        let now = turn.now;
        if !task.fetched {
            task.fetched = true;
            let (offsets, mut lent) = self.offset_fetcher(turn.cause);
            if let Err(exception) = offsets.validate_positions_if_needed(&mut lent, now, turn.out) {
                return Flow::Throw(exception);
            }
            self.all_positions_known = self.subscriptions.has_all_fetch_positions();
            if self.all_positions_known {
                return Flow::done();
            }
            if self.membership.is_of_group() {
                let partitions = self.subscriptions.initializing_partitions();
                return Flow::Push(CallFrame::FetchCommitted(FetchCommittedTask::new(partitions, task.deadline_ms)));
            }
        } else if self.membership.is_of_group() {
            let Returned::Committed(committed) = self.app.take_returned() else { return Flow::out_of_time() };
            self.refresh_committed_offsets(&committed, turn);
        }
        let without_policy = self.subscriptions.reset_initializing_positions();
        if !without_policy.is_empty() {
            return Flow::Throw(no_offset_for(&without_policy));
        }
        let (offsets, mut lent) = self.offset_fetcher(turn.cause);
        match offsets.reset_positions_if_needed(&mut lent, now) {
            Ok(()) => Flow::done(),
            Err(exception) => Flow::Throw(exception),
        }
    }

    /// `refreshCommittedOffsets`.
    fn refresh_committed_offsets(&mut self, committed: &Committed, turn: &mut Turn<'_>) {
        turn.cause = self.group().committed_cause();
        for (partition, offset) in committed.iter() {
            let Some(offset) = offset else { continue };
            if let Some(epoch) = offset.leader_epoch {
                self.client.net.metadata.update_last_seen_epoch_if_newer(partition, epoch);
            }
            let lent = self.lent(turn.cause);
            let leader = lent.current_leader(partition);
            let Some(state) = lent.subscriptions.get_mut(partition) else { continue };
            let position = FetchPosition { offset: offset.offset, offset_epoch: offset.leader_epoch, leader };
            state.seek_unvalidated(position);
            lent.position_set(partition, offset.offset, PositionWhy::Committed, turn.out);
        }
    }

    pub(in super::super) fn step_position(&mut self, task: &mut PositionTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        match task.stage {
            PositionStage::Updated => {
                task.stage = PositionStage::Polled;
                Flow::Network { until_ms: task.deadline_ms }
            }
            PositionStage::Look | PositionStage::Polled => {
                let position = self.subscriptions.get(&task.partition).and_then(|state| state.valid_position());
                if let Some(position) = position {
                    let offsets = vec![(task.partition.clone(), Some(position.offset))];
                    return Flow::outcome(Outcome::Offsets(offsets));
                }
                if task.stage == PositionStage::Polled && now.ms() >= task.deadline_ms {
                    let message = format!(
                        "Timeout of {}ms expired before the position for partition {} could be determined",
                        task.timeout_ms, task.partition
                    );
                    return Flow::Throw(Exception::with_message(Code::RequestTimedOut, message));
                }
                task.stage = PositionStage::Updated;
                Flow::Push(CallFrame::UpdatePositions(UpdatePositionsTask::new(task.deadline_ms)))
            }
        }
    }

    pub(in super::super) fn step_committed(&mut self, task: &mut CommittedTask) -> Flow {
        if !task.asked {
            task.asked = true;
            let partitions = task.partitions.iter().cloned().collect();
            return Flow::Push(CallFrame::FetchCommitted(FetchCommittedTask::new(partitions, task.deadline_ms)));
        }
        let Returned::Committed(committed) = self.app.take_returned() else {
            let partitions: Vec<String> = task.partitions.iter().map(ToString::to_string).collect();
            let message = format!(
                "Timeout of {}ms expired before the last committed offset for partitions [{}] could be determined. \
                 Try tuning default.api.timeout.ms larger to relax the threshold.",
                task.timeout_ms,
                partitions.join(", ")
            );
            return Flow::Throw(Exception::with_message(Code::RequestTimedOut, message));
        };
        for (partition, offset) in committed.iter() {
            if let Some(epoch) = offset.as_ref().and_then(|offset| offset.leader_epoch) {
                self.client.net.metadata.update_last_seen_epoch_if_newer(partition, epoch);
            }
        }
        Flow::outcome(Outcome::Committed(committed.to_vec()))
    }
}
