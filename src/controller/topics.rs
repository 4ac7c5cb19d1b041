//! Creating, deleting and widening topics (`ReplicationControlManager`).
//!
//! Simplified: a partition has one replica. A higher replication factor that this cluster could place is refused with a
//! sentence of our own; one that it could not, with Kafka's.

use std::sync::Arc;

use kafka_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use kafka_protocol::messages::create_partitions_response::CreatePartitionsTopicResult;
use kafka_protocol::messages::create_topics_request::{CreatableReplicaAssignment, CreatableTopic};
use kafka_protocol::messages::create_topics_response::CreatableTopicResult;
use kafka_protocol::messages::delete_topics_response::DeletableTopicResult;
use kafka_protocol::messages::{
    self as m, CreatePartitionsRequest, CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse,
    DeleteTopicsRequest, DeleteTopicsResponse, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::error::Code;
use crate::event::{CreatedWhy, EventKind};
use crate::ids::{BrokerId, EventId, MAX_PARTITIONS, MAX_TOPICS};
use crate::image::{PartitionRegistration, TopicImage};
use crate::node::Outbox;
use crate::sorted::{SortedMap, SortedSet};

use super::{Controller, configs, placement};

/// An error of one topic: its code, and a message unless Kafka has none.
type Refusal = (Code, Option<String>);

fn refuse<T>(code: Code, message: impl Into<String>) -> Result<T, Refusal> {
    Err((code, Some(message.into())))
}

const REPLICATION_NOT_MODELLED: &str =
    "This model keeps one replica of each partition: only replication factor 1 is allowed.";

/// Topics that Kafka itself writes (`Topic.isInternal`).
pub fn is_internal(name: &str) -> bool {
    matches!(name, "__consumer_offsets" | "__transaction_state" | "__share_group_state")
}

/// Whether Kafka takes this as a topic's name (`Topic.validate`); else its sentence.
pub fn validate_name(name: &str) -> Result<(), String> {
    let fault = if name.is_empty() {
        "the empty string is not allowed".to_owned()
    } else if name == "." || name == ".." {
        format!("'{name}' is not allowed")
    } else if name.len() > 249 {
        format!("the length of '{name}' is longer than the max allowed length 249")
    } else if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
        format!("'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")
    } else {
        return Ok(());
    };
    Err(format!("Topic name is invalid: {fault}"))
}

/// The name with the characters that metrics cannot tell apart made equal (`Topic.unifyCollisionChars`).
fn unified(name: &str) -> String {
    name.replace('.', "_")
}

impl Controller {
    /// Makes each topic that can be made. Errors: 17 bad or colliding name, 36 exists, 37 partitions, 38 replication
    /// factor, 39 assignment, 40 configuration, 42 named twice or asked for in two ways.
    pub(super) fn create_topics(
        &mut self,
        request: &CreateTopicsRequest,
        automatic: bool,
        cause: EventId,
        out: &mut Outbox,
    ) -> CreateTopicsResponse {
        let mut response = CreateTopicsResponse::default();
        for (topic, twice) in once_each(&request.topics, |topic| topic.name.clone()) {
            let result = if twice {
                refuse(Code::InvalidRequest, "Duplicate topic name.")
            } else {
                self.create_topic(topic, automatic, request.validate_only, cause, out)
            };
            response.topics.push(result.unwrap_or_else(|(code, message)| {
                CreatableTopicResult::default()
                    .with_name(topic.name.clone())
                    .with_error_code(code.code())
                    .with_error_message(message.map(StrBytes::from_string))
                    .with_num_partitions(-1)
                    .with_replication_factor(-1)
            }));
        }
        response
    }

