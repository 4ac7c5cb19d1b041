//! One classic group (`ClassicGroup`): its members and the rules about them. What it decides for others is in the
//! files of the requests.

use std::sync::Arc;

use bytes::Bytes;

use super::record::{GroupMetadataValue, GroupRecord, MemberMetadata};
use crate::consumer_protocol::{PROTOCOL_TYPE, Subscription};
use crate::coordinator::runtime::RequestToken;
use crate::error::Code;
use crate::event::GroupState;
use crate::ids::ClientId;
use crate::java::JavaHashMap;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Now;

/// A request that is held: whom to answer, and in which version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct HeldRequest {
    pub token: RequestToken,
    pub version: i16,
    /// It was given an error meanwhile; the member counts as one who waits all the same.
    pub is_answered: bool,
}

/// A member's protocols in its order of preference: name and metadata.
pub(super) type Protocols = Arc<[(Arc<str>, Bytes)]>;

/// `ClassicGroupMember`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ClassicGroupMember {
    pub member_id: Arc<str>,
    pub instance_id: Option<Arc<str>>,
    /// Whose connection its last request came from; `None` since the group was loaded.
    pub client: Option<ClientId>,
    pub client_id: Arc<str>,
    pub client_host: Arc<str>,
    pub rebalance_timeout_ms: i32,
    pub session_timeout_ms: i32,
    pub protocol_type: Arc<str>,
    pub protocols: Protocols,
    pub assignment: Bytes,
    pub awaiting_join: Option<HeldRequest>,
    pub awaiting_sync: Option<HeldRequest>,
    /// Its first `JoinGroup` is not answered yet: it does not know its id and cannot send heartbeats.
    pub is_new: bool,
}

impl ClassicGroupMember {
    /// The metadata of a protocol; empty when the member does not support it.
    pub fn metadata(&self, protocol: &str) -> Bytes {
        let found = self.protocols.iter().find(|(name, _)| &**name == protocol);
        found.map(|(_, metadata)| metadata.clone()).unwrap_or_default()
    }

    fn supports(&self, protocol: &str) -> bool {
        self.protocols.iter().any(|(name, _)| &**name == protocol)
    }

