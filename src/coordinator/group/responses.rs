//! Answers, in the version that the asker speaks.

use bytes::Bytes;
use kafka_protocol::messages::join_group_response::JoinGroupResponseMember;
use kafka_protocol::messages::{JoinGroupResponse, SyncGroupResponse};
use kafka_protocol::protocol::StrBytes;

use super::classic::ClassicGroup;
use crate::error::Code;

pub(super) fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_string())
}

/// `JoinGroupResponse(data, version)`: versions before 7 have no null for the protocol.
fn protocol(version: i16, protocol: Option<&str>) -> Option<StrBytes> {
    match protocol {
        None if version < 7 => Some(StrBytes::default()),
        protocol => protocol.map(text),
    }
}

pub(super) fn join_error(version: i16, member_id: &str, code: Code) -> JoinGroupResponse {
    JoinGroupResponse::default()
        .with_error_code(code.code())
        .with_generation_id(-1)
        .with_protocol_type(None)
        .with_protocol_name(protocol(version, None))
        .with_member_id(text(member_id))
}

/// The current generation; `with_members`: the list that a leader needs.
pub(super) fn joined(group: &ClassicGroup, version: i16, member_id: &str, with_members: bool) -> JoinGroupResponse {
    let chosen = group.protocol.as_deref();
    let members = group.members.values().map(|member| {
        JoinGroupResponseMember::default()
            .with_member_id(text(&member.member_id))
            .with_group_instance_id(member.instance_id.as_deref().map(text))
            .with_metadata(member.metadata(chosen.unwrap_or_default()))
    });
    JoinGroupResponse::default()
        .with_generation_id(group.generation)
        .with_protocol_type(group.protocol_type.as_deref().map(text))
        .with_protocol_name(protocol(version, chosen))
        .with_leader(text(group.leader.as_deref().unwrap_or_default()))
        .with_member_id(text(member_id))
        .with_members(if with_members { members.collect() } else { Vec::new() })
}

pub(super) fn sync_error(code: Code) -> SyncGroupResponse {
    SyncGroupResponse::default().with_error_code(code.code()).with_protocol_type(None).with_protocol_name(None)
}

pub(super) fn synced(group: &ClassicGroup, assignment: &Bytes) -> SyncGroupResponse {
    SyncGroupResponse::default()
        .with_protocol_type(group.protocol_type.as_deref().map(text))
        .with_protocol_name(group.protocol.as_deref().map(text))
        .with_assignment(assignment.clone())
}
