//! `ProducerConfig` and the constructor of `KafkaProducer`.

use std::sync::Arc;

use super::Construction;
use super::bootstrap;
use super::classes::{self, ClassRole};
use super::client::{self, info, unboxed_bool, unboxed_int, warning};
use super::number::Side;
use super::parse::{self, Given, Values};
use super::serde::SerdeFormat;
use super::value::{ConfigValue, ConstructError, LogLine, Value};

/// The settings of a producer as they are in force. Times are in milliseconds, sizes in bytes; the types are Java's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProducerConfig {
    /// Host and port of each address that resolves, in the order given.
    pub bootstrap_servers: Vec<(Arc<str>, u16)>,
    pub client_id: Arc<str>,
    /// 0, 1 or -1 (`all`).
    pub acks: i16,
    /// False as well when it was not asked for and `acks` or `retries` exclude it.
    pub enable_idempotence: bool,
    pub retries: i32,
    /// `max.in.flight.requests.per.connection`, at least 1.
    pub max_in_flight: i32,
    /// At most `i32::MAX`, as the accumulator has it.
    pub linger_ms: i32,
    /// At least 1, as the accumulator has it.
    pub batch_size: i32,
    pub buffer_memory: i64,
    pub max_block_ms: i64,
    pub max_request_size: i32,
    /// At least `linger.ms` + `request.timeout.ms`, raised to it when it was not given.
    pub delivery_timeout_ms: i32,
    pub request_timeout_ms: i32,
    pub compression: Compression,
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
    pub metadata_max_idle_ms: i64,
    /// `metadata.recovery.strategy` is `rebootstrap`.
    pub metadata_rebootstrap: bool,
    pub metadata_rebootstrap_trigger_ms: i64,
    pub partitioner: PartitionerClass,
    pub partitioner_ignore_keys: bool,
    pub partitioner_adaptive: bool,
    /// 0: off.
    pub partitioner_availability_timeout_ms: i64,
    pub key_serializer: SerdeFormat,
    pub value_serializer: SerdeFormat,
    pub transactional_id: Option<Arc<str>>,
    pub transaction_timeout_ms: i32,
    pub transaction_two_phase_commit: bool,
    pub enable_metrics_push: bool,
}

/// `compression.type` with the level of that codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    None,
    /// 1 to 9, or -1 for zlib's own default.
    Gzip(i32),
    Snappy,
    Lz4(i32),
    Zstd(i32),
}

/// `partitioner.class`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartitionerClass {
    /// None given: by the hash of the key, else sticky.
    BuiltIn,
    RoundRobin,
}

const SERIALIZERS: [&str; 2] = ["key.serializer", "value.serializer"];
/// Whose getters are named when a null is unboxed.
const CLASS: &str = "clients.producer.ProducerConfig";
const MAX_IN_FLIGHT_FOR_IDEMPOTENCE: i32 = 5;

impl ProducerConfig {
    /// What `new KafkaProducer(properties)` makes of its properties, and what it logs; or the exception it throws.
    pub fn construct(pairs: &[(&str, ConfigValue)]) -> Result<(ProducerConfig, Vec<LogLine>), ConstructError> {
        let made = ProducerConfig::construction(pairs);
        made.result.map(|config| (config, made.log))
    }

    /// The same with everything that was found on the way, also when it failed.
    pub fn construction(pairs: &[(&str, ConfigValue)]) -> Construction<ProducerConfig> {
        let given = Given::new(pairs);
        let mut log = Vec::new();
        let parsed = parsed(&given, &mut log);
        let result = match &parsed {
            Ok(values) => new_producer(&given, values, &mut log),
            Err(error) => Err(error.clone()),
        };
        Construction { values: parsed.ok(), log, result }
    }
}

/// `new ProducerConfig(ProducerConfig.appendSerializerToConfig(…))`.
fn parsed(given: &Given, log: &mut Vec<LogLine>) -> Result<Values, ConstructError> {
    for name in SERIALIZERS {
        if matches!(given.get(name), None | Some(ConfigValue::Null)) {
            return Err(ConstructError::invalid(name, Value::Null, "must be non-null."));
        }
    }
    let mut values = parse::parse(Side::Producer.table(), given, log)?;
    client::post_process(given, &mut values, log)?;
    post_process_idempotence(given, &mut values, log)?;
    if !given.contains("client.id") {
        // The sequence number is of the process, and every client here is a process of its own.
        let id = values.text("transactional.id").map_or("1", |id| id);
        let id = format!("producer-{id}");
        values.set("client.id", Value::Text(id.into()));
    }
    Ok(values)
}

