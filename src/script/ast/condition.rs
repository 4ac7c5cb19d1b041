//! What `wait` and `run until` wait for, as types.

use std::sync::Arc;

use crate::ids::{BrokerId, TopicPartition};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub condition: Condition,
    /// Milliseconds; None: 40,000.
    pub timeout_ms: Option<u64>,
}

impl Wait {
    pub const DEFAULT_TIMEOUT_MS: u64 = 40_000;

    pub fn timeout_ms(&self) -> u64 {
        self.timeout_ms.unwrap_or(Wait::DEFAULT_TIMEOUT_MS)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Ascending.
    Isr {
        partition: TopicPartition,
        brokers: Vec<BrokerId>,
    },
    /// Ascending; none: empty.
    Elr {
        partition: TopicPartition,
        brokers: Vec<BrokerId>,
    },
    /// `-1`: no leader.
    Leader {
        partition: TopicPartition,
        broker: Option<BrokerId>,
    },
    Broker {
        broker: BrokerId,
        up: bool,
    },
    Partitions {
        topic: Arc<str>,
        count: u64,
    },
    NoTopic {
        topic: Arc<str>,
    },
    Group {
        group: Arc<str>,
        facts: GroupFacts,
    },
    ShareGroup {
        group: Arc<str>,
        facts: GroupFacts,
    },
    /// In the order of their texts; none: empty.
    Assignment {
        client: Arc<str>,
        partitions: Vec<TopicPartition>,
    },
    AssignedCount {
        client: Arc<str>,
        count: u64,
    },
    Callbacks {
        client: Arc<str>,
        count: u64,
    },
    Generation {
        client: Arc<str>,
        generation: i64,
    },
    /// Records that a loop has read and nobody has asked for.
    Count {
        client: Arc<str>,
        count: u64,
    },
    /// No callback is open.
    Sent {
        client: Arc<str>,
    },
    Latest {
        partition: TopicPartition,
        offset: u64,
    },
    Lso {
        partition: TopicPartition,
        offset: u64,
    },
    Earliest {
        partition: TopicPartition,
        offset: u64,
    },
    LogEnd {
        partition: TopicPartition,
        place: ReplicaPlace,
        offset: u64,
    },
    Segments {
        partition: TopicPartition,
        place: ReplicaPlace,
        count: u64,
    },
    Batches {
        partition: TopicPartition,
        count: u64,
    },
    RecordsInLog {
        partition: TopicPartition,
        count: u64,
    },
    /// `none`: nothing committed.
    Committed {
        group: Arc<str>,
        partition: TopicPartition,
        offset: Option<u64>,
    },
    Transaction {
        id: Arc<str>,
        state: Arc<str>,
    },
    /// Only of `run until`: the record that the producer sent last is acknowledged.
    Acknowledged {
        client: Arc<str>,
    },
}

/// Which replica's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplicaPlace {
    Leader,
    Broker(BrokerId),
}

/// What is asked of a group; at least one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupFacts {
    /// `Stable`, `PreparingRebalance`, `Empty`, …, as Kafka prints it.
    pub state: Option<Arc<str>>,
    pub members: Option<u64>,
    /// `Classic`, `Consumer`.
    pub kind: Option<Arc<str>>,
    pub epoch: Option<u64>,
}

/// The word of [`Condition::Acknowledged`].
pub(in crate::script) const ACKNOWLEDGED: &str = "acknowledged";
