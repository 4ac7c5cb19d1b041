//! What is known of a value without running the program.

use std::rc::Rc;

use super::round::Over;
use super::tree::{Class, Expr, Lambda};

/// Texts that are put together grow to this many bytes; a longer one is not known.
const MAX_TEXT: usize = 20_000;
/// What loops count in one text, and the texts between.
const MAX_PARTS: usize = 200;

#[derive(Clone, Debug, Default)]
pub(super) enum Value<'t, 'a> {
    #[default]
    Unknown,
    Null,
    Bool(bool),
    /// A whole number; `is_long` in Java's `long`.
    Int {
        n: i64,
        is_long: bool,
    },
    /// A text, or a number with a fraction.
    Text(Rc<str>),
    /// A class by its full name.
    Class(Rc<str>),
    /// Texts, and what a loop counts between them.
    Parts(Rc<[Part]>),
    /// What a loop counts, 0, 1, 2, …; with `keys` modulo that.
    Counter {
        of: usize,
        keys: Option<u32>,
    },
    /// A duration.
    Millis(i64),
    List(Rc<[Value<'t, 'a>]>),
    /// `"a" to b`, a header
    Pair(Rc<[Value<'t, 'a>; 2]>),
    /// So many numbers in a row; from zero.
    Range {
        times: Option<u64>,
        from_zero: bool,
    },
    /// What the loop of that number makes each time.
    Mapped(usize, Rc<Value<'t, 'a>>),
    Partition(Rc<str>, i32),
    Pattern(Rc<str>),
    /// Properties by their number.
    Config(usize),
    Client(usize),
    Record(usize),
    Headers(usize),
    /// The future of a send.
    Sent(usize),
    /// What a poll returned.
    Polled,
    PolledPartitions,
    PolledRecord,
    /// The offset of a record.
    RecordOffset,
    /// What is gathered of some records of a poll, or of their partitions.
    Gathered(Over),
    /// How many records a poll returned, or how many partitions.
    PolledCount(Over),
    Lambda(&'t Lambda<'a>),
    Reference(&'t Expr<'a>),
    /// An object of a class without a name.
    Members(&'t Class<'a>),
    /// An object of a class of this text.
    Object(u32),
    /// A constant that Kafka does not have.
    NoConstant(Rc<str>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(Rc<str>),
    Counter { of: usize, keys: Option<u32> },
}

impl<'t, 'a> Value<'t, 'a> {
    pub fn text(text: &str) -> Value<'t, 'a> {
        Value::Text(Rc::from(text))
    }

    pub const fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    pub fn number(&self) -> Option<i64> {
        match self {
            Value::Int { n, .. } | Value::Millis(n) => Some(*n),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// As the value of a property, or the words of a text.
    pub fn as_text(&self) -> Option<Rc<str>> {
        match self {
            Value::Text(text) | Value::Class(text) => Some(text.clone()),
            Value::Bool(so) => Some(Rc::from(if *so { "true" } else { "false" })),
            Value::Int { n, .. } | Value::Millis(n) => Some(Rc::from(n.to_string())),
            Value::List(list) => {
                let mut out = String::new();
                for (i, of) in list.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    out.push_str(&of.as_text()?);
                    if out.len() > MAX_TEXT {
                        return None;
                    }
                }
                Some(Rc::from(out))
            }
            _ => None,
        }
    }

    /// The parts of a text in which a loop may count.
    pub fn parts(&self) -> Option<Vec<Part>> {
        match self {
            Value::Parts(parts) => Some(parts.to_vec()),
            Value::Counter { of, keys } => Some(vec![Part::Counter { of: *of, keys: *keys }]),
            _ => self.as_text().map(|text| vec![Part::Text(text)]),
        }
    }

    /// What is said of a value by what it is rather than by where it stands.
    pub const fn is_scalar(&self) -> bool {
        matches!(
            self,
            Value::Bool(_)
                | Value::Int { .. }
                | Value::Text(_)
                | Value::Parts(_)
                | Value::Counter { .. }
                | Value::Millis(_)
        )
    }
}

/// Texts that are put behind one another, no more of them than a text may have.
#[derive(Default)]
pub(super) struct Joined {
    parts: Vec<Part>,
    /// Behind these parts.
    text: String,
    length: usize,
}

impl Joined {
    pub fn push_text(&mut self, text: &str) {
        self.length += text.len();
        if !self.is_too_long() {
            self.text.push_str(text);
        }
    }

    pub fn push(&mut self, parts: Vec<Part>) {
        for part in parts {
            match part {
                Part::Text(text) => self.push_text(&text),
                counter @ Part::Counter { .. } => {
                    self.end_text();
                    self.parts.push(counter);
                }
            }
        }
    }

    /// Whether the text is longer than is known, whatever comes behind it.
    pub const fn is_too_long(&self) -> bool {
        self.length > MAX_TEXT || self.parts.len() > MAX_PARTS
    }

    pub fn value<'t, 'a>(mut self) -> Value<'t, 'a> {
        if self.is_too_long() {
            return Value::Unknown;
        }
        if self.parts.is_empty() {
            return Value::Text(Rc::from(self.text));
        }
        self.end_text();
        Value::Parts(Rc::from(self.parts))
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(Rc::from(std::mem::take(&mut self.text))));
        }
    }
}

/// The value of one of two branches: known when both say the same, or when it is something that is made.
pub(super) fn one_of<'t, 'a>(one: Value<'t, 'a>, two: Value<'t, 'a>) -> Value<'t, 'a> {
    match (one.as_text(), two.as_text()) {
        (Some(first), Some(second)) if first == second => one,
        _ if one.is_scalar() || two.is_scalar() => Value::Unknown,
        _ if one.is_unknown() => two,
        _ => one,
    }
}
