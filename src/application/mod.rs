//! The user's program around a client.
//!
//! A program is one thread: it makes one call at a time and goes on when it has returned. What a user does by hand and
//! what a script line says are tasks; a loop is a program that makes the same calls again and again, between which
//! tasks get their turn.

mod collected;
mod consuming;
mod journal;
mod looks;
mod producing;
mod task;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::call::{ConsumerCall, ConsumerRecord, Notice, Outcome, ProducerCall, ProducerRecord};
use crate::error::Exception;
use crate::event::EventKind;
use crate::ids::{CallId, ClientId, EventId, PartitionNo, RecordId, TopicPartition};
use crate::node::{Outbox, STAGE_US};
use crate::sorted::{InOrder, SortedMap};
use crate::time::{Instant, Now};

pub use collected::Collected;
pub use consuming::{CommitMode, ConsumeProgram, LOOP_POLL_MS};
pub use journal::{Doing, Written};
pub use producing::{ProduceProgram, SendMode, Sends};
pub use task::{Callback, Goal, POLL_MS, Polled, ProgramTask, SeenRecord, TaskId, TaskResult};

use consuming::PollLoop;
use journal::Journal;
use producing::SendLoop;

/// Microseconds of a loop's pass whose `poll` had no time to wait and found nothing. Kafka counts in milliseconds: in
/// a shorter one nothing can have changed.
const PASS_US: u64 = 1000;

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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Resumed {
    Produce(ProduceProgram, Written),
    /// With the microseconds that each record takes, where they were set apart from the loop.
    Consume(ConsumeProgram, Written, Option<u64>),
}

/// What the thread is doing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum ProgramThread {
    Idle,
    InCall(CallId),
    /// Waiting for the future of a `send`.
    AwaitingFuture(RecordId),
    /// Processing a record, until then.
    Processing(Instant),
    /// A loop's pause, until then; tasks may come between.
    Pausing(Instant),
    /// Between a call that came back in the move in which it was made and the next one, which is a move of its own: so
    /// time passes, whatever a call comes back with.
    Resting(Instant),
}

/// Whose call it is that the thread makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    Task,
    Program,
}

#[derive(Clone, Debug, PartialEq, Hash)]
enum Loop {
    Producing(SendLoop),
    Consuming(PollLoop),
}

/// One program and its thread.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Application {
    client: ClientId,
    thread: ProgramThread,
    whose: Whose,
    tasks: VecDeque<(TaskId, Written, ProgramTask)>,
    active: Option<task::Active>,
    program: Option<Loop>,
    /// The loop that takes the place of the one that runs, when that one has done what it holds.
    follows: Option<Loop>,
    /// The loop that the client's `close` ended.
    left: Option<Resumed>,
    /// Microseconds that processing one record takes, when they were set apart from the loop that runs.
    slowed_us: Option<u64>,
    /// What loops have read and nobody has asked for yet (`records`).
    collected: SortedMap<TopicPartition, Collected>,
    callbacks: Vec<Callback>,
    /// Sends whose future is open, with the task and the index they belong to.
    open_sends: SortedMap<u32, (TaskId, u32)>,
    /// Sends of all kinds that have not thrown and whose callback has not run.
    pending: u32,
    /// The record of the `send` under way, once its client has made it.
    sending: Option<RecordId>,
    /// Whether the callback of the record that is being sent ran inside its own `send`: its future is complete when it
    /// is handed over.
    early: bool,
    /// The call under way is a `send`.
    in_send: bool,
    /// The call under way was made in the present move.
    just_called: bool,
    journal: Journal,
}

impl Application {
    pub fn new(client: ClientId) -> Application {
        Application {
            client,
            thread: ProgramThread::Idle,
            whose: Whose::Task,
            tasks: VecDeque::new(),
            active: None,
            program: None,
            follows: None,
            left: None,
            slowed_us: None,
            collected: SortedMap::new(),
            callbacks: Vec::new(),
            open_sends: SortedMap::new(),
            pending: 0,
            sending: None,
            early: false,
            in_send: false,
            just_called: false,
            journal: Journal::default(),
        }
    }

