//! Whether a broker leads a partition, and what it knows as its leader.

use crate::ids::BrokerId;
use crate::sorted::SortedMap;

use super::progress::ReplicaState;

/// What a replica is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// No picture of the cluster has said yet: its process has just begun.
    Unknown,
    Leader(Leading),
    /// Of this leader; none: the partition has no leader.
    Follower(Option<BrokerId>),
}

/// What a leader knows (`Partition`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leading {
    pub isr: Isr,
    /// The other replicas.
    pub followers: SortedMap<BrokerId, ReplicaState>,
    /// Where its epoch began: the log's end when it became leader.
    pub epoch_start_offset: i64,
}

/// Who is in sync (`PartitionState`): as the controller knows it, and the change that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Isr {
    /// `CommittedPartitionState`
    pub committed: Vec<BrokerId>,
    /// `PendingExpandIsr`, `PendingShrinkIsr`: asked for and not answered. One change at a time.
    pub pending: Option<Proposal>,
}

/// A change of the ISR that the controller is asked for (`LeaderAndIsr` in an `AlterPartition`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Proposal {
    /// With the broker epochs they fetched with; -1: not known.
    pub isr: Vec<(BrokerId, i64)>,
    /// The replica that is to join; none: some are to leave.
    pub joins: Option<BrokerId>,
    pub leader_epoch: i32,
    pub partition_epoch: i32,
}

impl Isr {
    pub(super) const fn committed(members: Vec<BrokerId>) -> Isr {
        Isr { committed: members, pending: None }
    }

    /// `maximalIsr`: whoever is to join counts already; whoever is to leave still does.
    pub fn in_maximal(&self, broker: BrokerId) -> bool {
        let joins = self.pending.as_ref().and_then(|proposal| proposal.joins);
        self.committed.contains(&broker) || joins == Some(broker)
    }

    pub fn maximal_size(&self) -> usize {
        self.committed.len() + usize::from(self.pending.as_ref().is_some_and(|proposal| proposal.joins.is_some()))
    }
}
