//! A join as the application's thread drives it: what comes before `JoinGroup`, and what its end changes
//! (`AbstractCoordinator.joinGroupIfNeeded`, `ConsumerCoordinator.onJoinPrepare`, `onJoinComplete`).

use super::super::lent::Lent;
use super::super::turn::Turn;
use super::state::{Coordinator, JoinFuture, MemberState};

use bytes::Bytes;

use crate::consumer_protocol::Assignment;
use crate::error::{Code, Exception};
use crate::ids::{EventId, TopicPartition};
use crate::sorted::SortedSet;
use crate::time::Now;

impl Coordinator {
    /// The event that made the member join again, or that ended the join.
    pub const fn rejoin_cause(&self) -> EventId {
        self.rejoin_cause
    }

    /// Whether the join must be prepared, which begins with this.
    pub const fn begins_preparing(&mut self) -> bool {
        std::mem::replace(&mut self.needs_join_prepare, false)
    }

    /// What prepares the join was not done in time.
    pub const fn prepare_again(&mut self) {
        self.needs_join_prepare = true;
    }

    /// Commits before the rebalance are waited for until this virtual millisecond, unless an earlier attempt has set
    /// one. Returns the commit that is waited for already.
    pub fn begin_prepare(&mut self, deadline_ms: u64) -> Option<u32> {
        self.join_prepare_deadline_ms.get_or_insert(deadline_ms);
        self.join_prepare_commit
    }

    /// Until when a commit before the rebalance is waited for, in virtual milliseconds.
    pub fn prepare_deadline_ms(&self) -> u64 {
        self.join_prepare_deadline_ms.unwrap_or(u64::MAX)
    }

    pub const fn await_prepare_commit(&mut self, sent: Option<u32>) {
        self.join_prepare_commit = sent;
    }

    /// The result of the commit before the rebalance, once it is there.
    pub fn take_prepare_commit(&mut self) -> Option<Result<(), Exception>> {
        let commit = self.join_prepare_commit.expect("a commit is awaited");
        if !self.commit_is_done(commit) {
            return None;
        }
        self.join_prepare_commit = None;
        self.take_commit(commit)
    }

    /// All is given back: what is joined next is another generation.
    pub const fn end_prepare(&mut self) {
        self.is_leader = false;
        self.join_prepare_deadline_ms = None;
        self.join_prepare_commit = None;
    }

    /// `initiateJoinGroup`: `JoinGroup`, unless a join is under way. Throws what the protocol cannot write.
    pub fn initiate_join(&mut self, lent: &mut Lent<'_>, turn: &mut Turn<'_>) -> Result<(), Exception> {
        if self.join.is_some() {
            return Ok(());
        }
        self.disable_heartbeat_thread();
        self.state = MemberState::PreparingRebalance;
        self.send_join_group(lent, turn)
    }

    /// The end of the join under way, once it is there: this member's assignment.
    pub fn join_result(&self) -> Option<Result<Bytes, Exception>> {
        match &self.join {
            Some(JoinFuture::Done(result)) => Some(result.clone()),
            _ => None,
        }
    }

    /// The join has ended with an assignment. Returns what the listener is to hear of; nothing when the member joins
    /// again.
    pub fn complete_join(
        &mut self,
        lent: &mut Lent<'_>,
        assignment: &[u8],
        turn: &Turn<'_>,
    ) -> Result<Option<SortedSet<TopicPartition>>, Exception> {
        if self.generation.is_none() || self.state != MemberState::Stable {
            let reason = "rebalance failed since the generation/state was modified by heartbeat thread before the \
                          rebalance callback triggered";
            self.reset_state_and_rejoin(reason, true);
            self.join = None;
            return Ok(None);
        }
        let added = self.on_join_complete(lent, assignment, turn.now)?;
        self.join = None;
        self.needs_join_prepare = true;
        self.rejoin_cause = EventId::NONE;
        Ok(added)
    }

    /// The join has ended with an exception. Returns whether the member joins again at once.
    pub fn join_failed(&mut self, exception: &Exception) -> bool {
        self.join = None;
        let code = exception.code.unwrap_or_default();
        if code != Code::MemberIdRequired {
            self.request_rejoin(format!("rebalance failed due to {}", exception.class));
        }
        matches!(
            code,
            Code::UnknownMemberId | Code::IllegalGeneration | Code::RebalanceInProgress | Code::MemberIdRequired
        )
    }

    /// `onJoinComplete`: the assignment is taken over.
    fn on_join_complete(
        &mut self,
        lent: &mut Lent<'_>,
        assignment: &[u8],
        now: Now,
    ) -> Result<Option<SortedSet<TopicPartition>>, Exception> {
        if !self.is_leader {
            self.assignment_snapshot = None;
        }
        self.group_metadata = self.generation.clone();
        let assignment = if assignment.len() < 2 {
            let message = format!(
                "There are insufficient bytes available to read assignment from the sync-group response (actual byte \
                 size {}) , this is not expected; it is possible that the leader's assign function is buggy and did \
                 not return any assignment for this member, or because static member is configured and the protocol \
                 is buggy hence did not get the assignment for this member",
                assignment.len()
            );
            return Err(Exception::new("IllegalStateException", None, message));
        } else {
            Assignment::from_bytes(assignment).map_err(|message| Exception::new("SchemaException", None, message))?
        };
        let assigned: SortedSet<TopicPartition> = assignment.partitions.into_iter().collect();
        if !lent.subscriptions.matches_subscription(&assigned) {
            self.request_rejoin("received assignment does not match the current subscription");
            return Ok(None);
        }
        let owned = lent.subscriptions.assigned_partitions();
        let added: SortedSet<TopicPartition> = assigned.difference(&owned).cloned().collect();
        self.restart_auto_commit_timer(lent.settings, now);
        lent.subscriptions.assign_from_subscribed(assigned);
        Ok(Some(added))
    }
}
