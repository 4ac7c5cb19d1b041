//! How one partition changes (`PartitionChangeBuilder`): who leads it, who is in sync, who may lead when nobody is in sync.
//!
//! Data in, change out. Eligible leader replicas (KIP-966) are on, as in every new cluster since 4.1
//! (`eligible.leader.replicas.version=1`).

use crate::event::ElectedWhy;
use crate::ids::BrokerId;
use crate::image::{LeaderRecoveryState, PartitionRegistration};
use crate::sorted::SortedSet;

/// `PartitionChangeBuilder.Election`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Election {
    /// The first of the replicas, if it is in sync; else who leads now, else another.
    Preferred,
    /// Who leads now, else another in-sync replica.
    #[default]
    Online,
    /// As `Online`, and any replica that lives before there is no leader.
    Unclean,
}

/// What is to become of a partition: its present state, but for what the caller sets.
#[derive(Clone, Debug)]
pub(super) struct PartitionChange<'a> {
    partition: &'a PartitionRegistration,
    /// Brokers that may lead.
    active: &'a SortedSet<BrokerId>,
    /// `min.insync.replicas` as it is in force, at most the count of replicas.
    min_isr: usize,
    pub isr: Vec<BrokerId>,
    pub replicas: Vec<BrokerId>,
    pub removing: Vec<BrokerId>,
    pub adding: Vec<BrokerId>,
    pub election: Election,
    pub recovery: LeaderRecoveryState,
    /// A broker that came back without having stopped in good order: its log may lack what it had.
    pub unclean_shutdown: Option<BrokerId>,
    elr: Vec<BrokerId>,
}

/// The partition as it is after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub partition: PartitionRegistration,
    /// By what right its leader leads in the new epoch; none: the leader epoch stays.
    pub elected: Option<ElectedWhy>,
}

/// Who is to lead.
struct Elected {
    leader: Option<BrokerId>,
    why: ElectedWhy,
}

impl Elected {
    /// The new leader may lack what is committed: the ISR is reset to it alone.
    fn is_unclean(&self) -> bool {
        matches!(self.why, ElectedWhy::LastKnown | ElectedWhy::Unclean)
    }
}

