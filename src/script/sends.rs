//! Sending: `send`, `send-sync`, and the application that sends in a loop.

use std::fmt;
use std::sync::Arc;

use super::args::{Args, MAX_COUNT};
use super::ast::Statement;
use super::clients::ClientKind;
use super::error::{Allowed, ScriptProblem};
use super::limits::{MAX_RECORD_BYTES, MAX_RECORDS_AT_ONCE};
use super::payload::Payload;
use super::print::Out;
use crate::lang::text;

/// `send p1 orders key=mia value=…`: calls of `KafkaProducer.send` by hand, `times` of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Send {
    pub client: Arc<str>,
    pub topic: Arc<str>,
    /// `send-sync`: each call is followed by waiting for its future.
    pub sync: bool,
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

    fn len(&self) -> u64 {
        match self {
            RecordValue::Payload(payload) => payload.len() as u64,
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

const SHOW: &[(&str, ShowOutcomes)] = &[
    ("all", ShowOutcomes::All),
    ("spread", ShowOutcomes::Spread),
    ("distinct", ShowOutcomes::Distinct),
    ("thrown", ShowOutcomes::Thrown),
    ("none", ShowOutcomes::Nothing),
];

/// The word that stands for a value in such a table.
pub(super) fn name_of<T: PartialEq + Copy>(value: T, table: &[(&'static str, T)]) -> &'static str {
    table.iter().find(|(_, other)| *other == value).map_or("", |(name, _)| *name)
}

pub(super) fn parse_send(args: &mut Args, sync: bool) -> Option<Statement> {
    let client = args.client(&[ClientKind::Producer]);
    let topic = args.name("TOPIC");
    let record = record(args);
    let times = args.u32("times", 1, MAX_RECORDS_AT_ONCE).unwrap_or(1);
    let show = args.choice("show", SHOW).unwrap_or_default();
    let (client, topic) = (client?, topic?);
    let Record { key, value, partition, timestamp, headers } = record;
    Some(Statement::Send(Send { client, topic, sync, key, value, partition, timestamp, headers, times, show }))
}

pub(super) fn parse_loop(args: &mut Args) -> Option<Statement> {
    let client = args.client(&[ClientKind::Producer]);
    let topic = args.name("TOPIC");
    args.exclude("rate", "interval_ms");
    let rate = rate(args).map(Pace::PerSecond);
    let interval = args.u32("interval_ms", 0, u32::MAX).map(Pace::IntervalMs);
    let count = args.whole("count", 1, MAX_COUNT).map(|n| n as u64);
    let keys = args.u32("keys", 1, MAX_RECORDS_AT_ONCE);
    let mode = args.choice("mode", SendMode::ALL).unwrap_or_default();
    let Record { key, value, partition, timestamp, headers } = record(args);
    let pace = rate.or(interval).unwrap_or(Pace::PerSecond(1));
    let (client, topic) = (client?, topic?);
    Some(Statement::ProduceLoop(ProduceLoop {
        client,
        topic,
        pace,
        count,
        key,
        keys,
        value,
        mode,
        partition,
        timestamp,
        headers,
    }))
}

/// What `send` and `produce-loop` share.
struct Record {
    key: Option<Payload>,
    value: Option<RecordValue>,
    partition: Option<i32>,
    timestamp: Option<Timestamp>,
    headers: Vec<(Arc<str>, Option<Arc<str>>)>,
}

fn record(args: &mut Args) -> Record {
    args.exclude("value", "value-size");
    let key = payload(args, "key");
    let mut column = key.as_ref().map_or(1, |(_, column)| *column);
    let key = key.map(|(key, _)| key);
    let value = payload(args, "value").map(|(value, at)| {
        column = at;
        RecordValue::Payload(value)
    });
    let size = args.u32("value-size", 0, MAX_RECORD_BYTES).map(RecordValue::Size);
    let partition = args.whole("partition", i64::from(i32::MIN), i64::from(i32::MAX)).map(|n| n as i32);
    let timestamp = args.take("timestamp").and_then(|word| {
        let found = Timestamp::parse(&word.text);
        if found.is_none() {
            let (en, ko) = (
                "milliseconds since 1970, or `now`, `now+MS`, `now-MS`",
                "1970년부터 센 밀리초, 또는 `now`, `now+MS`, `now-MS`",
            );
            args.bad(&word, "timestamp", Allowed::Form(text(en, ko)));
        }
        found
    });
    let headers = args.headers();
    let value = value.or(size);
    let of_header = |(name, value): &(Arc<str>, Option<Arc<str>>)| name.len() + value.as_ref().map_or(0, |v| v.len());
    let bytes = key.as_ref().map_or(0, |key| key.len() as u64)
        + value.as_ref().map_or(0, RecordValue::len)
        + headers.iter().map(of_header).sum::<usize>() as u64;
    if bytes > u64::from(MAX_RECORD_BYTES) {
        let (en, ko) = ("at most 1 MB (1048576 bytes) a record", "레코드 하나에 최대 1 MB(1048576바이트)");
        args.fail(column, "", ScriptProblem::RecordTooLarge { bytes }, Allowed::Form(text(en, ko)));
    }
    Record { key, value, partition, timestamp, headers }
}

/// The payload with the column of its option's value.
fn payload(args: &mut Args, name: &'static str) -> Option<(Payload, u32)> {
    let word = args.take(name)?;
    let found = Payload::parse(&word.text);
    if found.is_none() {
        let (en, ko) = (
            "text, or `hex:` and two hexadecimal digits for each byte",
            "텍스트, 또는 `hex:` 뒤에 바이트마다 16진수 두 자리",
        );
        args.bad(&word, name, Allowed::Form(text(en, ko)));
    }
    found.map(|found| (found, word.column))
}

/// `rate=2/s`
fn rate(args: &mut Args) -> Option<u32> {
    let word = args.take("rate")?;
    let number = word.text.strip_suffix("/s").and_then(|n| n.parse::<u32>().ok());
    if let Some(number) = number.filter(|n| (1..=1_000_000).contains(n)) {
        return Some(number);
    }
    let (en, ko) =
        ("a whole number from 1 to 1000000 and `/s`, such as `2/s`", "`2/s`처럼 1에서 1000000 사이의 정수와 `/s`");
    args.bad(&word, "rate", Allowed::Form(text(en, ko)));
    None
}

pub(super) fn print_send(send: &Send, out: &mut Out) {
    out.word(if send.sync { "send-sync" } else { "send" });
    out.word(&send.client);
    out.word(&send.topic);
    print_record(send.key.as_ref(), send.value.as_ref(), send.partition, send.timestamp, &send.headers, out);
    if send.times != 1 {
        out.option("times", send.times);
    }
    if send.show != ShowOutcomes::All {
        out.option("show", name_of(send.show, SHOW));
    }
}

pub(super) fn print_loop(of: &ProduceLoop, out: &mut Out) {
    out.word("produce-loop");
    out.word(&of.client);
    out.word(&of.topic);
    match of.pace {
        Pace::PerSecond(rate) => out.option("rate", format_args!("{rate}/s")),
        Pace::IntervalMs(ms) => out.option("interval_ms", ms),
    }
    out.some("count", of.count);
    out.some("keys", of.keys);
    print_record(of.key.as_ref(), of.value.as_ref(), of.partition, of.timestamp, &of.headers, out);
    out.option("mode", of.mode.name());
}

fn print_record(
    key: Option<&Payload>,
    value: Option<&RecordValue>,
    partition: Option<i32>,
    timestamp: Option<Timestamp>,
    headers: &[(Arc<str>, Option<Arc<str>>)],
    out: &mut Out,
) {
    out.some("key", key);
    match value {
        Some(RecordValue::Payload(payload)) => out.option("value", payload),
        Some(RecordValue::Size(bytes)) => out.option("value-size", bytes),
        None => {}
    }
    out.some("partition", partition);
    out.some("timestamp", timestamp);
    for (name, value) in headers {
        match value {
            Some(value) => out.option(&format!("header.{name}"), value),
            None => out.word(&format!("header.{name}")),
        }
    }
}
