//! `JoinGroup` (11), versions 0 to 9 (`GroupMetadataManager.classicGroupJoinToClassicGroup`).
//!
//! From version 4 on a dynamic member first gets `MEMBER_ID_REQUIRED` and its id (KIP-394). A static member (KIP-345)
//! is known by its instance id: a join without a member id replaces it, without a rebalance when the group is stable
//! and its protocol stays. Simplified: groups of the consumer protocol (KIP-848) do not exist.

use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::JoinGroupRequest;

use super::GroupCoordinator;
use super::classic::{ClassicGroup, ClassicGroupMember, HeldRequest, Protocols};
use super::output::{AfterAppend, CoordinatorOutput, CoordinatorRequest, GroupEventKind, Replaced};
use super::responses::{join_error, joined};
use super::turn::GroupTurn;
use crate::coordinator::runtime::operation_error;
use crate::error::Code;
use crate::event::{GroupState, MemberGone};
use crate::time::Now;

/// `JoinGroupRequest.requiresKnownMemberId`: KIP-394.
const FIRST_WITH_REQUIRED_MEMBER_ID: i16 = 4;
/// `JoinGroupRequest.supportsSkippingAssignment`: KIP-814.
const FIRST_WITH_SKIPPED_ASSIGNMENT: i16 = 9;

/// Bytes that a text of a message may have.
const MOST_BYTES: usize = 32_767;
/// Bytes of a hyphen and a UUID.
const UUID_LENGTH: usize = 37;

impl GroupCoordinator {
    pub(super) fn join_group(
        &mut self,
        now: Now,
        request: &CoordinatorRequest,
        body: &JoinGroupRequest,
        out: &mut CoordinatorOutput,
    ) {
        let join = Join::new(request, body);
        let session = body.session_timeout_ms;
        let refused = if body.group_id.is_empty() {
            Some(Code::InvalidGroupId)
        } else if session < self.config.min_session_timeout_ms || session > self.config.max_session_timeout_ms {
            Some(Code::InvalidSessionTimeout)
        } else if !self.groups.contains_key(body.group_id.as_str()) && !join.member_id.is_empty() {
            Some(Code::UnknownMemberId)
        } else if request.client_id.len() + UUID_LENGTH > MOST_BYTES {
            // The member's id begins with it, and no answer can carry one that long.
            Some(Code::UnknownServerError)
        } else {
            None
        };
        if let Some(code) = refused {
            return out.reply(request.token, join_error(request.version, &join.member_id, code));
        }
        let id: Arc<str> = body.group_id.as_str().into();
        let is_new = !self.groups.contains_key(&id);
        self.ensure_group(&id, now);
        let mut turn = self.turn(now, &id, out).expect("it was made just now");
        let before = turn.out.records.len();
        turn.join(&join);
        if is_new && turn.out.records.len() == before {
            // A group leaves a trace in the log from the first: generation 0, no members.
            let record = turn.group.empty_record();
            turn.append(record);
            // Who was given its id has its answer, whatever becomes of the record.
            let is_answered = turn.out.replies.iter().any(|(token, _)| *token == request.token);
            if !is_answered {
                let (token, version) = (request.token, request.version);
                turn.out.then = Some(AfterAppend::NewGroup { group: id.clone(), token, version });
            }
        }
    }
}

/// A `JoinGroup` request, in our types.
struct Join<'a> {
    request: &'a CoordinatorRequest<'a>,
    member_id: Arc<str>,
    instance_id: Option<Arc<str>>,
    session_timeout_ms: i32,
    rebalance_timeout_ms: i32,
    protocol_type: Arc<str>,
    protocols: Protocols,
}

impl<'a> Join<'a> {
    fn new(request: &'a CoordinatorRequest<'a>, body: &JoinGroupRequest) -> Join<'a> {
        let protocols = body.protocols.iter().map(|p| (Arc::from(p.name.as_str()), p.metadata.clone()));
        Join {
            request,
            member_id: body.member_id.as_str().into(),
            instance_id: body.group_instance_id.as_ref().map(|id| id.as_str().into()),
            session_timeout_ms: body.session_timeout_ms,
            // `JoinGroupRequest.maybeOverrideRebalanceTimeout`: version 0 has none.
            rebalance_timeout_ms: match request.version {
                0 => body.session_timeout_ms,
                _ => body.rebalance_timeout_ms,
            },
            protocol_type: body.protocol_type.as_str().into(),
            protocols: protocols.collect(),
        }
    }

    fn parked(&self) -> HeldRequest {
        HeldRequest { token: self.request.token, version: self.request.version, is_answered: false }
    }
}

