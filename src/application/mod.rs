//! The user's program around a client.
//!
//! A program is one thread: it makes one call at a time and goes on when it has returned. What a user does by hand and
//! what a script line says are tasks; a loop is a program that makes the same calls again and again, between which
//! tasks get their turn.

mod collected;
mod consuming;
mod producing;
mod task;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::call::{ConsumerCall, ConsumerRecord, Notice, Outcome, ProducerCall, ProducerRecord};
use crate::error::Exception;
use crate::event::EventKind;
use crate::ids::{CallId, ClientId, EventId, PartitionNo, RecordId, TopicPartition};
use crate::node::Outbox;
use crate::sorted::{InOrder, SortedMap};
use crate::time::{Instant, Now};

pub use collected::Collected;
pub use consuming::{CommitMode, ConsumeProgram};
pub use producing::{ProduceProgram, SendMode, Sends};
pub use task::{Callback, Goal, Polled, SeenRecord, Task, TaskId, TaskResult};

use consuming::Consuming;
use producing::Producing;

/// A call that the program makes now.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientCall {
    Producer(ProducerCall),
    Consumer(ConsumerCall),
}

/// What the program tells the one who watches it.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// A task is done.
    Finished { client: ClientId, task: TaskId, result: TaskResult },
    /// The outcome of the `index`-th send of a task: its future's, or what the call threw.
    Sent { client: ClientId, task: TaskId, index: u32, outcome: SendOutcome },
}

/// How a send of a task ended.
#[derive(Clone, Debug, PartialEq)]
pub enum SendOutcome {
    Acknowledged(crate::call::RecordMetadata),
    /// The future failed; the callback's metadata had this partition (-1: none chosen).
    Failed(Exception, i32),
    Threw(Exception),
}

/// A loop, to be taken up by the client that takes this one's place.
#[derive(Clone, Debug, PartialEq)]
pub enum Resumed {
    Produce(ProduceProgram),
    Consume(ConsumeProgram, u64),
}

/// What the thread is doing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Thread {
    Idle,
    InCall(CallId),
    /// Waiting for the future of a `send`.
    AwaitingFuture(RecordId),
    /// Processing a record, until then.
    Processing(Instant),
    /// A loop's pause, until then; tasks may come between.
    Pausing(Instant),
}

/// Whose call it is that the thread makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    Task,
    Program,
}

#[derive(Clone, Debug, PartialEq, Hash)]
enum Program {
    Producing(Producing),
    Consuming(Consuming),
}

/// One program and its thread.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Application {
    client: ClientId,
    thread: Thread,
    whose: Whose,
    tasks: VecDeque<(TaskId, Task)>,
    active: Option<task::Active>,
    program: Option<Program>,
    /// Microseconds that processing one record takes, whichever loop runs.
    process_us: u64,
    /// What loops have read and nobody has asked for yet (`records`).
    collected: SortedMap<TopicPartition, Collected>,
    callbacks: Vec<Callback>,
    /// Sends whose future is open, with the task and the index they belong to.
    open_sends: SortedMap<u32, (TaskId, u32)>,
    /// Sends of all kinds whose callback has not run.
    pending: u32,
    /// Calls of `send` so far: the number of the record that the next one makes.
    sends: u32,
    /// Whether the callback of the record that is being sent ran inside its own `send`: its future is complete when it
    /// is handed over.
    early: bool,
}

impl Application {
    pub fn new(client: ClientId) -> Application {
        Application {
            client,
            thread: Thread::Idle,
            whose: Whose::Task,
            tasks: VecDeque::new(),
            active: None,
            program: None,
            process_us: 0,
            collected: SortedMap::new(),
            callbacks: Vec::new(),
            open_sends: SortedMap::new(),
            pending: 0,
            sends: 0,
            early: false,
        }
    }

    /// Adds a task behind those that wait.
    pub fn add(&mut self, id: TaskId, task: Task) {
        self.tasks.push_back((id, task));
    }

    /// Starts a loop in place of the one that runs.
    pub fn produce(&mut self, program: ProduceProgram, now: Now) {
        self.program = Some(Program::Producing(Producing::new(program, now.at)));
        self.end_pause();
    }

