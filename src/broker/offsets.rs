//! What a broker itself decides of `OffsetCommit`, `OffsetFetch` and `OffsetDelete` (`KafkaApis`): which topics and
//! partitions there are. The rest goes on to the coordinator of the group.
//!
//! From version 10 on `OffsetCommit` and `OffsetFetch` name topics by their ids: an id that no topic has is
//! `UNKNOWN_TOPIC_ID` for each of its partitions, and of all offsets of a group those are left out whose topic has no
//! id any more.

use std::sync::Arc;

use kafka_protocol::messages::offset_commit_request::OffsetCommitRequestTopic;
use kafka_protocol::messages::offset_commit_response::{OffsetCommitResponsePartition, OffsetCommitResponseTopic};
use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartitions, OffsetFetchResponseTopics,
};
use kafka_protocol::messages::{
    OffsetCommitRequest, OffsetCommitResponse, OffsetDeleteRequest, OffsetDeleteResponse, OffsetFetchRequest,
    OffsetFetchResponse, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::coordinator::group::offset_delete_answer;
use crate::error::Code;
use crate::ids::{ConnectionId, EventId};
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Frame, Request, Response};

use super::answer::BrokerAnswer;
use super::{Broker, group_errors};

/// KIP-848.
const FIRST_BY_ID: i16 = 10;

/// The partitions of a commit that are refused.
fn refused(topic: &OffsetCommitRequestTopic, partitions: Vec<i32>, code: Code) -> OffsetCommitResponseTopic {
    let refuse =
        |index| OffsetCommitResponsePartition::default().with_partition_index(index).with_error_code(code.code());
    OffsetCommitResponseTopic::default()
        .with_name(topic.name.clone())
        .with_topic_id(topic.topic_id)
        .with_partitions(partitions.into_iter().map(refuse).collect())
}

/// The partitions of a topic whose offsets are asked for by an id that no topic has.
fn of_unknown_id(topic: &OffsetFetchRequestTopics) -> OffsetFetchResponseTopics {
    let refuse = |index: &i32| {
        OffsetFetchResponsePartitions::default()
            .with_partition_index(*index)
            .with_committed_offset(-1)
            .with_committed_leader_epoch(-1)
            .with_metadata(Some(StrBytes::default()))
            .with_error_code(Code::UnknownTopicId.code())
    };
    OffsetFetchResponseTopics::default()
        .with_topic_id(topic.topic_id)
        .with_partitions(topic.partition_indexes.iter().map(refuse).collect())
}

impl Broker {
    /// The name of a topic, which is empty when no topic has the id.
    fn name_of(&self, id: Uuid) -> TopicName {
        TopicName(self.image.topic_names.get(&id).map(|name| StrBytes::from(name.to_string())).unwrap_or_default())
    }

    /// `OffsetCommit`: partitions that do not exist are refused here, the others go on to the coordinator.
    pub(super) fn offset_commit(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &OffsetCommitRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let by_id = frame.version >= FIRST_BY_ID;
        let mut known = request.clone();
        let mut unknown: Vec<OffsetCommitResponseTopic> = Vec::new();
        for topic in &mut known.topics {
            if by_id {
                topic.name = self.name_of(topic.topic_id);
            }
            let no_topic = by_id && topic.name.is_empty();
            let code = if no_topic { Code::UnknownTopicId } else { Code::UnknownTopicOrPartition };
            let mut missing = Vec::new();
            topic.partitions.retain(|partition| {
                let exists = self.find_partition(&topic.name, partition.partition_index).is_some();
                if !exists {
                    missing.push(partition.partition_index);
                }
                exists
            });
            if !missing.is_empty() {
                unknown.push(refused(topic, missing, code));
            }
        }
        known.topics.retain(|topic| !topic.partitions.is_empty());
        if known.topics.is_empty() {
            return BrokerAnswer::respond(OffsetCommitResponse::default().with_topics(unknown), frame.cause);
        }
        let answer = self.group_request(now, connection, frame, &Request::OffsetCommit(known), out);
        answer.map_response(|response| {
            let Response::OffsetCommit(response) = response else { return response };
            // What was refused stands first, as Kafka's builder adds the rest to it: a client tells the first error.
            let mut topics = unknown;
            for committed in response.topics {
                match topics.iter_mut().find(|topic| topic.name == committed.name) {
                    Some(topic) => topic.partitions.extend(committed.partitions),
                    None => topics.push(committed),
                }
            }
            OffsetCommitResponse::default().with_topics(topics).into()
        })
    }

    /// `OffsetDelete`: topics that do not exist are refused here, whichever their partitions.
    pub(super) fn offset_delete(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &OffsetDeleteRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let (known, unknown): (Vec<_>, Vec<_>) =
            request.topics.iter().cloned().partition(|topic| self.image.topics.contains_key(topic.name.as_str()));
        let code = Code::UnknownTopicOrPartition;
        let mut refused = unknown.iter().map(|topic| offset_delete_answer(topic, code)).collect();
        if known.is_empty() {
            return BrokerAnswer::respond(OffsetDeleteResponse::default().with_topics(refused), frame.cause);
        }
        let request = Request::OffsetDelete(request.clone().with_topics(known));
        self.group_request(now, connection, frame, &request, out).map_response(|response| {
            let Response::OffsetDelete(mut response) = response else { return response };
            if response.error_code == Code::None.code() {
                response.topics.append(&mut refused);
            }
            response.into()
        })
    }

    /// `OffsetFetch` from version 8 on: several groups, each by its coordinator.
    pub(super) fn offset_fetch(&self, version: i16, request: &OffsetFetchRequest, cause: EventId) -> BrokerAnswer {
        let groups = request.groups.iter().map(|group| match self.coordinator_for(&group.group_id) {
            Ok(partition) if version >= FIRST_BY_ID => self.offsets_by_id(partition, group),
            Ok(partition) => self.coordinators[&partition].offset_fetch_group(group),
            Err(code) => group_errors::offsets_refused(group, code),
        });
        BrokerAnswer::respond(OffsetFetchResponse::default().with_groups(groups.collect()), cause)
    }

    fn offsets_by_id(&self, partition: i32, group: &OffsetFetchRequestGroup) -> OffsetFetchResponseGroup {
        let mut group = group.clone();
        let mut unknown = Vec::new();
        if let Some(topics) = &mut group.topics {
            for topic in &mut *topics {
                topic.name = self.name_of(topic.topic_id);
            }
            unknown = topics.iter().filter(|topic| topic.name.is_empty()).map(of_unknown_id).collect();
            topics.retain(|topic| !topic.name.is_empty());
        }
        let mut answer = self.coordinators[&partition].offset_fetch_group(&group);
        for topic in answer.topics.iter_mut().filter(|topic| topic.topic_id.is_nil()) {
            topic.topic_id = self.image.topics.get(topic.name.as_str()).map(|topic| topic.id).unwrap_or_default();
        }
        answer.topics.retain(|topic| !topic.topic_id.is_nil());
        answer.topics.append(&mut unknown);
        answer
    }
}
