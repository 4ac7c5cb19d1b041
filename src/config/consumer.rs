//! `ConsumerConfig` and the constructors of `ClassicKafkaConsumer` and `AsyncKafkaConsumer`.

use std::sync::Arc;

use super::Construction;
use super::bootstrap;
use super::classes::{self, ClassRole};
use super::client::{self, ABSTRACT, unboxed_bool, unboxed_int};
use super::duration;
use super::names::{GROUP_INSTANCE_ID, name_problem};
use super::number::Side;
use super::parse::{self, Given, Values};
use super::serde::SerdeFormat;
use super::value::{ConfigValue, ConstructError, LogLine, Unboxing, Value};

/// The settings of a consumer as they are in force. Times are in milliseconds, sizes in bytes; the types are Java's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConsumerConfig {
    /// Host and port of each address that resolves, in the order given.
    pub bootstrap_servers: Vec<(Arc<str>, u16)>,
    /// `consumer-GROUP-N` when none was given; N is the `group.instance.id` where there is one.
    pub client_id: Arc<str>,
    /// `None`: no group; only `assign` works, and nothing is committed.
    pub group_id: Option<Arc<str>>,
    pub group_instance_id: Option<Arc<str>>,
    pub group_protocol: GroupProtocol,
    pub session_timeout_ms: i32,
    /// Below `session_timeout_ms` where there is a classic group.
    pub heartbeat_interval_ms: i32,
    pub max_poll_interval_ms: i32,
    pub max_poll_records: i32,
    /// False as well when there is no group and it was not given.
    pub enable_auto_commit: bool,
    pub auto_commit_interval_ms: i32,
    pub auto_offset_reset: AutoOffsetReset,
    /// In the order of preference.
    pub assignors: Vec<AssignorClass>,
    pub isolation_level: IsolationLevel,
    pub fetch_min_bytes: i32,
    pub fetch_max_bytes: i32,
    pub fetch_max_wait_ms: i32,
    pub max_partition_fetch_bytes: i32,
    pub check_crcs: bool,
    pub allow_auto_create_topics: bool,
    pub exclude_internal_topics: bool,
    /// Empty: none.
    pub client_rack: Arc<str>,
    pub default_api_timeout_ms: i32,
    pub request_timeout_ms: i32,
    pub retry_backoff_ms: i64,
    pub retry_backoff_max_ms: i64,
    pub reconnect_backoff_ms: i64,
    /// Equal to `reconnect_backoff_ms` when only that was given.
    pub reconnect_backoff_max_ms: i64,
    pub socket_connection_setup_timeout_ms: i64,
    pub socket_connection_setup_timeout_max_ms: i64,
    /// Negative: never.
    pub connections_max_idle_ms: i64,
    pub metadata_max_age_ms: i64,
    /// `metadata.recovery.strategy` is `rebootstrap`.
    pub metadata_rebootstrap: bool,
    pub metadata_rebootstrap_trigger_ms: i64,
    pub key_deserializer: SerdeFormat,
    pub value_deserializer: SerdeFormat,
    pub enable_metrics_push: bool,
}

/// `group.protocol`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupProtocol {
    Classic,
    Consumer,
}

/// `auto.offset.reset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AutoOffsetReset {
    Latest,
    Earliest,
    None,
    /// This many milliseconds back from now, rounded up to whole ones.
    ByDuration(u64),
}

/// `isolation.level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IsolationLevel {
    ReadUncommitted,
    ReadCommitted,
}

/// One of `partition.assignment.strategy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AssignorClass {
    Range,
    RoundRobin,
    Sticky,
    CooperativeSticky,
}

impl AssignorClass {
    /// The name of the assignor in a `JoinGroup` request.
    pub const fn name(self) -> &'static str {
        match self {
            AssignorClass::Range => "range",
            AssignorClass::RoundRobin => "roundrobin",
            AssignorClass::Sticky => "sticky",
            AssignorClass::CooperativeSticky => "cooperative-sticky",
        }
    }

    fn of_class(class: &str) -> Option<AssignorClass> {
        Some(match class.strip_prefix("org.apache.kafka.clients.consumer.")? {
            "RangeAssignor" => AssignorClass::Range,
            "RoundRobinAssignor" => AssignorClass::RoundRobin,
            "StickyAssignor" => AssignorClass::Sticky,
            "CooperativeStickyAssignor" => AssignorClass::CooperativeSticky,
            _ => return None,
        })
    }
}