    /// Starts a loop in place of the one that runs.
    pub fn consume(&mut self, program: ConsumeProgram) {
        self.process_us = self.process_us.max(program.process_us);
        self.program = Some(Program::Consuming(Consuming::new(program)));
        self.end_pause();
    }

    /// The loop that runs, to be taken up by another client.
    pub fn program(&self) -> Option<Resumed> {
        match self.program.as_ref()? {
            Program::Producing(producing) => Some(Resumed::Produce(producing.program().clone())),
            Program::Consuming(consuming) => Some(Resumed::Consume(consuming.program().clone(), self.process_us)),
        }
    }

    /// Takes up a loop of another client.
    pub fn resume(&mut self, program: Resumed, now: Now) {
        match program {
            Resumed::Produce(program) => self.produce(program, now),
            Resumed::Consume(program, process_us) => {
                self.process_us = process_us;
                self.consume(program);
            }
        }
    }

    /// The loop ends when the call it is in has returned and what it holds is processed.
    pub fn stop_loop(&mut self) {
        self.program = None;
        if matches!(self.thread, Thread::Pausing(_) | Thread::Processing(_)) {
            self.thread = Thread::Idle;
        }
    }

    /// Microseconds that processing one record takes from here on.
    pub fn set_processing(&mut self, us: u64) {
        self.process_us = us;
    }

    fn end_pause(&mut self) {
        if matches!(self.thread, Thread::Pausing(_)) {
            self.thread = Thread::Idle;
        }
    }

    /// When the program goes on by itself.
    pub fn next_timeout(&self) -> Option<Instant> {
        match self.thread {
            Thread::Processing(until) | Thread::Pausing(until) => Some(until),
            _ => None,
        }
    }

    /// The time that `next_timeout` asked for has come.
    pub fn handle_timer(&mut self, now: Now, out: &mut Outbox) {
        match self.thread {
            Thread::Processing(until) if until <= now.at => {
                self.thread = Thread::Idle;
                if let Some(Program::Consuming(consuming)) = &mut self.program {
                    consuming.handle_processed(self.client, out);
                }
            }
            Thread::Pausing(until) if until <= now.at => self.thread = Thread::Idle,
            _ => {}
        }
    }

    /// The record that the next `send` will be given, as far as the tasks say that this program has.
    pub fn record_to_come(&self, now: Now) -> Option<Arc<ProducerRecord>> {
        let under_way = matches!(self.thread, Thread::InCall(_)) && self.whose == Whose::Task;
        let active = self.active.as_ref().and_then(|active| active.record_to_come(under_way, now));
        active.or_else(|| {
            self.tasks.iter().find_map(|(_, task)| match task {
                Task::Send(sends) if sends.times() > 0 => Some(sends.record(0, now)),
                _ => None,
            })
        })
    }

    /// The next call, when the thread is free to make one. A task that ends without a call is reported.
    pub fn next_call(&mut self, now: Now, out: &mut Outbox, reports: &mut Vec<Report>) -> Option<ClientCall> {
        loop {
            match self.thread {
                Thread::Idle | Thread::Pausing(_) => {}
                _ => return None,
            }
            if let Some(call) = self.task_call(now, reports) {
                self.whose = Whose::Task;
                return Some(call);
            }
            if self.thread != Thread::Idle {
                return None;
            }
            self.whose = Whose::Program;
            match self.program.as_mut()? {
                Program::Producing(producing) => match producing.next(now) {
                    producing::Next::Send(record) => {
                        self.pending += 1;
                        return Some(ClientCall::Producer(ProducerCall::Send(record)));
                    }
                    producing::Next::Pause(until) => self.thread = Thread::Pausing(until),
                    producing::Next::Ended => self.program = None,
                },
                Program::Consuming(consuming) => match consuming.next(self.client, now, self.process_us, out) {
                    consuming::Next::Call(call) => return Some(ClientCall::Consumer(call)),
                    consuming::Next::Process(until) => self.thread = Thread::Processing(until),
                },
            }
        }
    }

