//! The values of settings that are in force.

use crate::config::{ConfigKey, ConfigValue, Default as ConfigDefault, SettingNo, Side};
use crate::explain::{Chip, SettingValues};
use crate::ids::ClientId;
use crate::script::{self, ClientKind};
use crate::simulation::{ClientNode, ClientProcess, Simulation, is_of_every_cluster};
use crate::timeline::Timeline;

/// Knows what every client and the cluster were configured with.
#[derive(Clone, Copy)]
pub(super) struct InForce<'a>(pub &'a Simulation);

/// A setting's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InEffect {
    pub value: String,
    pub default: String,
    pub changed: bool,
}

const CLASSES: [&str; 2] = ["org.apache.kafka.common.serialization.", "org.apache.kafka.clients."];

impl SettingValues for InForce<'_> {
    fn chip(&self, client: Option<ClientId>, setting: &'static str) -> Chip {
        let process = client.and_then(|id| self.0.clients().get(usize::from(id.0).checked_sub(1)?));
        if let Some(process) = process
            && let Some(found) = self.of_client(process, setting)
        {
            let value = short_class(&found.value);
            return Chip { setting, value, changed: found.changed, of: process.recipe.name.to_string() };
        }
        match self.of_cluster(setting) {
            Some(found) => Chip { setting, value: found.value, changed: found.changed, of: "cluster".to_owned() },
            None => Chip { setting, value: String::new(), changed: false, of: String::new() },
        }
    }
}

/// A client's setting as a chip: that of one client, if it has it, or else of the first that has.
pub fn setting_in_force(timeline: &Timeline, client: Option<ClientId>, setting: &'static str) -> Option<Chip> {
    let simulation = timeline.simulation();
    let newest = |of: &&ClientProcess| simulation.client(&of.recipe.name).is_some_and(|newest| newest.id == of.id);
    let has = |of: &&ClientProcess| SettingNo::find(InForce::side(of), setting).is_some();
    let all = || simulation.clients().iter().filter(newest).filter(has);
    let of = all().find(|of| Some(of.id) == client).or_else(|| all().next())?;
    Some(InForce(simulation).chip(Some(of.id), setting))
}

impl InForce<'_> {
    pub fn side(process: &ClientProcess) -> Side {
        if process.recipe.kind == ClientKind::Producer { Side::Producer } else { Side::Consumer }
    }

    /// A client's setting; none when its kind has no such one.
    pub fn of_client(&self, process: &ClientProcess, name: &str) -> Option<InEffect> {
        let number = SettingNo::find(InForce::side(process), name)?;
        let default = default_text(number);
        let given = given(&process.recipe.properties, name).map(|value| value.trim().to_owned());
        let mut value = given.unwrap_or_else(|| self.made_with(process, name).unwrap_or_else(|| default.clone()));
        if let ClientNode::Producer(producer) = &process.node {
            match name {
                // `acks` other than `all` turns idempotence off, unless it was asked for.
                "enable.idempotence" => value = producer.config().enable_idempotence.to_string(),
                "acks" if value == "-1" => value = "all".to_owned(),
                _ => {}
            }
        }
        // Where Kafka has no default there is nothing that could have been changed.
        let has_default = number.property().default != ConfigDefault::Required;
        let changed = has_default && value != default && self.made_with(process, name).is_none_or(|made| made != value);
        Some(InEffect { value, default, changed })
    }

    /// The properties that a client was made from.
    pub fn given(&self, process: &ClientProcess) -> Vec<(&'static str, ConfigValue)> {
        let side = InForce::side(process);
        let of = |(number, property): (SettingNo, &'static ConfigKey)| {
            let value = given(&process.recipe.properties, property.name).map(str::to_owned);
            let value = value.or_else(|| self.made_with(process, number.name()))?;
            Some((property.name, ConfigValue::from(value.as_str())))
        };
        side.properties().filter_map(of).collect()
    }

    /// What the playground gives a client that the user did not.
    fn made_with(&self, process: &ClientProcess, name: &str) -> Option<String> {
        let serialization = "org.apache.kafka.common.serialization";
        Some(match name {
            "client.id" => process.recipe.name.to_string(),
            "bootstrap.servers" => {
                let all: Vec<String> = self.0.broker_ids().map(|id| format!("broker-{}:9092", id.0)).collect();
                all.join(",")
            }
            "key.serializer" | "value.serializer" => format!("{serialization}.ByteArraySerializer"),
            "key.deserializer" | "value.deserializer" => format!("{serialization}.StringDeserializer"),
            _ => return None,
        })
    }

    /// A broker's setting.
    pub fn of_cluster(&self, name: &str) -> Option<InEffect> {
        let number = SettingNo::find(Side::Broker, name)?;
        let default = default_text(number);
        let value = self.0.controller().config().values().get(name).to_string();
        let bare = value.trim_start_matches('[').trim_end_matches(']').to_owned();
        // Lists are written with a blank behind each comma.
        let changed = bare.replace(", ", ",") != default && !is_of_every_cluster(name, &bare);
        Some(InEffect { value: bare, default, changed })
    }

    /// A topic's setting.
    pub fn of_topic(&self, topic: &str, name: &str) -> Option<InEffect> {
        let found = self.0.image().topics.get(topic)?;
        SettingNo::find(Side::Topic, name)?;
        let value = self.0.controller().topic_setting(found, name)?;
        let own = found.configs.contains_key(name);
        let default = match own {
            true => default_text(SettingNo::find(Side::Topic, name)?),
            false => value.clone(),
        };
        Some(InEffect { changed: own && value != default, value, default })
    }
}

fn given<'a>(properties: &'a [script::Property], name: &str) -> Option<&'a str> {
    properties.iter().rev().find(|property| &*property.name == name).map(|property| &*property.value)
}

/// Kafka's default as it would stand in a properties file.
pub(super) fn default_text(number: SettingNo) -> String {
    match number.property().default {
        ConfigDefault::Text(text) => text.to_owned(),
        ConfigDefault::Null => "null".to_owned(),
        ConfigDefault::Required => String::new(),
    }
}

/// `String` for `org.apache.kafka.common.serialization.StringSerializer`, `Range,CooperativeSticky` for two assignors.
fn short_class(value: &str) -> String {
    let short = |part: &str| {
        let part = part.trim();
        if !CLASSES.iter().any(|package| part.starts_with(package)) {
            return part.to_owned();
        }
        let class = part.rsplit('.').next().unwrap_or(part);
        let bare = ["Deserializer", "Serializer", "Assignor"].iter().find_map(|suffix| class.strip_suffix(suffix));
        bare.unwrap_or(class).to_owned()
    };
    value.split(',').map(short).collect::<Vec<_>>().join(",")
}
