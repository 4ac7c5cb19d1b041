//! The batches of a log, in chunks that clones share.

use std::sync::Arc;

use crate::record::BatchView;

/// How many batches a chunk holds before it is sealed.
const CHUNK: usize = 64;

/// A batch as it lies in the log, with what look-ups need.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoredBatch {
    pub bytes: Arc<[u8]>,
    pub base_offset: i64,
    pub last_offset: i64,
    /// Milliseconds since 1970; -1: none.
    pub max_timestamp: i64,
    pub leader_epoch: i32,
    /// The bytes of the log before this batch, counted from when the log was made.
    pub position: i64,
}

impl StoredBatch {
    fn new(bytes: Arc<[u8]>, position: i64) -> StoredBatch {
        let view = BatchView::new(&bytes);
        StoredBatch {
            base_offset: view.base_offset(),
            last_offset: view.last_offset(),
            max_timestamp: view.max_timestamp(),
            leader_epoch: view.partition_leader_epoch(),
            position,
            bytes,
        }
    }

    pub fn view(&self) -> BatchView<'_> {
        BatchView::new(&self.bytes)
    }

    pub fn size(&self) -> i64 {
        self.bytes.len() as i64
    }

    pub fn end_position(&self) -> i64 {
        self.position + self.size()
    }
}

/// Batches by ascending offsets: sealed chunks, and the one being filled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct StoredBatches {
    sealed: Arc<Vec<Arc<Vec<StoredBatch>>>>,
    active: Arc<Vec<StoredBatch>>,
}

impl StoredBatches {
    pub fn push(&mut self, bytes: Arc<[u8]>, position: i64) {
        if self.active.len() >= CHUNK {
            let full = std::mem::take(&mut self.active);
            Arc::make_mut(&mut self.sealed).push(full);
        }
        Arc::make_mut(&mut self.active).push(StoredBatch::new(bytes, position));
    }

    pub fn len(&self) -> usize {
        self.sealed.iter().map(|chunk| chunk.len()).sum::<usize>() + self.active.len()
    }

    fn chunks(&self) -> impl DoubleEndedIterator<Item = &Arc<Vec<StoredBatch>>> {
        self.sealed.iter().chain(std::iter::once(&self.active))
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &StoredBatch> {
        self.chunks().flat_map(|chunk| chunk.iter())
    }

    /// The batches from the one that holds `offset`, or from the next one when that offset is in none.
    pub fn starting_at(&self, offset: i64) -> impl Iterator<Item = &StoredBatch> {
        let ends_before = |chunk: &Arc<Vec<StoredBatch>>| chunk.last().is_none_or(|last| last.last_offset < offset);
        let at = self.sealed.partition_point(ends_before);
        let first = self.sealed.get(at).unwrap_or(&self.active);
        let within = first.partition_point(|batch| batch.last_offset < offset);
        let rest = self.sealed[at.min(self.sealed.len())..].iter().chain(std::iter::once(&self.active));
        rest.flat_map(|chunk| chunk.iter()).skip(within)
    }

    /// Keeps the batches that end before `offset`.
    pub fn truncate(&mut self, offset: i64) {
        let is_kept = |batch: &StoredBatch| batch.last_offset < offset;
        if self.active.first().is_some_and(is_kept) {
            let kept = self.active.partition_point(is_kept);
            if kept < self.active.len() {
                Arc::make_mut(&mut self.active).truncate(kept);
            }
            return;
        }
        self.active = Arc::default();
        let Some(last) = self.sealed.last() else { return };
        if last.first().is_some_and(is_kept) && last.last().is_some_and(is_kept) {
            return;
        }
        // The chunk in which the cut lies is the one being filled from now on.
        self.active = Arc::make_mut(&mut self.sealed).pop().unwrap_or_default();
        self.truncate(offset);
    }

    /// Removes the batches that end before `offset`.
    pub fn drop_before(&mut self, offset: i64) {
        let is_gone = |batch: &StoredBatch| batch.last_offset < offset;
        if self.sealed.first().or(Some(&self.active)).and_then(|chunk| chunk.first()).is_none_or(|b| !is_gone(b)) {
            return;
        }
        let sealed = Arc::make_mut(&mut self.sealed);
        let whole = sealed.partition_point(|chunk| chunk.last().is_none_or(is_gone));
        sealed.drain(..whole);
        let first = sealed.first_mut().unwrap_or(&mut self.active);
        let gone = first.partition_point(is_gone);
        if gone > 0 {
            Arc::make_mut(first).drain(..gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchBuilder, BatchOptions, ProducerState};

    fn batch(base_offset: i64, records: i64) -> Arc<[u8]> {
        let mut builder = BatchBuilder::new(BatchOptions { base_offset, ..BatchOptions::default() });
        for _ in 0..records {
            builder.append(0, None, Some(b"v"), &[]).unwrap();
        }
        builder.build(ProducerState::NONE).unwrap()
    }

    /// Batches of two records at 0, 2, 4, …
    fn store(batches: i64) -> StoredBatches {
        let mut store = StoredBatches::default();
        for number in 0..batches {
            store.push(batch(2 * number, 2), number * 100);
        }
        store
    }

    #[test]
    fn finds_cuts_and_drops_at_every_offset() {
        for batches in [0, 1, 63, 64, 65, 128, 200] {
            for offset in 0..=2 * batches + 1 {
                let whole = store(batches);
                let first_at = |store: &StoredBatches| store.starting_at(offset).next().map(|batch| batch.base_offset);
                let holds = (offset < 2 * batches).then_some(offset / 2 * 2);
                assert_eq!(first_at(&whole), holds, "{batches} batches, offset {offset}");
                let mut cut = whole.clone();
                cut.truncate(offset);
                assert_eq!(cut.len() as i64, (offset / 2).min(batches), "{batches} batches cut at {offset}");
                cut.push(batch(2 * batches, 2), 0);
                assert_eq!(cut.iter().next_back().unwrap().base_offset, 2 * batches);
                let mut rest = whole.clone();
                rest.drop_before(offset);
                assert_eq!(rest.iter().next().map(|batch| batch.base_offset), holds);
                assert_eq!(first_at(&rest), holds);
                assert_eq!(whole.len() as i64, batches);
            }
        }
    }
}
