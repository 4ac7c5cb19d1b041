//! The application's thread inside the client: one call at a time, as an explicit continuation.
//!
//! A call is a stack of tasks, as Java's call stack is one of methods. Each step of the task on top is a move of its own
//! (1 µs); a step may push another task, wait for the network as `ConsumerNetworkClient.poll` does (it comes back with
//! whatever happens first), sleep as `Timer.sleep` does, return, or throw.

use super::super::Consumer;
use super::super::membership::state::Coordinator;
use super::super::turn::Turn;
use super::frames::{CallFrame, CallInfo, Flow, Returned, Waiting};

use std::sync::Arc;

use crate::call::{ConsumerCall, Outcome};
use crate::error::Exception;
use crate::event::EventKind;
use crate::ids::{CallId, EventId};
use crate::node::{Outbox, STAGE_US};
use crate::time::{Instant, Now};

impl Consumer {
    /// Begins a call; its first stage is due one stage later.
    pub fn call(&mut self, now: Now, call: CallId, what: ConsumerCall, out: &mut Outbox) {
        assert!(self.app.call.is_none(), "an application makes one call at a time");
        let kind = what.kind();
        let event = out.emit(EventId::NONE, EventKind::CallStarted { client: self.id, call, kind });
        self.app.call = Some(CallInfo { id: call, kind, started: now.at, event });
        self.app.returned = Returned::Done;
        self.app.tasks.push(CallFrame::Begin(Arc::new(what)));
        self.app.waiting = Waiting::Stage(now.at + STAGE_US);
    }

    /// When the application's thread goes on.
    pub(in super::super) fn app_due(&self) -> Option<Instant> {
        match self.app.waiting {
            Waiting::Idle => None,
            Waiting::Stage(at) => Some(at),
            Waiting::Sleep { until } => Some(until),
            Waiting::Network { .. } if self.client.wants_pass() => Some(self.arrived_at + STAGE_US),
            Waiting::Network { from, until } => Some(self.net_due.map_or(until, |due| due.min(until)).max(from)),
        }
    }

    /// One move of the application's thread.
    pub(in super::super) fn run_app(&mut self, turn: &mut Turn<'_>) {
        let call = self.app.call.expect("a thread that is due is in a call");
        turn.cause = call.event;
        if matches!(self.app.waiting, Waiting::Network { .. })
            && let Some(exception) = self.read_network(turn)
        {
            return self.network_threw(exception, turn);
        }
        if self.awaits_metadata_as_leader() {
            if let Err(exception) = self.enter_network(u64::MAX, turn) {
                self.network_threw(exception, turn);
            }
            return;
        }
        self.step(turn);
    }

    /// What a leader's wait for metadata throws ends its join; the call goes on, and finds that. All else ends the call.
    fn network_threw(&mut self, exception: Exception, turn: &mut Turn<'_>) {
        if self.awaits_metadata_as_leader() {
            self.group_mut().fail_as_leader(exception, turn);
            self.app.waiting = Waiting::Stage(turn.now.at + STAGE_US);
        } else {
            self.throw(exception, turn);
        }
    }

    /// Whether the thread stays in the network client, whatever the frame on top would do.
    pub(in super::super) fn awaits_metadata_as_leader(&self) -> bool {
        self.membership.classic().is_some_and(Coordinator::awaits_metadata_as_leader)
    }