    /// The call of the running task, or of the next one that makes a call.
    fn task_call(&mut self, now: Now, reports: &mut Vec<Report>) -> Option<ClientCall> {
        loop {
            if self.active.is_none() {
                // A loop's records are processed before a task gets its turn, as one thread does it.
                if matches!(&self.program, Some(Program::Consuming(consuming)) if consuming.is_busy()) {
                    return None;
                }
                let (id, task) = self.tasks.pop_front()?;
                if matches!(task, Task::Close { .. } | Task::CloseConsumer { .. }) {
                    self.program = None;
                    self.end_pause();
                }
                self.active = Some(task::Active::new(id, task, now));
            }
            let active = self.active.as_mut()?;
            if let Some(call) = active.next(now) {
                if matches!(call, ClientCall::Producer(ProducerCall::Send(_))) {
                    self.pending += 1;
                }
                return Some(call);
            }
            let active = self.active.take()?;
            reports.push(Report::Finished { client: self.client, task: active.id, result: active.result() });
        }
    }

    /// The call that `next_call` gave has begun under this id.
    pub fn handle_called(&mut self, call: CallId, is_send: bool) {
        self.thread = Thread::InCall(call);
        self.early = false;
        self.sends += u32::from(is_send);
    }

    /// A call came back.
    pub fn handle_returned(&mut self, call: CallId, outcome: Outcome, out: &mut Outbox, reports: &mut Vec<Report>) {
        if self.thread != Thread::InCall(call) {
            return;
        }
        self.thread = Thread::Idle;
        if let Outcome::Polled(records) = &outcome {
            self.note_processed(records, out);
        }
        match self.whose {
            Whose::Task => self.task_returned(outcome, reports),
            Whose::Program => self.program_returned(outcome),
        }
    }

    /// What `poll` returned is processed at once unless a loop takes time for each record.
    fn note_processed(&self, polled: &[(TopicPartition, Vec<ConsumerRecord>)], out: &mut Outbox) {
        if self.whose == Whose::Program
            && matches!(&self.program, Some(Program::Consuming(consuming)) if consuming.one_by_one(self.process_us))
        {
            return;
        }
        for (partition, records) in polled {
            emit_processed(self.client, partition, records, out);
        }
    }

    fn task_returned(&mut self, outcome: Outcome, reports: &mut Vec<Report>) {
        let Some(active) = self.active.as_mut() else { return };
        let index = active.index();
        match &outcome {
            Outcome::Sent(_) if self.early => {}
            Outcome::Sent(record) => {
                self.open_sends.insert(record.number, (active.id, index));
                if active.is_sync() {
                    self.thread = Thread::AwaitingFuture(*record);
                }
            }
            Outcome::Threw(exception) if active.is_sending() => {
                self.pending -= 1;
                let outcome = SendOutcome::Threw(exception.clone());
                reports.push(Report::Sent { client: self.client, task: active.id, index, outcome });
            }
            _ => {}
        }
        active.handle_returned(outcome);
    }

    fn program_returned(&mut self, outcome: Outcome) {
        match (&mut self.program, outcome) {
            (Some(Program::Producing(producing)), Outcome::Sent(record)) if producing.is_sync() && !self.early => {
                self.thread = Thread::AwaitingFuture(record);
            }
            (Some(Program::Producing(_)), Outcome::Threw(_)) => self.pending -= 1,
            (Some(Program::Consuming(consuming)), Outcome::Polled(polled)) => {
                if consuming.collects() {
                    for (partition, records) in &polled {
                        let seen = self.collected.entry(partition.clone()).or_default();
                        records.iter().map(SeenRecord::of).for_each(|record| seen.push(record));
                    }
                }
                consuming.handle_polled(polled, self.process_us);
            }
            (Some(Program::Consuming(consuming)), Outcome::Threw(exception)) if consuming.is_polling() => {
                self.callbacks.push(Callback::PollThrew(exception));
                self.program = None;
            }
            // A commit that threw is passed over, as programs that catch do.
            (Some(Program::Consuming(consuming)), _) => consuming.handle_committed(),
            _ => {}
        }
    }

