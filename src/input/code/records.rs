//! Records: what a program makes, and what of it a program here can send: texts, and what a loop counts.

use crate::script::{MAX_RECORD_BYTES, Payload};

use super::super::part::RecordPart;
use super::super::problem::What;
use super::arguments::Arguments;
use super::described::CodeRecord;
use super::found::{FoundRecord, FoundValue};
use super::topics::is_topic;
use super::value::{Part, Value};
use super::walk::Walk;

/// The key or value of a record, as far as it is known.
#[derive(Default)]
struct Written {
    payload: Option<Payload>,
    /// The counter goes round after so many: `i % 3`.
    keys: Option<u32>,
}

impl<'t, 'a> Walk<'t, 'a> {
    /// `ProducerRecord(topic, value)`, `(topic, key, value)`, `(topic, partition, key, value)`,
    /// `(topic, partition, timestamp, key, value)`, and headers behind them.
    pub fn made_record(&mut self, arguments: &Arguments<'t, 'a>) -> Value<'t, 'a> {
        let told = |i: usize| FoundValue { value: arguments.value(i), range: arguments.range(i) };
        let mut record = FoundRecord {
            at: arguments.at,
            place: self.place(arguments.at),
            topic: told(0),
            partition: None,
            timestamp: None,
            key: None,
            value: None,
            headers: Vec::new(),
            lost_headers: Vec::new(),
        };
        match arguments.len() {
            2 => record.value = Some(told(1)),
            3 => (record.key, record.value) = (Some(told(1)), Some(told(2))),
            n @ 4..=6 => {
                // The longest form has both a timestamp and headers; one of five tells by its third.
                let is_timed = n == 6 || n == 5 && self.is_time(&told(2));
                let key = if is_timed { 3 } else { 2 };
                record.partition = Some(told(1));
                record.timestamp = is_timed.then(|| told(2));
                (record.key, record.value) = (Some(told(key)), Some(told(key + 1)));
                if n > key + 2 {
                    self.add_headers(&mut record, told(key + 2));
                }
            }
            _ => {}
        }
        self.records.push(record);
        Value::Record(self.records.len() - 1)
    }

    fn add_headers(&self, record: &mut FoundRecord<'t, 'a>, headers: FoundValue<'t, 'a>) {
        match &headers.value {
            Value::Null => {}
            Value::List(list) if list.iter().all(|of| header(of).is_some()) => {
                record.headers.extend(list.iter().filter_map(header));
            }
            _ => record.lost_headers.push(headers.range),
        }
    }

    /// `record.headers().add("trace", bytes)`
    pub fn header_call(
        &mut self,
        on: &Value<'t, 'a>,
        name: &str,
        from: usize,
        arguments: &Arguments<'t, 'a>,
    ) -> Option<Value<'t, 'a>> {
        match (on, name) {
            (Value::Record(record), "headers") => Some(Value::Headers(*record)),
            (Value::Headers(record), "add") => {
                let pair = match arguments.len() {
                    1 => header(&arguments.value(0)),
                    _ => header(&Value::Pair(std::rc::Rc::new([arguments.value(0), arguments.value(1)]))),
                };
                let is_sure = self.conditions == self.records[*record].place.conditions;
                match pair.filter(|_| is_sure) {
                    Some(pair) => self.records[*record].headers.push(pair),
                    None => {
                        let close = self.source.closing(arguments.at + 1);
                        self.records[*record].lost_headers.push((from, close + 1));
                    }
                }
                Some(on.clone())
            }
            _ => None,
        }
    }

    /// Whether an argument is a timestamp rather than a key, as far as a text tells.
    fn is_time(&self, of: &FoundValue<'t, 'a>) -> bool {
        let (from, to) = of.range;
        let is_word = |i: usize| {
            self.source.word(i).is_some_and(|word| {
                let word = word.to_lowercase();
                word.contains("time") || word.contains("milli") || word == "ts"
            })
        };
        matches!(of.value, Value::Null | Value::Int { .. }) || (from..to).any(is_word)
    }

    /// A record as it is sent in these loops; what is lost of it is told.
    pub fn code_record(&mut self, number: usize, chain: &[usize]) -> CodeRecord {
        let record = self.records[number].clone();
        let (line, column) = self.source.place(record.at);
        let mut out = CodeRecord { line, column, headers: record.headers.clone(), ..CodeRecord::default() };
        out.topic = record.topic.value.as_text().map(|topic| topic.to_string()).filter(|topic| is_topic(topic));
        if out.topic.is_none() {
            let (from, to) = record.topic.range;
            self.problem(from, What::TopicNotKnown { text: self.source.text(from, to) });
        }
        self.numbers(&record, &mut out);
        for (from, to) in record.lost_headers {
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
        // A record that is too large for a line of a script.
        let bytes = [&out.key, &out.value].into_iter().flatten().map(Payload::len).sum::<usize>();
        if let (true, Some(value)) = (bytes > MAX_RECORD_BYTES as usize, &record.value) {
            (out.key, out.value, out.keys) = (None, None, None);
            self.lost(RecordPart::Value, value.range);
        }
        out
    }

    fn numbers(&mut self, record: &FoundRecord<'t, 'a>, out: &mut CodeRecord) {
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
        self.problem(from, What::PartNotCarried { part, text: self.source.text(from, to) });
    }

    fn written(&mut self, told: &FoundValue<'t, 'a>, chain: &[usize], is_key: bool) -> Written {
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

/// The name and the value of a header that is known.
fn header(of: &Value) -> Option<(String, Option<String>)> {
    let Value::Pair(pair) = of else { return None };
    let name = pair[0].as_text()?.to_string();
    if name.is_empty() || name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control()) {
        return None;
    }
    match &pair[1] {
        Value::Null => Some((name, None)),
        value => Some((name, Some(value.as_text()?.to_string()))),
    }
}
