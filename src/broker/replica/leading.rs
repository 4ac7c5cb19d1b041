//! What a leader does: it appends, follows its followers' progress, and moves the high watermark (`Partition`).
//!
//! The high watermark is the least log end of the maximal ISR and of those that have caught up and may join it; it stands
//! while fewer are in sync than `min.insync.replicas`. Only one change of the ISR is asked for at a time.

use crate::error::Code;
use crate::ids::BrokerId;
use crate::image::{MetadataImage, PartitionRegistration};
use crate::log::{Append, AppendError, AppendInfo, AppendOrigin, LogConfig, VerificationGuard};
use crate::sorted::SortedMap;

use super::role::{Isr, Leading, Proposal, Role};
use super::{FollowerFetch, Partition, ReplicaState, Surroundings};

/// What a follower's fetch changed at its leader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::broker) struct Followed {
    /// The high watermark moved.
    pub raised: bool,
    /// The lowest log start of all replicas moved.
    pub low_watermark_moved: bool,
    /// The ISR is to change: the controller is to be asked.
    pub proposed: bool,
}

/// Milliseconds since the run's start, as progress is told in.
fn at_ms(around: Surroundings<'_>) -> i64 {
    i64::try_from(around.now.ms()).unwrap_or(i64::MAX)
}

/// `Partition.isReplicaIsrEligible`: it is neither fenced nor shutting down, and fetched in the life of its process that the controller knows.
fn is_eligible(image: &MetadataImage, replica: BrokerId, fetched_with: Option<i64>) -> bool {
    let Some(broker) = image.brokers.get(&replica) else { return false };
    broker.is_active() && fetched_with.is_some_and(|epoch| epoch == -1 || epoch == broker.epoch)
}

/// Whether the broker can be reached, as the controller sees it.
fn is_alive(image: &MetadataImage, broker: BrokerId) -> bool {
    image.brokers.get(&broker).is_some_and(|broker| !broker.fenced)
}

impl Partition {
    const fn leading_mut(&mut self) -> Option<&mut Leading> {
        match &mut self.role {
            Role::Leader(leading) => Some(leading),
            Role::Follower(_) | Role::Unknown => None,
        }
    }

    /// Becomes leader or learns of a change (`Partition.makeLeader`): a new epoch begins at the log's end. Whether the high
    /// watermark moved. What is older than what it knows is passed over.
    pub(in crate::broker) fn lead(&mut self, registration: &PartitionRegistration, around: Surroundings<'_>) -> bool {
        if registration.partition_epoch < self.partition_epoch {
            return false;
        }
        self.wake_up();
        let is_new_leader = !self.leads();
        let is_new_epoch = registration.leader_epoch > self.leader_epoch;
        let end = self.log.log_end_offset();
        let mut known = match std::mem::replace(&mut self.role, Role::Unknown) {
            Role::Leader(leading) => leading,
            Role::Follower(_) | Role::Unknown => {
                Leading { isr: Isr::committed(Vec::new()), followers: SortedMap::new(), epoch_start_offset: end }
            }
        };
        known.isr = Isr::committed(registration.isr.clone());
        let followers = registration.replicas.iter().filter(|replica| **replica != self.broker);
        let state = |id: &BrokerId| (*id, known.followers.get(id).copied().unwrap_or(ReplicaState::EMPTY));
        known.followers = followers.map(state).collect();
        if is_new_epoch {
            self.log.assign_epoch_start_offset(registration.leader_epoch, end);
            for (id, follower) in known.followers.iter_mut() {
                *follower = follower.reset(at_ms(around), end, is_new_leader, registration.isr.contains(id));
            }
            known.epoch_start_offset = end;
        }
        self.replicas.clone_from(&registration.replicas);
        self.leader_epoch = registration.leader_epoch;
        self.partition_epoch = registration.partition_epoch;
        self.role = Role::Leader(known);
        self.raise_high_watermark(around)
    }

    /// `effectiveMinIsr`: `min.insync.replicas`, which the number of replicas caps.
    pub fn effective_min_isr(&self) -> usize {
        usize::try_from(self.min_insync_replicas).unwrap_or(0).min(self.replicas.len())
    }

    /// `NOT_ENOUGH_REPLICAS` when fewer are in sync than have to be.
    pub(in crate::broker) fn check_in_sync(&self) -> Result<(), Code> {
        let in_sync = self.leading().map_or(0, |leading| leading.isr.committed.len());
        if in_sync < self.effective_min_isr() { Err(Code::NotEnoughReplicas) } else { Ok(()) }
    }

