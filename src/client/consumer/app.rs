//! The application's thread inside the client: one call at a time, as an explicit continuation.
//!
//! A call is a stack of tasks, as Java's call stack is one of methods. Each step of the task on top is a move of its own
//! (1 µs); a step may push another task, wait for the network as `ConsumerNetworkClient.poll` does (it comes back with
//! whatever happens first), sleep as `Timer.sleep` does, return, or throw.

use std::sync::Arc;

use super::Consumer;
use super::close::{CloseTask, LeavePrepareTask, UnsubscribeTask};
use super::commit::{CommitAsyncTask, CommitSyncTask};
use super::join::{JoinPrepareTask, JoinTask, ListenerTask};
use super::lookup::{AwaitMetadataTask, EnsureCoordinatorTask};
use super::network::Answered;
use super::offsets::{CommittedTask, FetchCommittedTask, ListOffsetsTask, PositionTask, UpdatePositionsTask};
use super::partitions_for::PartitionsForTask;
use super::poll::PollTask;
use crate::call::{ConsumerCall, Outcome};
use crate::error::Exception;
use crate::event::{CallKind, EventKind};
use crate::ids::{CallId, EventId};
use crate::node::{Outbox, STAGE_US};
use crate::time::{Instant, Now};

/// What a step of a task ends with.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    /// The next step of the same task, one stage later.
    Next,
    Push(Task),
    /// One pass of the network client: until something happens, or this virtual millisecond.
    Network {
        until_ms: u64,
    },
    /// Nothing until this virtual millisecond.
    Sleep {
        until_ms: u64,
    },
    /// Done: the task below goes on with this answer.
    Return(bool),
    Throw(Exception),
}

impl Flow {
    /// `ConsumerNetworkClient.poll(future, timer)`: one pass that waits, unless the future is done already.
    pub fn poll_for(done: bool, deadline_ms: u64, now: Now) -> Flow {
        Flow::Network { until_ms: if done { now.ms() } else { deadline_ms } }
    }
}

/// A method on the stack, with its place in it.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) enum Task {
    Poll(PollTask),
    EnsureCoordinator(EnsureCoordinatorTask),
    AwaitMetadata(AwaitMetadataTask),
    Join(JoinTask),
    JoinPrepare(JoinPrepareTask),
    Listener(ListenerTask),
    CommitSync(CommitSyncTask),
    CommitAsync(CommitAsyncTask),
    FetchCommitted(FetchCommittedTask),
    UpdatePositions(UpdatePositionsTask),
    Position(PositionTask),
    Committed(CommittedTask),
    ListOffsets(ListOffsetsTask),
    PartitionsFor(PartitionsForTask),
    LeavePrepare(LeavePrepareTask),
    Unsubscribe(UnsubscribeTask),
    Close(CloseTask),
    /// A call that has not begun.
    Begin(Arc<ConsumerCall>),
}

/// What the application's thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Waiting {
    /// It is not in a call.
    Idle,
    /// The next stage is due.
    Stage(Instant),
    /// The network client: it comes back with whatever happens first.
    Network {
        /// Not before: a pass is a move of its own.
        from: Instant,
        until: Instant,
    },
    Sleep {
        until: Instant,
    },
}

/// A call under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallInfo {
    pub id: CallId,
    pub kind: CallKind,
    pub started: Instant,
    /// `CallStarted`.
    pub event: EventId,
}

/// The application's thread.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct App {
    pub call: Option<CallInfo>,
    tasks: Vec<Task>,
    pub waiting: Waiting,
    /// What the last pushed task returned.
    pub answer: bool,
    /// What the call will return, unless it throws.
    pub outcome: Outcome,
}

impl App {
    pub const fn new() -> App {
        App { call: None, tasks: Vec::new(), waiting: Waiting::Idle, answer: false, outcome: Outcome::Done }
    }

    /// `ensureCoordinatorReady` is synchronized: the heartbeat thread waits for it.
    pub fn holds_coordinator_lock(&self) -> bool {
        matches!(self.tasks.last(), Some(Task::EnsureCoordinator(_)))
            || (matches!(self.tasks.last(), Some(Task::AwaitMetadata(_)))
                && matches!(self.tasks.iter().rev().nth(1), Some(Task::EnsureCoordinator(_))))
    }

    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }
}

