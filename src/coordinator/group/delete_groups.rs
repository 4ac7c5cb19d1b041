//! `DeleteGroups` (42), versions 0 to 2, and `OffsetDelete` (47), version 0.
//!
//! Only a group without members can be deleted; only offsets of topics that no member subscribes to.

use std::sync::Arc;

use kafka_protocol::messages::delete_groups_response::DeletableGroupResult;
use kafka_protocol::messages::offset_delete_request::OffsetDeleteRequestTopic;
use kafka_protocol::messages::offset_delete_response::{OffsetDeleteResponsePartition, OffsetDeleteResponseTopic};
use kafka_protocol::messages::{
    DeleteGroupsRequest, DeleteGroupsResponse, GroupId, OffsetDeleteRequest, OffsetDeleteResponse,
};

use super::GroupCoordinator;
use super::classic::ClassicGroup;
use super::output::{CoordinatorOutput, CoordinatorRequest, Decision};
use super::record::GroupRecord;
use crate::consumer_protocol::PROTOCOL_TYPE;
use crate::error::Code;
use crate::event::GroupState;
use crate::ids::TopicPartition;
use crate::sorted::SortedSet;
use crate::time::Now;

impl GroupCoordinator {
    pub(super) fn delete_groups(
        &mut self,
        request: &CoordinatorRequest,
        body: &DeleteGroupsRequest,
        out: &mut CoordinatorOutput,
    ) {
        let results = body.groups_names.iter().map(|id| self.delete_group(id, out)).collect();
        out.respond(request.token, DeleteGroupsResponse::default().with_results(results));
    }

    fn delete_group(&mut self, id: &GroupId, out: &mut CoordinatorOutput) -> DeletableGroupResult {
        let decision = self.decide_delete_group(id.as_str());
        if decision.reply.is_ok() {
            self.append_all(decision.records, out);
            self.groups.remove(id.as_str());
            self.timers.cancel_those(|key| **key.group() == *id.as_str());
        }
        DeletableGroupResult::default().with_group_id(id.clone()).with_error_code(decision.reply.code())
    }

    /// Topics were deleted: nobody has an offset in them any more (`OffsetMetadataManager.onPartitionsDeleted`).
    pub fn on_topics_deleted(&mut self, topics: &SortedSet<Arc<str>>, out: &mut CoordinatorOutput) {
        let mut records = Vec::new();
        for group in self.durable.group_ids() {
            let partitions = self.durable.offsets(&group).into_iter().flat_map(|offsets| offsets.keys());
            let gone = partitions.filter(|partition| topics.contains(&partition.topic));
            records.extend(gone.map(|partition| tombstone(&group, partition)));
        }
        self.append_all(records, out);
    }

    /// Tombstones of the offsets, then of the group.
    fn decide_delete_group(&self, id: &str) -> Decision<GroupRecord, Code> {
        let refused = match self.classic(id) {
            _ if id.is_empty() => Some(Code::InvalidGroupId),
            None => Some(Code::GroupIdNotFound),
            Some(group) => match group.state {
                GroupState::Dead => Some(Code::GroupIdNotFound),
                GroupState::Empty => None,
                _ => Some(Code::NonEmptyGroup),
            },
        };
        if let Some(code) = refused {
            return Decision { records: Vec::new(), reply: code };
        }
        let group: Arc<str> = id.into();
        let partitions = self.durable.offsets(id).into_iter().flatten().map(|(partition, _)| partition);
        let mut records: Vec<GroupRecord> = partitions.map(|partition| tombstone(&group, partition)).collect();
        records.push(GroupRecord::GroupMetadata { group, value: None });
        Decision { records, reply: Code::None }
    }

    pub(super) fn offset_delete(
        &mut self,
        now: Now,
        request: &CoordinatorRequest,
        body: &OffsetDeleteRequest,
        out: &mut CoordinatorOutput,
    ) {
        let decision = self.decide_offset_delete(body);
        if let Some(mut turn) = self.turn(now, body.group_id.as_str(), out) {
            decision.records.into_iter().for_each(|record| turn.append(record));
        }
        out.respond(request.token, decision.reply);
    }

    fn decide_offset_delete(&self, body: &OffsetDeleteRequest) -> Decision<GroupRecord, OffsetDeleteResponse> {
        let group = match self.classic(body.group_id.as_str()).ok_or(Code::GroupIdNotFound).and_then(deletable) {
            Ok(group) => group,
            Err(code) => {
                let reply = OffsetDeleteResponse::default().with_error_code(code.code());
                return Decision { records: Vec::new(), reply };
            }
        };
        let subscribed = |topic: &str| match &group.subscribed_topics {
            Some(topics) => topics.contains(topic),
            None => group.protocol_type.as_deref() == Some(PROTOCOL_TYPE),
        };
        let mut records = Vec::new();
        let mut topics = Vec::new();
        for topic in &body.topics {
            let code = if subscribed(topic.name.as_str()) { Code::GroupSubscribedToTopic } else { Code::None };
            topics.push(offset_delete_answer(topic, code));
            if code.is_ok() {
                let name: Arc<str> = topic.name.as_str().into();
                let asked = topic.partitions.iter().map(|p| TopicPartition::new(&name, p.partition_index));
                let offsets = self.durable.offsets(&group.id);
                let known = asked.filter(|partition| offsets.is_some_and(|offsets| offsets.contains_key(partition)));
                records.extend(known.map(|partition| tombstone(&group.id, &partition)));
            }
        }
        Decision { records, reply: OffsetDeleteResponse::default().with_topics(topics) }
    }
}

/// `ClassicGroup.validateOffsetDelete`.
fn deletable(group: &ClassicGroup) -> Result<&ClassicGroup, Code> {
    let consumers = group.protocol_type.as_deref() == Some(PROTOCOL_TYPE);
    match group.state {
        GroupState::Dead => Err(Code::GroupIdNotFound),
        GroupState::Empty => Ok(group),
        _ if consumers => Ok(group),
        _ => Err(Code::NonEmptyGroup),
    }
}

/// One error for every partition of a topic.
pub(crate) fn offset_delete_answer(topic: &OffsetDeleteRequestTopic, code: Code) -> OffsetDeleteResponseTopic {
    let partitions = topic.partitions.iter().map(|partition| {
        OffsetDeleteResponsePartition::default()
            .with_partition_index(partition.partition_index)
            .with_error_code(code.code())
    });
    OffsetDeleteResponseTopic::default().with_name(topic.name.clone()).with_partitions(partitions.collect())
}

fn tombstone(group: &Arc<str>, partition: &TopicPartition) -> GroupRecord {
    GroupRecord::OffsetCommit {
        group: group.clone(),
        topic: partition.topic.clone(),
        partition: partition.partition,
        value: None,
    }
}
