//! The first line of a script, topics, and changed settings, as types.

use std::sync::Arc;

use crate::ids::BrokerId;

use super::property::Property;

/// `cluster brokers=3 seed=7 start=2026-01-01T00:00:00Z hop-us=500 auto.create.topics.enable=false`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCluster {
    /// 1 to 9; not said: 1.
    pub brokers: u32,
    /// The seed of the run's generator; None: 0.
    pub seed: Option<u64>,
    /// The wall clock at the start, in milliseconds since 1970; None: 2026-01-01T00:00:00Z.
    pub start_ms: Option<i64>,
    /// Microseconds that a message travels, 1 to 60,000,000; None: 500. Without any, time would stand still wherever
    /// something is tried again at once.
    pub hop_us: Option<u32>,
    /// `transaction.version=1`: feature levels the cluster is formatted with.
    pub features: Vec<Property>,
    /// `controller=separate`: the controller is a process of its own even beside a single broker.
    pub separate_controller: bool,
    /// Properties of every broker.
    pub properties: Vec<Property>,
}

impl NewCluster {
    pub const DEFAULT_START_MS: i64 = 1_767_225_600_000;
    pub const DEFAULT_HOP_US: u32 = 500;

    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or(0)
    }

    pub fn start_ms(&self) -> i64 {
        self.start_ms.unwrap_or(NewCluster::DEFAULT_START_MS)
    }

    pub fn hop_us(&self) -> u32 {
        self.hop_us.unwrap_or(NewCluster::DEFAULT_HOP_US)
    }
}

/// `topic orders partitions=3 replication-factor=1 …` or `topic orders replicas=1,2;2,3 …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTopic {
    pub name: Arc<str>,
    /// 1 to 100; None: 1, or as many as `replicas` has.
    pub partitions: Option<u32>,
    /// None: 1.
    pub replication_factor: Option<u32>,
    /// The brokers of each partition, its preferred leader first.
    pub replicas: Option<Vec<Vec<i32>>>,
    pub properties: Vec<Property>,
}

impl NewTopic {
    /// The brokers of every partition on a cluster of that many: as given, or partition p on brokers p+1, p+2, … (cyclic).
    pub fn placement(&self, brokers: u32) -> Vec<Vec<BrokerId>> {
        if let Some(replicas) = &self.replicas {
            return replicas.iter().map(|ids| ids.iter().map(|id| BrokerId(*id)).collect()).collect();
        }
        let at = |p: u32, k: u32| BrokerId(((p + k) % brokers.max(1) + 1) as i32);
        let copies = self.replication_factor.unwrap_or(1);
        (0..self.partitions.unwrap_or(1)).map(|p| (0..copies).map(|k| at(p, k)).collect()).collect()
    }
}

/// `set p1 linger.ms=5 from=now`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub target: SettingTarget,
    /// At least one.
    pub properties: Vec<Property>,
    pub from: SettingFrom,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingTarget {
    /// The properties of all brokers, as on the `cluster` line.
    Cluster,
    Broker(BrokerId),
    Topic(Arc<str>),
    Client(Arc<str>),
}

/// From when a changed setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettingFrom {
    /// The same commands run again from the start with the new value.
    Start,
    /// The client is closed and made anew; a topic or broker is altered through the real request.
    Now,
}

impl SettingFrom {
    pub(in crate::script) const ALL: &[(&str, SettingFrom)] =
        &[("start", SettingFrom::Start), ("now", SettingFrom::Now)];
}
