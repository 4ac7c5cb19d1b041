//! Settings of topics (`ConfigurationControlManager`).
//!
//! Simplified: only topics' settings can be altered while the cluster runs.

use std::sync::Arc;

use kafka_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use kafka_protocol::messages::create_topics_response::CreatableTopicConfigs;
use kafka_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use kafka_protocol::messages::incremental_alter_configs_response::AlterConfigsResourceResponse;
use kafka_protocol::messages::{IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse};
use kafka_protocol::protocol::StrBytes;

use crate::config::{BrokerConfig, ConfigKey, ConfigValue, Default, Kind, Side, TopicConfig, Value};
use crate::error::Code;
use crate::event::IsrWhy;
use crate::ids::EventId;
use crate::image::PartitionRegistration;
use crate::node::Outbox;
use crate::sorted::{InOrder, SortedMap};

use super::Controller;
use super::partition_change::Changed;

pub(super) type Configs = SortedMap<Arc<str>, Arc<str>>;

const MIN_ISR: &str = "min.insync.replicas";

/// `ConfigResource.Type.TOPIC`.
const TOPIC: i8 = 2;

/// `DescribeConfigsResponse.ConfigSource`: who says a value.
const DYNAMIC_TOPIC_CONFIG: i8 = 1;
const DYNAMIC_DEFAULT_BROKER_CONFIG: i8 = 3;
const STATIC_BROKER_CONFIG: i8 = 4;
const DEFAULT_CONFIG: i8 = 5;

fn pairs(configs: &Configs) -> Vec<(&str, ConfigValue)> {
    configs.iter().map(|(name, value)| (&**name, ConfigValue::Text(value.clone()))).collect()
}

/// The settings that a new topic is given; else Kafka's sentence about those without a value.
pub(super) fn given(topic: &CreatableTopic) -> Result<Configs, String> {
    let (with, without): (Vec<_>, Vec<_>) = topic.configs.iter().partition(|config| config.value.is_some());
    if !without.is_empty() {
        let names: Vec<&str> = without.iter().map(|config| config.name.as_str()).collect();
        return Err(format!("Null value not supported for topic configs: {}", names.join(",")));
    }
    let pair = |config: &CreatableTopicConfig| {
        (Arc::from(config.name.as_str()), Arc::from(config.value.as_ref().map_or("", |value| value.as_str())))
    };
    Ok(with.into_iter().map(pair).collect())
}

/// Whether a topic may have these settings; else Kafka's sentence.
pub(super) fn validate(configs: &Configs, broker: &BrokerConfig) -> Result<(), String> {
    TopicConfig::construct(&pairs(configs), broker).map(|_| ()).map_err(|error| error.message)
}

/// The settings as they are in force; none where they are no topic's, which a topic that is there never has.
pub(super) fn typed(configs: &Configs, broker: &BrokerConfig) -> Option<TopicConfig> {
    TopicConfig::construct(&pairs(configs), broker).ok()
}

/// The value of one setting that is in force.
pub(super) fn in_force(configs: &Configs, broker: &BrokerConfig, name: &str) -> Option<String> {
    shown(TopicConfig::construction(&pairs(configs), broker).values?.get(name))
}

/// All settings of a new topic, by name, and who says each. With eligible leader replicas the cluster has a
/// `min.insync.replicas` of its own.
pub(super) fn described(configs: &Configs, broker: &BrokerConfig) -> Vec<CreatableTopicConfigs> {
    let made = TopicConfig::construction(&pairs(configs), broker);
    let Some(values) = made.values else { return Vec::new() };
    let mut all: Vec<_> = Side::Topic.table().iter().filter(|property| !property.internal).collect();
    all.order_by_key(|property| property.name);
    let describe = |property: &&ConfigKey| {
        let value = shown(values.get(property.name));
        let source = if configs.contains_key(property.name) {
            DYNAMIC_TOPIC_CONFIG
        } else if property.name == MIN_ISR {
            DYNAMIC_DEFAULT_BROKER_CONFIG
        } else if is_default(property.default, value.as_deref()) {
            DEFAULT_CONFIG
        } else {
            STATIC_BROKER_CONFIG
        };
        CreatableTopicConfigs::default()
            .with_name(StrBytes::from_static_str(property.name))
            .with_value(value.map(StrBytes::from_string))
            .with_config_source(source)
            .with_is_sensitive(property.kind == Kind::Password)
    };
    all.iter().map(describe).collect()
}

fn is_default(default: Default, value: Option<&str>) -> bool {
    match default {
        Default::Text(text) => value == Some(text),
        Default::Null | Default::Required => value.is_none(),
    }
}

