//! One group's turn: the group with all that a rule about it may touch, and the phases of a rebalance
//! (`GroupMetadataManager.prepareRebalance`, `completeClassicGroupJoin`, `expirePendingSync`).

use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::{JoinGroupResponse, SyncGroupResponse};

use super::GroupConfig;
use super::classic::{ClassicGroup, ClassicGroupMember};
use super::durable::Durable;
use super::output::{AfterAppend, CoordinatorOutput, GroupEvent, GroupEventKind};
use super::record::GroupRecord;
use super::responses::{join_error, joined, sync_error, synced};
use super::timers::{TimerKey, TimerWork, Timers};
use crate::error::Code;
use crate::event::{GroupState, MemberGone};
use crate::ids::ClientId;
use crate::time::Now;

pub(super) struct GroupTurn<'a> {
    pub now: Now,
    pub config: &'a GroupConfig,
    pub durable: &'a mut Durable,
    pub timers: &'a mut Timers,
    pub group: &'a mut ClassicGroup,
    pub out: &'a mut CoordinatorOutput,
}

impl GroupTurn<'_> {
    pub fn note(&mut self, kind: GroupEventKind) {
        self.out.events.push(GroupEvent { group: self.group.id.clone(), kind });
    }

    pub fn append(&mut self, record: GroupRecord) {
        self.durable.replay(&record);
        self.out.records.push(record);
    }

    pub fn transition_to(&mut self, to: GroupState) {
        let from = self.group.state;
        self.group.transition_to(to, self.now);
        self.note(GroupEventKind::StateChanged { from, to });
    }

    pub fn members(&self) -> u32 {
        self.group.members.len() as u32
    }

    pub fn client_of(&self, member_id: &str) -> ClientId {
        self.group.members.get(member_id).and_then(|member| member.client).unwrap_or_default()
    }

    // --- sessions

    /// `rescheduleClassicGroupMemberHeartbeat`: the member's whole session timeout again.
    pub fn renew_session(&mut self, member_id: &Arc<str>) {
        let timeout = self.group.members.get(member_id).map_or(0, |member| member.session_timeout_ms);
        self.schedule_session(member_id, u64::try_from(timeout).unwrap_or(0));
    }

    pub fn schedule_session(&mut self, member_id: &Arc<str>, timeout_ms: u64) {
        let key = TimerKey::session(&self.group.id, member_id);
        let work = TimerWork::ExpireSession { member: member_id.clone() };
        self.timers.schedule(self.now, timeout_ms, key, work);
    }

    /// `expireClassicGroupMemberHeartbeat`.
    pub fn expire_session(&mut self, member_id: &Arc<str>) {
        if self.group.pending_join.contains(member_id) {
            self.group.remove(member_id);
            self.maybe_complete_join_phase();
            return;
        }
        let Some(member) = self.group.members.get(member_id) else { return };
        if member.has_satisfied_heartbeat() {
            return;
        }
        self.remove_member(member_id, MemberGone::SessionExpired);
        self.after_removal();
    }

    // --- members that go

    /// Takes a member out. Its held `JoinGroup` is answered `UNKNOWN_MEMBER_ID`, so that a client that still lives
    /// joins anew.
    pub fn remove_member(&mut self, member_id: &Arc<str>, why: MemberGone) {
        self.answer_join(member_id, |_, version| join_error(version, "", Code::UnknownMemberId));
        self.drop_member(member_id, why);
    }

    /// Takes a member out without an answer.
    fn drop_member(&mut self, member_id: &Arc<str>, why: MemberGone) {
        let client = self.client_of(member_id);
        self.group.remove(member_id);
        self.timers.cancel(&TimerKey::session(&self.group.id, member_id));
        self.note(GroupEventKind::MemberRemoved { client, why, members: self.members() });
    }

    /// What follows when members were taken out: a rebalance, or perhaps the end of the join phase.
    pub fn after_removal(&mut self) {
        match self.group.state {
            GroupState::Stable | GroupState::CompletingRebalance => self.maybe_prepare_rebalance_or_complete_join(),
            GroupState::PreparingRebalance => self.maybe_complete_join_phase(),
            GroupState::Empty | GroupState::Dead => (),
        }
    }

    // --- held requests

    /// `completeJoinFuture`: answers the member's held `JoinGroup`, if it has one.
    pub fn answer_join(
        &mut self,
        member_id: &str,
        response: impl FnOnce(&ClassicGroup, i16) -> JoinGroupResponse,
    ) -> bool {
        let parked = self.group.members.get_mut(member_id).and_then(|member| member.awaiting_join.take());
        let Some(parked) = parked else { return false };
        if !parked.is_answered {
            self.out.reply(parked.token, response(self.group, parked.version));
        }
        true
    }

    /// `completeSyncFuture`.
    pub fn answer_sync(&mut self, member_id: &str, response: SyncGroupResponse) -> bool {
        let parked = self.group.members.get_mut(member_id).and_then(|member| member.awaiting_sync.take());
        let Some(parked) = parked else { return false };
        self.out.reply(parked.token, response);
        true
    }

    /// `resetAndPropagateAssignmentWithError`: assignments are void, held `SyncGroup`s are answered.
    pub fn reset_assignment_with_error(&mut self, code: Code) {
        for member_id in self.group.member_ids() {
            self.group.member_mut(&member_id).assignment = Bytes::new();
            if self.answer_sync(&member_id, sync_error(code)) {
                self.renew_session(&member_id);
            }
        }
    }

    /// `setAndPropagateAssignment`: everybody gets their part. Sessions begin anew, since a member may have waited
    /// long.
    pub fn propagate_assignment(&mut self, assignment: impl Fn(&ClassicGroupMember) -> Bytes) {
        for member_id in self.group.member_ids() {
            let member = self.group.member_mut(&member_id);
            member.assignment = assignment(member);
            let response = synced(self.group, &self.group.members.get(&member_id).expect("a member").assignment);
            if self.answer_sync(&member_id, response) {
                self.renew_session(&member_id);
            }
        }
    }

    // --- the phases of a rebalance

    pub fn maybe_prepare_rebalance_or_complete_join(&mut self) {
        if self.group.can_rebalance() {
            self.prepare_rebalance();
        } else {
            self.maybe_complete_join_phase();
        }
    }

    /// `prepareRebalance`. From Empty it waits `group.initial.rebalance.delay.ms`; else until all members have joined,
    /// at most for the largest rebalance timeout.
    pub fn prepare_rebalance(&mut self) {
        if self.group.is_in(GroupState::CompletingRebalance) {
            self.reset_assignment_with_error(Code::RebalanceInProgress);
        }
        self.timers.cancel(&self.sync_key());
        let initial = self.group.is_in(GroupState::Empty);
        self.transition_to(GroupState::PreparingRebalance);
        if initial {
            let delay_ms = self.config.initial_rebalance_delay_ms;
            let remaining_ms = self.group.rebalance_timeout_ms().saturating_sub(delay_ms);
            let work = TimerWork::TryCompleteInitialJoin { delay_ms, remaining_ms };
            self.timers.schedule(self.now, delay_ms, self.join_key(), work);
        } else if self.group.has_all_members_joined() {
            self.complete_join();
        } else {
            self.schedule_join_completion();
        }
    }

    fn schedule_join_completion(&mut self) {
        let timeout_ms = self.group.rebalance_timeout_ms();
        self.timers.schedule(self.now, timeout_ms, self.join_key(), TimerWork::CompleteJoin);
    }

    /// The first rebalance of a group is not cut short: its timer ends it.
    pub fn maybe_complete_join_phase(&mut self) {
        let preparing = self.group.is_in(GroupState::PreparingRebalance);
        if preparing && self.group.has_all_members_joined() && self.group.previous_state != GroupState::Empty {
            self.complete_join();
        }
    }

    /// `tryCompleteInitialRebalanceElseSchedule`: a member that was added meanwhile prolongs the wait.
    pub fn try_complete_initial_join(&mut self, delay_ms: u64, remaining_ms: u64) {
        if !self.group.new_member_added || remaining_ms == 0 {
            return self.complete_join();
        }
        self.group.new_member_added = false;
        let next_delay_ms = self.config.initial_rebalance_delay_ms.min(remaining_ms);
        let work = TimerWork::TryCompleteInitialJoin {
            delay_ms: next_delay_ms,
            remaining_ms: remaining_ms.saturating_sub(delay_ms),
        };
        self.timers.schedule(self.now, next_delay_ms, self.join_key(), work);
    }

    /// `completeClassicGroupJoin`: the next generation begins. Dynamic members that did not rejoin are out; static ones
    /// stay until their session expires.
    pub fn complete_join(&mut self) {
        self.timers.cancel(&self.join_key());
        let absent = self.group.members.values().filter(|member| member.awaiting_join.is_none());
        let absent: Vec<Arc<str>> =
            absent.filter(|member| member.instance_id.is_none()).map(|member| member.member_id.clone()).collect();
        for member_id in absent {
            self.drop_member(&member_id, MemberGone::NotRejoined);
        }
        if !self.group.maybe_elect_new_joined_leader() && !self.group.members.is_empty() {
            // Nobody rejoined: wait until the sessions of the static members expire.
            return self.schedule_join_completion();
        }
        self.group.new_member_added = false;
        let from = self.group.state;
        self.group.init_next_generation(self.now);
        self.note(GroupEventKind::StateChanged { from, to: self.group.state });
        if self.group.is_in(GroupState::Empty) {
            self.out.then = Some(AfterAppend::Emptied { group: self.group.id.clone() });
            return self.append(self.group.metadata_record(|_| Bytes::new()));
        }
        let leader = self.client_of(&self.group.leader.clone().unwrap_or_default());
        let (generation, members) = (self.group.generation, self.members());
        self.note(GroupEventKind::GenerationStarted { generation, members, leader });
        for member_id in self.group.member_ids() {
            self.answer_join(&member_id, |group, version| {
                joined(group, version, &member_id, group.is_leader(&member_id))
            });
            self.renew_session(&member_id);
            self.group.member_mut(&member_id).is_new = false;
            self.group.pending_sync.insert(member_id);
        }
        let timeout_ms = self.group.rebalance_timeout_ms();
        self.timers.schedule(self.now, timeout_ms, self.sync_key(), TimerWork::ExpirePendingSync { generation });
    }

    /// `expirePendingSync`: members without `SyncGroup` are out, and the rest rebalances.
    pub fn expire_pending_sync(&mut self, generation: i32) {
        let expecting = matches!(self.group.state, GroupState::CompletingRebalance | GroupState::Stable);
        if !expecting || generation != self.group.generation || self.group.pending_sync.is_empty() {
            return;
        }
        for member_id in self.group.pending_sync.clone() {
            self.drop_member(&member_id, MemberGone::NotSynced);
        }
        self.prepare_rebalance();
    }

    pub fn remove_pending_sync(&mut self, member_id: &str) {
        self.group.pending_sync.remove(member_id);
        if self.group.pending_sync.is_empty() {
            self.timers.cancel(&self.sync_key());
        }
    }

    fn join_key(&self) -> TimerKey {
        TimerKey::Join { group: self.group.id.clone() }
    }

    fn sync_key(&self) -> TimerKey {
        TimerKey::Sync { group: self.group.id.clone() }
    }
}
