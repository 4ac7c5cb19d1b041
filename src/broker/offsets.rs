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
use kafka_protocol::messages::offset_fetch_response::{OffsetFetchResponsePartitions, OffsetFetchResponseTopics};
use kafka_protocol::messages::{OffsetCommitRequest, OffsetDeleteRequest, OffsetFetchRequest, TopicName};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::coordinator::group::offset_delete_answer;
use crate::error::Code;
use crate::ids::ConnectionId;
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Frame, Request};

use super::answer::BrokerAnswer;
use super::group_call::{AnsweredHere, GroupCall};
use super::{Broker, group_errors};

/// KIP-709.
const FIRST_WITH_GROUPS: i16 = 8;
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
        let known = Some(known).filter(|known| !known.topics.is_empty());
        let call = GroupCall::of(known.map(Request::OffsetCommit), AnsweredHere::Commit(unknown));
        self.group_call(now, connection, frame, call, out)
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
        let refused = unknown.iter().map(|topic| offset_delete_answer(topic, code)).collect();
        let known = Some(known).filter(|known| !known.is_empty());
        let asked = known.map(|known| Request::OffsetDelete(request.clone().with_topics(known)));
        self.group_call(now, connection, frame, GroupCall::of(asked, AnsweredHere::Delete(refused)), out)
    }

    /// `OffsetFetch`: from version 8 on several groups, each by its coordinator. With `require_stable` it waits until all
    /// that it reads is committed, without it it reads what is.
    pub(super) fn offset_fetch(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &OffsetFetchRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let version = frame.version;
        let mut call = match version {
            ..FIRST_WITH_GROUPS => GroupCall::whole(),
            FIRST_WITH_GROUPS..FIRST_BY_ID => {
                let one = |group: &OffsetFetchRequestGroup| request.clone().with_groups(vec![group.clone()]).into();
                GroupCall::of(request.groups.iter().map(one), AnsweredHere::NothingFetched)
            }
            _ => self.by_names(request),
        };
        if request.require_stable {
            return self.group_call(now, connection, frame, call, out);
        }
        for place in 0..call.count() {
            let Some(part @ Request::OffsetFetch(asked)) = call.request(place, frame) else { continue };
            let partition = self.coordinator_for(group_errors::group_of(part));
            let response = match partition.and_then(|partition| self.groups.read(partition)) {
                Ok((coordinator, before)) => coordinator.committed(before).offset_fetch(version, asked).into(),
                Err(code) => group_errors::refused(part, version, code),
            };
            call.answer(place, response);
        }
        let response = call.response(&self.image).expect("every part has its answer");
        BrokerAnswer::respond(response, frame.cause)
    }

    /// From version 10 on: what coordinators are asked, who know topics by name.
    fn by_names(&self, request: &OffsetFetchRequest) -> GroupCall {
        let (mut asked, mut all_unknown) = (Vec::new(), Vec::new());
        for group in &request.groups {
            let mut group = group.clone();
            let mut unknown = Vec::new();
            if let Some(topics) = &mut group.topics {
                for topic in &mut *topics {
                    topic.name = self.name_of(topic.topic_id);
                }
                unknown = topics.iter().filter(|topic| topic.name.is_empty()).map(of_unknown_id).collect();
                topics.retain(|topic| !topic.name.is_empty());
            }
            asked.push(Request::OffsetFetch(request.clone().with_groups(vec![group])));
            all_unknown.push(unknown);
        }
        GroupCall::of(asked, AnsweredHere::FetchById(all_unknown))
    }
}
