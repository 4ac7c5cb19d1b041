//! `GroupConfig` and what `ControllerConfigurationValidator` says about the properties of a group.

use super::broker::BrokerConfig;
use super::number::Side;
use super::parse::{self, Given, Values};
use super::topic::refuse_nulls;
use super::value::{ConfigValue, ConstructError, Value};
use super::{Construction, LogLine};

/// The properties that a broker keeps within limits (`GroupConfig.validateValues`, in its order). The limits are
/// `group.KIND.min.REST` and `group.KIND.max.REST` of the broker.
const LIMITED: [&str; 13] = [
    "consumer.heartbeat.interval.ms",
    "consumer.session.timeout.ms",
    "consumer.assignment.interval.ms",
    "share.heartbeat.interval.ms",
    "share.session.timeout.ms",
    "share.record.lock.duration.ms",
    "share.delivery.count.limit",
    "share.partition.max.record.locks",
    "share.assignment.interval.ms",
    "streams.heartbeat.interval.ms",
    "streams.session.timeout.ms",
    "streams.num.standby.replicas",
    "streams.assignment.interval.ms",
];

/// What `AlterConfigs` says to the properties of a group: the value of each, with the broker's where none is given.
pub fn validate_group(pairs: &[(&str, ConfigValue)], broker: &BrokerConfig) -> Construction<()> {
    let given = Given::new(pairs);
    let mut log = Vec::new();
    let parsed = validated(&given, broker, &mut log);
    let result = match &parsed {
        Ok(_) => Ok(()),
        Err(error) => Err(error.clone()),
    };
    Construction { values: parsed.ok(), log, result }
}

fn validated(given: &Given, broker: &BrokerConfig, log: &mut Vec<LogLine>) -> Result<Values, ConstructError> {
    let invalid = |message| Err(ConstructError::new("InvalidConfigurationException", message));
    refuse_nulls(given, "group")?;
    let table = Side::Group.table();
    if let Some(name) = given.names().find(|name| !table.iter().any(|property| property.name == &***name)) {
        return invalid(format!("Unknown group config name: {name}"));
    }
    let mut values = parse::parse(table, given, log)?;
    for property in table.iter().filter(|property| !given.contains(property.name)) {
        let default = broker.values().get(&format!("group.{}", property.name));
        if *default != Value::Null {
            values.set(property.name, default.clone());
        }
    }
    for name in LIMITED {
        let (kind, rest) = name.split_once('.').expect("a kind of group stands first");
        // There is no least number of standby replicas, and the limit has another name than the property.
        let rest_of_limit = if rest == "num.standby.replicas" { "standby.replicas" } else { rest };
        let (min, max) = (format!("group.{kind}.min.{rest_of_limit}"), format!("group.{kind}.max.{rest_of_limit}"));
        let value = values.int(name);
        if broker.values().int_or_null(&min).is_some_and(|min| value < min) {
            return invalid(format!("{name} must be greater than or equal to {min}"));
        }
        if broker.values().int_or_null(&max).is_some_and(|max| value > max) {
            return invalid(format!("{name} must be less than or equal to {max}"));
        }
    }
    for kind in ["consumer", "share", "streams"] {
        let (session, heartbeat) = (format!("{kind}.session.timeout.ms"), format!("{kind}.heartbeat.interval.ms"));
        if values.int(&session) <= values.int(&heartbeat) {
            return invalid(format!("{session} must be greater than {heartbeat}"));
        }
    }
    Ok(values)
}
