//! One replica on this broker's disk: its log, and whether this broker leads it (`Partition`, `ReplicaManager`'s part of it).
//!
//! What a leader does with it stands in `leading`, what a follower does in `following`.

mod following;
mod leading;
mod progress;
mod role;
mod settings;

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use uuid::Uuid;

use crate::error::Code;
use crate::ids::{BrokerId, TopicPartition};
use crate::image::{MetadataImage, TopicImage};
use crate::log::{LogConfig, PartitionLog};
use crate::time::Now;

pub(super) use following::FromLeader;
pub(super) use progress::FollowerFetch;
pub use progress::ReplicaState;
pub use role::{Isr, Leading, Proposal, Role};
pub(super) use settings::{log_config, topic_config};

/// How far a reader may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Isolation {
    ReadUncommitted,
    ReadCommitted,
    /// A replica (`FetchIsolation.LOG_END`): all there is.
    LogEnd,
}

impl Isolation {
    /// `isolation.level` of a consumer.
    pub(super) const fn from_wire(level: i8) -> Isolation {
        if level == 1 { Isolation::ReadCommitted } else { Isolation::ReadUncommitted }
    }
}

/// What a leader has to know beside its replica.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub image: &'a MetadataImage,
    pub now: Now,
    /// `replica.lag.time.max.ms`
    pub lag_time_max_ms: i64,
    /// The number of the last checkpoint of high watermarks in this life of the process.
    pub checkpoint: u64,
}

/// What the last checkpoint of a high watermark says: only that outlives a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Checkpoint {
    /// The how-manieth of this life of the process.
    number: u64,
    high_watermark: i64,
}

/// A replica: its log, and what the controller last said of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Partition {
    broker: BrokerId,
    topic_id: Uuid,
    log: PartitionLog,
    config: LogConfig,
    min_insync_replicas: i32,
    replicas: Vec<BrokerId>,
    /// -1: no picture of the cluster has come in this life of the process.
    leader_epoch: i32,
    partition_epoch: i32,
    role: Role,
    checkpoint: Checkpoint,
}

/// `fetch` looks no further than this into one read: what does not fit an `i32`.
const MOST_BYTES: i64 = i32::MAX as i64;

impl Partition {
    /// An empty replica, on this broker, of a partition of this topic.
    pub(super) fn new(now: Now, broker: BrokerId, topic: &TopicImage, partition: i32) -> Partition {
        Partition {
            broker,
            topic_id: topic.id,
            log: PartitionLog::new(TopicPartition::new(&topic.name, partition), now.wall_ms()),
            config: LogConfig::default(),
            min_insync_replicas: 1,
            replicas: Vec::new(),
            leader_epoch: -1,
            partition_epoch: -1,
            role: Role::Unknown,
            checkpoint: Checkpoint { number: 0, high_watermark: 0 },
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

    pub const fn role(&self) -> &Role {
        &self.role
    }

    /// What this broker knows as the partition's leader; none when it does not lead it.
    pub const fn leading(&self) -> Option<&Leading> {
        match &self.role {
            Role::Leader(leading) => Some(leading),
            Role::Follower(_) | Role::Unknown => None,
        }
    }

    /// Whether this broker leads the partition, as far as it knows.
    pub const fn leads(&self) -> bool {
        self.leading().is_some()
    }

    /// All replicas, in the controller's order, as this broker last heard.
    pub fn replicas(&self) -> &[BrokerId] {
        &self.replicas
    }

    /// Of the leader that this broker last heard of; -1: of none in this life of the process.
    pub const fn leader_epoch(&self) -> i32 {
        self.leader_epoch
    }

    /// Raised by the controller with each change of the partition; -1: not heard of in this life of the process.
    pub const fn partition_epoch(&self) -> i32 {
        self.partition_epoch
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

    /// The process ends: what it knew of leaders is gone. In order, it writes down the high watermark; killed, it has written
    /// down that of checkpoint `number`, the last one.
    pub(super) fn resign(&mut self, number: u64, in_order: bool) {
        self.role = Role::Unknown;
        (self.leader_epoch, self.partition_epoch) = (-1, -1);
        self.note_checkpoint(if in_order { u64::MAX } else { number });
    }

    /// The first word of a leader in this life of the process: the high watermark is what was written down.
    fn wake_up(&mut self) {
        if self.role == Role::Unknown {
            self.log.update_high_watermark(self.checkpoint.high_watermark);
            self.checkpoint.number = 0;
        }
    }

    /// Before the high watermark moves: `number` is that of the last checkpoint, which has written what stands now.
    fn note_checkpoint(&mut self, number: u64) {
        if number > self.checkpoint.number {
            self.checkpoint = Checkpoint { number, high_watermark: self.log.high_watermark() };
        }
    }

    /// Where what a reader may see ends.
    pub(super) fn fetchable_end(&self, isolation: Isolation) -> i64 {
        match isolation {
            Isolation::ReadUncommitted => self.high_watermark(),
            Isolation::ReadCommitted => self.last_stable_offset(),
            Isolation::LogEnd => self.log_end_offset(),
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

    /// The epoch and the end that a reader at `offset` should know, when its history and this log's part: the batches it has
    /// are of `last_epoch` (`Partition.readRecords`). Errors: 1 an epoch that this log does not know, or an offset before it.
    pub(super) fn divergence(&self, last_epoch: i32, offset: i64) -> Result<Option<(i32, i64)>, Code> {
        if last_epoch < 0 {
            return Ok(None);
        }
        let (epoch, end) = self.end_offset_for(last_epoch).ok_or(Code::OffsetOutOfRange)?;
        if offset < self.log_start_offset() {
            return Err(Code::OffsetOutOfRange);
        }
        Ok((epoch < last_epoch || end < offset).then_some((epoch, end)))
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
