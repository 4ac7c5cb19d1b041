//! Statements are performed: what a script line or a user's hand wants done.

use std::sync::Arc;

use super::awaited::Awaited;
use super::owners::{ForHeir, Owner, Remake};
use super::performed::{By, Performed};
use super::wait::owned;
use super::{ClientNode, CommandError, Observation, Seen, Simulation, Sink};
use crate::application::{
    CommitMode, ConsumeProgram, Goal, LOOP_POLL_MS, ProduceProgram, ProgramTask, Report, Resumed, Sends, TaskResult,
};
use crate::call::{ConsumerCall, OffsetAndMetadata};
use crate::cluster::Life;
use crate::error::Exception;
use crate::event::EventKind;
use crate::ids::{ClientId, EventId, TopicPartition};
use crate::script::{Call, CloseOperation, Commit, CommitEvery, ConsumeLoop, Poll, PollGoal, Statement, Subscription};
use crate::sorted::InOrder;

impl Simulation {
    pub(super) fn perform_by_hand(&mut self, statement: &Statement, sink: &mut Sink) {
        // Time passes by itself for a person: only what acts is done here.
        let step = self.perform(By::Hand(self.heard.len() as u32 - 1), statement, sink);
        if let Performed::Failed(error) = step {
            self.pass_over(&error, sink);
        }
    }

    /// A command of a stored or a changed run that cannot be done here: it is told, and the run goes on.
    pub fn pass_over(&mut self, error: &CommandError, sink: &mut Sink) {
        let seen = Seen::Refused(Arc::from(error.why.en.as_str()));
        sink.observations.push(Observation { line: 0, client: None, seen });
        self.passed_over = Some(Arc::new(error.clone()));
    }

    pub(super) fn perform(&mut self, by: By, statement: &Statement, sink: &mut Sink) -> Performed {
        match statement {
            Statement::Nothing | Statement::Code(_) | Statement::Cluster(_) | Statement::Try(_) => Performed::Done,
            Statement::Chapter(chapter) => self.begin_chapter(by, chapter),
            Statement::Topic(topic) => self.create_topic(by, topic, sink),
            Statement::Client(client) => self.create_client(by, client, sink),
            Statement::Send(send) => {
                let sends = Sends::new(Arc::new(send.clone()));
                self.give_task(by, &send.client, ProgramTask::Send(sends), sink)
            }
            Statement::Call { client, call } => self.perform_call(by, client, call, sink),
            Statement::ProduceLoop(of) => {
                let program = ProduceProgram::new(Arc::new(of.clone()));
                self.start_program(&of.client, Resumed::Produce(program, by.written()), sink)
            }
            Statement::ConsumeLoop(of) => {
                let program = consume_program(of);
                self.start_program(&of.client, Resumed::Consume(program, by.written(), None), sink)
            }
            Statement::Admin(admin) => self.perform_admin(by, admin, sink),
            Statement::Fault(fault) => self.perform_fault(fault, sink),
            Statement::Wait(wait) | Statement::RunUntil(wait) => {
                Performed::Wait(Awaited::Condition(wait.condition.clone()), wait.timeout_ms())
            }
            Statement::RunUntilInstant(at) => Performed::Until(*at),
            Statement::Step(steps) => Performed::Steps(*steps),
            Statement::Sleep(ms) => Performed::Sleep(*ms),
            Statement::Set(setting) => self.perform_setting(by, setting, sink),
        }
    }

    pub(super) fn observe(&self, by: By, client: Option<&Arc<str>>, seen: Seen, sink: &mut Sink) {
        sink.observations.push(Observation { line: by.line(), client: client.cloned(), seen });
    }

    /// The newest client of a name; `check` has found that there is one.
    pub(super) fn client_index(&self, name: &str) -> usize {
        usize::from(self.by_name[name].0) - 1
    }

    pub(super) fn give_task(&mut self, by: By, client: &Arc<str>, task: ProgramTask, sink: &mut Sink) -> Performed {
        self.give_task_for(by, client, task, None, sink)
    }

