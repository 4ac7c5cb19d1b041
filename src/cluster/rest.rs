//! When a cluster is at rest: nothing happens in it any more but what keeps it going.

use super::{Cluster, Life};
use crate::ids::Process;
use crate::network::{Delivery, Parcel};
use crate::wire::Api;

impl Cluster {
    /// Whether all that will happen by itself is that brokers say they live, for ever: nobody's request is under way or
    /// waits for an instant, nobody starts or stops, and no session of a broker that is gone has yet to expire.
    pub fn is_at_rest(&self) -> bool {
        let is_beat = |delivery: &Delivery| match &delivery.parcel {
            Parcel::Frame(frame) => frame.api() == Api::BrokerHeartbeat,
            _ => false,
        };
        self.network.under_way().all(|(_, delivery)| is_beat(delivery))
            && self.broker_ids().all(|id| match self.life(Process::Broker(id)) {
                Life::Running => {
                    self.controller.life == Life::Running && self.broker(id).is_none_or(|it| it.is_at_rest())
                }
                Life::Paused | Life::Gone => self.controller.node.session_expires(id).is_none(),
            })
    }
}