/// `ProducerConfig.postProcessAndValidateIdempotenceConfigs`.
fn post_process_idempotence(given: &Given, values: &mut Values, log: &mut Vec<LogLine>) -> Result<(), ConstructError> {
    let acks = acks(values);
    values.set("acks", Value::Text(acks.to_string().into()));
    let asked_for = given.contains("enable.idempotence");
    let mut enabled = unboxed_bool(values, "enable.idempotence", CLASS)?;
    if enabled {
        let mut disable = false;
        if values.int("retries") == 0 {
            if asked_for {
                let message = "Must set retries to non-zero when using the idempotent producer.";
                return Err(ConstructError::config(message));
            }
            log.push(info("ProducerConfig", "Idempotence will be disabled because retries is set to 0.".into()));
            disable = true;
        }
        if acks != -1 {
            if asked_for {
                let message = "Must set acks to all in order to use the idempotent producer. Otherwise we cannot \
                               guarantee idempotence.";
                return Err(ConstructError::config(message));
            }
            let message = format!("Idempotence will be disabled because acks is set to {acks}, not set to 'all'.");
            log.push(info("ProducerConfig", message));
            disable = true;
        }
        // Also when the lines above have just decided to switch it off.
        let in_flight = values.int32("max.in.flight.requests.per.connection");
        if in_flight > MAX_IN_FLIGHT_FOR_IDEMPOTENCE {
            return Err(ConstructError::config(format!(
                "To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most \
                 {MAX_IN_FLIGHT_FOR_IDEMPOTENCE}. Current value is {in_flight}."
            )));
        }
        enabled = !disable;
    }
    values.set("enable.idempotence", Value::Bool(enabled));
    if !enabled && given.contains("transactional.id") {
        let message = "Cannot set a transactional.id without also enabling idempotence.";
        return Err(ConstructError::config(message));
    }
    let two_phase_commit = unboxed_bool(values, "transaction.two.phase.commit.enable", CLASS)?;
    if two_phase_commit && given.contains("transaction.timeout.ms") {
        let message = "Cannot set transaction.timeout.ms when transaction.two.phase.commit.enable is set to true. \
                       Transactions will not expire with two-phase commit enabled.";
        return Err(ConstructError::config(message));
    }
    Ok(())
}

fn acks(values: &Values) -> i16 {
    match values.text("acks").map(|acks| &**acks) {
        Some("0") => 0,
        Some("1") => 1,
        Some("all" | "-1") => -1,
        other => panic!("acks was validated, and is {other:?}"),
    }
}

/// The constructor after its configuration was parsed: whatever goes wrong is the cause of one `KafkaException`.
fn new_producer(given: &Given, values: &Values, log: &mut Vec<LogLine>) -> Result<ProducerConfig, ConstructError> {
    // A null client id fails before the constructor's `try`, where the log prefix is made.
    if values.text("client.id").is_none() {
        let message = "Cannot invoke \"java.lang.CharSequence.length()\" because \"this.text\" is null";
        return Err(ConstructError::new("NullPointerException", message));
    }
    typed(given, values, log).map_err(|cause| cause.under("KafkaException", "Failed to construct kafka producer"))
}

