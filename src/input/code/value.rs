//! What is known of a value without running the program.

use std::rc::Rc;

use super::round::Over;
use super::tree::{Class, Expr, Lambda};

/// Texts that are put together grow to this many bytes; a longer one is not known.
const MAX_TEXT: usize = 20_000;

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
    /// What is gathered of some records of a poll, or of their partitions.
    Gathered(Over),
    /// How many records a poll returned.
    PolledCount,
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

    /// The texts behind one another.
    pub fn joined(all: Vec<Vec<Part>>) -> Value<'t, 'a> {
        let (mut out, mut length): (Vec<Part>, usize) = (Vec::new(), 0);
        for part in all.into_iter().flatten() {
            if let Part::Text(text) = &part {
                length += text.len();
            }
            if length > MAX_TEXT || out.len() > 200 {
                return Value::Unknown;
            }
            match (out.last_mut(), part) {
                (Some(Part::Text(before)), Part::Text(text)) => *before = Rc::from(format!("{before}{text}")),
                (_, part) => out.push(part),
            }
        }
        match &out[..] {
            [] => Value::text(""),
            [Part::Text(text)] => Value::Text(text.clone()),
            _ => Value::Parts(Rc::from(out)),
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

/// The value of one of two branches: known when both say the same, or when it is something that is made.
pub(super) fn one_of<'t, 'a>(one: Value<'t, 'a>, two: Value<'t, 'a>) -> Value<'t, 'a> {
    match (one.as_text(), two.as_text()) {
        (Some(first), Some(second)) if first == second => one,
        _ if one.is_scalar() || two.is_scalar() => Value::Unknown,
        _ if one.is_unknown() => two,
        _ => one,
    }
}
