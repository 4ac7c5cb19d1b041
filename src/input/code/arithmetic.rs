//! What operators make of values that are known, and numbers as they are written.

use std::rc::Rc;

use super::round::Over;
use super::value::{Joined, Value};

/// What an operator makes of two values.
pub(super) fn operated<'t, 'a>(operator: &str, a: Value<'t, 'a>, b: Value<'t, 'a>) -> Value<'t, 'a> {
    match (operator, &a, &b) {
        ("to", ..) => Value::Pair(Rc::new([a, b])),
        ("until" | ".." | "..<", _, Value::PolledCount(Over::Partitions)) => Value::PolledPartitions,
        ("until" | ".." | "..<", _, Value::PolledCount(_)) => Value::Polled,
        ("-" | "+", Value::PolledCount(_), Value::Int { .. }) => a,
        ("until" | ".." | "..<", ..) => {
            let times = a
                .number()
                .zip(b.number())
                .and_then(|(a, b)| b.checked_sub(a)?.checked_add(i64::from(operator == "..")));
            let times = times.and_then(|times| u64::try_from(times.max(0)).ok());
            Value::Range { times, from_zero: a.number() == Some(0) }
        }
        ("downTo", ..) => {
            let times = a.number().zip(b.number()).and_then(|(a, b)| a.checked_sub(b)?.checked_add(1));
            Value::Range { times: times.and_then(|times| u64::try_from(times.max(0)).ok()), from_zero: false }
        }
        ("step", Value::Range { .. }, _) => Value::Range { times: None, from_zero: false },
        ("%", Value::Counter { of, keys: None }, Value::Int { n, .. }) => match u32::try_from(*n) {
            Ok(keys @ 1..) => Value::Counter { of: *of, keys: Some(keys) },
            _ => Value::Unknown,
        },
        ("==", Value::Bool(a), Value::Bool(b)) => Value::Bool(a == b),
        ("&&", Value::Bool(false), _) | ("&&", _, Value::Bool(false)) => Value::Bool(false),
        ("||", Value::Bool(true), _) | ("||", _, Value::Bool(true)) => Value::Bool(true),
        (_, Value::Int { n: x, is_long: one }, Value::Int { n: y, is_long: two }) => {
            calculated(*x, operator, *y, *one || *two)
        }
        ("+", ..) => {
            // `i + 1` is a sum of numbers, which no counter of a loop here is.
            let is_text = |of: &Value| matches!(of, Value::Text(_) | Value::Parts(_) | Value::Class(_));
            if !is_text(&a) && !is_text(&b) {
                return Value::Unknown;
            }
            match (a.parts(), b.parts()) {
                (Some(a), Some(b)) => {
                    let mut out = Joined::default();
                    out.push(a);
                    out.push(b);
                    out.value()
                }
                _ => Value::Unknown,
            }
        }
        _ => Value::Unknown,
    }
}

/// `16_384L`, `0x1F`, `0.5f`
pub(super) fn number<'t, 'a>(source: &str) -> Value<'t, 'a> {
    let plain: String = source.chars().filter(|c| *c != '_').collect();
    let is_long = plain.ends_with(['l', 'L']);
    if let Some(hex) = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        let n = i64::from_str_radix(hex.trim_end_matches(['l', 'L']), 16);
        return n.map(|n| Value::Int { n, is_long }).unwrap_or_default();
    }
    let plain = plain.trim_end_matches(['l', 'L', 'f', 'F', 'd', 'D']);
    match plain.parse() {
        Ok(n) => Value::Int { n, is_long },
        Err(_) if plain.chars().all(|c| c.is_ascii_digit() || c == '.') => Value::text(plain),
        Err(_) => Value::Unknown,
    }
}

/// In the type that Java gives it: `int`, and `long` when one of both is.
fn calculated<'t, 'a>(a: i64, operator: &str, b: i64, is_long: bool) -> Value<'t, 'a> {
    let Ok(places) = u32::try_from(b & if is_long { 63 } else { 31 }) else { return Value::Unknown };
    let exact = match operator {
        "<<" | "shl" if is_long => Some(a << places),
        "<<" | "shl" => Some(i64::from((a as i32) << places)),
        ">>" | "shr" => Some(a >> places),
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "%" => a.checked_rem(b),
        _ => None,
    };
    let wrapped = exact.map(|n| if is_long { n } else { i64::from(n as i32) });
    wrapped.map(|n| Value::Int { n, is_long }).unwrap_or_default()
}

/// `Integer.MAX_VALUE` and such.
pub(super) fn limit_of_a_type<'t, 'a>(class: &str, name: &str) -> Option<Value<'t, 'a>> {
    let (least, most, is_long) = match class {
        "Integer" | "Int" => (i64::from(i32::MIN), i64::from(i32::MAX), false),
        "Long" => (i64::MIN, i64::MAX, true),
        "Short" => (i64::from(i16::MIN), i64::from(i16::MAX), false),
        "Byte" => (i64::from(i8::MIN), i64::from(i8::MAX), false),
        "Boolean" if name == "TRUE" || name == "FALSE" => return Some(Value::Bool(name == "TRUE")),
        _ => return None,
    };
    match name {
        "MAX_VALUE" => Some(Value::Int { n: most, is_long }),
        "MIN_VALUE" => Some(Value::Int { n: least, is_long }),
        _ => None,
    }
}
