//! Records that a program makes.

use super::arguments::Arguments;
use super::findings::Findings;
use super::found::{FoundPlace, FoundRecord, FoundValue};
use super::value::Value;

impl<'t, 'a> Findings<'t, 'a> {
    /// `ProducerRecord(topic, value)`, `(topic, key, value)`, `(topic, partition, key, value)`,
    /// `(topic, partition, timestamp, key, value)`, and headers behind them.
    pub fn made_record(&mut self, place: FoundPlace, arguments: &Arguments<'t, 'a>) -> Value<'t, 'a> {
        let told = |i: usize| FoundValue { value: arguments.value(i), range: arguments.range(i) };
        let mut record = FoundRecord {
            at: arguments.at,
            place,
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
                    add_headers(&mut record, &told(key + 2));
                }
            }
            _ => {}
        }
        self.records.push(record);
        Value::Record(self.records.len() - 1)
    }

    /// `record.headers().add("trace", bytes)`, under so many conditions.
    pub fn header_call(
        &mut self,
        conditions: u32,
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
                let is_sure = conditions == self.records[*record].place.conditions;
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
                let word = word.to_ascii_lowercase();
                word.contains("time") || word.contains("milli") || word == "ts"
            })
        };
        matches!(of.value, Value::Null | Value::Int { .. }) || (from..to).any(is_word)
    }
}

fn add_headers<'t, 'a>(record: &mut FoundRecord<'t, 'a>, headers: &FoundValue<'t, 'a>) {
    match &headers.value {
        Value::Null => {}
        Value::List(list) if list.iter().all(|of| header(of).is_some()) => {
            record.headers.extend(list.iter().filter_map(header));
        }
        _ => record.lost_headers.push(headers.range),
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
