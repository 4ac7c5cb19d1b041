//! Java's and Kotlin's values: texts, partitions, records.

use std::sync::Arc;

use super::out::escaped;
use super::tree::Program;
use crate::ids::TopicPartition;
use crate::record::{Serializer, Typed};
use crate::script::{Payload, ProduceLoop, RecordValue, Send, Timestamp};

/// Kafka's own package of serializers.
pub(super) const SERIALIZATION: &str = "org.apache.kafka.common.serialization.";

/// One of the two, where they differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jvm {
    pub kotlin: bool,
}

/// What a line that sends makes a record of.
pub(super) struct RecordOf<'a> {
    pub topic: &'a str,
    pub key: Option<&'a Payload>,
    pub value: Option<&'a RecordValue>,
    pub partition: Option<i32>,
    pub timestamp: Option<Timestamp>,
    pub headers: &'a [(Arc<str>, Option<Arc<str>>)],
    pub keys: Option<u32>,
    /// It is sent once, so that nothing counts.
    pub once: bool,
}

/// What stands for `{i}`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Counter {
    /// Nothing counts: 0.
    Zero,
    I,
    /// Modulo so many keys.
    Modulo(u32),
}

impl Counter {
    /// The expression.
    pub fn expression(self) -> String {
        match self {
            Counter::Zero => "0".to_owned(),
            Counter::I => "i".to_owned(),
            Counter::Modulo(keys) => format!("i % {keys}"),
        }
    }
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
            once: send.times == 1,
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
            once: of.count == Some(1),
        }
    }
}

impl RecordOf<'_> {
    /// Whether its key or its value counts.
    pub fn counts(&self) -> bool {
        let counts = |payload: &Payload| matches!(payload, Payload::Text(text) if text.contains("{i}"));
        let value = matches!(self.value, Some(RecordValue::Payload(payload)) if counts(payload));
        value || self.key.map_or(self.keys.is_some(), counts)
    }

    /// What counts in its key.
    pub fn of_key(&self) -> Counter {
        match self.keys {
            _ if self.once => Counter::Zero,
            Some(keys) => Counter::Modulo(keys),
            None => Counter::I,
        }
    }

    /// What counts in its value.
    pub fn of_value(&self) -> Counter {
        if self.once { Counter::Zero } else { Counter::I }
    }
}

