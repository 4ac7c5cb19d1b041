//! What is pasted for a client: properties, or client code in Java or Kotlin with the properties it sets and what its
//! program does, as far as a text says it. The door is [`pasted`]; [`read`] below it reads code.
//!
//! Nothing is compiled. A tolerant reader cuts the text into words, strings, numbers and signs, and finds the calls by
//! their names; what it cannot know (a value from the environment, a name that is computed) becomes a problem with its place.

mod arithmetic;
mod calls;
mod constants;
mod loops;
mod pairs;
mod pasted;
mod tokens;
mod values;

use crate::script::{CommitEvery, CommitMode, Payload, SendMode, Subscription};
use crate::sorted::InOrder;

pub use constants::property_of_constant;
pub use pasted::{
    Assigned, Bootstrap, ForAnother, Found, Kind, Pasted, Reason, Refused, Taken, Whom, assign, bootstrap, detect,
    is_unknown, pasted, properties, unused,
};

use super::problem::{Problem, What};

/// Bytes of a text of code: 1 MB.
pub const MAX_CODE_BYTES: usize = 1_048_576;

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// In the order of the text; of one that is set twice for the same client, the last.
    pub properties: Vec<CodeProperty>,
    /// The producing program, when the text sends or makes records.
    pub producer: Option<Producing>,
    /// The consuming program, when the text subscribes, polls or commits.
    pub consumer: Option<Consuming>,
    pub problems: Vec<Problem>,
}

/// A property with the client it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeProperty {
    pub found: Found,
    /// None: the text does not say which.
    pub role: Option<Role>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Producer,
    Consumer,
}

/// A program that sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Producing {
    /// Every `send` with its line, in order.
    pub sends: Vec<(u32, SendMode)>,
    /// The records it makes, as far as they are written out.
    pub records: Vec<CodeRecord>,
    /// The loop around the first `send` that stands in one.
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
    /// The mode of the program: with a callback if any `send` has one, else waiting if any does.
    pub fn mode(&self) -> SendMode {
        let any = |mode| self.sends.iter().any(|(_, other)| *other == mode);
        [SendMode::Async, SendMode::Sync].into_iter().find(|mode| any(*mode)).unwrap_or_default()
    }

    /// The first record whose key or value is written out.
    pub fn record(&self) -> Option<&CodeRecord> {
        self.records.iter().find(|record| record.key.is_some() || record.value.is_some() || record.null_value)
    }

    /// What the program here sends as the value, as a script writes it: `message-{i}` when that is not written out. None: null.
    pub fn value(&self) -> Option<String> {
        match self.record() {
            Some(CodeRecord { null_value: true, .. }) => None,
            record => Some(
                record.and_then(|record| record.value.as_ref()).map_or("message-{i}".to_owned(), Payload::to_string),
            ),
        }
    }

    /// The topic of the first record whose topic is written out.
    pub fn topic(&self) -> Option<&str> {
        self.records.iter().find_map(|record| record.topic.as_deref())
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
}

/// A program that reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consuming {
    pub subscription: Option<Subscription>,
    /// Milliseconds.
    pub poll_ms: Option<u64>,
    /// Every commit with its line, in order.
    pub commits: Vec<(u32, CommitMode)>,
    /// By the first commit, or else by `enable.auto.commit`.
    pub commit: CommitMode,
    pub every: CommitEvery,
}

/// Reads a text.
pub fn read(text: &str) -> Code {
    let mut code = Code::default();
    if text.len() > MAX_CODE_BYTES {
        let what = What::TextTooLarge { bytes: text.len() as u64, limit: MAX_CODE_BYTES as u64 };
        code.problems.push(Problem::new(1, 1, what));
        return code;
    }
    let tokens = tokens::tokens(text, &mut code.problems);
    let source = values::Source::new(&tokens);
    pairs::read(&source, &mut code);
    calls::read(&source, &mut code);
    if code.properties.is_empty() && code.producer.is_none() && code.consumer.is_none() && code.problems.is_empty() {
        code.problems.push(Problem::new(1, 1, What::NothingFound));
    }
    code.problems.order_by_key(|problem| (problem.line, problem.column));
    code
}

#[cfg(test)]
mod tests;