    /// Members that wait for the others need no heartbeat, unless they are new.
    pub const fn has_satisfied_heartbeat(&self) -> bool {
        !self.is_new && (self.awaiting_join.is_some() || self.awaiting_sync.is_some())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ClassicGroup {
    pub id: Arc<str>,
    pub state: GroupState,
    pub previous_state: GroupState,
    /// Milliseconds since 1970.
    pub state_timestamp: Option<i64>,
    pub protocol_type: Option<Arc<str>>,
    pub protocol: Option<Arc<str>>,
    pub generation: i32,
    pub leader: Option<Arc<str>>,
    /// In Java's order: it decides who leads after the leader left, and the order of the `JoinGroup` response.
    pub members: JavaHashMap<Arc<str>, ClassicGroupMember>,
    /// Instance id to member id.
    pub static_members: SortedMap<Arc<str>, Arc<str>>,
    /// Member ids that were given out with `MEMBER_ID_REQUIRED` and not used yet.
    pub pending_join: SortedSet<Arc<str>>,
    /// Members whose `SyncGroup` is still missing in this generation.
    pub pending_sync: SortedSet<Arc<str>>,
    /// A member was added while the first rebalance waited.
    pub new_member_added: bool,
    /// What the members of the current generation subscribe to, as of its beginning: who has joined since does not
    /// count yet. `None`: not a group of consumers, or a subscription cannot be read.
    pub subscribed_topics: Option<SortedSet<Arc<str>>>,
    /// Whether the log has what the group is at rest: not when the record of it was refused, until another is written.
    pub is_logged: bool,
}

impl ClassicGroup {
    pub fn new(id: &Arc<str>, now: Now) -> ClassicGroup {
        ClassicGroup {
            id: id.clone(),
            state: GroupState::Empty,
            previous_state: GroupState::Dead,
            state_timestamp: Some(now.wall_ms()),
            protocol_type: None,
            protocol: None,
            generation: 0,
            leader: None,
            members: JavaHashMap::new(),
            static_members: SortedMap::new(),
            pending_join: SortedSet::new(),
            pending_sync: SortedSet::new(),
            new_member_added: false,
            subscribed_topics: None,
            is_logged: true,
        }
    }

    /// What `GroupMetadataManager.replay` makes of a `GroupMetadata` record: Stable with its members, or Empty.
    pub fn from_record(id: &Arc<str>, value: &GroupMetadataValue, now: Now) -> ClassicGroup {
        let mut group = ClassicGroup::new(id, now);
        group.state = if value.members.is_empty() { GroupState::Empty } else { GroupState::Stable };
        group.state_timestamp = (value.current_state_timestamp != -1).then_some(value.current_state_timestamp);
        group.protocol_type = Some(value.protocol_type.clone()).filter(|kind| !kind.is_empty());
        group.protocol = value.protocol.clone();
        group.generation = value.generation;
        group.leader = value.leader.clone();
        for member in &value.members {
            let name = value.protocol.clone().unwrap_or_default();
            let rebalance_timeout_ms = match member.rebalance_timeout_ms {
                -1 => member.session_timeout_ms,
                timeout => timeout,
            };
            group.add(ClassicGroupMember {
                member_id: member.member_id.clone(),
                instance_id: member.instance_id.clone(),
                client: None,
                client_id: member.client_id.clone(),
                client_host: member.client_host.clone(),
                rebalance_timeout_ms,
                session_timeout_ms: member.session_timeout_ms,
                protocol_type: value.protocol_type.clone(),
                protocols: Arc::new([(name, member.subscription.clone())]),
                assignment: member.assignment.clone(),
                awaiting_join: None,
                awaiting_sync: None,
                is_new: false,
            });
        }
        group.subscribed_topics = group.compute_subscribed_topics();
        group
    }

    pub fn is_in(&self, state: GroupState) -> bool {
        self.state == state
    }

    pub fn is_leader(&self, member_id: &str) -> bool {
        self.leader.as_deref() == Some(member_id)
    }

    pub fn has_member(&self, member_id: &str) -> bool {
        self.members.contains_key(member_id)
    }

    pub fn member_mut(&mut self, member_id: &str) -> &mut ClassicGroupMember {
        self.members.get_mut(member_id).expect("the member was looked up before")
    }

    /// The ids of all members, in Java's order.
    pub fn member_ids(&self) -> Vec<Arc<str>> {
        self.members.keys().cloned().collect()
    }

    pub fn awaiting_join(&self) -> usize {
        self.members.values().filter(|member| member.awaiting_join.is_some()).count()
    }

    /// `hasAllMembersJoined`: an id that was given out and not used yet counts as one who has not.
    pub fn has_all_members_joined(&self) -> bool {
        self.awaiting_join() == self.members.len() && self.pending_join.is_empty()
    }

    /// The largest rebalance timeout of the members.
    pub fn rebalance_timeout_ms(&self) -> u64 {
        let longest = self.members.values().map(|member| member.rebalance_timeout_ms).max().unwrap_or(0);
        u64::try_from(longest).unwrap_or(0)
    }

    pub fn can_rebalance(&self) -> bool {
        matches!(self.state, GroupState::Stable | GroupState::CompletingRebalance | GroupState::Empty)
    }

    pub fn transition_to(&mut self, state: GroupState, now: Now) {
        self.previous_state = std::mem::replace(&mut self.state, state);
        self.state_timestamp = Some(now.wall_ms());
    }

    /// `ClassicGroup.add`: the first member gives the group its protocol type and leads it.
    pub fn add(&mut self, member: ClassicGroupMember) {
        if let Some(instance_id) = &member.instance_id {
            let taken = self.static_members.insert(instance_id.clone(), member.member_id.clone());
            assert!(taken.is_none(), "a static member is replaced, not added twice");
        }
        if self.members.is_empty() {
            self.protocol_type = Some(member.protocol_type.clone());
        }
        if self.leader.is_none() {
            self.leader = Some(member.member_id.clone());
        }
        self.pending_join.remove(&member.member_id);
        self.members.insert(member.member_id.clone(), member);
    }

    /// `ClassicGroup.remove`: when the leader goes, the first in Java's order leads.
    pub fn remove(&mut self, member_id: &str) {
        if let Some(instance_id) = self.members.remove(member_id).and_then(|member| member.instance_id) {
            self.static_members.remove(&instance_id);
        }
        if self.is_leader(member_id) {
            self.leader = self.members.keys().next().cloned();
        }
        self.pending_join.remove(member_id);
        self.pending_sync.remove(member_id);
    }

    /// `validateMember`: a known instance id under another member id is fenced.
    pub fn validate_member(&self, member_id: &str, instance_id: Option<&str>) -> Result<(), Code> {
        if let Some(instance_id) = instance_id {
            match self.static_members.get(instance_id) {
                None => return Err(Code::UnknownMemberId),
                Some(known) if &**known != member_id => return Err(Code::FencedInstanceId),
                Some(_) => (),
            }
        }
        if self.has_member(member_id) { Ok(()) } else { Err(Code::UnknownMemberId) }
    }

    /// `supportsProtocols`: the protocol type of the group, and one protocol that every member has.
    pub fn supports_protocols(&self, protocol_type: &str, protocols: &Protocols) -> bool {
        if self.is_in(GroupState::Empty) {
            return !protocol_type.is_empty() && !protocols.is_empty();
        }
        self.protocol_type.as_deref() == Some(protocol_type)
            && protocols.iter().any(|(name, _)| self.members.values().all(|member| member.supports(name)))
    }

    /// `selectProtocol`: each member votes for the first of its protocols that all have; most votes win, and among
    /// equals the first in Java's order.
    pub fn select_protocol(&self) -> Arc<str> {
        let mut votes: JavaHashMap<Arc<str>, u32> = JavaHashMap::new();
        for member in self.members.values() {
            let candidate = member.protocols.iter().map(|(name, _)| name);
            let vote = candidate.clone().find(|name| self.members.values().all(|other| other.supports(name)));
            let vote = vote.expect("members are only taken in with a protocol that all have");
            *votes.get_or_insert_with(vote.clone(), || 0) += 1;
        }
        let mut best: Option<(&Arc<str>, &u32)> = None;
        for entry in votes.iter() {
            if best.is_none_or(|best| entry.1 > best.1) {
                best = Some(entry);
            }
        }
        best.expect("a group without members selects no protocol").0.clone()
    }

    /// `maybeElectNewJoinedLeader`: a leader that has not rejoined makes place for the first member that has.
    pub fn maybe_elect_new_joined_leader(&mut self) -> bool {
        let Some(leader) = self.leader.as_ref().and_then(|leader| self.members.get(leader)) else { return false };
        if leader.awaiting_join.is_some() {
            return true;
        }
        let joined = self.members.values().find(|member| member.awaiting_join.is_some());
        let Some(joined) = joined.map(|member| member.member_id.clone()) else { return false };
        self.leader = Some(joined);
        true
    }

    /// `initNextGeneration`.
    pub fn init_next_generation(&mut self, now: Now) {
        self.generation += 1;
        let occupied = !self.members.is_empty();
        self.protocol = occupied.then(|| self.select_protocol());
        self.subscribed_topics = self.compute_subscribed_topics();
        let next = if occupied { GroupState::CompletingRebalance } else { GroupState::Empty };
        self.transition_to(next, now);
        self.pending_sync.clear();
    }

    /// `computeSubscribedTopics`: `None` when the group is not one of consumers or a subscription cannot be read.
    fn compute_subscribed_topics(&self) -> Option<SortedSet<Arc<str>>> {
        if self.protocol_type.as_deref() != Some(PROTOCOL_TYPE) {
            return None;
        }
        if self.members.is_empty() {
            return Some(SortedSet::new());
        }
        let protocol = self.protocol.as_ref()?;
        let mut topics = SortedSet::new();
        for member in self.members.values() {
            topics.extend(Subscription::from_bytes(&member.metadata(protocol)).ok()?.topics);
        }
        Some(topics)
    }

    /// `newEmptyGroupMetadataRecord`: what a group leaves in the log when it is made.
    pub fn empty_record(&self) -> GroupRecord {
        let value = GroupMetadataValue {
            protocol_type: "".into(),
            generation: 0,
            protocol: None,
            leader: None,
            current_state_timestamp: self.state_timestamp.unwrap_or(-1),
            members: Vec::new(),
        };
        GroupRecord::GroupMetadata { group: self.id.clone(), value: Some(value) }
    }

    /// `newGroupMetadataRecord`, with these assignments; a member without one gets an empty one.
    pub fn metadata_record(&self, assignment: impl Fn(&ClassicGroupMember) -> Bytes) -> GroupRecord {
        let protocol = self.protocol.clone().unwrap_or_default();
        let members = self.members.values().map(|member| MemberMetadata {
            member_id: member.member_id.clone(),
            instance_id: member.instance_id.clone(),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            rebalance_timeout_ms: member.rebalance_timeout_ms,
            session_timeout_ms: member.session_timeout_ms,
            subscription: member.metadata(&protocol),
            assignment: assignment(member),
        });
        let value = GroupMetadataValue {
            protocol_type: self.protocol_type.clone().unwrap_or_default(),
            generation: self.generation,
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            current_state_timestamp: self.state_timestamp.unwrap_or(-1),
            members: members.collect(),
        };
        GroupRecord::GroupMetadata { group: self.id.clone(), value: Some(value) }
    }
}
