//! `KafkaConfig`: the settings of a broker.

use std::sync::Arc;

use super::broker_checks;
use super::number::Side;
use super::parse::{self, Given, Values};
use super::topic::TopicConfig;
use super::value::{ConfigValue, ConstructError, LogLine, Value};
use super::{Construction, suggest};

/// The settings of a broker as they are in force. Times in milliseconds, sizes in bytes.
#[derive(Clone, Debug)]
pub struct BrokerConfig {
    pub node_id: i32,
    pub auto_create_topics_enable: bool,
    pub num_partitions: i32,
    pub default_replication_factor: i32,
    pub delete_topic_enable: bool,
    pub controlled_shutdown_enable: bool,
    pub auto_leader_rebalance_enable: bool,
    pub leader_imbalance_check_interval_seconds: i64,
    pub unclean_leader_election_interval_ms: i64,
    pub connections_max_idle_ms: i64,
    pub socket_request_max_bytes: i32,
    pub fetch_max_bytes: i32,
    pub max_incremental_fetch_session_cache_slots: i32,
    pub broker_heartbeat_interval_ms: i32,
    pub broker_session_timeout_ms: i32,
    pub replica_lag_time_max_ms: i64,
    pub replica_socket_timeout_ms: i32,
    pub replica_fetch_wait_max_ms: i32,
    pub replica_fetch_min_bytes: i32,
    pub replica_fetch_max_bytes: i32,
    pub replica_fetch_response_max_bytes: i32,
    pub replica_fetch_backoff_ms: i32,
    pub replica_high_watermark_checkpoint_interval_ms: i64,
    pub group_min_session_timeout_ms: i32,
    pub group_max_session_timeout_ms: i32,
    pub group_initial_rebalance_delay_ms: i32,
    pub group_max_size: i32,
    pub group_coordinator_append_linger_ms: i32,
    pub group_consumer_session_timeout_ms: i32,
    pub group_consumer_heartbeat_interval_ms: i32,
    pub group_consumer_max_size: i32,
    pub offset_metadata_max_bytes: i32,
    pub offsets_commit_timeout_ms: i32,
    pub offsets_retention_minutes: i32,
    pub offsets_retention_check_interval_ms: i64,
    pub offsets_topic_num_partitions: i32,
    pub offsets_topic_replication_factor: i16,
    pub offsets_topic_segment_bytes: i32,
    pub producer_id_expiration_ms: i32,
    pub producer_id_expiration_check_interval_ms: i32,
    pub transaction_max_timeout_ms: i32,
    pub transaction_state_log_num_partitions: i32,
    pub transaction_state_log_replication_factor: i16,
    pub transaction_state_log_min_isr: i32,
    pub transaction_abort_timed_out_cleanup_interval_ms: i32,
    pub transaction_remove_expired_cleanup_interval_ms: i32,
    pub transactional_id_expiration_ms: i32,
    pub transaction_two_phase_commit_enable: bool,
    pub log_retention_check_interval_ms: i64,
    values: Arc<Values>,
}