/// In the order of the constructor, which decides which of two mistakes is seen.
fn typed(given: &Given, values: &Values, log: &mut Vec<LogLine>) -> Result<ProducerConfig, ConstructError> {
    let enable_metrics_push = client::reporters(values)?;
    let custom = values.text("partitioner.class");
    if let Some(class) = custom {
        classes::instance(class, ClassRole::Partitioner)?;
    }
    let partitioner_ignore_keys = unboxed_bool(values, "partitioner.ignore.keys", CLASS)?;
    let key_class = client::serde(values, "key.serializer", ClassRole::Serializer)?;
    let value_class = client::serde(values, "value.serializer", ClassRole::Serializer)?;
    client::each(values.list("interceptor.classes"), ClassRole::Interceptor)?;
    let linger_ms = i32::try_from(values.int("linger.ms")).unwrap_or(i32::MAX);
    let delivery_timeout_ms = delivery_timeout(given, values, linger_ms, log)?;
    let enable_idempotence = values.bool("enable.idempotence");
    let transaction_timeout_ms = match enable_idempotence {
        true => unboxed_int(values, "transaction.timeout.ms", CLASS)?,
        // Not read then: a null does no harm.
        false => values.int_or_null("transaction.timeout.ms").map_or(0, |ms| ms as i32),
    };
    let partitioner_adaptive =
        custom.is_none() && unboxed_bool(values, "partitioner.adaptive.partitioning.enable", CLASS)?;
    let bootstrap_servers = bootstrap::addresses(values, log)?;
    client::network_client(values)?;
    let encodings = [&key_class, &value_class].iter().any(|class| class.ends_with(".StringSerializer"));
    client::log_unused(given, values, |name| is_read(values, name, enable_metrics_push, encodings), log);
    let long = |name| values.int(name);
    Ok(ProducerConfig {
        bootstrap_servers,
        client_id: values.text("client.id").expect("checked above").clone(),
        acks: acks(values),
        enable_idempotence,
        retries: values.int32("retries"),
        max_in_flight: values.int32("max.in.flight.requests.per.connection"),
        linger_ms,
        batch_size: values.int32("batch.size").max(1),
        buffer_memory: long("buffer.memory"),
        max_block_ms: long("max.block.ms"),
        max_request_size: values.int32("max.request.size"),
        delivery_timeout_ms,
        request_timeout_ms: values.int32("request.timeout.ms"),
        compression: compression(values),
        retry_backoff_ms: long("retry.backoff.ms"),
        retry_backoff_max_ms: long("retry.backoff.max.ms"),
        reconnect_backoff_ms: long("reconnect.backoff.ms"),
        reconnect_backoff_max_ms: long("reconnect.backoff.max.ms"),
        socket_connection_setup_timeout_ms: long("socket.connection.setup.timeout.ms"),
        socket_connection_setup_timeout_max_ms: long("socket.connection.setup.timeout.max.ms"),
        connections_max_idle_ms: long("connections.max.idle.ms"),
        metadata_max_age_ms: long("metadata.max.age.ms"),
        metadata_max_idle_ms: long("metadata.max.idle.ms"),
        metadata_rebootstrap: client::rebootstraps(values),
        metadata_rebootstrap_trigger_ms: long("metadata.recovery.rebootstrap.trigger.ms"),
        partitioner: if custom.is_some() { PartitionerClass::RoundRobin } else { PartitionerClass::BuiltIn },
        partitioner_ignore_keys,
        partitioner_adaptive,
        partitioner_availability_timeout_ms: long("partitioner.availability.timeout.ms"),
        key_serializer: SerdeFormat::of_class(&key_class).expect("a serializer of Kafka's own"),
        value_serializer: SerdeFormat::of_class(&value_class).expect("a serializer of Kafka's own"),
        transactional_id: values.text("transactional.id").cloned(),
        transaction_timeout_ms,
        transaction_two_phase_commit: values.bool("transaction.two.phase.commit.enable"),
        enable_metrics_push,
    })
}

/// `KafkaProducer.configureDeliveryTimeout`.
fn delivery_timeout(
    given: &Given,
    values: &Values,
    linger_ms: i32,
    log: &mut Vec<LogLine>,
) -> Result<i32, ConstructError> {
    let delivery = values.int32("delivery.timeout.ms");
    let least = linger_ms.saturating_add(values.int32("request.timeout.ms"));
    if delivery >= least {
        return Ok(delivery);
    }
    let rule = "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms";
    if given.contains("delivery.timeout.ms") {
        return Err(ConstructError::config(rule));
    }
    let client = values.text("client.id").expect("checked before");
    let transactional = values.text("transactional.id").map(|id| format!(", transactionalId={id}"));
    let prefix = format!("[Producer clientId={client}{}]", transactional.unwrap_or_default());
    log.push(warning("KafkaProducer", format!("{prefix} {rule}. Setting it to {least}.")));
    Ok(least)
}

/// `KafkaProducer.configureCompression`.
fn compression(values: &Values) -> Compression {
    match values.text("compression.type").map(|codec| &**codec) {
        Some("gzip") => Compression::Gzip(values.int32("compression.gzip.level")),
        Some("snappy") => Compression::Snappy,
        Some("lz4") => Compression::Lz4(values.int32("compression.lz4.level")),
        Some("zstd") => Compression::Zstd(values.int32("compression.zstd.level")),
        _ => Compression::None,
    }
}

/// Whether a name that is not about security is read while the producer is made.
fn is_read(values: &Values, name: &str, telemetry: bool, encodings: bool) -> bool {
    let codec = values.text("compression.type").map_or("", |codec| codec);
    match name {
        "compression.gzip.level" => codec == "gzip",
        "compression.lz4.level" => codec == "lz4",
        "compression.zstd.level" => codec == "zstd",
        "partitioner.adaptive.partitioning.enable" => *values.get("partitioner.class") == Value::Null,
        // `ClientTelemetryReporter` asks for its labels, `StringSerializer` for its character set.
        "client.rack" => telemetry,
        "key.serializer.encoding" | "value.serializer.encoding" | "serializer.encoding" => encodings,
        _ => values.table().iter().any(|property| property.name == name),
    }
}