const DESERIALIZERS: [&str; 2] = ["key.deserializer", "value.deserializer"];
/// Whose getters are named when a null is unboxed.
const CLASS: &str = "clients.consumer.ConsumerConfig";
const CLASSIC_UNSUPPORTED: [&str; 3] = ["group.remote.assignor", "share.acknowledgement.mode", "share.acquire.mode"];
const CONSUMER_UNSUPPORTED: [&str; 5] = [
    "partition.assignment.strategy",
    "heartbeat.interval.ms",
    "session.timeout.ms",
    "share.acknowledgement.mode",
    "share.acquire.mode",
];

impl ConsumerConfig {
    /// What `new KafkaConsumer(properties)` makes of its properties, and what it logs; or the exception it throws.
    pub fn construct(pairs: &[(&str, ConfigValue)]) -> Result<(ConsumerConfig, Vec<LogLine>), ConstructError> {
        let made = ConsumerConfig::construction(pairs);
        made.result.map(|config| (config, made.log))
    }

    /// The same with everything that was found on the way, also when it failed.
    pub fn construction(pairs: &[(&str, ConfigValue)]) -> Construction<ConsumerConfig> {
        let given = Given::new(pairs);
        let mut log = Vec::new();
        let parsed = parsed(&given, &mut log);
        let result = match &parsed {
            Ok(values) => typed(&given, values, &mut log)
                .map_err(|cause| cause.under("KafkaException", "Failed to construct kafka consumer")),
            Err(error) => Err(error.clone()),
        };
        Construction { values: parsed.ok(), log, result }
    }
}

/// `new ConsumerConfig(ConsumerConfig.appendDeserializerToConfig(…))`.
fn parsed(given: &Given, log: &mut Vec<LogLine>) -> Result<Values, ConstructError> {
    for name in DESERIALIZERS {
        if matches!(given.get(name), None | Some(ConfigValue::Null)) {
            return Err(ConstructError::invalid(name, Value::Null, "must be non-null."));
        }
    }
    let mut values = parse::parse(Side::Consumer.table(), given, log)?;
    client::post_process(given, &mut values, log)?;
    override_client_id(&mut values)?;
    override_enable_auto_commit(given, &mut values)?;
    check_unsupported(given, &values)?;
    Ok(values)
}

/// `ConsumerConfig.maybeOverrideClientId`.
fn override_client_id(values: &mut Values) -> Result<(), ConstructError> {
    if values.text("client.id").is_some_and(|id| !id.is_empty()) {
        return Ok(());
    }
    validate_instance_id(values)?;
    let group = values.text("group.id").map_or("null", |id| id);
    // The sequence number is of the process, and every client here is a process of its own.
    let instance = values.text("group.instance.id").map_or("1", |id| id);
    let id = format!("consumer-{group}-{instance}");
    values.set("client.id", Value::Text(id.into()));
    Ok(())
}

/// `JoinGroupRequest.validateGroupInstanceId`.
fn validate_instance_id(values: &Values) -> Result<(), ConstructError> {
    let problem = values.text("group.instance.id").and_then(|id| name_problem(GROUP_INSTANCE_ID, id));
    problem.map_or(Ok(()), |problem| Err(ConstructError::new("InvalidConfigurationException", problem)))
}

/// `ConsumerConfig.maybeOverrideEnableAutoCommit`.
fn override_enable_auto_commit(given: &Given, values: &mut Values) -> Result<(), ConstructError> {
    let asked_for = given.contains("enable.auto.commit");
    let enabled = asked_for && unboxed_bool(values, "enable.auto.commit", CLASS)?;
    if *values.get("group.id") != Value::Null {
        return Ok(());
    }
    if enabled {
        let message = "enable.auto.commit cannot be set to true when default group id (null) is used.";
        return Err(ConstructError::new("InvalidConfigurationException", message));
    }
    values.set("enable.auto.commit", Value::Bool(false));
    Ok(())
}

