//! What a picture of the groups needs beside their state: when each was last stable and began to rebalance, who was removed
//! and gave partitions back, and what was known of groups whose coordinator is down.

use std::sync::Arc;

use crate::coordinator::group::GroupCoordinator;
use crate::event::broker::BrokerEvent;
use crate::event::consumer::ConsumerEvent;
use crate::event::group::GroupEvent;
use crate::event::hand::HandEvent;
use crate::event::{Event, Family, GroupState};
use crate::ids::{ClientId, GroupNo, PartitionNo};
use crate::simulation::Simulation;
use crate::sorted::SortedMap;
use crate::time::Instant;

/// The groups as their events told them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SeenGroups {
    /// When each group last became stable.
    stable: SortedMap<GroupNo, Instant>,
    /// When the rebalance that is under way, or was the last, began.
    began: SortedMap<GroupNo, Instant>,
    /// When each client was last taken out of its group.
    removed: SortedMap<ClientId, Instant>,
    /// When each client last gave its partitions back, or lost them.
    revoked: SortedMap<ClientId, Instant>,
    /// By partition of `__consumer_offsets`: what its log held when its coordinator ended.
    asleep: SortedMap<i32, Arc<GroupCoordinator>>,
}

impl SeenGroups {
    /// When the group last became stable.
    pub fn stable_since(&self, group: GroupNo) -> Option<Instant> {
        self.stable.get(&group).copied()
    }

    /// When the group's last rebalance began.
    pub fn rebalances_since(&self, group: GroupNo) -> Option<Instant> {
        self.began.get(&group).copied()
    }

    /// When the client was taken out of its group, unless it has joined again. Of a member that a later coordinator
    /// knows from its log alone nobody says whose it was.
    pub fn removed_at(&self, client: ClientId) -> Option<Instant> {
        self.removed.get(&client).copied()
    }

    /// When the client last gave its partitions back, or lost them.
    pub fn revoked_at(&self, client: ClientId) -> Option<Instant> {
        self.revoked.get(&client).copied()
    }

    /// What the log of a partition of `__consumer_offsets` held when its coordinator ended.
    pub fn asleep(&self, partition: i32) -> Option<&GroupCoordinator> {
        self.asleep.get(&partition).map(|coordinator| &**coordinator)
    }

    pub(super) fn take(&mut self, event: &Event, simulation: &Simulation) {
        match event.kind.family() {
            Family::Group(of) => self.take_of_group(of, event.at),
            Family::Consumer(ConsumerEvent::PartitionsRevoked(of)) => {
                self.revoked.insert(of.client, event.at);
            }
            Family::Consumer(ConsumerEvent::PartitionsLost(of)) => {
                self.revoked.insert(of.client, event.at);
            }
            Family::Broker(BrokerEvent::LeaderChanged(of)) => self.look_into(of.partition, simulation),
            Family::Hand(HandEvent::BrokerCrashed(_) | HandEvent::BrokerStopped(_)) => {
                simulation.group_partitions().for_each(|partition| self.look_into(partition, simulation));
            }
            // What else happens changes no group.
            Family::Consumer(_)
            | Family::Broker(_)
            | Family::Hand(_)
            | Family::Producer(_)
            | Family::Program(_)
            | Family::Network(_) => {}
        }
    }

    fn take_of_group(&mut self, event: GroupEvent, at: Instant) {
        use GroupEvent::*;
        match event {
            GroupStateChanged(of) => match (of.from, of.to) {
                (_, GroupState::Stable) => {
                    self.stable.insert(of.group, at);
                }
                // A rebalance that begins anew is the same one: who gave its partitions back has done so.
                (GroupState::CompletingRebalance, _) => {}
                (_, GroupState::PreparingRebalance) => {
                    self.began.insert(of.group, at);
                }
                _ => {}
            },
            MemberRemoved(of) => {
                self.removed.insert(of.client, at);
            }
            MemberJoined(of) => {
                self.removed.remove(&of.client);
            }
            MemberIdGiven(_)
            | GenerationStarted(_)
            | AssignmentStored(_)
            | OffsetCommitted(_)
            | OffsetCommitRefused(_)
            | GroupLoaded(_) => {}
        }
    }

    /// Reads a log of `__consumer_offsets` that has no coordinator, as the broker will that has the next one.
    fn look_into(&mut self, no: PartitionNo, simulation: &Simulation) {
        if let Some(coordinator) = simulation.read_groups(no) {
            self.asleep.insert(no.partition, Arc::new(coordinator));
        }
    }
}
