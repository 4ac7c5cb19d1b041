//! `RoundRobinAssignor`: all partitions of all topics, sorted, dealt in a circle.

use std::sync::Arc;

use super::{Assignments, Group, Topics, in_order, listed, nothing_assigned, topics_in_order};
use crate::ids::TopicPartition;
use crate::java::compare_strings;
use crate::sorted::InOrder;

pub(super) fn assign(topics: &Topics, group: &Group) -> Assignments {
    let mut assignment = nothing_assigned(group);
    let members = in_order(group.values().copied());
    let mut sorted: Vec<(&Arc<str>, usize)> =
        topics_in_order(topics, group).into_iter().map(|(topic, partitions)| (topic, partitions.len())).collect();
    sorted.order_by(|a, b| compare_strings(a.0, b.0));
    let mut circle = members.iter().cycle();
    for (topic, count) in sorted {
        for partition in 0..count as i32 {
            // The position in the circle moves past members that are not subscribed.
            let member = circle.find(|member| member.subscription.topics.contains(topic));
            let member = member.expect("a topic comes from somebody's subscription");
            let partitions = assignment.get_mut(&member.member_id).expect("every member has a list");
            partitions.push(TopicPartition::new(topic, partition));
        }
    }
    listed(assignment)
}
