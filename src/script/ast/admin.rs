//! Looking at and changing a cluster through an administrator's client, as types.

use std::sync::Arc;

use crate::ids::{BrokerId, TopicPartition};

use super::property::Property;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminStatement {
    Describe(Described),
    /// `list-offsets orders latest`: of all partitions of a topic, or of one.
    ListOffsets {
        topic: Arc<str>,
        /// None: all partitions.
        partition: Option<i32>,
        spec: OffsetSpec,
        /// `isolation.level=read_committed`
        read_committed: bool,
        /// Milliseconds; None: 10,000.
        timeout_ms: Option<u64>,
    },
    GroupOffsets {
        group: Arc<str>,
    },
    /// The batches as they lie in the log, of the leader unless named.
    DumpLog {
        partition: TopicPartition,
        broker: Option<BrokerId>,
        sizes: bool,
        records: bool,
    },
    /// The group's records in `__consumer_offsets`.
    DumpGroup {
        group: Arc<str>,
        broker: Option<BrokerId>,
    },
    /// All before the offset; -1: before the high watermark.
    DeleteRecords {
        partition: TopicPartition,
        offset: i64,
    },
    /// So that the topic has `total` partitions.
    AddPartitions {
        topic: Arc<str>,
        total: u32,
    },
    /// An empty value takes the property back to its default.
    Alter {
        what: Altered,
        properties: Vec<Property>,
    },
    DeleteTopic {
        topic: Arc<str>,
    },
    DeleteGroup {
        group: Arc<str>,
    },
    AlterOffsets {
        group: Arc<str>,
        offsets: Vec<(TopicPartition, i64)>,
    },
    DeleteOffsets {
        group: Arc<str>,
        partition: TopicPartition,
    },
    RemoveMember {
        group: Arc<str>,
        instance: Arc<str>,
    },
    ElectLeaders {
        election: Election,
        partition: TopicPartition,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Described {
    Topic(Arc<str>),
    /// `show=shape`: how many partitions each member has, not who has which.
    Group {
        group: Arc<str>,
        shape: bool,
    },
    ShareGroup(Arc<str>),
    ShareOffsets(Arc<str>),
    Transaction(Arc<str>),
    Producers(TopicPartition),
    /// Of a topic, these properties; at least one.
    Config {
        topic: Arc<str>,
        names: Vec<Arc<str>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OffsetSpec {
    Latest,
    Earliest,
    MaxTimestamp,
    /// Milliseconds since 1970.
    Timestamp(i64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Altered {
    Topic(Arc<str>),
    Group(Arc<str>),
    Broker(BrokerId),
    /// `alter broker all`: the cluster-wide default.
    AllBrokers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Election {
    Preferred,
    Unclean,
}

impl Election {
    pub(in crate::script) const ALL: &[(&str, Election)] =
        &[("preferred", Election::Preferred), ("unclean", Election::Unclean)];
}

impl AdminStatement {
    /// Its verb: the first word of its line and the `what` of its observation.
    pub fn verb(&self) -> &'static str {
        match self {
            AdminStatement::Describe(_) => "describe",
            AdminStatement::ListOffsets { .. } => "list-offsets",
            AdminStatement::GroupOffsets { .. } => "group-offsets",
            AdminStatement::DumpLog { .. } => "dump-log",
            AdminStatement::DumpGroup { .. } => "dump-group",
            AdminStatement::DeleteRecords { .. } => "delete-records",
            AdminStatement::AddPartitions { .. } => "add-partitions",
            AdminStatement::Alter { .. } => "alter",
            AdminStatement::DeleteTopic { .. } => "delete-topic",
            AdminStatement::DeleteGroup { .. } => "delete-group",
            AdminStatement::AlterOffsets { .. } => "alter-offsets",
            AdminStatement::DeleteOffsets { .. } => "delete-offsets",
            AdminStatement::RemoveMember { .. } => "remove-member",
            AdminStatement::ElectLeaders { .. } => "elect-leaders",
        }
    }
}
