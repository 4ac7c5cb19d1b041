//! `LogConfig` and what `ControllerConfigurationValidator` says about the properties of a topic.

use super::Construction;
use super::broker::BrokerConfig;
use super::number::Side;
use super::parse::{self, Given, Values};
use super::value::{ConfigValue, ConstructError, Value};

/// The settings of a topic as they are in force: its own, else the broker's. Times in milliseconds, sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicConfig {
    pub cleanup_compact: bool,
    pub cleanup_delete: bool,
    pub compression_type: TopicCompression,
    pub delete_retention_ms: i64,
    pub file_delete_delay_ms: i64,
    pub index_interval_bytes: i32,
    pub max_compaction_lag_ms: i64,
    pub min_compaction_lag_ms: i64,
    /// The largest record batch, after compression.
    pub max_message_bytes: i32,
    pub message_timestamp_type: TimestampType,
    pub message_timestamp_after_max_ms: i64,
    pub message_timestamp_before_max_ms: i64,
    pub min_insync_replicas: i32,
    /// -1: no limit.
    pub retention_bytes: i64,
    /// -1: no limit.
    pub retention_ms: i64,
    pub segment_bytes: i32,
    pub segment_index_bytes: i32,
    pub segment_jitter_ms: i64,
    pub segment_ms: i64,
    pub unclean_leader_election_enable: bool,
}

/// `compression.type` of a topic, with the level that the broker uses when it compresses anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TopicCompression {
    /// As the producer sent it.
    Producer,
    Uncompressed,
    Gzip(i32),
    Snappy,
    Lz4(i32),
    Zstd(i32),
}

/// `message.timestamp.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimestampType {
    CreateTime,
    LogAppendTime,
}

/// The broker properties that give a topic property its default; the first one that is set wins.
/// A number of minutes or hours stands for the milliseconds they are.
pub(super) const SYNONYMS: &[(&str, &[&str])] = &[
    ("cleanup.policy", &["log.cleanup.policy"]),
    ("compression.gzip.level", &["compression.gzip.level"]),
    ("compression.lz4.level", &["compression.lz4.level"]),
    ("compression.type", &["compression.type"]),
    ("compression.zstd.level", &["compression.zstd.level"]),
    ("delete.retention.ms", &["log.cleaner.delete.retention.ms"]),
    ("file.delete.delay.ms", &["log.segment.delete.delay.ms"]),
    ("flush.messages", &["log.flush.interval.messages"]),
    ("flush.ms", &["log.flush.interval.ms", "log.flush.scheduler.interval.ms"]),
    ("index.interval.bytes", &["log.index.interval.bytes"]),
    ("local.retention.bytes", &["log.local.retention.bytes"]),
    ("local.retention.ms", &["log.local.retention.ms"]),
    ("max.compaction.lag.ms", &["log.cleaner.max.compaction.lag.ms"]),
    ("max.message.bytes", &["message.max.bytes"]),
    ("message.timestamp.after.max.ms", &["log.message.timestamp.after.max.ms"]),
    ("message.timestamp.before.max.ms", &["log.message.timestamp.before.max.ms"]),
    ("message.timestamp.type", &["log.message.timestamp.type"]),
    ("min.cleanable.dirty.ratio", &["log.cleaner.min.cleanable.ratio"]),
    ("min.compaction.lag.ms", &["log.cleaner.min.compaction.lag.ms"]),
    ("min.insync.replicas", &["min.insync.replicas"]),
    ("preallocate", &["log.preallocate"]),
    ("retention.bytes", &["log.retention.bytes"]),
    ("retention.ms", &["log.retention.ms", "log.retention.minutes", "log.retention.hours"]),
    ("segment.bytes", &["log.segment.bytes"]),
    ("segment.index.bytes", &["log.index.size.max.bytes"]),
    ("segment.jitter.ms", &["log.roll.jitter.ms", "log.roll.jitter.hours"]),
    ("segment.ms", &["log.roll.ms", "log.roll.hours"]),
    ("unclean.leader.election.enable", &["unclean.leader.election.enable"]),
];

/// The broker properties behind a topic property, in the order in which they are asked.
pub fn topic_synonyms(name: &str) -> &'static [&'static str] {
    SYNONYMS.iter().find(|(topic, _)| *topic == name).map_or(&[], |(_, synonyms)| synonyms)
}

impl TopicConfig {
    /// What `CreateTopics` or `AlterConfigs` makes of the given pairs on this broker, or the exception it answers with.
    pub fn construct(pairs: &[(&str, ConfigValue)], broker: &BrokerConfig) -> Result<TopicConfig, ConstructError> {
        TopicConfig::construction(pairs, broker).result
    }

    /// The same with the values of every property.
    pub fn construction(pairs: &[(&str, ConfigValue)], broker: &BrokerConfig) -> Construction<TopicConfig> {
        let given = Given::new(pairs);
        let mut log = Vec::new();
        let parsed = validated(&given, broker, &mut log);
        if parsed.is_ok() {
            // `LogConfig.validate` parses the values, and the `LogConfig` that is made then parses them again.
            log.extend_from_within(..);
        }
        let result = match &parsed {
            Ok(values) => Ok(typed(values)),
            Err(error) => Err(error.clone()),
        };
        Construction { values: parsed.ok(), log, result }
    }
}

