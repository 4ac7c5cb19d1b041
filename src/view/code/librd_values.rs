//! Python's and Rust's values: texts, durations, partitions, records.

use std::sync::Arc;

use super::jvm_values::{Counter, RecordOf, takes_numbers, type_of, typed};
use super::librd::Librd;
use super::out::escaped;
use super::tree::Program;
use crate::ids::TopicPartition;
use crate::lang::is_hidden;
use crate::record::Typed;
use crate::script::{Payload, RecordValue, Timestamp};

/// A number of a setting, or what is meant without it.
pub(super) fn usize_of(value: &str, default: usize) -> usize {
    value.parse().unwrap_or(default)
}

impl Librd {
    /// A text in quotes.
    pub fn text(self, text: &str) -> String {
        format!("\"{}\"", self.escaped(text))
    }

    fn escaped(self, text: &str) -> String {
        escaped(text, &|c| (self.rust && is_hidden(c)).then(|| format!("\\u{{{:x}}}", c as u32)))
    }

    /// Microseconds in seconds, as Python counts.
    pub fn seconds(self, us: u64) -> String {
        let text = format!("{}.{:06}", us / 1_000_000, us % 1_000_000);
        let text = text.trim_end_matches('0');
        text.strip_suffix('.').unwrap_or(text).to_owned()
    }

    /// Milliseconds as a timeout.
    pub fn ms(self, ms: u64) -> String {
        if self.rust { format!("Duration::from_millis({ms})") } else { self.seconds(ms.saturating_mul(1000)) }
    }

    /// Microseconds as a duration.
    pub fn us(self, us: u64) -> String {
        match us % 1000 {
            0 => self.ms(us / 1000),
            _ if self.rust => format!("Duration::from_micros({us})"),
            _ => self.seconds(us),
        }
    }

    /// A partition as an argument; with what stands behind it.
    pub fn place(self, of: &TopicPartition, more: &str) -> String {
        let name = self.of("TopicPartition", "");
        let more = if more.is_empty() { String::new() } else { format!(", {more}") };
        format!("{name}({}, {}{more})", self.text(&of.topic), of.partition)
    }

    /// A list of partitions.
    pub fn partitions(self, all: &[TopicPartition]) -> String {
        let places: Vec<String> = all.iter().map(|of| self.place(of, "")).collect();
        match self.rust {
            true => format!("partitions(&[{}])", places.join(", ")),
            false => format!("[{}]", places.join(", ")),
        }
    }

    /// A list of partitions with an offset each; none of a partition: where its group is.
    pub fn offsets(self, all: &[(TopicPartition, Option<String>)], metadata: Option<&str>) -> String {
        let place = |(of, offset): &(TopicPartition, Option<String>)| match (self.rust, offset, metadata) {
            (true, offset, _) => self.place(of, offset.as_deref().unwrap_or("Offset::Invalid")),
            (false, Some(offset), Some(metadata)) => self.place(of, &format!("{offset}, {metadata}")),
            (false, offset, _) => self.place(of, offset.as_deref().unwrap_or("")),
        };
        let places: Vec<String> = all.iter().map(place).collect();
        match self.rust {
            true => format!("offsets(&[{}], {})?", places.join(", "), metadata.unwrap_or("\"\"")),
            false => format!("[{}]", places.join(", ")),
        }
    }

    /// An offset as a value.
    pub fn offset(self, offset: i64) -> String {
        if self.rust { format!("Offset::Offset({offset})") } else { offset.to_string() }
    }