/// `ConsumerConfig.checkUnsupportedConfigsPostProcess`: given and not blank, even at the default.
fn check_unsupported(given: &Given, values: &Values) -> Result<(), ConstructError> {
    let (protocol, unsupported): (_, &[&str]) = match protocol(values) {
        GroupProtocol::Classic => ("CLASSIC", &CLASSIC_UNSUPPORTED),
        GroupProtocol::Consumer => ("CONSUMER", &CONSUMER_UNSUPPORTED),
    };
    let is_given = |name: &str| match given.get(name) {
        None | Some(ConfigValue::Null) => false,
        Some(value) => !value.to_string().trim().is_empty(),
    };
    let invalid: Vec<&str> = unsupported.iter().copied().filter(|name| is_given(name)).collect();
    if invalid.is_empty() {
        return Ok(());
    }
    let message = format!("{} cannot be set when group.protocol={protocol}", invalid.join(", "));
    Err(ConstructError::config(message))
}

fn protocol(values: &Values) -> GroupProtocol {
    match values.text("group.protocol") {
        Some(protocol) if protocol.eq_ignore_ascii_case("consumer") => GroupProtocol::Consumer,
        _ => GroupProtocol::Classic,
    }
}

/// In the order of the constructor, which decides which of two mistakes is seen.
fn typed(given: &Given, values: &Values, log: &mut Vec<LogLine>) -> Result<ConsumerConfig, ConstructError> {
    let group_protocol = protocol(values);
    // `GroupRebalanceConfig`.
    let session_timeout_ms = unboxed_int(values, "session.timeout.ms", ABSTRACT)?;
    let heartbeat_interval_ms = unboxed_int(values, "heartbeat.interval.ms", ABSTRACT)?;
    validate_instance_id(values)?;
    if group_protocol == GroupProtocol::Classic {
        check_group_id(values)?;
    }
    let enable_metrics_push = client::reporters(values)?;
    client::each(values.list("interceptor.classes"), ClassRole::Interceptor)?;
    let key_class = client::serde(values, "key.deserializer", ClassRole::Deserializer)?;
    let value_class = client::serde(values, "value.deserializer", ClassRole::Deserializer)?;
    // `ConsumerMetadata`, the addresses, `FetchConfig`, `NetworkClient`.
    let exclude_internal_topics = unboxed_bool(values, "exclude.internal.topics", CLASS)?;
    let allow_auto_create_topics = unboxed_bool(values, "allow.auto.create.topics", CLASS)?;
    let bootstrap_servers = bootstrap::addresses(values, log)?;
    let check_crcs = unboxed_bool(values, "check.crcs", CLASS)?;
    let assignors = match group_protocol {
        GroupProtocol::Classic => {
            client::network_client(values)?;
            let assignors = assignors(values)?;
            coordinator(values, session_timeout_ms, heartbeat_interval_ms)?;
            assignors
        }
        GroupProtocol::Consumer => {
            check_group_id(values)?;
            client::network_client(values)?;
            unboxed_bool(values, "internal.throw.on.fetch.stable.offset.unsupported", CLASS).map_err(|cause| {
                let message = format!("java.lang.{}: {}", cause.class, cause.message);
                cause.under("KafkaException", message)
            })?;
            Vec::new()
        }
    };
    let encodings = [&key_class, &value_class].iter().any(|class| class.ends_with(".StringDeserializer"));
    client::log_unused(given, values, |name| is_read(values, name, encodings), log);
    let (int, long) = (|name| values.int32(name), |name| values.int(name));
    Ok(ConsumerConfig {
        bootstrap_servers,
        client_id: values.text("client.id").expect("never null").clone(),
        group_id: values.text("group.id").cloned(),
        group_instance_id: values.text("group.instance.id").cloned(),
        group_protocol,
        session_timeout_ms,
        heartbeat_interval_ms,
        max_poll_interval_ms: int("max.poll.interval.ms"),
        max_poll_records: int("max.poll.records"),
        enable_auto_commit: values.bool("enable.auto.commit"),
        auto_commit_interval_ms: int("auto.commit.interval.ms"),
        auto_offset_reset: auto_offset_reset(values),
        assignors,
        isolation_level: match values.text("isolation.level").map(|level| &**level) {
            Some("read_committed") => IsolationLevel::ReadCommitted,
            _ => IsolationLevel::ReadUncommitted,
        },
        fetch_min_bytes: int("fetch.min.bytes"),
        fetch_max_bytes: int("fetch.max.bytes"),
        fetch_max_wait_ms: int("fetch.max.wait.ms"),
        max_partition_fetch_bytes: int("max.partition.fetch.bytes"),
        check_crcs,
        allow_auto_create_topics,
        exclude_internal_topics,
        client_rack: values.text("client.rack").cloned().unwrap_or_default(),
        default_api_timeout_ms: int("default.api.timeout.ms"),
        request_timeout_ms: int("request.timeout.ms"),
        retry_backoff_ms: long("retry.backoff.ms"),
        retry_backoff_max_ms: long("retry.backoff.max.ms"),
        reconnect_backoff_ms: long("reconnect.backoff.ms"),
        reconnect_backoff_max_ms: long("reconnect.backoff.max.ms"),
        socket_connection_setup_timeout_ms: long("socket.connection.setup.timeout.ms"),
        socket_connection_setup_timeout_max_ms: long("socket.connection.setup.timeout.max.ms"),
        connections_max_idle_ms: long("connections.max.idle.ms"),
        metadata_max_age_ms: long("metadata.max.age.ms"),
        metadata_rebootstrap: client::rebootstraps(values),
        metadata_rebootstrap_trigger_ms: long("metadata.recovery.rebootstrap.trigger.ms"),
        key_deserializer: SerdeFormat::of_class(&key_class).expect("a deserializer of Kafka's own"),
        value_deserializer: SerdeFormat::of_class(&value_class).expect("a deserializer of Kafka's own"),
        enable_metrics_push,
    })
}

