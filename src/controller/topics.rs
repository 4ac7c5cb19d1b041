//! Creating, deleting and widening topics (`ReplicationControlManager`).

use std::sync::Arc;

use kafka_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use kafka_protocol::messages::create_partitions_response::CreatePartitionsTopicResult;
use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::create_topics_response::CreatableTopicResult;
use kafka_protocol::messages::delete_topics_response::DeletableTopicResult;
use kafka_protocol::messages::{
    CreatePartitionsRequest, CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse, DeleteTopicsRequest,
    DeleteTopicsResponse, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::error::Code;
use crate::event::{CreatedWhy, EventKind};
use crate::ids::{EventId, MAX_PARTITIONS, MAX_TOPICS};
use crate::image::{PartitionRegistration, TopicImage};
use crate::node::Outbox;
use crate::sorted::SortedMap;

use super::refusal::{Refusal, refuse, too_many_partitions};
use super::{Controller, configs};

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
        let partitions = self.new_partitions(topic)?;
        let factor = partitions.first().map_or(0, |partition| partition.replicas.len());
        // A real id is version 4: random.
        let id = uuid::Builder::from_u128(u128::from(out.rng.next_u64()) << 64 | u128::from(out.rng.next_u64()))
            .with_variant(uuid::Variant::RFC4122)
            .with_version(uuid::Version::Random)
            .into_uuid();
        let result = CreatableTopicResult::default()
            .with_name(topic.name.clone())
            .with_topic_id(id)
            .with_error_message(None)
            .with_num_partitions(i32::try_from(partitions.len()).expect("counted from an i32"))
            .with_replication_factor(i16::try_from(factor).expect("few brokers"))
            .with_configs(Some(configs::described(&configs, &self.config)));
        if !validate_only {
            self.add_topic(&name, id, configs, partitions, automatic, cause, out);
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
        partitions: Vec<PartitionRegistration>,
        automatic: bool,
        cause: EventId,
        out: &mut Outbox,
    ) {
        let no = out.names.intern_topic(name);
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
        let factor = image.partitions.first().map_or(1, |partition| partition.replicas.len());
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
        let added = match &topic.assignments {
            None => {
                let (first, count) = (have.cast_unsigned(), (topic.count - have).cast_unsigned());
                let factor = i32::try_from(factor).expect("few replicas");
                self.placed(first, count, factor, str::to_owned)?
            }
            Some(assignments) => self.added_by_hand(assignments, have, additional, factor)?,
        };
        if validate_only {
            return Ok(());
        }
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