impl GroupTurn<'_> {
    fn join(&mut self, join: &Join) {
        if !self.accept_joining_member(&join.member_id) {
            self.group.remove(&join.member_id);
            return self.refuse_join(join, "", Code::GroupMaxSizeReached);
        }
        if self.group.is_in(GroupState::Dead) {
            return self.refuse_join(join, &join.member_id, Code::CoordinatorNotAvailable);
        }
        if !self.group.supports_protocols(&join.protocol_type, &join.protocols) {
            return self.refuse_join(join, &join.member_id, Code::InconsistentGroupProtocol);
        }
        if join.member_id.is_empty() { self.join_new_member(join) } else { self.join_existing_member(join) }
    }

    fn refuse_join(&mut self, join: &Join, member_id: &str, code: Code) {
        self.out.reply(join.request.token, join_error(join.request.version, member_id, code));
    }

    /// `acceptJoiningMember`: `group.max.size`. While members rejoin, the first ones to come have the places.
    fn accept_joining_member(&self, member_id: &str) -> bool {
        let most = usize::try_from(self.config.max_size).unwrap_or(0);
        let known = self.group.members.get(member_id);
        match self.group.state {
            GroupState::Empty | GroupState::Dead => true,
            GroupState::PreparingRebalance => {
                known.is_some_and(|member| member.awaiting_join.is_some()) || self.group.awaiting_join() < most
            }
            GroupState::CompletingRebalance | GroupState::Stable => known.is_some() || self.group.members.len() < most,
        }
    }

    fn join_new_member(&mut self, join: &Join) {
        let prefix = join.instance_id.as_deref().unwrap_or(join.request.client_id);
        let member_id: Arc<str> = format!("{prefix}-{}", random_uuid(join.request.draw)).into();
        if let Some(instance_id) = &join.instance_id {
            match self.group.static_members.get(instance_id).cloned() {
                Some(old) => self.replace_static_member(join, &old, &member_id),
                None => self.add_member(join, &member_id),
            }
        } else if join.request.version >= FIRST_WITH_REQUIRED_MEMBER_ID {
            self.group.pending_join.insert(member_id.clone());
            self.schedule_session(&member_id, u64::try_from(join.session_timeout_ms).unwrap_or(0));
            self.note(GroupEventKind::MemberIdGiven { client: join.request.client });
            self.refuse_join(join, &member_id, Code::MemberIdRequired);
        } else {
            self.add_member(join, &member_id);
        }
    }

    fn join_existing_member(&mut self, join: &Join) {
        let member_id = &join.member_id;
        if self.group.pending_join.contains(member_id) {
            return self.add_member(join, member_id);
        }
        if let Err(code) = self.group.validate_member(member_id, join.instance_id.as_deref()) {
            return self.refuse_join(join, member_id, code);
        }
        let member = self.group.members.get(member_id).expect("it was validated");
        let unchanged = member.protocols == join.protocols;
        let leads = self.group.is_leader(member_id);
        let rebalances = match self.group.state {
            GroupState::PreparingRebalance => true,
            // Unchanged: it may have missed the answer.
            GroupState::CompletingRebalance => !unchanged,
            // A leader that joins again wants a new assignment, of topics that changed for example.
            GroupState::Stable => leads || !unchanged,
            GroupState::Empty | GroupState::Dead => {
                return self.refuse_join(join, member_id, Code::UnknownMemberId);
            }
        };
        if rebalances {
            self.update_member(join, member_id);
            self.note(GroupEventKind::MemberJoined { client: join.request.client, members: self.members() });
            return self.maybe_prepare_rebalance_or_complete_join();
        }
        let response = joined(self.group, join.request.version, member_id, leads);
        self.out.reply(join.request.token, response);
    }

    /// `addMemberThenRebalanceOrCompleteJoin`. A new member cannot send heartbeats before it knows its id: five minutes
    /// take the place of its session timeout.
    fn add_member(&mut self, join: &Join, member_id: &Arc<str>) {
        if self.group.is_in(GroupState::PreparingRebalance) && self.group.previous_state == GroupState::Empty {
            self.group.new_member_added = true;
        }
        self.group.add(ClassicGroupMember {
            member_id: member_id.clone(),
            instance_id: join.instance_id.clone(),
            client: Some(join.request.client),
            client_id: join.request.client_id.into(),
            client_host: join.request.client_host.into(),
            rebalance_timeout_ms: join.rebalance_timeout_ms,
            session_timeout_ms: join.session_timeout_ms,
            protocol_type: join.protocol_type.clone(),
            protocols: join.protocols.clone(),
            assignment: Bytes::new(),
            awaiting_join: Some(join.parked()),
            awaiting_sync: None,
            is_new: true,
        });
        self.schedule_session(member_id, self.config.new_member_join_timeout_ms);
        self.note(GroupEventKind::MemberJoined { client: join.request.client, members: self.members() });
        self.maybe_prepare_rebalance_or_complete_join();
    }

    /// `ClassicGroup.updateMember`: an older held `JoinGroup` of the member is forgotten unanswered, as in Kafka.
    fn update_member(&mut self, join: &Join, member_id: &str) {
        let member = self.group.member_mut(member_id);
        member.client = Some(join.request.client);
        member.protocols = join.protocols.clone();
        member.rebalance_timeout_ms = join.rebalance_timeout_ms;
        member.session_timeout_ms = join.session_timeout_ms;
        member.awaiting_join = Some(join.parked());
    }

    /// `updateStaticMemberThenRebalanceOrCompleteJoin`.
    fn replace_static_member(&mut self, join: &Join, old: &Arc<str>, new: &Arc<str>) {
        let old_leader = self.group.leader.clone();
        let was = self.group.members.get(old).expect("the instance id is known").clone();
        self.take_the_place_of(old, new);
        self.renew_session(new);
        self.update_member(join, new);
        let stays = self.group.is_in(GroupState::Stable)
            && self.group.protocol.as_deref() == Some(&*self.group.select_protocol());
        if !stays {
            return self.maybe_prepare_rebalance_or_complete_join();
        }
        let record = self.group.metadata_record(|member| member.assignment.clone());
        self.append(record);
        let replaced = Replaced { old: was, old_leader, new: new.clone(), version: join.request.version };
        self.out.then = Some(AfterAppend::ReplacedStatic { group: self.group.id.clone(), replaced });
    }

    /// What becomes of a static member that came back once its record is committed. When it is not, the old one is in its
    /// place again, with its old protocols and timeouts, and the new one is told nothing but the generation.
    pub fn static_member_replaced(&mut self, replaced: Replaced, result: Result<(), Code>) {
        let Replaced { mut old, old_leader, new, version } = replaced;
        let Err(code) = result else {
            self.group.is_logged = true;
            self.answer_join(&new, |group, version| replaced_response(group, version, &new, old_leader.as_deref()));
            return;
        };
        let (leader, code) = (old_leader.as_deref(), operation_error(code));
        self.answer_join(&new, |group, _| not_replaced_response(group, version, leader, code));
        let Some(instance_id) = old.instance_id.clone() else { return };
        if self.group.static_members.get(&instance_id) != Some(&new) {
            // Another one has come back since.
            return;
        }
        self.group.members.remove(&new);
        (old.awaiting_join, old.awaiting_sync) = (None, None);
        let id = old.member_id.clone();
        self.group.members.insert(id.clone(), old);
        self.group.static_members.insert(instance_id, id.clone());
        if self.group.is_leader(&new) {
            self.group.leader = Some(id.clone());
        }
        // The record that is late is in the log all the same.
        self.group.is_logged = result != Err(Code::RequestTimedOut);
        self.renew_session(&id);
    }

    /// `ClassicGroup.replaceStaticMember`: whoever waits under the old id is fenced.
    fn take_the_place_of(&mut self, old: &Arc<str>, new: &Arc<str>) {
        self.answer_join(old, |_, version| join_error(version, old, Code::FencedInstanceId));
        self.answer_sync(old, super::responses::sync_error(Code::FencedInstanceId));
        let client = self.client_of(old);
        let mut member = self.group.members.remove(old).expect("the instance id is known");
        member.member_id = new.clone();
        member.is_new = false;
        let instance_id = member.instance_id.clone().expect("only static members are replaced");
        self.group.members.insert(new.clone(), member);
        self.group.static_members.insert(instance_id, new.clone());
        if self.group.is_leader(old) {
            self.group.leader = Some(new.clone());
        }
        self.note(GroupEventKind::MemberRemoved { client, why: MemberGone::Replaced, members: self.members() });
    }
}