    /// Adds a task behind those that wait.
    pub fn add(&mut self, id: TaskId, written: Written, task: ProgramTask) {
        self.tasks.push_back((id, written, task));
    }

    /// Starts a loop in place of the one that runs.
    pub fn produce(&mut self, program: ProduceProgram, written: Written, now: Now) {
        self.program = Some(Loop::Producing(SendLoop::new(program, written, now.at)));
        self.end_pause();
    }

    /// Starts a loop in place of the one that runs, when that one has done what it holds.
    pub fn consume(&mut self, program: ConsumeProgram, written: Written) {
        self.follows = Some(Loop::Consuming(PollLoop::new(program, written)));
        self.end_program();
    }

    /// The loop that the client's `close` ended, to be taken up by another client.
    pub const fn left(&self) -> Option<&Resumed> {
        self.left.as_ref()
    }

    /// The loop that runs or is about to.
    fn program(&self) -> Option<Resumed> {
        match self.follows.as_ref().or(self.program.as_ref())? {
            Loop::Producing(producing) => Some(Resumed::Produce(producing.program().clone(), producing.written)),
            Loop::Consuming(consuming) if consuming.is_stopping() => None,
            Loop::Consuming(consuming) => {
                Some(Resumed::Consume(consuming.program().clone(), consuming.written, self.slowed_us))
            }
        }
    }

    /// Takes up a loop of another client.
    pub fn resume(&mut self, program: Resumed, now: Now) {
        match program {
            Resumed::Produce(program, written) => self.produce(program, written, now),
            Resumed::Consume(program, written, slowed_us) => {
                self.consume(program, written);
                self.slowed_us = slowed_us;
            }
        }
    }

    /// The loop ends when the call it is in has returned and what it holds is processed and committed.
    pub fn stop_loop(&mut self) {
        self.follows = None;
        self.end_program();
    }

    /// The loop that runs ends as soon as it can; the one that follows it begins.
    fn end_program(&mut self) {
        let is_in_call = self.is_in_loop_call();
        match &mut self.program {
            Some(Loop::Consuming(consuming)) if is_in_call || consuming.is_busy() => consuming.stop(),
            _ => self.begin_next(),
        }
        self.end_pause();
    }

    fn begin_next(&mut self) {
        self.program = self.follows.take();
        // A pace set by `slow` holds for the next loop only where it is slower than the loop's own.
        if let Some(Loop::Consuming(consuming)) = &self.program {
            self.slowed_us = self.slowed_us.filter(|slowed| *slowed > consuming.program().process_us);
        }
    }

    /// Microseconds that processing one record takes from here on, whatever the loop that runs says.
    pub fn set_processing(&mut self, us: u64) {
        self.slowed_us = Some(us);
    }

    fn end_pause(&mut self) {
        if matches!(self.thread, ProgramThread::Pausing(_)) {
            self.thread = ProgramThread::Idle;
        }
    }

    /// When the program goes on by itself.
    pub fn next_timeout(&self) -> Option<Instant> {
        match self.thread {
            ProgramThread::Processing(until) | ProgramThread::Pausing(until) | ProgramThread::Resting(until) => {
                Some(until)
            }
            _ => None,
        }
    }

    /// The time that `next_timeout` asked for has come.
    pub fn handle_timer(&mut self, now: Now, out: &mut Outbox) {
        match self.thread {
            ProgramThread::Processing(until) if until <= now.at => {
                self.thread = ProgramThread::Idle;
                if let Some(Loop::Consuming(consuming)) = &mut self.program {
                    consuming.handle_processed(self.client, out);
                }
            }
            ProgramThread::Pausing(until) | ProgramThread::Resting(until) if until <= now.at => {
                self.thread = ProgramThread::Idle;
            }
            _ => {}
        }
    }

