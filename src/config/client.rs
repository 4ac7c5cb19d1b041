//! What both clients do with their parsed values: `CommonClientConfigs` and the shared steps of their constructors.

use std::sync::Arc;

use super::classes::{self, ClassRole};
use super::parse::{Given, Values};
use super::value::{ConstructError, Level, LogLine, Unboxing, Value};
use crate::java::JavaHashMap;

/// Where an unboxed null is said to come from when the getter is `AbstractConfig`'s own.
pub(super) const ABSTRACT: &str = "common.config.AbstractConfig";

/// `postProcessParsedConfig`, the part of `CommonClientConfigs`.
pub(super) fn post_process(given: &Given, values: &mut Values, log: &mut Vec<LogLine>) -> Result<(), ConstructError> {
    let sasl =
        values.text("security.protocol").is_some_and(|protocol| protocol.to_ascii_uppercase().starts_with("SASL_"));
    if sasl && values.text("sasl.mechanism").is_none_or(|mechanism| mechanism.is_empty()) {
        let message =
            "When the security.protocol configuration enables SASL, mechanism must be non-null and non-empty string.";
        return Err(ConstructError::invalid("sasl.mechanism", Value::Null, message));
    }
    warn_of_static_backoff(values, log)?;
    if given.contains("reconnect.backoff.ms") && !given.contains("reconnect.backoff.max.ms") {
        let message = "Disabling exponential reconnect backoff because reconnect.backoff.ms is set, but \
                       reconnect.backoff.max.ms is not.";
        log.push(warning("CommonClientConfigs", message.into()));
        values.set("reconnect.backoff.max.ms", Value::Int(values.int("reconnect.backoff.ms")));
    }
    Ok(())
}

/// `CommonClientConfigs.warnDisablingExponentialBackoff`.
fn warn_of_static_backoff(values: &Values, log: &mut Vec<LogLine>) -> Result<(), ConstructError> {
    let pairs = [
        ("retry.backoff.ms", "retry.backoff.max.ms", "backoff"),
        ("socket.connection.setup.timeout.ms", "socket.connection.setup.timeout.max.ms", "connection setup timeout"),
    ];
    for (name, max_name, what) in pairs {
        let unboxed = |name| values.int_or_null(name).ok_or(ConstructError::null_pointer(Unboxing::Long, ABSTRACT));
        let (value, max) = (unboxed(name)?, unboxed(max_name)?);
        if value > max {
            let message = format!(
                "Configuration '{name}' with value '{value}' is greater than configuration '{max_name}' with value \
                 '{max}'. A static {what} with value '{max}' will be applied."
            );
            log.push(warning("CommonClientConfigs", message));
        }
    }
    Ok(())
}

/// The boolean, or the exception that unboxing a null throws.
pub(super) fn unboxed_bool(values: &Values, name: &str, class: &str) -> Result<bool, ConstructError> {
    match values.get(name) {
        Value::Bool(value) => Ok(*value),
        _ => Err(ConstructError::null_pointer(Unboxing::Bool, class)),
    }
}

pub(super) fn unboxed_int(values: &Values, name: &str, class: &str) -> Result<i32, ConstructError> {
    match values.get(name) {
        Value::Int(_) => Ok(values.int32(name)),
        _ => Err(ConstructError::null_pointer(Unboxing::Int, class)),
    }
}

/// `CommonClientConfigs.metricsReporters` and `telemetryReporter`.
pub(super) fn reporters(values: &Values) -> Result<bool, ConstructError> {
    each(values.list("metric.reporters"), ClassRole::MetricsReporter)?;
    unboxed_bool(values, "enable.metrics.push", ABSTRACT)
}

/// `AbstractConfig.getConfiguredInstances`.
pub(super) fn each(names: &[Arc<str>], role: ClassRole) -> Result<(), ConstructError> {
    names.iter().try_for_each(|name| classes::instance_by_name(name, role))
}

/// `getConfiguredInstance` of a serializer or deserializer; the one for lists needs an inner one, which no property of
/// the client gives.
pub(super) fn serde(values: &Values, name: &str, role: ClassRole) -> Result<Arc<str>, ConstructError> {
    let class = values.text(name).expect("checked before parsing: not null");
    classes::instance(class, role)?;
    let what = match role {
        ClassRole::Serializer => "serializer",
        _ => "list",
    };
    if class.contains(".List") {
        let message = format!(
            "Not able to determine the {what} class because it was neither passed via the constructor nor set in the \
             config."
        );
        return Err(ConstructError::config(message));
    }
    Ok(class.clone())
}

/// `ClientUtils.createNetworkClient`: the channel builder first, then what the client itself reads.
pub(super) fn network_client(values: &Values) -> Result<(), ConstructError> {
    let failed = |cause: ConstructError| cause.under("KafkaException", "Failed to create new NetworkClient");
    let protocol = values.text("security.protocol").expect("validated: one of the protocols").to_ascii_uppercase();
    if protocol.starts_with("SASL_") && *values.get("sasl.jaas.config") == Value::Null {
        let message = "Could not find a 'KafkaClient' entry in the JAAS configuration. System property \
                       'java.security.auth.login.config' is not set";
        return Err(failed(ConstructError::new("IllegalArgumentException", message)));
    }
    if *values.get("connections.max.idle.ms") == Value::Null {
        return Err(failed(ConstructError::null_pointer(Unboxing::Long, ABSTRACT)));
    }
    Ok(())
}

/// `AbstractConfig.logUnused`: given, but read by nobody while the client was made. `read` judges the names that are
/// not about security; the line lists them in the order of a Java `HashSet`.
pub(super) fn log_unused(given: &Given, values: &Values, read: impl Fn(&str) -> bool, log: &mut Vec<LogLine>) {
    let tls = values.text("security.protocol").is_some_and(|protocol| protocol.to_ascii_uppercase().ends_with("SSL"));
    let mut unused = JavaHashMap::for_set_of(given.names().len());
    for name in given.names() {
        let known = values.table().iter().any(|property| property.name == &**name);
        let security = name.starts_with("ssl.") || &**name == "security.providers";
        let used = match &**name {
            "config.providers" => false,
            "sasl.mechanism" => true,
            _ if known && security => tls,
            _ if known && name.starts_with("sasl.") => false,
            _ => read(name),
        };
        if !used {
            unused.insert(name.clone(), ());
        }
    }
    if unused.is_empty() {
        return;
    }
    let names: Vec<&str> = unused.keys().map(|name| &**name).collect();
    log.push(LogLine {
        level: Level::Info,
        class: "AbstractConfig",
        message: format!("These configurations '[{}]' were supplied but are not used yet.", names.join(", ")),
    });
}

pub(super) fn warning(class: &'static str, message: String) -> LogLine {
    LogLine { level: Level::Warn, class, message }
}

pub(super) fn info(class: &'static str, message: String) -> LogLine {
    LogLine { level: Level::Info, class, message }
}

/// `metadata.recovery.strategy` is `rebootstrap`.
pub(super) fn rebootstraps(values: &Values) -> bool {
    values.text("metadata.recovery.strategy").is_some_and(|strategy| strategy.eq_ignore_ascii_case("rebootstrap"))
}
