//! What others may see of a coordinator: plain data.

use std::sync::Arc;

use super::classic::{ClassicGroup, ClassicGroupMember};
use super::durable::OffsetsOfGroup;
use super::timers::TimerKey;
use super::{Durable, GroupCoordinator, GroupSnapshot};
use crate::consumer_protocol::{Assignment, Subscription};
use crate::event::GroupState;
use crate::ids::{ClientId, TopicPartition};
use crate::time::Instant;

/// A group as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    pub id: Arc<str>,
    pub state: GroupState,
    pub generation: i32,
    pub protocol_type: Option<Arc<str>>,
    /// The chosen assignor; `None` while none is settled.
    pub protocol: Option<Arc<str>>,
    /// A member id.
    pub leader: Option<Arc<str>>,
    /// In Kafka's order.
    pub members: Vec<MemberView>,
    /// How many member ids were given out and not used yet.
    pub pending_members: u32,
    /// When the join phase ends at the latest.
    pub join_deadline: Option<Instant>,
    /// When members that have not sent `SyncGroup` are removed.
    pub sync_deadline: Option<Instant>,
    /// Whether the log has what the group is at rest: not when the record of it was refused.
    pub is_logged: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    pub member_id: Arc<str>,
    pub instance_id: Option<Arc<str>>,
    /// Whose connection its last request came from; `None` since the group was loaded from the log.
    pub client: Option<ClientId>,
    pub client_id: Arc<str>,
    pub client_host: Arc<str>,
    /// The topics of its subscription; empty when it cannot be read.
    pub topics: Vec<Arc<str>>,
    pub assignment: Vec<TopicPartition>,
    pub session_timeout_ms: i32,
    pub rebalance_timeout_ms: i32,
    pub session_deadline: Option<Instant>,
    /// Its `JoinGroup` is held.
    pub joining: bool,
    /// Its `SyncGroup` is held.
    pub syncing: bool,
}

/// What a coordinator tells those who only read: what is committed.
#[derive(Clone, Copy, Debug)]
pub struct CommittedGroups<'a> {
    coordinator: &'a GroupCoordinator,
    before: Option<&'a GroupSnapshot>,
}

impl<'a> CommittedGroups<'a> {
    pub(super) fn durable(&self) -> &'a Durable {
        self.before.map_or(&self.coordinator.durable, |before| &before.durable)
    }

    /// A group that is committed.
    pub(super) fn classic(&self, id: &str) -> Option<&'a ClassicGroup> {
        let Some(before) = self.before else { return self.coordinator.classic(id) };
        let known = before.groups.get(id).map(|group| group.classic());
        // While a coordinator is loaded it has no groups yet, but the records that make them.
        if known.is_none() && !before.durable.knows(id) {
            return None;
        }
        self.coordinator.classic(id).or(known)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &'a ClassicGroup> + use<'a> {
        let this = *self;
        let ids = this.coordinator.groups.keys();
        // Those whose end is not committed yet.
        let gone = this.before.into_iter().flat_map(|before| before.groups.keys());
        let gone = gone.filter(move |id| !this.coordinator.groups.contains_key(*id));
        ids.chain(gone).filter_map(move |id| this.classic(id))
    }
}

impl GroupCoordinator {
    /// For those who only read; `before`: what was known before the first batch that is not committed.
    pub fn committed<'a>(&'a self, before: Option<&'a GroupSnapshot>) -> CommittedGroups<'a> {
        CommittedGroups { coordinator: self, before }
    }

    /// The groups, in order of name.
    pub fn group_ids(&self) -> impl Iterator<Item = &Arc<str>> {
        self.groups.keys()
    }

    pub fn group(&self, id: &str) -> Option<GroupView> {
        let group = self.classic(id)?;
        let members = group.members.values().map(|member| self.member_view(group, member));
        Some(GroupView {
            id: group.id.clone(),
            state: group.state,
            generation: group.generation,
            protocol_type: group.protocol_type.clone(),
            protocol: group.protocol.clone(),
            leader: group.leader.clone(),
            members: members.collect(),
            pending_members: group.pending_join.len() as u32,
            join_deadline: self.timers.deadline(&TimerKey::Join { group: group.id.clone() }),
            sync_deadline: self.timers.deadline(&TimerKey::Sync { group: group.id.clone() }),
            is_logged: group.is_logged,
        })
    }

    /// The committed offsets of a group; `None` when it has none.
    pub fn offsets(&self, id: &str) -> Option<&OffsetsOfGroup> {
        self.durable.offsets(id)
    }

    pub(super) fn classic(&self, id: &str) -> Option<&ClassicGroup> {
        Some(self.groups.get(id)?.classic())
    }

    fn member_view(&self, group: &ClassicGroup, member: &ClassicGroupMember) -> MemberView {
        let preferred = member.protocols.first().map(|(name, _)| name);
        let protocol = group.protocol.as_ref().or(preferred).cloned().unwrap_or_default();
        let subscription = Subscription::from_bytes(&member.metadata(&protocol)).unwrap_or_default();
        let assignment = Assignment::from_bytes(&member.assignment).unwrap_or_default();
        MemberView {
            member_id: member.member_id.clone(),
            instance_id: member.instance_id.clone(),
            client: member.client,
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            topics: subscription.topics,
            assignment: assignment.partitions,
            session_timeout_ms: member.session_timeout_ms,
            rebalance_timeout_ms: member.rebalance_timeout_ms,
            session_deadline: self.timers.deadline(&TimerKey::session(&group.id, &member.member_id)),
            joining: member.awaiting_join.is_some(),
            syncing: member.awaiting_sync.is_some(),
        }
    }
}
