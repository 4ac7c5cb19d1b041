//! `ready` and `drain`: which brokers have something to get, and what they get.

use super::RecordAccumulator;
use crate::client::net::{Cluster, TopicMetadata};
use crate::client::producer::transaction_manager::TransactionManager;
use crate::event::ReadyWhy;
use crate::ids::{BrokerId, PartitionNo, TopicNo};
use crate::sorted::SortedSet;

/// `ReadyCheckResult`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadyCheck {
    pub nodes: SortedSet<BrokerId>,
    /// Milliseconds until something that is not ready now may be; none: `Long.MAX_VALUE`.
    pub next_check_delay_ms: Option<u64>,
    /// The same, of all partitions: Java passes over those whose broker is ready anyway and looks again at once.
    pub next_wake_ms: Option<u64>,
    pub unknown_leader_topics: Vec<TopicNo>,
    /// Batches that may leave and were not said to before, with the reason.
    pub newly_ready: Vec<(u32, ReadyWhy)>,
}

impl RecordAccumulator {
    /// Which brokers have a batch that may leave. Also takes the queue lengths for adaptive partitioning.
    pub fn ready(&mut self, cluster: &Cluster, now_ms: u64) -> ReadyCheck {
        let mut check = ReadyCheck::default();
        for index in 0..self.topic_order.len() {
            let metadata = cluster.topic(&self.topic_order[index]).cloned();
            let topic = match &metadata {
                Some(metadata) => metadata.no,
                None => self.topic_no(&self.topic_order[index]),
            };
            self.topic_ready(topic, cluster, metadata.as_deref(), now_ms, &mut check);
        }
        check
    }

    fn topic_no(&self, name: &str) -> TopicNo {
        let known = self.topics.iter().find(|(_, info)| *info.name == *name);
        known.map(|(topic, _)| *topic).expect("a topic of the order was appended to")
    }

    /// `partitionReady`.
    fn topic_ready(
        &mut self,
        topic: TopicNo,
        cluster: &Cluster,
        metadata: Option<&TopicMetadata>,
        now_ms: u64,
        check: &mut ReadyCheck,
    ) {
        let exhausted = self.pool.queued() > 0;
        let known = self.topics[&topic].order.len();
        // A topic that is no longer known has no partitions to choose from.
        let partitions = metadata.map_or(usize::MAX, |metadata| metadata.order.len());
        let adaptive = self.config.adaptive_partitioning && known >= partitions;
        let mut queues: Vec<(i32, i32)> = Vec::new();
        for index in 0..known {
            let info = &self.topics[&topic];
            let partition = info.order[index];
            let deque = info.deque(partition).expect("a partition of the order has its deque");
            let (length, is_long) = (deque.len() as i32, deque.len() > 1);
            let known = metadata.and_then(|metadata| metadata.partitions.get(&partition));
            let leader = known.and_then(|known| known.leader_id).filter(|leader| cluster.brokers.contains_key(leader));
            if adaptive && leader.is_some() {
                queues.push((partition, 0));
            }
            let Some(first) = deque.front().copied() else { continue };
            let leader_epoch = known.and_then(|known| known.leader_epoch);
            if self.batches.get(first).is_leader_epoch_news(leader_epoch) {
                self.batches.get_mut(first).maybe_update_leader_epoch(leader_epoch);
            }
            let Some(leader) = leader else {
                if check.unknown_leader_topics.last() != Some(&topic) {
                    check.unknown_leader_topics.push(topic);
                }
                continue;
            };
            if adaptive {
                queues.last_mut().expect("it was just pushed").1 = length;
                let slow_ms = self.config.availability_timeout_ms;
                let is_slow = slow_ms > 0
                    && self.latencies.get(&leader).is_some_and(|latency| latency.ready_ms - latency.drain_ms > slow_ms);
                if is_slow {
                    queues.pop();
                }
            }
            if self.muted.contains(&PartitionNo { topic, partition }) {
                continue;
            }
            self.batch_ready(first, leader, is_long, exhausted, now_ms, check);
        }
        let info = self.topics.get_mut(&topic).expect("it was just seen");
        info.partitioner.update_load_stats(adaptive.then_some((&queues[..], known)));
    }

