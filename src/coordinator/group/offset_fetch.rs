//! `OffsetFetch` (9), versions 1 to 10 (`OffsetMetadataManager.fetchOffsets`, `fetchAllOffsets`).
//!
//! A group or a partition without a commit is answered -1 and no error. Up to version 7 one group, from 8 on several.
//! With `require_stable` it waits until all that it reads is committed; without it reads what is.
//! Simplified: no transaction holds an offset back.

use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions, OffsetFetchResponseTopic,
    OffsetFetchResponseTopics,
};
use kafka_protocol::messages::{OffsetFetchRequest, OffsetFetchResponse, TopicName};

use super::durable::OffsetsOfGroup;
use super::read::CommittedGroups;
use super::record::OffsetCommitValue;
use super::responses::text;

/// KIP-709.
const FIRST_WITH_GROUPS: i16 = 8;

impl CommittedGroups<'_> {
    /// All groups of a request, or the one of an old version.
    pub fn offset_fetch(&self, version: i16, body: &OffsetFetchRequest) -> OffsetFetchResponse {
        if version >= FIRST_WITH_GROUPS {
            let groups = body.groups.iter().map(|group| self.offset_fetch_group(group));
            return OffsetFetchResponse::default().with_groups(groups.collect());
        }
        let topics = body.topics.as_ref().map(|topics| {
            let topics = topics.iter().map(|topic| {
                OffsetFetchRequestTopics::default()
                    .with_name(topic.name.clone())
                    .with_partition_indexes(topic.partition_indexes.clone())
            });
            topics.collect()
        });
        let group = OffsetFetchRequestGroup::default().with_group_id(body.group_id.clone()).with_topics(topics);
        let topics = self.offset_fetch_group(&group).topics.into_iter().map(|topic| {
            let partitions = topic.partitions.into_iter().map(|partition| {
                OffsetFetchResponsePartition::default()
                    .with_partition_index(partition.partition_index)
                    .with_committed_offset(partition.committed_offset)
                    .with_committed_leader_epoch(partition.committed_leader_epoch)
                    .with_metadata(partition.metadata)
            });
            OffsetFetchResponseTopic::default().with_name(topic.name).with_partitions(partitions.collect())
        });
        OffsetFetchResponse::default().with_topics(topics.collect())
    }

    fn offset_fetch_group(&self, group: &OffsetFetchRequestGroup) -> OffsetFetchResponseGroup {
        let offsets = self.durable().offsets(group.group_id.as_str());
        let topics = match &group.topics {
            Some(topics) => topics.iter().map(|topic| asked(offsets, topic)).collect(),
            None => offsets.map(all).unwrap_or_default(),
        };
        OffsetFetchResponseGroup::default().with_group_id(group.group_id.clone()).with_topics(topics)
    }
}

fn asked(offsets: Option<&OffsetsOfGroup>, topic: &OffsetFetchRequestTopics) -> OffsetFetchResponseTopics {
    let name: std::sync::Arc<str> = topic.name.as_str().into();
    let partitions = topic.partition_indexes.iter().map(|index| {
        let partition = crate::ids::TopicPartition::new(&name, *index);
        committed(*index, offsets.and_then(|offsets| offsets.get(&partition)))
    });
    OffsetFetchResponseTopics::default()
        .with_name(topic.name.clone())
        .with_topic_id(topic.topic_id)
        .with_partitions(partitions.collect())
}

fn all(offsets: &OffsetsOfGroup) -> Vec<OffsetFetchResponseTopics> {
    let entries: Vec<_> = offsets.iter().collect();
    let topics = entries.chunk_by(|a, b| a.0.topic == b.0.topic);
    topics
        .map(|topic| {
            let partitions = topic.iter().map(|(partition, value)| committed(partition.partition, Some(*value)));
            OffsetFetchResponseTopics::default()
                .with_name(TopicName(text(&topic[0].0.topic)))
                .with_partitions(partitions.collect())
        })
        .collect()
}

fn committed(index: i32, value: Option<&OffsetCommitValue>) -> OffsetFetchResponsePartitions {
    OffsetFetchResponsePartitions::default()
        .with_partition_index(index)
        .with_committed_offset(value.map_or(-1, |value| value.offset))
        .with_committed_leader_epoch(value.map_or(-1, |value| value.leader_epoch))
        .with_metadata(Some(value.map(|value| text(&value.metadata)).unwrap_or_default()))
}
