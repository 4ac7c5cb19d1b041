//! Reading from a log: by offset, by timestamp (`UnifiedLog.read`, `fetchOffsetByTimestamp`).

use std::sync::Arc;

use super::partition_log::PartitionLog;
use super::store::StoredBatch;
use super::transactions::AbortedTxn;
use crate::record::RecordException;

/// What one read of a log gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRead {
    /// Whole batches, from the one that holds the offset asked for.
    pub batches: Vec<Arc<[u8]>>,
    /// Bytes that Kafka would send: it cuts the last batch where the limit is, and the client drops the rest. Counted
    /// against the limits of a fetch.
    pub size: i32,
    /// The first batch is larger than the limit, and is not among `batches`.
    pub is_first_entry_incomplete: bool,
}

/// An offset that was looked up by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimestampOffset {
    pub timestamp: i64,
    pub offset: i64,
    pub leader_epoch: Option<i32>,
}

impl PartitionLog {
    /// Reads from `offset` up to but not including `up_to` (high watermark, last stable offset or the log's end), at
    /// most `max_bytes`, and never over the end of a segment. `at_least_one`: the first batch comes even if it is
    /// larger. `OffsetOutOfRangeException` before the log's start and after its end.
    pub fn read(
        &self,
        offset: i64,
        max_bytes: i32,
        up_to: i64,
        at_least_one: bool,
    ) -> Result<LogRead, RecordException> {
        let place = &self.topic_partition;
        let out_of_range = |what: String| RecordException::new("OffsetOutOfRangeException", what);
        if offset < self.log_start_offset {
            return Err(out_of_range(format!(
                "Received request for offset {offset} for partition {place}, but we only have log segments starting from \
                 offset: {}.",
                self.log_start_offset
            )));
        }
        if offset > self.log_end_offset {
            return Err(out_of_range(format!(
                "Received request for offset {offset} for partition {place}, but we only have log segments upto {}.",
                self.log_end_offset
            )));
        }
        let Some(first) = self.batches.starting_at(offset).next() else { return Ok(LogRead::default()) };
        if offset >= up_to {
            return Ok(LogRead::default());
        }
        let segment_end = self.segment_end(first);
        let end = self.position_of(up_to).min(segment_end);
        let limit = i64::from(max_bytes);
        let limit = if at_least_one { limit.max(first.size()) } else { limit };
        let size = (end - first.position).min(limit).max(0);
        let stop = first.position + size;
        let whole = self.batches.starting_at(offset).take_while(|batch| batch.end_position() <= stop);
        Ok(LogRead {
            batches: whole.map(|batch| batch.bytes.clone()).collect(),
            size: size as i32,
            is_first_entry_incomplete: limit < first.size(),
        })
    }

    /// Where the segment of this batch ends.
    fn segment_end(&self, batch: &StoredBatch) -> i64 {
        let after = self.segments.partition_point(|segment| segment.start_position <= batch.position);
        self.segments[after - 1].end_position()
    }

    /// Where the batch that holds `offset` begins; the log's end when there is none.
    fn position_of(&self, offset: i64) -> i64 {
        let end = || self.segments.last().map_or(0, |segment| segment.end_position());
        self.batches.starting_at(offset).next().map_or_else(end, |batch| batch.position)
    }

    /// Bytes between the batch that holds `offset` and the one that holds `up_to`: what a waiting fetch counts towards
    /// `fetch.min.bytes`.
    pub fn bytes_between(&self, offset: i64, up_to: i64) -> i64 {
        if offset >= up_to { 0 } else { self.position_of(up_to) - self.position_of(offset) }
    }

    /// The batches from the one that holds `offset` on.
    pub fn batches_from(&self, offset: i64) -> impl Iterator<Item = &StoredBatch> {
        self.batches.starting_at(offset)
    }

    /// The earliest offset (`EARLIEST_TIMESTAMP`).
    pub fn earliest(&self) -> TimestampOffset {
        let first = self.leader_epochs.earliest().filter(|entry| entry.start_offset <= self.log_start_offset);
        let leader_epoch = first.map(|entry| entry.epoch);
        TimestampOffset { timestamp: -1, offset: self.log_start_offset, leader_epoch }
    }

    /// The first record whose timestamp is `timestamp` or later; `None` when there is none.
    pub fn offset_for_timestamp(&self, timestamp: i64) -> Option<TimestampOffset> {
        // Kafka looks into one segment only: the first that holds such a timestamp.
        let segment = self.segments.iter().find(|segment| segment.largest_timestamp() >= timestamp)?;
        let within = self.batches_within(segment.start_position, segment.end_position());
        within
            .filter(|batch| batch.max_timestamp >= timestamp)
            .find_map(|batch| self.find_record(batch, |record_timestamp| record_timestamp >= timestamp))
    }

    /// `MAX_TIMESTAMP`: the first record with the largest timestamp; `None` when no record has one.
    pub fn max_timestamp_offset(&self) -> Option<TimestampOffset> {
        let largest = self.segments.iter().map(|segment| segment.max_timestamp).max()?;
        let segment = self.segments.iter().find(|segment| segment.max_timestamp == largest)?;
        let mut within = self.batches_within(segment.start_position, segment.end_position());
        let batch = within.find(|batch| batch.max_timestamp == largest)?;
        if largest < 0 {
            return None;
        }
        let records = batch.view().records().ok()?;
        let record = records.iter().flatten().find(|record| record.timestamp == largest)?;
        Some(found(batch, record.timestamp, record.offset))
    }

    fn batches_within(&self, start: i64, end: i64) -> impl Iterator<Item = &StoredBatch> {
        let is_before = move |batch: &&StoredBatch| batch.position < start;
        self.batches.iter().skip_while(is_before).take_while(move |batch| batch.position < end)
    }

    fn find_record(&self, batch: &StoredBatch, wanted: impl Fn(i64) -> bool) -> Option<TimestampOffset> {
        let records = batch.view().records().ok()?;
        let is_it = |offset: i64, timestamp: i64| offset >= self.log_start_offset && wanted(timestamp);
        let record = records.iter().flatten().find(|record| is_it(record.offset, record.timestamp))?;
        Some(found(batch, record.timestamp, record.offset))
    }

    /// `collectAbortedTransactions`: those that a reader of `offset` up to `up_to` must leave out.
    pub fn aborted_transactions_between(&self, offset: i64, up_to: i64) -> Vec<AbortedTxn> {
        let mut found = Vec::new();
        for txn in &self.aborted {
            if txn.last_offset >= offset && txn.first_offset < up_to {
                found.push(*txn);
            }
            if txn.last_stable_offset >= up_to {
                break;
            }
        }
        found
    }
}

fn found(batch: &StoredBatch, timestamp: i64, offset: i64) -> TimestampOffset {
    TimestampOffset { timestamp, offset, leader_epoch: (batch.leader_epoch >= 0).then_some(batch.leader_epoch) }
}
