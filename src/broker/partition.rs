//! One replica on this broker's disk, and whether this broker leads it (`Partition`).

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use uuid::Uuid;

use crate::config::{BrokerConfig, ConfigValue, TimestampType as TopicTimestampType, TopicCompression, TopicConfig};
use crate::error::Code;
use crate::ids::TopicPartition;
use crate::image::{PartitionRegistration, TopicImage};
use crate::log::{Append, AppendError, AppendInfo, AppendOrigin, LogConfig, PartitionLog, VerificationGuard};
use crate::record::{CompressionType, TimestampType};
use crate::time::Now;

/// `isolation.level` of a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Isolation {
    ReadUncommitted,
    ReadCommitted,
}

impl Isolation {
    pub(super) const fn from_wire(level: i8) -> Isolation {
        if level == 1 { Isolation::ReadCommitted } else { Isolation::ReadUncommitted }
    }
}

/// A replica: its log, and what the controller last said of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Partition {
    topic_id: Uuid,
    log: PartitionLog,
    config: LogConfig,
    min_insync_replicas: i32,
    /// How many replicas are in sync, and how many there are.
    in_sync: i32,
    replicas: i32,
    leader_epoch: i32,
    leads: bool,
}

/// `fetch` looks no further than this into one read: what does not fit an `i32`.
const MOST_BYTES: i64 = i32::MAX as i64;

impl Partition {
    /// An empty replica of a partition of this topic.
    pub(super) fn new(now: Now, topic: &TopicImage, partition: i32) -> Partition {
        Partition {
            topic_id: topic.id,
            log: PartitionLog::new(TopicPartition::new(&topic.name, partition), now.wall_ms()),
            config: LogConfig::default(),
            min_insync_replicas: 1,
            in_sync: 0,
            replicas: 0,
            leader_epoch: -1,
            leads: false,
        }
    }

    pub const fn topic_id(&self) -> Uuid {
        self.topic_id
    }

    /// Offsets, epochs, producers, segments and batches.
    pub const fn log(&self) -> &PartitionLog {
        &self.log
    }

    /// A door for tests that break a run on purpose.
    pub(super) const fn door_to_log(&mut self) -> &mut PartitionLog {
        &mut self.log
    }

    pub const fn config(&self) -> &LogConfig {
        &self.config
    }

    /// Whether this broker leads the partition, as far as it knows.
    pub const fn leads(&self) -> bool {
        self.leads
    }

    /// Of the leader that this broker last heard of.
    pub const fn leader_epoch(&self) -> i32 {
        self.leader_epoch
    }

    pub fn high_watermark(&self) -> i64 {
        self.log.high_watermark()
    }

    pub fn last_stable_offset(&self) -> i64 {
        self.log.last_stable_offset()
    }

    pub fn log_start_offset(&self) -> i64 {
        self.log.log_start_offset()
    }

    pub fn log_end_offset(&self) -> i64 {
        self.log.log_end_offset()
    }

    /// The topic's settings are these now.
    pub(super) fn apply_config(&mut self, config: &LogConfig, min_insync_replicas: i32) {
        self.config = config.clone();
        self.min_insync_replicas = min_insync_replicas;
    }

    /// Becomes leader or learns of a later epoch (`Partition.makeLeader`): the epoch begins at the log's end, and with
    /// one replica all that is in the log is committed.
    pub(super) fn lead(&mut self, registration: &PartitionRegistration) {
        let count = |brokers: usize| i32::try_from(brokers).expect("few replicas");
        self.in_sync = count(registration.isr.len());
        self.replicas = count(registration.replicas.len());
        if self.leads && self.leader_epoch == registration.leader_epoch {
            return;
        }
        self.leads = true;
        self.leader_epoch = registration.leader_epoch;
        let end = self.log.log_end_offset();
        self.log.assign_epoch_start_offset(registration.leader_epoch, end);
        self.log.maybe_increment_high_watermark(end);
    }

    /// Another broker leads, or none.
    pub(super) fn follow(&mut self, registration: &PartitionRegistration) {
        self.leads = false;
        self.leader_epoch = registration.leader_epoch;
    }

    /// The process ends: what it knew of leaders is gone.
    pub(super) fn resign(&mut self) {
        self.leads = false;
    }

