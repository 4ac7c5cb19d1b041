//! `ConfigDef`: how a given value becomes a typed one, and what is said when it cannot.

use std::sync::Arc;

use super::classes;
use super::definition::{ConfigKey, Default, Kind, Valid};
use super::duration;
use super::quorum;
use super::value::{ConfigValue, ConstructError, Level, LogLine, Value};
use crate::decimal;

/// What a caller gives, as a Java `Map` keeps it: each name once, the last value wins.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pairs: Vec<(Arc<str>, ConfigValue)>,
    /// Where they stand, in the order of their names: a thousand may be given, and each is looked up.
    places: Vec<usize>,
}

impl Given {
    pub fn new(pairs: &[(&str, ConfigValue)]) -> Given {
        let mut given = Given::default();
        for (name, value) in pairs {
            given.put(name, value.clone());
        }
        given
    }

    /// The place of a name among the places, or the one that it would have.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.places.binary_search_by(|place| (*self.pairs[*place].0).cmp(name))
    }

    pub fn put(&mut self, name: &str, value: ConfigValue) {
        match self.find(name) {
            Ok(found) => self.pairs[self.places[found]].1 = value,
            Err(place) => {
                self.places.insert(place, self.pairs.len());
                self.pairs.push((name.into(), value));
            }
        }
    }

    pub fn get(&self, name: &str) -> Option<&ConfigValue> {
        self.find(name).ok().map(|found| &self.pairs[self.places[found]].1)
    }

    /// `originals().containsKey`: true for a null as well.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn names(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.pairs.iter().map(|(name, _)| name)
    }

    pub fn pairs(&self) -> &[(Arc<str>, ConfigValue)] {
        &self.pairs
    }
}

/// The parsed values of one side, a value for each property of its table.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    table: &'static [ConfigKey],
    values: Vec<Value>,
}

// A table is one of a few statics: which one is told by its place, and its rows need no comparison.
impl PartialEq for ConfigKey {
    fn eq(&self, other: &ConfigKey) -> bool {
        std::ptr::eq(self.name, other.name)
    }
}

impl Values {
    /// `null` for a name that is not in the table.
    pub fn get(&self, name: &str) -> &Value {
        match self.index(name) {
            Some(index) => &self.values[index],
            None => &Value::Null,
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        let index = self.index(name).unwrap_or_else(|| panic!("no property {name}"));
        self.values[index] = value;
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.table.iter().position(|property| property.name == name)
    }

    pub fn table(&self) -> &'static [ConfigKey] {
        self.table
    }

    /// The number of a property whose validator or type admits no null.
    pub(super) fn int(&self, name: &str) -> i64 {
        match self.get(name) {
            Value::Int(number) => *number,
            other => panic!("{name} is {other:?}, not a number"),
        }
    }

