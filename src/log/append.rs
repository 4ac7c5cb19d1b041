//! Appending to a log, in Kafka's order: look at the bytes, validate, roll, check the producer, write
//! (`UnifiedLog.append`).

use std::sync::Arc;

use super::append_info::ProducerAppendInfo;
use super::config::{AppendOrigin, LogConfig};
use super::error::AppendError;
use super::partition_log::PartitionLog;
use super::producers::BatchMetadata;
use super::segments::{RollParams, Segment};
use super::transactions::{AbortedTxn, CompletedTxn, VerificationGuard};
use super::validator::LogValidator;
use crate::record::{BatchView, Batches, CompressionType, RecordException, TimestampType};
use crate::sorted::SortedMap;

/// One append to a leader's log.
#[derive(Clone, Copy, Debug)]
pub struct Append<'a> {
    /// Milliseconds since 1970.
    pub now_ms: i64,
    /// The records of a produce request for this partition: one batch, as it came.
    pub bytes: &'a [u8],
    pub leader_epoch: i32,
    pub origin: AppendOrigin,
    /// From [`PartitionLog::maybe_start_transaction_verification`]; the sentinel for all that is not transactional.
    pub guard: VerificationGuard,
    /// Of the transaction whose marker is written; -1: unknown.
    pub transaction_version: i16,
}

/// What became of an append (`LogAppendInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AppendInfo {
    /// -1: the bytes held no whole batch, and nothing was appended.
    pub first_offset: i64,
    pub last_offset: i64,
    /// Milliseconds since 1970; -1 for `CreateTime`. Of a duplicate: the first one's timestamp, whatever its type.
    pub log_append_time: i64,
    pub log_start_offset: i64,
    /// The batch had been appended before: nothing was written, the offsets are those of then.
    pub is_duplicate: bool,
    /// Bytes that were written.
    pub size: i32,
    pub max_timestamp: i64,
}

/// What the bytes say before anything is decided.
struct Analysis {
    valid_bytes: usize,
    source_compression: CompressionType,
    /// Batches of a leader that this replica does not know yet are left out.
    max_timestamp: i64,
    first_offset: i64,
    last_offset: i64,
}

/// What the append does to producers.
#[derive(Default)]
struct ProducerUpdates {
    infos: SortedMap<i64, ProducerAppendInfo>,
    completed: Vec<CompletedTxn>,
    duplicate: Option<BatchMetadata>,
}

impl PartitionLog {
    /// `appendAsLeader`: all checks in Kafka's order; offsets and the leader epoch are written into the batch. On an
    /// error nothing is in the log; the epoch and a new segment may be noted, as in Kafka.
    pub fn append_as_leader(&mut self, append: Append<'_>, config: &LogConfig) -> Result<AppendInfo, AppendError> {
        let analysis = self.analyze(append.bytes, append.origin, append.leader_epoch, config)?;
        if analysis.valid_bytes == 0 {
            return Ok(self.nothing());
        }
        let validator = LogValidator {
            topic_partition: &self.topic_partition,
            now_ms: append.now_ms,
            source_compression: analysis.source_compression,
            target_compression: config.compression.unwrap_or(analysis.source_compression),
            gzip_level: config.gzip_level,
            is_compacted: config.is_compacted,
            timestamp_type: config.message_timestamp_type,
            timestamp_before_max_ms: config.message_timestamp_before_max_ms,
            timestamp_after_max_ms: config.message_timestamp_after_max_ms,
            leader_epoch: append.leader_epoch,
            origin: append.origin,
        };
        let validated = validator.validate(&append.bytes[..analysis.valid_bytes], self.log_end_offset)?;
        if validated.size_maybe_changed && validated.bytes.len() as i64 > i64::from(config.max_message_bytes) {
            // The missing blank is Kafka's.
            return Err(too_large(format!(
                "Message batch size is {} bytes in append topartition {} which exceeds the maximum configured size of {}.",
                validated.bytes.len(),
                self.topic_partition,
                config.max_message_bytes
            )));
        }
        let mut info = AppendInfo {
            first_offset: self.log_end_offset,
            last_offset: validated.next_offset - 1,
            log_append_time: match config.message_timestamp_type {
                TimestampType::CreateTime => -1,
                TimestampType::LogAppendTime => validated.log_append_time_ms,
            },
            log_start_offset: self.log_start_offset,
            is_duplicate: false,
            size: validated.bytes.len() as i32,
            max_timestamp: validated.max_timestamp,
        };
        let batches = [validated.bytes];
        let updates = self.prepare(&batches, &append, &info, config)?;
        if let Some(duplicate) = updates.duplicate {
            info = AppendInfo {
                first_offset: duplicate.first_offset(),
                last_offset: duplicate.last_offset,
                log_append_time: duplicate.timestamp,
                is_duplicate: true,
                size: 0,
                ..info
            };
            return Ok(info);
        }
        self.write(batches, &info, updates, append.now_ms);
        Ok(info)
    }