/// `ControllerConfigurationValidator.validate` of a topic.
fn validated(given: &Given, broker: &BrokerConfig, log: &mut Vec<super::LogLine>) -> Result<Values, ConstructError> {
    refuse_nulls(given, "topic")?;
    let table = Side::Topic.table();
    if let Some(name) = given.names().find(|name| !table.iter().any(|property| property.name == &***name)) {
        let message = format!("Unknown topic config name: {name}");
        return Err(ConstructError::new("InvalidConfigurationException", message));
    }
    let mut values = parse::parse(table, given, log)?;
    for (name, synonyms) in SYNONYMS {
        if given.contains(name) {
            continue;
        }
        let default = synonyms.iter().find_map(|synonym| in_millis(synonym, broker.values().get(synonym)));
        if let Some(default) = default {
            values.set(name, default);
        }
    }
    let (min, max) = (values.int("min.compaction.lag.ms"), values.int("max.compaction.lag.ms"));
    if min > max {
        let message =
            format!("conflict topic config setting min.compaction.lag.ms ({min}) > max.compaction.lag.ms ({max})");
        return Err(ConstructError::new("InvalidConfigurationException", message));
    }
    if values.bool("remote.storage.enable") {
        let message = "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote \
                       log storage.";
        return Err(ConstructError::config(message));
    }
    Ok(values)
}

/// Topics and groups say all names at once whose value is null.
pub(super) fn refuse_nulls(given: &Given, what: &str) -> Result<(), ConstructError> {
    let nulls: Vec<&str> =
        given.pairs().iter().filter(|(_, value)| *value == ConfigValue::Null).map(|(name, _)| &**name).collect();
    if nulls.is_empty() {
        return Ok(());
    }
    let message = format!("Null value not supported for {what} configs: {}", nulls.join(","));
    Err(ConstructError::new("InvalidConfigurationException", message))
}

/// The broker's value where it has one, as the milliseconds of the topic property.
fn in_millis(name: &str, value: &Value) -> Option<Value> {
    let per_unit = match name {
        _ if name.ends_with(".minutes") => 60_000,
        _ if name.ends_with(".hours") => 3_600_000,
        _ => 1,
    };
    match value {
        Value::Null => None,
        // A negative number of minutes or hours means no limit, as -1 ms does.
        Value::Int(number) if per_unit > 1 => Some(Value::Int(if *number < 0 { -1 } else { number * per_unit })),
        value => Some(value.clone()),
    }
}

fn typed(values: &Values) -> TopicConfig {
    let policies = values.list("cleanup.policy");
    let has = |policy: &str| policies.iter().any(|given| &**given == policy);
    TopicConfig {
        cleanup_compact: has("compact"),
        cleanup_delete: has("delete"),
        compression_type: compression(values),
        delete_retention_ms: values.int("delete.retention.ms"),
        file_delete_delay_ms: values.int("file.delete.delay.ms"),
        index_interval_bytes: values.int32("index.interval.bytes"),
        max_compaction_lag_ms: values.int("max.compaction.lag.ms"),
        min_compaction_lag_ms: values.int("min.compaction.lag.ms"),
        max_message_bytes: values.int32("max.message.bytes"),
        message_timestamp_type: match values.text("message.timestamp.type").map(|kind| &**kind) {
            Some("LogAppendTime") => TimestampType::LogAppendTime,
            _ => TimestampType::CreateTime,
        },
        message_timestamp_after_max_ms: values.int("message.timestamp.after.max.ms"),
        message_timestamp_before_max_ms: values.int("message.timestamp.before.max.ms"),
        min_insync_replicas: values.int32("min.insync.replicas"),
        retention_bytes: values.int("retention.bytes"),
        retention_ms: values.int("retention.ms"),
        segment_bytes: values.int32("segment.bytes"),
        segment_index_bytes: values.int32("segment.index.bytes"),
        segment_jitter_ms: values.int("segment.jitter.ms"),
        segment_ms: values.int("segment.ms"),
        unclean_leader_election_enable: values.bool("unclean.leader.election.enable"),
    }
}

fn compression(values: &Values) -> TopicCompression {
    match values.text("compression.type").map(|codec| &**codec) {
        Some("uncompressed") => TopicCompression::Uncompressed,
        Some("gzip") => TopicCompression::Gzip(values.int32("compression.gzip.level")),
        Some("snappy") => TopicCompression::Snappy,
        Some("lz4") => TopicCompression::Lz4(values.int32("compression.lz4.level")),
        Some("zstd") => TopicCompression::Zstd(values.int32("compression.zstd.level")),
        _ => TopicCompression::Producer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked of the classes of 4.3.1: `ControllerConfigurationValidator.validate` and `new LogConfig` each warn.
    #[test]
    fn a_value_that_stands_twice_in_a_list_is_warned_of_twice() {
        let (broker, _) = BrokerConfig::construct(1, &[]).expect("a broker without properties of its own");
        for (given, listed, left) in [
            ("compact,compact", "compact, compact", "compact"),
            ("delete,compact,delete", "delete, compact, delete", "delete, compact"),
            ("compact,compact,compact", "compact, compact, compact", "compact"),
        ] {
            let made = TopicConfig::construction(&[("cleanup.policy", given.into())], &broker);
            assert!(made.result.is_ok_and(|config| config.cleanup_compact));
            let warned = format!(
                "Configuration key \"cleanup.policy\" contains duplicate values. Duplicates will be removed. The original \
                 value is: [{listed}], the updated value is: [{left}]"
            );
            let said: Vec<&str> = made.log.iter().map(|line| &*line.message).collect();
            assert_eq!(said, [&*warned, &*warned]);
        }
        // What is refused is parsed once.
        let made = TopicConfig::construction(&[("cleanup.policy", "abc,abc".into())], &broker);
        assert_eq!((made.log.len(), made.result.is_err()), (1, true));
    }
}
