//! `BuiltInPartitioner` (KIP-794) and `RoundRobinPartitioner`: the partition of a record without one.
//!
//! The partition of a key is `record::partition_for_key`.

use crate::client::net::TopicMetadata;
use crate::ids::TopicNo;
use crate::sorted::SortedMap;

/// A source of non-negative random `int`s.
pub type Draw<'a> = &'a mut dyn FnMut() -> i32;

/// How full the queues of a topic's partitions are, as a table of running sums (`PartitionLoadStats`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct LoadStats {
    cumulative: Vec<i32>,
    partitions: Vec<i32>,
}

/// The partition that records without a key go to now (`StickyPartitionInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StickyPartition {
    pub partition: i32,
    pub produced_bytes: i32,
    /// Tells choices of the same partition apart.
    choice: u32,
}

/// `BuiltInPartitioner` of one topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BuiltInPartitioner {
    sticky_batch_size: i32,
    load_stats: Option<LoadStats>,
    sticky: Option<StickyPartition>,
}

impl BuiltInPartitioner {
    pub const fn new(sticky_batch_size: i32) -> BuiltInPartitioner {
        assert!(sticky_batch_size >= 1, "stickyBatchSize is at least 1");
        BuiltInPartitioner { sticky_batch_size, load_stats: None, sticky: None }
    }

    /// The current choice, if one was made.
    pub const fn sticky(&self) -> Option<StickyPartition> {
        self.sticky
    }

    /// `peekCurrentPartitionInfo`: the current choice, made now if there is none.
    pub fn peek(&mut self, topic: &TopicMetadata, draw: Draw<'_>) -> StickyPartition {
        if let Some(sticky) = self.sticky {
            return sticky;
        }
        let partition = self.next_partition(topic, draw);
        *self.sticky.insert(StickyPartition { partition, produced_bytes: 0, choice: 0 })
    }

    /// `isPartitionChanged`.
    pub fn is_changed(&self, seen: StickyPartition) -> bool {
        self.sticky.is_none_or(|sticky| sticky.choice != seen.choice)
    }

    /// `updatePartitionInfo`: counts what was appended and goes to another partition after `batch.size` bytes if that
    /// cuts no batch short (`may_switch`), after twice as many in any case.
    pub fn update(&mut self, appended_bytes: i32, may_switch: bool, topic: &TopicMetadata, draw: Draw<'_>) {
        let sticky = self.sticky.as_mut().expect("a partition was chosen before bytes went there");
        sticky.produced_bytes = sticky.produced_bytes.saturating_add(appended_bytes);
        let StickyPartition { produced_bytes, choice, .. } = *sticky;
        // Java's product wraps around from 1,073,741,824 on, and its `send` never comes back: every run here ends.
        let twice = self.sticky_batch_size.saturating_mul(2);
        if (produced_bytes >= self.sticky_batch_size && may_switch) || produced_bytes >= twice {
            let partition = self.next_partition(topic, draw);
            self.sticky = Some(StickyPartition { partition, produced_bytes: 0, choice: choice.wrapping_add(1) });
        }
    }

    /// `updatePartitionLoadStats`: `queues` are partitions and their queue lengths; `all` is the number of the topic's
    /// partitions with a queue, those without leader or left out for slowness included.
    pub fn update_load_stats(&mut self, queues: Option<(&[(i32, i32)], usize)>) {
        self.load_stats = queues.and_then(|(queues, all)| {
            if queues.is_empty() || all < 2 {
                return None;
            }
            let most = queues.iter().map(|(_, size)| *size).max().unwrap_or_default();
            let all_equal = queues.iter().all(|(_, size)| *size == queues[0].1);
            if all_equal && queues.len() == all {
                return None;
            }
            let mut sum = 0;
            let cumulative = queues.iter().map(|(_, size)| {
                sum += most + 1 - size;
                sum
            });
            let cumulative = cumulative.collect();
            Some(LoadStats { cumulative, partitions: queues.iter().map(|(partition, _)| *partition).collect() })
        });
    }

    fn next_partition(&self, topic: &TopicMetadata, draw: Draw<'_>) -> i32 {
        let random = draw();
        let pick = |of: usize| (random as usize) % of;
        match &self.load_stats {
            Some(stats) => {
                let all = *stats.cumulative.last().expect("a table is never empty");
                let weighted = random % all;
                let index = stats.cumulative.partition_point(|sum| *sum <= weighted);
                stats.partitions[index]
            }
            None if !topic.available.is_empty() => topic.available[pick(topic.available.len())],
            None => pick(topic.order.len()) as i32,
        }
    }
}

/// `RoundRobinPartitioner`: a counter per topic, over the available partitions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RoundRobinPartitioner {
    counters: SortedMap<TopicNo, u32>,
}

impl RoundRobinPartitioner {
    pub fn partition(&mut self, topic: &TopicMetadata) -> i32 {
        let counter = self.counters.entry(topic.no).or_default();
        let next = (*counter & 0x7fff_ffff) as usize;
        *counter = counter.wrapping_add(1);
        match topic.available.len() {
            0 => (next % topic.order.len()) as i32,
            available => topic.available[next % available],
        }
    }
}
