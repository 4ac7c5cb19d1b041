//! What a broker answers that does not coordinate a group.

use kafka_protocol::messages::delete_groups_response::DeletableGroupResult;
use kafka_protocol::messages::describe_groups_response::DescribedGroup;
use kafka_protocol::messages::offset_commit_response::{OffsetCommitResponsePartition, OffsetCommitResponseTopic};
use kafka_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponseTopic,
};
use kafka_protocol::messages::{
    GroupId, HeartbeatResponse, JoinGroupResponse, LeaveGroupResponse, OffsetCommitResponse, OffsetDeleteResponse,
    OffsetFetchResponse, SyncGroupResponse,
};
use kafka_protocol::protocol::StrBytes;

use crate::error::Code;
use crate::wire::{Request, Response};

/// The group that a request is about.
pub(super) fn group_of(request: &Request) -> &str {
    match request {
        Request::JoinGroup(request) => &request.group_id,
        Request::SyncGroup(request) => &request.group_id,
        Request::Heartbeat(request) => &request.group_id,
        Request::LeaveGroup(request) => &request.group_id,
        Request::OffsetCommit(request) => &request.group_id,
        Request::OffsetFetch(request) => &request.group_id,
        Request::OffsetDelete(request) => &request.group_id,
        other => panic!("{} is not about one group", other.api().name()),
    }
}

/// The answer to a request about one group, with nothing but the error. Membership of a group without a name is
/// `INVALID_GROUP_ID` before anything else.
pub(super) fn refused(request: &Request, version: i16, code: Code) -> Response {
    let member_code = if group_of(request).is_empty() { Code::InvalidGroupId } else { code };
    match request {
        Request::JoinGroup(request) => JoinGroupResponse::default()
            .with_error_code(member_code.code())
            .with_generation_id(-1)
            .with_protocol_type(None)
            // Versions before 7 have no null for it.
            .with_protocol_name((version < 7).then(StrBytes::default))
            .with_member_id(request.member_id.clone())
            .into(),
        Request::SyncGroup(_) => SyncGroupResponse::default()
            .with_error_code(member_code.code())
            .with_protocol_type(None)
            .with_protocol_name(None)
            .into(),
        Request::Heartbeat(_) => HeartbeatResponse::default().with_error_code(member_code.code()).into(),
        Request::LeaveGroup(_) => LeaveGroupResponse::default().with_error_code(member_code.code()).into(),
        Request::OffsetCommit(request) => {
            let topics = request.topics.iter().map(|topic| {
                let refuse =
                    |partition: &kafka_protocol::messages::offset_commit_request::OffsetCommitRequestPartition| {
                        OffsetCommitResponsePartition::default()
                            .with_partition_index(partition.partition_index)
                            .with_error_code(code.code())
                    };
                OffsetCommitResponseTopic::default()
                    .with_name(topic.name.clone())
                    .with_topic_id(topic.topic_id)
                    .with_partitions(topic.partitions.iter().map(refuse).collect())
            });
            OffsetCommitResponse::default().with_topics(topics.collect()).into()
        }
        Request::OffsetFetch(request) => {
            // Version 1 has no error of its own: each partition carries it.
            let refuse = |partition: &i32| {
                OffsetFetchResponsePartition::default()
                    .with_partition_index(*partition)
                    .with_committed_offset(-1)
                    .with_committed_leader_epoch(-1)
                    .with_error_code(code.code())
            };
            let topics = request.topics.iter().flatten().filter(|_| version < 2).map(|topic| {
                OffsetFetchResponseTopic::default()
                    .with_name(topic.name.clone())
                    .with_partitions(topic.partition_indexes.iter().map(refuse).collect())
            });
            let response = OffsetFetchResponse::default().with_topics(topics.collect());
            if version < 2 { response.into() } else { response.with_error_code(code.code()).into() }
        }
        Request::OffsetDelete(_) => OffsetDeleteResponse::default().with_error_code(code.code()).into(),
        other => panic!("{} is not about one group", other.api().name()),
    }
}

pub(super) fn offsets_refused(group: &OffsetFetchRequestGroup, code: Code) -> OffsetFetchResponseGroup {
    OffsetFetchResponseGroup::default().with_group_id(group.group_id.clone()).with_error_code(code.code())
}

pub(super) fn description_refused(id: &GroupId, code: Code) -> DescribedGroup {
    DescribedGroup::default().with_group_id(id.clone()).with_error_code(code.code()).with_error_message(None)
}

pub(super) fn deletion_refused(id: &GroupId) -> DeletableGroupResult {
    DeletableGroupResult::default().with_group_id(id.clone()).with_error_code(Code::NotCoordinator.code())
}
