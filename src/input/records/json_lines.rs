//! One line of JSON Lines as a record.

use crate::script::parse_iso_instant;

use super::Record;
use super::json::{self, Json, Member, Value};
use crate::input::problem::{Expected, Problem, RecordFault};

const FIELDS: &[&str] = &["key", "value", "headers", "partition", "timestamp"];

type Headers = Vec<(String, Option<Vec<u8>>)>;

/// Reads an object with `value` and maybe `key`, `headers`, `partition`, `timestamp`.
pub(super) fn read_json_line(content: &str, line: u32) -> Result<Record, Problem> {
    let problem = |column, what| Problem::new(line, column, what);
    let json = json::read(content).map_err(|(column, expected)| problem(column, RecordFault::Json(expected)))?;
    let Value::Object(members) = &json.value else {
        return Err(problem(json.column, RecordFault::Json(Expected::Object)));
    };
    for (i, Member { name, column, .. }) in members.iter().enumerate() {
        if !FIELDS.contains(&name.as_str()) {
            return Err(problem(*column, RecordFault::UnknownField { name: name.clone() }));
        }
        if members[..i].iter().any(|other| other.name == *name) {
            return Err(problem(*column, RecordFault::FieldTwice { name: name.clone() }));
        }
    }
    let field = |name: &str| members.iter().find(|member| member.name == name).map(|member| &member.value);
    let value = field("value").ok_or(problem(json.column, RecordFault::NoValue))?;
    let mut record = Record { line, key: field("key").and_then(bytes), value: bytes(value), ..Record::default() };
    let unfit = |name: &str, json: &Json| problem(json.column, RecordFault::Field { name: name.to_string() });
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
        Value::Text(text) => parse_iso_instant(text),
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
    use super::*;

    #[test]
    fn all_fields() {
        let line = r#" {"key":7,"value":{"order": 1},"headers":{"a":"x","b":null},"partition":2,"timestamp":"2026-01-01T00:00:00Z"}"#;
        let record = read_json_line(line, 4).unwrap();
        assert_eq!(record.key.as_deref(), Some(&b"7"[..]));
        assert_eq!(record.value.as_deref(), Some(&br#"{"order": 1}"#[..]));
        assert_eq!(record.headers, [("a".to_string(), Some(b"x".to_vec())), ("b".to_string(), None)]);
        assert_eq!((record.partition, record.timestamp, record.line), (Some(2), Some(1_767_225_600_000), 4));
        let record = read_json_line(r#"{"value":null,"headers":[["a","1"],["a",null]],"timestamp":5}"#, 1).unwrap();
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
            assert_eq!(read_json_line(line, 1).unwrap_err().column, column, "{line}");
        }
    }
}
