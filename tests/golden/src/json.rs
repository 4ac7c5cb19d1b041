//! Small helpers for reading cases and saying what differs.

use std::fmt::Debug;

use serde_json::Value;

/// A whole number of the case; the golden data is ours, so one that is missing or too large is a panic.
pub fn int<T: TryFrom<i64>>(value: &Value) -> T {
    let number = value.as_i64().unwrap_or_else(|| panic!("{value} is no whole number"));
    T::try_from(number).ok().unwrap_or_else(|| panic!("{number} is out of range"))
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

/// The bytes that a hex text says.
pub fn bytes(value: &Value) -> Vec<u8> {
    let text = text(value);
    assert!(text.len().is_multiple_of(2), "hex text of odd length");
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex digits");
    (0..text.len()).step_by(2).map(byte).collect()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `Err` with a sentence when what the model gave is not what Kafka gave.
pub fn equal<T: PartialEq + Debug>(what: &str, ours: &T, kafka: &T) -> Result<(), String> {
    if ours == kafka {
        return Ok(());
    }
    Err(format!("{what}: {ours:?}, Kafka has {kafka:?}"))
}
