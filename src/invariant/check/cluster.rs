//! Brokers, and who leads.

use super::invariants::{Checked, Invariant, violated};
use crate::ids::{BrokerId, PartitionNo};
use crate::simulation::Simulation;
use crate::sorted::SortedMap;

pub(super) fn check(simulation: &Simulation) -> Checked {
    let image = simulation.image();
    for topic in image.topics.values() {
        for (number, partition) in topic.partitions.iter().enumerate() {
            let Some(leader) = partition.leader else { continue };
            if image.brokers.get(&leader).is_none_or(|broker| broker.fenced) {
                let sentence = format!("{}-{number} is led by broker {}, which is fenced", topic.name, leader.0);
                return violated(Invariant::LeadersAreAlive, sentence);
            }
        }
    }
    let mut leaders: SortedMap<PartitionNo, BrokerId> = SortedMap::new();
    for id in simulation.broker_ids() {
        let Some(broker) = simulation.broker(id) else { continue };
        for (no, replica) in broker.partitions() {
            if replica.leads()
                && let Some(other) = leaders.insert(*no, id)
            {
                let name = replica.log().topic_partition();
                return violated(
                    Invariant::LeadersAreAlive,
                    format!("{name} is led by brokers {} and {}", other.0, id.0),
                );
            }
        }
    }
    Ok(())
}