/// The answer without a rebalance. From version 9 on a leader is told to skip the assignment; older ones are told that
/// the old member id leads, so that they do not assign either.
fn replaced_response(
    group: &ClassicGroup,
    version: i16,
    member_id: &str,
    old_leader: Option<&str>,
) -> kafka_protocol::messages::JoinGroupResponse {
    let skips = version >= FIRST_WITH_SKIPPED_ASSIGNMENT && group.is_leader(member_id);
    let response = joined(group, version, member_id, skips).with_skip_assignment(skips);
    match version >= FIRST_WITH_SKIPPED_ASSIGNMENT {
        true => response,
        false => response.with_leader(super::responses::text(old_leader.unwrap_or_default())),
    }
}

fn not_replaced_response(
    group: &ClassicGroup,
    version: i16,
    leader: Option<&str>,
    code: Code,
) -> kafka_protocol::messages::JoinGroupResponse {
    joined(group, version, "", false)
        .with_leader(super::responses::text(leader.unwrap_or_default()))
        .with_error_code(code.code())
}

/// `java.util.UUID.randomUUID().toString()` of these bits: version 4, variant 2.
fn random_uuid(draw: [u64; 2]) -> String {
    let high = draw[0] & !0xf000 | 0x4000;
    let low = draw[1] & !(0b11 << 62) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_uuid_is_of_version_four() {
        assert_eq!(super::random_uuid([0, 0]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(super::random_uuid([u64::MAX; 2]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
