//! Groups: their log is what they are, and no partition is given twice.

use super::invariants::{Checked, Invariant, name_of, violated};
use crate::coordinator::group::{CoordinatorOutput, GroupConfig, GroupCoordinator, GroupRecord, GroupView};
use crate::coordinator::runtime::CoordinatorShard;
use crate::event::GroupState;
use crate::ids::{BrokerId, PartitionNo, TopicPartition};
use crate::simulation::{Life, Simulation};
use crate::sorted::{InOrder, SortedSet};

const OFFSETS_TOPIC: &str = "__consumer_offsets";

/// When a coordinator's log has grown: replays it.
pub(super) fn check_if_coordinators(simulation: &Simulation, partition: PartitionNo) -> Checked {
    let Some(name) = name_of(simulation, partition).filter(|name| &*name.topic == OFFSETS_TOPIC) else {
        return Ok(());
    };
    for broker in simulation.broker_ids() {
        check_log(simulation, broker, &name)?;
    }
    Ok(())
}

pub(super) fn check_logs(simulation: &Simulation) -> Checked {
    let Some(topic) = simulation.image().topics.get(OFFSETS_TOPIC) else { return Ok(()) };
    for number in (0..).take(topic.partitions.len()) {
        for broker in simulation.broker_ids() {
            check_log(simulation, broker, &TopicPartition::new(&topic.name, number))?;
        }
    }
    Ok(())
}

fn check_log(simulation: &Simulation, broker: BrokerId, name: &TopicPartition) -> Checked {
    if simulation.broker_life(broker) == Life::Gone {
        return Ok(());
    }
    let coordinators = simulation.broker(broker).into_iter().flat_map(|broker| broker.coordinators());
    let live = coordinators.filter(|(partition, _)| *partition == name.partition).map(|(_, live)| live).next();
    let (Some(live), Some(replica)) = (live, simulation.replica(name, broker)) else { return Ok(()) };
    let mut fresh = GroupCoordinator::new(GroupConfig::default().into());
    for batch in replica.log().batches() {
        let view = batch.view();
        let Ok(records) = view.records() else {
            return violated(Invariant::LogIsTheGroup, format!("{name} cannot be read at {}", batch.base_offset));
        };
        for record in records.iter().flatten() {
            match GroupRecord::read(record.key.unwrap_or_default(), record.value) {
                Ok(Some(record)) => fresh.replay(&record),
                Ok(None) => {}
                Err(error) => {
                    let sentence = format!("{name} has no record of a group at {}: {error:?}", record.offset);
                    return violated(Invariant::LogIsTheGroup, sentence);
                }
            }
        }
    }
    if fresh.durable() != live.durable() {
        let sentence =
            format!("{name} replayed is {:?}, the live coordinator has {:?}", fresh.durable(), live.durable());
        return violated(Invariant::LogIsTheGroup, sentence);
    }
    fresh.on_loaded(simulation.now(), &mut CoordinatorOutput::default());
    for id in live.group_ids() {
        let (Some(live), Some(fresh)) = (live.group(id), fresh.group(id)) else { continue };
        check_group(&live, &fresh)?;
    }
    Ok(())
}

/// A group at rest is what its log makes of it.
fn check_group(live: &GroupView, fresh: &GroupView) -> Checked {
    // The log may have refused what a group came to.
    let rests = live.is_logged && matches!(live.state, GroupState::Stable | GroupState::Empty);
    let members = |view: &GroupView| {
        let mut members: Vec<_> =
            view.members.iter().map(|member| (member.member_id.clone(), member.assignment.clone())).collect();
        members.order();
        members
    };
    let is_equal = live.state == fresh.state
        && live.generation == fresh.generation
        && live.protocol == fresh.protocol
        && members(live) == members(fresh);
    if !rests || is_equal {
        return Ok(());
    }
    violated(Invariant::LogIsTheGroup, format!("the log makes {fresh:?} of a group that is {live:?}"))
}

pub(super) fn check_owners(simulation: &Simulation) -> Checked {
    for broker in simulation.broker_ids() {
        for (_, coordinator) in simulation.broker(broker).into_iter().flat_map(|broker| broker.coordinators()) {
            for view in coordinator.group_ids().filter_map(|id| coordinator.group(id)) {
                check_owners_of(&view)?;
            }
        }
    }
    Ok(())
}

fn check_owners_of(view: &GroupView) -> Checked {
    if view.state != GroupState::Stable {
        return Ok(());
    }
    let mut owned = SortedSet::new();
    for member in &view.members {
        for partition in &member.assignment {
            if !owned.insert(partition) {
                let sentence = format!("{partition} is given to two members of {}: {:?}", view.id, view.members);
                return violated(Invariant::OwnersAreUnique, sentence);
            }
        }
    }
    Ok(())
}
