//! The kinds of requests that a fault can name.

/// A kind of request by Kafka's name (`Produce`, `JoinGroup`) and its API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaultApi {
    pub name: &'static str,
    pub key: i16,
}

impl FaultApi {
    pub fn from_name(name: &str) -> Option<FaultApi> {
        FaultApi::ALL.iter().find(|(n, _)| *n == name).map(|(name, key)| FaultApi { name, key: *key })
    }

    /// Those that the model plays.
    pub const PLAYED: &'static [&'static str] = &[
        "Produce",
        "Fetch",
        "ListOffsets",
        "Metadata",
        "OffsetCommit",
        "OffsetFetch",
        "FindCoordinator",
        "JoinGroup",
        "Heartbeat",
        "LeaveGroup",
        "SyncGroup",
        "DescribeGroups",
        "ListGroups",
        "ApiVersions",
        "CreateTopics",
        "DeleteTopics",
        "DeleteRecords",
        "InitProducerId",
        "OffsetForLeaderEpoch",
        "CreatePartitions",
        "DeleteGroups",
        "ElectLeaders",
        "IncrementalAlterConfigs",
        "OffsetDelete",
    ];

    /// Those that a broker can be made to answer with an error.
    pub const ANSWERABLE: &'static [&'static str] = &[
        "Produce",
        "Fetch",
        "ListOffsets",
        "Metadata",
        "OffsetCommit",
        "OffsetFetch",
        "FindCoordinator",
        "JoinGroup",
        "SyncGroup",
        "Heartbeat",
        "LeaveGroup",
        "InitProducerId",
        "OffsetForLeaderEpoch",
    ];

    /// Kafka's names and keys (`ApiKeys`) of all that clients ask brokers.
    pub const ALL: &'static [(&'static str, i16)] = &[
        ("Produce", 0),
        ("Fetch", 1),
        ("ListOffsets", 2),
        ("Metadata", 3),
        ("OffsetCommit", 8),
        ("OffsetFetch", 9),
        ("FindCoordinator", 10),
        ("JoinGroup", 11),
        ("Heartbeat", 12),
        ("LeaveGroup", 13),
        ("SyncGroup", 14),
        ("DescribeGroups", 15),
        ("ListGroups", 16),
        ("ApiVersions", 18),
        ("CreateTopics", 19),
        ("DeleteTopics", 20),
        ("DeleteRecords", 21),
        ("InitProducerId", 22),
        ("OffsetForLeaderEpoch", 23),
        ("AddPartitionsToTxn", 24),
        ("AddOffsetsToTxn", 25),
        ("EndTxn", 26),
        ("WriteTxnMarkers", 27),
        ("TxnOffsetCommit", 28),
        ("DescribeConfigs", 32),
        ("CreatePartitions", 37),
        ("DeleteGroups", 42),
        ("ElectLeaders", 43),
        ("IncrementalAlterConfigs", 44),
        ("OffsetDelete", 47),
        ("DescribeCluster", 60),
        ("DescribeProducers", 61),
        ("DescribeTransactions", 65),
        ("ConsumerGroupHeartbeat", 68),
        ("ConsumerGroupDescribe", 69),
        ("DescribeTopicPartitions", 75),
        ("ShareGroupHeartbeat", 76),
        ("ShareGroupDescribe", 77),
        ("ShareFetch", 78),
        ("ShareAcknowledge", 79),
    ];
}