    pub(super) fn give_task_for(
        &mut self,
        by: By,
        client: &Arc<str>,
        task: ProgramTask,
        remake: Option<Arc<Remake>>,
        sink: &mut Sink,
    ) -> Performed {
        let i = self.client_index(client);
        let (is_send, written) = (matches!(task, ProgramTask::Send(_)), by.written());
        // What a client is told while it closes to be made anew is for the one that takes its place.
        let is_for_heir = remake.is_none() && self.owners.is_remade(i);
        let id = self.owners.own(Owner { by, client: i, is_send, remake, look: None });
        if let ProgramTask::Send(sends) = &task {
            self.owners.await_outcomes(id, by, sends.times());
        }
        if is_for_heir {
            self.owners.keep(i, ForHeir::Task(id, written, task));
            return Performed::Task(id);
        }
        Arc::make_mut(&mut self.clients[i].application).add(id, written, task);
        self.go_on(i, sink);
        Performed::Task(id)
    }

    /// Starts a loop in a client, or in the one that takes its place.
    fn start_program(&mut self, client: &Arc<str>, program: Resumed, sink: &mut Sink) -> Performed {
        let i = self.client_index(client);
        if self.owners.is_remade(i) {
            self.owners.keep(i, ForHeir::Program(program));
            return Performed::Done;
        }
        let application = Arc::make_mut(&mut self.clients[i].application);
        match program {
            Resumed::Produce(program, written) => application.produce(program, written, self.clock.now),
            Resumed::Consume(program, written, _) => application.consume(program, written),
        }
        self.go_on(i, sink);
        Performed::Done
    }

    fn perform_call(&mut self, by: By, client: &Arc<str>, call: &Call, sink: &mut Sink) -> Performed {
        let is_producer = matches!(self.client(client).map(|c| &c.node), Some(ClientNode::Producer(_)));
        if let Some(task) = task_of(call, is_producer) {
            return self.give_task(by, client, task, sink);
        }
        let i = self.client_index(client);
        if let Some(step) = self.look_between(by, i, call) {
            return step;
        }
        let application = Arc::make_mut(&mut self.clients[i].application);
        let seen = match call {
            call if call.looks() => self.seen_of(i, call),
            Call::Loop => {
                let program = ConsumeProgram {
                    poll_ms: LOOP_POLL_MS,
                    process_us: 0,
                    commit: CommitMode::Auto,
                    every_record: false,
                    collect: true,
                };
                application.consume(program, by.written());
                self.go_on(i, sink);
                return Performed::Done;
            }
            Call::StopLoop => {
                application.stop_loop();
                let step = self.add_look(by, i, call);
                self.go_on(i, sink);
                return step;
            }
            Call::Exit => {
                self.clients[i].exited = true;
                self.end_client(i);
                Seen::Task(TaskResult::Done)
            }
            _ => return Performed::Failed(not_built(call)),
        };
        self.observe(by, Some(client), seen, sink);
        Performed::Done
    }

    /// What a program's own thread answers, a script hears between two of its calls: not in the middle of a loop's poll.
    /// A person looks at once.
    fn look_between(&mut self, by: By, i: usize, call: &Call) -> Option<Performed> {
        // How many callbacks are open is known without the thread.
        let looks = call.looks() && !matches!(call, Call::Outcomes);
        let client = &self.clients[i];
        let waits = matches!(by, By::Line(_)) && client.life == Life::Running && client.application.is_in_loop_call();
        (looks && waits).then(|| self.add_look(by, i, call))
    }

    fn add_look(&mut self, by: By, i: usize, call: &Call) -> Performed {
        let look = Some(call.clone());
        let id = self.owners.own(Owner { by, client: i, is_send: false, remake: None, look });
        Arc::make_mut(&mut self.clients[i].application).add(id, by.written(), ProgramTask::Between);
        Performed::Task(id)
    }

    fn seen_of(&mut self, i: usize, call: &Call) -> Seen {
        let client = &mut self.clients[i];
        let application = Arc::make_mut(&mut client.application);
        match (call, &client.node) {
            (Call::Outcomes, _) => Seen::Pending(application.pending()),
            (Call::Records { .. }, _) => Seen::Records(application.take_collected()),
            (Call::Callbacks, _) => Seen::Callbacks(application.take_callbacks()),
            (Call::Generation, ClientNode::Consumer(consumer)) => {
                let (generation, member_id) = consumer.group_metadata();
                Seen::Generation { generation, member_given: !member_id.is_empty() }
            }
            (_, ClientNode::Consumer(consumer)) if consumer.is_closed() => {
                let message = "This consumer has already been closed.";
                Seen::Task(TaskResult::Threw(Exception::new("IllegalStateException", None, message)))
            }
            (_, ClientNode::Consumer(consumer)) => Seen::Assignment(owned(consumer)),
            (_, ClientNode::Producer(_)) => Seen::Assignment(Vec::new()),
        }
    }

