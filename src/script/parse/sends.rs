//! Reads `send`, `send-sync` and `produce-loop`.

use std::sync::Arc;

use crate::lang::text;
use crate::script::ast::{
    ClientKind, Pace, ProduceLoop, RecordValue, Send, SendMode, ShowOutcomes, Statement, Timestamp,
};
use crate::script::error::{Allowed, ScriptProblem};
use crate::script::limits::{MAX_RECORD_BYTES, MAX_RECORDS_AT_ONCE, MAX_TIMES};
use crate::script::payload::Payload;

use super::args::Args;

pub(super) fn parse_send(args: &mut Args, sync: bool) -> Option<Statement> {
    let client = args.client(&[ClientKind::Producer]);
    let topic = args.name("TOPIC");
    let record = record(args);
    let times = args.u32("times", 1, MAX_RECORDS_AT_ONCE).unwrap_or(1);
    let show = args.choice("show", ShowOutcomes::ALL).unwrap_or_default();
    let (client, topic) = (client?, topic?);
    let Record { key, value, partition, timestamp, headers } = record;
    Some(Statement::Send(Send { client, topic, sync, key, value, partition, timestamp, headers, times, show }))
}

pub(super) fn parse_loop(args: &mut Args) -> Option<Statement> {
    let client = args.client(&[ClientKind::Producer]);
    let topic = args.name("TOPIC");
    args.exclude("rate", "interval_ms");
    let rate = rate(args).map(Pace::PerSecond);
    let interval = args.ms("interval_ms").map(|ms| Pace::IntervalMs(ms as u32));
    let count = args.count("count", 1).map(u64::from);
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
    if let Some(number) = number.filter(|n| (1..=MAX_TIMES).contains(n)) {
        return Some(number);
    }
    const { assert!(MAX_TIMES == 1_000_000) }
    let (en, ko) =
        ("a whole number from 1 to 1000000 and `/s`, such as `2/s`", "`2/s`처럼 1에서 1000000 사이의 정수와 `/s`");
    args.bad(&word, "rate", Allowed::Form(text(en, ko)));
    None
}