    /// `batchReady`: whether the head of a deque may leave, or how long it is held.
    fn batch_ready(
        &mut self,
        number: u32,
        leader: BrokerId,
        is_long: bool,
        exhausted: bool,
        now_ms: u64,
        check: &mut ReadyCheck,
    ) {
        let batch = self.batches.get(number);
        let backing_off = batch.should_backoff(now_ms);
        let waited_ms = batch.waited_ms(now_ms);
        let time_to_wait_ms = if backing_off { batch.retry_backoff_ms } else { self.config.linger_ms };
        let why = if is_long || batch.is_full() {
            Some(ReadyWhy::Full)
        } else if waited_ms >= time_to_wait_ms {
            Some(ReadyWhy::Linger)
        } else if exhausted {
            Some(ReadyWhy::Exhausted)
        } else if self.closed {
            Some(ReadyWhy::Close)
        } else if self.flushes_in_progress > 0 {
            Some(ReadyWhy::Flush)
        } else {
            None
        };
        let Some(why) = why.filter(|_| !backing_off) else {
            let left_ms = time_to_wait_ms.saturating_sub(waited_ms);
            let least = |known: Option<u64>| Some(known.map_or(left_ms, |known| known.min(left_ms)));
            check.next_wake_ms = least(check.next_wake_ms);
            if !check.nodes.contains(&leader) {
                check.next_check_delay_ms = least(check.next_check_delay_ms);
            }
            return;
        };
        if !batch.said_ready {
            let why = if batch.attempts > 0 { ReadyWhy::Retry } else { why };
            check.newly_ready.push((number, why));
            self.batches.get_mut(number).said_ready = true;
        }
        check.nodes.insert(leader);
    }

    /// `drain`: takes at most one batch of each partition for each broker, up to `max_size` bytes a broker.
    pub fn drain(
        &mut self,
        cluster: &Cluster,
        nodes: &SortedSet<BrokerId>,
        max_size: i32,
        now_ms: u64,
        mut transactions: Option<&mut TransactionManager>,
    ) -> Vec<(BrokerId, Vec<u32>)> {
        let mut drained = Vec::new();
        for node in nodes {
            let batches = self.drain_for_node(cluster, *node, max_size, now_ms, transactions.as_deref_mut());
            drained.push((*node, batches));
        }
        drained
    }

    fn drain_for_node(
        &mut self,
        cluster: &Cluster,
        node: BrokerId,
        max_size: i32,
        now_ms: u64,
        mut transactions: Option<&mut TransactionManager>,
    ) -> Vec<u32> {
        let mut ready = Vec::new();
        let Some(partitions) = cluster.by_node.get(&node).filter(|partitions| !partitions.is_empty()) else {
            return ready;
        };
        let count = partitions.len() as u32;
        let mut size = 0;
        // Each broker's walk goes on where the last one ended, so that no partition starves.
        let start = self.drain_index.get(&node).copied().unwrap_or_default() % count;
        for step in 0..count {
            let index = (start + step) % count;
            let at = partitions[index as usize];
            self.drain_index.insert(node, index);
            if self.muted.contains(&at) {
                continue;
            }
            let Some(info) = self.topics.get(&at.topic) else { continue };
            let Some(first) = info.deque(at.partition).and_then(|deque| deque.front().copied()) else { continue };
            let leader_epoch = cluster.leader_epoch(&info.name, at.partition);
            if self.batches.get(first).is_leader_epoch_news(leader_epoch) {
                self.batches.get_mut(first).maybe_update_leader_epoch(leader_epoch);
            }
            let batch = self.batches.get(first);
            if batch.should_backoff(now_ms) {
                continue;
            }
            if size + batch.estimated_size_in_bytes() > max_size && !ready.is_empty() {
                break;
            }
            if let Some(transactions) = &transactions
                && transactions.should_stop_drain(batch)
            {
                break;
            }
            self.topics.get_mut(&at.topic).expect("it was just seen").deque_mut(at.partition).pop_front();
            if let Some(transactions) = &mut transactions
                && !self.batches.get(first).has_sequence()
            {
                transactions.assign_sequence(first, &mut self.batches);
            }
            size += self.batches.get_mut(first).close().len() as i32;
            self.observe_compression(first);
            ready.push(first);
        }
        ready
    }
}
