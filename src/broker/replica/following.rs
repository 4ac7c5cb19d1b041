//! What a follower does: it appends what its leader has, and cuts off what its leader has not (`Partition`,
//! `ReplicaFetcherThread`).

use crate::ids::BrokerId;
use crate::image::PartitionRegistration;
use crate::log::{AppendError, AppendInfo};
use crate::record::BatchView;

use super::role::Role;
use super::{Partition, Surroundings};

/// What a fetch brought a follower.
#[derive(Clone, Copy, Debug)]
pub(in crate::broker) struct FromLeader<'a> {
    pub records: &'a [u8],
    pub high_watermark: i64,
    pub log_start_offset: i64,
    /// In which the follower fetched: batches of a later one are left out.
    pub leader_epoch: i32,
}

impl Partition {
    /// Follows another broker, or none (`Partition.makeFollower`); whether a new leader epoch has begun. What is older than what
    /// it knows is passed over.
    pub(in crate::broker) fn follow(&mut self, registration: &PartitionRegistration) -> bool {
        if registration.partition_epoch < self.partition_epoch {
            return false;
        }
        self.wake_up();
        let is_new_epoch = registration.leader_epoch > self.leader_epoch;
        self.role = Role::Follower(registration.leader);
        self.leader_epoch = registration.leader_epoch;
        self.partition_epoch = registration.partition_epoch;
        self.replicas.clone_from(&registration.replicas);
        is_new_epoch
    }

    /// Whom it follows.
    pub const fn follows(&self) -> Option<BrokerId> {
        match &self.role {
            Role::Follower(leader) => *leader,
            Role::Leader(_) | Role::Unknown => None,
        }
    }

    /// Where it begins to fetch, and the epoch of its last batch (`ReplicaManager.initialFetchOffset`): the log's end, or the
    /// high watermark when it has no epoch at all.
    pub(in crate::broker) fn fetch_start(&mut self, now_ms: i64) -> (i64, Option<i32>) {
        let epoch = self.log.leader_epochs().latest();
        if epoch.is_none() {
            self.log.truncate_to(self.log.high_watermark(), now_ms);
        }
        (self.log.log_end_offset(), epoch)
    }

    /// Takes in what the leader sent (`ReplicaFetcherThread.processPartitionData`): records, high watermark, log start. Gives
    /// what was appended, and whether the high watermark moved; it goes back where that of a new leader is lower.
    pub(in crate::broker) fn replicate(
        &mut self,
        from: FromLeader<'_>,
        around: Surroundings<'_>,
    ) -> Result<(AppendInfo, bool), AppendError> {
        let info = self.append_replicated(around.now.wall_ms(), from)?;
        let before = self.log.high_watermark();
        self.note_checkpoint(around.checkpoint);
        let after = self.log.update_high_watermark(from.high_watermark);
        // What the leader has deleted may not be committed here yet: the next fetch brings it.
        let start = from.log_start_offset.min(self.log.high_watermark());
        let _ = self.log.maybe_increment_log_start_offset(start);
        Ok((info, after != before))
    }

    /// `Partition.appendRecordsToFollowerOrFutureReplica`: an empty log may begin within the leader's first batch.
    fn append_replicated(&mut self, now_ms: i64, from: FromLeader<'_>) -> Result<AppendInfo, AppendError> {
        let refused = match self.log.append_as_follower(now_ms, from.records, from.leader_epoch, &self.config) {
            Ok(info) => return Ok(info),
            Err(error) => error,
        };
        let end = self.log.log_end_offset();
        if end != self.log.log_start_offset() || refused.exception.class != "UnexpectedAppendOffsetException" {
            return Err(refused);
        }
        let first = BatchView::new(from.records).base_offset();
        self.log.truncate_fully_and_start_at(first, now_ms);
        self.log.append_as_follower(now_ms, from.records, from.leader_epoch, &self.config)
    }

    /// Cuts the log for what the leader said of an epoch: the largest one it has that is not above the asked one, and where it
    /// ends there (`AbstractFetcherThread.getOffsetTruncationState`). Gives how many offsets went.
    pub(in crate::broker) fn truncate_for(&mut self, epoch: i32, end: i64, now_ms: i64) -> i64 {
        let own_end = self.log.log_end_offset();
        let to = match self.end_offset_for(epoch) {
            // This log does not know that epoch: the leader is asked again from where the one before it ends here.
            Some((own_epoch, own)) if own_epoch != epoch => own.min(own_end),
            Some((_, own)) => own.min(end).min(own_end),
            None => end.min(own_end),
        };
        self.truncate(to, now_ms)
    }

    /// Cuts the log at an offset; gives how many offsets went.
    pub(in crate::broker) fn truncate(&mut self, to: i64, now_ms: i64) -> i64 {
        let before = self.log.log_end_offset();
        self.log.truncate_to(to.max(0), now_ms);
        before - self.log.log_end_offset()
    }

    /// All is older than what the leader still has: the log begins anew there.
    pub(in crate::broker) fn start_anew(&mut self, at: i64, now_ms: i64) {
        self.log.truncate_fully_and_start_at(at, now_ms);
    }
}
