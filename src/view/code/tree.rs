//! A client's program as statements, before a language is chosen.

use super::super::values::InForce;
use crate::application::Written;
use crate::lang::Lang;
use crate::script::{Call, ClientKind, CommitMode, ConsumeLoop, PastedCode, Statement};
use crate::simulation::{ClientProcess, Simulation};
use crate::time::Instant;
use crate::timeline::{Branch, Timeline};

/// Statements of a program that are shown at most: around the one that is looked at.
const MOST: usize = 300;

/// One thing that a program does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    pub written: Written,
    pub statement: &'a Statement,
    /// Nothing comes after it: a loop needs no end.
    pub is_last: bool,
    /// It is of the program that was pasted, or would be: no loop of another one comes behind it, and it is done at the
    /// place of a run at which the text was pasted, or later.
    pub is_own: bool,
}

/// What a program was pasted from.
#[derive(Clone, Copy)]
pub(super) struct Pasted<'a> {
    pub code: &'a PastedCode,
    /// Whether the client was made, or made anew, when it was pasted, or later.
    pub is_made: bool,
}

/// A client's program.
pub(super) struct Program<'a> {
    pub name: &'a str,
    in_force: InForce<'a>,
    process: &'a ClientProcess,
    /// The statement that makes the client.
    pub made: Written,
    /// Of the comments.
    pub lang: Lang,
    pub is_producer: bool,
    /// What stands in its properties; serializers apart.
    pub properties: Vec<(&'static str, String)>,
    /// The classes of its serializers or deserializers, for keys and for values.
    pub serializers: [String; 2],
    pub commits_on_revoked: bool,
    pub steps: Vec<Step<'a>>,
    pub pasted: Option<Pasted<'a>>,
    /// Statements before those that are shown, and behind them.
    pub left_out: (usize, usize),
    /// The user's program ends without `close`.
    pub exits: bool,
    /// Milliseconds that a record takes.
    pub process_us: u64,
}

impl<'a> Program<'a> {
    /// The program of a client on the branch that is shown, around a statement of it.
    pub fn of(timeline: &'a Timeline, process: &'a ClientProcess, around: Option<Written>, lang: Lang) -> Program<'a> {
        let simulation = timeline.simulation();
        let (mut steps, pasted) = steps(timeline.branch(), simulation, process);
        let exits = steps.iter().any(|step| matches!(step.statement, Statement::Call { call: Call::Exit, .. }));
        let here = around.and_then(|written| steps.iter().position(|step| step.written == written)).unwrap_or(0);
        // A window that moves in strides, so that the text mostly stays.
        let from = if steps.len() > MOST { here.saturating_sub(MOST / 3) / 100 * 100 } else { 0 };
        let behind = steps.len().saturating_sub(from + MOST);
        steps.drain(..from);
        steps.truncate(MOST);
        let in_force = InForce(simulation);
        let value = |name: &str| value_of(in_force, process, name);
        let is_producer = process.recipe.kind == ClientKind::Producer;
        let serializers = match is_producer {
            true => [value("key.serializer"), value("value.serializer")],
            false => [value("key.deserializer"), value("value.deserializer")],
        };
        let loops = steps.iter().filter_map(|step| match step.statement {
            Statement::ConsumeLoop(of) => Some(of.process_us),
            _ => None,
        });
        Program {
            name: &process.recipe.name,
            in_force,
            process,
            made: process.made,
            lang,
            is_producer,
            properties: properties(in_force, process),
            serializers,
            commits_on_revoked: process.recipe.on_revoked == crate::call::OnRevoked::CommitSync,
            exits,
            process_us: loops.max().unwrap_or(0),
            pasted,
            left_out: (from, behind),
            steps,
        }
    }

    /// The value that is in force of one of its client's properties; empty: there is no such one.
    pub fn value(&self, name: &str) -> String {
        value_of(self.in_force, self.process, name)
    }

    /// Whether the program ends its loop from elsewhere.
    pub fn stops_loops(&self) -> bool {
        let endless = |step: &Step<'_>| match step.statement {
            Statement::ConsumeLoop(_) | Statement::Call { call: Call::Loop, .. } => true,
            Statement::ProduceLoop(of) => of.count.is_none(),
            _ => false,
        };
        self.steps.iter().any(|step| !step.is_last && endless(step))
    }

    /// Whether any of its steps is such a one.
    pub fn has(&self, is: impl Fn(&Statement) -> bool) -> bool {
        self.steps.iter().any(|step| is(step.statement))
    }
}

fn value_of(in_force: InForce<'_>, process: &ClientProcess, name: &str) -> String {
    in_force.of_client(process, name).map(|found| found.value).unwrap_or_default()
}