    /// Appends one batch; whether the high watermark followed at once. A coordinator's records are never refused: the
    /// topic's settings do not hold for them.
    pub(in crate::broker) fn append(
        &mut self,
        bytes: &[u8],
        origin: AppendOrigin,
        around: Surroundings<'_>,
    ) -> Result<(AppendInfo, bool), AppendError> {
        let append = Append {
            now_ms: around.now.wall_ms(),
            bytes,
            leader_epoch: self.leader_epoch,
            origin,
            guard: VerificationGuard::SENTINEL,
            transaction_version: -1,
        };
        let info = match origin {
            AppendOrigin::Coordinator => self.log.append_as_leader(append, &LogConfig::default())?,
            AppendOrigin::Client | AppendOrigin::Replication => self.log.append_as_leader(append, &self.config)?,
        };
        Ok((info, self.raise_high_watermark(around)))
    }

    /// `Partition.maybeIncrementLeaderHW`
    fn raise_high_watermark(&mut self, around: Surroundings<'_>) -> bool {
        let Role::Leader(leading) = &self.role else { return false };
        if leading.isr.committed.len() < self.effective_min_isr() {
            return false;
        }
        let end = self.log.log_end_offset();
        let waits_for = |id: &BrokerId, follower: &ReplicaState| {
            let joins = || {
                follower.is_caught_up(end, at_ms(around), around.lag_time_max_ms)
                    && is_eligible(around.image, *id, follower.broker_epoch)
            };
            leading.isr.in_maximal(*id) || joins()
        };
        let counted = leading.followers.iter().filter(|(id, follower)| waits_for(id, follower));
        let least = counted.map(|(_, follower)| follower.log_end_offset).min().unwrap_or(end);
        self.note_checkpoint(around.checkpoint);
        self.log.maybe_increment_high_watermark(least.min(end))
    }

    /// Whether enough replicas have all before `offset` (`Partition.checkEnoughReplicasReachOffset`). Errors: 6 it does not
    /// lead any more, 20 the offset is committed, and fewer replicas are in sync now than have to be.
    pub(in crate::broker) fn has_reached(&self, offset: i64) -> Result<bool, Code> {
        let leading = self.leading().ok_or(Code::NotLeaderOrFollower)?;
        if self.log.high_watermark() < offset {
            return Ok(false);
        }
        if self.effective_min_isr() <= leading.isr.maximal_size() {
            Ok(true)
        } else {
            Err(Code::NotEnoughReplicasAfterAppend)
        }
    }

    /// Replicas of the maximal ISR that do not have all before `offset` yet, as this leader knows; none when it does not lead.
    pub fn behind(&self, offset: i64) -> Vec<BrokerId> {
        let Some(leading) = self.leading() else { return Vec::new() };
        let followers = leading.followers.iter();
        let behind = followers.filter(|(id, it)| leading.isr.in_maximal(**id) && it.log_end_offset < offset);
        behind.map(|(id, _)| *id).collect()
    }

    /// A follower asks for what lies behind `fetch.offset` (`Partition.updateFollowerFetchState`). `leader_end` is where the
    /// log ended when it was read. Errors: 6 it fetches in a life of its process that is over.
    pub(in crate::broker) fn follower_fetched(
        &mut self,
        replica: BrokerId,
        fetch: FollowerFetch,
        leader_end: i64,
        around: Surroundings<'_>,
    ) -> Result<Followed, Code> {
        let low_before = self.low_watermark(around.image);
        let Some(leading) = self.leading_mut() else { return Ok(Followed::default()) };
        let Some(follower) = leading.followers.get_mut(&replica) else { return Ok(Followed::default()) };
        let known = around.image.brokers.get(&replica).filter(|broker| !broker.fenced);
        if fetch.broker_epoch != -1 && known.is_some_and(|broker| broker.epoch > fetch.broker_epoch) {
            return Err(Code::NotLeaderOrFollower);
        }
        let end_before = follower.log_end_offset;
        *follower = follower.fetched(fetch, at_ms(around), leader_end);
        let has_moved = follower.log_end_offset != end_before;
        let proposed = self.propose_to_expand(replica, around.image);
        let raised = has_moved && self.raise_high_watermark(around);
        Ok(Followed { raised, low_watermark_moved: self.low_watermark(around.image) > low_before, proposed })
    }

    /// `Partition.maybeExpandIsr`: a replica that has all that is committed, and has come into this leader's epoch.
    fn propose_to_expand(&mut self, replica: BrokerId, image: &MetadataImage) -> bool {
        let high_watermark = self.log.high_watermark();
        let Some(leading) = self.leading() else { return false };
        let Some(follower) = leading.followers.get(&replica) else { return false };
        let end = follower.log_end_offset;
        let may = leading.isr.pending.is_none()
            && !leading.isr.committed.contains(&replica)
            && is_eligible(image, replica, follower.broker_epoch)
            && end >= high_watermark
            && end >= leading.epoch_start_offset;
        if may {
            let mut members = leading.isr.committed.clone();
            members.push(replica);
            self.propose(&members, Some(replica), image);
        }
        may
    }

