//! `RangeAssignor`: per topic, consecutive partitions to sorted members; with racks, matching ones first (KIP-881).

use std::sync::Arc;

use super::{Assignments, Group, Topics, in_order, listed, nothing_assigned, topics_in_order};
use crate::ids::TopicPartition;
use crate::java::{JavaHashMap, compare_strings};
use crate::sorted::{InOrder, SortedSet};

pub(super) fn assign(topics: &Topics, group: &Group) -> Assignments {
    let mut assignment = nothing_assigned(group);
    let mut states: Vec<TopicState> = topics_in_order(topics, group)
        .into_iter()
        .map(|(topic, partition_racks)| TopicState::new(topic, partition_racks, group))
        .collect();
    let by_rack = states.iter().any(|state| state.needs_racks);
    if by_rack {
        assign_with_rack_matching(&mut states, &mut assignment);
    }
    for state in &mut states {
        state.assign_ranges(false, &mut assignment);
    }
    if by_rack {
        for partitions in assignment.values_mut() {
            partitions.order_by(|a, b| compare_strings(&a.topic, &b.topic).then(a.partition.cmp(&b.partition)));
        }
    }
    listed(assignment)
}

type Assigned = JavaHashMap<Arc<str>, Vec<TopicPartition>>;

struct Consumer {
    member_id: Arc<str>,
    rack: Option<Arc<str>>,
    assigned: usize,
}

/// `RangeAssignor.TopicAssignmentState`.
struct TopicState<'a> {
    topic: &'a Arc<str>,
    partition_racks: &'a [Vec<Arc<str>>],
    /// Those subscribed to the topic, sorted.
    consumers: Vec<Consumer>,
    /// In order.
    unassigned: Vec<i32>,
    partitions_per_consumer: usize,
    remaining_with_extra: usize,
    needs_racks: bool,
}

impl<'a> TopicState<'a> {
    fn new(topic: &'a Arc<str>, partition_racks: &'a [Vec<Arc<str>>], group: &Group) -> TopicState<'a> {
        let subscribed = group.values().copied().filter(|member| member.subscription.topics.contains(topic));
        let consumers: Vec<Consumer> = in_order(subscribed)
            .into_iter()
            .map(|member| Consumer {
                member_id: member.member_id.clone(),
                rack: member.subscription.rack.clone().filter(|rack| !rack.is_empty()),
                assigned: 0,
            })
            .collect();
        TopicState {
            topic,
            partition_racks,
            unassigned: (0..partition_racks.len() as i32).collect(),
            partitions_per_consumer: partition_racks.len() / consumers.len(),
            remaining_with_extra: partition_racks.len() % consumers.len(),
            needs_racks: use_rack_aware_assignment(&consumers, partition_racks),
            consumers,
        }
    }

    fn racks_match(&self, consumer: usize, partition: i32) -> bool {
        let rack = &self.consumers[consumer].rack;
        rack.as_ref().is_none_or(|rack| self.partition_racks[partition as usize].contains(rack))
    }

    fn max_assignable(&self, consumer: usize) -> usize {
        let most = self.partitions_per_consumer + usize::from(self.remaining_with_extra > 0);
        most.saturating_sub(self.consumers[consumer].assigned)
    }

    fn assign_ranges(&mut self, only_matching: bool, assignment: &mut Assigned) {
        for consumer in 0..self.consumers.len() {
            if self.unassigned.is_empty() {
                break;
            }
            let assignable: Vec<i32> = self
                .unassigned
                .iter()
                .copied()
                .filter(|partition| !only_matching || self.racks_match(consumer, *partition))
                .take(self.max_assignable(consumer))
                .collect();
            if !assignable.is_empty() {
                self.assign(consumer, &assignable, assignment);
            }
        }
    }

    fn assign(&mut self, consumer: usize, partitions: &[i32], assignment: &mut Assigned) {
        let taker = &mut self.consumers[consumer];
        let list = assignment.get_mut(&taker.member_id).expect("every member has a list");
        list.extend(partitions.iter().map(|partition| TopicPartition::new(self.topic, *partition)));
        taker.assigned += partitions.len();
        if taker.assigned > self.partitions_per_consumer {
            self.remaining_with_extra -= 1;
        }
        self.unassigned.retain(|partition| !partitions.contains(partition));
    }
}

/// `AbstractPartitionAssignor.useRackAwareAssignment`: not when no consumer is in a rack that holds a replica, and not
/// when every partition has replicas in all racks.
fn use_rack_aware_assignment(consumers: &[Consumer], partition_racks: &[Vec<Arc<str>>]) -> bool {
    let all: SortedSet<&Arc<str>> = partition_racks.iter().flatten().collect();
    if !consumers.iter().filter_map(|consumer| consumer.rack.as_ref()).any(|rack| all.contains(rack)) {
        return false;
    }
    !partition_racks.iter().all(|racks| racks.iter().collect::<SortedSet<_>>() == all)
}

/// Topics with the same consumers and the same number of partitions are kept together: one consumer gets the same
/// partition of all of them, where all racks match.
fn assign_with_rack_matching(states: &mut [TopicState], assignment: &mut Assigned) {
    let alike = |a: &TopicState, b: &TopicState| {
        a.partition_racks.len() == b.partition_racks.len()
            && a.consumers.len() == b.consumers.len()
            && a.consumers.iter().zip(&b.consumers).all(|(a, b)| a.member_id == b.member_id)
    };
    let mut done = vec![false; states.len()];
    for first in 0..states.len() {
        if done[first] {
            continue;
        }
        let together: Vec<usize> =
            (first..states.len()).filter(|other| alike(&states[first], &states[*other])).collect();
        for index in &together {
            done[*index] = true;
        }
        if together.len() > 1 {
            assign_co_partitioned(states, &together, assignment);
        } else if states[first].needs_racks {
            states[first].assign_ranges(true, assignment);
        }
    }
}

fn assign_co_partitioned(states: &mut [TopicState], together: &[usize], assignment: &mut Assigned) {
    let mut remaining: Vec<usize> = (0..states[together[0]].consumers.len()).collect();
    for partition in 0..states[together[0]].partition_racks.len() as i32 {
        let fits = |consumer: &usize| {
            together
                .iter()
                .map(|index| &states[*index])
                .all(|state| state.racks_match(*consumer, partition) && state.max_assignable(*consumer) > 0)
        };
        let Some(consumer) = remaining.iter().copied().find(fits) else { continue };
        for index in together {
            states[*index].assign(consumer, &[partition], assignment);
        }
        if together.iter().all(|index| states[*index].max_assignable(consumer) == 0) {
            remaining.retain(|other| *other != consumer);
            if remaining.is_empty() {
                break;
            }
        }
    }
}
