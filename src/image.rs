//! The controller's picture of the cluster. Brokers learn the newest one hop later.

use std::sync::Arc;

use uuid::Uuid;

use crate::ids::{BrokerId, TopicNo};
use crate::java::partition_for;
use crate::sorted::SortedMap;

/// Whether the leader may lack committed records (`LeaderRecoveryState`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LeaderRecoveryState {
    #[default]
    Recovered,
    /// The leader was elected uncleanly, and has not said yet that it is done (`AlterPartition`).
    Recovering,
}

impl LeaderRecoveryState {
    /// Its number on the wire.
    pub const fn value(self) -> i8 {
        match self {
            LeaderRecoveryState::Recovered => 0,
            LeaderRecoveryState::Recovering => 1,
        }
    }

    /// The state of this number; none where Kafka knows no such.
    pub const fn of(value: i8) -> Option<LeaderRecoveryState> {
        match value {
            0 => Some(LeaderRecoveryState::Recovered),
            1 => Some(LeaderRecoveryState::Recovering),
            _ => None,
        }
    }
}

/// What the controller knows of one partition (`PartitionRegistration`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PartitionRegistration {
    /// The brokers that keep it; the first is the preferred leader. While a reassignment goes on, those it adds and those
    /// it removes are among them.
    pub replicas: Vec<BrokerId>,
    /// What a reassignment will take away.
    pub removing: Vec<BrokerId>,
    /// What a reassignment has added.
    pub adding: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    /// The eligible leader replicas (KIP-966): they left the ISR when it was smaller than `min.insync.replicas`, and so have
    /// all that is committed.
    pub elr: Vec<BrokerId>,
    /// The last leader, while there is none.
    pub last_known_elr: Vec<BrokerId>,
    /// None: no leader (-1 on the wire).
    pub leader: Option<BrokerId>,
    pub recovery: LeaderRecoveryState,
    /// Raised with each election, and when a reassignment takes replicas away.
    pub leader_epoch: i32,
    /// Raised with each change.
    pub partition_epoch: i32,
}

impl PartitionRegistration {
    /// A new partition: its leader is the first in-sync replica.
    pub fn new(replicas: Vec<BrokerId>, isr: Vec<BrokerId>) -> PartitionRegistration {
        let leader = isr.first().copied();
        PartitionRegistration { replicas, isr, leader, ..PartitionRegistration::default() }
    }

    pub fn elr(&self) -> &[BrokerId] {
        &self.elr
    }

    pub const fn is_being_reassigned(&self) -> bool {
        !self.removing.is_empty() || !self.adding.is_empty()
    }

    pub fn has_preferred_leader(&self) -> bool {
        self.leader.is_some() && self.leader == self.replicas.first().copied()
    }
}

/// What the controller knows of one topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicImage {
    pub name: Arc<str>,
    pub no: TopicNo,
    pub id: Uuid,
    pub internal: bool,
    /// Settings that differ from the brokers' defaults, by Kafka's names.
    pub configs: SortedMap<Arc<str>, Arc<str>>,
    /// By partition number.
    pub partitions: Vec<PartitionRegistration>,
}

/// A broker as the controller sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BrokerRegistration {
    pub id: BrokerId,
    pub host: Arc<str>,
    pub port: i32,
    /// A fenced broker is not in Metadata and leads nothing.
    pub fenced: bool,
    /// It has asked for a controlled shutdown: it leads nothing, and comes into no ISR.
    pub in_controlled_shutdown: bool,
    /// Raised at each registration.
    pub epoch: i64,
}

impl BrokerRegistration {
    /// Whether it may lead and be in sync (`ClusterControlManager.isActive`).
    pub const fn is_active(&self) -> bool {
        !self.fenced && !self.in_controlled_shutdown
    }
}

/// The controller's picture of the cluster (`MetadataImage`), shared and never changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MetadataImage {
    /// Raised with each change.
    pub version: u64,
    pub cluster_id: Arc<str>,
    pub brokers: SortedMap<BrokerId, BrokerRegistration>,
    pub topics: SortedMap<Arc<str>, Arc<TopicImage>>,
    pub topic_names: SortedMap<Uuid, Arc<str>>,
}

/// The log of the group coordinators (`Topic.GROUP_METADATA_TOPIC_NAME`).
pub const GROUP_METADATA_TOPIC: &str = "__consumer_offsets";

impl MetadataImage {
    /// The partition of `__consumer_offsets` that a group's records lie in, whose leader coordinates it; none before the
    /// topic is made (`GroupCoordinator.partitionFor`).
    pub fn group_partition(&self, group: &str) -> Option<(i32, &PartitionRegistration)> {
        let topic = self.topics.get(GROUP_METADATA_TOPIC)?;
        let partition = partition_for(group, i32::try_from(topic.partitions.len()).ok()?);
        Some((partition, topic.partitions.get(usize::try_from(partition).ok()?)?))
    }
}