    /// Something reached the program beside the returns of its calls.
    pub fn handle_notice(&mut self, notice: Notice, reports: &mut Vec<Report>) {
        match notice {
            Notice::SendCompleted { record, result } => {
                self.pending = self.pending.saturating_sub(1);
                let in_its_call = matches!(self.thread, Thread::InCall(_)) && record.number + 1 == self.sends;
                self.early |= in_its_call;
                let sending = self.active.as_ref().filter(|_| in_its_call && self.whose == Whose::Task);
                let of_task =
                    self.open_sends.remove(&record.number).or(sending.map(|active| (active.id, active.index())));
                if let Some((task, index)) = of_task {
                    let outcome = match result {
                        Ok(metadata) => SendOutcome::Acknowledged(metadata),
                        Err((exception, partition)) => SendOutcome::Failed(exception, partition),
                    };
                    reports.push(Report::Sent { client: self.client, task, index, outcome });
                }
                if self.thread == Thread::AwaitingFuture(record) {
                    self.thread = Thread::Idle;
                }
            }
            Notice::CommitCallback { offsets, error, .. } => {
                let mut offsets: Vec<(TopicPartition, i64)> = offsets.into_iter().map(|(p, o)| (p, o.offset)).collect();
                offsets.order();
                self.callbacks.push(Callback::CommitAsync { offsets, error });
            }
            Notice::Rebalance { listener, mut partitions, commit } => {
                partitions.order();
                self.callbacks.push(Callback::Rebalance { listener, partitions, commit });
            }
            Notice::Log(_) => {}
        }
    }

    /// Whether the running task needs to know what the consumer owns before its next call.
    pub fn watches_assignment(&self) -> bool {
        self.active.as_ref().is_some_and(task::Active::watches_assignment)
    }

    /// What the consumer owns now, sorted, and whether it has looked up what its group has committed for them.
    pub fn note_assignment(&mut self, assignment: Vec<TopicPartition>, looked_up: bool) {
        if let Some(active) = self.active.as_mut() {
            active.note_assignment(assignment, looked_up);
        }
    }

    /// Callbacks of sends that have not run.
    pub const fn pending(&self) -> u32 {
        self.pending
    }

    /// The callbacks since last asked.
    pub fn callbacks(&self) -> &[Callback] {
        &self.callbacks
    }

    pub fn take_callbacks(&mut self) -> Vec<Callback> {
        std::mem::take(&mut self.callbacks)
    }

    /// What loops have read and nobody has asked for yet.
    pub const fn collected(&self) -> &SortedMap<TopicPartition, Collected> {
        &self.collected
    }

    pub fn take_collected(&mut self) -> SortedMap<TopicPartition, Vec<SeenRecord>> {
        let collected = std::mem::take(&mut self.collected);
        collected.into_iter().map(|(partition, records)| (partition, records.iter().cloned().collect())).collect()
    }

    /// Whether the thread is within a call of its loop.
    pub fn is_in_loop_call(&self) -> bool {
        matches!(self.thread, Thread::InCall(_)) && self.whose == Whose::Program
    }

    pub const fn is_looping(&self) -> bool {
        self.program.is_some()
    }

    /// Microseconds that processing one record takes.
    pub const fn process_us(&self) -> u64 {
        self.process_us
    }

    /// The record being processed, and until when.
    pub fn processing(&self) -> Option<(TopicPartition, u64, Instant)> {
        match (&self.program, &self.thread) {
            (Some(Program::Consuming(consuming)), Thread::Processing(until)) => {
                consuming.current().map(|(partition, offset)| (partition, offset, *until))
            }
            _ => None,
        }
    }

    /// Records returned by `poll` that are not processed yet.
    pub fn unprocessed(&self) -> u32 {
        match &self.program {
            Some(Program::Consuming(consuming)) => consuming.left(),
            _ => 0,
        }
    }

    /// Whether a task is running or waits.
    pub fn has_tasks(&self) -> bool {
        self.active.is_some() || !self.tasks.is_empty()
    }
}

/// Says that records of one partition are processed: one event for each run of consecutive ones.
fn emit_processed(client: ClientId, partition: &TopicPartition, records: &[ConsumerRecord], out: &mut Outbox) {
    let (Some(first), Some(last)) = (records.first(), records.last()) else { return };
    let topic = out.names.intern_topic(&partition.topic);
    let partition = PartitionNo { topic, partition: partition.partition };
    let count = u32::try_from(records.len()).expect("a poll returns few records");
    out.emit(
        EventId::NONE,
        EventKind::RecordsProcessed { client, partition, first: first.offset, last: last.offset, count },
    );
}