    /// The record that the next `send` will be given, as far as the tasks say that this program has.
    pub fn record_to_come(&self, now: Now) -> Option<Arc<ProducerRecord>> {
        let under_way = matches!(self.thread, ProgramThread::InCall(_)) && self.whose == Whose::Task;
        let active = self.active.as_ref().and_then(|active| active.record_to_come(under_way, now));
        active.or_else(|| {
            self.tasks.iter().find_map(|(_, _, task)| match task {
                ProgramTask::Send(sends) if sends.times() > 0 => Some(sends.record(0, now)),
                _ => None,
            })
        })
    }

    /// How many records its tasks are still to send, the one under way not among them.
    pub fn records_to_come(&self) -> u64 {
        let under_way = matches!(self.thread, ProgramThread::InCall(_)) && self.whose == Whose::Task;
        let active = self.active.as_ref().map_or(0, |active| u64::from(active.records_to_come(under_way)));
        let of_task = |task: &ProgramTask| if let ProgramTask::Send(sends) = task { sends.times() } else { 0 };
        active + self.tasks.iter().map(|(_, _, task)| u64::from(of_task(task))).sum::<u64>()
    }

    /// The next call, when the thread is free to make one. A task that ends without a call is reported.
    pub fn next_call(&mut self, now: Now, out: &mut Outbox, reports: &mut Vec<Report>) -> Option<ClientCall> {
        let call = self.choose_call(now, out, reports)?;
        self.in_send = matches!(call, ClientCall::Producer(ProducerCall::Send(_)));
        self.pending += u32::from(self.in_send);
        Some(call)
    }

    fn choose_call(&mut self, now: Now, out: &mut Outbox, reports: &mut Vec<Report>) -> Option<ClientCall> {
        loop {
            match self.thread {
                ProgramThread::Idle | ProgramThread::Pausing(_) => {}
                _ => return None,
            }
            if let Some(call) = self.task_call(now, reports) {
                self.whose = Whose::Task;
                return Some(call);
            }
            if self.thread != ProgramThread::Idle {
                return None;
            }
            self.whose = Whose::Program;
            let process_us = self.process_us();
            match self.program.as_mut()? {
                Loop::Producing(producing) => match producing.next(now) {
                    producing::ProduceNext::Send(record) => {
                        return Some(ClientCall::Producer(ProducerCall::Send(record)));
                    }
                    producing::ProduceNext::Pause(until) => self.thread = ProgramThread::Pausing(until),
                    producing::ProduceNext::Ended => self.program = None,
                },
                Loop::Consuming(consuming) => match consuming.next(self.client, now, process_us, out) {
                    consuming::ConsumeNext::Call(call) => return Some(ClientCall::Consumer(call)),
                    consuming::ConsumeNext::Process(until) => self.thread = ProgramThread::Processing(until),
                    consuming::ConsumeNext::Ended => self.begin_next(),
                },
            }
        }
    }

    /// The call of the running task, or of the next one that makes a call.
    fn task_call(&mut self, now: Now, reports: &mut Vec<Report>) -> Option<ClientCall> {
        loop {
            if self.active.is_none() {
                // A loop's records are processed before a task gets its turn, as one thread does it.
                if matches!(&self.program, Some(Loop::Consuming(consuming)) if consuming.is_busy()) {
                    return None;
                }
                let (id, written, task) = self.tasks.pop_front()?;
                if matches!(task, ProgramTask::Close { .. } | ProgramTask::CloseConsumer { .. }) {
                    self.left = self.program();
                    (self.program, self.follows) = (None, None);
                    self.end_pause();
                }
                self.active = Some(task::Active::new(id, written, task, now));
            }
            let active = self.active.as_mut()?;
            if let Some(call) = active.next(now) {
                return Some(call);
            }
            let active = self.active.take()?;
            reports.push(Report::Finished { client: self.client, task: active.id, result: active.result() });
        }
    }

