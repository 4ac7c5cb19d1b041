//! Every property of producer, consumer, topic, group and broker: type, default, validation, what it acts on here.
//!
//! `definition` says what a property is, `tables` has a row for each, `parse` is `ConfigDef`. `producer`, `consumer`,
//! `topic`, `group` and `broker` do what the constructors of Kafka's clients and servers do with the parsed values, in
//! their order and with their messages, and give typed values to the model. `suggest`, `advice` and `effect` are this
//! playground's own: a name that is nearly right, a setting that risks something, what a setting does here.

mod advice;
mod bootstrap;
mod broker;
mod broker_checks;
mod classes;
mod client;
mod consumer;
mod definition;
mod duration;
mod effect;
mod effect_texts;
mod group;
mod listeners;
mod number;
mod parse;
mod producer;
mod quorum;
mod refused;
mod serde;
mod suggest;
mod names;
mod tables;
mod topic;
mod value;

pub use advice::{Advice, consumer_advice, producer_advice};
pub use broker::{BrokerConfig, LogTimes, log_dirs, log_times};
pub use classes::is_class_here;
pub use consumer::{AssignorClass, AutoOffsetReset, ConsumerConfig, GroupProtocol, IsolationLevel};
pub use definition::{ConfigKey, Default, Importance, Kind, Valid};
pub use effect::{Effect, EffectPlace, Reason, acts_on_cluster, effect};
pub use group::validate_group;
pub use names::{GROUP_INSTANCE_ID, TOPIC_NAME, name_problem};
pub use number::{SettingNo, Side};
pub use parse::{Given, Values};
pub use producer::{Compression, PartitionerClass, ProducerConfig};
pub use refused::{refused_in_model, refused_replication_factor};
pub use serde::SerdeFormat;
pub use suggest::{MEANT_ANOTHER, NO_PROPERTY, OF_ANOTHER_SIDE, belongs_to, no_property, suggest};
pub use topic::{TimestampType, TopicCompression, TopicConfig, topic_synonyms};
pub use value::{ConfigValue, ConstructError, Level, LogLine, Value};

/// All that making a client gives: the parsed values where parsing went well, what was logged on the way, and the typed
/// configuration or the exception.
#[derive(Clone, Debug)]
pub struct Construction<T> {
    pub values: Option<Values>,
    pub log: Vec<LogLine>,
    pub result: Result<T, ConstructError>,
}