    fn step(&mut self, turn: &mut Turn<'_>) {
        let now = turn.now;
        let Some(mut task) = self.app.tasks.pop() else {
            self.finish_call(turn);
            return;
        };
        if matches!(task, CallFrame::Join(_) | CallFrame::JoinPrepare(_) | CallFrame::Listener(_)) {
            turn.cause = self.cause_of_join(turn.cause);
        }
        let flow = match &mut task {
            CallFrame::Begin(call) => {
                let call = call.clone();
                self.begin_call(&call, turn)
            }
            CallFrame::Poll(task) => self.step_poll(task, turn),
            CallFrame::EnsureCoordinator(task) => self.step_ensure_coordinator(task, turn),
            CallFrame::AwaitMetadata(task) => self.step_await_metadata(task, turn),
            CallFrame::Join(task) => self.step_join(task, turn),
            CallFrame::JoinPrepare(task) => self.step_join_prepare(task, turn),
            CallFrame::Listener(task) => self.step_listener(task, turn),
            CallFrame::CommitSync(task) => self.step_commit_sync(task, turn),
            CallFrame::CommitAsync(task) => self.step_commit_async(task, turn),
            CallFrame::FetchCommitted(task) => self.step_fetch_committed(task, turn),
            CallFrame::UpdatePositions(task) => self.step_update_positions(task, turn),
            CallFrame::Position(task) => self.step_position(task, turn),
            CallFrame::Committed(task) => self.step_committed(task),
            CallFrame::ListOffsets(task) => self.step_list_offsets(task, turn),
            CallFrame::PartitionsFor(task) => self.step_partitions_for(task, turn),
            CallFrame::LeavePrepare(task) => self.step_leave_prepare(task),
            CallFrame::Unsubscribe(task) => self.step_unsubscribe(task, turn),
            CallFrame::Close(task) => self.step_close(task, turn),
        };
        self.app.waiting = Waiting::Stage(now.at + STAGE_US);
        match flow {
            Flow::Next => self.app.tasks.push(task),
            Flow::Push(pushed) => {
                // A call that only leads to another task is gone once that began.
                if !matches!(task, CallFrame::Begin(_)) {
                    self.app.tasks.push(task);
                }
                self.app.tasks.push(pushed);
            }
            Flow::Network { until_ms } => {
                self.app.tasks.push(task);
                if let Err(exception) = self.enter_network(until_ms, turn) {
                    self.throw(exception, turn);
                }
            }
            Flow::Sleep { until_ms } => {
                self.app.tasks.push(task);
                if until_ms > now.ms() {
                    self.app.waiting = Waiting::Sleep { until: Instant::from_millis(until_ms) };
                }
            }
            Flow::Return(returned) => {
                self.app.returned = returned;
                if self.app.tasks.is_empty() && !self.awaits_metadata_as_leader() {
                    self.finish_call(turn);
                }
            }
            Flow::Throw(exception) => self.throw(exception, turn),
        }
    }

    /// What a poll does about its group is caused by what was read from the group, not by the poll.
    fn cause_of_join(&self, cause: EventId) -> EventId {
        let joins = self.app.tasks.iter().any(|task| matches!(task, CallFrame::Poll(_)));
        let known = self.membership.classic().map(Coordinator::rejoin_cause);
        known.filter(|cause| joins && *cause != EventId::NONE).unwrap_or(cause)
    }

    /// Unwinds the stack up to a task that catches.
    fn throw(&mut self, exception: Exception, turn: &mut Turn<'_>) {
        let now = turn.now;
        self.app.waiting = Waiting::Stage(now.at + STAGE_US);
        while let Some(mut task) = self.app.tasks.pop() {
            let caught = match &mut task {
                CallFrame::Listener(task) => task.caught(&exception),
                CallFrame::Close(task) => task.caught(&exception),
                // Java clears the transient topics in a `finally`.
                CallFrame::ListOffsets(_) => {
                    self.end_listing();
                    false
                }
                _ => false,
            };
            if caught {
                self.app.tasks.push(task);
                return;
            }
        }
        self.app.returned = Returned::Outcome(Outcome::Threw(exception));
        self.finish_call(turn);
    }

    fn finish_call(&mut self, turn: &mut Turn<'_>) {
        let call = self.app.call.take().expect("a call that ends was begun");
        self.app.waiting = Waiting::Idle;
        let outcome = match self.app.take_returned() {
            Returned::Outcome(outcome) => outcome,
            _ => Outcome::Done,
        };
        if let Outcome::Polled(records) = &outcome {
            let count = records.iter().map(|(_, records)| records.len()).sum::<usize>();
            let records = u32::try_from(count).expect("max.poll.records bounds it");
            turn.out.emit(turn.cause, EventKind::PollReturned { client: self.id, call: call.id, records });
        }
        let exception = match &outcome {
            Outcome::Threw(exception) => Some(exception.intern(&mut turn.out.names)),
            _ => None,
        };
        let (ok, exception) = (exception.is_none(), exception.unwrap_or_default());
        let kind = EventKind::CallReturned { client: self.id, call: call.id, kind: call.kind, ok, exception };
        turn.out.emit(call.event, kind);
        turn.out.returned(self.id, call.id, outcome);
    }
}