    /// The client's process is gone at once: no close, no flush.
    pub(super) fn end_client(&mut self, i: usize) {
        let client = &mut self.clients[i];
        (client.life, client.stands_since) = (Life::Gone, self.clock.at());
        client.held.clear();
        let (id, exited) = (client.id, client.exited);
        self.cluster.forget_client(id, &mut self.clock);
        self.out.emit(EventId::NONE, EventKind::ClientKilled { client: id, exited });
        self.note_ended(i);
    }

    /// A client whose `close` has returned is gone.
    pub(super) fn note_closed(&mut self, id: ClientId) {
        let client = &mut self.clients[usize::from(id.0) - 1];
        let closed = match &client.node {
            ClientNode::Producer(producer) => producer.is_closed(),
            ClientNode::Consumer(consumer) => consumer.is_closed(),
        };
        if closed && client.life == Life::Running && !client.closed {
            (client.closed, client.stands_since) = (true, self.clock.at());
            self.out.emit(EventId::NONE, EventKind::ClientClosed { client: id });
        }
    }

    pub(super) fn take_report(&mut self, report: Report, sink: &mut Sink) {
        match report {
            Report::Sent { client, task, index, outcome } => {
                let Some(by) = self.owners.outcome_of(task) else { return };
                let line = by.line();
                let client = Some(self.out.names.client(client).clone());
                sink.observations.push(Observation { line, client, seen: Seen::Sent { index, outcome } });
            }
            Report::Finished { client, task, result } => {
                let Some(owner) = self.owners.finish(task) else { return };
                let name = self.out.names.client(client).clone();
                let seen = if owner.is_send { Seen::Sends } else { Seen::Task(result) };
                match (owner.remake, owner.look) {
                    (Some(remake), _) => self.remake_client(owner.by, client, &remake, sink),
                    (None, Some(Call::StopLoop)) => {}
                    (None, Some(look)) => {
                        let seen = self.seen_of(usize::from(client.0) - 1, &look);
                        self.observe(owner.by, Some(&name), seen, sink);
                    }
                    (None, None) => self.observe(owner.by, Some(&name), seen, sink),
                }
                self.driver_task_done(task);
            }
        }
    }
}

/// Milliseconds that `position` and `committed` may take when their line does not say.
const LOOK_TIMEOUT_MS: u64 = 15_000;

