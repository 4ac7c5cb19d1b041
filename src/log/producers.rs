//! What a log remembers of every producer that wrote to it (`ProducerStateManager`).

use super::append_info::ProducerAppendInfo;
use super::config::AppendOrigin;
use super::transactions::{CompletedTxn, Txn, VerificationGuard, VerificationState};
use crate::record::{BatchView, decrement_sequence};
use crate::sorted::SortedMap;

/// `ProducerStateEntry.NUM_BATCHES_TO_RETAIN`: so many batches may be in flight and come twice.
const BATCHES_TO_RETAIN: usize = 5;

/// One of a producer's last batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchMetadata {
    pub last_sequence: i32,
    pub last_offset: i64,
    pub offset_delta: i32,
    pub timestamp: i64,
}

impl BatchMetadata {
    pub fn first_sequence(&self) -> i32 {
        decrement_sequence(self.last_sequence, self.offset_delta)
    }

    pub fn first_offset(&self) -> i64 {
        self.last_offset - i64::from(self.offset_delta)
    }
}

/// One producer on one partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProducerStateEntry {
    pub producer_id: i64,
    pub producer_epoch: i16,
    pub coordinator_epoch: i32,
    /// Milliseconds since 1970, as its last batch or marker says.
    pub last_timestamp: i64,
    /// Where its open transaction began.
    pub current_txn_first_offset: Option<i64>,
    /// At most five, oldest first, all of the current epoch.
    batches: Vec<BatchMetadata>,
}

impl ProducerStateEntry {
    pub(crate) fn empty(producer_id: i64) -> ProducerStateEntry {
        ProducerStateEntry {
            producer_id,
            producer_epoch: -1,
            coordinator_epoch: -1,
            last_timestamp: -1,
            current_txn_first_offset: None,
            batches: Vec::new(),
        }
    }

    /// `withProducerId`: all but the batches.
    pub(crate) fn without_batches(&self) -> ProducerStateEntry {
        ProducerStateEntry { batches: Vec::new(), ..*self }
    }

    pub fn batches(&self) -> &[BatchMetadata] {
        &self.batches
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// -1: none.
    pub fn last_sequence(&self) -> i32 {
        self.batches.last().map_or(-1, |batch| batch.last_sequence)
    }

    pub(crate) fn add_batch(&mut self, epoch: i16, batch: BatchMetadata) {
        self.update_epoch(epoch);
        self.push(batch);
        self.last_timestamp = batch.timestamp;
    }

    fn update_epoch(&mut self, epoch: i16) {
        if self.producer_epoch != epoch {
            self.batches.clear();
            self.producer_epoch = epoch;
        }
    }

    fn push(&mut self, batch: BatchMetadata) {
        if self.batches.len() == BATCHES_TO_RETAIN {
            self.batches.remove(0);
        }
        self.batches.push(batch);
    }

    /// What a marker leaves behind: no open transaction.
    pub(crate) fn complete(&mut self, epoch: i16, coordinator_epoch: i32, timestamp: i64) {
        self.update_epoch(epoch);
        self.coordinator_epoch = coordinator_epoch;
        self.current_txn_first_offset = None;
        self.last_timestamp = timestamp;
    }

    fn update(&mut self, next: ProducerStateEntry) {
        self.update_epoch(next.producer_epoch);
        for batch in next.batches {
            self.push(batch);
        }
        self.coordinator_epoch = next.coordinator_epoch;
        self.current_txn_first_offset = next.current_txn_first_offset;
        self.last_timestamp = next.last_timestamp;
    }

    /// `findDuplicateBatch`: exactly one of the last five, of the same epoch.
    pub(crate) fn find_duplicate(&self, batch: BatchView<'_>) -> Option<BatchMetadata> {
        if batch.producer_epoch() != self.producer_epoch {
            return None;
        }
        let range = (batch.base_sequence(), batch.last_sequence());
        self.batches.iter().find(|known| (known.first_sequence(), known.last_sequence) == range).copied()
    }
}

/// All producers of a partition, and its transactions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProducerStateManager {
    producers: SortedMap<i64, ProducerStateEntry>,
    verifications: SortedMap<i64, VerificationState>,
    guards_given: u64,
    /// Open transactions by their first offset.
    ongoing: SortedMap<i64, Txn>,
    /// Ended ones whose marker is not yet below the high watermark.
    unreplicated: SortedMap<i64, Txn>,
}

