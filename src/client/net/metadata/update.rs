//! What to keep of an answer to Metadata, and of the leaders that other responses name.

use std::sync::Arc;

use kafka_protocol::messages::MetadataResponse;
use kafka_protocol::messages::metadata_response::{MetadataResponsePartition, MetadataResponseTopic};

use super::super::cluster::{Cluster, PartitionMetadata, Parts, Server};
use super::{Interest, Metadata, ms};
use crate::error::Code;
use crate::ids::{BrokerId, EventId, Names, TopicPartition};
use crate::sorted::SortedSet;

impl Metadata {
    /// `Metadata.update`.
    pub fn update(
        &mut self,
        ask_version: u32,
        partial: bool,
        response: &MetadataResponse,
        now_ms: u64,
        names: &mut Names,
    ) {
        let now = ms(now_ms);
        self.need_partial_update = ask_version < self.request_version;
        self.last_refresh_ms = now;
        self.attempts = 0;
        self.draw_attempts_backoff();
        self.update_version += 1;
        self.answered_version = self.update_version;
        if !partial {
            self.need_full_update = false;
            self.last_successful_refresh_ms = now;
        }
        let equivalent = self.equivalent_responses + 1;
        self.set_equivalent_responses(equivalent);
        let parts = self.take_response(response, partial, now, names);
        self.cluster = Arc::new(Cluster::build(parts, &mut self.rng));
        self.invalid_topics = self.cluster.invalid_topics.clone();
        self.unauthorized_topics = self.cluster.unauthorized_topics.clone();
        let epochs = std::mem::take(&mut self.last_seen_leader_epochs);
        self.last_seen_leader_epochs =
            epochs.into_iter().filter(|(partition, _)| self.retains(&partition.topic, now)).collect();
        if let Interest::Producer { new_topics, errors, .. } = &mut self.interest {
            errors.clear();
            for topic in &response.topics {
                let name = topic.name.as_ref().map_or("", |name| name.0.as_str());
                new_topics.remove(name);
                if topic.error_code != 0 {
                    errors.insert(name.into(), Code::from_i16(topic.error_code));
                }
            }
        }
    }

    fn take_response(&mut self, response: &MetadataResponse, partial: bool, now: i64, names: &mut Names) -> Parts {
        let mut parts = Parts::default();
        let mut encountered: SortedSet<Arc<str>> = SortedSet::new();
        for broker in &response.brokers {
            let server = Server { host: broker.host.as_str().into(), port: broker.port };
            parts.brokers.insert(BrokerId(broker.node_id.0), server);
        }
        parts.cluster_id = response.cluster_id.as_ref().map(|id| id.as_str().into());
        for topic in &response.topics {
            let name: Arc<str> = topic.name.as_ref().map_or("", |name| name.0.as_str()).into();
            let number = names.intern_topic(&name);
            let name = names.topic(number).clone();
            encountered.insert(name.clone());
            let old_id = self.cluster.topics.get(&name).and_then(|known| known.id);
            if !self.retains(&name, now) {
                continue;
            }
            parts.topic_numbers.insert(name.clone(), number);
            self.take_topic(topic, &name, old_id, &mut parts);
        }
        if partial {
            // What the answer does not name stays as it was, behind the new entries.
            let keep = |topic: &str| !encountered.contains(topic) && self.retains(topic, now);
            let old = self.cluster.parts(keep);
            parts.partitions.extend(old.partitions);
            parts.topic_ids.extend(old.topic_ids);
            parts.internal_topics.extend(old.internal_topics);
            parts.topic_numbers.extend(old.topic_numbers);
            parts.invalid_topics.extend(old.invalid_topics);
            parts.unauthorized_topics.extend(old.unauthorized_topics);
        }
        if let Interest::Producer { topics, new_topics, .. } = &mut self.interest {
            let expired: Vec<Arc<str>> = topics
                .iter()
                .filter(|(topic, expires)| !new_topics.contains(*topic) && **expires <= now)
                .map(|(topic, _)| topic.clone())
                .collect();
            for topic in expired {
                topics.remove(&topic);
            }
        }
        parts
    }

