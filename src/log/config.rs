//! What a topic's properties say about its logs (`LogConfig`).

use crate::record::{CompressionType, TimestampType};

/// The properties of a topic that its logs obey, in force as they stand at each call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogConfig {
    /// `max.message.bytes`: the largest batch, as it arrives.
    pub max_message_bytes: i32,
    /// `segment.bytes`, or `internal.segment.bytes` where that is given.
    pub segment_bytes: i32,
    /// `segment.ms`
    pub segment_ms: i64,
    /// `retention.ms`; below 0: for ever.
    pub retention_ms: i64,
    /// `retention.bytes`; below 0: without limit.
    pub retention_bytes: i64,
    /// `message.timestamp.type`
    pub message_timestamp_type: TimestampType,
    /// `message.timestamp.before.max.ms`
    pub message_timestamp_before_max_ms: i64,
    /// `message.timestamp.after.max.ms`
    pub message_timestamp_after_max_ms: i64,
    /// `compression.type`; `None` is `producer`: as it arrives.
    pub compression: Option<CompressionType>,
    /// `compression.gzip.level`: 1 to 9, or -1 for the default.
    pub gzip_level: i32,
    /// Whether `cleanup.policy` has `compact`.
    pub is_compacted: bool,
    /// Whether `cleanup.policy` has `delete`.
    pub is_deleted: bool,
    /// The broker's `transaction.partition.verification.enable`.
    pub transaction_verification: bool,
    /// The broker's `producer.id.expiration.ms`.
    pub producer_id_expiration_ms: i64,
}

impl Default for LogConfig {
    fn default() -> LogConfig {
        const WEEK_MS: i64 = 7 * 24 * 3_600_000;
        LogConfig {
            max_message_bytes: 1_048_588,
            segment_bytes: 1 << 30,
            segment_ms: WEEK_MS,
            retention_ms: WEEK_MS,
            retention_bytes: -1,
            message_timestamp_type: TimestampType::CreateTime,
            message_timestamp_before_max_ms: i64::MAX,
            message_timestamp_after_max_ms: 3_600_000,
            compression: None,
            gzip_level: -1,
            is_compacted: false,
            is_deleted: true,
            transaction_verification: true,
            producer_id_expiration_ms: 24 * 3_600_000,
        }
    }
}

/// Who appends (`AppendOrigin`): the less they are trusted, the more is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AppendOrigin {
    Client,
    /// A group or transaction coordinator of this cluster.
    Coordinator,
    /// A follower that copies what its leader wrote.
    Replication,
}
