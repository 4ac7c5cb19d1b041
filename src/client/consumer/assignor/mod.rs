//! The assignors that run in the client that leads a classic group: pure functions.

mod range;
mod round_robin;

use std::sync::Arc;

use bytes::Bytes;

use crate::consumer_protocol::Subscription;
use crate::ids::TopicPartition;
use crate::java::{JavaHashMap, compare_strings};
use crate::sorted::{InOrder, SortedMap};

/// `partition.assignment.strategy`, of those that are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assignor {
    Range,
    RoundRobin,
}

/// A member in the leader's `JoinGroup` response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberInfo {
    pub member_id: Arc<str>,
    /// `group.instance.id`.
    pub instance_id: Option<Arc<str>>,
    pub subscription: Subscription,
}

/// The leader's metadata of the subscribed topics: for each partition the racks of its replicas (empty where unknown).
/// A topic without metadata is absent.
pub type Topics = SortedMap<Arc<str>, Vec<Vec<Arc<str>>>>;

/// Who gets which partitions, in the order in which Kafka's leader writes them into its `SyncGroup` request.
pub type Assignments = Vec<(Arc<str>, Vec<TopicPartition>)>;

impl Assignor {
    pub const ALL: [Assignor; 2] = [Assignor::Range, Assignor::RoundRobin];

    /// `ConsumerPartitionAssignor.name`: the name of the group protocol.
    pub const fn name(self) -> &'static str {
        match self {
            Assignor::Range => "range",
            Assignor::RoundRobin => "roundrobin",
        }
    }

    /// The class that `partition.assignment.strategy` names.
    pub const fn class(self) -> &'static str {
        match self {
            Assignor::Range => "org.apache.kafka.clients.consumer.RangeAssignor",
            Assignor::RoundRobin => "org.apache.kafka.clients.consumer.RoundRobinAssignor",
        }
    }

    pub fn from_name(name: &str) -> Option<Assignor> {
        Assignor::ALL.into_iter().find(|assignor| assignor.name() == name)
    }

    /// `members` in the order of the `JoinGroup` response.
    pub fn assign(self, topics: &Topics, members: &[MemberInfo]) -> Assignments {
        let group: Group = members.iter().map(|member| (member.member_id.clone(), member)).collect();
        match self {
            Assignor::Range => range::assign(topics, &group),
            Assignor::RoundRobin => round_robin::assign(topics, &group),
        }
    }
}

/// `CooperativeStickyAssignor.subscriptionUserData`: the generation of the last assignment that this assignor made for
/// the member, -1 before; what a default consumer's `JoinGroup` carries beside `range`. The assignor itself is not
/// built.
pub fn cooperative_sticky_user_data(generation: i32) -> Bytes {
    Bytes::copy_from_slice(&generation.to_be_bytes())
}

/// `Map<String, Subscription>`, a `HashMap`.
type Group<'a> = JavaHashMap<Arc<str>, &'a MemberInfo>;

/// `AbstractPartitionAssignor.MemberInfo.compareTo`: members with an instance id come first, by it; the others by
/// member id.
fn in_order<'a>(members: impl IntoIterator<Item = &'a MemberInfo>) -> Vec<&'a MemberInfo> {
    let mut sorted: Vec<&MemberInfo> = members.into_iter().collect();
    sorted.order_by(|a, b| match (&a.instance_id, &b.instance_id) {
        (Some(a), Some(b)) => compare_strings(a, b),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => compare_strings(&a.member_id, &b.member_id),
    });
    sorted
}

/// The subscribed topics that have partitions, in the order of Java's map of them (`partitionsPerTopic`).
fn topics_in_order<'a>(topics: &'a Topics, group: &Group) -> Vec<(&'a Arc<str>, PartitionRacks<'a>)> {
    let mut subscribed: JavaHashMap<Arc<str>, ()> = JavaHashMap::new();
    for member in group.values() {
        for topic in &member.subscription.topics {
            subscribed.insert(topic.clone(), ());
        }
    }
    let known = subscribed.keys().filter_map(|topic| topics.get_key_value(topic));
    let known = known.filter(|(_, partitions)| !partitions.is_empty());
    let per_topic: JavaHashMap<Arc<str>, _> =
        known.map(|(topic, racks)| (topic.clone(), (topic, racks.as_slice()))).collect();
    per_topic.values().copied().collect()
}

/// For each partition of a topic the racks of its replicas.
type PartitionRacks<'a> = &'a [Vec<Arc<str>>];

/// An empty list for every member, in Java's order.
fn nothing_assigned(group: &Group) -> JavaHashMap<Arc<str>, Vec<TopicPartition>> {
    group.keys().map(|member_id| (member_id.clone(), Vec::new())).collect()
}

fn listed(assignment: JavaHashMap<Arc<str>, Vec<TopicPartition>>) -> Assignments {
    assignment.iter().map(|(member_id, partitions)| (member_id.clone(), partitions.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One member per word `id` or `id@instance`, all subscribed to the topics of `t0:3 t1:3`; printed as
    /// `c1=t0-0,t0-1`.
    #[track_caller]
    fn check(assignor: Assignor, topics: &str, members: &str, expect: &str) {
        let topics: Topics = topics
            .split(' ')
            .map(|word| word.split_once(':').expect("topic:count"))
            .map(|(topic, count)| (topic.into(), vec![Vec::new(); count.parse().expect("a count")]))
            .collect();
        let subscription = Subscription { topics: topics.keys().cloned().collect(), ..Subscription::default() };
        let members: Vec<MemberInfo> = members
            .split(' ')
            .map(|word| word.split_once('@').map_or((word, None), |(id, instance)| (id, Some(instance.into()))))
            .map(|(id, instance_id)| MemberInfo {
                member_id: id.into(),
                instance_id,
                subscription: subscription.clone(),
            })
            .collect();
        let mut assigned = assignor.assign(&topics, &members);
        assigned.order();
        let words = assigned.iter().map(|(id, partitions)| {
            let partitions: Vec<String> = partitions.iter().map(TopicPartition::to_string).collect();
            format!("{id}={}", partitions.join(","))
        });
        assert_eq!(words.collect::<Vec<_>>().join(" "), expect);
    }

    #[test]
    fn range_gives_the_first_members_the_extra_of_each_topic() {
        check(Assignor::Range, "t0:3 t1:3", "c1 c2", "c1=t0-0,t0-1,t1-0,t1-1 c2=t0-2,t1-2");
        check(Assignor::Range, "t0:3", "c1 c2@a c3 c4", "c1=t0-1 c2=t0-0 c3=t0-2 c4=");
    }

    #[test]
    fn a_first_join_carries_no_generation() {
        assert_eq!(super::cooperative_sticky_user_data(-1).as_ref(), [0xff; 4]);
    }

    #[test]
    fn round_robin_deals_all_topics_in_a_circle() {
        check(Assignor::RoundRobin, "t0:3 t1:3", "c1 c2", "c1=t0-0,t0-2,t1-1 c2=t0-1,t1-0,t1-2");
    }
}