    /// A record as the arguments of `produce`, or as a `FutureRecord`.
    pub fn record(self, program: &Program<'_>, of: &RecordOf<'_>) -> String {
        let [key_class, value_class] = &program.serializers;
        let default_key = of.keys.map(|_| Payload::Text(Arc::from("key-{i}")));
        let key = of.key.or(default_key.as_ref()).map(|key| self.payload(key, type_of(key_class), of.of_key()));
        let value = of.value.map(|value| match value {
            RecordValue::Payload(payload) => self.payload(payload, type_of(value_class), of.of_value()),
            RecordValue::Size(bytes) if self.rust => format!("\"v\".repeat({bytes})"),
            RecordValue::Size(bytes) => format!("\"v\" * {bytes}"),
        });
        let timestamp = of.timestamp.map(|timestamp| match (timestamp, self.rust) {
            (Timestamp::At(ms), _) => ms.to_string(),
            (Timestamp::Now(shift), rust) => {
                let now = match rust {
                    true => "SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as i64",
                    false => "int(time.time() * 1000)",
                };
                match shift {
                    0 => now.to_owned(),
                    shift => format!("{now} {} {}", if shift < 0 { '-' } else { '+' }, shift.unsigned_abs()),
                }
            }
        });
        if self.rust {
            self.future_record(of, key, value, timestamp)
        } else {
            self.arguments(of, key, value, timestamp)
        }
    }

    fn arguments(
        self,
        of: &RecordOf<'_>,
        key: Option<String>,
        value: Option<String>,
        timestamp: Option<String>,
    ) -> String {
        let mut all = self.text(of.topic);
        let partition = of.partition.map(|partition| partition.to_string());
        for (name, value) in [("key", key), ("value", value), ("partition", partition), ("timestamp", timestamp)] {
            if let Some(value) = value {
                all.push_str(&format!(", {name}={value}"));
            }
        }
        let header = |(name, value): &(Arc<str>, Option<Arc<str>>)| {
            let value = value.as_ref().map_or_else(|| "None".to_owned(), |value| self.text(value));
            format!("({}, {value})", self.text(name))
        };
        if !of.headers.is_empty() {
            let headers: Vec<String> = of.headers.iter().map(header).collect();
            all.push_str(&format!(", headers=[{}]", headers.join(", ")));
        }
        all
    }

    fn future_record(
        self,
        of: &RecordOf<'_>,
        key: Option<String>,
        value: Option<String>,
        timestamp: Option<String>,
    ) -> String {
        // What is not there has no type that could be inferred.
        let types = match (&key, &value) {
            (Some(_), Some(_)) => "",
            (Some(_), None) => "::<_, ()>",
            (None, Some(_)) => "::<(), _>",
            (None, None) => "::<(), ()>",
        };
        let mut all = format!("FutureRecord{types}::to({})", self.text(of.topic));
        let partition = of.partition.map(|partition| partition.to_string());
        // A text in quotes is borrowed as it is.
        let lent = |value: String| {
            let is_literal = value.starts_with('"') && value.ends_with('"');
            if is_literal { value } else { format!("&{value}") }
        };
        let (key, value) = (key.map(lent), value.map(lent));
        for (name, value) in [("partition", partition), ("key", key), ("payload", value), ("timestamp", timestamp)] {
            if let Some(value) = value {
                all.push_str(&format!(".{name}({value})"));
            }
        }
        if !of.headers.is_empty() {
            all.push_str(".headers(OwnedHeaders::new()");
            for (name, value) in of.headers {
                let value = match value {
                    Some(value) => format!("Some({})", self.text(value)),
                    None => "None::<&str>".to_owned(),
                };
                all.push_str(&format!(".insert(Header {{ key: {}, value: {value} }})", self.text(name)));
            }
            all.push(')');
        }
        all
    }

