//! Kafka's constants for the names of properties, and its classes by their simple names.

use crate::config::{SettingNo, Side};
use crate::script::nearest;

/// The classes whose constants name properties of clients.
pub(super) const CONSTANT_CLASSES: &[&str] =
    &["ProducerConfig", "ConsumerConfig", "CommonClientConfigs", "SslConfigs", "SaslConfigs", "SecurityConfig"];

/// Constants that are not the property's name in capitals with `_CONFIG` behind it.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("METADATA_MAX_AGE_CONFIG", "metadata.max.age.ms"),
    ("METADATA_MAX_IDLE_CONFIG", "metadata.max.idle.ms"),
    ("PARTITIONER_ADPATIVE_PARTITIONING_ENABLE_CONFIG", "partitioner.adaptive.partitioning.enable"),
    ("SEND_BUFFER_CONFIG", "send.buffer.bytes"),
    ("RECEIVE_BUFFER_CONFIG", "receive.buffer.bytes"),
    ("METRIC_REPORTER_CLASSES_CONFIG", "metric.reporters"),
    ("KEY_SERIALIZER_CLASS_CONFIG", "key.serializer"),
    ("VALUE_SERIALIZER_CLASS_CONFIG", "value.serializer"),
    ("TRANSACTION_TIMEOUT_CONFIG", "transaction.timeout.ms"),
    ("KEY_DESERIALIZER_CLASS_CONFIG", "key.deserializer"),
    ("VALUE_DESERIALIZER_CLASS_CONFIG", "value.deserializer"),
    ("MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION", "max.in.flight.requests.per.connection"),
    ("SASL_JAAS_CONFIG", "sasl.jaas.config"),
    ("REBALANCE_TIMEOUT_MS_CONFIG", "rebalance.timeout.ms"),
];

/// The property that a constant of Kafka's client configuration classes names: `ACKS_CONFIG` is `acks`.
pub fn property_of_constant(constant: &str) -> Option<String> {
    if let Some((_, property)) = EXCEPTIONS.iter().find(|(name, _)| *name == constant) {
        return Some(property.to_string());
    }
    // The constants of `SaslConfigs` have no `_CONFIG` behind them.
    let name = match constant.strip_suffix("_CONFIG") {
        Some(name) => name,
        None if constant.starts_with("SASL_") => constant,
        None => return None,
    };
    let property = name.to_ascii_lowercase().replace('_', ".");
    // `KEY_SERIALIZER_CONFIG` would fit the rule, and Kafka has none. One constant is there twice, once misspelt.
    let adaptive = "partitioner.adaptive.partitioning.enable";
    let other = property != adaptive && EXCEPTIONS.iter().any(|(_, exceptional)| *exceptional == property);
    let known = |side| SettingNo::find(side, &property).is_some();
    (!other && name == name.to_ascii_uppercase() && (known(Side::Producer) || known(Side::Consumer)))
        .then_some(property)
}

/// The constant that was perhaps meant.
pub(super) fn nearest_constant(found: &str) -> Option<String> {
    let mut names: Vec<String> = EXCEPTIONS.iter().map(|(name, _)| name.to_string()).collect();
    for (_, property) in Side::Producer.properties().chain(Side::Consumer.properties()) {
        let name = property.name.to_ascii_uppercase().replace('.', "_");
        let name = if name.starts_with("SASL_") { name } else { format!("{name}_CONFIG") };
        if property_of_constant(&name).is_some() {
            names.push(name);
        }
    }
    nearest(found, names.iter().map(String::as_str)).map(str::to_string)
}

/// The full name of a class of Kafka that a property may name.
pub(super) fn full_name(simple: &str) -> Option<String> {
    const SERDES: &[&str] = &[
        "String",
        "Integer",
        "Long",
        "Double",
        "UUID",
        "ByteArray",
        "Short",
        "Float",
        "Boolean",
        "Bytes",
        "ByteBuffer",
        "Void",
        "List",
    ];
    const ASSIGNORS: &[&str] = &["RangeAssignor", "RoundRobinAssignor", "StickyAssignor", "CooperativeStickyAssignor"];
    let serde = simple.strip_suffix("Deserializer").or_else(|| simple.strip_suffix("Serializer"));
    let package = if serde.is_some_and(|serde| SERDES.contains(&serde)) {
        "org.apache.kafka.common.serialization"
    } else if ASSIGNORS.contains(&simple) {
        "org.apache.kafka.clients.consumer"
    } else if simple == "RoundRobinPartitioner" {
        "org.apache.kafka.clients.producer"
    } else {
        return None;
    };
    Some(format!("{package}.{simple}"))
}