/// What differs from Kafka's defaults, and what must be there.
fn properties(in_force: InForce<'_>, process: &ClientProcess) -> Vec<(&'static str, String)> {
    let is_given = |name: &str| process.recipe.properties.iter().any(|property| &*property.name == name);
    let serializers = ["key.serializer", "value.serializer", "key.deserializer", "value.deserializer"];
    InForce::side(process)
        .properties()
        .filter(|(_, property)| !serializers.contains(&property.name))
        .filter_map(|(_, property)| {
            let found = in_force.of_client(process, property.name)?;
            let is_there = property.name == "bootstrap.servers" || (is_given(property.name) && found.changed);
            is_there.then_some((property.name, found.value))
        })
        .collect()
}

/// The statements of the client's program in the order in which they are carried out, those that are still to come too.
fn steps<'a>(
    branch: &'a Branch,
    simulation: &Simulation,
    process: &ClientProcess,
) -> (Vec<Step<'a>>, Option<Pasted<'a>>) {
    let name = &*process.recipe.name;
    let concerns = |of: &Statement| of.client().is_some_and(|client| **client == *name);
    // With each the instant to which it is tied.
    let mut all: Vec<(u32, Written, &Statement, Option<Instant>)> = Vec::new();
    for line in &branch.scenario.lines {
        if concerns(&line.statement) {
            let at = line.anchor.map(|anchor| anchor.at);
            all.push((line.number, Written::Line(line.number), &line.statement, at));
        }
    }
    for (number, placed) in (0..).zip(branch.commands()) {
        if concerns(&placed.command.0) {
            let heard = simulation.heard().get(number as usize).copied().unwrap_or(u32::MAX);
            // Behind the line that was played then, and behind the commands before it.
            let at = all.iter().rposition(|(line, ..)| *line <= heard).map_or(0, |at| at + 1);
            all.insert(at, (heard, Written::Command(number), &placed.command.0, Some(placed.anchor.at)));
        }
    }
    // A client that a setting made anew goes on with the program of the one before it.
    let is_maker = |of: &Statement| matches!(of, Statement::Client(_));
    let made = all.iter().position(|(_, written, ..)| *written == process.made).unwrap_or(0);
    let from = all.iter().take(made + 1).rposition(|of| is_maker(of.2)).unwrap_or(0);
    let to = all.iter().skip(from + 1).position(|of| is_maker(of.2)).map_or(all.len(), |at| from + 1 + at);
    let all = all.get(from..to).unwrap_or_default();
    let text = all.iter().enumerate().rev().find_map(|(i, (.., statement, _))| match statement {
        Statement::Code(code) => Some((i, code)),
        _ => None,
    });
    // The loop that ran before the text was pasted is none of it, unless there is no other; nor is what was done before.
    let is_loop = |i: &usize| matches!(all[*i].2, Statement::ProduceLoop(_) | Statement::ConsumeLoop(_));
    let mut loops = (0..all.len()).filter(is_loop);
    let last = loops.clone().next_back();
    let own = text.and_then(|(at, _)| loops.find(|i| *i > at).or(last));
    let behind = own.and_then(|own| (0..own).rfind(is_loop)).map_or(0, |at| at + 1);
    let there = text.and_then(|(at, _)| all.iter().position(|of| of.3 == all[at].3)).unwrap_or(0);
    let first = behind.max(own.map_or(there, |own| there.min(own)));
    let is_made = all[first..].iter().any(|(_, written, ..)| *written == process.made);
    let pasted = text.map(|(_, code)| Pasted { code, is_made });
    let steps = all.iter().enumerate().filter(|(_, of)| does_something(of.2));
    let count = steps.clone().count();
    let step = |(n, (i, (_, written, statement, _))): (usize, (usize, &(u32, Written, &'a Statement, _)))| Step {
        written: *written,
        statement,
        is_last: n + 1 == count,
        is_own: i >= first,
    };
    (steps.enumerate().map(step).collect(), pasted)
}

/// What the program of a client was pasted from.
pub(super) fn pasted<'a>(timeline: &'a Timeline, process: &ClientProcess) -> Option<&'a PastedCode> {
    let branch = timeline.branch();
    let is_it =
        |statement: &Statement| matches!(statement, Statement::Code(code) if *code.client == *process.recipe.name);
    // Most programs were not: then nothing is collected.
    let mut all = branch.scenario.lines.iter().map(|line| &line.statement);
    let is_there =
        all.any(|statement| is_it(statement)) || branch.commands().iter().any(|placed| is_it(&placed.command.0));
    is_there.then(|| steps(branch, timeline.simulation(), process).1).flatten().map(|pasted| pasted.code)
}

/// Whether the program itself does it: looking at what it has seen is nobody's call.
fn does_something(statement: &Statement) -> bool {
    match statement {
        Statement::Client(_) | Statement::Set(_) | Statement::Code(_) => false,
        Statement::Call { call, .. } => !call.looks(),
        _ => true,
    }
}

/// Whether a loop commits by itself.
pub(super) fn commits(of: &ConsumeLoop) -> bool {
    matches!(of.commit, CommitMode::Sync | CommitMode::Async)
}