    fn create_topic(
        &mut self,
        topic: &CreatableTopic,
        automatic: bool,
        validate_only: bool,
        cause: EventId,
        out: &mut Outbox,
    ) -> Result<CreatableTopicResult, Refusal> {
        let name: Arc<str> = Arc::from(topic.name.as_str());
        validate_name(&name).or_else(|message| refuse(Code::InvalidTopicException, message))?;
        if self.image.topics.contains_key(&name) {
            return refuse(Code::TopicAlreadyExists, format!("Topic '{name}' already exists."));
        }
        if let Some(other) = self.image.topics.keys().find(|other| unified(other) == unified(&name)) {
            return refuse(
                Code::InvalidTopicException,
                format!("Topic '{name}' collides with existing topic: {other}"),
            );
        }
        self.check_room(&name, out)?;
        let configs = configs::given(topic).or_else(|message| refuse(Code::InvalidConfig, message))?;
        configs::validate(&configs, &self.config).or_else(|message| refuse(Code::InvalidConfig, message))?;
        let replicas = self.replicas(topic)?;
        // A real id is version 4: random.
        let id = uuid::Builder::from_u128(u128::from(out.rng.next_u64()) << 64 | u128::from(out.rng.next_u64()))
            .with_variant(uuid::Variant::RFC4122)
            .with_version(uuid::Version::Random)
            .into_uuid();
        let result = CreatableTopicResult::default()
            .with_name(topic.name.clone())
            .with_topic_id(id)
            .with_error_message(None)
            .with_num_partitions(i32::try_from(replicas.len()).expect("counted from an i32"))
            .with_replication_factor(1)
            .with_configs(Some(configs::described(&configs, &self.config)));
        if !validate_only {
            self.add_topic(&name, id, configs, &replicas, automatic, cause, out);
        }
        Ok(result)
    }

