//! What a leader checks in a batch before it appends it, and what it changes in it (`LogValidator`).

use std::sync::Arc;

use super::config::AppendOrigin;
use super::error::{AppendError, RecordError};
use crate::error::Code;
use crate::ids::TopicPartition;
use crate::record::{
    BatchBuilder, BatchOptions, BatchView, Batches, CompressionType, ProducerState, Record, RecordException,
    RecordView, TimestampType, set_last_offset, set_max_timestamp, set_partition_leader_epoch,
};

/// The rules that one batch is held to.
#[derive(Clone, Copy, Debug)]
pub struct LogValidator<'a> {
    pub topic_partition: &'a TopicPartition,
    /// Milliseconds since 1970.
    pub now_ms: i64,
    /// What the batch came with.
    pub source_compression: CompressionType,
    /// What it is stored with.
    pub target_compression: CompressionType,
    pub gzip_level: i32,
    pub is_compacted: bool,
    pub timestamp_type: TimestampType,
    pub timestamp_before_max_ms: i64,
    pub timestamp_after_max_ms: i64,
    pub leader_epoch: i32,
    pub origin: AppendOrigin,
}

/// A batch as it goes into the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationResult {
    pub bytes: Arc<[u8]>,
    /// When it was checked, for topics with `LogAppendTime`.
    pub log_append_time_ms: i64,
    /// -1: none.
    pub max_timestamp: i64,
    /// The batch was written anew, so that its size must be looked at once more.
    pub size_maybe_changed: bool,
    pub next_offset: i64,
}

/// A record that was refused, with the code it was refused for.
type Refusal = (Code, RecordError);

