//! Joining a group: what comes before (commit, revocation), `JoinGroup` and `SyncGroup`, what comes behind (assignment)
//! (`AbstractCoordinator.joinGroupIfNeeded`, `ConsumerCoordinator.onJoinPrepare`, `onJoinComplete`).

use super::super::Consumer;
use super::super::network::is_retriable;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow, Returned};
use super::tasks::{
    CommitAsyncTask, CommitSyncTask, EnsureCoordinatorTask, JoinPrepareTask, JoinStage, JoinTask, ListenerTask,
    PrepareStage,
};

use crate::call::{Listener, Notice, OnRevoked};
use crate::error::Exception;
use crate::event::{CommitHow, EventKind};
use crate::ids::{PartitionNo, TopicPartition};
use crate::sorted::SortedSet;

impl Consumer {
    pub(in super::super) fn step_join(&mut self, task: &mut JoinTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        match task.stage {
            JoinStage::Start => {
                // `startHeartbeatThreadIfNeeded`.
                self.group_mut().start_heartbeat_thread();
                task.stage = JoinStage::Loop;
                self.join_loop(task, turn)
            }
            JoinStage::Loop => self.join_loop(task, turn),
            JoinStage::CoordinatorReady => {
                if !self.app.was_in_time() {
                    return Flow::out_of_time();
                }
                self.prepare_or_join(task, turn)
            }
            JoinStage::Prepared => {
                if !self.app.was_in_time() {
                    self.group_mut().prepare_again();
                    return Flow::out_of_time();
                }
                self.initiate_join(task, turn)
            }
            JoinStage::Joining => match self.group().join_result() {
                Some(result) => self.joined(task, result, turn),
                _ if now.ms() < task.deadline_ms => Flow::Network { until_ms: task.deadline_ms },
                _ => Flow::out_of_time(),
            },
        }
    }