impl<'a> PartitionChange<'a> {
    pub(super) fn new(
        partition: &'a PartitionRegistration,
        active: &'a SortedSet<BrokerId>,
        min_isr: usize,
    ) -> PartitionChange<'a> {
        PartitionChange {
            partition,
            active,
            min_isr,
            isr: partition.isr.clone(),
            replicas: partition.replicas.clone(),
            removing: partition.removing.clone(),
            adding: partition.adding.clone(),
            election: Election::Online,
            recovery: partition.recovery,
            unclean_shutdown: None,
            elr: partition.elr.clone(),
        }
    }

    /// The changed partition, with its epochs raised; none when nothing changes.
    pub(super) fn build(mut self) -> Option<Changed> {
        self.complete_reassignment();
        self.populate_elr();
        let found = self.elect();
        let mut next = self.partition.clone();
        let mut elected = None;
        if found.leader != self.partition.leader {
            self.take_leader(&found, &mut next);
            elected = Some(found.why);
        } else if !self.partition.replicas.iter().all(|replica| self.replicas.contains(replica)) {
            // Replicas are taken away: the epoch grows, so that they cannot fetch as replicas any more.
            elected = Some(if found.leader.is_some() { ElectedWhy::Still } else { ElectedWhy::Nobody });
        }
        self.note_last_known_leader(elected.is_some(), &mut next);
        next.leader_epoch += i32::from(elected.is_some());
        next.isr = self.isr;
        next.elr = self.elr;
        next.replicas = self.replicas;
        next.removing = self.removing;
        next.adding = self.adding;
        if self.recovery != self.partition.recovery {
            next.recovery = self.recovery;
        }
        if elected.is_none() && next == *self.partition {
            return None;
        }
        next.partition_epoch += 1;
        Some(Changed { partition: next, elected })
    }

    /// A reassignment is done when all replicas that are to stay are in sync (`PartitionReassignmentReplicas`).
    fn complete_reassignment(&mut self) {
        if self.removing.is_empty() && self.adding.is_empty() {
            return;
        }
        let staying = |all: &[BrokerId]| -> Vec<BrokerId> {
            all.iter().filter(|replica| !self.removing.contains(replica)).copied().collect()
        };
        let (isr, replicas) = (staying(&self.isr), staying(&self.replicas));
        let is_empty = !self.removing.is_empty() && (isr.is_empty() || replicas.is_empty());
        if is_empty || !replicas.iter().all(|replica| isr.contains(replica)) {
            return;
        }
        (self.isr, self.replicas) = (isr, replicas);
        self.removing.clear();
        self.adding.clear();
    }

    /// Who leaves an ISR that is smaller than the minimum stays eligible, in order of ids; an ISR that is large enough
    /// needs nobody eligible (`maybePopulateTargetElr`).
    fn populate_elr(&mut self) {
        if self.isr.len() >= self.min_isr {
            self.elr.clear();
            return;
        }
        let candidates: SortedSet<BrokerId> = self.elr.iter().chain(&self.partition.isr).copied().collect();
        let stays = |replica: &&BrokerId| !self.isr.contains(replica) && self.unclean_shutdown != Some(**replica);
        self.elr = candidates.iter().filter(stays).copied().collect();
    }

    fn elect(&self) -> Elected {
        let found = |leader: BrokerId, why| Elected { leader: Some(leader), why };
        let first = self.replicas.first().copied().filter(|replica| self.may_lead(*replica));
        if let (Election::Preferred, Some(first)) = (self.election, first) {
            return found(first, self.right_of(first, ElectedWhy::Preferred));
        }
        let in_turn = self.partition.leader.into_iter().chain(self.replicas.iter().copied());
        if let Some(leader) = in_turn.into_iter().find(|replica| self.may_lead(*replica)) {
            return found(leader, self.right_of(leader, ElectedWhy::InSync));
        }
        if let Some(leader) = self.last_known_leader() {
            return found(leader, self.right_of(leader, ElectedWhy::LastKnown));
        }
        let living = self.replicas.iter().find(|replica| self.active.contains(*replica));
        match living {
            Some(leader) if self.election == Election::Unclean => found(*leader, ElectedWhy::Unclean),
            _ => Elected { leader: None, why: ElectedWhy::Nobody },
        }
    }

    /// In sync; or eligible, when nobody is in sync (`isValidNewLeader`).
    fn may_lead(&self, replica: BrokerId) -> bool {
        let has_all = self.isr.contains(&replica) || self.isr.is_empty() && self.elr.contains(&replica);
        has_all && self.active.contains(&replica)
    }

    fn right_of(&self, leader: BrokerId, else_why: ElectedWhy) -> ElectedWhy {
        if self.elr.contains(&leader) { ElectedWhy::Eligible } else { else_why }
    }

    /// `canElectLastKnownLeader`.
    fn last_known_leader(&self) -> Option<BrokerId> {
        match self.partition.last_known_elr[..] {
            [leader] if self.isr.is_empty() && self.elr.is_empty() && self.active.contains(&leader) => Some(leader),
            _ => None,
        }
    }

    /// What a new leader does to the ISR and to who is eligible (`tryElection`, `maybeUpdateRecordElr`).
    fn take_leader(&mut self, found: &Elected, next: &mut PartitionRegistration) {
        next.leader = found.leader;
        let Some(leader) = found.leader else { return };
        if self.elr.contains(&leader) {
            self.isr = vec![leader];
            self.elr.retain(|replica| *replica != leader);
        }
        if found.is_unclean() {
            self.isr = vec![leader];
            self.elr.clear();
            next.recovery = LeaderRecoveryState::Recovering;
        }
    }

    /// The last leader is known as long as there is none (`maybeUpdateLastKnownLeader`).
    fn note_last_known_leader(&self, is_elected: bool, next: &mut PartitionRegistration) {
        if !is_elected {
            return;
        }
        if next.leader.is_some() {
            next.last_known_elr.clear();
        } else if next.last_known_elr.is_empty() {
            next.last_known_elr = self.partition.leader.into_iter().collect();
        }
    }
}
