//! `SyncGroup` (14), versions 0 to 5 (`GroupMetadataManager.classicGroupSync`).
//!
//! Held until the leader's arrives; that one is written to the log, and everybody is answered when it is committed.

use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::SyncGroupRequest;

use super::GroupCoordinator;
use super::classic::{ClassicGroup, ClassicGroupMember, HeldRequest};
use super::output::{AfterAppend, CoordinatorOutput, CoordinatorRequest, GroupEventKind};
use super::responses::{sync_error, synced};
use super::turn::GroupTurn;
use crate::coordinator::runtime::operation_error;
use crate::error::Code;
use crate::event::GroupState;
use crate::sorted::SortedMap;
use crate::time::Now;

/// `SyncGroupRequest.areMandatoryProtocolTypeAndNamePresent`: KIP-559.
const FIRST_WITH_PROTOCOL: i16 = 5;

impl GroupCoordinator {
    pub(super) fn sync_group(
        &mut self,
        now: Now,
        request: &CoordinatorRequest,
        body: &SyncGroupRequest,
        out: &mut CoordinatorOutput,
    ) {
        let names_missing = body.protocol_type.is_none() || body.protocol_name.is_none();
        let refused = if request.version >= FIRST_WITH_PROTOCOL && names_missing {
            Some(Code::InconsistentGroupProtocol)
        } else if body.group_id.is_empty() {
            Some(Code::InvalidGroupId)
        } else {
            None
        };
        if let Some(code) = refused {
            return out.reply(request.token, sync_error(code));
        }
        match self.turn(now, body.group_id.as_str(), out) {
            Some(mut turn) => turn.sync(request, body),
            None => out.reply(request.token, sync_error(Code::UnknownMemberId)),
        }
    }
}

/// `validateSyncGroup`.
fn validate(group: &ClassicGroup, body: &SyncGroupRequest) -> Result<(), Code> {
    if group.is_in(GroupState::Dead) {
        return Err(Code::CoordinatorNotAvailable);
    }
    let instance_id = body.group_instance_id.as_ref().map(|id| id.as_str());
    group.validate_member(body.member_id.as_str(), instance_id)?;
    if body.generation_id != group.generation {
        return Err(Code::IllegalGeneration);
    }
    let differs = |asked: Option<&str>, has: Option<&str>| asked.is_some() && has.is_some() && asked != has;
    if differs(body.protocol_type.as_ref().map(|p| p.as_str()), group.protocol_type.as_deref())
        || differs(body.protocol_name.as_ref().map(|p| p.as_str()), group.protocol.as_deref())
    {
        return Err(Code::InconsistentGroupProtocol);
    }
    match group.state {
        GroupState::Empty | GroupState::Dead => Err(Code::UnknownMemberId),
        GroupState::PreparingRebalance => Err(Code::RebalanceInProgress),
        GroupState::CompletingRebalance | GroupState::Stable => Ok(()),
    }
}

impl GroupTurn<'_> {
    fn sync(&mut self, request: &CoordinatorRequest, body: &SyncGroupRequest) {
        if let Err(code) = validate(self.group, body) {
            return self.out.reply(request.token, sync_error(code));
        }
        let member_id = body.member_id.as_str();
        let member = self.group.member_mut(member_id);
        member.client = Some(request.client);
        if self.group.is_in(GroupState::Stable) {
            let response = synced(self.group, &self.group.members.get(member_id).expect("validated").assignment);
            self.out.reply(request.token, response);
            return self.remove_pending_sync(member_id);
        }
        member_awaits_sync(self.group, member_id, request);
        self.remove_pending_sync(member_id);
        if self.group.is_leader(member_id) {
            self.store_assignment(body);
        }
    }

    /// The leader's assignment; members that it left out get an empty one.
    fn store_assignment(&mut self, body: &SyncGroupRequest) {
        let given: SortedMap<Arc<str>, Bytes> =
            body.assignments.iter().map(|given| (given.member_id.as_str().into(), given.assignment.clone())).collect();
        let record = self.group.metadata_record(|member| part_of(&given, member));
        self.append(record);
        let (group, generation) = (self.group.id.clone(), self.group.generation);
        self.out.then = Some(AfterAppend::StoreAssignment { group, generation, assignment: given });
    }

    /// Everybody gets their part once the assignment is committed. When it is not, held `SyncGroup`s get the error, and
    /// the group rebalances. Nothing comes of it when the group has gone on meanwhile.
    pub fn assignment_stored(
        &mut self,
        generation: i32,
        assignment: &SortedMap<Arc<str>, Bytes>,
        result: Result<(), Code>,
    ) {
        if !self.group.is_in(GroupState::CompletingRebalance) || self.group.generation != generation {
            return;
        }
        if let Err(code) = result {
            self.reset_assignment_with_error(operation_error(code));
            return self.maybe_prepare_rebalance_or_complete_join();
        }
        self.group.is_logged = true;
        self.note(GroupEventKind::AssignmentStored { generation });
        self.propagate_assignment(|member| part_of(assignment, member));
        self.transition_to(GroupState::Stable);
    }
}

fn part_of(assignment: &SortedMap<Arc<str>, Bytes>, member: &ClassicGroupMember) -> Bytes {
    assignment.get(&member.member_id).cloned().unwrap_or_default()
}

fn member_awaits_sync(group: &mut ClassicGroup, member_id: &str, request: &CoordinatorRequest) {
    let parked = HeldRequest { token: request.token, version: request.version, is_answered: false };
    group.member_mut(member_id).awaiting_sync = Some(parked);
}