    /// The number, or `None` for null.
    pub(super) fn int_or_null(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn int32(&self, name: &str) -> i32 {
        i32::try_from(self.int(name)).expect("an INT was parsed as 32 bits")
    }

    pub(super) fn bool(&self, name: &str) -> bool {
        *self.get(name) == Value::Bool(true)
    }

    pub(super) fn text(&self, name: &str) -> Option<&Arc<str>> {
        match self.get(name) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn list(&self, name: &str) -> &[Arc<str>] {
        match self.get(name) {
            Value::List(parts) => parts,
            _ => &[],
        }
    }
}

/// `ConfigDef.parse`: every property in the order of the table; the first error ends it.
pub fn parse(table: &'static [ConfigKey], given: &Given, log: &mut Vec<LogLine>) -> Result<Values, ConstructError> {
    let mut values = Vec::with_capacity(table.len());
    for property in table {
        let blame = |error: ConstructError| error.blaming(&[property.name]);
        let parsed = match (given.get(property.name), property.default) {
            (Some(value), _) => parse_type(property, value).map_err(blame)?,
            (None, Default::Text(text)) => parse_type(property, &text.into()).map_err(blame)?,
            (None, Default::Null) => Value::Null,
            (None, Default::Required) => {
                let name = property.name;
                let message = format!("Missing required configuration \"{name}\" which has no default value.");
                return Err(ConstructError::config(message));
            }
        };
        let parsed = without_duplicates(property, parsed, log);
        // Kafka's own defaults are not given to the validator of `share.acquire.mode`, which knows them in lower case.
        if given.contains(property.name) {
            validate(property, &parsed).map_err(blame)?;
        }
        values.push(parsed);
    }
    Ok(Values { table, values })
}

/// `ConfigDef.parseType`.
pub(super) fn parse_type(property: &ConfigKey, value: &ConfigValue) -> Result<Value, ConstructError> {
    let invalid = |message: String| Err(ConstructError::invalid(property.name, value, message));
    let was = |expected: &str| invalid(format!("Expected value to be {expected}, but it was a {}", value.java_class()));
    let trimmed = match value {
        ConfigValue::Null => return Ok(Value::Null),
        ConfigValue::Text(text) => Some(trim(text)),
        _ => None,
    };
    match (property.kind, trimmed, value) {
        (Kind::Bool, Some(text), _) if text.eq_ignore_ascii_case("true") => Ok(Value::Bool(true)),
        (Kind::Bool, Some(text), _) if text.eq_ignore_ascii_case("false") => Ok(Value::Bool(false)),
        (Kind::Bool, None, ConfigValue::Bool(value)) => Ok(Value::Bool(*value)),
        (Kind::Bool, ..) => invalid("Expected value to be either true or false".into()),
        (Kind::Text, Some(text), _) => Ok(Value::Text(text.into())),
        (Kind::Password, Some(_), _) => Ok(Value::Hidden),
        (Kind::Text | Kind::Password, ..) => was("a string"),
        (Kind::List, Some(text), _) => Ok(Value::List(split(text))),
        (Kind::List, ..) => invalid("Expected a comma separated list.".into()),
        (Kind::Class, Some(text), _) if classes::role(text).is_some() => Ok(Value::Text(text.into())),
        (Kind::Class, Some(_), _) => invalid(format!("Class {value} could not be found.")),
        (Kind::Class, ..) => invalid("Expected a Class instance or class name.".into()),
        (kind, Some(text), _) => match number(kind, text) {
            Some(number) => Ok(number),
            None => invalid(format!("Not a number of type {}", kind.name())),
        },
        (Kind::Int, None, ConfigValue::Int(number)) if i32::try_from(*number).is_ok() => Ok(Value::Int(*number)),
        (Kind::Long, None, ConfigValue::Int(number)) => Ok(Value::Int(*number)),
        (Kind::Double, None, ConfigValue::Int(number)) => Ok(Value::Double(*number as f64)),
        (Kind::Int, ..) => was("a 32-bit integer"),
        (Kind::Short, ..) => was("a 16-bit integer (short)"),
        (Kind::Long, ..) => was("a 64-bit integer (long)"),
        (Kind::Double, ..) => was("a double"),
    }
}

/// `String.trim`: control characters and blanks of ASCII only.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|char| char <= ' ')
}

/// `\s*,\s*` with empty parts kept; a blank text is an empty list.
fn split(text: &str) -> Vec<Arc<str>> {
    if text.is_empty() {
        return Vec::new();
    }
    text.split(',').map(|part| part.trim_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']).into()).collect()
}

fn number(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Int => text.parse::<i32>().ok().map(|number| Value::Int(number.into())),
        Kind::Short => text.parse::<i16>().ok().map(|number| Value::Int(number.into())),
        Kind::Long => text.parse::<i64>().ok().map(Value::Int),
        _ => double(text).map(Value::Double),
    }
}

/// `Double.parseDouble` without its hexadecimal form.
fn double(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned {
        "NaN" => return Some(f64::NAN),
        "Infinity" => return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
        _ => {}
    }
    let digits = text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text);
    let plain = |char: char| char.is_ascii_digit() || matches!(char, '.' | '-' | '+' | 'e' | 'E');
    if digits.chars().all(plain) { decimal::double(digits) } else { None }
}

