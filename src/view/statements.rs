//! The statements that a program is made of, found by where they stand.

use super::scene::Scene;
use crate::application::{SendMode, Written};
use crate::client::consumer::Consumer;
use crate::explain::{Heard, Programs};
use crate::ids::{CallId, ClientId, RecordId};
use crate::script::Statement;
use crate::simulation::{ClientNode, ClientProcess};
use crate::timeline::{Branch, Timeline};

/// The statement that stands there on a branch.
pub(super) fn statement(branch: &Branch, written: Written) -> Option<&Statement> {
    match written {
        Written::Line(number) => {
            let lines = &branch.scenario.lines;
            let from = lines.partition_point(|line| line.number < number);
            let mut here = lines[from..].iter().take_while(|line| line.number == number);
            here.find(|line| *line.statement != Statement::Nothing).map(|line| &*line.statement)
        }
        Written::Command(number) => {
            let placed = branch.commands().get(usize::try_from(number).ok()?)?;
            Some(&placed.command.0)
        }
    }
}

/// The statement that sent a record.
pub(super) fn written_of(process: &ClientProcess, record: RecordId) -> Option<Written> {
    process.application.written_of_record(record.number).map(|(written, _)| written)
}

/// What the program does with the future of a record.
pub(super) fn mode_of_record(scene: &Scene<'_>, process: &ClientProcess, record: RecordId) -> SendMode {
    mode_on(scene.timeline.branch(), process, record)
}

/// The programs of a run, by what they do with their futures.
pub(super) struct Listening<'a>(pub &'a Timeline);

impl Programs for Listening<'_> {
    fn heard(&self, record: RecordId) -> Heard {
        match self
            .process(record.client)
            .map_or(SendMode::FireAndForget, |process| mode_on(self.0.branch(), process, record))
        {
            SendMode::FireAndForget => Heard::ByNobody,
            SendMode::Sync => Heard::ByGet,
            SendMode::Async => Heard::ByCallback,
        }
    }

    fn ended_loop(&self, client: ClientId, call: CallId) -> bool {
        let written = self.process(client).and_then(|process| process.application.written_of_call(call));
        let is_loop = |of: Written| matches!(statement(self.0.branch(), of), Some(Statement::ConsumeLoop(_)));
        written.is_some_and(is_loop) && self.process(client).is_some_and(|process| !process.application.is_looping())
    }

    fn is_at_work(&self, client: ClientId) -> bool {
        self.process(client).is_some_and(|process| process.application.unprocessed() > 0)
    }

    fn has_joined(&self, client: ClientId) -> bool {
        self.consumer(client).is_some_and(|consumer| consumer.poll_due().is_some())
    }

    fn is_static(&self, client: ClientId) -> bool {
        self.consumer(client).is_some_and(|consumer| consumer.settings().group_instance_id.is_some())
    }
}

impl<'a> Listening<'a> {
    fn consumer(&self, client: ClientId) -> Option<&'a Consumer> {
        match &self.process(client)?.node {
            ClientNode::Consumer(consumer) => Some(consumer),
            ClientNode::Producer(_) => None,
        }
    }

    fn process(&self, client: ClientId) -> Option<&'a ClientProcess> {
        self.0.simulation().clients().get(usize::from(client.0).checked_sub(1)?)
    }
}

fn mode_on(branch: &Branch, process: &ClientProcess, record: RecordId) -> SendMode {
    match written_of(process, record).and_then(|written| statement(branch, written)) {
        Some(Statement::Send(send)) => send.mode,
        Some(Statement::ProduceLoop(of)) => of.mode,
        _ => SendMode::FireAndForget,
    }
}
