//! `OffsetCommit` (8), versions 2 to 10 (`OffsetMetadataManager.commitOffset`).
//!
//! The broker has already refused partitions that do not exist and passes on only the others. Any offset is accepted.
//! A commit of the current generation renews the session in Stable and `PreparingRebalance`, and is refused while the
//! leader's assignment is awaited.

use std::sync::Arc;

use kafka_protocol::messages::offset_commit_request::OffsetCommitRequestPartition;
use kafka_protocol::messages::offset_commit_response::{OffsetCommitResponsePartition, OffsetCommitResponseTopic};
use kafka_protocol::messages::{OffsetCommitRequest, OffsetCommitResponse};

use super::classic::ClassicGroup;
use super::output::{CoordinatorOutput, CoordinatorRequest, Decision, GroupEventKind};
use super::record::{GroupRecord, OffsetCommitValue};
use super::{Group, GroupCoordinator};
use crate::error::Code;
use crate::event::GroupState;
use crate::time::Now;

/// From here on an unknown group is `GROUP_ID_NOT_FOUND`, before `ILLEGAL_GENERATION`.
const FIRST_WITH_GROUP_ID_NOT_FOUND: i16 = 9;

impl GroupCoordinator {
    pub(super) fn offset_commit(
        &mut self,
        now: Now,
        request: &CoordinatorRequest,
        body: &OffsetCommitRequest,
        out: &mut CoordinatorOutput,
    ) {
        let id: Arc<str> = body.group_id.as_str().into();
        if let Err(code) = self.validate_offset_commit(request.version, body) {
            if let Some(mut turn) = self.turn(now, &id, out) {
                turn.note(GroupEventKind::OffsetCommitRefused { client: request.client, code });
            }
            return out.respond(request.token, answer(body, |_| code));
        }
        let Decision { records, reply } = self.decide_offset_commit(now, body);
        // A commit without a membership makes a group of its own ("simple"): Empty, without a protocol type.
        self.ensure_group(&id, now);
        let mut turn = self.turn(now, &id, out).expect("it exists now");
        turn.commit(request, body, records);
        out.respond(request.token, reply);
    }

    fn validate_offset_commit(&self, version: i16, body: &OffsetCommitRequest) -> Result<(), Code> {
        match self.groups.get(body.group_id.as_str()).map(Arc::as_ref) {
            Some(Group::Classic(group)) => validate(group, body),
            None if body.generation_id_or_member_epoch < 0 => Ok(()),
            None if version >= FIRST_WITH_GROUP_ID_NOT_FOUND => Err(Code::GroupIdNotFound),
            None => Err(Code::IllegalGeneration),
        }
    }

    /// The records and the answer of a commit that may be made.
    fn decide_offset_commit(
        &self,
        now: Now,
        body: &OffsetCommitRequest,
    ) -> Decision<GroupRecord, OffsetCommitResponse> {
        let most = usize::try_from(self.config.offset_metadata_max_bytes).unwrap_or(0);
        // `OffsetMetadataManager.isMetadataInvalid` counts UTF-16 units, whatever the property's name says.
        let too_large = |partition: &OffsetCommitRequestPartition| {
            partition.committed_metadata.as_ref().is_some_and(|text| text.encode_utf16().count() > most)
        };
        let mut records = Vec::new();
        for topic in &body.topics {
            let name: Arc<str> = topic.name.as_str().into();
            for partition in topic.partitions.iter().filter(|partition| !too_large(partition)) {
                records.push(GroupRecord::OffsetCommit {
                    group: body.group_id.as_str().into(),
                    topic: name.clone(),
                    partition: partition.partition_index,
                    value: Some(value(now, body, topic.topic_id, partition)),
                });
            }
        }
        let code = |partition: &OffsetCommitRequestPartition| match too_large(partition) {
            true => Code::OffsetMetadataTooLarge,
            false => Code::None,
        };
        Decision { records, reply: answer(body, code) }
    }
}

/// `OffsetAndMetadata.fromRequest`.
fn value(
    now: Now,
    body: &OffsetCommitRequest,
    topic_id: uuid::Uuid,
    partition: &OffsetCommitRequestPartition,
) -> OffsetCommitValue {
    OffsetCommitValue {
        offset: partition.committed_offset,
        leader_epoch: partition.committed_leader_epoch,
        metadata: partition.committed_metadata.as_ref().map(|text| text.as_str()).unwrap_or_default().into(),
        commit_timestamp: now.wall_ms(),
        expire_timestamp: (body.retention_time_ms != -1).then(|| now.wall_ms() + body.retention_time_ms),
        topic_id: (!topic_id.is_nil()).then_some(topic_id),
    }
}

/// `ClassicGroup.validateOffsetCommit`.
fn validate(group: &ClassicGroup, body: &OffsetCommitRequest) -> Result<(), Code> {
    if group.is_in(GroupState::Dead) {
        return Err(Code::CoordinatorNotAvailable);
    }
    let generation = body.generation_id_or_member_epoch;
    if generation < 0 && group.is_in(GroupState::Empty) {
        return Ok(());
    }
    if generation >= 0 || !body.member_id.is_empty() || body.group_instance_id.is_some() {
        let instance_id = body.group_instance_id.as_ref().map(|id| id.as_str());
        group.validate_member(body.member_id.as_str(), instance_id)?;
        if generation != group.generation {
            return Err(Code::IllegalGeneration);
        }
    } else if !group.is_in(GroupState::Empty) {
        return Err(Code::UnknownMemberId);
    }
    if group.is_in(GroupState::CompletingRebalance) {
        return Err(Code::RebalanceInProgress);
    }
    Ok(())
}

fn answer(body: &OffsetCommitRequest, code: impl Fn(&OffsetCommitRequestPartition) -> Code) -> OffsetCommitResponse {
    let topics = body.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().map(|partition| {
            OffsetCommitResponsePartition::default()
                .with_partition_index(partition.partition_index)
                .with_error_code(code(partition).code())
        });
        OffsetCommitResponseTopic::default()
            .with_name(topic.name.clone())
            .with_topic_id(topic.topic_id)
            .with_partitions(partitions.collect())
    });
    OffsetCommitResponse::default().with_topics(topics.collect())
}

impl super::turn::GroupTurn<'_> {
    fn commit(&mut self, request: &CoordinatorRequest, body: &OffsetCommitRequest, records: Vec<GroupRecord>) {
        let member_id: Arc<str> = body.member_id.as_str().into();
        let maintains = matches!(self.group.state, GroupState::Stable | GroupState::PreparingRebalance);
        if maintains && self.group.has_member(&member_id) {
            self.group.member_mut(&member_id).client = Some(request.client);
            self.renew_session(&member_id);
        }
        for record in records {
            if let GroupRecord::OffsetCommit { topic, partition, value: Some(value), .. } = &record {
                self.note(GroupEventKind::OffsetCommitted {
                    client: request.client,
                    topic: topic.clone(),
                    partition: *partition,
                    offset: value.offset,
                });
            }
            self.append(record);
        }
    }
}