/// `ConfigDef.parseValue` takes doubles out of lists that a `ValidList` judges.
fn without_duplicates(property: &ConfigKey, value: Value, log: &mut Vec<LogLine>) -> Value {
    let judged = matches!(
        property.valid,
        Valid::AnyList | Valid::FullList | Valid::NullableList | Valid::NullableFullList | Valid::ListOf(..)
    );
    let (true, Value::List(parts)) = (judged, &value) else { return value };
    let mut distinct: Vec<Arc<str>> = Vec::new();
    for part in parts {
        if !distinct.contains(part) {
            distinct.push(part.clone());
        }
    }
    if distinct.len() == parts.len() {
        return value;
    }
    let updated = Value::List(distinct);
    log.push(LogLine {
        level: Level::Warn,
        class: "ConfigDef",
        message: format!(
            "Configuration key \"{}\" contains duplicate values. Duplicates will be removed. \
             The original value is: {value}, the updated value is: {updated}",
            property.name
        ),
    });
    updated
}

/// `Validator.ensureValid`.
pub(super) fn validate(property: &ConfigKey, value: &Value) -> Result<(), ConstructError> {
    let name = property.name;
    let invalid = |message: String| Err(ConstructError::invalid(name, value, message));
    let words = |words: &str| invalid(format!("String must be one of: {words}"));
    match property.valid {
        Valid::Any => Ok(()),
        Valid::AtLeast(min) => range(name, value, Some(&Value::Int(min.into())), None),
        Valid::Between(min, max) => range(name, value, Some(&Value::Int(min.into())), Some(&Value::Int(max.into()))),
        Valid::Fraction(min, max) => range(name, value, Some(&end(min)), Some(&end(max))),
        Valid::OneOf(all) => match value {
            Value::Text(text) if all.split(", ").any(|word| word == &**text) => Ok(()),
            _ => words(all),
        },
        Valid::AnyCaseOf(all) => match value {
            Value::Text(text) if all.split(", ").any(|word| word == text.to_ascii_uppercase()) => Ok(()),
            _ => invalid(format!("String must be one of (case insensitive): {all}")),
        },
        Valid::NonEmpty => match value {
            Value::Text(text) if text.is_empty() => invalid("String must be non-empty".into()),
            _ => Ok(()),
        },
        Valid::NonNull if *value == Value::Null => invalid("entry must be non null".into()),
        Valid::NonNull => Ok(()),
        Valid::GzipLevel => match value {
            Value::Null => invalid("Value must be non-null".into()),
            Value::Int(1..=9 | -1) => Ok(()),
            _ => invalid("Value must be between 1 and 9 or equal to -1".into()),
        },
        Valid::AnyList => list(name, value, "", false, false),
        Valid::FullList => list(name, value, "", true, false),
        Valid::NullableList => list(name, value, "", false, true),
        Valid::NullableFullList => list(name, value, "", true, true),
        Valid::ListOf(all, full) => list(name, value, all, full, false),
        _ => validate_special(name, property.valid, value),
    }
}

