//! What of a record a program here can send: texts, and what a loop counts.

use crate::script::{MAX_COUNT, MAX_RECORD_BYTES, Payload};

use super::super::part::RecordPart;
use super::super::problem::What;
use super::described::CodeRecord;
use super::found::{FoundRecord, FoundValue};
use super::reading::ProgramReading;
use super::topics::is_topic;
use super::value::{Part, Value};

/// The key or value of a record, as far as it is known.
#[derive(Default)]
struct Written {
    payload: Option<Payload>,
    /// The counter goes round after so many: `i % 3`.
    keys: Option<u32>,
}

impl ProgramReading<'_, '_, '_> {
    /// A record as it is sent in these loops; what is lost of it is told.
    pub fn code_record(&mut self, number: usize, chain: &[usize]) -> CodeRecord {
        let record = &self.found.records[number];
        let (line, column) = self.source.place(record.at);
        let mut out = CodeRecord { line, column, headers: record.headers.clone(), ..CodeRecord::default() };
        out.topic = record.topic.value.as_text().map(|topic| topic.to_string()).filter(|topic| is_topic(topic));
        if out.topic.is_none() {
            let (from, to) = record.topic.range;
            self.told.unknown_topic((from, to));
        }
        self.numbers(record, &mut out);
        for (from, to) in record.lost_headers.iter().copied() {
            self.lost(RecordPart::Headers, (from, to));
        }
        if let Some(key) = &record.key {
            let written = self.written(key, chain, true);
            (out.key, out.keys) = (written.payload, written.keys);
        }
        if let Some(value) = &record.value {
            out.null_value = matches!(value.value, Value::Null);
            out.value = self.written(value, chain, false).payload;
        }
        // A record that is too large for a line of a script, however often the line sends it.
        let longest = |payload: &Payload| payload.longest(MAX_COUNT);
        let bytes = [&out.key, &out.value].into_iter().flatten().map(longest).sum::<usize>();
        if let (true, Some(value)) = (bytes > MAX_RECORD_BYTES as usize, &record.value) {
            (out.key, out.value, out.keys) = (None, None, None);
            self.lost(RecordPart::Value, value.range);
        }
        out
    }

    fn numbers(&mut self, record: &FoundRecord, out: &mut CodeRecord) {
        if let Some(partition) = &record.partition {
            out.partition = partition.value.number().and_then(|n| i32::try_from(n).ok());
            if out.partition.is_none() && !matches!(partition.value, Value::Null) {
                self.lost(RecordPart::Partition, partition.range);
            }
        }
        if let Some(timestamp) = &record.timestamp {
            out.timestamp = timestamp.value.number();
            let text = self.source.text(timestamp.range.0, timestamp.range.1);
            // What a record without a timestamp gets.
            let is_now = text == "System.currentTimeMillis()" || text == "Instant.now().toEpochMilli()";
            if out.timestamp.is_none() && !is_now && !matches!(timestamp.value, Value::Null) {
                self.lost(RecordPart::Timestamp, timestamp.range);
            }
        }
    }

    fn lost(&mut self, part: RecordPart, (from, to): (usize, usize)) {
        self.told.problem(from, What::PartNotCarried { part, text: self.source.text(from, to) });
    }

    fn written(&mut self, told: &FoundValue, chain: &[usize], is_key: bool) -> Written {
        if matches!(told.value, Value::Null) {
            return Written::default();
        }
        let written = told.value.parts().and_then(|parts| self.joined(parts, chain));
        // A loop here goes round with its keys alone.
        match written.filter(|written| is_key || written.keys.is_none()) {
            Some(written) => written,
            None => {
                self.lost(if is_key { RecordPart::Key } else { RecordPart::Value }, told.range);
                Written::default()
            }
        }
    }

    /// The text with `{i}` for what the loop counts.
    fn joined(&self, parts: Vec<Part>, chain: &[usize]) -> Option<Written> {
        let (mut text, mut keys, mut counters) = (String::new(), None, 0);
        for part in parts {
            let (of, modulo) = match part {
                Part::Text(known) => {
                    text.push_str(&known);
                    continue;
                }
                Part::Counter { of, keys } => (of, keys),
            };
            if self.rounds[of].leaves {
                // A retry that goes well counts no further.
                text.push('0');
                continue;
            }
            // Only the innermost loop counts as the one here does.
            chain.last().filter(|last| **last == of)?;
            text.push_str("{i}");
            counters += 1;
            keys = modulo;
            if chain.len() > 1 {
                // The one loop here counts on where the inner one begins anew, but for a key that goes round with it.
                let round =
                    self.rounds[of].rounds().and_then(|times| u32::try_from(times).ok()).filter(|times| *times > 0)?;
                keys = Some(keys.unwrap_or(round)).filter(|keys| round.is_multiple_of(*keys));
                keys?;
            }
        }
        if counters == 0 {
            return Some(Written { payload: Some(Payload::literal(text.as_bytes())), keys: None });
        }
        // Braces of the text's own are not taken for the counter.
        let is_mistaken = text.matches("{i}").count() != counters || text.starts_with("hex:");
        if is_mistaken || counters > 1 && keys.is_some() {
            return None;
        }
        Some(Written { payload: Payload::parse(&text), keys })
    }
}
