//! `SyncGroup` (14), versions 0 to 5 (`GroupMetadataManager.classicGroupSync`).
//!
//! Held until the leader's arrives; that one is written to the log, and everybody is answered.

use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::SyncGroupRequest;

use super::GroupCoordinator;
use super::classic::{ClassicGroup, HeldRequest};
use super::output::{CoordinatorOutput, CoordinatorRequest, GroupEventKind};
use super::responses::{sync_error, synced};
use super::turn::GroupTurn;
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
        let given: SortedMap<&str, &Bytes> =
            body.assignments.iter().map(|given| (given.member_id.as_str(), &given.assignment)).collect();
        let of = |member_id: &Arc<str>| given.get(&**member_id).map(|bytes| (*bytes).clone()).unwrap_or_default();
        let record = self.group.metadata_record(|member| of(&member.member_id));
        self.append(record);
        self.note(GroupEventKind::AssignmentStored { generation: self.group.generation });
        self.propagate_assignment(|member| of(&member.member_id));
        self.transition_to(GroupState::Stable);
    }
}

fn member_awaits_sync(group: &mut ClassicGroup, member_id: &str, request: &CoordinatorRequest) {
    let parked = HeldRequest { token: request.token, version: request.version };
    group.member_mut(member_id).awaiting_sync = Some(parked);
}
