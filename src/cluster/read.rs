//! What others may see of a cluster.

use std::sync::Arc;

use super::process::BrokerProcess;
use super::{Cluster, Life};
use crate::broker::{Broker, Partition};
use crate::controller::Controller;
use crate::fault::ArmedFaults;
use crate::ids::{BrokerId, PartitionNo, Process, TopicPartition};
use crate::image::{MetadataImage, PartitionRegistration};
use crate::network::Network;

impl Cluster {
    pub const fn network(&self) -> &Network {
        &self.network
    }

    pub const fn faults(&self) -> &ArmedFaults {
        &self.faults
    }

    pub fn controller(&self) -> &Controller {
        &self.controller.node
    }

    /// The controller's picture of the cluster.
    pub fn image(&self) -> &Arc<MetadataImage> {
        self.controller.node.image()
    }

    /// How many brokers there are, those that are gone too.
    pub fn size(&self) -> usize {
        self.brokers.len()
    }

    pub fn broker_ids(&self) -> impl Iterator<Item = BrokerId> + use<> {
        (1..=i32::try_from(self.brokers.len()).expect("at most nine brokers")).map(BrokerId)
    }

    pub fn broker(&self, id: BrokerId) -> Option<&Broker> {
        self.process_of(id).map(|process| &*process.node)
    }

    /// None: there is no such broker.
    pub(super) fn process_of(&self, id: BrokerId) -> Option<&BrokerProcess> {
        self.brokers.get(usize::try_from(id.0.checked_sub(1)?).ok()?)
    }

    /// Whether a process runs, is frozen or gone; a client is none of the cluster's.
    pub fn life(&self, process: Process) -> Life {
        match process {
            Process::Broker(id) => self.process_of(id).map_or(Life::Gone, |broker| broker.life),
            Process::Controller => self.controller.life,
            Process::Client(_) => Life::Gone,
        }
    }

    /// Whether the only broker is the controller as well.
    pub const fn is_combined(&self) -> bool {
        self.combined
    }

    /// What the controller knows of a partition.
    pub fn registration(&self, partition: &TopicPartition) -> Option<&PartitionRegistration> {
        let topic = self.image().topics.get(&partition.topic)?;
        topic.partitions.get(usize::try_from(partition.partition).ok()?)
    }

    pub fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        self.registration(partition)?.leader
    }

    /// A replica on a broker's disk.
    pub fn replica(&self, partition: PartitionNo, broker: BrokerId) -> Option<&Partition> {
        self.broker(broker)?.partitions().get(&partition).map(|replica| &**replica)
    }
}