/// The validators that belong to one or two properties.
fn validate_special(name: &str, valid: Valid, value: &Value) -> Result<(), ConstructError> {
    let invalid = |message: String| Err(ConstructError::invalid(name, value, message));
    let among = |words: &[&str]| matches!(value, Value::Text(text) if words.contains(&&**text));
    let by_duration = matches!(value, Value::Text(text) if duration::by_duration_ms(text).is_some());
    let must =
        |what: &str| invalid(format!("Invalid value `{value}` for configuration {name}. The value must {what}."));
    match valid {
        Valid::OffsetReset if among(&["latest", "earliest", "none"]) || by_duration => Ok(()),
        Valid::OffsetReset => {
            must("be either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'")
        }
        Valid::ShareOffsetReset if among(&["latest", "earliest"]) || by_duration => Ok(()),
        Valid::ShareOffsetReset => must("be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'"),
        Valid::ShareAcknowledgement if among(&["implicit", "explicit"]) => Ok(()),
        Valid::ShareAcknowledgement => must("either be 'implicit' or 'explicit'"),
        // `ShareAcquireMode.of` compares in lower case.
        Valid::ShareAcquire => match value {
            Value::Text(text) if matches!(&*text.to_ascii_lowercase(), "batch_optimized" | "record_limit") => Ok(()),
            _ => must("either be 'batch_optimized' or 'record_limit'"),
        },
        Valid::ThrottledReplicas => match value {
            Value::List(parts) if throttled(parts) => Ok(()),
            _ => invalid(format!(
                "{name} must be the literal '*' or a list of replicas in the following format: \
                 [partitionId]:[brokerId],[partitionId]:[brokerId],..."
            )),
        },
        Valid::QuorumVoters => quorum::voters(value).map(|_| ()),
        Valid::QuorumServers => quorum::servers(value),
        _ => Ok(()),
    }
}

/// `Range.ensureValid`, which compares as doubles.
fn range(name: &str, value: &Value, min: Option<&Value>, max: Option<&Value>) -> Result<(), ConstructError> {
    let as_double = |value: &Value| match value {
        Value::Int(number) => *number as f64,
        Value::Double(number) => *number,
        other => panic!("{name}: a range of {other:?}"),
    };
    if *value == Value::Null {
        return Err(ConstructError::invalid(name, value, "Value must be non-null"));
    }
    match (min, max) {
        (Some(min), _) if as_double(value) < as_double(min) => {
            Err(ConstructError::invalid(name, value, format!("Value must be at least {min}")))
        }
        (_, Some(max)) if as_double(value) > as_double(max) => {
            Err(ConstructError::invalid(name, value, format!("Value must be no more than {max}")))
        }
        _ => Ok(()),
    }
}

/// The end of a `Range` of doubles as it is declared: `0` is an Integer, `0.0` a Double, and the message shows which.
fn end(text: &str) -> Value {
    match text.parse() {
        Ok(number) => Value::Int(number),
        Err(_) => Value::Double(decimal::double(text).expect("the table has numbers")),
    }
}

/// `ValidList.ensureValid`.
fn list(name: &str, value: &Value, words: &str, full: bool, nullable: bool) -> Result<(), ConstructError> {
    let parts = match value {
        Value::List(parts) => parts,
        _ if nullable => return Ok(()),
        _ => return Err(ConstructError::config(format!("Configuration '{name}' values must not be null."))),
    };
    if full && parts.is_empty() {
        let valid = if words.is_empty() { "any non-empty value".into() } else { format!("[{words}]") };
        let message = format!("Configuration '{name}' must not be empty. Valid values include: {valid}");
        return Err(ConstructError::config(message));
    }
    for part in parts {
        if part.is_empty() {
            return Err(ConstructError::config(format!("Configuration '{name}' values must not be empty.")));
        }
        if !words.is_empty() && !words.split(", ").any(|word| word == &**part) {
            return Err(ConstructError::invalid(name, part, format!("String must be one of: {words}")));
        }
    }
    Ok(())
}

/// `ThrottledReplicaListValidator.ensureValidString`: `*` alone, or `partition:broker` or nothing everywhere.
fn throttled(parts: &[Arc<str>]) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let replica = |part: &Arc<str>| {
        part.is_empty() || part.split_once(':').is_some_and(|(id, broker)| digits(id) && digits(broker))
    };
    parts.concat() == "*" || parts.iter().all(replica)
}
