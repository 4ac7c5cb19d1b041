//! Programs that send.

use std::sync::Arc;

use bytes::Bytes;

use super::Written;
use crate::call::{Datum, ProducerRecord};
use crate::script::{Payload, ProduceLoop, RecordValue, Send, Timestamp};
use crate::time::{Instant, Now};

pub use crate::script::SendMode;

/// The headers of records, in order.
pub type Headers = Arc<[(Arc<str>, Option<Bytes>)]>;

/// Sends of one line: the same record with a counter in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sends {
    send: Arc<Send>,
    key: Pattern,
    value: Pattern,
    headers: Headers,
}

impl Sends {
    pub fn new(send: Arc<Send>) -> Sends {
        let headers = headers(&send.headers);
        let (key, value) = (Pattern::of_key(send.key.as_ref()), Pattern::of_value(send.value.as_ref()));
        Sends { send, key, value, headers }
    }

    pub fn is_sync(&self) -> bool {
        self.send.mode == SendMode::Sync
    }

    pub fn times(&self) -> u32 {
        self.send.times
    }

    pub fn record(&self, i: u32, now: Now) -> Arc<ProducerRecord> {
        let i = u64::from(i);
        Arc::new(ProducerRecord {
            topic: self.send.topic.clone(),
            partition: self.send.partition,
            timestamp: timestamp(self.send.timestamp, now),
            key: self.key.of_record(i),
            value: self.value.of_record(i),
            headers: self.headers.clone(),
        })
    }
}

fn headers(of: &[(Arc<str>, Option<Arc<str>>)]) -> Headers {
    of.iter()
        .map(|(name, value)| (name.clone(), value.as_ref().map(|value| Bytes::copy_from_slice(value.as_bytes()))))
        .collect()
}

fn timestamp(of: Option<Timestamp>, now: Now) -> Option<i64> {
    match of? {
        Timestamp::At(ms) => Some(ms),
        Timestamp::Now(shift) => Some(now.wall_ms().saturating_add(shift)),
    }
}

/// A key or a value of a line: what its records share is made once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Pattern {
    Same(Datum),
    /// Another text for each record.
    Counted(Payload),
}

impl Pattern {
    fn of_key(key: Option<&Payload>) -> Pattern {
        key.map_or(Pattern::Same(Datum::Null), Pattern::of)
    }

    fn of_value(value: Option<&RecordValue>) -> Pattern {
        match value {
            Some(RecordValue::Payload(payload)) => Pattern::of(payload),
            Some(size @ RecordValue::Size(_)) => Pattern::Same(Datum::Bytes(Bytes::from(size.expand(0)))),
            None => Pattern::Same(Datum::Null),
        }
    }

    /// Text stays text, so that a typed serializer can read its type from it.
    fn of(payload: &Payload) -> Pattern {
        match payload {
            Payload::Text(_) if payload.counts() => Pattern::Counted(payload.clone()),
            Payload::Text(text) => Pattern::Same(Datum::Text(text.clone())),
            Payload::Hex(bytes) => Pattern::Same(Datum::Bytes(Bytes::copy_from_slice(bytes))),
        }
    }

    /// The key or value of record `i`.
    fn of_record(&self, i: u64) -> Datum {
        match self {
            Pattern::Same(datum) => datum.clone(),
            Pattern::Counted(payload) => match String::from_utf8(payload.expand(i)) {
                Ok(text) => Datum::Text(Arc::from(text)),
                Err(error) => Datum::Bytes(Bytes::from(error.into_bytes())),
            },
        }
    }
}

/// A loop that sends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProduceProgram {
    of: Arc<ProduceLoop>,
    key: Pattern,
    value: Pattern,
    headers: Headers,
}

impl ProduceProgram {
    pub fn new(of: Arc<ProduceLoop>) -> ProduceProgram {
        let headers = headers(&of.headers);
        let (key, value) = (Pattern::of_key(of.key.as_ref()), Pattern::of_value(of.value.as_ref()));
        ProduceProgram { of, key, value, headers }
    }

    fn record(&self, i: u64, now: Now) -> Arc<ProducerRecord> {
        let counted = self.of.keys.map_or(i, |keys| i % u64::from(keys));
        let key = match (&self.of.key, self.of.keys) {
            (None, Some(_)) => Datum::Text(Arc::from(format!("key-{counted}"))),
            _ => self.key.of_record(counted),
        };
        Arc::new(ProducerRecord {
            topic: self.of.topic.clone(),
            partition: self.of.partition,
            timestamp: timestamp(self.of.timestamp, now),
            key,
            value: self.value.of_record(i),
            headers: self.headers.clone(),
        })
    }
}

/// Where a loop that sends stands.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct SendLoop {
    pub(super) written: Written,
    program: ProduceProgram,
    sent: u64,
    /// When the next send is due.
    due: Instant,
}

pub(super) enum ProduceNext {
    Send(Arc<ProducerRecord>),
    Pause(Instant),
    Ended,
}

impl SendLoop {
    pub(super) const fn new(program: ProduceProgram, written: Written, now: Instant) -> SendLoop {
        SendLoop { written, program, sent: 0, due: now }
    }

    pub(super) const fn program(&self) -> &ProduceProgram {
        &self.program
    }

    pub(super) fn is_sync(&self) -> bool {
        self.program.of.mode == SendMode::Sync
    }

    pub(super) fn next(&mut self, now: Now) -> ProduceNext {
        if self.program.of.count.is_some_and(|count| self.sent >= count) {
            return ProduceNext::Ended;
        }
        if self.due > now.at {
            return ProduceNext::Pause(self.due);
        }
        let record = self.program.record(self.sent, now);
        self.sent += 1;
        // Counted from start to start; a program that fell behind does not catch up with a burst.
        self.due = now.at.plus_micros(self.program.of.pace.interval_us());
        ProduceNext::Send(record)
    }
}
