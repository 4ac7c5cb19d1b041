//! `DescribeGroups` (15), versions 0 to 6, and `ListGroups` (16), versions 0 to 5.

use kafka_protocol::messages::describe_groups_response::{DescribedGroup, DescribedGroupMember};
use kafka_protocol::messages::list_groups_response::ListedGroup;
use kafka_protocol::messages::{
    DescribeGroupsRequest, DescribeGroupsResponse, GroupId, ListGroupsRequest, ListGroupsResponse,
};

use super::classic::{ClassicGroup, ClassicGroupMember};
use super::read::CommittedGroups;
use super::responses::text;
use crate::error::Code;
use crate::event::GroupState;

/// From here on an unknown group is an error (KIP-1043), before a group in state Dead.
const FIRST_WITH_GROUP_ID_NOT_FOUND: i16 = 6;
const FIRST_LIST_WITH_STATE: i16 = 4;
const FIRST_LIST_WITH_TYPE: i16 = 5;
/// The type of every group that is built.
const CLASSIC: &str = "classic";

impl CommittedGroups<'_> {
    pub(super) fn describe_groups(&self, version: i16, body: &DescribeGroupsRequest) -> DescribeGroupsResponse {
        let groups = body.groups.iter().map(|id| self.describe_group(version, id));
        DescribeGroupsResponse::default().with_groups(groups.collect())
    }

    /// One group of a `DescribeGroups` request, for a broker that asks several coordinators. Of a group that is
    /// committed it says what lives in memory only as it is now, as Kafka does.
    pub fn describe_group(&self, version: i16, id: &GroupId) -> DescribedGroup {
        let described = DescribedGroup::default().with_group_id(id.clone()).with_error_message(None);
        let Some(group) = self.classic(id.as_str()) else {
            let described = described.with_group_state(text(GroupState::Dead.name()));
            return match version >= FIRST_WITH_GROUP_ID_NOT_FOUND {
                true => described
                    .with_error_code(Code::GroupIdNotFound.code())
                    .with_error_message(Some(text(&format!("Group {} not found.", id.as_str())))),
                false => described,
            };
        };
        let stable = group.is_in(GroupState::Stable);
        let protocol = group.protocol.as_deref().filter(|_| stable);
        described
            .with_group_state(text(group.state.name()))
            .with_protocol_type(text(group.protocol_type.as_deref().unwrap_or_default()))
            .with_protocol_data(text(protocol.unwrap_or_default()))
            .with_members(group.members.values().map(|member| described_member(member, protocol)).collect())
    }

    pub fn list_groups(&self, version: i16, body: &ListGroupsRequest) -> ListGroupsResponse {
        let wanted = |filter: &[kafka_protocol::protocol::StrBytes], name: &str| {
            filter.is_empty() || filter.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
        };
        let groups = self
            .all()
            .filter(|group| wanted(&body.states_filter, group.state.name()))
            .filter(|_| wanted(&body.types_filter, CLASSIC))
            .map(|group| listed(version, group));
        ListGroupsResponse::default().with_groups(groups.collect())
    }
}

/// Without the metadata of its subscription while no protocol is settled (`describeNoMetadata`).
fn described_member(member: &ClassicGroupMember, protocol: Option<&str>) -> DescribedGroupMember {
    DescribedGroupMember::default()
        .with_member_id(text(&member.member_id))
        .with_group_instance_id(member.instance_id.as_deref().map(text))
        .with_client_id(text(&member.client_id))
        .with_client_host(text(&member.client_host))
        .with_member_metadata(protocol.map(|protocol| member.metadata(protocol)).unwrap_or_default())
        .with_member_assignment(member.assignment.clone())
}

fn listed(version: i16, group: &ClassicGroup) -> ListedGroup {
    let from = |first: i16, words: &str| if version >= first { text(words) } else { text("") };
    ListedGroup::default()
        .with_group_id(GroupId(text(&group.id)))
        .with_protocol_type(text(group.protocol_type.as_deref().unwrap_or_default()))
        .with_group_state(from(FIRST_LIST_WITH_STATE, group.state.name()))
        .with_group_type(from(FIRST_LIST_WITH_TYPE, CLASSIC))
}