impl LogValidator<'_> {
    /// `validateMessagesAndAssignOffsets`: checks the one batch in `bytes`, and gives it the offsets from
    /// `first_offset` on. One refused record refuses all, with Kafka's exception.
    pub fn validate(&self, bytes: &[u8], first_offset: i64) -> Result<ValidationResult, AppendError> {
        let batch = only_batch(bytes)?;
        if self.source_compression == CompressionType::None && self.target_compression == CompressionType::None {
            self.assign_offsets(batch, first_offset)
        } else {
            self.assign_offsets_compressed(batch, first_offset)
        }
    }

    /// `assignOffsetsNonCompressed`: in place.
    fn assign_offsets(&self, batch: BatchView<'_>, first_offset: i64) -> Result<ValidationResult, AppendError> {
        self.validate_batch(batch)?;
        let (mut max_timestamp, mut count) = (-1, 0);
        let mut refused = Vec::new();
        for record in batch.records()?.iter() {
            let record = record?;
            refused.extend(self.validate_record(batch, &record, count, false));
            max_timestamp = record.timestamp.max(max_timestamp);
            count += 1;
        }
        throw_if_refused(refused)?;
        Ok(self.in_place(batch, first_offset + i64::from(count), max_timestamp))
    }

    /// `validateMessagesAndAssignOffsetsCompressed`: in place when the codec stays and the offsets have no gaps, else
    /// the records are written anew.
    fn assign_offsets_compressed(
        &self,
        batch: BatchView<'_>,
        first_offset: i64,
    ) -> Result<ValidationResult, AppendError> {
        let is_plain_control = self.source_compression == CompressionType::None && batch.is_control();
        let mut in_place = self.source_compression == self.target_compression || is_plain_control;
        self.validate_batch(batch)?;
        // Kafka skips over keys and values when it does not expect to need them.
        let is_partial = in_place && batch.records_count() != 0 && batch.compression()? != CompressionType::None;
        let (mut max_timestamp, mut count) = (-1, 0);
        let mut refused = Vec::new();
        let records = batch.records()?;
        let mut validated = Vec::new();
        for record in records.iter() {
            let record = record?;
            match self.validate_record(batch, &record, count, is_partial) {
                Some(refusal) => refused.push(refusal),
                None => {
                    max_timestamp = record.timestamp.max(max_timestamp);
                    in_place &= record.offset == i64::from(count);
                    validated.push(record);
                }
            }
            count += 1;
        }
        throw_if_refused(refused)?;
        if in_place {
            return Ok(self.in_place(batch, first_offset + validated.len() as i64, max_timestamp));
        }
        if is_partial && !validated.is_empty() {
            let message = "key is skipped in PartialDefaultRecord";
            return Err(RecordException::new("UnsupportedOperationException", message).into());
        }
        self.write_anew(batch, &validated, first_offset)
    }

    fn in_place(&self, batch: BatchView<'_>, next_offset: i64, max_timestamp: i64) -> ValidationResult {
        let max_timestamp = match self.timestamp_type {
            TimestampType::CreateTime => max_timestamp,
            TimestampType::LogAppendTime => self.now_ms,
        };
        let mut bytes: Arc<[u8]> = batch.bytes().into();
        let stored = Arc::get_mut(&mut bytes).expect("nobody else has these bytes yet");
        set_last_offset(stored, next_offset - 1);
        set_partition_leader_epoch(stored, self.leader_epoch);
        set_max_timestamp(stored, self.timestamp_type, max_timestamp);
        ValidationResult {
            bytes,
            log_append_time_ms: self.now_ms,
            max_timestamp,
            size_maybe_changed: false,
            next_offset,
        }
    }

    /// `buildRecordsAndAssignOffsets`
    fn write_anew(
        &self,
        batch: BatchView<'_>,
        records: &[RecordView<'_>],
        first_offset: i64,
    ) -> Result<ValidationResult, AppendError> {
        let mut builder = BatchBuilder::new(BatchOptions {
            compression: self.target_compression,
            gzip_level: self.gzip_level,
            timestamp_type: self.timestamp_type,
            base_offset: first_offset,
            log_append_time: self.now_ms,
            partition_leader_epoch: self.leader_epoch,
            ..BatchOptions::default()
        });
        for record in records {
            let Record { key, value, headers, timestamp } = record.to_record();
            builder.append(timestamp, key.as_deref(), value.as_deref(), &headers)?;
        }
        let producer = ProducerState {
            producer_id: batch.producer_id(),
            producer_epoch: batch.producer_epoch(),
            base_sequence: batch.base_sequence(),
            is_transactional: batch.is_transactional(),
        };
        Ok(ValidationResult {
            bytes: builder.build(producer)?,
            log_append_time_ms: self.now_ms,
            max_timestamp: builder.max_timestamp(),
            size_maybe_changed: true,
            next_offset: first_offset + records.len() as i64,
        })
    }

    /// `validateBatch`: what the header of a client's batch may say.
    fn validate_batch(&self, batch: BatchView<'_>) -> Result<(), RecordException> {
        if self.origin != AppendOrigin::Client {
            return Ok(());
        }
        let place = self.topic_partition;
        let (first, last) = (batch.base_offset(), batch.last_offset());
        let by_offsets = last.wrapping_sub(first).wrapping_add(1);
        let count = i64::from(batch.records_count());
        let wrong = if by_offsets <= 0 {
            format!("Batch has an invalid offset range: [{first}, {last}] in topic partition {place}")
        } else if count <= 0 {
            format!("Invalid reported count for record batch: {count} in topic partition {place}")
        } else if by_offsets != count {
            format!(
                "Inconsistent batch offset range [{first}, {last}] and count of records {count} in topic partition \
                 {place}"
            )
        } else if batch.is_control() {
            format!("Clients are not allowed to write control records in topic partition {place}")
        } else if batch.has_producer_id() && batch.base_sequence() < 0 {
            format!(
                "Invalid sequence number {} in record batch with producerId {} in topic partition {place}",
                batch.base_sequence(),
                batch.producer_id()
            )
        } else {
            return Ok(());
        };
        Err(RecordException::invalid_record(wrong))
    }

    /// `validateRecord`: its key, then its timestamp.
    fn validate_record(
        &self,
        batch: BatchView<'_>,
        record: &RecordView<'_>,
        index: i32,
        is_partial: bool,
    ) -> Option<Refusal> {
        if self.is_compacted && record.key.is_none() {
            let place = self.topic_partition;
            let message = format!("Compacted topic cannot accept message without key in topic partition {place}");
            return Some((Code::InvalidRecord, RecordError { index, message }));
        }
        let message = if self.timestamp_type == TimestampType::CreateTime && record.timestamp != -1 {
            self.out_of_range(record)?
        } else if batch.timestamp_type() == TimestampType::LogAppendTime {
            format!(
                "Invalid timestamp type in message {}. Producer should not set timestamp type to LogAppendTime.",
                java_text(record, is_partial)
            )
        } else {
            return None;
        };
        Some((Code::InvalidTimestamp, RecordError { index, message }))
    }

    fn out_of_range(&self, record: &RecordView<'_>) -> Option<String> {
        let behind = self.now_ms.wrapping_sub(record.timestamp);
        if behind <= self.timestamp_before_max_ms && behind.wrapping_neg() <= self.timestamp_after_max_ms {
            return None;
        }
        // Java's arithmetic: without a limit the bound overflows, and is shown so.
        let earliest = self.now_ms.wrapping_sub(self.timestamp_before_max_ms);
        let latest = self.now_ms.wrapping_add(self.timestamp_after_max_ms);
        Some(format!(
            "Timestamp {} of message with offset {} is out of range. The timestamp should be within [{earliest}, \
             {latest}]",
            record.timestamp, record.offset
        ))
    }
}