/// The class's own name: `StringSerializer`.
pub(super) fn simple(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

/// Whether a record is of the types that its serializers take. Else `send()` throws, and a compiler is not to hinder it.
pub(super) fn fits(of: &RecordOf<'_>, serializers: &[String; 2]) -> bool {
    let [key, value] = serializers.each_ref().map(|class| type_of(class));
    let is_it = |payload: &Payload, of: &str| match payload {
        Payload::Hex(_) => takes_bytes(of),
        Payload::Text(text) => typed(&text.replace("{i}", "0"), of).is_some(),
    };
    let value = match of.value {
        None => true,
        Some(RecordValue::Payload(payload)) => is_it(payload, value),
        Some(RecordValue::Size(_)) => takes_bytes(value),
    };
    // Without a pattern of their own keys are texts.
    value && of.key.map_or(of.keys.is_none() || typed("key-0", key).is_some(), |payload| is_it(payload, key))
}

/// Whether a serializer of this type takes bytes.
fn takes_bytes(type_name: &str) -> bool {
    matches!(type_name, "ByteArray" | "ByteBuffer" | "Bytes")
}

/// Whether a serializer of this type takes numbers.
pub(super) fn takes_numbers(type_name: &str) -> bool {
    matches!(type_name, "Short" | "Integer" | "Long" | "Float" | "Double")
}

/// What a text is to the serializer of a type; None: it is no value of the type, and `send()` throws.
pub(super) fn typed(text: &str, type_name: &str) -> Option<Typed> {
    Serializer::from_class(&format!("{type_name}Serializer")).unwrap_or(Serializer::STRING).typed(text)
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
        format!("\"{}\"", escaped(text, &|c| (self.kotlin && c == '$').then(|| "\\$".to_owned())))
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
        let key_text = key.map_or_else(null, |key| self.payload(key, type_of(key_class), of.of_key()));
        let value = match of.value {
            None => null(),
            Some(RecordValue::Payload(payload)) => self.payload(payload, type_of(value_class), of.of_value()),
            Some(RecordValue::Size(bytes)) => {
                // So many bytes are bytes to every serializer.
                let name = Some(type_of(value_class)).filter(|name| takes_bytes(name)).unwrap_or("ByteArray");
                self.typed(format!("\"v\".repeat({bytes})"), name)
            }
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
        } else if of.timestamp.is_some() && of.value.is_none() {
            // Five parts of which the last is null fit two constructors.
            parts.push(self.list(&[]));
        }
        let diamond = if self.kotlin { "" } else { "<>" };
        format!("{}ProducerRecord{diamond}({})", self.made(), parts.join(", "))
    }

    /// A key or a value of the type that its serializer takes.
    fn payload(self, payload: &Payload, type_name: &str, counter: Counter) -> String {
        match payload {
            Payload::Text(text) => self.counted(text, type_name, counter),
            Payload::Hex(bytes) => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                let bytes = format!("HexFormat.of().parseHex(\"{digits}\")");
                match type_name {
                    "ByteBuffer" | "Bytes" => format!("{type_name}.wrap({bytes})"),
                    _ => bytes,
                }
            }
        }
    }

    /// A text with the counter in it.
    fn counted(self, text: &str, type_name: &str, counter: Counter) -> String {
        let zero = text.replace("{i}", "0");
        let text = if matches!(counter, Counter::Zero) { &zero } else { text };
        // What is no value of the type is handed over as the text that it is, and `send()` throws.
        let type_name = if typed(&zero, type_name).is_some() { type_name } else { "String" };
        if !text.contains("{i}") {
            return self.literal(text, type_name).unwrap_or_else(|| self.typed(self.text(text), type_name));
        }
        let counter = counter.expression();
        let numbers = takes_numbers(type_name);
        let text = if numbers || type_name == "UUID" { text.trim() } else { text };
        if numbers && text == "{i}" {
            return self.cast(&counter, type_name);
        }
        if self.kotlin {
            let slot = format!("${{{counter}}}");
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

    /// A value that its serializer does not take as a text or as bytes.
    fn literal(self, text: &str, type_name: &str) -> Option<String> {
        let unusual = |value: f64| {
            Some(match value {
                _ if value.is_nan() => format!("{type_name}.NaN"),
                f64::INFINITY => format!("{type_name}.POSITIVE_INFINITY"),
                f64::NEG_INFINITY => format!("{type_name}.NEGATIVE_INFINITY"),
                _ => return None,
            })
        };
        Some(match typed(text, type_name)? {
            Typed::Text(_) | Typed::Bytes(_) => return None,
            // Kotlin takes the sign off first, and what is left is too large.
            Typed::Integer(i32::MIN) if self.kotlin => "Int.MIN_VALUE".to_owned(),
            Typed::Long(i64::MIN) if self.kotlin => "Long.MIN_VALUE".to_owned(),
            Typed::Integer(n) => n.to_string(),
            Typed::Long(n) => format!("{n}L"),
            Typed::Short(n) => self.cast(&n.to_string(), type_name),
            Typed::Float(n) => unusual(f64::from(n)).unwrap_or_else(|| format!("{n:?}f")),
            Typed::Double(n) => unusual(n).unwrap_or_else(|| format!("{n:?}")),
            Typed::Boolean(is) => is.to_string(),
            Typed::Uuid(text) => format!("UUID.fromString(\"{text}\")"),
        })
    }

    /// An integer as a number of another type.
    fn cast(self, value: &str, type_name: &str) -> String {
        match (type_name, self.kotlin) {
            ("Integer", _) => value.to_owned(),
            (_, true) => format!("({value}).to{type_name}()"),
            (_, false) => format!("({}) ({value})", type_name.to_ascii_lowercase()),
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
            "Integer" if self.kotlin => format!("{text}.toInt()"),
            "Integer" => format!("Integer.parseInt({text})"),
            name if takes_numbers(name) && self.kotlin => format!("{text}.to{name}()"),
            name if takes_numbers(name) => format!("{name}.parse{name}({text})"),
            _ => text,
        }
    }
}
