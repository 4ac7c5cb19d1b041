//! The lines of the program that code describes.

use super::super::{Code, Consuming, Producing, Repeat};
use crate::script::{ClientKind, CommitEvery, CommitMode, SendMode, Subscription, line};

/// Milliseconds between two records of a program that does not say.
const USUAL_PAUSE_MS: u32 = 100;
/// Records of a program that does not say how many.
const USUAL_COUNT: u64 = 10;

/// The lines for a client of this name and kind; none when the code describes no program of that kind.
pub(super) fn program(code: &Code, name: &str, kind: ClientKind) -> Vec<String> {
    match (kind == ClientKind::Producer, &code.producer, &code.consumer) {
        (true, Some(producing), _) => vec![producing_line(name, producing)],
        (false, _, Some(consuming)) => consuming_lines(name, consuming),
        _ => Vec::new(),
    }
}

fn producing_line(name: &str, producing: &Producing) -> String {
    let mode = match producing.mode() {
        SendMode::Sync => "sync",
        SendMode::Async => "async",
        _ => "fire-and-forget",
    };
    let record = producing.record();
    let (count, pause) = match producing.repeat {
        Some(Repeat { times: Some(times), pause_ms, .. }) => (Some(times.max(1)), pause_ms.unwrap_or(0)),
        Some(Repeat { endless: true, pause_ms, .. }) => (None, pause_ms.unwrap_or(USUAL_PAUSE_MS)),
        Some(Repeat { pause_ms, .. }) => (Some(USUAL_COUNT), pause_ms.unwrap_or(USUAL_PAUSE_MS)),
        None if record.is_some() => (Some(1), 0),
        None => (Some(USUAL_COUNT), USUAL_PAUSE_MS),
    };
    let number = |of: Option<i64>| of.map(|of| of.to_string()).unwrap_or_default();
    let topic = producing.topic().unwrap_or("orders");
    let mut of = line("produce-loop").word(name).word(topic).option("interval_ms", &pause.to_string());
    of = of.option("count", &count.map(|count| count.to_string()).unwrap_or_default());
    if let Some(key) = record.and_then(|record| record.key.as_ref()) {
        of = of.given("key", &key.to_string());
    }
    of = of.option("keys", &number(record.and_then(|record| record.keys).map(i64::from)));
    if let Some(value) = producing.value() {
        of = of.given("value", &value);
    }
    of = of.option("partition", &number(record.and_then(|record| record.partition.map(i64::from))));
    of = of.option("timestamp", &number(record.and_then(|record| record.timestamp)));
    of.option("mode", mode).end()
}

fn consuming_lines(name: &str, consuming: &Consuming) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(Subscription::Topics(topics)) = &consuming.subscription {
        let topics: Vec<&str> = topics.iter().map(|topic| &**topic).collect();
        lines.push(line("subscribe").word(name).word(&topics.join(",")).end());
    }
    let commit = match consuming.commit {
        CommitMode::Auto => "auto",
        CommitMode::Sync => "sync",
        CommitMode::Async => "async",
        CommitMode::None => "none",
    };
    let every = if consuming.every == CommitEvery::Record { "record" } else { "" };
    let poll = consuming.poll_ms.map(|ms| ms.to_string()).unwrap_or_default();
    let of = line("consume-loop").word(name).option("poll_ms", &poll).option("commit", commit);
    lines.push(of.option("commit-every", every).end());
    lines
}
