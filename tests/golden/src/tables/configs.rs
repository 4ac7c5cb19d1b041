//! Every property (type, default, range), and what the constructors of clients make of given values: messages, logs,
//! effective values.

use partita::config::{
    BrokerConfig, ConfigValue, ConstructError, Construction, ConsumerConfig, Default, IsolationLevel, LogLine,
    ProducerConfig, SettingNo, Side, TOPIC_NAME, TopicConfig, Value as Parsed, Values, log_dirs, log_times,
    name_problem, topic_synonyms, validate_group,
};
use serde_json::{Map, Value, json};

use crate::json::{equal, list, text};
use crate::{Subject, each};

pub fn subject() -> Subject {
    Subject { name: "configs", player: || each(check), part }
}

/// `producer`, `consumer`, `consumer848`, `topic`, `group`, `broker`; properties need no part.
fn part(case: &Value) -> Option<String> {
    (case["kind"] != "property").then(|| text(&case["side"]).into())
}

fn check(case: &Value, header: &Value) -> Result<(), String> {
    match text(&case["kind"]) {
        "property" => property(case),
        "trial" => trial(case, header),
        "name" => topic_name(case),
        kind => Err(format!("unknown kind {kind}")),
    }
}

fn property(case: &Value) -> Result<(), String> {
    let side = side(text(&case["side"]));
    let name = text(&case["name"]);
    let number = SettingNo::find(side, name).ok_or("there is no such property")?;
    let property = number.property();
    equal("type", &property.kind.name(), &text(&case["type"]))?;
    equal("importance", &property.importance.name(), &text(&case["importance"]))?;
    equal("required", &(property.default == Default::Required), &(case["required"] == true))?;
    if let Default::Text(default) = property.default {
        equal("default", &Some(default), &case["default"].as_str())?;
    } else {
        equal("default", &None, &case["default"].as_str())?;
    }
    equal("valid", &property.valid.describe().as_str(), &case["valid"].as_str().unwrap_or_default())?;
    if side == Side::Topic {
        let synonyms: Vec<&str> = case["synonyms"].as_array().into_iter().flatten().map(text).collect();
        equal("synonyms", &topic_synonyms(name).to_vec(), &synonyms)?;
    }
    equal("deprecated", &property.deprecated, &(case["deprecated"] == true))?;
    equal("internal", &property.internal, &(case["internal"] == true))
}

fn side(name: &str) -> Side {
    let name = name.trim_end_matches("848");
    Side::ALL.into_iter().find(|side| side.name() == name).unwrap_or_else(|| panic!("unknown side {name}"))
}

/// The base map of the side, with `set` put over it and `unset` taken out.
fn given(case: &Value, header: &Value) -> Vec<(String, ConfigValue)> {
    let side = text(&case["side"]);
    let base = &header["notes"]["base"][side.trim_end_matches("848")];
    let mut all: Map<String, Value> = base.as_object().cloned().unwrap_or_default();
    if side == "consumer848" {
        all.insert("group.protocol".into(), "consumer".into());
    }
    all.extend(case["set"].as_object().expect("a map").clone());
    for name in case["unset"].as_array().into_iter().flatten() {
        all.remove(text(name));
    }
    all.into_iter().map(|(name, value)| (name, object(&value))).collect()
}

fn object(value: &Value) -> ConfigValue {
    match value {
        Value::Null => ConfigValue::Null,
        Value::Bool(value) => ConfigValue::Bool(*value),
        Value::Number(number) => ConfigValue::Int(number.as_i64().expect("a whole number")),
        other => text(other).into(),
    }
}

fn trial(case: &Value, header: &Value) -> Result<(), String> {
    let given = given(case, header);
    let pairs: Vec<(&str, ConfigValue)> = given.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    match text(&case["side"]) {
        "producer" => compare(case, ProducerConfig::construction(&pairs), producer),
        "consumer" | "consumer848" => compare(case, ConsumerConfig::construction(&pairs), consumer),
        "topic" => compare(case, TopicConfig::construction(&pairs, &broker(header)), |_, _| Value::Null),
        "group" => compare(case, validate_group(&pairs, &broker(header)), |(), _| Value::Null),
        "broker" => compare(case, BrokerConfig::construction(&pairs), broker_effective),
        side => Err(format!("unknown side {side}")),
    }
}

/// The broker on which topics and groups are judged.
fn broker(header: &Value) -> BrokerConfig {
    let base = header["notes"]["base"]["broker"].as_object().expect("a map");
    let pairs: Vec<(&str, ConfigValue)> = base.iter().map(|(name, value)| (name.as_str(), object(value))).collect();
    BrokerConfig::construction(&pairs).result.expect("the base of the broker is valid")
}