    /// `NOT_ENOUGH_REPLICAS` when fewer are in sync than `min.insync.replicas`, which the number of replicas caps.
    pub(super) fn check_in_sync(&self) -> Result<(), Code> {
        let needed = self.min_insync_replicas.min(self.replicas);
        if self.in_sync < needed { Err(Code::NotEnoughReplicas) } else { Ok(()) }
    }

    /// Appends one batch; with one replica the high watermark follows at once. A coordinator's records are never
    /// refused: the topic's settings do not hold for them.
    pub(super) fn append(&mut self, now: Now, bytes: &[u8], origin: AppendOrigin) -> Result<AppendInfo, AppendError> {
        let append = Append {
            now_ms: now.wall_ms(),
            bytes,
            leader_epoch: self.leader_epoch,
            origin,
            guard: VerificationGuard::SENTINEL,
            transaction_version: -1,
        };
        let info = match origin {
            AppendOrigin::Coordinator => self.log.append_as_leader(append, &LogConfig::default())?,
            AppendOrigin::Client | AppendOrigin::Replication => self.log.append_as_leader(append, &self.config)?,
        };
        self.log.maybe_increment_high_watermark(self.log.log_end_offset());
        Ok(info)
    }

    /// Where what a reader may see ends.
    pub(super) fn fetchable_end(&self, isolation: Isolation) -> i64 {
        match isolation {
            Isolation::ReadUncommitted => self.high_watermark(),
            Isolation::ReadCommitted => self.last_stable_offset(),
        }
    }

    /// The bytes a reader at `offset` could get.
    pub(super) fn available(&self, offset: i64, isolation: Isolation) -> i64 {
        self.log.bytes_between(offset, self.fetchable_end(isolation))
    }

    /// Whole batches from the one that holds `offset`, and how many bytes count for them. Errors: 1 out of range.
    pub(super) fn read(
        &self,
        offset: i64,
        max_bytes: i64,
        at_least_one: bool,
        isolation: Isolation,
    ) -> Result<(Bytes, i64), Code> {
        let max_bytes = max_bytes.clamp(0, MOST_BYTES) as i32;
        let read = self
            .log
            .read(offset, max_bytes, self.fetchable_end(isolation), at_least_one)
            .map_err(|exception| exception.code())?;
        if read.is_first_entry_incomplete && read.batches.is_empty() {
            return Ok((Bytes::new(), 0));
        }
        let records = match <[Arc<[u8]>; 1]>::try_from(read.batches) {
            // One batch is shared, not copied.
            Ok([batch]) => Bytes::from_owner(batch),
            Err(batches) => {
                let mut records = BytesMut::with_capacity(batches.iter().map(|batch| batch.len()).sum());
                for batch in batches {
                    records.extend_from_slice(&batch);
                }
                records.freeze()
            }
        };
        Ok((records, i64::from(read.size)))
    }

    /// The largest epoch not above `epoch` and where it ends; none when the log knows no such epoch.
    pub(super) fn end_offset_for(&self, epoch: i32) -> Option<(i32, i64)> {
        self.log.leader_epochs().end_offset_for(epoch, self.log.log_end_offset())
    }

    /// Whether `cleanup.policy` lets records be deleted.
    pub(super) const fn deletes_records(&self) -> bool {
        self.config.is_deleted
    }

    /// Errors: 1 above the high watermark.
    pub(super) fn move_log_start(&mut self, offset: i64) -> Result<(), Code> {
        self.log.maybe_increment_log_start_offset(offset).map(|_| ()).map_err(|exception| exception.code())
    }
}

/// A topic's settings as they are in force; bad ones cannot come from the controller.
pub(super) fn topic_config(topic: &TopicImage, broker: &BrokerConfig) -> TopicConfig {
    let pairs: Vec<(&str, ConfigValue)> =
        topic.configs.iter().map(|(name, value)| (&**name, ConfigValue::Text(value.clone()))).collect();
    TopicConfig::construct(&pairs, broker).expect("the controller has checked the topic's settings")
}

/// What a log obeys, out of the settings of its topic and its broker.
pub(super) fn log_config(topic: &TopicConfig, broker: &BrokerConfig) -> LogConfig {
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
