//! What a script says, typed.

use std::sync::Arc;

use crate::ids::BrokerId;
use crate::time::Instant;

use super::admin::AdminStatement;
use super::clients::{Call, ConsumeLoop, NewClient};
use super::cluster::{Cluster, NewTopic};
use super::condition::Wait;
use super::faults::Fault;
use super::sends::{ProduceLoop, Send};

/// A whole run as text: what it is about, and its lines in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The sentence of the line `# about: …`; of several lines the last.
    pub about: Option<Arc<str>>,
    /// Shared by the scripts that begin alike, as the branches of a run do.
    pub lines: Vec<Arc<Line>>,
}

impl Script {
    /// The lines that do something, without blank lines and comments.
    pub fn statements(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().map(|line| &**line).filter(|line| *line.statement != Statement::Nothing)
    }

    /// The `cluster` line, which is the first statement of every valid script.
    pub fn cluster(&self) -> Option<&Cluster> {
        self.lines.iter().find_map(|line| match &*line.statement {
            Statement::Cluster(cluster) => Some(cluster),
            _ => None,
        })
    }

    /// The lines as they were written, one text each, as recorded runs carry them.
    pub fn texts(&self) -> Vec<&str> {
        self.lines.iter().map(|line| &*line.text).collect()
    }
}

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in observations: from 1, `# about:` lines not counted, as recorded runs count.
    pub number: u32,
    /// Its place in the text, from 1, every line counted: what errors name.
    pub row: u32,
    pub anchor: Option<Anchor>,
    pub statement: Arc<Statement>,
    /// False for a line with `messages=no`: its observation leaves out the messages of exceptions.
    pub messages: bool,
    /// A comment at its end, with its `#`.
    pub comment: Option<Arc<str>>,
    /// The line as it was written, without blanks at its end.
    pub text: Arc<str>,
    /// It could not be read: it does nothing, and is written again as it is, so that the lines behind it keep their numbers
    /// and what is wrong is told whenever the run is opened.
    pub is_broken: bool,
}

impl Line {
    /// A line made by a program (a button, a loop) rather than read from a text: its text is the printed one.
    pub fn made(number: u32, anchor: Option<Anchor>, statement: Arc<Statement>) -> Line {
        let mut line = Line {
            number,
            row: number,
            anchor,
            statement,
            messages: true,
            comment: None,
            text: Arc::from(""),
            is_broken: false,
        };
        line.text = Arc::from(super::print_line(&line));
        line
    }

    /// A line that could not be read.
    pub(super) fn broken(number: u32, row: u32, text: &str) -> Line {
        let (statement, text) =
            (Arc::new(Statement::Nothing), Arc::from(text.trim_end_matches(super::lexer::is_blank)));
        Line { number, row, anchor: None, statement, messages: true, comment: None, text, is_broken: true }
    }
}

impl Line {
    /// Where an option of this line stands in its text: the columns of its name and of its value, from 1, in characters.
    /// For what is found wrong with a property only when the line is played.
    pub fn option_columns(&self, name: &str) -> Option<(u32, u32)> {
        let words = super::lexer::lex(&self.text).ok()?.words;
        let word = words.iter().find(|word| word.text.split_once('=').is_some_and(|(other, _)| other == name))?;
        Some((word.column, word.column_at(name.chars().count() + 1)))
    }
}

impl Statement {
    /// The verb of the line: its first word, and the `what` of its observation. Empty for [`Statement::Nothing`].
    pub fn verb(&self) -> &'static str {
        match self {
            Statement::Nothing => "",
            Statement::Cluster(_) => "cluster",
            Statement::Topic(_) => "topic",
            Statement::Client(client) => client.kind.verb(),
            Statement::Send(send) if send.sync => "send-sync",
            Statement::Send(_) => "send",
            Statement::Call { call, .. } => call.verb(),
            Statement::ProduceLoop(_) => "produce-loop",
            Statement::ConsumeLoop(_) => "consume-loop",
            Statement::Admin(admin) => admin.verb(),
            Statement::Fault(fault) => fault.verb(),
            Statement::Wait(_) => "wait",
            Statement::RunUntil(_) | Statement::RunUntilInstant(_) => "run",
            Statement::Step(_) => "step",
            Statement::Sleep(_) => "sleep",
            Statement::Set(_) => "set",
        }
    }
}

/// Where a line happened: `@4198000+3` or, loosely, `@4198000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchor {
    /// Microseconds of virtual time since the start of the run.
    pub at: Instant,
    /// After that many moves within the instant: the exact form, which rebuilds a run bit for bit.
    /// None: at that instant, or after the call before it has returned.
    pub moves: Option<u64>,
}

/// What a line does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A blank line, or only a comment.
    Nothing,
    /// `cluster brokers=3 seed=7 …`
    Cluster(Cluster),
    /// `topic orders partitions=3 …`: created, and its leaders awaited.
    Topic(NewTopic),
    /// `producer`, `consumer`, `share-consumer`.
    Client(NewClient),
    /// `send`, `send-sync`.
    Send(Send),
    /// Any other call by hand of one client.
    Call {
        client: Arc<str>,
        call: Call,
    },
    /// `produce-loop`: an application that sends.
    ProduceLoop(ProduceLoop),
    /// `consume-loop`: an application that polls, processes and commits.
    ConsumeLoop(ConsumeLoop),
    /// Looking at or changing the cluster through an administrator's client.
    Admin(AdminStatement),
    Fault(Fault),
    /// `wait WHAT … [timeout_ms=]`: virtual time runs until the condition holds; in vain, the run ends.
    Wait(Wait),
    /// `run until …`: the same, for people at the page; conditions of our own besides.
    RunUntil(Wait),
    /// `run until 4198.0`: until this instant.
    RunUntilInstant(Instant),
    /// `step [N]`: that many events worth telling.
    Step(u32),
    /// `sleep MS`: this many milliseconds pass.
    Sleep(u64),
    /// `set …`
    Set(Setting),
}

/// `name=value`: a property by Kafka's own name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Property {
    pub name: Arc<str>,
    pub value: Arc<str>,
}

impl Property {
    pub fn new(name: &str, value: &str) -> Property {
        Property { name: Arc::from(name), value: Arc::from(value) }
    }
}

/// `set p1 linger.ms=5 from=now`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub target: SettingTarget,
    /// At least one.
    pub properties: Vec<Property>,
    pub from: SettingFrom,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingTarget {
    /// The properties of all brokers, as on the `cluster` line.
    Cluster,
    Broker(BrokerId),
    Topic(Arc<str>),
    Client(Arc<str>),
}

/// From when a changed setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettingFrom {
    /// The same commands run again from the start with the new value.
    Start,
    /// The client is closed and made anew; a topic or broker is altered through the real request.
    Now,
}
