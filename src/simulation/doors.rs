//! Doors for tests that break a run on purpose, between two moves: what is on its way, a log, what a producer keeps.
//!
//! What ships opens none of them, so that the tests play the very model that ships; `tests/tidy.rs` holds it.

use std::sync::Arc;

use super::{ClientNode, Life, Simulation};
use crate::client::producer::Producer;
use crate::cluster::Cluster;

impl Simulation {
    /// The cluster, whose own doors lead further.
    #[doc(hidden)]
    pub const fn door_to_cluster(&mut self) -> &mut Cluster {
        &mut self.cluster
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
