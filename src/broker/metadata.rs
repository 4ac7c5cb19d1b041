//! Metadata (key 3), versions 0 to 13.
//!
//! The cluster as this broker's image has it: all topics (null; in version 0 an empty list), none (an empty list, from
//! version 1 on), or those named, by name or from version 12 on by id. A topic that is not there and may be made
//! (`allowAutoTopicCreation` and `auto.create.topics.enable`) is asked of the controller, and answered
//! `UNKNOWN_TOPIC_OR_PARTITION` this time. A partition whose leader is not alive: `LEADER_NOT_AVAILABLE`, leader -1.
//! Simplified: `controllerId` is the live broker with the lowest id, where Kafka says a random one.

use std::sync::Arc;

use kafka_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{self as m, CreateTopicsRequest, MetadataRequest, MetadataResponse, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::controller::{is_internal, validate_name};
use crate::error::Code;
use crate::ids::{BrokerId, EventId};
use crate::image::{GROUP_METADATA_TOPIC, PartitionRegistration, TopicImage};
use crate::node::Outbox;
use crate::time::Now;

use super::Broker;
use super::answer::BrokerAnswer;
use super::purpose::ControllerPurpose;

/// What `AclEntry.supportedOperations(TOPIC)` is as a bit field: all operations on a topic.
const TOPIC_OPERATIONS: i32 = 3576;

pub(super) fn node(id: BrokerId) -> m::BrokerId {
    m::BrokerId(id.0)
}

pub(super) fn name(name: &Arc<str>) -> TopicName {
    TopicName(StrBytes::from_string(name.to_string()))
}

impl Broker {
    pub(super) fn metadata(
        &mut self,
        now: Now,
        version: i16,
        request: &MetadataRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let mut topics = match &request.topics {
            Some(topics) if version > 0 || !topics.is_empty() => {
                let mut answers = Vec::new();
                for topic in topics {
                    answers.push(match &topic.name {
                        Some(name) => self.topic_by_name(now, name, version, request, cause, out),
                        None => self.topic_by_id(topic.topic_id, version),
                    });
                }
                answers
            }
            _ => self.image.topics.values().map(|topic| self.described(topic, version)).collect(),
        };
        if request.include_topic_authorized_operations {
            // Of a name that is no topic as well: only of an unknown id nothing is said.
            for topic in topics.iter_mut().filter(|topic| topic.error_code != Code::UnknownTopicId.code()) {
                topic.topic_authorized_operations = TOPIC_OPERATIONS;
            }
        }
        let live = || self.image.brokers.values().filter(|broker| !broker.fenced);
        let broker = |broker: &crate::image::BrokerRegistration| {
            MetadataResponseBroker::default()
                .with_node_id(node(broker.id))
                .with_host(StrBytes::from_string(broker.host.to_string()))
                .with_port(broker.port)
        };
        let response = MetadataResponse::default()
            .with_brokers(live().map(broker).collect())
            .with_cluster_id(Some(StrBytes::from_string(self.image.cluster_id.to_string())))
            .with_controller_id(m::BrokerId(live().next().map_or(-1, |broker| broker.id.0)))
            .with_topics(topics);
        BrokerAnswer::respond(response, cause)
    }

    fn topic_by_name(
        &mut self,
        now: Now,
        topic: &TopicName,
        version: i16,
        request: &MetadataRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> MetadataResponseTopic {
        if let Some(topic) = self.image.topics.get(topic.as_str()) {
            return self.described(topic, version);
        }
        let code = if validate_name(topic).is_err() {
            Code::InvalidTopicException
        } else {
            // Versions before 4 have no say: they always allow it.
            if (version < 4 || request.allow_auto_topic_creation) && self.config.auto_create_topics_enable {
                self.create_automatically(now, topic, cause, out);
            }
            Code::UnknownTopicOrPartition
        };
        MetadataResponseTopic::default()
            .with_error_code(code.code())
            .with_name(Some(topic.clone()))
            .with_is_internal(version >= 1 && is_internal(topic))
    }

    fn topic_by_id(&self, id: uuid::Uuid, version: i16) -> MetadataResponseTopic {
        let topic = self.image.topic_names.get(&id).and_then(|name| self.image.topics.get(name));
        topic.map_or_else(
            || {
                MetadataResponseTopic::default()
                    .with_error_code(Code::UnknownTopicId.code())
                    .with_name(None)
                    .with_topic_id(id)
            },
            |topic| self.described(topic, version),
        )
    }

    fn described(&self, topic: &TopicImage, version: i16) -> MetadataResponseTopic {
        let partitions = topic
            .partitions
            .iter()
            .zip(0..)
            .map(|(partition, number)| self.described_partition(partition, number, version));
        MetadataResponseTopic::default()
            .with_name(Some(name(&topic.name)))
            .with_topic_id(topic.id)
            .with_is_internal(topic.internal)
            .with_partitions(partitions.collect())
    }

    /// `KRaftMetadataCache.partitionMetadata`.
    fn described_partition(
        &self,
        partition: &PartitionRegistration,
        number: i32,
        version: i16,
    ) -> MetadataResponsePartition {
        let alive = |broker: &BrokerId| self.image.brokers.get(broker).is_some_and(|broker| !broker.fenced);
        let nodes = |brokers: &[BrokerId]| brokers.iter().copied().map(node).collect::<Vec<_>>();
        let leader = partition.leader.filter(alive);
        let offline: Vec<_> = partition.replicas.iter().copied().filter(|broker| !alive(broker)).collect();
        let code = if leader.is_none() { Code::LeaderNotAvailable } else { Code::None };
        // Version 0 says nothing of brokers that its list of brokers does not have.
        let shown: Vec<_> = partition.replicas.iter().copied().filter(|broker| version > 0 || alive(broker)).collect();
        MetadataResponsePartition::default()
            .with_error_code(code.code())
            .with_partition_index(number)
            .with_leader_id(m::BrokerId(leader.map_or(-1, |leader| leader.0)))
            .with_leader_epoch(partition.leader_epoch)
            .with_replica_nodes(nodes(&shown))
            .with_isr_nodes(nodes(&partition.isr))
            .with_offline_replicas(nodes(&offline))
    }

    /// Asks the controller for a topic, unless that is under way (`AutoTopicCreationManager`). The internal topic of
    /// the group coordinators gets the partitions and settings that `GroupCoordinatorService` wants for it.
    pub(super) fn create_automatically(&mut self, now: Now, topic: &str, cause: EventId, out: &mut Outbox) {
        let is_it = |why: &ControllerPurpose| matches!(why, ControllerPurpose::AutomaticTopic(of) if **of == *topic);
        if self.channel.wishes().any(|wish| is_it(&wish.why)) {
            return;
        }
        let mut wanted = CreatableTopic::default()
            .with_name(TopicName(StrBytes::from_string(topic.to_owned())))
            .with_num_partitions(self.config.num_partitions)
            .with_replication_factor(-1);
        if topic == GROUP_METADATA_TOPIC {
            let config = |name: &'static str, value: String| {
                CreatableTopicConfig::default()
                    .with_name(StrBytes::from_static_str(name))
                    .with_value(Some(StrBytes::from_string(value)))
            };
            // One replica, whatever `offsets.topic.replication.factor` says: see the module `controller`.
            wanted = wanted
                .with_num_partitions(self.config.offsets_topic_num_partitions)
                .with_replication_factor(1)
                .with_configs(vec![
                    config("cleanup.policy", "compact".to_owned()),
                    config("compression.type", "producer".to_owned()),
                    config("segment.bytes", self.config.offsets_topic_segment_bytes.to_string()),
                ]);
        }
        let request = CreateTopicsRequest::default().with_topics(vec![wanted]).with_timeout_ms(30_000);
        self.ask(now, ControllerPurpose::AutomaticTopic(Arc::from(topic)), request.into(), cause, out);
    }
}
