//! One partition's log on one broker (`UnifiedLog`).

use super::epochs::LeaderEpochs;
use super::producers::ProducerStateManager;
use super::segments::Segment;
use super::store::{StoredBatch, StoredBatches};
use super::transactions::{AbortedTxn, VerificationGuard};
use super::{AppendOrigin, LogConfig};
use crate::ids::TopicPartition;
use crate::record::RecordException;

/// The batches of one replica, and what is known of their epochs, producers and transactions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionLog {
    pub(super) topic_partition: TopicPartition,
    pub(super) batches: StoredBatches,
    /// Never empty; the last one is active.
    pub(super) segments: Vec<Segment>,
    pub(super) log_start_offset: i64,
    pub(super) log_end_offset: i64,
    pub(super) high_watermark: i64,
    pub(super) first_unstable_offset: Option<i64>,
    pub(super) leader_epochs: LeaderEpochs,
    pub(super) producers: ProducerStateManager,
    pub(super) aborted: Vec<AbortedTxn>,
}

impl PartitionLog {
    /// An empty log. `now_ms` is when its first segment is created.
    pub fn new(topic_partition: TopicPartition, now_ms: i64) -> PartitionLog {
        PartitionLog {
            topic_partition,
            batches: StoredBatches::default(),
            segments: vec![Segment::new(0, 0, now_ms)],
            log_start_offset: 0,
            log_end_offset: 0,
            high_watermark: 0,
            first_unstable_offset: None,
            leader_epochs: LeaderEpochs::default(),
            producers: ProducerStateManager::default(),
            aborted: Vec::new(),
        }
    }

    pub fn topic_partition(&self) -> &TopicPartition {
        &self.topic_partition
    }

    /// The first offset that can be read.
    pub fn log_start_offset(&self) -> i64 {
        self.log_start_offset
    }

    /// The offset of the next record.
    pub fn log_end_offset(&self) -> i64 {
        self.log_end_offset
    }

    /// What consumers may read ends before this offset.
    pub fn high_watermark(&self) -> i64 {
        self.high_watermark
    }

    /// What `read_committed` consumers may read ends before this offset: all before it is decided.
    pub fn last_stable_offset(&self) -> i64 {
        match self.first_unstable_offset {
            Some(first) if first < self.high_watermark => first,
            _ => self.high_watermark,
        }
    }

    pub fn leader_epochs(&self) -> &LeaderEpochs {
        &self.leader_epochs
    }

    pub fn producers(&self) -> &ProducerStateManager {
        &self.producers
    }

    pub fn aborted_transactions(&self) -> &[AbortedTxn] {
        &self.aborted
    }

    /// Oldest first; the last one is active.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The batches in the log, those before the log start offset included while their segment is there.
    pub fn batches(&self) -> impl DoubleEndedIterator<Item = &StoredBatch> {
        self.batches.iter()
    }

    pub fn batches_count(&self) -> usize {
        self.batches.len()
    }

    /// Bytes of all segments.
    pub fn size(&self) -> i64 {
        self.segments.iter().map(|segment| segment.size).sum()
    }

    /// `updateHighWatermark`: kept between the log's start and its end. Gives the new one.
    pub fn update_high_watermark(&mut self, high_watermark: i64) -> i64 {
        self.high_watermark = high_watermark.max(self.log_start_offset).min(self.log_end_offset);
        self.producers.on_high_watermark_updated(self.high_watermark);
        self.update_first_unstable_offset();
        self.high_watermark
    }

    /// `maybeIncrementHighWatermark`: never back. True when it moved.
    pub fn maybe_increment_high_watermark(&mut self, high_watermark: i64) -> bool {
        assert!(high_watermark <= self.log_end_offset, "the high watermark does not pass the log's end");
        let moves = high_watermark > self.high_watermark;
        if moves {
            self.update_high_watermark(high_watermark);
        }
        moves
    }

    pub(super) fn update_first_unstable_offset(&mut self) {
        let first = self.producers.first_unstable_offset();
        self.first_unstable_offset = first.map(|offset| offset.max(self.log_start_offset));
    }

    /// `assignEpochStartOffset`: a new leader begins its epoch at its log's end.
    pub fn assign_epoch_start_offset(&mut self, leader_epoch: i32, start_offset: i64) {
        self.leader_epochs.assign(leader_epoch, start_offset);
    }

