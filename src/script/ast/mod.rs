//! What a script says, typed: a file for each family of statements, and the statement above them.

mod admin;
mod calls;
mod clients;
mod code;
mod cluster;
mod condition;
mod faults;
mod property;
mod sends;
mod story;

use std::sync::Arc;

use crate::time::Instant;

pub(in crate::script) use clients::ANY_KIND;
pub(in crate::script) use condition::ACKNOWLEDGED;

pub use admin::{AdminStatement, Altered, Described, Election, OffsetSpec};
pub use calls::{Acknowledgement, Call, CloseOperation, Commit, Poll, PollGoal, ShowRecords, Subscription};
pub use clients::{ClientKind, CommitEvery, CommitMode, ConsumeLoop, NewClient};
pub use cluster::{NewCluster, NewTopic, Setting, SettingFrom, SettingTarget};
pub use code::{CodePart, PastedCode};
pub use condition::{Condition, GroupFacts, ReplicaPlace, Wait};
pub use faults::{ClusterNode, Fault, Link, NamedProcess};
pub use property::Property;
pub use sends::{Pace, ProduceLoop, RecordValue, Send, SendMode, ShowOutcomes, Timestamp};
pub use story::{Chapter, Try};

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
    pub fn cluster(&self) -> Option<&NewCluster> {
        self.lines.iter().find_map(|line| match &*line.statement {
            Statement::Cluster(cluster) => Some(cluster),
            _ => None,
        })
    }

    /// The chapters of its story in order, each with its line.
    pub fn chapters(&self) -> impl Iterator<Item = (&Line, &Chapter)> {
        self.lines.iter().filter_map(|line| match &*line.statement {
            Statement::Chapter(chapter) => Some((&**line, chapter)),
            _ => None,
        })
    }

    /// What it proposes to try at the end, in order.
    pub fn tries(&self) -> impl Iterator<Item = &Try> {
        self.lines.iter().filter_map(|line| match &*line.statement {
            Statement::Try(of) => Some(of),
            _ => None,
        })
    }

    /// The same where nothing is proposed in the place of a line that is not there any more: an empty line stands for that,
    /// so that the lines behind it keep their numbers.
    #[must_use]
    pub fn without_vain_tries(mut self) -> Script {
        let is_vain = |line: &Arc<Line>| match &*line.statement {
            Statement::Try(Try { instead: Some(instead), .. }) => {
                !self.lines.iter().any(|line| line.is_written(instead))
            }
            _ => false,
        };
        let vain: Vec<bool> = self.lines.iter().map(is_vain).collect();
        for (line, _) in self.lines.iter_mut().zip(vain).filter(|(_, is_vain)| *is_vain) {
            *line = Arc::new(Line::made(line.number, line.anchor, Arc::new(Statement::Nothing)));
        }
        self
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

impl Statement {
    /// The verb of the line: its first word, and the `what` of its observation. Empty for [`Statement::Nothing`].
    pub fn verb(&self) -> &'static str {
        match self {
            Statement::Nothing => "",
            Statement::Cluster(_) => "cluster",
            Statement::Topic(_) => "topic",
            Statement::Client(client) => client.kind.verb(),
            Statement::Send(send) if send.mode == SendMode::Sync => "send-sync",
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
            Statement::Chapter(_) => "chapter",
            Statement::Code(_) => "code",
            Statement::Try(_) => "try",
        }
    }

    /// The client that the statement makes, changes or has do something, or whose text it keeps.
    pub fn client(&self) -> Option<&Arc<str>> {
        match self {
            Statement::Client(client) => Some(&client.id),
            Statement::Send(send) => Some(&send.client),
            Statement::ProduceLoop(of) => Some(&of.client),
            Statement::ConsumeLoop(of) => Some(&of.client),
            Statement::Call { client, .. } => Some(client),
            Statement::Code(code) => Some(&code.client),
            Statement::Set(Setting { target: SettingTarget::Client(client), .. }) => Some(client),
            _ => None,
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
    Cluster(NewCluster),
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
    /// `code`: the text that a client's program was pasted from.
    Code(PastedCode),
    /// Looking at or changing the cluster through an administrator's client.
    Admin(AdminStatement),
    Fault(Fault),
    /// `wait WHAT … [timeout_ms=]`: virtual time runs until the condition holds; in vain, the script ends.
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
    /// `chapter …`: a chapter of the story begins.
    Chapter(Chapter),
    /// `try …`: something to try at the end; it does nothing by itself.
    Try(Try),
}
