//! Values that do not depend on chance or on the clock, as recorded runs have them.

use std::sync::{Arc, LazyLock};

use partita::application::SeenRecord;
use partita::error::{Code, Exception};
use partita::ids::TopicPartition;
use partita::record::Deserializer;
use partita::script::Property;
use regex::{Captures, Regex};
use serde_json::{Map, Value, json};

/// Milliseconds: only times further from now than three days can have been given by a script.
const SCRIPT_TIME_MS: u64 = 3 * 24 * 3600 * 1000;
/// Characters: longer texts are shown by their size.
const LONG: usize = 80;

/// Patterns and what stands for what they match.
static PATTERNS: LazyLock<[(Regex, &str); 7]> = LazyLock::new(|| {
    let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    [
        (pattern(&format!("([A-Za-z0-9_.-]+)-{uuid}")), "${1}-<uuid>"),
        (pattern(uuid), "<uuid>"),
        (pattern(r"(localhost|127\.0\.0\.1|broker-\d)(/127\.0\.0\.1)?:\d+"), "<broker>"),
        (pattern(r"\d+ ms has passed"), "<n> ms has passed"),
        (pattern(r"producerId[=: ]+\d+"), "producerId <n>"),
        (pattern(r"createdTimeMs=\d+"), "createdTimeMs=<n>"),
        (pattern(r"deadlineMs=\d+|timeoutMs=\d+"), "<deadline>"),
    ]
});
/// Letters and digits as far as they go: each may be one of Kafka's own ids.
static WORD: LazyLock<Regex> = LazyLock::new(|| pattern("[A-Za-z0-9_-]+"));
/// Digits as far as they go: each may be a time.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"-?\d+"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

/// A message without ids, ports and durations.
pub fn text(message: &str) -> String {
    let put = |text: String, (pattern, with): &(Regex, &str)| pattern.replace_all(&text, *with).into_owned();
    let (uuids, others) = PATTERNS.split_at(2);
    let text = uuids.iter().fold(message.to_owned(), put);
    let text = WORD.replace_all(
        &text,
        |found: &Captures| {
            if is_kafka_id(&found[0]) { "<uuid>".to_owned() } else { found[0].to_owned() }
        },
    );
    let text = others.iter().fold(text.into_owned(), put);
    NUMBER
        .replace_all(&text, |found: &Captures| {
            let begins = found.get(0).map_or(0, |whole| whole.start());
            without_time(&found[0], text[..begins].ends_with(char::is_numeric))
        })
        .into_owned()
}

/// Whether a word looks like one of Kafka's own ids: 22 characters of base64url, which no name of a class begins.
fn is_kafka_id(word: &str) -> bool {
    let of_letters = word.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    word.len() == 22
        && word.contains(|c: char| c.is_ascii_uppercase())
        && word.contains(|c: char| c.is_ascii_lowercase())
        && ["Response", "Request", "Exception", "Error"].iter().all(|name| !of_letters.contains(name))
}

/// Wall clock milliseconds of these years, and the number that stands for no time, are not shown.
fn without_time(number: &str, is_behind_a_digit: bool) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let is_now = digits.chars().count() == 13 && (digits.starts_with("17") || digits.starts_with("18"));
    if is_now {
        return format!("{sign}<time>");
    }
    let is_none = digits.chars().count() == 19 && digits.starts_with("9223");
    if is_none && !sign.is_empty() && !is_behind_a_digit { "<time>".to_owned() } else { number.to_owned() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_depends_on_chance_or_the_clock_is_taken_out() {
        for (message, shown) in [
            ("member c1-0b0f3c6e-1d2a-4b3c-8d4e-5f6071829304 left", "member c1-<uuid> left"),
            ("id 0b0f3c6e-1d2a-4b3c-8d4e-5f6071829304.", "id <uuid>."),
            ("topic id AbCdEfGhIjKlMnOpQrStUv is", "topic id <uuid> is"),
            ("DescribeGroupsResponse", "DescribeGroupsResponse"),
            ("Response22CharactersXX", "Response22CharactersXX"),
            ("InitProducerIdResponse of abcdefghijklmnopqrstuv", "InitProducerIdResponse of abcdefghijklmnopqrstuv"),
            ("AbCdEfGhIjKlMnOpQrStUvW", "AbCdEfGhIjKlMnOpQrStUvW"),
            ("localhost/127.0.0.1:9092, broker-1:19092", "<broker>, <broker>"),
            ("60000 ms has passed", "<n> ms has passed"),
            ("at 1712345678901, -1812345678901 and 17123456789012", "at <time>, -<time> and 17123456789012"),
            ("-9223372036854775808, 5-9223372036854775808", "<time>, 5-9223372036854775808"),
            ("createdTimeMs=12, deadlineMs=99", "createdTimeMs=<n>, <deadline>"),
        ] {
            assert_eq!(text(message), shown);
        }
    }

    #[test]
    fn the_longest_texts_are_read() {
        let long = "AbCd-0".repeat(60_000);
        assert_eq!(text(&long), long);
        let dotted = "aB.".repeat(200_000);
        assert_eq!(text(&dotted), dotted);
    }
}
