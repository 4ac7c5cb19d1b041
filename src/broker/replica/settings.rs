//! What a log obeys, out of its topic's and its broker's settings.

use crate::config::{BrokerConfig, ConfigValue, TimestampType as TopicTimestampType, TopicCompression, TopicConfig};
use crate::image::TopicImage;
use crate::log::LogConfig;
use crate::record::{CompressionType, TimestampType};

/// A topic's settings as they are in force; bad ones cannot come from the controller.
pub(in crate::broker) fn topic_config(topic: &TopicImage, broker: &BrokerConfig) -> TopicConfig {
    let pairs: Vec<(&str, ConfigValue)> =
        topic.configs.iter().map(|(name, value)| (&**name, ConfigValue::Text(value.clone()))).collect();
    TopicConfig::construct(&pairs, broker).expect("the controller has checked the topic's settings")
}

/// What a log obeys, out of the settings of its topic and its broker.
pub(in crate::broker) fn log_config(topic: &TopicConfig, broker: &BrokerConfig) -> LogConfig {
    let (compression, gzip_level) = match topic.compression_type {
        TopicCompression::Producer => (None, -1),
        TopicCompression::Uncompressed => (Some(CompressionType::None), -1),
        TopicCompression::Gzip(level) => (Some(CompressionType::Gzip), level),
        TopicCompression::Snappy => (Some(CompressionType::Snappy), -1),
        TopicCompression::Lz4(_) => (Some(CompressionType::Lz4), -1),
        TopicCompression::Zstd(_) => (Some(CompressionType::Zstd), -1),
    };
    LogConfig {
        max_message_bytes: topic.max_message_bytes,
        segment_bytes: topic.segment_bytes,
        segment_ms: topic.segment_ms,
        retention_ms: topic.retention_ms,
        retention_bytes: topic.retention_bytes,
        message_timestamp_type: match topic.message_timestamp_type {
            TopicTimestampType::CreateTime => TimestampType::CreateTime,
            TopicTimestampType::LogAppendTime => TimestampType::LogAppendTime,
        },
        message_timestamp_before_max_ms: topic.message_timestamp_before_max_ms,
        message_timestamp_after_max_ms: topic.message_timestamp_after_max_ms,
        compression,
        gzip_level,
        is_compacted: topic.cleanup_compact,
        is_deleted: topic.cleanup_delete,
        producer_id_expiration_ms: i64::from(broker.producer_id_expiration_ms),
        ..LogConfig::default()
    }
}
