//! The controller's picture of the cluster. Brokers learn the newest one hop later.

use std::sync::Arc;

use uuid::Uuid;

use crate::ids::{BrokerId, TopicNo};
use crate::java::partition_for;
use crate::sorted::SortedMap;

/// What the controller knows of one partition (`PartitionRegistration`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionRegistration {
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    /// None: no leader (-1 on the wire).
    pub leader: Option<BrokerId>,
    pub leader_epoch: i32,
    pub partition_epoch: i32,
}

impl PartitionRegistration {
    /// The eligible leader replicas (KIP-966), which are the last known leader as well: the only replica, while it is out
    /// of the ISR (`PartitionChangeBuilder.populateTargetElr`).
    pub fn elr(&self) -> &[BrokerId] {
        if self.isr.is_empty() { &self.replicas } else { &[] }
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
    /// Raised at each registration.
    pub epoch: i64,
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