    /// `maybeIncrementLogStartOffset`: what lies before `offset` cannot be read any more; its segments go with the next
    /// [`PartitionLog::delete_old_segments`]. `OffsetOutOfRangeException` beyond the high watermark. True when it
    /// moved.
    pub fn maybe_increment_log_start_offset(&mut self, offset: i64) -> Result<bool, RecordException> {
        if offset > self.high_watermark {
            return Err(RecordException::new(
                "OffsetOutOfRangeException",
                format!(
                    "Cannot increment the log start offset to {offset} of partition {} since it is larger than the high \
                     watermark {}",
                    self.topic_partition, self.high_watermark
                ),
            ));
        }
        if offset <= self.log_start_offset {
            return Ok(false);
        }
        self.log_start_offset = offset;
        self.leader_epochs.truncate_from_start(offset);
        self.producers.on_high_watermark_updated(offset);
        self.update_first_unstable_offset();
        Ok(true)
    }

    /// `truncateTo`: batches that hold `offset` or begin after it go, and the log ends at `offset`. False when there
    /// was nothing to cut.
    pub fn truncate_to(&mut self, offset: i64, now_ms: i64) -> bool {
        assert!(offset >= 0, "a log is not cut at a negative offset");
        if offset >= self.log_end_offset {
            self.leader_epochs.truncate_from_end(self.log_end_offset);
            return false;
        }
        if self.segments[0].base_offset > offset {
            self.truncate_fully_and_start_at(offset, now_ms);
            return true;
        }
        self.batches.truncate(offset);
        let kept = self.segments.partition_point(|segment| segment.base_offset <= offset);
        self.segments.truncate(kept);
        self.shrink_active_segment();
        self.leader_epochs.truncate_from_end(offset);
        self.log_end_offset = offset;
        self.log_start_offset = self.log_start_offset.min(offset);
        self.aborted.retain(|txn| txn.last_offset < offset);
        self.rebuild_producer_state();
        if self.high_watermark >= offset {
            self.update_high_watermark(offset);
        }
        self.update_first_unstable_offset();
        true
    }

    /// `truncateFullyAndStartAt`: an empty log that begins at `offset`.
    pub fn truncate_fully_and_start_at(&mut self, offset: i64, now_ms: i64) {
        let topic_partition = self.topic_partition.clone();
        *self = PartitionLog {
            segments: vec![Segment::new(offset, 0, now_ms)],
            log_start_offset: offset,
            log_end_offset: offset,
            high_watermark: offset,
            ..PartitionLog::new(topic_partition, now_ms)
        };
    }

    fn shrink_active_segment(&mut self) {
        let active = self.segments.last_mut().expect("a log has a segment");
        let within = || self.batches.starting_at(active.base_offset);
        active.size = within().map(StoredBatch::size).sum();
        active.max_timestamp = within().map(|batch| batch.max_timestamp).max().unwrap_or(-1);
        active.first_timestamp = within().next().map(|batch| batch.max_timestamp);
    }

    /// `rebuildProducerState`: from all batches that are left.
    fn rebuild_producer_state(&mut self) {
        self.producers.clear();
        for batch in self.batches.iter() {
            let view = batch.view();
            if !view.has_producer_id() {
                continue;
            }
            let mut info = self.producers.prepare_update(view.producer_id(), AppendOrigin::Replication);
            let completed = info
                .append(&self.topic_partition, view, -1)
                .expect("what is in the log was checked when it was appended");
            self.producers.update(info);
            if let Some(completed) = completed {
                self.producers.complete_transaction(&completed);
            }
        }
        self.producers.on_high_watermark_updated(self.high_watermark);
    }

    /// `maybeStartTransactionVerification`: the guard that a transactional append must bring, or the sentinel when the
    /// transaction is already under way here. `InvalidProducerEpochException` for an epoch that is over.
    pub fn maybe_start_transaction_verification(
        &mut self,
        now_ms: i64,
        producer_id: i64,
        sequence: i32,
        epoch: i16,
        supports_epoch_bump: bool,
    ) -> Result<VerificationGuard, RecordException> {
        self.check_epoch_of_last(producer_id, epoch)?;
        if self.producers.has_ongoing_transaction(producer_id, epoch) {
            return Ok(VerificationGuard::SENTINEL);
        }
        Ok(self.producers.maybe_create_verification(producer_id, now_ms, sequence, epoch, supports_epoch_bump))
    }

    pub(super) fn check_epoch_of_last(&self, producer_id: i64, epoch: i16) -> Result<(), RecordException> {
        match self.producers.entry(producer_id) {
            Some(entry) if epoch < entry.producer_epoch => Err(RecordException::new(
                "InvalidProducerEpochException",
                format!(
                    "Epoch of producer {producer_id} is {epoch}, which is smaller than the last seen epoch {}",
                    entry.producer_epoch
                ),
            )),
            _ => Ok(()),
        }
    }

    /// `removeExpiredProducers`: what a broker does every ten minutes (`producer.id.expiration.check.interval.ms`).
    pub fn remove_expired_producers(&mut self, now_ms: i64, config: &LogConfig) {
        self.producers.remove_expired(now_ms, config.producer_id_expiration_ms);
    }
}
