//! Sending: `send`, `send-sync`, and the application that sends in a loop, as types.

use std::fmt;
use std::sync::Arc;

use crate::script::payload::Payload;
use crate::script::table::name_of;

/// `send p1 orders key=mia value=…`: calls of `KafkaProducer.send` by hand, `times` of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Send {
    pub client: Arc<str>,
    pub topic: Arc<str>,
    /// `send-sync`: each call is followed by waiting for its future. `callback=yes`: each is given a callback.
    pub mode: SendMode,
    /// None: a null key.
    pub key: Option<Payload>,
    /// None: a null value.
    pub value: Option<RecordValue>,
    /// Handed to `ProducerRecord` as it is, so that Kafka's own refusal of a negative one is seen.
    pub partition: Option<i32>,
    pub timestamp: Option<Timestamp>,
    /// In order; a name may come again; None: a null value.
    pub headers: Vec<(Arc<str>, Option<Arc<str>>)>,
    /// 1 to 1,000,000.
    pub times: u32,
    pub show: ShowOutcomes,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RecordValue {
    Payload(Payload),
    /// `value-size=N`: N times the letter `v`.
    Size(u32),
}

impl RecordValue {
    pub fn expand(&self, i: u64) -> Vec<u8> {
        match self {
            RecordValue::Payload(payload) => payload.expand(i),
            RecordValue::Size(bytes) => vec![b'v'; *bytes as usize],
        }
    }

    /// The length in bytes of the longest of so many records.
    pub(in crate::script) fn longest(&self, records: u64) -> u64 {
        match self {
            RecordValue::Payload(payload) => payload.longest(records) as u64,
            RecordValue::Size(bytes) => u64::from(*bytes),
        }
    }
}

/// The timestamp handed to `ProducerRecord`, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timestamp {
    /// Since 1970.
    At(i64),
    /// `now-7200000`: from the wall clock at the call.
    Now(i64),
}

impl Timestamp {
    pub fn parse(text: &str) -> Option<Timestamp> {
        match text.strip_prefix("now") {
            Some("") => Some(Timestamp::Now(0)),
            Some(shift) if shift.starts_with(['+', '-']) => Some(Timestamp::Now(shift.parse().ok()?)),
            Some(_) => None,
            None => Some(Timestamp::At(text.parse().ok()?)),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Timestamp::At(ms) => write!(f, "{ms}"),
            Timestamp::Now(0) => f.write_str("now"),
            Timestamp::Now(ms) => write!(f, "now{ms:+}"),
        }
    }
}

/// How an observation shows the outcomes of the sends of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ShowOutcomes {
    /// Each, equal neighbours folded.
    #[default]
    All,
    /// How many went to each partition, the largest count first.
    Spread,
    /// Only which different ones there were.
    Distinct,
    /// Only what the calls threw.
    Thrown,
    Nothing,
}

impl ShowOutcomes {
    pub(in crate::script) const ALL: &[(&str, ShowOutcomes)] = &[
        ("all", ShowOutcomes::All),
        ("spread", ShowOutcomes::Spread),
        ("distinct", ShowOutcomes::Distinct),
        ("thrown", ShowOutcomes::Thrown),
        ("none", ShowOutcomes::Nothing),
    ];
}

/// `produce-loop p1 orders rate=2/s key=user-{i} keys=3`: a program that sends again and again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProduceLoop {
    pub client: Arc<str>,
    pub topic: Arc<str>,
    pub pace: Pace,
    /// After that many sends the program stops; None: it does not stop by itself.
    pub count: Option<u64>,
    pub key: Option<Payload>,
    /// The `{i}` of the key counts modulo this, so that there are as many keys; alone it means `key=key-{i}`.
    pub keys: Option<u32>,
    /// None: a null value.
    pub value: Option<RecordValue>,
    pub mode: SendMode,
    pub partition: Option<i32>,
    pub timestamp: Option<Timestamp>,
    pub headers: Vec<(Arc<str>, Option<Arc<str>>)>,
}

impl ProduceLoop {
    /// The key's bytes of record `i`, from 0.
    pub fn key_bytes(&self, i: u64) -> Option<Vec<u8>> {
        let i = self.keys.map_or(i, |keys| i % u64::from(keys));
        match &self.key {
            Some(key) => Some(key.expand(i)),
            None => self.keys.map(|_| format!("key-{i}").into_bytes()),
        }
    }

    /// The value's bytes of record `i`, from 0.
    pub fn value_bytes(&self, i: u64) -> Option<Vec<u8>> {
        self.value.as_ref().map(|value| value.expand(i))
    }
}

/// How often a loop sends, counted from the start of one call to the start of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pace {
    /// 1 to 1,000,000 a second.
    PerSecond(u32),
    /// Milliseconds between sends; 0: one after another.
    IntervalMs(u32),
}

impl Pace {
    /// Microseconds from one send to the next.
    pub fn interval_us(self) -> u64 {
        match self {
            Pace::PerSecond(rate) => 1_000_000 / u64::from(rate.max(1)),
            Pace::IntervalMs(ms) => u64::from(ms) * 1000,
        }
    }
}

/// What a program does with the future that `send` gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SendMode {
    /// Nothing.
    #[default]
    FireAndForget,
    /// It waits for it.
    Sync,
    /// It gave a callback.
    Async,
}

impl SendMode {
    pub const ALL: &'static [(&'static str, SendMode)] =
        &[("fire-and-forget", SendMode::FireAndForget), ("sync", SendMode::Sync), ("async", SendMode::Async)];

    pub fn name(self) -> &'static str {
        name_of(self, SendMode::ALL)
    }
}