    fn take_topic(
        &mut self,
        topic: &MetadataResponseTopic,
        name: &Arc<str>,
        old_id: Option<uuid::Uuid>,
        parts: &mut Parts,
    ) {
        let id = Some(topic.topic_id).filter(|id| !id.is_nil());
        let error = Code::from_i16(topic.error_code);
        if topic.is_internal {
            parts.internal_topics.insert(name.clone());
        }
        if !error.is_ok() {
            if error.invalidates_metadata() {
                self.request_update(false, EventId::NONE);
            }
            match error {
                Code::InvalidTopicException => _ = parts.invalid_topics.insert(name.clone()),
                Code::TopicAuthorizationFailed => _ = parts.unauthorized_topics.insert(name.clone()),
                _ => {}
            }
            return;
        }
        if let Some(id) = id {
            parts.topic_ids.insert(name.clone(), id);
        }
        for partition in &topic.partitions {
            let at = TopicPartition::new(name, partition.partition_index);
            if let Some(metadata) = self.latest(&at, partition, id.is_some() && id != old_id) {
                parts.partitions.push((at, metadata));
            }
            if Code::from_i16(partition.error_code).invalidates_metadata() {
                self.request_update(false, EventId::NONE);
            }
        }
    }

    /// `Metadata.updateLatestMetadata`: an answer with an older leader epoch does not replace what is known.
    fn latest(
        &mut self,
        at: &TopicPartition,
        answer: &MetadataResponsePartition,
        new_topic_id: bool,
    ) -> Option<PartitionMetadata> {
        let brokers = |ids: &[kafka_protocol::messages::BrokerId]| ids.iter().map(|id| BrokerId(id.0)).collect();
        let mut metadata = PartitionMetadata {
            partition: at.partition,
            error: Code::from_i16(answer.error_code),
            leader_id: Some(BrokerId(answer.leader_id.0)).filter(|leader| leader.0 >= 0),
            leader_epoch: Some(answer.leader_epoch).filter(|epoch| *epoch >= 0),
            replicas: brokers(&answer.replica_nodes),
            isr: brokers(&answer.isr_nodes),
        };
        let Some(epoch) = metadata.leader_epoch else {
            self.last_seen_leader_epochs.remove(at);
            self.set_equivalent_responses(0);
            metadata.leader_epoch = None;
            return Some(metadata);
        };
        let seen = self.last_seen_leader_epochs.get(at).copied();
        if let Some(seen) = seen.filter(|_| !new_topic_id)
            && epoch < seen
        {
            return self.cluster.partition(&at.topic, at.partition).cloned();
        }
        if new_topic_id || seen != Some(epoch) {
            self.set_equivalent_responses(0);
        }
        self.last_seen_leader_epochs.insert(at.clone(), epoch);
        Some(metadata)
    }

    /// `Metadata.updatePartitionLeadership` (KIP-951): leaders named in Produce and Fetch responses, with their
    /// addresses. Returns the partitions whose leader is new.
    pub fn update_partition_leadership(
        &mut self,
        leaders: &[(TopicPartition, BrokerId, i32)],
        servers: &[(BrokerId, Server)],
    ) -> Vec<TopicPartition> {
        let mut brokers = self.cluster.brokers.clone();
        brokers.extend(servers.iter().cloned());
        let mut changed = Vec::new();
        for (at, leader, epoch) in leaders {
            let known = self.last_seen_leader_epochs.get(at).copied();
            if *epoch < 0 || leader.0 < 0 || known.is_some_and(|known| *epoch <= known) || !brokers.contains_key(leader)
            {
                continue;
            }
            if let Some(old) = self.cluster.partition(&at.topic, at.partition) {
                let new = PartitionMetadata { leader_id: Some(*leader), leader_epoch: Some(*epoch), ..old.clone() };
                changed.push((at.clone(), new));
                self.last_seen_leader_epochs.insert(at.clone(), *epoch);
            }
        }
        if changed.is_empty() {
            return Vec::new();
        }
        let partitions: Vec<TopicPartition> = changed.iter().map(|(at, _)| at.clone()).collect();
        let mut parts = self.cluster.parts(|_| true);
        parts.brokers = brokers;
        parts.partitions.retain(|(at, _)| !partitions.contains(at));
        parts.partitions.splice(0..0, changed);
        self.cluster = Arc::new(Cluster::build(parts, &mut self.rng));
        partitions
    }
}
