//! Consumers: what they read, and what they own.

use super::super::Observers;
use super::invariants::{Checked, Invariant, name_of, violated};
use crate::client::consumer::{Consumer, MemberState, RebalancePhase};
use crate::event::GroupState;
use crate::ids::PartitionNo;
use crate::simulation::{ClientNode, Life, Simulation};

pub(super) fn check(simulation: &Simulation) -> Checked {
    for client in simulation.clients().iter().filter(|client| client.life != Life::Gone) {
        if let ClientNode::Consumer(consumer) = &client.node {
            check_owned(&client.recipe.name, consumer, simulation)?;
        }
    }
    Ok(())
}

/// A member of the group's present generation owns no more than it was given.
fn check_owned(name: &str, consumer: &Consumer, simulation: &Simulation) -> Checked {
    let (Some(group), Some(generation)) = (&consumer.settings().group_id, consumer.generation()) else {
        return Ok(());
    };
    let is_settled = consumer.member_state() == Some(MemberState::Stable)
        && consumer.rebalance_phase() == RebalancePhase::None
        && consumer.subscriptions().has_auto_assigned_partitions();
    let Some(view) = simulation.group(group).filter(|view| is_settled && view.state == GroupState::Stable) else {
        return Ok(());
    };
    let member = view.members.iter().find(|member| member.member_id == generation.member_id);
    let Some(member) = member.filter(|_| view.generation == generation.id) else { return Ok(()) };
    let owned = consumer.subscriptions().assigned_partitions();
    let stray = owned.iter().find(|partition| !member.assignment.contains(partition));
    match stray {
        None => Ok(()),
        Some(stray) => {
            let given = &member.assignment;
            let sentence = format!("{name} owns {stray} in generation {}: it was given {given:?}", view.generation);
            violated(Invariant::OwnersAgree, sentence)
        }
    }
}

/// Of a topic that was deleted, a consumer may still hold records that it had fetched before.
pub(super) fn check_returned(
    simulation: &Simulation,
    observers: &Observers,
    partition: PartitionNo,
    position: u64,
) -> Checked {
    if observers.promises().is_deleted(partition.topic) {
        return Ok(());
    }
    let replica = name_of(simulation, partition).and_then(|name| simulation.leading_replica(&name));
    let Some(replica) = replica else { return Ok(()) };
    let high = replica.high_watermark().unsigned_abs();
    if position <= high {
        return Ok(());
    }
    let name = replica.log().topic_partition();
    let sentence = format!("a poll went on to {position} of {name}, whose high watermark is {high}");
    violated(Invariant::ReadsAreCommitted, sentence)
}
