//! The batches that a producer has made and not completed (`IncompleteBatches`), by number.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::client::producer::batch::ProducerBatch;
use crate::sorted::SortedSet;

/// Batches are numbered in order of creation. A completed one stays only while a request with it is in flight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BatchStore {
    first: u32,
    batches: VecDeque<Option<Arc<ProducerBatch>>>,
    incomplete: u32,
    /// The batches that a flush waits for.
    flush: Option<SortedSet<u32>>,
}

impl BatchStore {
    pub fn next_number(&self) -> u32 {
        self.first + self.batches.len() as u32
    }

    pub fn find(&self, number: u32) -> Option<&Arc<ProducerBatch>> {
        let index = number.checked_sub(self.first)?;
        self.batches.get(index as usize)?.as_ref()
    }

    pub fn get(&self, number: u32) -> &Arc<ProducerBatch> {
        self.find(number).expect("a batch that is not completed")
    }

    pub fn get_mut(&mut self, number: u32) -> &mut ProducerBatch {
        let index = number.checked_sub(self.first).expect("a batch that is not completed");
        let batch = self.batches.get_mut(index as usize).and_then(Option::as_mut);
        Arc::make_mut(batch.expect("a batch that is not completed"))
    }

    pub fn push(&mut self, batch: ProducerBatch) {
        assert_eq!(batch.id.number, self.next_number(), "batches are numbered in order");
        self.batches.push_back(Some(Arc::new(batch)));
        self.incomplete += 1;
    }

    /// All that are not completed, in order of creation.
    pub fn incomplete(&self) -> impl Iterator<Item = &Arc<ProducerBatch>> {
        self.batches.iter().flatten().filter(|batch| !batch.is_done())
    }

    pub const fn has_incomplete(&self) -> bool {
        self.incomplete > 0
    }

    pub fn complete(&mut self, number: u32) {
        self.incomplete -= 1;
        if let Some(flush) = &mut self.flush {
            flush.remove(&number);
        }
        if !self.get(number).in_request {
            self.forget(number);
        }
    }

    /// The request that carried the batch has ended.
    pub fn left_request(&mut self, number: u32) {
        if self.find(number).is_none() {
            return;
        }
        self.get_mut(number).in_request = false;
        if self.get(number).is_done() {
            self.forget(number);
        }
    }

    fn forget(&mut self, number: u32) {
        self.batches[(number - self.first) as usize] = None;
        while let Some(None) = self.batches.front() {
            self.batches.pop_front();
            self.first += 1;
        }
    }

    /// A flush begins to wait for all that is incomplete now.
    pub fn begin_flush(&mut self) {
        self.flush = Some(self.incomplete().map(|batch| batch.id.number).collect());
    }

    /// How many batches the flush still waits for; none: no flush waits.
    pub fn flush_waits_for(&self) -> Option<u32> {
        self.flush.as_ref().map(|flush| flush.len() as u32)
    }

    pub fn end_flush(&mut self) {
        self.flush = None;
    }

    /// A flush that waits for a batch waits for its parts.
    pub fn replace_in_flush(&mut self, number: u32, parts: &[u32]) {
        if let Some(flush) = &mut self.flush
            && flush.remove(&number)
        {
            flush.extend(parts.iter().copied());
        }
    }
}