impl Consumer {
    /// Begins a call; its first stage is due one stage later.
    pub fn call(&mut self, now: Now, call: CallId, what: ConsumerCall, out: &mut Outbox) {
        assert!(self.app.call.is_none(), "an application makes one call at a time");
        let kind = what.kind();
        let event = out.emit(EventId::NONE, EventKind::CallStarted { client: self.id, call, kind });
        self.app.call = Some(CallInfo { id: call, kind, started: now.at, event });
        self.app.outcome = Outcome::Done;
        self.app.tasks.push(Task::Begin(Arc::new(what)));
        self.app.waiting = Waiting::Stage(now.at + STAGE_US);
    }

    /// When the application's thread goes on.
    pub(super) fn app_due(&self) -> Option<Instant> {
        match self.app.waiting {
            Waiting::Idle => None,
            Waiting::Stage(at) => Some(at),
            Waiting::Sleep { until } => Some(until),
            Waiting::Network { .. } if self.client.wants_pass() => Some(self.arrived_at + STAGE_US),
            Waiting::Network { from, until } => Some(self.net_due.map_or(until, |due| due.min(until)).max(from)),
        }
    }

    /// One move of the application's thread.
    pub(super) fn run_app(&mut self, now: Now, out: &mut Outbox) {
        let call = self.app.call.expect("a thread that is due is in a call");
        self.cause = call.event;
        if matches!(self.app.waiting, Waiting::Network { .. }) {
            let thrown = self.read_network(now, out);
            self.cause = call.event;
            if let Some(exception) = thrown {
                self.throw(exception, now, out);
                return;
            }
        }
        self.step(now, out);
    }

    fn step(&mut self, now: Now, out: &mut Outbox) {
        let Some(mut task) = self.app.tasks.pop() else {
            self.finish_call(out);
            return;
        };
        if matches!(task, Task::Join(_) | Task::JoinPrepare(_) | Task::Listener(_)) {
            self.cause = self.cause_of_join();
        }
        let flow = match &mut task {
            Task::Begin(call) => {
                let call = call.clone();
                self.begin_call(&call, now, out)
            }
            Task::Poll(task) => self.step_poll(task, now, out),
            Task::EnsureCoordinator(task) => self.step_ensure_coordinator(task, now, out),
            Task::AwaitMetadata(task) => self.step_await_metadata(task, now),
            Task::Join(task) => self.step_join(task, now, out),
            Task::JoinPrepare(task) => self.step_join_prepare(task, now),
            Task::Listener(task) => self.step_listener(task, now, out),
            Task::CommitSync(task) => self.step_commit_sync(task, now, out),
            Task::CommitAsync(task) => self.step_commit_async(task, now, out),
            Task::FetchCommitted(task) => self.step_fetch_committed(task, now, out),
            Task::UpdatePositions(task) => self.step_update_positions(task, now, out),
            Task::Position(task) => self.step_position(task, now),
            Task::Committed(task) => self.step_committed(task),
            Task::ListOffsets(task) => self.step_list_offsets(task, now),
            Task::PartitionsFor(task) => self.step_partitions_for(task, now),
            Task::LeavePrepare(task) => self.step_leave_prepare(task),
            Task::Unsubscribe(task) => self.step_unsubscribe(task, now, out),
            Task::Close(task) => self.step_close(task, now, out),
        };
        self.app.waiting = Waiting::Stage(now.at + STAGE_US);
        match flow {
            Flow::Next => self.app.tasks.push(task),
            Flow::Push(pushed) => {
                // A call that only leads to another task is gone once that began.
                if !matches!(task, Task::Begin(_)) {
                    self.app.tasks.push(task);
                }
                self.app.tasks.push(pushed);
            }
            Flow::Network { until_ms } => {
                self.app.tasks.push(task);
                if let Err(exception) = self.enter_network(until_ms, now, out) {
                    self.throw(exception, now, out);
                }
            }
            Flow::Sleep { until_ms } => {
                self.app.tasks.push(task);
                if until_ms > now.ms() {
                    self.app.waiting = Waiting::Sleep { until: Instant::from_millis(until_ms) };
                }
            }
            Flow::Return(answer) => {
                self.app.answer = answer;
                if self.app.tasks.is_empty() {
                    self.finish_call(out);
                }
            }
            Flow::Throw(exception) => self.throw(exception, now, out),
        }
    }

