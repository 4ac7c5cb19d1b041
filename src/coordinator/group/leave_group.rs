//! `LeaveGroup` (13), versions 0 to 5 (`GroupMetadataManager.classicGroupLeaveToClassicGroup`).
//!
//! Up to version 2 one member by its id, from 3 on several, each by its member id or its instance id.

use std::sync::Arc;

use kafka_protocol::messages::leave_group_request::MemberIdentity;
use kafka_protocol::messages::leave_group_response::MemberResponse;
use kafka_protocol::messages::{LeaveGroupRequest, LeaveGroupResponse};

use super::GroupCoordinator;
use super::output::{CoordinatorOutput, CoordinatorRequest};
use super::timers::TimerKey;
use super::turn::GroupTurn;
use crate::error::Code;
use crate::event::MemberGone;
use crate::time::Now;

/// KIP-345.
const FIRST_WITH_SEVERAL: i16 = 3;

impl GroupCoordinator {
    pub(super) fn leave_group(
        &mut self,
        now: Now,
        request: &CoordinatorRequest,
        body: &LeaveGroupRequest,
        out: &mut CoordinatorOutput,
    ) {
        if body.group_id.is_empty() {
            let code = Code::InvalidGroupId.code();
            return out.respond(request.token, LeaveGroupResponse::default().with_error_code(code));
        }
        let members = match request.version {
            version if version < FIRST_WITH_SEVERAL => {
                vec![MemberIdentity::default().with_member_id(body.member_id.clone())]
            }
            _ => body.members.clone(),
        };
        let codes = match self.turn(now, body.group_id.as_str(), out) {
            Some(mut turn) => turn.leave(&members),
            None => vec![Code::UnknownMemberId; members.len()],
        };
        let response = if request.version < FIRST_WITH_SEVERAL {
            LeaveGroupResponse::default().with_error_code(codes[0].code())
        } else {
            let answers = members.into_iter().zip(codes).map(|(member, code)| {
                MemberResponse::default()
                    .with_member_id(member.member_id)
                    .with_group_instance_id(member.group_instance_id)
                    .with_error_code(code.code())
            });
            LeaveGroupResponse::default().with_members(answers.collect())
        };
        out.respond(request.token, response);
    }
}

impl GroupTurn<'_> {
    fn leave(&mut self, members: &[MemberIdentity]) -> Vec<Code> {
        let codes: Vec<Code> = members
            .iter()
            .map(|member| match self.leave_one(member) {
                Ok(()) => Code::None,
                Err(code) => code,
            })
            .collect();
        if codes.contains(&Code::None) {
            self.after_removal();
        }
        codes
    }

    fn leave_one(&mut self, member: &MemberIdentity) -> Result<(), Code> {
        let instance_id = member.group_instance_id.as_ref().map(|id| id.as_str());
        let member_id: Arc<str> = member.member_id.as_str().into();
        if member_id.is_empty() {
            // An administrator removes a static member, whose id it need not know.
            let known = instance_id.and_then(|id| self.group.static_members.get(id).cloned());
            self.remove_member(&known.ok_or(Code::UnknownMemberId)?, MemberGone::Removed);
            return Ok(());
        }
        if self.group.pending_join.contains(&member_id) {
            self.group.remove(&member_id);
            self.timers.cancel(&TimerKey::session(&self.group.id, &member_id));
            return Ok(());
        }
        self.group.validate_member(&member_id, instance_id)?;
        self.remove_member(&member_id, MemberGone::Left);
        Ok(())
    }
}
