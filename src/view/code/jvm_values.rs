//! Java's and Kotlin's values: texts, partitions, records.

use std::sync::Arc;

use super::tree::Program;
use crate::ids::TopicPartition;
use crate::script::{Payload, ProduceLoop, RecordValue, Send, Timestamp};

/// One of the two, where they differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jvm {
    pub kotlin: bool,
}

/// What a line that sends makes a record of.
pub(super) struct RecordOf<'a> {
    topic: &'a str,
    key: Option<&'a Payload>,
    value: Option<&'a RecordValue>,
    partition: Option<i32>,
    timestamp: Option<Timestamp>,
    headers: &'a [(Arc<str>, Option<Arc<str>>)],
    keys: Option<u32>,
}

impl<'a> RecordOf<'a> {
    pub fn send(send: &'a Send) -> RecordOf<'a> {
        RecordOf {
            topic: &send.topic,
            key: send.key.as_ref(),
            value: send.value.as_ref(),
            partition: send.partition,
            timestamp: send.timestamp,
            headers: &send.headers,
            keys: None,
        }
    }

    pub fn of_loop(of: &'a ProduceLoop) -> RecordOf<'a> {
        RecordOf {
            topic: &of.topic,
            key: of.key.as_ref(),
            value: of.value.as_ref(),
            partition: of.partition,
            timestamp: of.timestamp,
            headers: &of.headers,
            keys: of.keys,
        }
    }
}

/// The class's own name: `StringSerializer`.
pub(super) fn simple(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

/// The type that a serializer takes or a deserializer gives: the first letters of its class.
pub(super) fn type_of(class: &str) -> &str {
    let name = simple(class);
    name.strip_suffix("Deserializer").or_else(|| name.strip_suffix("Serializer")).unwrap_or("String")
}

/// A pause of so many microseconds.
pub(super) fn sleep(us: u64, jvm: Jvm) -> String {
    match us % 1000 {
        0 => format!("Thread.sleep({}){}", us / 1000, jvm.end()),
        rest => format!("Thread.sleep({}, {}){}", us / 1000, rest * 1000, jvm.end()),
    }
}

impl Jvm {
    /// `new ` in Java.
    pub fn made(self) -> &'static str {
        if self.kotlin { "" } else { "new " }
    }

    pub fn end(self) -> &'static str {
        if self.kotlin { "" } else { ";" }
    }

    /// A text in quotes.
    pub fn text(self, text: &str) -> String {
        let mut out = String::from("\"");
        for letter in text.chars() {
            match letter {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '$' if self.kotlin => out.push_str("\\$"),
                letter if letter.is_control() => out.push_str(&format!("\\u{:04x}", letter as u32)),
                letter => out.push(letter),
            }
        }
        out.push('"');
        out
    }

    pub fn list(self, items: &[String]) -> String {
        format!("{}({})", if self.kotlin { "listOf" } else { "List.of" }, items.join(", "))
    }

    pub fn set(self, items: &[String]) -> String {
        format!("{}({})", if self.kotlin { "setOf" } else { "Set.of" }, items.join(", "))
    }

    pub fn map(self, pairs: &[(String, String)]) -> String {
        let joined = |pair: fn(&(String, String)) -> String| pairs.iter().map(pair).collect::<Vec<_>>().join(", ");
        match self.kotlin {
            true => format!("mapOf({})", joined(|(key, value)| format!("{key} to {value}"))),
            // `Map.of` takes ten pairs.
            false if pairs.len() > 10 => {
                format!("Map.ofEntries({})", joined(|(key, value)| format!("Map.entry({key}, {value})")))
            }
            false => format!("Map.of({})", joined(|(key, value)| format!("{key}, {value}"))),
        }
    }

    pub fn partition(self, of: &TopicPartition) -> String {
        format!("{}TopicPartition({}, {})", self.made(), self.text(&of.topic), of.partition)
    }

    pub fn partitions(self, all: &[TopicPartition]) -> Vec<String> {
        all.iter().map(|of| self.partition(of)).collect()
    }

    pub fn millis(self, ms: u64) -> String {
        format!("Duration.ofMillis({ms})")
    }

    /// `new ProducerRecord<>("orders", "mia", "v")`
    pub fn record(self, program: &Program<'_>, of: &RecordOf<'_>) -> String {
        let null = || "null".to_owned();
        let [key_class, value_class] = &program.serializers;
        let default_key = of.keys.map(|_| Payload::Text(Arc::from("key-{i}")));
        let key = of.key.or(default_key.as_ref());
        let key_text = key.map_or_else(null, |key| self.payload(key, type_of(key_class), of.keys));
        let value = match of.value {
            None => null(),
            Some(RecordValue::Payload(payload)) => self.payload(payload, type_of(value_class), None),
            Some(RecordValue::Size(bytes)) => self.typed(format!("\"v\".repeat({bytes})"), type_of(value_class)),
        };
        let number = |n: Option<i64>, suffix: &str| n.map_or_else(null, |n| format!("{n}{suffix}"));
        let partition = number(of.partition.map(i64::from), "");
        let timestamp = match of.timestamp {
            Some(Timestamp::Now(0)) => "System.currentTimeMillis()".to_owned(),
            Some(Timestamp::Now(shift)) => {
                let sign = if shift < 0 { '-' } else { '+' };
                format!("System.currentTimeMillis() {sign} {}L", shift.unsigned_abs())
            }
            Some(Timestamp::At(ms)) => format!("{ms}L"),
            None => null(),
        };
        let mut parts = vec![self.text(of.topic)];
        let has_headers = !of.headers.is_empty();
        if has_headers || of.timestamp.is_some() {
            parts.extend([partition, timestamp, key_text, value]);
        } else if of.partition.is_some() {
            parts.extend([partition, key_text, value]);
        } else if key.is_some() {
            parts.extend([key_text, value]);
        } else {
            parts.push(value);
        }
        if has_headers {
            let bytes = if self.kotlin { ".toByteArray()" } else { ".getBytes(UTF_8)" };
            let header = |(name, value): &(Arc<str>, Option<Arc<str>>)| {
                let value = value.as_ref().map_or_else(null, |value| self.text(value) + bytes);
                format!("{}RecordHeader({}, {value})", self.made(), self.text(name))
            };
            // Java infers the list's type from its elements, and wants it to be of headers.
            let list = if self.kotlin { "listOf<Header>" } else { "List.<Header>of" };
            let headers: Vec<String> = of.headers.iter().map(header).collect();
            parts.push(format!("{list}({})", headers.join(", ")));
        }
        let diamond = if self.kotlin { "" } else { "<>" };
        format!("{}ProducerRecord{diamond}({})", self.made(), parts.join(", "))
    }

    /// A key or a value of the type that its serializer takes.
    fn payload(self, payload: &Payload, type_name: &str, keys: Option<u32>) -> String {
        match payload {
            Payload::Text(text) => self.counted(text, type_name, keys),
            Payload::Hex(bytes) => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("HexFormat.of().parseHex(\"{digits}\")")
            }
        }
    }

