//! Batches that come back: after a failed attempt, or in parts after the broker found them too large.

use super::RecordAccumulator;
use crate::client::producer::batch::FinalState;
use crate::client::producer::transaction_manager::TransactionManager;

impl RecordAccumulator {
    /// `reenqueue`: puts a batch back whose attempt failed. `draw` jitters the backoff.
    pub fn reenqueue(&mut self, number: u32, now_ms: u64, transactions: Option<&TransactionManager>, draw: u64) {
        let backoff = self.config.retry_backoff;
        let batch = self.batches.get_mut(number);
        let backoff_ms = backoff.backoff_ms(u64::from(batch.attempts), draw);
        batch.reenqueued(now_ms, backoff_ms);
        self.put_back(number, transactions);
    }

    fn put_back(&mut self, number: u32, transactions: Option<&TransactionManager>) {
        let batch = self.batches.get(number);
        let (at, sequence) = (batch.at, batch.base_sequence());
        let batches = &self.batches;
        let info = self.topics.get_mut(&at.topic).expect("a batch's topic is known");
        let deque = info.deque_mut(at.partition);
        let mut place = 0;
        if transactions.is_some() {
            // `insertInSequenceOrder`: behind those with lower sequences that are back already.
            assert!(batch.has_sequence(), "a batch that is put back has a sequence when the producer is idempotent");
            let is_before = |other: &u32| {
                let other = batches.get(*other);
                other.has_sequence() && other.base_sequence() < sequence
            };
            place = deque.iter().take_while(|other| is_before(other)).count();
        }
        deque.insert(place, number);
    }

    /// `splitAndReenqueue`: a batch that the broker found too large comes back as smaller ones, whose numbers are
    /// given. The batch itself is no longer known.
    pub fn split_and_reenqueue(&mut self, number: u32, mut transactions: Option<&mut TransactionManager>) -> Vec<u32> {
        let mut batch_size = self.config.batch_size;
        let mut next_number = self.batches.next_number();
        let batch = self.batches.get_mut(number);
        batch.close();
        if batch.is_split {
            // `batch.size` did not make it small enough: halve it, as far as its records allow.
            batch_size = batch.max_record_size.max(batch.estimated_size_in_bytes() / 2);
        }
        let at = batch.at;
        let ratio = batch.builder.compression_ratio().reset();
        let parts = batch.split(batch_size, ratio, || {
            next_number += 1;
            next_number - 1
        });
        self.topics.get_mut(&at.topic).expect("a batch's topic is known").ratio = ratio;
        batch.in_request = false;
        batch.final_state = Some(FinalState::Aborted);
        let numbers: Vec<u32> = parts.iter().map(|part| part.id.number).collect();
        self.batches.replace_in_flush(number, &numbers);
        for part in parts {
            if let Some(transactions) = &mut transactions {
                transactions.add_in_flight_batch(&part);
            }
            self.batches.push(part);
        }
        for number in numbers.iter().rev() {
            self.put_back(*number, transactions.as_deref());
        }
        self.deallocate(number);
        numbers
    }
}
