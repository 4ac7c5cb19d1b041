//! What a property is given, what Kafka makes of it, and what a constructor throws or logs.

use std::fmt;
use std::sync::Arc;

/// A value as a caller puts it into `Properties` or a `Map`. Kafka accepts a Java `Integer` where a text would do only
/// for some types: `acks` given as the number 1 is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigValue {
    Null,
    Text(Arc<str>),
    /// A Java `Integer`, or a `Long` when it does not fit into 32 bits.
    Int(i64),
    Bool(bool),
}

impl From<&str> for ConfigValue {
    fn from(text: &str) -> ConfigValue {
        ConfigValue::Text(text.into())
    }
}

impl From<String> for ConfigValue {
    fn from(text: String) -> ConfigValue {
        ConfigValue::Text(text.into())
    }
}

impl From<&Arc<str>> for ConfigValue {
    fn from(text: &Arc<str>) -> ConfigValue {
        ConfigValue::Text(text.clone())
    }
}

impl fmt::Display for ConfigValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigValue::Null => f.write_str("null"),
            ConfigValue::Text(text) => f.write_str(text),
            ConfigValue::Int(number) => write!(f, "{number}"),
            ConfigValue::Bool(value) => write!(f, "{value}"),
        }
    }
}

impl ConfigValue {
    /// The Java class of the object; null has none, and no caller asks for it.
    pub(super) fn java_class(&self) -> &'static str {
        match self {
            ConfigValue::Null => "null",
            ConfigValue::Text(_) => "java.lang.String",
            ConfigValue::Int(number) if i32::try_from(*number).is_ok() => "java.lang.Integer",
            ConfigValue::Int(_) => "java.lang.Long",
            ConfigValue::Bool(_) => "java.lang.Boolean",
        }
    }
}

/// A parsed value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// INT, SHORT and LONG.
    Int(i64),
    Double(f64),
    /// STRING, and CLASS by its full name.
    Text(Arc<str>),
    List(Vec<Arc<str>>),
    /// PASSWORD: its text is never shown.
    Hidden,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Double(number) => f.write_str(&java_double(*number)),
            Value::Text(text) => f.write_str(text),
            Value::List(parts) => write!(f, "[{}]", parts.join(", ")),
            Value::Hidden => f.write_str("[hidden]"),
        }
    }
}

/// `Double.toString`: plain digits from 0.001 up to ten million, else `1.0E30`.
fn java_double(number: f64) -> String {
    if number == 0.0 || !number.is_finite() || (1e-3..1e7).contains(&number.abs()) {
        return format!("{number:?}").replace("inf", "Infinity");
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').expect("{:e} has an exponent");
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}

/// A line that Kafka's configuration or client class logs while a client is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    pub level: Level,
    /// The class that logs, such as `AbstractConfig`.
    pub class: &'static str,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Info,
    Warn,
}

impl Level {
    pub const fn name(self) -> &'static str {
        match self {
            Level::Info => "INFO",
            Level::Warn => "WARN",
        }
    }
}

/// What a constructor throws: Kafka's class (without its package), message and cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstructError {
    pub class: &'static str,
    pub message: String,
    pub cause: Option<Box<ConstructError>>,
    /// The properties that are to blame, the likeliest first; none where Kafka's message is about something else.
    pub blamed: Vec<Arc<str>>,
}

impl ConstructError {
    pub(super) fn new(class: &'static str, message: impl Into<String>) -> ConstructError {
        ConstructError { class, message: message.into(), cause: None, blamed: Vec::new() }
    }

    /// The same error, for which these properties are to blame, unless it says others itself.
    pub(super) fn blaming(mut self, properties: &[&str]) -> ConstructError {
        if self.blamed.is_empty() {
            self.blamed = properties.iter().map(|name| Arc::from(*name)).collect();
        }
        self
    }

    /// `new ConfigException(message)`.
    pub(super) fn config(message: impl Into<String>) -> ConstructError {
        ConstructError::new("ConfigException", message)
    }

    /// `new ConfigException(name, value, message)`.
    pub(super) fn invalid(name: &str, value: impl fmt::Display, message: impl fmt::Display) -> ConstructError {
        ConstructError::config(format!("Invalid value {value} for configuration {name}: {message}"))
    }

    /// This error as the cause of another.
    pub(super) fn under(self, class: &'static str, message: impl Into<String>) -> ConstructError {
        let blamed = self.blamed.clone();
        ConstructError { cause: Some(Box::new(self)), blamed, ..ConstructError::new(class, message) }
    }

    /// The unboxing of a null: the JVM's own message, which names the getter of `class`.
    pub(super) fn null_pointer(unboxing: Unboxing, class: &str) -> ConstructError {
        let (boxed, unboxed, getter) = match unboxing {
            Unboxing::Bool => ("Boolean", "booleanValue", "getBoolean"),
            Unboxing::Int => ("Integer", "intValue", "getInt"),
            Unboxing::Long => ("Long", "longValue", "getLong"),
        };
        ConstructError::new(
            "NullPointerException",
            format!(
                "Cannot invoke \"java.lang.{boxed}.{unboxed}()\" because the return value of \
                 \"org.apache.kafka.{class}.{getter}(String)\" is null"
            ),
        )
    }
}

impl fmt::Display for ConstructError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.message)?;
        match &self.cause {
            Some(cause) => write!(f, " (caused by {cause})"),
            None => Ok(()),
        }
    }
}

/// Which getter of a configuration met a null.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unboxing {
    Bool,
    Int,
    Long,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_as_in_java() {
        let cases = [(0.1, "0.1"), (1.0, "1.0"), (1e30, "1.0E30"), (1e7, "1.0E7"), (-1e-5, "-1.0E-5"), (0.0, "0.0")];
        for (number, text) in cases {
            assert_eq!(java_double(number), text);
        }
        assert_eq!(java_double(f64::MAX), "1.7976931348623157E308");
    }
}