/// The task that a call of the grammar is; none for what only looks or is no call.
fn task_of(call: &Call, is_producer: bool) -> Option<ProgramTask> {
    let partitions = |all: &Vec<TopicPartition>| all.clone();
    Some(match call {
        Call::Flush => ProgramTask::Flush,
        Call::Close { timeout_ms, operation: _ } if is_producer => ProgramTask::Close { timeout_ms: *timeout_ms },
        Call::Close { timeout_ms, operation } => {
            // `ConsumerUtils.DEFAULT_CLOSE_TIMEOUT_MS`: 30 s.
            let timeout_ms = Some(timeout_ms.unwrap_or(30_000));
            ProgramTask::CloseConsumer { timeout_ms, remain: operation.map(|o| o == CloseOperation::RemainInGroup) }
        }
        Call::PartitionsFor(topic) if is_producer => ProgramTask::PartitionsForProducer { topic: topic.clone() },
        Call::PartitionsFor(topic) => ProgramTask::Call(ConsumerCall::PartitionsFor { topic: topic.clone() }),
        Call::Subscribe(Subscription::Topics(topics)) => {
            ProgramTask::Call(ConsumerCall::Subscribe { topics: topics.clone() })
        }
        Call::Unsubscribe => ProgramTask::Call(ConsumerCall::Unsubscribe),
        Call::Assign(to) => ProgramTask::Call(ConsumerCall::Assign { partitions: partitions(to) }),
        Call::Poll(poll) => ProgramTask::Poll(goal(poll)),
        Call::Commit(commit) => ProgramTask::Call(commit_call(commit)),
        Call::Seek(to) => ProgramTask::Seek(to.clone()),
        Call::SeekToBeginning(of) => ProgramTask::Call(ConsumerCall::SeekToBeginning { partitions: partitions(of) }),
        Call::SeekToEnd(of) => ProgramTask::Call(ConsumerCall::SeekToEnd { partitions: partitions(of) }),
        Call::Position { partitions, timeout_ms } => {
            ProgramTask::Position(partitions.clone(), timeout_ms.unwrap_or(LOOK_TIMEOUT_MS))
        }
        Call::Committed { partitions, timeout_ms } => ProgramTask::Call(ConsumerCall::Committed {
            partitions: partitions.clone(),
            timeout_ms: Some(timeout_ms.unwrap_or(LOOK_TIMEOUT_MS)),
        }),
        Call::Pause(of) => ProgramTask::Call(ConsumerCall::Pause { partitions: partitions(of) }),
        Call::Resume(of) => ProgramTask::Call(ConsumerCall::Resume { partitions: partitions(of) }),
        Call::CurrentLag(of) => ProgramTask::CurrentLag(of.clone()),
        Call::EndOffsets(of) => ProgramTask::Call(ConsumerCall::EndOffsets { partitions: partitions(of) }),
        Call::BeginningOffsets(of) => ProgramTask::Call(ConsumerCall::BeginningOffsets { partitions: partitions(of) }),
        Call::OffsetsForTimes(times) => ProgramTask::Call(ConsumerCall::OffsetsForTimes { times: times.clone() }),
        Call::EnforceRebalance => ProgramTask::Call(ConsumerCall::EnforceRebalance),
        _ => return None,
    })
}

fn goal(poll: &Poll) -> Goal {
    match &poll.goal {
        PollGoal::Records(count) => Goal::Records(u64::from(*count), poll.timeout_ms),
        PollGoal::ForMs(ms) => Goal::For(*ms),
        PollGoal::Times(times) => Goal::Times(*times, poll.limit_ms()),
        PollGoal::Assigned(partitions) => {
            let mut wanted = partitions.clone();
            wanted.order();
            Goal::Assigned(wanted, poll.timeout_ms)
        }
    }
}

fn commit_call(commit: &Commit) -> ConsumerCall {
    let metadata: Arc<str> = match (&commit.metadata, commit.metadata_size) {
        (_, Some(size)) => Arc::from("m".repeat(size as usize)),
        (Some(metadata), None) => metadata.clone(),
        (None, None) => Arc::from(""),
    };
    let offsets = (!commit.offsets.is_empty()).then(|| {
        let one = |(partition, offset): &(TopicPartition, i64)| {
            let offset = OffsetAndMetadata { offset: *offset, leader_epoch: None, metadata: metadata.clone() };
            (partition.clone(), offset)
        };
        commit.offsets.iter().map(one).collect()
    });
    if commit.asynchronous {
        ConsumerCall::CommitAsync { offsets }
    } else {
        ConsumerCall::CommitSync { offsets, timeout_ms: commit.timeout_ms }
    }
}

fn consume_program(of: &ConsumeLoop) -> ConsumeProgram {
    ConsumeProgram {
        poll_ms: of.poll_ms,
        process_us: of.process_us,
        commit: of.commit,
        every_record: of.every == CommitEvery::Record,
        collect: true,
    }
}

/// The sentence for a call of a part of Kafka that the model does not have yet.
pub(super) fn not_built(call: &Call) -> CommandError {
    let (en, ko) = match call {
        Call::Acknowledge { .. } => ("share groups are not built yet", "셰어 그룹은 아직 구현되지 않았습니다"),
        Call::Subscribe(_) => (
            "subscribing by a pattern is not built yet: name the topics",
            "패턴 구독은 아직 구현되지 않았습니다: 토픽 이름을 쓰십시오",
        ),
        _ => ("transactions are not built yet", "트랜잭션은 아직 구현되지 않았습니다"),
    };
    CommandError::new(en, ko)
}
