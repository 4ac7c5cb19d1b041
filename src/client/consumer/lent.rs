//! What is lent to a machine of the consumer for one step: its surroundings, which belong to nobody alone.

use super::network::ConsumerNetworkClient;
use super::positions::subscription::{LeaderAndEpoch, SubscriptionState};
use super::settings::Settings;

use crate::event::{EventKind, PositionWhy};
use crate::ids::{ClientId, EventId, PartitionNo, TopicPartition};
use crate::node::Outbox;

/// Settings, positions and the network, and the event that led to the step.
pub(super) struct Lent<'a> {
    pub client: ClientId,
    pub settings: &'a Settings,
    pub subscriptions: &'a mut SubscriptionState,
    pub network: &'a mut ConsumerNetworkClient,
    pub cause: EventId,
}

impl Lent<'_> {
    pub fn current_leader(&self, partition: &TopicPartition) -> LeaderAndEpoch {
        let (leader, epoch) = self.network.net.metadata.current_leader(partition);
        LeaderAndEpoch { leader, epoch }
    }

    /// Tells that a position was set.
    pub fn position_set(&self, partition: &TopicPartition, offset: i64, why: PositionWhy, out: &mut Outbox) {
        let topic = out.names.intern_topic(&partition.topic);
        let partition = PartitionNo { topic, partition: partition.partition };
        let kind = EventKind::PositionSet { client: self.client, partition, offset: offset.unsigned_abs(), why };
        out.emit(self.cause, kind);
    }
}
