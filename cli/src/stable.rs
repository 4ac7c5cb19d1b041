//! Values that do not depend on chance or on the clock, as recorded runs have them.

use std::sync::{Arc, LazyLock};

use fancy_regex::Regex;
use partita::application::SeenRecord;
use partita::error::{Code, Exception};
use partita::ids::TopicPartition;
use partita::record::Deserializer;
use partita::script::Property;
use serde_json::{Map, Value, json};

/// Milliseconds: only times further from now than three days can have been given by a script.
const SCRIPT_TIME_MS: u64 = 3 * 24 * 3600 * 1000;
/// Characters: longer texts are shown by their size.
const LONG: usize = 80;

static PATTERNS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    let all: [(String, &str); 9] = [
        (format!("([A-Za-z0-9_.-]+)-{uuid}"), "${1}-<uuid>"),
        (uuid.to_owned(), "<uuid>"),
        (
            "(?<![A-Za-z0-9_-])(?![A-Za-z]*(Response|Request|Exception|Error))(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[a-z])[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])".to_owned(),
            "<uuid>",
        ),
        (r"(localhost|127\.0\.0\.1|broker-\d)(/127\.0\.0\.1)?:\d+".to_owned(), "<broker>"),
        (r"\d+ ms has passed".to_owned(), "<n> ms has passed"),
        (r"producerId[=: ]+\d+".to_owned(), "producerId <n>"),
        (r"createdTimeMs=\d+".to_owned(), "createdTimeMs=<n>"),
        (r"deadlineMs=\d+|timeoutMs=\d+".to_owned(), "<deadline>"),
        (r"(?<!\d)(1[78]\d{11}|-9223\d{15})(?!\d)".to_owned(), "<time>"),
    ];
    all.into_iter().map(|(pattern, with)| (Regex::new(&pattern).expect("a constant pattern"), with)).collect()
});

/// A message without ids, ports and durations.
pub fn text(message: &str) -> String {
    PATTERNS.iter().fold(message.to_owned(), |text, (pattern, with)| pattern.replace_all(&text, *with).into_owned())
}

/// An exception: class, Kafka's error name and code, message, cause.
pub fn error(exception: &Exception) -> Value {
    let mut found = Map::new();
    found.insert("exception".into(), exception.class.into());
    if let Some(code) = exception.code.filter(|code| *code != Code::UnknownServerError) {
        found.insert("error".into(), code.name().into());
        found.insert("code".into(), code.code().into());
    }
    if !exception.message.is_empty() {
        found.insert("message".into(), text(&exception.message).into());
    }
    if let Some(cause) = &exception.cause {
        if cause.message != exception.message {
            found.insert("cause".into(), error(cause));
        } else if cause.class != exception.class {
            found.insert("cause-exception".into(), cause.class.into());
        }
    }
    Value::Object(found)
}

/// Whether a timestamp can have been given by the script.
pub const fn from_script(timestamp: i64, now_ms: i64) -> bool {
    timestamp.abs_diff(now_ms) > SCRIPT_TIME_MS
}

pub fn shorten(text: &str) -> String {
    // Java counts UTF-16 units.
    if text.encode_utf16().count() <= LONG { text.to_owned() } else { format!("<{} bytes>", text.len()) }
}

/// What the deserializers of a consumer make of keys and values, as Java's `toString` prints it.
#[derive(Clone, Copy)]
pub struct Reading {
    key: Deserializer,
    value: Deserializer,
}

impl Reading {
    /// Of a log on disk: text.
    pub const TEXT: Reading = Reading { key: Deserializer::STRING, value: Deserializer::STRING };

    /// Of a consumer with these properties.
    pub fn of(properties: &[Property]) -> Reading {
        let named = |name: &str| {
            let class = properties.iter().find(|property| &*property.name == name)?;
            Deserializer::from_class(&class.value)
        };
        let one = |name: &str| named(name).unwrap_or(Deserializer::STRING);
        Reading { key: one("key.deserializer"), value: one("value.deserializer") }
    }
}

fn bytes(of: Option<&[u8]>, by: Deserializer) -> Value {
    let Some(bytes) = of else { return Value::Null };
    let text = match by {
        // Bytes were never checked to be text: they are shown as if they were.
        Deserializer::STRING | Deserializer::BYTE_ARRAY => String::from_utf8_lossy(bytes).into_owned(),
        other => match other.deserialize(Some(bytes)) {
            Ok(Some(text)) => text,
            _ => return Value::Null,
        },
    };
    shorten(&text).into()
}

/// A record as a reader saw it.
pub fn record(seen: &SeenRecord, now_ms: i64, with_headers: bool, reading: Reading) -> Value {
    let mut found = Map::new();
    found.insert("offset".into(), seen.offset.into());
    if let Some(key) = &seen.key {
        found.insert("key".into(), bytes(Some(key), reading.key));
    }
    found.insert("value".into(), bytes(seen.value.as_deref(), reading.value));
    if with_headers && !seen.headers.is_empty() {
        let one = |(name, value): &(Arc<str>, Option<_>)| {
            let value =
                value.as_ref().map(|value: &_| String::from_utf8_lossy(AsRef::<[u8]>::as_ref(value)).into_owned());
            json!([&**name, value])
        };
        found.insert("headers".into(), seen.headers.iter().map(one).collect());
    }
    if from_script(seen.timestamp, now_ms) {
        found.insert("timestamp".into(), seen.timestamp.into());
    }
    if with_headers && seen.log_append_time {
        found.insert("timestamp-type".into(), "LogAppendTime".into());
    }
    Value::Object(found)
}

pub fn partitions(all: &[TopicPartition]) -> Value {
    let mut all: Vec<&TopicPartition> = all.iter().collect();
    all.sort();
    all.iter().map(|partition| Value::from(partition.to_string())).collect()
}

/// Names in the order of their texts, joined by commas; `none` for none.
pub fn joined(all: &[TopicPartition]) -> String {
    let mut names: Vec<String> = all.iter().map(TopicPartition::to_string).collect();
    names.sort();
    if names.is_empty() { "none".to_owned() } else { names.join(",") }
}

/// Takes the messages of exceptions out, everywhere.
pub fn without_messages(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.shift_remove("message");
            map.values_mut().for_each(without_messages);
        }
        Value::Array(all) => all.iter_mut().for_each(without_messages),
        _ => {}
    }
}
