//! Prints `send`, `send-sync` and `produce-loop`.

use std::sync::Arc;

use crate::script::ast::{Pace, ProduceLoop, RecordValue, Send, SendMode, ShowOutcomes, Timestamp};
use crate::script::payload::Payload;
use crate::script::table::name_of;

use super::out::Out;

pub(super) fn print_send(send: &Send, out: &mut Out) {
    out.word(&send.client);
    out.word(&send.topic);
    print_record(send.key.as_ref(), send.value.as_ref(), send.partition, send.timestamp, &send.headers, out);
    if send.times != 1 {
        out.option("times", send.times);
    }
    if send.mode == SendMode::Async {
        out.option("callback", "yes");
    }
    if send.show != ShowOutcomes::All {
        out.option("show", name_of(send.show, ShowOutcomes::ALL));
    }
}

pub(super) fn print_loop(of: &ProduceLoop, out: &mut Out) {
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