    /// No run has more topics than a script may name, whoever asks for them.
    fn check_room(&self, name: &Arc<str>, out: &Outbox) -> Result<(), Refusal> {
        let others = self.image.topics.values().filter(|topic| !topic.internal).count();
        if is_internal(name) || others < MAX_TOPICS && out.names.has_room_for_topic(name) {
            return Ok(());
        }
        let message = format!("Topic '{name}' would be one too many: this model keeps at most {MAX_TOPICS} topics.");
        refuse(Code::PolicyViolation, message)
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one new topic")]
    fn add_topic(
        &mut self,
        name: &Arc<str>,
        id: Uuid,
        configs: SortedMap<Arc<str>, Arc<str>>,
        replicas: &[BrokerId],
        automatic: bool,
        cause: EventId,
        out: &mut Outbox,
    ) {
        let no = out.names.intern_topic(name);
        let live = self.live_brokers();
        let partitions: Vec<_> = replicas.iter().map(|broker| new_partition(*broker, &live)).collect();
        let count = u32::try_from(partitions.len()).expect("few partitions");
        let why = match automatic {
            true if is_internal(name) => CreatedWhy::Internal,
            true => CreatedWhy::Automatic,
            false => CreatedWhy::Asked,
        };
        let topic = TopicImage { name: name.clone(), no, id, internal: is_internal(name), configs, partitions };
        let image = self.change();
        image.topic_names.insert(id, name.clone());
        image.topics.insert(name.clone(), Arc::new(topic));
        out.emit(cause, EventKind::TopicCreated { topic: no, partitions: count, why });
    }

    /// The broker of each partition, as asked for or placed.
    fn replicas(&mut self, topic: &CreatableTopic) -> Result<Vec<BrokerId>, Refusal> {
        if !topic.assignments.is_empty() {
            return self.assigned(topic);
        }
        let factor = match topic.replication_factor {
            -1 => self.config.default_replication_factor,
            factor if factor < 1 => {
                return refuse(
                    Code::InvalidReplicationFactor,
                    "Replication factor must be larger than 0, or -1 to use the default value.",
                );
            }
            factor => i32::from(factor),
        };
        let partitions = match topic.num_partitions {
            -1 => self.config.num_partitions,
            partitions if partitions < 1 => {
                return refuse(
                    Code::InvalidPartitions,
                    "Number of partitions was set to an invalid non-positive value.",
                );
            }
            partitions if partitions.cast_unsigned() > MAX_PARTITIONS => return too_many_partitions(),
            partitions => partitions,
        };
        let live = self.live_brokers();
        check_factor(usize::try_from(factor).unwrap_or(usize::MAX), live.len())?;
        let partitions = u32::try_from(partitions).expect("positive");
        let placed = placement::striped(&live, self.next_placement, partitions);
        self.next_placement = self.next_placement.wrapping_add(partitions);
        Ok(placed)
    }

    /// A manual assignment: partitions 0, 1, 2 … each with one broker.
    fn assigned(&self, topic: &CreatableTopic) -> Result<Vec<BrokerId>, Refusal> {
        if topic.replication_factor != -1 {
            return refuse(
                Code::InvalidRequest,
                "A manual partition assignment was specified, but replication factor was not set to -1.",
            );
        }
        if topic.num_partitions != -1 {
            return refuse(
                Code::InvalidRequest,
                "A manual partition assignment was specified, but numPartitions was not set to -1.",
            );
        }
        let mut by_partition: SortedMap<i32, BrokerId> = SortedMap::new();
        for CreatableReplicaAssignment { partition_index, broker_ids, .. } in &topic.assignments {
            let broker = self.replica(*partition_index, broker_ids)?;
            if by_partition.insert(*partition_index, broker).is_some() {
                return refuse(
                    Code::InvalidReplicaAssignment,
                    format!("Found multiple manual partition assignments for partition {partition_index}"),
                );
            }
        }
        if by_partition.len() > MAX_PARTITIONS as usize {
            return too_many_partitions();
        }
        if !by_partition.keys().copied().eq(0..i32::try_from(by_partition.len()).expect("few partitions")) {
            return refuse(
                Code::InvalidReplicaAssignment,
                "partitions should be a consecutive 0-based integer sequence",
            );
        }
        Ok(by_partition.into_values().collect())
    }

    /// The one replica of a manual assignment.
    fn replica(&self, partition: i32, brokers: &[m::BrokerId]) -> Result<BrokerId, Refusal> {
        let Some(first) = brokers.first() else {
            return refuse(
                Code::InvalidReplicaAssignment,
                "The manual partition assignment includes an empty replica list.",
            );
        };
        let mut seen = SortedSet::new();
        for broker in brokers {
            if !self.image.brokers.contains_key(&BrokerId(broker.0)) {
                return refuse(
                    Code::InvalidReplicaAssignment,
                    format!(
                        "The manual partition assignment includes broker {}, but no such broker is registered.",
                        broker.0
                    ),
                );
            }
            if !seen.insert(broker.0) {
                return refuse(
                    Code::InvalidReplicaAssignment,
                    format!("The manual partition assignment includes the broker {} more than once.", broker.0),
                );
            }
        }
        if brokers.len() > 1 {
            return refuse(Code::InvalidReplicationFactor, REPLICATION_NOT_MODELLED);
        }
        let broker = BrokerId(first.0);
        if !self.live_brokers().contains(&broker) {
            return refuse(
                Code::InvalidReplicaAssignment,
                format!(
                    "All brokers specified in the manual partition assignment for partition {partition} are fenced or in controlled shutdown."
                ),
            );
        }
        Ok(broker)
    }

    /// Adds partitions. Errors: 3 unknown topic, 37 not an increase, 39 assignment, 42 named twice.
    pub(super) fn create_partitions(
        &mut self,
        request: &CreatePartitionsRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> CreatePartitionsResponse {
        let mut response = CreatePartitionsResponse::default();
        for (topic, twice) in once_each(&request.topics, |topic| topic.name.clone()) {
            let result = if twice {
                refuse(Code::InvalidRequest, "Duplicate topic name.")
            } else {
                self.add_partitions(topic, request.validate_only, cause, out)
            };
            let (code, message) = result.err().unwrap_or((Code::None, None));
            response.results.push(
                CreatePartitionsTopicResult::default()
                    .with_name(topic.name.clone())
                    .with_error_code(code.code())
                    .with_error_message(message.map(StrBytes::from_string)),
            );
        }
        response
    }

    fn add_partitions(
        &mut self,
        topic: &CreatePartitionsTopic,
        validate_only: bool,
        cause: EventId,
        out: &mut Outbox,
    ) -> Result<(), Refusal> {
        let name = topic.name.as_str();
        let Some(image) = self.image.topics.get(name) else {
            return Err((Code::UnknownTopicOrPartition, None));
        };
        let (no, have) = (image.no, i32::try_from(image.partitions.len()).expect("few partitions"));
        if topic.count == have {
            return refuse(Code::InvalidPartitions, format!("Topic already has {have} partition(s)."));
        }
        if topic.count < have {
            return refuse(
                Code::InvalidPartitions,
                format!(
                    "The topic {name} currently has {have} partition(s); {} would not be an increase.",
                    topic.count
                ),
            );
        }
        if topic.count.cast_unsigned() > MAX_PARTITIONS {
            return too_many_partitions();
        }
        let additional = usize::try_from(topic.count - have).expect("an increase");
        let live = self.live_brokers();
        let replicas = match &topic.assignments {
            None if live.is_empty() => {
                return refuse(Code::InvalidReplicationFactor, "There is no broker that lives.");
            }
            None => {
                let count = u32::try_from(additional).expect("an i32's difference");
                placement::striped(&live, u32::try_from(have).expect("not negative"), count)
            }
            Some(assignments) if assignments.len() != additional => {
                let (only, given) = (if assignments.len() < additional { "only " } else { "" }, assignments.len());
                return refuse(
                    Code::InvalidReplicaAssignment,
                    format!(
                        "Attempted to add {additional} additional partition(s), but {only}{given} assignment(s) were specified."
                    ),
                );
            }
            Some(assignments) => {
                let replica =
                    |(assignment, partition): (&m::create_partitions_request::CreatePartitionsAssignment, i32)| {
                        self.replica(partition, &assignment.broker_ids)
                    };
                assignments.iter().zip(have..).map(replica).collect::<Result<_, _>>()?
            }
        };
        if validate_only {
            return Ok(());
        }
        let added = replicas.iter().map(|broker| new_partition(*broker, &live));
        let topic = self.change().topics.get_mut(name).expect("it was found above");
        Arc::make_mut(topic).partitions.extend(added);
        let partitions = u32::try_from(topic.partitions.len()).expect("few partitions");
        out.emit(cause, EventKind::PartitionsAdded { topic: no, partitions });
        Ok(())
    }

    /// Deletes topics by name or by id. Errors: 3 unknown name, 100 unknown id.
    pub(super) fn delete_topics(
        &mut self,
        request: &DeleteTopicsRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> DeleteTopicsResponse {
        let by_name = request.topic_names.iter().map(|name| (Some(name.clone()), Uuid::nil()));
        let by_either = request.topics.iter().map(|topic| (topic.name.clone(), topic.topic_id));
        let mut response = DeleteTopicsResponse::default();
        for (asked_name, asked_id) in by_name.chain(by_either) {
            let name: Option<Arc<str>> = match &asked_name {
                Some(name) => self.image.topics.get_key_value(name.as_str()).map(|(name, _)| name.clone()),
                None => self.image.topic_names.get(&asked_id).cloned(),
            };
            let mut result = DeletableTopicResult::default().with_topic_id(asked_id);
            if let Some(name) = name {
                let image = self.change();
                let topic = image.topics.remove(&name).expect("both maps hold the same topics");
                image.topic_names.remove(&topic.id);
                out.emit(cause, EventKind::TopicDeleted { topic: topic.no });
                result =
                    result.with_name(Some(TopicName(StrBytes::from_string(name.to_string())))).with_topic_id(topic.id);
            } else {
                let code = if asked_name.is_some() { Code::UnknownTopicOrPartition } else { Code::UnknownTopicId };
                result = result
                    .with_name(asked_name)
                    .with_error_code(code.code())
                    .with_error_message(Some(StrBytes::from_static_str(code.message())));
            }
            response.responses.push(result);
        }
        response
    }
}

fn too_many_partitions<T>() -> Result<T, Refusal> {
    let message = format!("This model keeps at most {MAX_PARTITIONS} partitions of a topic.");
    refuse(Code::PolicyViolation, message)
}

fn check_factor(factor: usize, live: usize) -> Result<(), Refusal> {
    if factor > live {
        return refuse(
            Code::InvalidReplicationFactor,
            format!(
                "Unable to replicate the partition {factor} time(s): The target replication factor of {factor} cannot be reached because only {live} broker(s) are registered or some brokers have all their log directories cordoned."
            ),
        );
    }
    if factor > 1 {
        return refuse(Code::InvalidReplicationFactor, REPLICATION_NOT_MODELLED);
    }
    Ok(())
}

fn new_partition(broker: BrokerId, live: &[BrokerId]) -> PartitionRegistration {
    let leader = live.contains(&broker).then_some(broker);
    PartitionRegistration {
        replicas: vec![broker],
        isr: leader.into_iter().collect(),
        leader,
        leader_epoch: 0,
        partition_epoch: 0,
    }
}

/// Each item once, at its first place, and whether its name comes again.
fn once_each<T>(items: &[T], name: impl Fn(&T) -> TopicName) -> Vec<(&T, bool)> {
    let mut count: SortedMap<TopicName, u32> = SortedMap::new();
    for item in items {
        *count.entry(name(item)).or_default() += 1;
    }
    items
        .iter()
        .filter_map(|item| {
            let count = count.remove(&name(item))?;
            Some((item, count > 1))
        })
        .collect()
}