    /// What a poll does about its group is caused by what was read from the group, not by the poll.
    fn cause_of_join(&self) -> EventId {
        let joins = self.app.tasks.iter().any(|task| matches!(task, Task::Poll(_)));
        let known = self.coordinator.as_ref().map(|group| group.rejoin_cause);
        known.filter(|cause| joins && *cause != EventId::NONE).unwrap_or(self.cause)
    }

    /// Unwinds the stack up to a task that catches.
    fn throw(&mut self, exception: Exception, now: Now, out: &mut Outbox) {
        self.app.waiting = Waiting::Stage(now.at + STAGE_US);
        while let Some(mut task) = self.app.tasks.pop() {
            let caught = match &mut task {
                Task::Listener(task) => task.caught(&exception),
                Task::Close(task) => task.caught(&exception),
                _ => false,
            };
            if caught {
                self.app.tasks.push(task);
                return;
            }
        }
        self.app.outcome = Outcome::Threw(exception);
        self.finish_call(out);
    }

    fn finish_call(&mut self, out: &mut Outbox) {
        let call = self.app.call.take().expect("a call that ends was begun");
        self.app.waiting = Waiting::Idle;
        self.app.answer = false;
        let outcome = std::mem::replace(&mut self.app.outcome, Outcome::Done);
        if let Outcome::Polled(records) = &outcome {
            let count = records.iter().map(|(_, records)| records.len()).sum::<usize>();
            let records = u32::try_from(count).expect("max.poll.records bounds it");
            out.emit(self.cause, EventKind::PollReturned { client: self.id, call: call.id, records });
        }
        let exception = match &outcome {
            Outcome::Threw(exception) => Some(exception.intern(&mut out.names)),
            _ => None,
        };
        let (ok, exception) = (exception.is_none(), exception.unwrap_or_default());
        let kind = EventKind::CallReturned { client: self.id, call: call.id, kind: call.kind, ok, exception };
        out.emit(call.event, kind);
        out.returned(self.id, call.id, outcome);
    }

    /// Sends what is to be sent, then waits: for the network, at most until this virtual millisecond.
    fn enter_network(&mut self, until_ms: u64, now: Now, out: &mut Outbox) -> Result<(), Exception> {
        let mut answered = Vec::new();
        let transmitted = self.client.transmit(now, self.cause, out, &mut answered);
        self.answer(answered, now, out);
        transmitted?;
        // Java's client does not wait longer than this, lest the heartbeat thread starve.
        let most = now.ms().saturating_add(self.settings.heartbeat_interval_ms.min(5_000));
        let mut until_ms = until_ms.min(most);
        if !self.client.net.has_in_flight() {
            until_ms = until_ms.min(now.ms().saturating_add(self.settings.retry_backoff_ms));
        }
        let from = now.at + STAGE_US;
        self.app.waiting = Waiting::Network { from, until: Instant::from_millis(until_ms).max(from) };
        if self.client.wants_pass() {
            self.arrived_at = now.at;
        }
        Ok(())
    }

    /// The second half of a pass, as the waiting thread comes back: reads, and throws what the metadata has to say.
    fn read_network(&mut self, now: Now, out: &mut Outbox) -> Option<Exception> {
        let mut answered = Vec::new();
        self.client.read(now, self.cause, out, &mut answered);
        self.answer(answered, now, out);
        self.client.net.metadata.take_any_exception()
    }

    /// A pass that does not wait (`pollNoWakeup`). Throws when a request cannot be written.
    pub(super) fn network_pass(&mut self, now: Now, out: &mut Outbox) -> Result<(), Exception> {
        let mut answered = Vec::new();
        let transmitted = self.client.transmit(now, self.cause, out, &mut answered);
        if transmitted.is_ok() {
            self.client.read(now, self.cause, out, &mut answered);
        }
        self.answer(answered, now, out);
        transmitted
    }

    /// Sends what waits, without reading (`transmitSends`). Throws when a request cannot be written.
    pub(super) fn transmit_sends(&mut self, now: Now, out: &mut Outbox) -> Result<(), Exception> {
        let mut answered = Vec::new();
        let transmitted = self.client.transmit(now, self.cause, out, &mut answered);
        self.answer(answered, now, out);
        transmitted
    }

    fn answer(&mut self, answered: Vec<Answered>, now: Now, out: &mut Outbox) {
        let cause = self.cause;
        for answer in answered {
            self.cause = answer.cause;
            self.handle_answer(answer.purpose, answer.result, now, out);
        }
        self.cause = cause;
        if self.coordinator.is_some() {
            self.continue_as_leader(now, out);
        }
    }
}