impl ProducerStateManager {
    pub fn producers(&self) -> impl Iterator<Item = &ProducerStateEntry> {
        self.producers.values()
    }

    pub fn entry(&self, producer_id: i64) -> Option<&ProducerStateEntry> {
        self.producers.get(&producer_id)
    }

    /// `hasOngoingTransaction`
    pub fn has_ongoing_transaction(&self, producer_id: i64, epoch: i16) -> bool {
        let is_open = |e: &ProducerStateEntry| e.current_txn_first_offset.is_some() && e.producer_epoch == epoch;
        self.entry(producer_id).is_some_and(is_open)
    }

    pub(crate) fn maybe_create_verification(
        &mut self,
        producer_id: i64,
        now_ms: i64,
        sequence: i32,
        epoch: i16,
        supports_epoch_bump: bool,
    ) -> VerificationGuard {
        let guards_given = &mut self.guards_given;
        let state = self.verifications.entry(producer_id).or_insert_with(|| {
            *guards_given += 1;
            let guard = VerificationGuard(*guards_given);
            VerificationState { started_ms: now_ms, guard, lowest_sequence: sequence, epoch, supports_epoch_bump }
        });
        state.update_lowest_sequence_and_epoch(sequence, epoch);
        state.guard
    }

    pub(crate) fn verification(&self, producer_id: i64) -> Option<&VerificationState> {
        self.verifications.get(&producer_id)
    }

    pub(crate) fn clear_verification(&mut self, producer_id: i64) {
        self.verifications.remove(&producer_id);
    }

    pub(crate) fn prepare_update(&self, producer_id: i64, origin: AppendOrigin) -> ProducerAppendInfo {
        let current = self.entry(producer_id).cloned().unwrap_or_else(|| ProducerStateEntry::empty(producer_id));
        ProducerAppendInfo::new(current, origin, self.verification(producer_id).copied())
    }

    pub(crate) fn update(&mut self, info: ProducerAppendInfo) {
        let (updated, started) = info.into_updated();
        self.ongoing.extend(started.into_iter().map(|txn| (txn.first_offset, txn)));
        match self.producers.get_mut(&updated.producer_id) {
            Some(current) => current.update(updated),
            None => {
                self.producers.insert(updated.producer_id, updated);
            }
        }
    }

    /// What will be stable once this transaction is complete.
    pub(crate) fn last_stable_offset(&self, completed: &CompletedTxn) -> i64 {
        let other = self.ongoing.values().find(|txn| txn.producer_id != completed.producer_id);
        other.map_or(completed.last_offset + 1, |txn| txn.first_offset)
    }

    pub(crate) fn complete_transaction(&mut self, completed: &CompletedTxn) {
        let started = self.ongoing.remove(&completed.first_offset);
        let txn = started.expect("a transaction that completes on this partition was started on it");
        self.unreplicated.insert(txn.first_offset, Txn { last_offset: Some(completed.last_offset), ..txn });
    }

    pub(crate) fn on_high_watermark_updated(&mut self, high_watermark: i64) {
        self.unreplicated.retain(|_, txn| txn.last_offset.is_none_or(|last| last >= high_watermark));
    }

    /// The first offset of a transaction that is open, or whose marker may still get lost.
    pub(crate) fn first_unstable_offset(&self) -> Option<i64> {
        let firsts = [self.ongoing.keys().next(), self.unreplicated.keys().next()];
        firsts.into_iter().flatten().min().copied()
    }

    /// `removeExpiredProducers`: those that wrote nothing for `expiration_ms` and have no open transaction.
    pub(crate) fn remove_expired(&mut self, now_ms: i64, expiration_ms: i64) {
        self.producers.retain(|_, entry| {
            entry.current_txn_first_offset.is_some() || now_ms - entry.last_timestamp < expiration_ms
        });
        self.verifications.retain(|_, state| now_ms - state.started_ms < expiration_ms);
    }

    /// Forgets producers and transactions; verifications stay, as in `truncateAndReload`.
    pub(crate) fn clear(&mut self) {
        self.producers.clear();
        self.ongoing.clear();
        self.unreplicated.clear();
    }
}