/// `ConfigDef.convertToString`.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::List(items) => Some(items.join(",")),
        other => Some(other.to_string()),
    }
}

impl Controller {
    /// Alters settings of topics. Errors: 3 unknown topic, 40 a bad value or name, 42 anything but a topic, or an
    /// operation that does not fit.
    pub(super) fn incremental_alter_configs(
        &mut self,
        request: &IncrementalAlterConfigsRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> IncrementalAlterConfigsResponse {
        let mut response = IncrementalAlterConfigsResponse::default();
        for resource in &request.resources {
            let (code, message) = match self.alter(resource, request.validate_only, cause, out) {
                Ok(()) => (Code::None, None),
                Err((code, message)) => (code, Some(StrBytes::from_string(message))),
            };
            response.responses.push(
                AlterConfigsResourceResponse::default()
                    .with_error_code(code.code())
                    .with_error_message(message)
                    .with_resource_type(resource.resource_type)
                    .with_resource_name(resource.resource_name.clone()),
            );
        }
        response
    }

    fn alter(
        &mut self,
        resource: &AlterConfigsResource,
        validate_only: bool,
        cause: EventId,
        out: &mut Outbox,
    ) -> Result<(), (Code, String)> {
        let name = resource.resource_name.as_str();
        if resource.resource_type != TOPIC {
            let what =
                "Only topics' settings can be altered in this model; brokers' and groups' stay as the cluster started.";
            return Err((Code::InvalidRequest, what.to_owned()));
        }
        let Some(topic) = self.image.topics.get(name) else {
            return Err((Code::UnknownTopicOrPartition, format!("The topic '{name}' does not exist.")));
        };
        let mut configs = topic.configs.clone();
        for config in &resource.configs {
            alter_one(&mut configs, config, &self.config)?;
        }
        validate(&configs, &self.config).map_err(|message| (Code::InvalidConfig, message))?;
        if validate_only || configs == topic.configs {
            return Ok(());
        }
        let forgets = configs.get(MIN_ISR) != topic.configs.get(MIN_ISR);
        let topic = self.change().topics.get_mut(name).expect("it was found above");
        Arc::make_mut(topic).configs = configs;
        if forgets {
            self.clear_elrs(name, cause, out);
        }
        Ok(())
    }

    /// Who was eligible was so by another minimum (`ClearElrRecord`): the controller forgets it, and the last leaders.
    fn clear_elrs(&mut self, topic: &str, cause: EventId, out: &mut Outbox) {
        let has_some =
            |partition: &PartitionRegistration| !partition.elr.is_empty() || !partition.last_known_elr.is_empty();
        for site in self.sites(has_some) {
            let Some((_, partition)) = self.partition(&site).filter(|_| *site.topic == *topic) else { continue };
            let mut partition = partition.clone();
            partition.elr.clear();
            partition.last_known_elr.clear();
            partition.partition_epoch += 1;
            self.put(&site, Changed { partition, elected: None }, IsrWhy::MinIsr, cause, out);
        }
    }
}

/// SET, DELETE, APPEND and SUBTRACT (`AlterConfigOp.OpType`); the last two need a list.
fn alter_one(configs: &mut Configs, config: &AlterableConfig, broker: &BrokerConfig) -> Result<(), (Code, String)> {
    let name: Arc<str> = Arc::from(config.name.as_str());
    let given = config.value.as_ref().map_or("", |value| value.as_str());
    match config.config_operation {
        0 => {
            configs.insert(name, Arc::from(given));
        }
        1 => {
            configs.remove(&name);
        }
        operation @ (2 | 3) => {
            let table = Side::Topic.table();
            let is_list = table.iter().any(|property| property.name == &*name && property.kind == Kind::List);
            if !is_list {
                let verb = if operation == 2 { "append to" } else { "subtract from" };
                let message = format!("Can't {verb} key {name} because its type is not LIST.");
                return Err((Code::InvalidConfig, message));
            }
            let now = configs.get(&name).map(|value| value.to_string());
            let now = now.or_else(|| shown(TopicConfig::construction(&[], broker).values?.get(&name)));
            let mut items: Vec<String> = now
                .iter()
                .flat_map(|text| text.split(','))
                .filter(|item| !item.is_empty())
                .map(str::to_owned)
                .collect();
            for item in given.split(',') {
                match operation {
                    2 if !items.iter().any(|known| known == item) => items.push(item.to_owned()),
                    3 => items.retain(|known| known != item),
                    _ => {}
                }
            }
            configs.insert(name, Arc::from(items.join(",")));
        }
        operation => {
            return Err((Code::InvalidRequest, format!("Unknown operation {operation} on {name}: 0 to 3 are known.")));
        }
    }
    Ok(())
}
