//! What a client knows of the cluster (`MetadataSnapshot`, `Cluster`): never changed, replaced as a whole.

use std::sync::Arc;

use uuid::Uuid;

use super::NodeId;
use crate::error::Code;
use crate::ids::{BrokerId, PartitionNo, TopicNo, TopicPartition};
use crate::java::JavaHashMap;
use crate::rng::Rng;
use crate::sorted::{SortedMap, SortedSet};

/// `MetadataResponse.PartitionMetadata`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionMetadata {
    pub partition: i32,
    pub error: Code,
    /// As the broker named it; see [`Cluster::leader`] for one that can be connected to.
    pub leader_id: Option<BrokerId>,
    pub leader_epoch: Option<i32>,
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
}

/// A topic as the client knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicMetadata {
    pub name: Arc<str>,
    pub no: TopicNo,
    /// None when the broker gave no id.
    pub id: Option<Uuid>,
    pub internal: bool,
    /// The partitions' numbers in the order of Kafka's `Cluster`, which is Java's `HashMap` order.
    pub order: Vec<i32>,
    /// Those of `order` whose leader is known (`availablePartitionsForTopic`).
    pub available: Vec<i32>,
    pub partitions: SortedMap<i32, PartitionMetadata>,
}

/// A server address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Server {
    pub host: Arc<str>,
    pub port: i32,
}

/// `MetadataSnapshot` together with its `Cluster`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cluster {
    pub cluster_id: Option<Arc<str>>,
    /// Nodes in the shuffled order in which they are tried.
    pub nodes: Vec<NodeId>,
    pub brokers: SortedMap<BrokerId, Server>,
    pub topics: SortedMap<Arc<str>, Arc<TopicMetadata>>,
    pub topic_names: SortedMap<Uuid, Arc<str>>,
    /// The partitions that a broker leads, in the order of Kafka's `Cluster`.
    pub by_node: SortedMap<BrokerId, Vec<PartitionNo>>,
    pub invalid_topics: SortedSet<Arc<str>>,
    pub unauthorized_topics: SortedSet<Arc<str>>,
}

/// What a snapshot is made of.
#[derive(Debug, Default)]
pub struct Parts {
    pub cluster_id: Option<Arc<str>>,
    pub brokers: SortedMap<BrokerId, Server>,
    pub partitions: Vec<(TopicPartition, PartitionMetadata)>,
    pub invalid_topics: SortedSet<Arc<str>>,
    pub unauthorized_topics: SortedSet<Arc<str>>,
    pub internal_topics: SortedSet<Arc<str>>,
    pub topic_ids: SortedMap<Arc<str>, Uuid>,
    pub topic_numbers: SortedMap<Arc<str>, TopicNo>,
}

impl Cluster {
    /// Only the addresses of `bootstrap.servers` are known (`Cluster.bootstrap`).
    pub fn bootstrap(servers: u8, rng: &mut Rng) -> Cluster {
        let mut nodes: Vec<NodeId> = (0..servers).map(NodeId::Bootstrap).collect();
        shuffle(&mut nodes, rng);
        Cluster { nodes, ..Cluster::default() }
    }

    pub fn build(parts: Parts, rng: &mut Rng) -> Cluster {
        let mut nodes: Vec<NodeId> = parts.brokers.keys().map(|id| NodeId::Broker(*id)).collect();
        // `Cluster` makes a randomized copy, so that clients do not all ask the same broker.
        shuffle(&mut nodes, rng);
        let mut ordered = JavaHashMap::with_capacity(parts.partitions.len());
        for (partition, metadata) in parts.partitions {
            ordered.insert(partition, metadata);
        }
        let mut topics: SortedMap<Arc<str>, TopicMetadata> = SortedMap::new();
        let mut by_node: SortedMap<BrokerId, Vec<PartitionNo>> =
            parts.brokers.keys().map(|id| (*id, Vec::new())).collect();
        for (partition, metadata) in ordered.iter() {
            let topic = topics.entry(partition.topic.clone()).or_insert_with(|| TopicMetadata {
                name: partition.topic.clone(),
                no: parts.topic_numbers.get(&partition.topic).copied().unwrap_or_default(),
                id: parts.topic_ids.get(&partition.topic).copied(),
                internal: parts.internal_topics.contains(&partition.topic),
                order: Vec::new(),
                available: Vec::new(),
                partitions: SortedMap::new(),
            });
            topic.order.push(partition.partition);
            // A leader that is not among the brokers of the answer is none (`MetadataResponse.toPartitionInfo`).
            if let Some(led) = metadata.leader_id.and_then(|leader| by_node.get_mut(&leader)) {
                led.push(PartitionNo { topic: topic.no, partition: partition.partition });
                topic.available.push(partition.partition);
            }
            topic.partitions.insert(partition.partition, metadata.clone());
        }
        Cluster {
            cluster_id: parts.cluster_id,
            nodes,
            brokers: parts.brokers,
            topic_names: parts.topic_ids.iter().map(|(name, id)| (*id, name.clone())).collect(),
            topics: topics.into_iter().map(|(name, topic)| (name, Arc::new(topic))).collect(),
            by_node,
            invalid_topics: parts.invalid_topics,
            unauthorized_topics: parts.unauthorized_topics,
        }
    }