    /// A key or a value as bytes, or as a text that is them.
    fn payload(self, payload: &Payload, type_name: &str, counter: Counter) -> String {
        let text = match payload {
            Payload::Hex(bytes) if !self.rust => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                return format!("bytes.fromhex(\"{digits}\")");
            }
            Payload::Hex(bytes) => {
                let all: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
                return if all.is_empty() { "\"\"".to_owned() } else { format!("[{}u8]", all.join(", ")) };
            }
            Payload::Text(text) => text,
        };
        let zero = text.replace("{i}", "0");
        let text = if matches!(counter, Counter::Zero) { &*zero } else { &**text };
        if !text.contains("{i}") {
            return self.bytes(text, type_name).unwrap_or_else(|| self.text(text));
        }
        let is_number = takes_numbers(type_name) && typed(&zero, type_name).is_some();
        match is_number {
            true if text.trim() == "{i}" => {
                let i = counter.expression();
                let i = if self.rust && i.contains(' ') { format!("({i})") } else { i };
                self.number(&i, type_name, true)
            }
            true => {
                let text = self.counted(text.trim(), counter);
                let (letter, name) = number_type(type_name);
                match self.rust {
                    true => format!("{text}.parse::<{name}>()?.to_be_bytes()"),
                    false if matches!(letter, 'f' | 'd') => format!("struct.pack(\">{letter}\", float({text}))"),
                    false => format!("struct.pack(\">{letter}\", int({text}))"),
                }
            }
            false => self.counted(text, counter),
        }
    }

    /// A text with the counter in it.
    fn counted(self, text: &str, counter: Counter) -> String {
        // The braces first: an escape of Rust has some of its own.
        let part = |part: &str| self.escaped(&part.replace('{', "{{").replace('}', "}}"));
        let parts: Vec<String> = text.split("{i}").map(part).collect();
        let is_plain = !matches!(counter, Counter::Modulo(_));
        let counter = counter.expression();
        match (self.rust, is_plain) {
            (false, _) => format!("f\"{}\"", parts.join(&format!("{{{counter}}}"))),
            (true, true) => format!("format!(\"{}\")", parts.join("{i}")),
            (true, false) => {
                let arguments = vec![counter; parts.len() - 1].join(", ");
                format!("format!(\"{}\", {arguments})", parts.join("{}"))
            }
        }
    }

    /// The bytes that Kafka's serializer writes of a text; None: they are the text's own, or it is no value of the type.
    fn bytes(self, text: &str, type_name: &str) -> Option<String> {
        let number = |text: String| Some(self.number(&text, type_name, false));
        match typed(text, type_name)? {
            Typed::Text(_) | Typed::Bytes(_) => None,
            Typed::Uuid(text) => Some(self.text(&text)),
            Typed::Boolean(is) if self.rust => Some(format!("[{}u8]", u8::from(is))),
            Typed::Boolean(is) => Some(format!("b\"\\x0{}\"", u8::from(is))),
            Typed::Short(n) => number(n.to_string()),
            Typed::Integer(n) => number(n.to_string()),
            Typed::Long(n) => number(n.to_string()),
            Typed::Float(n) => number(format!("{n:?}")),
            Typed::Double(n) => number(format!("{n:?}")),
        }
    }

    /// The bytes of a number, or of a counter.
    fn number(self, value: &str, type_name: &str, counts: bool) -> String {
        let (letter, name) = number_type(type_name);
        match (self.rust, value) {
            (false, "NaN" | "inf" | "-inf") => {
                format!("struct.pack(\">{letter}\", float(\"{}\"))", value.to_ascii_lowercase())
            }
            (false, _) => format!("struct.pack(\">{letter}\", {value})"),
            (true, "NaN") => format!("{name}::NAN.to_be_bytes()"),
            (true, "inf") => format!("{name}::INFINITY.to_be_bytes()"),
            (true, "-inf") => format!("{name}::NEG_INFINITY.to_be_bytes()"),
            (true, _) if counts => format!("({value} as {name}).to_be_bytes()"),
            // A method binds tighter than a sign.
            (true, _) if value.starts_with('-') => format!("({value}{name}).to_be_bytes()"),
            (true, _) => format!("{value}{name}.to_be_bytes()"),
        }
    }
}

/// A type of numbers: its letter in Python's `struct`, and its name in Rust.
fn number_type(type_name: &str) -> (char, &'static str) {
    match type_name {
        "Short" => ('h', "i16"),
        "Integer" => ('i', "i32"),
        "Long" => ('q', "i64"),
        "Float" => ('f', "f32"),
        _ => ('d', "f64"),
    }
}
