//! What a broker answers that does not coordinate a group.

use kafka_protocol::messages::delete_groups_response::DeletableGroupResult;
use kafka_protocol::messages::describe_groups_response::DescribedGroup;
use kafka_protocol::messages::offset_commit_request::OffsetCommitRequestPartition;
use kafka_protocol::messages::offset_commit_response::{OffsetCommitResponsePartition, OffsetCommitResponseTopic};
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponseTopic,
};
use kafka_protocol::messages::{
    DeleteGroupsResponse, GroupId, HeartbeatResponse, JoinGroupRequest, JoinGroupResponse, LeaveGroupResponse,
    OffsetCommitRequest, OffsetCommitResponse, OffsetDeleteResponse, OffsetFetchRequest, OffsetFetchResponse,
    SyncGroupResponse,
};
use kafka_protocol::protocol::StrBytes;

use crate::coordinator::runtime::operation_error;
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
        Request::OffsetFetch(request) => request.groups.first().map_or(&request.group_id, |group| &group.group_id),
        Request::OffsetDelete(request) => &request.group_id,
        Request::DeleteGroups(request) => request.groups_names.first().map_or("", |id| id.as_str()),
        other => panic!("{} is not about one group", other.api().name()),
    }
}

/// The answer to a request about one group, with nothing but the error. Membership of a group without a name is
/// `INVALID_GROUP_ID` before anything else.
pub(super) fn refused(request: &Request, version: i16, code: Code) -> Response {
    let code = answered(request, code);
    let member_code = if group_of(request).is_empty() { Code::InvalidGroupId } else { code };
    match request {
        Request::JoinGroup(request) => join_refused(request, version, member_code),
        Request::SyncGroup(_) => SyncGroupResponse::default()
            .with_error_code(member_code.code())
            .with_protocol_type(None)
            .with_protocol_name(None)
            .into(),
        Request::Heartbeat(_) => HeartbeatResponse::default().with_error_code(member_code.code()).into(),
        Request::LeaveGroup(_) => LeaveGroupResponse::default().with_error_code(member_code.code()).into(),
        Request::OffsetCommit(request) => commit_refused(request, code),
        Request::OffsetFetch(request) => fetch_refused(request, version, code),
        Request::OffsetDelete(_) => OffsetDeleteResponse::default().with_error_code(code.code()).into(),
        Request::DeleteGroups(request) => {
            let refuse =
                |id: &GroupId| DeletableGroupResult::default().with_group_id(id.clone()).with_error_code(code.code());
            let results = request.groups_names.iter().map(refuse).collect();
            DeleteGroupsResponse::default().with_results(results).into()
        }
        other => panic!("{} is not about one group", other.api().name()),
    }
}

/// What each API makes of an error of the runtime or of the log. While groups are loaded a heartbeat is answered well; who
/// fetches offsets is sent to look the coordinator up again, since older consumers know no other error that they retry.
fn answered(request: &Request, code: Code) -> Code {
    match (request, code) {
        (Request::Heartbeat(_), Code::CoordinatorLoadInProgress) => Code::None,
        (Request::OffsetFetch(_), Code::UnknownTopicOrPartition | Code::NotEnoughReplicas | Code::RequestTimedOut) => {
            Code::NotCoordinator
        }
        (_, code) => operation_error(code),
    }
}

fn join_refused(request: &JoinGroupRequest, version: i16, code: Code) -> Response {
    let member_id = if code == Code::InvalidGroupId { request.member_id.clone() } else { StrBytes::default() };
    JoinGroupResponse::default()
        .with_error_code(code.code())
        .with_generation_id(-1)
        .with_protocol_type(None)
        // Versions before 7 have no null for it.
        .with_protocol_name((version < 7).then(StrBytes::default))
        .with_member_id(member_id)
        .into()
}

fn commit_refused(request: &OffsetCommitRequest, code: Code) -> Response {
    let refuse = |partition: &OffsetCommitRequestPartition| {
        OffsetCommitResponsePartition::default()
            .with_partition_index(partition.partition_index)
            .with_error_code(code.code())
    };
    let topics = request.topics.iter().map(|topic| {
        OffsetCommitResponseTopic::default()
            .with_name(topic.name.clone())
            .with_topic_id(topic.topic_id)
            .with_partitions(topic.partitions.iter().map(refuse).collect())
    });
    OffsetCommitResponse::default().with_topics(topics.collect()).into()
}

fn fetch_refused(request: &OffsetFetchRequest, version: i16, code: Code) -> Response {
    if version >= 8 {
        let groups = request.groups.iter().map(|group| {
            OffsetFetchResponseGroup::default().with_group_id(group.group_id.clone()).with_error_code(code.code())
        });
        return OffsetFetchResponse::default().with_groups(groups.collect()).into();
    }
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

pub(super) fn description_refused(id: &GroupId, code: Code) -> DescribedGroup {
    DescribedGroup::default().with_group_id(id.clone()).with_error_code(code.code()).with_error_message(None)
}