    /// A text with the counter in it.
    fn counted(self, text: &str, type_name: &str, keys: Option<u32>) -> String {
        let counter = keys.map_or_else(|| "i".to_owned(), |keys| format!("i % {keys}"));
        let number = match type_name {
            "Integer" | "Short" => text.parse::<i32>().ok().map(|n| n.to_string()),
            "Long" => text.parse::<i64>().ok().map(|n| format!("{n}L")),
            "Double" => text.parse::<f64>().ok().map(|n| format!("{n:?}")),
            "Float" => text.parse::<f32>().ok().map(|n| format!("{n:?}f")),
            _ => None,
        };
        if let Some(number) = number {
            return number;
        }
        if !text.contains("{i}") {
            return self.typed(self.text(text), type_name);
        }
        if text == "{i}" && matches!(type_name, "Integer" | "Short" | "Long") {
            return if type_name == "Long" { format!("(long) ({counter})") } else { counter };
        }
        if self.kotlin {
            let slot = if keys.is_some() { format!("${{{counter}}}") } else { "${i}".to_owned() };
            let parts: Vec<String> = text.split("{i}").map(|part| self.text(part)).collect();
            let inner: Vec<&str> = parts.iter().map(|part| &part[1..part.len() - 1]).collect();
            return self.typed(format!("\"{}\"", inner.join(&slot)), type_name);
        }
        let mut parts: Vec<String> = Vec::new();
        for (i, part) in text.split("{i}").enumerate() {
            if i > 0 {
                parts.push(counter.clone());
            }
            if !part.is_empty() || (i == 0 && text.starts_with("{i}{i}")) {
                parts.push(self.text(part));
            }
        }
        let joined = if parts.len() == 1 { format!("String.valueOf({counter})") } else { parts.join(" + ") };
        match type_name {
            "ByteArray" if parts.len() > 1 => self.typed(format!("({joined})"), type_name),
            _ => self.typed(joined, type_name),
        }
    }

    /// A text as the type that its serializer takes.
    fn typed(self, text: String, type_name: &str) -> String {
        match type_name {
            "ByteArray" if self.kotlin => format!("{text}.toByteArray()"),
            "ByteArray" => format!("{text}.getBytes(UTF_8)"),
            "ByteBuffer" if self.kotlin => format!("ByteBuffer.wrap({text}.toByteArray())"),
            "ByteBuffer" => format!("ByteBuffer.wrap(({text}).getBytes(UTF_8))"),
            "Bytes" if self.kotlin => format!("Bytes.wrap({text}.toByteArray())"),
            "Bytes" => format!("Bytes.wrap(({text}).getBytes(UTF_8))"),
            "UUID" => format!("UUID.fromString({text})"),
            _ => text,
        }
    }
}