fn check_group_id(values: &Values) -> Result<(), ConstructError> {
    if values.text("group.id").is_some_and(|id| id.is_empty()) {
        let message = "The configured group.id should not be an empty string or whitespace.";
        return Err(ConstructError::new("InvalidGroupIdException", message));
    }
    Ok(())
}

/// `ConsumerPartitionAssignor.getAssignorInstances`.
fn assignors(values: &Values) -> Result<Vec<AssignorClass>, ConstructError> {
    let mut assignors = Vec::new();
    for class in values.list("partition.assignment.strategy") {
        if classes::role(class).is_none() {
            let message = format!("{class} ClassNotFoundException exception occurred");
            return Err(ConstructError::new("ClassNotFoundException", &**class).under("KafkaException", message));
        }
        classes::instance(class, ClassRole::Assignor)?;
        assignors.push(AssignorClass::of_class(class).expect("an assignor of Kafka's own"));
    }
    Ok(assignors)
}

/// `ConsumerCoordinator` and its `Heartbeat`; without a group there is none.
fn coordinator(values: &Values, session_ms: i32, heartbeat_ms: i32) -> Result<(), ConstructError> {
    if *values.get("group.id") == Value::Null {
        return Ok(());
    }
    if *values.get("internal.throw.on.fetch.stable.offset.unsupported") == Value::Null {
        return Err(ConstructError::null_pointer(Unboxing::Bool, CLASS));
    }
    if heartbeat_ms >= session_ms {
        let message = "Heartbeat must be set lower than the session timeout";
        return Err(ConstructError::new("IllegalArgumentException", message));
    }
    // `Time.timer` of the heartbeat, then of the session.
    match [heartbeat_ms, session_ms].into_iter().find(|ms| *ms < 0) {
        Some(ms) => Err(ConstructError::new("IllegalArgumentException", format!("Invalid negative timeout {ms}"))),
        None => Ok(()),
    }
}

/// `AutoOffsetResetStrategy.fromString`.
fn auto_offset_reset(values: &Values) -> AutoOffsetReset {
    let text = values.text("auto.offset.reset").expect("validated: never null");
    match (&**text, duration::by_duration_ms(text)) {
        ("earliest", _) => AutoOffsetReset::Earliest,
        ("none", _) => AutoOffsetReset::None,
        (_, Some(ms)) => AutoOffsetReset::ByDuration(ms),
        _ => AutoOffsetReset::Latest,
    }
}

/// Whether a name that is not about security is read while the consumer is made.
fn is_read(values: &Values, name: &str, encodings: bool) -> bool {
    match name {
        // `StringDeserializer` asks for its character set.
        "key.deserializer.encoding" | "value.deserializer.encoding" | "deserializer.encoding" => encodings,
        _ => values.table().iter().any(|property| property.name == name),
    }
}