    fn join_loop(&mut self, task: &mut JoinTask, turn: &mut Turn<'_>) -> Flow {
        if !self.rejoin_needed_or_pending(turn) {
            return Flow::done();
        }
        if self.coordinator_unknown(turn) {
            task.stage = JoinStage::CoordinatorReady;
            return Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)));
        }
        self.prepare_or_join(task, turn)
    }

    fn prepare_or_join(&mut self, task: &mut JoinTask, turn: &mut Turn<'_>) -> Flow {
        if self.group_mut().begins_preparing() {
            task.stage = JoinStage::Prepared;
            let prepare = JoinPrepareTask { deadline_ms: task.deadline_ms, stage: PrepareStage::Start };
            return Flow::Push(CallFrame::JoinPrepare(prepare));
        }
        self.initiate_join(task, turn)
    }

    fn initiate_join(&mut self, task: &mut JoinTask, turn: &mut Turn<'_>) -> Flow {
        let (group, mut lent) = self.member(turn.cause);
        if let Err(exception) = group.initiate_join(&mut lent, turn) {
            return Flow::Throw(exception);
        }
        task.stage = JoinStage::Joining;
        Flow::poll_for(group.join_result().is_some(), task.deadline_ms, turn.now)
    }

    fn joined(&mut self, task: &mut JoinTask, result: Result<bytes::Bytes, Exception>, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        task.stage = JoinStage::Loop;
        match result {
            Ok(assignment) => {
                let (group, mut lent) = self.member(turn.cause);
                match group.complete_join(&mut lent, &assignment, turn) {
                    Ok(Some(added)) => self.listener_ran(Listener::Assigned, &added, None, turn),
                    Ok(None) => {}
                    Err(exception) => return Flow::Throw(exception),
                }
                Flow::Next
            }
            Err(exception) => {
                if self.group_mut().join_failed(&exception) {
                    return Flow::Next;
                }
                if !is_retriable(&exception) {
                    return Flow::Throw(exception);
                }
                if now.ms() >= task.deadline_ms {
                    return Flow::out_of_time();
                }
                self.back_off(&mut task.attempts, task.deadline_ms, turn)
            }
        }
    }

    pub(in super::super) fn step_join_prepare(&mut self, task: &mut JoinPrepareTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let rebalance_timeout_ms = self.settings.max_poll_interval_ms;
        match task.stage {
            PrepareStage::Start => {
                let awaited = self.group_mut().begin_prepare(now.ms().saturating_add(rebalance_timeout_ms));
                if !self.settings.enable_auto_commit {
                    task.stage = PrepareStage::Revoke;
                    return Flow::Next;
                }
                if awaited.is_some() {
                    return self.await_prepare_commit(task);
                }
                self.subscriptions.mark_pending_revocation();
                task.stage = PrepareStage::CommitSent;
                let offsets = self.subscriptions.all_consumed();
                Flow::Push(CallFrame::CommitAsync(CommitAsyncTask::new(offsets.into(), CommitHow::Auto, None, true)))
            }
            PrepareStage::CommitSent => {
                let Returned::CommitSent(sent) = self.app.take_returned() else {
                    unreachable!("an asynchronous commit returns its number")
                };
                self.group_mut().await_prepare_commit(sent);
                if sent.is_none() {
                    task.stage = PrepareStage::Revoke;
                    return Flow::Next;
                }
                self.await_prepare_commit(task)
            }
            PrepareStage::CommitAwaited => self.prepare_commit_polled(task, turn),
            PrepareStage::GiveUp => Flow::out_of_time(),
            PrepareStage::Revoke => self.revoke_before_join(task),
            PrepareStage::Revoked => {
                if !self.subscriptions.assignment().is_empty() {
                    self.subscriptions.assign_from_subscribed(SortedSet::new());
                }
                self.subscriptions.reset_group_subscription();
                self.update_metadata_topics();
                self.group_mut().end_prepare();
                Flow::done()
            }
        }
    }

    fn await_prepare_commit(&mut self, task: &mut JoinPrepareTask) -> Flow {
        let prepare_deadline_ms = self.group().prepare_deadline_ms();
        task.stage = PrepareStage::CommitAwaited;
        Flow::Network { until_ms: task.deadline_ms.min(prepare_deadline_ms) }
    }

    fn prepare_commit_polled(&mut self, task: &mut JoinPrepareTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let deadline_ms = self.group().prepare_deadline_ms();
        let result = self.group_mut().take_prepare_commit();
        let until_ms = task.deadline_ms.min(deadline_ms);
        if result.is_none() && now.ms() < until_ms {
            return Flow::Network { until_ms };
        }
        let retry = match &result {
            None => now.ms() < deadline_ms,
            Some(Err(exception)) => now.ms() < deadline_ms && is_retriable(exception),
            Some(Ok(())) => false,
        };
        if retry {
            task.stage = PrepareStage::GiveUp;
            return Flow::Sleep { until_ms: until_ms.min(now.ms().saturating_add(self.settings.retry_backoff_ms)) };
        }
        task.stage = PrepareStage::Revoke;
        Flow::Next
    }

    fn revoke_before_join(&mut self, task: &mut JoinPrepareTask) -> Flow {
        task.stage = PrepareStage::Revoked;
        let partitions = self.subscriptions.assigned_partitions();
        if self.group().has_lost_generation() {
            if partitions.is_empty() {
                return Flow::Next;
            }
            return Flow::Push(CallFrame::Listener(ListenerTask::new(Listener::Lost, partitions)));
        }
        Flow::Push(CallFrame::Listener(ListenerTask::new(Listener::Revoked, partitions)))
    }

    pub(in super::super) fn step_listener(&mut self, task: &mut ListenerTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let commits = task.which == Listener::Revoked && self.on_revoked == OnRevoked::CommitSync;
        if commits && !task.started {
            task.started = true;
            let offsets = self.subscriptions.all_consumed();
            let timeout_ms = self.settings.default_api_timeout_ms;
            let commit = CommitSyncTask::new(offsets.into(), timeout_ms, true, CommitHow::Sync, now);
            return Flow::Push(CallFrame::CommitSync(commit));
        }
        let commit = commits.then(|| task.failed.take().map_or(Ok(()), Err));
        self.listener_ran(task.which, &task.partitions, commit, turn);
        Flow::done()
    }

    fn listener_ran(
        &mut self,
        which: Listener,
        partitions: &SortedSet<TopicPartition>,
        commit: Option<Result<(), Exception>>,
        turn: &mut Turn<'_>,
    ) {
        let client = self.id;
        let group = self.group_mut();
        let (number, generation) = (group.number(turn.out), group.generation().id);
        let count = u32::try_from(partitions.len()).expect("a consumer has few partitions");
        let kind = match which {
            Listener::Assigned => {
                EventKind::PartitionsAssigned { client, group: number, generation, partitions: count }
            }
            Listener::Revoked => EventKind::PartitionsRevoked { client, group: number, partitions: count },
            Listener::Lost => EventKind::PartitionsLost { client, group: number, partitions: count },
        };
        let event = turn.out.emit(turn.cause, kind);
        turn.cause = event;
        for partition in partitions {
            let topic = turn.out.names.intern_topic(&partition.topic);
            let partition = PartitionNo { topic, partition: partition.partition };
            let owned = which == Listener::Assigned;
            turn.out.emit(event, EventKind::OwnerChanged { client, partition, owned });
        }
        let partitions = partitions.iter().cloned().collect();
        turn.out.notice(client, Notice::Rebalance { listener: which, partitions, commit });
    }

    /// Whether the group must be joined, or a join is to be finished.
    pub(in super::super) fn rejoin_needed_or_pending(&mut self, turn: &Turn<'_>) -> bool {
        let (group, lent) = self.member(turn.cause);
        group.rejoin_needed_or_pending(lent.subscriptions)
    }
}
