//! What is lent to a machine of the consumer for one step: its surroundings, which belong to nobody alone.

use super::network::ConsumerNetworkClient;
use super::positions::{LeaderAndEpoch, SubscriptionState};
use super::settings::ConsumerSettings;

use std::sync::Arc;

use crate::event::{EventKind, PositionWhy};
use crate::ids::{ClientId, EventId, PartitionNo, TopicPartition};
use crate::node::Outbox;
use crate::sorted::SortedSet;

/// Settings, positions and the network, and the event that led to the step.
pub(super) struct Lent<'a> {
    pub client: ClientId,
    pub settings: &'a ConsumerSettings,
    pub subscriptions: &'a mut SubscriptionState,
    pub network: &'a mut ConsumerNetworkClient,
    /// Topics that a call asks about beside what is subscribed.
    pub transient_topics: &'a SortedSet<Arc<str>>,
    pub cause: EventId,
}

impl Lent<'_> {
    pub fn current_leader(&self, partition: &TopicPartition) -> LeaderAndEpoch {
        let (leader, epoch) = self.network.net.metadata.current_leader(partition);
        LeaderAndEpoch { leader, epoch }
    }

    /// Tells the metadata which topics are of interest now.
    pub fn update_metadata_topics(&mut self) {
        let mut topics = self.subscriptions.metadata_topics();
        topics.extend(self.transient_topics.iter().cloned());
        self.network.net.metadata.set_topics(Some(topics.into_iter().collect()));
    }

    /// Tells that a position was set.
    pub fn position_set(&self, partition: &TopicPartition, offset: i64, why: PositionWhy, out: &mut Outbox) {
        let topic = out.names.intern_topic(&partition.topic);
        let partition = PartitionNo { topic, partition: partition.partition };
        let kind = EventKind::PositionSet { client: self.client, partition, offset: offset.unsigned_abs(), why };
        out.emit(self.cause, kind);
    }
}
