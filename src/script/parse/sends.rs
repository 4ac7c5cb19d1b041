//! Reads `send`, `send-sync` and `produce-loop`.

use std::sync::Arc;

use crate::lang::text;
use crate::script::ast::{
    ClientKind, Pace, ProduceLoop, RecordValue, Send, SendMode, ShowOutcomes, Statement, Timestamp,
};
use crate::script::beyond::Beyond;
use crate::script::limits::{MAX_COUNT, MAX_RECORD_BYTES, MAX_RECORDS_AT_ONCE, MAX_TIMES};
use crate::script::payload::Payload;
use crate::script::table::YES_NO;

use super::args::Args;

pub(super) fn parse_send(args: &mut Args, sync: bool) -> Option<Statement> {
    let client = args.client(&[ClientKind::Producer]);
    let topic = args.name("TOPIC");
    let record = record(args);
    let times = args.u32("times", 1, MAX_RECORDS_AT_ONCE).unwrap_or(1);
    record.limit(u64::from(times), u64::from(times), args);
    let callback = !sync && args.choice("callback", YES_NO).unwrap_or(false);
    let mode = match (sync, callback) {
        (true, _) => SendMode::Sync,
        (false, true) => SendMode::Async,
        (false, false) => SendMode::FireAndForget,
    };
    let show = args.choice("show", ShowOutcomes::ALL).unwrap_or_default();
    let (client, topic) = (client?, topic?);
    let Record { key, value, partition, timestamp, headers, .. } = record;
    Some(Statement::Send(Send { client, topic, mode, key, value, partition, timestamp, headers, times, show }))
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
    let record = record(args);
    // A loop without a count sends at most as many as a line may count.
    let records = count.unwrap_or(MAX_COUNT);
    record.limit(records, keys.map_or(records, |keys| records.min(u64::from(keys))), args);
    let Record { key, value, partition, timestamp, headers, .. } = record;
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
    /// Where its value stands, or its key.
    column: u32,
}

impl Record {
    /// Of so many records, with so many different keys, the longest must have no more bytes than one may.
    fn limit(&self, records: u64, keys: u64, args: &mut Args) {
        let of_header =
            |(name, value): &(Arc<str>, Option<Arc<str>>)| name.len() + value.as_ref().map_or(0, |v| v.len());
        let bytes = self.key.as_ref().map_or(0, |key| key.longest(keys) as u64)
            + self.value.as_ref().map_or(0, |value| value.longest(records))
            + self.headers.iter().map(of_header).sum::<usize>() as u64;
        if bytes > u64::from(MAX_RECORD_BYTES) {
            args.beyond(self.column, "", Beyond::Record(bytes));
        }
    }
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
    let form = text(
        "milliseconds since 1970, or `now`, `now+MS`, `now-MS`",
        "1970년부터 센 밀리초, 또는 `now`, `now+MS`, `now-MS`",
    );
    let timestamp = args.read("timestamp", Timestamp::parse, form);
    let headers = args.headers();
    let value = value.or(size);
    Record { key, value, partition, timestamp, headers, column }
}

/// The payload with the column of its option's value.
fn payload(args: &mut Args, name: &'static str) -> Option<(Payload, u32)> {
    let word = args.take(name)?;
    let form = text(
        "text, or `hex:` and two hexadecimal digits for each byte",
        "텍스트, 또는 `hex:` 뒤에 바이트마다 16진수 두 자리",
    );
    args.read_of(&word, name, Payload::parse, form).map(|found| (found, word.column))
}

/// `rate=2/s`
fn rate(args: &mut Args) -> Option<u32> {
    const { assert!(MAX_TIMES == 1_000_000) }
    let form = text(
        "a whole number from 1 to 1,000,000 and `/s`, such as `2/s`",
        "`2/s`처럼 1에서 1,000,000 사이의 정수와 `/s`",
    );
    let number = |text: &str| text.strip_suffix("/s")?.parse().ok().filter(|n| (1..=MAX_TIMES).contains(n));
    args.read("rate", number, form)
}