fn broker_effective(_: &BrokerConfig, values: &Values) -> Value {
    let times = log_times(values);
    json!({
        "logRetentionTimeMillis": times.retention_ms,
        "logRollTimeMillis": times.roll_ms,
        "logFlushIntervalMs": times.flush_interval_ms,
        "logDirs": log_dirs(values).iter().map(|dir| json!(&**dir)).collect::<Value>(),
    })
}

fn topic_name(case: &Value) -> Result<(), String> {
    let name = text(&case["name"]);
    // `ControllerConfigurationValidator` takes no name for the resource of all topics.
    let error = match name_problem(TOPIC_NAME, name) {
        _ if name.is_empty() => {
            json!({ "class": "InvalidRequestException", "message": "Default topic resources are not allowed." })
        }
        Some(problem) => json!({ "class": "InvalidTopicException", "message": problem }),
        None => Value::Null,
    };
    equal("error", &error, case.get("error").unwrap_or(&Value::Null))
}

fn compare<T>(case: &Value, made: Construction<T>, effective: fn(&T, &Values) -> Value) -> Result<(), String> {
    let log: Vec<Value> = made.log.iter().map(line).collect();
    let outcome = match &made.result {
        Err(error) => json!({ "error": exception(error) }),
        Ok(config) => {
            let values = made.values.as_ref().expect("parsed");
            let value = |name: &str| json(values.get(name));
            let known = |name: &&String| values.table().iter().any(|property| property.name == **name);
            let value = match case["property"].as_str() {
                Some(name) => value(name),
                None => {
                    let set = case["set"].as_object().expect("a map");
                    set.keys().filter(known).map(|name| (name.clone(), value(name))).collect::<Map<_, _>>().into()
                }
            };
            let mut ok = json!({ "value": value });
            if !case["ok"]["effective"].is_null() {
                ok["effective"] = effective(config, values);
            }
            json!({ "ok": ok })
        }
    };
    let kafka = match case.get("error") {
        Some(error) => json!({ "error": error }),
        None => json!({ "ok": case["ok"] }),
    };
    if outcome != kafka {
        return Err(format!("{outcome}, Kafka has {kafka}"));
    }
    equal("log", &log, &case.get("log").map(list).unwrap_or_default().to_vec())
}

fn line(line: &LogLine) -> Value {
    json!([line.level.name(), line.class, line.message])
}

fn exception(error: &ConstructError) -> Value {
    let mut value = json!({ "class": error.class, "message": error.message });
    if let Some(cause) = &error.cause {
        value["cause"] = exception(cause);
    }
    value
}

fn json(value: &Parsed) -> Value {
    match value {
        Parsed::Null => Value::Null,
        Parsed::Bool(value) => json!(value),
        Parsed::Int(number) => json!(number),
        Parsed::Double(number) if number.is_nan() => json!("NaN"),
        Parsed::Double(number) => json!(number),
        Parsed::Text(text) => json!(&**text),
        Parsed::List(parts) => parts.iter().map(|part| json!(&**part)).collect(),
        Parsed::Hidden => json!("[hidden]"),
    }
}

fn producer(config: &ProducerConfig, _: &Values) -> Value {
    json!({
        "acks": config.acks.to_string(),
        "enable.idempotence": config.enable_idempotence,
        "retries": config.retries,
        "max.in.flight.requests.per.connection": config.max_in_flight,
        "client.id": &*config.client_id,
        "transactional.id": config.transactional_id.as_deref(),
        "delivery.timeout.ms": config.delivery_timeout_ms,
        "linger.ms": config.linger_ms,
        "batch.size": config.batch_size,
    })
}

fn consumer(config: &ConsumerConfig, values: &Values) -> Value {
    let isolation = match config.isolation_level {
        IsolationLevel::ReadCommitted => "read_committed",
        IsolationLevel::ReadUncommitted => "read_uncommitted",
    };
    json!({
        "client.id": &*config.client_id,
        "group.id": config.group_id.as_deref(),
        "group.instance.id": config.group_instance_id.as_deref(),
        "group.protocol": json(values.get("group.protocol")),
        "enable.auto.commit": config.enable_auto_commit,
        "auto.offset.reset": json(values.get("auto.offset.reset")),
        "partition.assignment.strategy": json(values.get("partition.assignment.strategy")),
        "session.timeout.ms": config.session_timeout_ms,
        "heartbeat.interval.ms": config.heartbeat_interval_ms,
        "isolation.level": isolation,
        "allow.auto.create.topics": config.allow_auto_create_topics,
    })
}