    /// `Partition.getOutOfSyncReplicas`: members of the ISR that have not caught up for `replica.lag.time.max.ms`; none while
    /// a change is asked for.
    fn out_of_sync(&self, now_ms: i64, lag_time_max_ms: i64) -> Vec<BrokerId> {
        let Some(leading) = self.leading().filter(|leading| leading.isr.pending.is_none()) else { return Vec::new() };
        let end = self.log.log_end_offset();
        let lags = |id: &&BrokerId| {
            let state = leading.followers.get(id);
            **id != self.broker && state.is_none_or(|state| !state.is_caught_up(end, now_ms, lag_time_max_ms))
        };
        leading.isr.committed.iter().filter(lags).copied().collect()
    }

    /// `Partition.maybeShrinkIsr`: whether the controller is to be asked.
    pub(in crate::broker) fn propose_to_shrink(&mut self, around: Surroundings<'_>) -> Vec<BrokerId> {
        let gone = self.out_of_sync(at_ms(around), around.lag_time_max_ms);
        if let Some(leading) = self.leading().filter(|_| !gone.is_empty()) {
            let stays = leading.isr.committed.iter().filter(|id| !gone.contains(id));
            let members: Vec<BrokerId> = stays.copied().collect();
            self.propose(&members, None, around.image);
        }
        gone
    }

    /// The first millisecond of the run at which a member of the ISR counts as out of sync, if nothing changes.
    pub(in crate::broker) fn out_of_sync_at(&self, lag_time_max_ms: i64) -> Option<i64> {
        let leading = self.leading().filter(|leading| leading.isr.pending.is_none())?;
        let end = self.log.log_end_offset();
        let lagging =
            leading.followers.iter().filter(|(id, it)| it.log_end_offset != end && leading.isr.committed.contains(id));
        lagging.map(|(_, it)| it.last_caught_up_ms.saturating_add(lag_time_max_ms).saturating_add(1)).min()
    }

    fn propose(&mut self, members: &[BrokerId], joins: Option<BrokerId>, image: &MetadataImage) {
        let (me, leader_epoch, partition_epoch) = (self.broker, self.leader_epoch, self.partition_epoch);
        let Some(leading) = self.leading_mut() else { return };
        let own = image.brokers.get(&me).map_or(-1, |broker| broker.epoch);
        let epoch = |id: &BrokerId| {
            let fetched_with = leading.followers.get(id).and_then(|state| state.broker_epoch);
            if *id == me { own } else { fetched_with.unwrap_or(-1) }
        };
        let isr = members.iter().map(|id| (*id, epoch(id))).collect();
        leading.isr.pending = Some(Proposal { isr, joins, leader_epoch, partition_epoch });
    }

    /// The controller agreed (`Partition.handleAlterPartitionUpdate`); whether the high watermark moved.
    pub(in crate::broker) fn isr_altered(
        &mut self,
        proposal: &Proposal,
        isr: Vec<BrokerId>,
        (leader_epoch, partition_epoch): (i32, i32),
        around: Surroundings<'_>,
    ) -> bool {
        let known = (self.leader_epoch, self.partition_epoch);
        let Some(leading) = self.leading_mut() else { return false };
        if leading.isr.pending.as_ref() != Some(proposal) || leader_epoch != known.0 || partition_epoch < known.1 {
            return false;
        }
        leading.isr = Isr::committed(isr);
        self.partition_epoch = partition_epoch;
        self.raise_high_watermark(around)
    }

    /// The controller refused (`Partition.handleAlterPartitionError`); whether to ask again. What it will not tell more about
    /// stays pending until the next picture of the cluster.
    pub(in crate::broker) fn isr_refused(&mut self, proposal: &Proposal, code: Code) -> bool {
        let Some(leading) = self.leading_mut() else { return false };
        if leading.isr.pending.as_ref() != Some(proposal) {
            return false;
        }
        match code {
            Code::OperationNotAttempted | Code::IneligibleReplica => {
                leading.isr.pending = None;
                false
            }
            Code::UnknownTopicOrPartition
            | Code::UnknownTopicId
            | Code::FencedLeaderEpoch
            | Code::InvalidUpdateVersion
            | Code::InvalidRequest
            | Code::NewLeaderElected => false,
            _ => true,
        }
    }

    /// `Partition.lowWatermarkIfLeader`: the least log start of the replicas that live.
    pub(in crate::broker) fn low_watermark(&self, image: &MetadataImage) -> i64 {
        let own = self.log.log_start_offset();
        let followers = self.leading().into_iter().flat_map(|leading| leading.followers.iter());
        let living = followers.filter(|(id, _)| is_alive(image, **id));
        living.map(|(_, state)| state.log_start_offset).min().map_or(own, |least| least.min(own))
    }

    /// The epoch's start when the high watermark has not come to it: what is committed is not known yet, and no offset is
    /// told (`OFFSET_NOT_AVAILABLE`).
    pub(in crate::broker) fn lags_behind_epoch(&self) -> bool {
        self.leading().is_some_and(|leading| leading.epoch_start_offset > self.log.high_watermark())
    }
}