    /// `appendAsFollower`: batches as the leader has them, with their offsets and epochs. `OffsetsOutOfOrderException`
    /// and `UnexpectedAppendOffsetException` for what does not continue this log. `leader_epoch` is the one this
    /// replica follows: batches of a later one are left out.
    pub fn append_as_follower(
        &mut self,
        now_ms: i64,
        bytes: &[u8],
        leader_epoch: i32,
        config: &LogConfig,
    ) -> Result<AppendInfo, AppendError> {
        let origin = AppendOrigin::Replication;
        let analysis = self.analyze(bytes, origin, leader_epoch, config)?;
        if analysis.valid_bytes == 0 {
            return Ok(self.nothing());
        }
        if analysis.first_offset < self.log_end_offset {
            return Err(RecordException::new(
                "UnexpectedAppendOffsetException",
                format!(
                    "Unexpected offset in append to {}. First offset {} is less than the next offset {}. Log start \
                     offset = {}",
                    self.topic_partition, analysis.first_offset, self.log_end_offset, self.log_start_offset
                ),
            )
            .into());
        }
        let whole = Batches::of(&bytes[..analysis.valid_bytes]).collect::<Result<Vec<_>, _>>()?;
        let batches: Vec<Arc<[u8]>> = whole.into_iter().map(|batch| batch.bytes().into()).collect();
        let info = AppendInfo {
            first_offset: analysis.first_offset,
            last_offset: analysis.last_offset,
            log_append_time: -1,
            log_start_offset: self.log_start_offset,
            is_duplicate: false,
            size: analysis.valid_bytes as i32,
            max_timestamp: analysis.max_timestamp,
        };
        let guard = VerificationGuard::SENTINEL;
        let append = Append { now_ms, bytes, leader_epoch, origin, guard, transaction_version: -1 };
        let updates = self.prepare(&batches, &append, &info, config)?;
        self.write(batches, &info, updates, now_ms);
        Ok(info)
    }

    fn nothing(&self) -> AppendInfo {
        AppendInfo {
            first_offset: -1,
            last_offset: -1,
            log_append_time: -1,
            log_start_offset: self.log_start_offset,
            is_duplicate: false,
            size: 0,
            max_timestamp: -1,
        }
    }

    /// `analyzeAndValidateRecords`
    fn analyze(
        &self,
        bytes: &[u8],
        origin: AppendOrigin,
        leader_epoch: i32,
        config: &LogConfig,
    ) -> Result<Analysis, AppendError> {
        let place = &self.topic_partition;
        let mut analysis = Analysis {
            valid_bytes: 0,
            source_compression: CompressionType::None,
            max_timestamp: -1,
            first_offset: -1,
            last_offset: -1,
        };
        for batch in Batches::of(bytes) {
            let batch = batch?;
            if batch.magic() >= 2 && origin == AppendOrigin::Client && batch.base_offset() != 0 {
                return Err(RecordException::invalid_record(format!(
                    "The baseOffset of the record batch in the append to {place} should be 0, but it is {}",
                    batch.base_offset()
                ))
                .into());
            }
            let epoch = batch.partition_leader_epoch();
            if origin == AppendOrigin::Replication && epoch > leader_epoch {
                break;
            }
            self.check_bytes(batch, config, origin)?;
            if origin == AppendOrigin::Replication && analysis.last_offset >= batch.last_offset() {
                let message = format!("Out of order offsets found in append to {place}: {}", batch.base_offset());
                return Err(RecordException::new("OffsetsOutOfOrderException", message).into());
            }
            if analysis.valid_bytes == 0 {
                analysis.first_offset = batch.base_offset();
            }
            analysis.last_offset = batch.last_offset();
            analysis.max_timestamp = analysis.max_timestamp.max(batch.max_timestamp());
            analysis.valid_bytes += batch.bytes().len();
            match batch.compression()? {
                CompressionType::None => {}
                compression => analysis.source_compression = compression,
            }
        }
        Ok(analysis)
    }

    /// Size, then checksum, as far as the bytes reach.
    fn check_bytes(&self, batch: BatchView<'_>, config: &LogConfig, origin: AppendOrigin) -> Result<(), AppendError> {
        // The last offset is the first thing that Kafka reads and that may lie beyond the batch's end.
        if batch.magic() >= 2 && batch.bytes().len() < 27 {
            return Err(RecordException::out_of_bounds().into());
        }
        let size = batch.bytes().len();
        if origin != AppendOrigin::Replication && size as i64 > i64::from(config.max_message_bytes) {
            return Err(too_large(format!(
                "The record batch size in the append to {} is {size} bytes which exceeds the maximum configured value of {}).",
                self.topic_partition, config.max_message_bytes
            )));
        }
        if !batch.is_valid_any_magic() {
            return Err(RecordException::corrupt_record(format!(
                "Record is corrupt (stored crc = {}) in topic partition {}.",
                batch.stored_crc_any_magic(),
                self.topic_partition
            ))
            .into());
        }
        if batch.magic() < 2 {
            return Err(RecordException::new(
                "UnsupportedForMessageFormatException",
                format!("Batches of the format v{} are not converted here; v2 is.", batch.magic()),
            )
            .into());
        }
        Ok(())
    }