    /// The call that `next_call` gave begins under this id.
    pub fn handle_called(&mut self, call: CallId) {
        self.thread = ProgramThread::InCall(call);
        (self.sending, self.early, self.just_called) = (None, false, true);
        self.journal.called(call, self.written());
    }

    /// Whether the call under way, or the last one, was made in the present move.
    pub const fn has_just_called(&self) -> bool {
        self.just_called
    }

    /// The move in which the call began is over.
    pub fn handle_call_made(&mut self) {
        self.just_called = false;
    }

    /// A call came back.
    pub fn handle_returned(
        &mut self,
        now: Now,
        call: CallId,
        outcome: Outcome,
        out: &mut Outbox,
        reports: &mut Vec<Report>,
    ) {
        if self.thread != ProgramThread::InCall(call) {
            return;
        }
        self.thread = if self.just_called { ProgramThread::Resting(now.at + STAGE_US) } else { ProgramThread::Idle };
        match &outcome {
            Outcome::Polled(records) => self.note_processed(records, out),
            Outcome::Threw(_) if self.in_send => self.pending -= 1,
            _ => {}
        }
        match self.whose {
            Whose::Task => self.task_returned(outcome, reports),
            Whose::Program => self.program_returned(now, outcome),
        }
    }

    /// What `poll` returned is processed at once unless a loop takes time for each record.
    fn note_processed(&self, polled: &[(TopicPartition, Vec<ConsumerRecord>)], out: &mut Outbox) {
        if self.whose == Whose::Program
            && matches!(&self.program, Some(Loop::Consuming(consuming)) if consuming.one_by_one(self.process_us()))
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
                    self.thread = ProgramThread::AwaitingFuture(*record);
                }
            }
            Outcome::Threw(exception) if active.is_sending() => {
                let outcome = SendOutcome::Threw(exception.clone());
                reports.push(Report::Sent { client: self.client, task: active.id, index, outcome });
            }
            _ => {}
        }
        active.handle_returned(outcome);
    }

    fn program_returned(&mut self, now: Now, outcome: Outcome) {
        let process_us = self.process_us();
        match (&mut self.program, outcome) {
            (Some(Loop::Producing(producing)), Outcome::Sent(record)) if producing.is_sync() && !self.early => {
                self.thread = ProgramThread::AwaitingFuture(record);
            }
            (Some(Loop::Consuming(consuming)), Outcome::Polled(polled)) => {
                if consuming.collects() {
                    for (partition, records) in &polled {
                        let seen = self.collected.entry(partition.clone()).or_default();
                        records.iter().map(SeenRecord::of).for_each(|record| seen.push(record));
                    }
                }
                let rests = consuming.program().poll_ms == 0 && polled.is_empty();
                consuming.handle_polled(polled, process_us);
                if rests && self.thread == ProgramThread::Idle {
                    self.thread = ProgramThread::Pausing(now.at.plus_micros(PASS_US));
                }
            }
            (Some(Loop::Consuming(consuming)), Outcome::Threw(exception)) if consuming.is_polling() => {
                self.callbacks.push(Callback::PollThrew(exception));
                self.begin_next();
            }
            // A commit that threw is passed over, as programs that catch do.
            (Some(Loop::Consuming(consuming)), _) => consuming.handle_committed(),
            _ => {}
        }
    }

    /// Something reached the program beside the returns of its calls.
    pub fn handle_notice(&mut self, notice: Notice, reports: &mut Vec<Report>) {
        match notice {
            Notice::RecordMade { record } => {
                self.sending = Some(record);
                self.journal.made(record, self.written());
            }
            Notice::SendCompleted { record, result } => {
                self.pending -= 1;
                let in_its_call = matches!(self.thread, ProgramThread::InCall(_)) && self.sending == Some(record);
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
                if self.thread == ProgramThread::AwaitingFuture(record) {
                    self.thread = ProgramThread::Idle;
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
