//! The group coordinator as its runtime knows it (`GroupCoordinatorShard`).

use std::sync::Arc;

use super::classic::ClassicGroup;
use super::output::{AfterAppend, CoordinatorOutput, GroupEvent, GroupEventKind};
use super::record::GroupRecord;
use super::responses::{join_error, sync_error};
use super::timers::{TimerKey, TimerWork, Timers};
use super::turn::GroupTurn;
use super::{Group, GroupCoordinator, GroupSnapshot};
use crate::coordinator::runtime::{CoordinatorShard, RequestToken, operation_error};
use crate::error::Code;
use crate::event::GroupState;
use crate::time::Now;
use crate::wire::Response;

impl CoordinatorShard for GroupCoordinator {
    type Record = GroupRecord;
    type Response = Response;
    type Event = GroupEvent;
    type Snapshot = GroupSnapshot;
    type AfterAppend = AfterAppend;
    type TimerKey = TimerKey;
    type TimerWork = TimerWork;

    fn replay(&mut self, record: &GroupRecord) {
        self.durable.replay(record);
    }

    fn snapshot(&self) -> GroupSnapshot {
        GroupSnapshot { durable: self.durable.clone(), groups: self.groups.clone() }
    }

    fn revert(&mut self, to: &GroupSnapshot) {
        self.durable = to.durable.clone();
        for id in self.groups.keys().filter(|id| !to.groups.contains_key(*id)).cloned().collect::<Vec<_>>() {
            self.groups.remove(&id);
            self.timers.cancel_those(|key| *key.group() == id);
        }
        for (id, group) in &to.groups {
            if !self.groups.contains_key(id) {
                self.groups.insert(id.clone(), group.clone());
            }
        }
    }

    /// Groups begin to live, Stable or Empty, and members get their whole session timeout. A group that is larger than
    /// `group.max.size` rebalances at once.
    fn on_loaded(&mut self, now: Now, out: &mut CoordinatorOutput) {
        for id in self.durable.group_ids() {
            let group = match self.durable.metadata(&id) {
                Some(value) => ClassicGroup::from_record(&id, value, now),
                None => ClassicGroup::new(&id, now),
            };
            self.groups.insert(id.clone(), Arc::new(Group::Classic(group)));
            let mut turn = self.turn(now, &id, out).expect("it was made just now");
            let (generation, members) = (turn.group.generation, turn.members());
            turn.note(GroupEventKind::Loaded { generation, members });
            for member_id in turn.group.member_ids() {
                turn.renew_session(&member_id);
            }
            if i64::from(members) > i64::from(turn.config.max_size) {
                turn.prepare_rebalance();
            }
        }
    }

    /// Held requests are answered `NOT_COORDINATOR`, and the groups are gone.
    fn on_unloaded(&mut self, now: Now, out: &mut CoordinatorOutput) {
        for id in self.groups.keys().cloned().collect::<Vec<_>>() {
            let mut turn = self.turn(now, &id, out).expect("it is in the list");
            for member_id in turn.group.member_ids() {
                turn.answer_join(&member_id, |_, version| join_error(version, &member_id, Code::NotCoordinator));
                turn.answer_sync(&member_id, sync_error(Code::NotCoordinator));
            }
        }
        *self = GroupCoordinator::new(self.config.clone());
    }

    fn after_append(&mut self, now: Now, what: AfterAppend, result: Result<(), Code>, out: &mut CoordinatorOutput) {
        match what {
            AfterAppend::NewGroup { group, token, version } => {
                if let Err(code) = result {
                    self.refuse_new_group(now, &group, (token, version), code, out);
                }
            }
            AfterAppend::Emptied { group } => {
                if let Some(turn) = self.turn(now, &group, out) {
                    // The record that is late is in the log all the same.
                    turn.group.is_logged = matches!(result, Ok(()) | Err(Code::RequestTimedOut));
                }
            }
            AfterAppend::StoreAssignment { group, generation, assignment } => {
                if let Some(mut turn) = self.turn(now, &group, out) {
                    turn.assignment_stored(generation, &assignment, result);
                }
            }
            AfterAppend::ReplacedStatic { group, replaced } => {
                if let Some(mut turn) = self.turn(now, &group, out) {
                    turn.static_member_replaced(replaced, result);
                }
            }
        }
    }

    fn timers(&self) -> &Timers {
        &self.timers
    }

    fn timers_mut(&mut self) -> &mut Timers {
        &mut self.timers
    }

    fn fire(&mut self, now: Now, key: &TimerKey, work: TimerWork, out: &mut CoordinatorOutput) {
        let Some(mut turn) = self.turn(now, key.group(), out) else { return };
        // A join phase that has ended does not end again when its record was refused and the timer comes once more.
        let is_joining = turn.group.is_in(GroupState::PreparingRebalance);
        match work {
            TimerWork::ExpireSession { member } => turn.expire_session(&member),
            TimerWork::TryCompleteInitialJoin { .. } | TimerWork::CompleteJoin if !is_joining => {}
            TimerWork::TryCompleteInitialJoin { delay_ms, remaining_ms } => {
                turn.try_complete_initial_join(delay_ms, remaining_ms);
            }
            TimerWork::CompleteJoin => turn.complete_join(),
            TimerWork::ExpirePendingSync { generation } => turn.expire_pending_sync(generation),
        }
    }

    fn is_of_records(event: &GroupEvent) -> bool {
        matches!(event.kind, GroupEventKind::OffsetCommitted { .. })
    }
}

impl GroupCoordinator {
    /// The record that makes a group was refused, or is late: who still waits for its `JoinGroup` is told.
    fn refuse_new_group(
        &mut self,
        now: Now,
        group: &str,
        (token, version): (RequestToken, i16),
        code: Code,
        out: &mut CoordinatorOutput,
    ) {
        match self.turn(now, group, out) {
            Some(mut turn) => turn.refuse_held_join(token, operation_error(code)),
            None => out.reply(token, join_error(version, "", operation_error(code))),
        }
    }
}

impl GroupTurn<'_> {
    fn refuse_held_join(&mut self, token: RequestToken, code: Code) {
        for member_id in self.group.member_ids() {
            let held = self.group.member_mut(&member_id).awaiting_join.as_mut();
            if let Some(held) = held.filter(|held| held.token == token && !held.is_answered) {
                held.is_answered = true;
                let version = held.version;
                self.out.reply(token, join_error(version, "", code));
            }
        }
    }
}
