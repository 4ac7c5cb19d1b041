//! What a text says: the clients it makes, the properties it sets, what its programs do.

use crate::script::{CommitEvery, CommitMode, Payload, SendMode, Subscription};

use super::super::problem::Problem;
use super::property::Found;

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