    /// The parts of this snapshot whose topics are to be kept, in the order of its map, for merging.
    pub fn parts(&self, keep: impl Fn(&str) -> bool) -> Parts {
        let mut parts =
            Parts { cluster_id: self.cluster_id.clone(), brokers: self.brokers.clone(), ..Parts::default() };
        let count = self.topics.values().map(|topic| topic.order.len()).sum();
        let mut ordered = JavaHashMap::with_capacity(count);
        for topic in self.topics.values() {
            for number in &topic.order {
                ordered.insert(TopicPartition::new(&topic.name, *number), topic.partitions[number].clone());
            }
        }
        let kept = ordered.iter().filter(|(partition, _)| keep(&partition.topic));
        parts.partitions = kept.map(|(partition, metadata)| (partition.clone(), metadata.clone())).collect();
        for topic in self.topics.values().filter(|topic| keep(&topic.name)) {
            if let Some(id) = topic.id {
                parts.topic_ids.insert(topic.name.clone(), id);
            }
            if topic.internal {
                parts.internal_topics.insert(topic.name.clone());
            }
            parts.topic_numbers.insert(topic.name.clone(), topic.no);
        }
        parts.invalid_topics = self.invalid_topics.iter().filter(|topic| keep(topic)).cloned().collect();
        parts.unauthorized_topics = self.unauthorized_topics.iter().filter(|topic| keep(topic)).cloned().collect();
        parts
    }

    pub fn topic(&self, name: &str) -> Option<&Arc<TopicMetadata>> {
        self.topics.get(name)
    }

    pub fn partition(&self, topic: &str, partition: i32) -> Option<&PartitionMetadata> {
        self.topics.get(topic)?.partitions.get(&partition)
    }

    /// The leader, when it is known and among the brokers (`Cluster.leaderFor`).
    pub fn leader(&self, topic: &str, partition: i32) -> Option<BrokerId> {
        self.partition(topic, partition)?.leader_id.filter(|leader| self.brokers.contains_key(leader))
    }

    pub fn leader_epoch(&self, topic: &str, partition: i32) -> Option<i32> {
        self.partition(topic, partition)?.leader_epoch
    }
}

/// `Collections.shuffle`.
fn shuffle(nodes: &mut [NodeId], rng: &mut Rng) {
    for last in (1..nodes.len()).rev() {
        let other = rng.below(last as u64 + 1);
        nodes.swap(last, other as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_lie_in_javas_order() {
        let topic: Arc<str> = "t".into();
        let broker = BrokerId(1);
        let mut parts = Parts::default();
        parts.brokers.insert(broker, Server { host: "h".into(), port: 9092 });
        for partition in 0..5 {
            let metadata = PartitionMetadata {
                partition,
                error: Code::None,
                // The broker of partition 3 is unknown: it has no leader.
                leader_id: Some(if partition == 3 { BrokerId(7) } else { broker }),
                leader_epoch: Some(0),
                replicas: vec![broker],
                isr: vec![broker],
            };
            parts.partitions.push((TopicPartition::new(&topic, partition), metadata));
        }
        let cluster = Cluster::build(parts, &mut Rng::new(1));
        // 31 * (31 + p) + 116 in a table of 8: 1077 & 7 = 5, then 4, 3, 2, 1 with the upper half folded in.
        assert_eq!(cluster.topics["t"].order, [4, 3, 2, 1, 0]);
        assert_eq!(cluster.topics["t"].available, [4, 2, 1, 0]);
        assert_eq!(cluster.leader("t", 3), None);
        let led: Vec<i32> = cluster.by_node[&broker].iter().map(|partition| partition.partition).collect();
        assert_eq!(led, [4, 2, 1, 0]);
    }
}