/// What a broker of this cluster is told beside its own properties.
fn base(node_id: i32) -> [(&'static str, String); 5] {
    [
        ("process.roles", "broker,controller".into()),
        ("node.id", node_id.to_string()),
        ("listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093".into()),
        ("controller.listener.names", "CONTROLLER".into()),
        ("controller.quorum.bootstrap.servers", "localhost:9093".into()),
    ]
}

impl BrokerConfig {
    /// The settings of the broker `node_id` of a cluster, from its own properties. A name that no broker property has
    /// is refused: Kafka would start and say nothing.
    pub fn construct(
        node_id: i32,
        pairs: &[(&str, ConfigValue)],
    ) -> Result<(BrokerConfig, Vec<LogLine>), ConstructError> {
        for (name, value) in pairs {
            if *value == ConfigValue::Null {
                let message = format!("The broker property '{name}' has no value.");
                return Err(ConstructError::config(message).blaming(&[name]));
            }
            if !Side::Broker.table().iter().any(|property| property.name == *name) {
                let hint = suggest::suggest(Side::Broker, name);
                let hint = hint.map(|name| format!(" Did you mean '{name}'?")).unwrap_or_default();
                let message = format!("There is no broker property '{name}'.{hint}");
                return Err(ConstructError::config(message).blaming(&[name]));
            }
        }
        let base = base(node_id);
        let mut all: Vec<(&str, ConfigValue)> =
            base.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        all.extend_from_slice(pairs);
        let made = BrokerConfig::construction(&all);
        made.result.map(|config| (config, made.log))
    }

    /// `KafkaConfig.fromProps`, with everything that was found on the way, also when it failed. No value may be null: a
    /// Java `Properties` has none.
    pub fn construction(pairs: &[(&str, ConfigValue)]) -> Construction<BrokerConfig> {
        let mut given = Given::new(pairs);
        // `KafkaConfig.populateSynonyms`: one id is both, unless both are given.
        for (from, to) in [("node.id", "broker.id"), ("broker.id", "node.id")] {
            if let (Some(id), None) = (given.get(from).cloned(), given.get(to)) {
                given.put(to, id);
            }
        }
        let mut log = Vec::new();
        let parsed = parse::parse(Side::Broker.table(), &given, &mut log);
        let result = match &parsed {
            Ok(values) => broker_checks::check(&given, values).map(|()| typed(values)),
            Err(error) => Err(error.clone()),
        };
        Construction { values: parsed.ok(), log, result }
    }

    /// The value of every property.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The settings of a topic that has none of its own.
    pub fn topic_defaults(&self) -> TopicConfig {
        TopicConfig::construct(&[], self).expect("the broker's own defaults were checked")
    }
}

impl PartialEq for BrokerConfig {
    fn eq(&self, other: &BrokerConfig) -> bool {
        self.values == other.values
    }
}

fn typed(values: &Values) -> BrokerConfig {
    let (int, long) = (|name| values.int32(name), |name| values.int(name));
    let short = |name| i16::try_from(values.int(name)).expect("a SHORT was parsed as 16 bits");
    BrokerConfig {
        node_id: int("node.id"),
        auto_create_topics_enable: values.bool("auto.create.topics.enable"),
        num_partitions: int("num.partitions"),
        default_replication_factor: int("default.replication.factor"),
        delete_topic_enable: values.bool("delete.topic.enable"),
        controlled_shutdown_enable: values.bool("controlled.shutdown.enable"),
        auto_leader_rebalance_enable: values.bool("auto.leader.rebalance.enable"),
        leader_imbalance_check_interval_seconds: long("leader.imbalance.check.interval.seconds"),
        unclean_leader_election_interval_ms: long("unclean.leader.election.interval.ms"),
        connections_max_idle_ms: long("connections.max.idle.ms"),
        socket_request_max_bytes: int("socket.request.max.bytes"),
        fetch_max_bytes: int("fetch.max.bytes"),
        max_incremental_fetch_session_cache_slots: int("max.incremental.fetch.session.cache.slots"),
        broker_heartbeat_interval_ms: int("broker.heartbeat.interval.ms"),
        broker_session_timeout_ms: int("broker.session.timeout.ms"),
        replica_socket_timeout_ms: int("replica.socket.timeout.ms"),
        replica_lag_time_max_ms: long("replica.lag.time.max.ms"),
        replica_fetch_wait_max_ms: int("replica.fetch.wait.max.ms"),
        replica_fetch_min_bytes: int("replica.fetch.min.bytes"),
        replica_fetch_max_bytes: int("replica.fetch.max.bytes"),
        replica_fetch_response_max_bytes: int("replica.fetch.response.max.bytes"),
        replica_fetch_backoff_ms: int("replica.fetch.backoff.ms"),
        replica_high_watermark_checkpoint_interval_ms: long("replica.high.watermark.checkpoint.interval.ms"),
        group_min_session_timeout_ms: int("group.min.session.timeout.ms"),
        group_max_session_timeout_ms: int("group.max.session.timeout.ms"),
        group_initial_rebalance_delay_ms: int("group.initial.rebalance.delay.ms"),
        group_max_size: int("group.max.size"),
        group_coordinator_append_linger_ms: int("group.coordinator.append.linger.ms"),
        group_consumer_session_timeout_ms: int("group.consumer.session.timeout.ms"),
        group_consumer_heartbeat_interval_ms: int("group.consumer.heartbeat.interval.ms"),
        group_consumer_max_size: int("group.consumer.max.size"),
        offset_metadata_max_bytes: int("offset.metadata.max.bytes"),
        offsets_commit_timeout_ms: int("offsets.commit.timeout.ms"),
        offsets_retention_minutes: int("offsets.retention.minutes"),
        offsets_retention_check_interval_ms: long("offsets.retention.check.interval.ms"),
        offsets_topic_num_partitions: int("offsets.topic.num.partitions"),
        offsets_topic_replication_factor: short("offsets.topic.replication.factor"),
        offsets_topic_segment_bytes: int("offsets.topic.segment.bytes"),
        producer_id_expiration_ms: int("producer.id.expiration.ms"),
        producer_id_expiration_check_interval_ms: int("producer.id.expiration.check.interval.ms"),
        transaction_max_timeout_ms: int("transaction.max.timeout.ms"),
        transaction_state_log_num_partitions: int("transaction.state.log.num.partitions"),
        transaction_state_log_replication_factor: short("transaction.state.log.replication.factor"),
        transaction_state_log_min_isr: int("transaction.state.log.min.isr"),
        transaction_abort_timed_out_cleanup_interval_ms: int(
            "transaction.abort.timed.out.transaction.cleanup.interval.ms",
        ),
        transaction_remove_expired_cleanup_interval_ms: int(
            "transaction.remove.expired.transaction.cleanup.interval.ms",
        ),
        transactional_id_expiration_ms: int("transactional.id.expiration.ms"),
        transaction_two_phase_commit_enable: values.bool("transaction.two.phase.commit.enable"),
        log_retention_check_interval_ms: long("log.retention.check.interval.ms"),
        values: Arc::new(values.clone()),
    }
}

/// The times that stand behind several properties (`AbstractKafkaConfig`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogTimes {
    /// -1: no limit.
    pub retention_ms: i64,
    pub roll_ms: i64,
    pub roll_jitter_ms: i64,
    pub flush_interval_ms: i64,
}

/// Of several properties the most exact one that is set counts: milliseconds, minutes, hours.
pub fn log_times(values: &Values) -> LogTimes {
    let hours = |name| values.int_or_null(name).map(|hours| hours * 3_600_000);
    let minutes = |name| values.int_or_null(name).map(|minutes| minutes * 60_000);
    let millis = |name| values.int_or_null(name);
    let or_default = |found: Option<i64>| found.unwrap_or_default();
    let retention = millis("log.retention.ms").or(minutes("log.retention.minutes")).or(hours("log.retention.hours"));
    LogTimes {
        retention_ms: if or_default(retention) < 0 { -1 } else { or_default(retention) },
        roll_ms: or_default(millis("log.roll.ms").or(hours("log.roll.hours"))),
        roll_jitter_ms: or_default(millis("log.roll.jitter.ms").or(hours("log.roll.jitter.hours"))),
        flush_interval_ms: or_default(millis("log.flush.interval.ms").or(millis("log.flush.scheduler.interval.ms"))),
    }
}

/// `log.dirs`, else `log.dir`.
pub fn log_dirs(values: &Values) -> &[Arc<str>] {
    match values.get("log.dirs") {
        Value::List(dirs) => dirs,
        _ => values.list("log.dir"),
    }
}
