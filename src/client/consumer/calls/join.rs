//! Joining a group: what comes before (commit, revocation), JoinGroup and SyncGroup, what comes behind (assignment)
//! (`AbstractCoordinator.joinGroupIfNeeded`, `ConsumerCoordinator.onJoinPrepare`, `onJoinComplete`).

use super::super::Consumer;
use super::super::membership::state::{JoinFuture, MemberState};
use super::super::membership::timers::HeartbeatThread;
use super::super::network::is_retriable;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow, Returned};
use super::tasks::{
    CommitAsyncTask, CommitSyncTask, EnsureCoordinatorTask, JoinPrepareTask, JoinStage, JoinTask, ListenerTask,
    PrepareStage,
};

use crate::call::{Listener, Notice, OnRevoked};
use crate::consumer_protocol::Assignment;
use crate::error::{Code, Exception};
use crate::event::{CommitHow, EventKind};
use crate::ids::{EventId, PartitionNo, TopicPartition};
use crate::sorted::SortedSet;

impl Consumer {
    pub(in super::super) fn step_join(&mut self, task: &mut JoinTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        match task.stage {
            JoinStage::Start => {
                // `startHeartbeatThreadIfNeeded`.
                self.group_mut().thread.get_or_insert_with(HeartbeatThread::new);
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
                    self.group_mut().needs_join_prepare = true;
                    return Flow::out_of_time();
                }
                self.initiate_join(task, turn)
            }
            JoinStage::Joining => match self.group().join.clone() {
                Some(JoinFuture::Done(result)) => self.joined(task, result, turn),
                _ if now.ms() < task.deadline_ms => Flow::Network { until_ms: task.deadline_ms },
                _ => Flow::out_of_time(),
            },
        }
    }

    fn join_loop(&mut self, task: &mut JoinTask, turn: &mut Turn<'_>) -> Flow {
        if !self.rejoin_needed_or_pending() {
            return Flow::done();
        }
        if self.coordinator_unknown(turn) {
            task.stage = JoinStage::CoordinatorReady;
            return Flow::Push(CallFrame::EnsureCoordinator(EnsureCoordinatorTask::new(task.deadline_ms)));
        }
        self.prepare_or_join(task, turn)
    }

    fn prepare_or_join(&mut self, task: &mut JoinTask, turn: &mut Turn<'_>) -> Flow {
        if self.group().needs_join_prepare {
            self.group_mut().needs_join_prepare = false;
            task.stage = JoinStage::Prepared;
            let prepare = JoinPrepareTask { deadline_ms: task.deadline_ms, stage: PrepareStage::Start };
            return Flow::Push(CallFrame::JoinPrepare(prepare));
        }
        self.initiate_join(task, turn)
    }

    fn initiate_join(&mut self, task: &mut JoinTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        if self.group().join.is_none() {
            self.disable_heartbeat_thread();
            self.group_mut().state = MemberState::PreparingRebalance;
            if let Err(exception) = self.send_join_group(turn) {
                return Flow::Throw(exception);
            }
        }
        task.stage = JoinStage::Joining;
        let done = matches!(self.group().join, Some(JoinFuture::Done(_)));
        Flow::poll_for(done, task.deadline_ms, now)
    }

    fn joined(&mut self, task: &mut JoinTask, result: Result<bytes::Bytes, Exception>, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        task.stage = JoinStage::Loop;
        match result {
            Ok(assignment) => {
                let group = self.group_mut();
                if group.generation.is_none() || group.state != MemberState::Stable {
                    let reason = "rebalance failed since the generation/state was modified by heartbeat thread before \
                                  the rebalance callback triggered";
                    group.reset_state_and_rejoin(reason, true);
                    group.join = None;
                    return Flow::Next;
                }
                if let Err(exception) = self.on_join_complete(&assignment, turn) {
                    return Flow::Throw(exception);
                }
                let group = self.group_mut();
                group.join = None;
                group.needs_join_prepare = true;
                group.rejoin_cause = EventId::NONE;
                Flow::Next
            }
            Err(exception) => {
                let group = self.group_mut();
                group.join = None;
                let code = exception.code.unwrap_or_default();
                if code != Code::MemberIdRequired {
                    group.request_rejoin(format!("rebalance failed due to {}", exception.class));
                }
                let at_once = matches!(
                    code,
                    Code::UnknownMemberId
                        | Code::IllegalGeneration
                        | Code::RebalanceInProgress
                        | Code::MemberIdRequired
                );
                if at_once {
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
                let group = self.group_mut();
                group.join_prepare_deadline_ms.get_or_insert(now.ms().saturating_add(rebalance_timeout_ms));
                if !self.settings.enable_auto_commit {
                    task.stage = PrepareStage::Revoke;
                    return Flow::Next;
                }
                if self.group().join_prepare_commit.is_some() {
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
                self.group_mut().join_prepare_commit = sent;
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
                let group = self.group_mut();
                group.is_leader = false;
                group.join_prepare_deadline_ms = None;
                group.join_prepare_commit = None;
                Flow::done()
            }
        }
    }

    fn await_prepare_commit(&mut self, task: &mut JoinPrepareTask) -> Flow {
        let prepare_deadline_ms = self.group().join_prepare_deadline_ms.unwrap_or(u64::MAX);
        task.stage = PrepareStage::CommitAwaited;
        Flow::Network { until_ms: task.deadline_ms.min(prepare_deadline_ms) }
    }

    fn prepare_commit_polled(&mut self, task: &mut JoinPrepareTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let deadline_ms = self.group().join_prepare_deadline_ms.unwrap_or(u64::MAX);
        let commit = self.group().join_prepare_commit.expect("a commit is awaited");
        let result = self.group().commits.get(&commit).and_then(|commit| commit.result.clone());
        let until_ms = task.deadline_ms.min(deadline_ms);
        if result.is_none() && now.ms() < until_ms {
            return Flow::Network { until_ms };
        }
        let retry = match &result {
            None => now.ms() < deadline_ms,
            Some(Err(exception)) => now.ms() < deadline_ms && is_retriable(exception),
            Some(Ok(())) => false,
        };
        if result.is_some() {
            let group = self.group_mut();
            group.join_prepare_commit = None;
            group.commits.remove(&commit);
        }
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
        let group = self.group();
        if group.generation.id == -1 || group.generation.member_id.is_empty() {
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
        let number = self.group_mut().group(turn.out);
        let generation = self.group().generation.id;
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

    /// `onJoinComplete`: the assignment is taken over, then the listener hears of it.
    fn on_join_complete(&mut self, assignment: &[u8], turn: &mut Turn<'_>) -> Result<(), Exception> {
        let group = self.group_mut();
        if !group.is_leader {
            group.assignment_snapshot = None;
        }
        group.group_metadata = group.generation.clone();
        let assignment = if assignment.len() < 2 {
            let message = format!(
                "There are insufficient bytes available to read assignment from the sync-group response (actual byte \
                 size {}) , this is not expected; it is possible that the leader's assign function is buggy and did \
                 not return any assignment for this member, or because static member is configured and the protocol \
                 is buggy hence did not get the assignment for this member",
                assignment.len()
            );
            return Err(Exception::new("IllegalStateException", None, message));
        } else {
            Assignment::from_bytes(assignment).map_err(|message| Exception::new("SchemaException", None, message))?
        };
        let assigned: SortedSet<TopicPartition> = assignment.partitions.into_iter().collect();
        if !self.subscriptions.matches_subscription(&assigned) {
            self.group_mut().request_rejoin("received assignment does not match the current subscription");
            return Ok(());
        }
        let owned = self.subscriptions.assigned_partitions();
        let added: SortedSet<TopicPartition> = assigned.difference(&owned).cloned().collect();
        self.restart_auto_commit_timer(turn);
        self.subscriptions.assign_from_subscribed(assigned);
        self.listener_ran(Listener::Assigned, &added, None, turn);
        Ok(())
    }

    pub(in super::super) fn restart_auto_commit_timer(&mut self, turn: &mut Turn<'_>) {
        let now = turn.now;
        let next = now.ms().saturating_add(self.settings.auto_commit_interval_ms);
        self.group_mut().next_auto_commit_ms = next;
    }
}
