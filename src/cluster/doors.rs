//! Doors for tests that break a run on purpose, between two moves. What ships opens none of them (`tests/tidy.rs` holds it).

use std::sync::Arc;

use super::Cluster;
use crate::ids::{BrokerId, PartitionNo};
use crate::image::MetadataImage;
use crate::log::PartitionLog;
use crate::network::{Delivery, Parcel};

impl Cluster {
    /// All that is on its way, each with the number of its sending.
    #[doc(hidden)]
    pub fn door_to_deliveries(&mut self) -> impl Iterator<Item = (u64, &mut Delivery)> {
        self.network.door_to_under_way()
    }

    /// The controller's pictures of the cluster on their way to brokers, each with the number of its sending.
    #[doc(hidden)]
    pub fn door_to_pictures(&mut self) -> impl Iterator<Item = (u64, BrokerId, &mut MetadataImage)> {
        self.network.door_to_under_way().filter_map(|(number, delivery)| {
            let broker = delivery.connection.opener.broker()?;
            match &mut delivery.parcel {
                Parcel::Image(image) => Some((number, broker, Arc::make_mut(image))),
                _ => None,
            }
        })
    }

    /// The controller's own picture of the cluster.
    #[doc(hidden)]
    pub fn door_to_controller(&mut self) -> &mut MetadataImage {
        Arc::make_mut(&mut self.controller.node).door_to_image()
    }

    /// A broker's replica of a partition.
    #[doc(hidden)]
    pub fn door_to_log(&mut self, broker: BrokerId, partition: PartitionNo) -> Option<&mut PartitionLog> {
        let process = self.brokers.get_mut(Cluster::index(broker))?;
        Arc::make_mut(&mut process.node).door_to_log(partition)
    }
}
