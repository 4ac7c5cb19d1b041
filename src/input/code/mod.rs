//! What is pasted for a client: properties, or client code in Java or Kotlin with the clients it makes, the properties it
//! sets and what its programs do. The door is [`pasted`]; [`read`] below it reads code.
//!
//! Nothing is compiled. The text is cut into tokens, the tokens become a tree (blocks, methods, loops, lambdas) that takes
//! whatever stands there, and the tree is walked in the order a program runs, with the values that are known without running
//! it. What stands in a loop counts for the loop; what is left out, or carried over otherwise, is a problem with its place.

mod apply;
mod branches;
mod calls;
mod clients;
mod configs;
mod constants;
mod eval;
mod found;
mod frameworks;
mod gap;
mod given;
mod lines;
mod last;
mod loops;
mod names;
mod parse;
mod pasted;
mod programs;
mod reached;
mod records;
mod scope;
mod source;
mod tokens;
mod tree;
mod value;
mod walk;

use crate::lang::Lang;
use crate::script::{CommitEvery, CommitMode, Payload, SendMode, Subscription};
use crate::sorted::InOrder;

pub use constants::property_of_constant;
pub use gap::{Aside, Gap, Limit, SpringCommit};
pub use lines::{Answers, Asks};
pub use pasted::{
    Assigned, Bootstrap, ForAnother, Found, Framework, Kind, Pasted, RefusalReason, Refused, Taken, Whom, assign,
    assign_code, bootstrap, detect, is_unknown, pasted, properties, unused,
};

use super::problem::{Problem, What};
use super::{MAX_TEXT_BYTES, too_large};

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// In the order of the text; of one that is set twice for the same client, the last.
    pub properties: Vec<CodeProperty>,
    /// The clients that the text makes, or calls something on.
    pub clients: Vec<CodeClient>,
    /// What is left out or not understood, in the order of the text.
    pub problems: Vec<Problem>,
}

/// A property with the client it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeProperty {
    pub found: Found,
    /// None: the text does not say which.
    pub role: Option<Role>,
    /// Its place in [`Code::clients`]. None: any of that role.
    pub client: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Producer,
    Consumer,
}

/// A client of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeClient {
    pub role: Role,
    /// Of its variable; empty when it has none.
    pub name: String,
    /// Where it is made, or first called.
    pub line: u32,
    pub program: Option<Program>,
    /// `commitSync` in `onPartitionsRevoked`.
    pub commits_on_revoked: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    Produces(Producing),
    Consumes(Consuming),
}

/// A program that sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Producing {
    /// The line of its `send`, or else of its record.
    pub line: u32,
    pub mode: SendMode,
    /// The record it sends, as far as it is written out.
    pub record: Option<CodeRecord>,
    /// None: it sends once.
    pub repeat: Option<Repeat>,
}

/// How often a program sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repeat {
    /// None: known only when the program runs.
    pub times: Option<u64>,
    /// `while (true)`
    pub endless: bool,
    /// Milliseconds that it sleeps each time.
    pub pause_ms: Option<u32>,
}

impl Producing {
    /// What the program here sends as the value, as a script writes it: `message-{i}` when that is not written out. None: null.
    pub fn value(&self) -> Option<String> {
        match &self.record {
            Some(CodeRecord { null_value: true, .. }) => None,
            record => {
                let value = record.as_ref().and_then(|record| record.value.as_ref());
                Some(value.map_or("message-{i}".to_owned(), Payload::to_string))
            }
        }
    }

    pub fn topic(&self) -> Option<&str> {
        self.record.as_ref().and_then(|record| record.topic.as_deref())
    }
}

/// `new ProducerRecord<>("topic01", "message")`; None for what is not written out or not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeRecord {
    pub line: u32,
    pub column: u32,
    pub topic: Option<String>,
    pub partition: Option<i32>,
    pub timestamp: Option<i64>,
    /// With `{i}` for the variable of the loop around it.
    pub key: Option<Payload>,
    pub value: Option<Payload>,
    /// The value is null: written out, and none.
    pub null_value: bool,
    /// The `{i}` of the key counts modulo this.
    pub keys: Option<u32>,
    /// A value that is null is None.
    pub headers: Vec<(String, Option<String>)>,
}

/// A program that reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consuming {
    pub reads: Reads,
    /// Milliseconds.
    pub poll_ms: Option<u64>,
    /// Microseconds that each record takes.
    pub process_us: u64,
    /// By its commits, or else by `enable.auto.commit`.
    pub commit: CommitMode,
    pub every: CommitEvery,
}

/// What a program reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reads {
    #[default]
    NotKnown,
    Subscribed(Subscription),
    /// Topics and partitions that are assigned by hand, and where they are read from.
    Assigned(Vec<(String, i32)>, Vec<Seek>),
}

/// A position that a program sets before it reads; without partitions: of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seek {
    To(String, i32, i64),
    Beginning(Vec<(String, i32)>),
    End(Vec<(String, i32)>),
}

impl Code {
    /// The clients of a role, each with its place in [`Code::clients`].
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = (usize, &CodeClient)> {
        self.clients.iter().enumerate().filter(move |(_, client)| client.role == role)
    }

    /// The first program that sends.
    pub fn producer(&self) -> Option<&Producing> {
        self.clients.iter().find_map(|client| match &client.program {
            Some(Program::Produces(producing)) => Some(producing),
            _ => None,
        })
    }

    /// The first program that reads.
    pub fn consumer(&self) -> Option<&Consuming> {
        self.clients.iter().find_map(|client| match &client.program {
            Some(Program::Consumes(consuming)) => Some(consuming),
            _ => None,
        })
    }
}

/// Reads a text.
pub fn read(text: &str) -> Code {
    let mut problems = Vec::new();
    if text.len() > MAX_TEXT_BYTES {
        return Code { problems: vec![Problem::new(1, 1, too_large(text.len()))], ..Code::default() };
    }
    let source = source::Source::new(text, &mut problems);
    let tree = parse::parse(&source);
    let mut walk = walk::Walk::new(&source, &tree);
    walk.run();
    let mut code = programs::of(walk, problems);
    if code.properties.is_empty() && code.clients.is_empty() && code.problems.is_empty() {
        code.problems.push(Problem::new(1, 1, What::NothingFound));
    }
    // What is said of a place once is not said again, however often the walk came by.
    code.problems.order_by_key(|problem| (problem.line, problem.column));
    let mut told: Vec<Problem> = Vec::new();
    for problem in code.problems {
        // Sentences are compared rather than what they are made of, which costs the page less.
        let is_told = told.iter().rev().take_while(|of| (of.line, of.column) == (problem.line, problem.column));
        if !is_told.map(|of| of.sentence(Lang::En)).any(|of| of == problem.sentence(Lang::En)) {
            told.push(problem);
        }
    }
    code.problems = told;
    code
}

#[cfg(test)]
mod tests;