    /// Epochs, segment and producers, in this order: what fails later leaves the earlier ones changed.
    fn prepare(
        &mut self,
        batches: &[Arc<[u8]>],
        append: &Append<'_>,
        info: &AppendInfo,
        config: &LogConfig,
    ) -> Result<ProducerUpdates, AppendError> {
        for batch in batches {
            let view = BatchView::new(batch);
            self.leader_epochs.assign(view.partition_leader_epoch(), view.base_offset());
        }
        let size: i64 = batches.iter().map(|batch| batch.len() as i64).sum();
        if size > i64::from(config.segment_bytes) {
            return Err(RecordException::new(
                "RecordBatchTooLargeException",
                format!(
                    "Message batch size is {size} bytes in append to partition {}, which exceeds the maximum configured \
                     segment size of {}.",
                    self.topic_partition, config.segment_bytes
                ),
            )
            .into());
        }
        let roll = RollParams { size, max_timestamp: info.max_timestamp, last_offset: info.last_offset };
        if self.active_segment().should_roll(config, append.now_ms, roll) {
            self.roll(info.first_offset, append.now_ms);
        }
        Ok(self.prepare_producers(batches, append, config)?)
    }

    pub(super) fn active_segment(&mut self) -> &mut Segment {
        self.segments.last_mut().expect("a log has a segment")
    }

    /// `roll`: a new segment begins. An empty active one is replaced.
    pub(super) fn roll(&mut self, offset: i64, now_ms: i64) {
        let base_offset = offset.max(self.log_end_offset);
        let active = *self.active_segment();
        if active.base_offset == base_offset {
            self.segments.pop();
        }
        self.segments.push(Segment::new(base_offset, active.end_position(), now_ms));
    }

    /// `analyzeAndValidateProducerState`
    fn prepare_producers(
        &mut self,
        batches: &[Arc<[u8]>],
        append: &Append<'_>,
        config: &LogConfig,
    ) -> Result<ProducerUpdates, RecordException> {
        let mut updates = ProducerUpdates::default();
        for batch in batches.iter().map(|batch| BatchView::new(batch)).filter(|batch| batch.has_producer_id()) {
            let producer_id = batch.producer_id();
            if append.origin == AppendOrigin::Client {
                let entry = self.producers.entry(producer_id);
                updates.duplicate = entry.and_then(|entry| entry.find_duplicate(batch));
                if updates.duplicate.is_some() {
                    return Ok(updates);
                }
            }
            let is_new_transaction = append.origin != AppendOrigin::Replication
                && batch.is_transactional()
                && !self.producers.has_ongoing_transaction(producer_id, batch.producer_epoch());
            if is_new_transaction {
                self.check_epoch_of_last(producer_id, batch.producer_epoch())?;
                if config.transaction_verification && !batch.is_control() && !self.is_verified(batch, append.guard) {
                    let message = "Record was not part of an ongoing transaction";
                    return Err(RecordException::new("InvalidTxnStateException", message));
                }
            }
            let fresh = || self.producers.prepare_update(producer_id, append.origin);
            let info = updates.infos.entry(producer_id).or_insert_with(fresh);
            let completed = info.append(&self.topic_partition, batch, append.transaction_version)?;
            updates.completed.extend(completed);
            if batch.is_transactional() {
                self.end_verification(batch);
            }
        }
        Ok(updates)
    }

    fn is_verified(&self, batch: BatchView<'_>, guard: VerificationGuard) -> bool {
        self.producers.verification(batch.producer_id()).is_some_and(|state| state.guard.verify(guard))
    }

    /// The transaction has begun or ended here, unless the marker is of the one before (`UnifiedLog.updateProducers`).
    fn end_verification(&mut self, batch: BatchView<'_>) {
        let is_of_next_transaction = self.producers.verification(batch.producer_id()).is_some_and(|state| {
            state.supports_epoch_bump && batch.is_control() && batch.producer_epoch() == state.epoch
        });
        if !is_of_next_transaction {
            self.producers.clear_verification(batch.producer_id());
        }
    }

    fn write(
        &mut self,
        batches: impl IntoIterator<Item = Arc<[u8]>>,
        info: &AppendInfo,
        updates: ProducerUpdates,
        now_ms: i64,
    ) {
        for batch in batches {
            let position = self.active_segment().end_position();
            let (size, max_timestamp) = (batch.len() as i64, BatchView::new(&batch).max_timestamp());
            self.active_segment().add(size, max_timestamp, now_ms);
            self.batches.push(batch, position);
        }
        self.log_end_offset = info.last_offset + 1;
        for producer in updates.infos.into_values() {
            self.producers.update(producer);
        }
        for completed in updates.completed {
            if completed.is_aborted {
                self.aborted.push(AbortedTxn {
                    producer_id: completed.producer_id,
                    first_offset: completed.first_offset,
                    last_offset: completed.last_offset,
                    last_stable_offset: self.producers.last_stable_offset(&completed),
                });
            }
            self.producers.complete_transaction(&completed);
        }
        self.update_first_unstable_offset();
    }
}

fn too_large(message: String) -> AppendError {
    RecordException::new("RecordTooLargeException", message).into()
}
