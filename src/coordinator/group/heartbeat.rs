//! Heartbeat (12), versions 0 to 4 (`GroupMetadataManager.classicGroupHeartbeat`).
//!
//! Changes soft state only: a session, and whose connection a member is on. Answered well while the group waits for the leader's assignment, and with `REBALANCE_IN_PROGRESS`, but renewing the
//! session all the same, while members are to join again.

use std::sync::Arc;

use kafka_protocol::messages::{HeartbeatRequest, HeartbeatResponse};

use super::GroupCoordinator;
use super::classic::ClassicGroup;
use super::output::{CoordinatorOutput, CoordinatorRequest};
use super::turn::GroupTurn;
use crate::error::Code;
use crate::event::GroupState;
use crate::time::Now;

impl GroupCoordinator {
    pub(super) fn heartbeat(
        &mut self,
        now: Now,
        request: &CoordinatorRequest,
        body: &HeartbeatRequest,
        out: &mut CoordinatorOutput,
    ) {
        let code = if body.group_id.is_empty() {
            Code::InvalidGroupId
        } else {
            match self.turn(now, body.group_id.as_str(), out) {
                Some(mut turn) => turn.heartbeat(request, body),
                None => Code::UnknownMemberId,
            }
        };
        out.respond(request.token, HeartbeatResponse::default().with_error_code(code.code()));
    }
}

fn validate(group: &ClassicGroup, body: &HeartbeatRequest) -> Result<(), Code> {
    if group.is_in(GroupState::Dead) {
        return Err(Code::CoordinatorNotAvailable);
    }
    let instance_id = body.group_instance_id.as_ref().map(|id| id.as_str());
    group.validate_member(body.member_id.as_str(), instance_id)?;
    if body.generation_id != group.generation {
        return Err(Code::IllegalGeneration);
    }
    Ok(())
}

impl GroupTurn<'_> {
    fn heartbeat(&mut self, request: &CoordinatorRequest, body: &HeartbeatRequest) -> Code {
        if let Err(code) = validate(self.group, body) {
            return code;
        }
        let member_id: Arc<str> = body.member_id.as_str().into();
        self.group.member_mut(&member_id).client = Some(request.client);
        self.renew_session(&member_id);
        match self.group.state {
            GroupState::Empty | GroupState::Dead => Code::UnknownMemberId,
            GroupState::PreparingRebalance => Code::RebalanceInProgress,
            GroupState::CompletingRebalance | GroupState::Stable => Code::None,
        }
    }
}
