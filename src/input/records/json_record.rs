//! One JSON document as a record.

use super::date;
use super::fault::{Expected, RecordFault};
use super::json::{Json, JsonMember, Value, behind_blanks, read_at};
use super::taken::Record;

/// The fields that an object has when it describes a record.
pub(super) const FIELDS: &[&str] = &["key", "value", "headers", "partition", "timestamp"];

pub(super) type Headers = Vec<(String, Option<Vec<u8>>)>;

/// Where in the text something is wrong, in bytes, and what.
pub(super) type Wrong = (usize, RecordFault);

/// A document that is the value. A text is its bytes, null is null, anything else its JSON text as it stands there.
pub(super) fn whole(json: &Json) -> Record {
    Record { value: bytes(json), ..Record::default() }
}

/// An object with `value` and maybe `key`, `headers`, `partition`, `timestamp`.
pub(super) fn described(json: &Json) -> Result<Record, Wrong> {
    let Value::Object(members) = &json.value else {
        return Err((json.at, RecordFault::Json(Expected::Object)));
    };
    for (i, JsonMember { name, at, .. }) in members.iter().enumerate() {
        if !FIELDS.contains(&name.as_str()) {
            return Err((*at, RecordFault::UnknownField { name: name.clone() }));
        }
        // At most five other names stand before one that is no stranger and none of them again.
        if members[..i].iter().any(|other| other.name == *name) {
            return Err((*at, RecordFault::FieldTwice { name: name.clone() }));
        }
    }
    let field = |name: &str| members.iter().find(|member| member.name == name).map(|member| &member.value);
    let value = field("value").ok_or((json.at, RecordFault::NoValue))?;
    let mut record = Record { key: field("key").and_then(bytes), value: bytes(value), ..Record::default() };
    let unfit = |name: &str, json: &Json| (json.at, RecordFault::Field { name: name.to_owned() });
    if let Some(json) = field("headers") {
        record.headers = headers(json).ok_or_else(|| unfit("headers", json))?;
    }
    if let Some(json) = field("partition").filter(|json| json.value != Value::Null) {
        let number = plain(json).and_then(|text| text.parse().ok()).filter(|n: &i32| *n >= 0);
        record.partition = Some(number.ok_or_else(|| unfit("partition", json))?);
    }
    if let Some(json) = field("timestamp").filter(|json| json.value != Value::Null) {
        record.timestamp = Some(timestamp(json).ok_or_else(|| unfit("timestamp", json))?);
    }
    Ok(record)
}

/// The bytes of a key, a value or a header's value.
fn bytes(json: &Json) -> Option<Vec<u8>> {
    match &json.value {
        Value::Null => None,
        Value::Text(text) => Some(text.as_bytes().to_vec()),
        _ => Some(json.source.as_bytes().to_vec()),
    }
}

fn plain<'a>(json: &Json<'a>) -> Option<&'a str> {
    (json.value == Value::Plain).then_some(json.source)
}

fn timestamp(json: &Json) -> Option<i64> {
    match &json.value {
        Value::Text(text) => date::instant(text),
        _ => plain(json)?.parse().ok().filter(|ms| *ms >= 0),
    }
}

/// `{"name": "value"}`, or `[["name", "value"], …]` where a name may come again.
fn headers(json: &Json) -> Option<Headers> {
    match &json.value {
        Value::Null => Some(Vec::new()),
        Value::Object(members) => {
            members.iter().map(|member| Some((member.name.clone(), header(&member.value)?))).collect()
        }
        Value::Array(pairs) => pairs.iter().map(pair).collect(),
        _ => None,
    }
}

/// The headers that a text is, as the field `headers` has them; none for a text without any.
pub(super) fn headers_of(text: &str) -> Option<Headers> {
    if text.trim().is_empty() {
        return Some(Vec::new());
    }
    let (json, end) = read_at(text, 0).ok()?;
    headers(&json).filter(|_| behind_blanks(text, end) == text.len())
}

fn pair(json: &Json) -> Option<(String, Option<Vec<u8>>)> {
    let Value::Array(pair) = &json.value else { return None };
    match pair.as_slice() {
        [Json { value: Value::Text(name), .. }, value] => Some((name.clone(), header(value)?)),
        _ => None,
    }
}

fn header(json: &Json) -> Option<Option<Vec<u8>>> {
    matches!(json.value, Value::Null | Value::Text(_)).then(|| bytes(json))
}

#[cfg(test)]
mod tests {
    use super::super::json::read_at;
    use super::*;

    fn read(line: &str) -> Result<Record, (usize, RecordFault)> {
        let (json, _) = read_at(line, 0).map_err(|(at, expected)| (at + 1, RecordFault::Json(expected)))?;
        described(&json).map_err(|(at, fault)| (at + 1, fault))
    }

    #[test]
    fn all_fields() {
        let line = r#" {"key":7,"value":{"order": 1},"headers":{"a":"x","b":null},"partition":2,"timestamp":"2026-01-01T00:00:00Z"}"#;
        let record = read(line).unwrap();
        assert_eq!(record.key.as_deref(), Some(&b"7"[..]));
        assert_eq!(record.value.as_deref(), Some(&br#"{"order": 1}"#[..]));
        assert_eq!(record.headers, [("a".to_string(), Some(b"x".to_vec())), ("b".to_string(), None)]);
        assert_eq!((record.partition, record.timestamp), (Some(2), Some(1_767_225_600_000)));
        let record = read(r#"{"value":null,"headers":[["a","1"],["a",null]],"timestamp":5}"#).unwrap();
        assert_eq!((record.key, record.value, record.timestamp, record.headers.len()), (None, None, Some(5), 2));
    }

    #[test]
    fn refused_lines() {
        for (line, column) in [
            ("[1]", 1),
            ("{\"value\":1", 11),
            ("{\"valeu\":1}", 2),
            ("{\"value\":1,\"value\":2}", 12),
            ("{\"key\":1}", 1),
            ("{\"value\":1,\"partition\":-1}", 24),
            ("{\"value\":1,\"partition\":\"0\"}", 24),
            ("{\"value\":1,\"partition\":1.5}", 24),
            ("{\"value\":1,\"timestamp\":\"today\"}", 24),
            ("{\"value\":1,\"headers\":{\"a\":1}}", 22),
            ("{\"value\":1,\"headers\":[[\"a\"]]}", 22),
        ] {
            assert_eq!(read(line).unwrap_err().0, column, "{line}");
        }
    }
}