/// `getFirstBatchAndMaybeValidateNoMoreBatches`
fn only_batch(bytes: &[u8]) -> Result<BatchView<'_>, RecordException> {
    let mut batches = Batches::of(bytes);
    let Some(batch) = batches.next().transpose()? else {
        return Err(RecordException::invalid_record("Record batch has no batches at all"));
    };
    if batch.magic() < 2 {
        // Kafka converts them; a produce request cannot carry them any more.
        return Err(RecordException::new(
            "UnsupportedForMessageFormatException",
            format!("Batches of the format v{} are not converted here; v2 is.", batch.magic()),
        ));
    }
    match batches.next().transpose()? {
        Some(_) => Err(RecordException::invalid_record("Compressed outer record has more than one batch")),
        None => Ok(batch),
    }
}

/// `processRecordErrors`
fn throw_if_refused(refused: Vec<Refusal>) -> Result<(), AppendError> {
    if refused.is_empty() {
        return Ok(());
    }
    let exception = if refused.iter().any(|(code, _)| *code == Code::InvalidTimestamp) {
        let message = "One or more records have been rejected due to invalid timestamp";
        RecordException::new("InvalidTimestampException", message)
    } else {
        let show =
            |(_, error): &Refusal| format!("RecordError(batchIndex={}, message='{}')", error.index, error.message);
        let shown: Vec<String> = refused.iter().take(3).map(show).collect();
        RecordException::invalid_record(format!(
            "One or more records have been rejected due to {} record errors in total, and only showing the first three \
             errors at most: [{}]",
            refused.len(),
            shown.join(", ")
        ))
    };
    Err(AppendError { exception, record_errors: refused.into_iter().map(|(_, error)| error).collect() })
}

/// `DefaultRecord.toString`, and `PartialDefaultRecord.toString`, which shows -1 for null.
fn java_text(record: &RecordView<'_>, is_partial: bool) -> String {
    let (class, absent) = if is_partial { ("PartialDefaultRecord", -1) } else { ("DefaultRecord", 0) };
    let size = |bytes: Option<&[u8]>| bytes.map_or(absent, |bytes| bytes.len() as i64);
    format!(
        "{class}(offset={}, timestamp={}, key={} bytes, value={} bytes)",
        record.offset,
        record.timestamp,
        size(record.key),
        size(record.value)
    )
}
