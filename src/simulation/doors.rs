//! Doors for tests that break a run on purpose, between two moves: what is on its way, a log, what a producer keeps.
//!
//! What ships opens none of them, so that the tests play the very model that ships; `tests/tidy.rs` holds it.

use std::sync::Arc;

use super::cluster::ControlParcel;
use super::{ClientNode, Life, Simulation};
use crate::client::producer::Producer;
use crate::ids::{BrokerId, PartitionNo};
use crate::image::MetadataImage;
use crate::log::PartitionLog;
use crate::network::Delivery;
use crate::node::Input;

impl Simulation {
    /// All that is on its way between clients and brokers, each with the number of its sending.
    #[doc(hidden)]
    pub fn door_to_deliveries(&mut self) -> impl Iterator<Item = (u64, &mut Delivery)> {
        self.network.door_to_under_way()
    }

    /// The controller's pictures of the cluster on their way to brokers, each with the number of its sending.
    #[doc(hidden)]
    pub fn door_to_pictures(&mut self) -> impl Iterator<Item = (u64, BrokerId, &mut MetadataImage)> {
        self.controlling.under_way.iter_mut().filter_map(|((_, number), parcel)| match parcel {
            ControlParcel::ToBroker(broker, Input::Image(image)) => Some((*number, *broker, Arc::make_mut(image))),
            _ => None,
        })
    }

    /// The controller's own picture of the cluster.
    #[doc(hidden)]
    pub fn door_to_controller(&mut self) -> &mut MetadataImage {
        Arc::make_mut(&mut self.controlling.controller).door_to_image()
    }

    /// A broker's replica of a partition.
    #[doc(hidden)]
    pub fn door_to_log(&mut self, broker: BrokerId, partition: PartitionNo) -> Option<&mut PartitionLog> {
        let process = self.brokers.get_mut(Simulation::broker_index(broker))?;
        Arc::make_mut(&mut process.node).door_to_log(partition)
    }

    /// The producers that run.
    #[doc(hidden)]
    pub fn door_to_producers(&mut self) -> impl Iterator<Item = &mut Producer> {
        let running = self.clients.iter_mut().filter(|client| client.life == Life::Running);
        running.filter_map(|client| match &mut client.node {
            ClientNode::Producer(producer) => Some(Arc::make_mut(producer)),
            ClientNode::Consumer(_) => None,
        })
    }
}
