//! `TransactionManager`: owns the producer id, its epoch and the sequence numbers of every partition.
//!
//! Built so far: the idempotent producer without `transactional.id`. The states of transactions are named for later.

#[cfg(test)]
mod tests;

use super::accumulator::BatchStore;
use super::batch::ProducerBatch;
use crate::error::{Code, Exception};
use crate::ids::PartitionNo;
use crate::record::{ProducerState, increment_sequence};
use crate::sorted::{SortedMap, SortedSet};

/// `TransactionManager.State`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TransactionState {
    #[default]
    Uninitialized,
    Initializing,
    Ready,
    InTransaction,
    PreparedTransaction,
    CommittingTransaction,
    AbortingTransaction,
    AbortableError,
    FatalError,
}

/// `ProducerIdAndEpoch`; -1 and -1: none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProducerIdAndEpoch {
    pub producer_id: i64,
    pub epoch: i16,
}

impl ProducerIdAndEpoch {
    pub const NONE: ProducerIdAndEpoch = ProducerIdAndEpoch { producer_id: -1, epoch: -1 };

    pub const fn is_valid(self) -> bool {
        self.producer_id > -1
    }
}

/// `TxnPartitionEntry`: the sequences of one partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionSequences {
    pub producer: ProducerIdAndEpoch,
    pub next_sequence: i32,
    /// -1: nothing was acknowledged.
    pub last_acked_sequence: i32,
    /// Base sequence and number of each batch that has a sequence and is not completed.
    pub in_flight: SortedSet<(i32, u32)>,
}

/// What the broker said about one batch (`ProduceResponse.PartitionResponse`), as far as sequences care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchResponse {
    pub error: Code,
    pub log_start_offset: i64,
}

/// An `InitProducerId` request that waits to be sent (`InitProducerIdHandler`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PendingInit {
    /// It was refused or lost before: `retry.backoff.ms` comes first.
    pub is_retry: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TransactionManager {
    state: TransactionState,
    producer: ProducerIdAndEpoch,
    partitions: SortedMap<PartitionNo, PartitionSequences>,
    /// Partitions where a batch ended without an answer, with the sequence behind it.
    unresolved: SortedMap<PartitionNo, i32>,
    epoch_bump_required: bool,
    partitions_to_rewrite: SortedSet<PartitionNo>,
    pending: Option<PendingInit>,
    in_flight_request: bool,
    last_error: Option<Exception>,
}

impl Default for TransactionManager {
    fn default() -> Self {
        TransactionManager {
            state: TransactionState::default(),
            producer: ProducerIdAndEpoch::NONE,
            partitions: SortedMap::new(),
            unresolved: SortedMap::new(),
            epoch_bump_required: false,
            partitions_to_rewrite: SortedSet::new(),
            pending: None,
            in_flight_request: false,
            last_error: None,
        }
    }
}

impl TransactionManager {
    pub const fn state(&self) -> TransactionState {
        self.state
    }

    pub const fn producer_id_and_epoch(&self) -> ProducerIdAndEpoch {
        self.producer
    }

    pub const fn has_fatal_error(&self) -> bool {
        matches!(self.state, TransactionState::FatalError)
    }

    pub const fn has_error(&self) -> bool {
        matches!(self.state, TransactionState::FatalError | TransactionState::AbortableError)
    }

    pub fn last_error(&self) -> Option<&Exception> {
        self.last_error.as_ref()
    }

    /// The sequences of each partition that something was sent to.
    pub fn partitions(&self) -> impl Iterator<Item = (PartitionNo, &PartitionSequences)> {
        self.partitions.iter().map(|(at, entry)| (*at, entry))
    }

    fn entry(&mut self, at: PartitionNo) -> &mut PartitionSequences {
        self.partitions.entry(at).or_insert_with(|| PartitionSequences {
            producer: ProducerIdAndEpoch::NONE,
            next_sequence: 0,
            last_acked_sequence: -1,
            in_flight: SortedSet::new(),
        })
    }

    // --- producer id

    /// `bumpIdempotentEpochAndResetIdIfNeeded`: raises the epoch after a gap, and wants a producer id where there is
    /// none. True: the epoch was raised.
    pub fn bump_epoch_and_reset_id_if_needed(&mut self, batches: &mut BatchStore) -> bool {
        let bumped = self.epoch_bump_required && self.bump_epoch(batches);
        if self.state != TransactionState::Initializing && !self.producer.is_valid() {
            self.state = TransactionState::Initializing;
            self.pending = Some(PendingInit { is_retry: false });
        }
        bumped
    }

    fn bump_epoch(&mut self, batches: &mut BatchStore) -> bool {
        let has_next = self.producer.epoch < i16::MAX;
        if has_next {
            self.producer.epoch += 1;
        } else {
            // Epochs are used up: a new producer id.
            self.producer = ProducerIdAndEpoch::NONE;
            self.state = TransactionState::Uninitialized;
        }
        for at in std::mem::take(&mut self.partitions_to_rewrite) {
            self.start_sequences_at_beginning(at, batches);
            self.unresolved.remove(&at);
        }
        self.epoch_bump_required = false;
        has_next
    }

    /// `startSequencesAtBeginning`: batches in flight and the next ones get sequences from 0 under the current epoch.
    fn start_sequences_at_beginning(&mut self, at: PartitionNo, batches: &mut BatchStore) {
        let producer = self.producer;
        let entry = self.entry(at);
        let in_flight = std::mem::take(&mut entry.in_flight);
        let mut sequence = 0;
        for (_, number) in in_flight {
            let batch = batches.get_mut(number);
            batch.reset_producer_state(ProducerState {
                producer_id: producer.producer_id,
                producer_epoch: producer.epoch,
                base_sequence: sequence,
                is_transactional: batch.producer.is_transactional,
            });
            entry.in_flight.insert((sequence, number));
            sequence += batch.record_count() as i32;
        }
        entry.producer = producer;
        entry.next_sequence = sequence;
        entry.last_acked_sequence = -1;
    }

    /// The `InitProducerId` request that is to be sent, if one is.
    pub const fn pending(&self) -> Option<PendingInit> {
        self.pending
    }

    pub const fn has_in_flight_request(&self) -> bool {
        self.in_flight_request
    }

    /// The pending request was sent.
    pub fn sent_pending(&mut self) {
        assert!(self.pending.take().is_some(), "a request was pending");
        self.in_flight_request = true;
    }

    /// The pending request could not be sent, or its connection was lost: it is tried again after a wait.
    pub fn retry(&mut self) {
        self.in_flight_request = false;
        self.pending = Some(PendingInit { is_retry: true });
    }

    /// `InitProducerIdHandler.handleResponse`. True: there is a producer id now.
    pub fn handle_init_producer_id(&mut self, error: Code, producer: ProducerIdAndEpoch) -> bool {
        self.in_flight_request = false;
        match error {
            Code::None => {
                self.producer = producer;
                self.state = TransactionState::Ready;
                self.last_error = None;
                return true;
            }
            error if error.is_retriable() => self.retry(),
            Code::TransactionalIdAuthorizationFailed
            | Code::ClusterAuthorizationFailed
            | Code::TransactionAbortable => {
                self.state = TransactionState::AbortableError;
                self.last_error = Some(Exception::of(error));
            }
            Code::InvalidProducerEpoch | Code::ProducerFenced => self.fail(Exception::of(Code::ProducerFenced)),
            error => {
                let message = format!("Unexpected error in InitProducerIdResponse; {}", error.message());
                self.fail(Exception::new("KafkaException", None, message));
            }
        }
        false
    }

    fn fail(&mut self, error: Exception) {
        self.state = TransactionState::FatalError;
        self.last_error = Some(error);
    }

    /// An error of authorization, which the next pass takes back (`Sender.shouldHandleAuthorizationError`): its
    /// exception, and the producer begins anew.
    pub fn take_authorization_error(&mut self) -> Option<Exception> {
        let is_authorization = self.last_error.as_ref().is_some_and(|error| {
            matches!(error.code, Some(Code::TransactionalIdAuthorizationFailed | Code::ClusterAuthorizationFailed))
        });
        if self.state != TransactionState::AbortableError || !is_authorization {
            return None;
        }
        self.state = TransactionState::Uninitialized;
        self.pending = None;
        self.last_error.clone()
    }

    /// `maybeFailWithError`: the `KafkaException` that `send` throws when the producer is broken, with what
    /// broke it as its cause.
    pub fn check_usable(&self) -> Result<(), Exception> {
        if !self.has_error() {
            return Ok(());
        }
        let mut thrown = Exception::new(
            "KafkaException",
            None,
            "Cannot execute transactional method because we are in an error state",
        );
        if let Some(cause) = &self.last_error {
            thrown = thrown.caused_by(cause.clone());
        }
        Err(thrown)
    }

    // --- sequences

    /// `shouldStopDrainBatchesForPartition`: whether this head of its deque must not leave now.
    pub fn should_stop_drain(&self, first: &ProducerBatch) -> bool {
        if self.has_fatal_error() || !self.producer.is_valid() {
            return true;
        }
        let Some(entry) = self.partitions.get(&first.at) else { return false };
        if !first.has_sequence() {
            // A batch of a new epoch must not overtake those of the old one, and none may leave while it is not known
            // which sequences the broker has.
            let is_stale = entry.producer != self.producer;
            if (!entry.in_flight.is_empty() && is_stale) || self.unresolved.contains_key(&first.at) {
                return true;
            }
            return false;
        }
        // A retried batch waits for those before it: while retrying only one is in flight.
        entry.in_flight.first().is_some_and(|(sequence, _)| *sequence != first.base_sequence())
    }

    /// Gives a batch that leaves for the first time its producer id and sequence.
    pub fn assign_sequence(&mut self, number: u32, batches: &mut BatchStore) {
        let at = batches.get(number).at;
        let producer = self.producer;
        let entry = self.entry(at);
        // `maybeUpdateProducerIdAndEpoch`.
        if entry.producer != producer && entry.in_flight.is_empty() {
            self.start_sequences_at_beginning(at, batches);
        }
        let entry = self.entry(at);
        let batch = batches.get_mut(number);
        batch.producer = ProducerState {
            producer_id: producer.producer_id,
            producer_epoch: producer.epoch,
            base_sequence: entry.next_sequence,
            is_transactional: false,
        };
        entry.next_sequence = increment_sequence(entry.next_sequence, batch.record_count() as i32);
        entry.in_flight.insert((batch.base_sequence(), number));
    }

    pub fn add_in_flight_batch(&mut self, batch: &ProducerBatch) {
        assert!(batch.has_sequence(), "only a batch with a sequence is in flight");
        self.entry(batch.at).in_flight.insert((batch.base_sequence(), batch.id.number));
    }

    pub fn remove_in_flight_batch(&mut self, batch: &ProducerBatch) {
        if let Some(entry) = self.partitions.get_mut(&batch.at) {
            entry.in_flight.remove(&(batch.base_sequence(), batch.id.number));
        }
    }

    fn has_in_flight(&self, at: PartitionNo) -> bool {
        self.partitions.get(&at).is_some_and(|entry| !entry.in_flight.is_empty())
    }

    fn last_acked_sequence(&self, at: PartitionNo) -> i32 {
        self.partitions.get(&at).map_or(-1, |entry| entry.last_acked_sequence)
    }

    fn is_next_sequence(&self, at: PartitionNo, sequence: i32) -> bool {
        sequence.wrapping_sub(self.last_acked_sequence(at)) == 1
    }

    fn request_epoch_bump(&mut self, at: PartitionNo) {
        self.epoch_bump_required = true;
        self.partitions_to_rewrite.insert(at);
    }

    /// `handleCompletedBatch`.
    pub fn handle_completed_batch(&mut self, batch: &ProducerBatch) {
        let entry = self.entry(batch.at);
        entry.last_acked_sequence = entry.last_acked_sequence.max(batch.last_sequence());
        self.remove_in_flight_batch(batch);
    }

    /// `handleFailedBatch`: `adjust`: the broker refused it, so its sequences are free; a gap is closed by a new epoch.
    pub fn handle_failed_batch(&mut self, batch: &ProducerBatch, error: &Exception, adjust: bool) {
        let is_fatal = matches!(
            error.code,
            Some(
                Code::ClusterAuthorizationFailed
                    | Code::TransactionalIdAuthorizationFailed
                    | Code::ProducerFenced
                    | Code::UnsupportedVersion
                    | Code::InvalidProducerIdMapping
            )
        );
        if is_fatal {
            self.fail(error.clone());
        }
        self.remove_in_flight_batch(batch);
        if self.has_fatal_error() {
            return;
        }
        match error.code {
            Some(Code::OutOfOrderSequenceNumber) => self.request_epoch_bump(batch.at),
            Some(Code::UnknownProducerId) => {
                self.partitions.remove(&batch.at);
                self.unresolved.remove(&batch.at);
            }
            _ if adjust => self.request_epoch_bump(batch.at),
            _ => {}
        }
    }

    /// `canRetry`: whether an error of this batch is worth another attempt.
    pub fn can_retry(&mut self, response: BatchResponse, batch: &ProducerBatch) -> bool {
        let at = batch.at;
        match response.error {
            Code::UnknownProducerId => {
                // The broker has lost what it knew of this producer; under a new epoch it takes sequence 0. (What Java
                // asks of `lastAckedOffset` decides something only in a transaction.) Without a
                // log start offset, or when the sequence was reset already, the same is simply tried again.
                if response.log_start_offset != -1 && !batch.reopened {
                    self.request_epoch_bump(at);
                }
                true
            }
            Code::OutOfOrderSequenceNumber => {
                let unresolved = self.unresolved.get(&at).copied();
                let sequence = batch.base_sequence();
                let follows_failed = unresolved.is_none() && (batch.reopened || !self.is_next_sequence(at, sequence));
                if !follows_failed && unresolved.is_none_or(|next| next == sequence) {
                    self.request_epoch_bump(at);
                }
                true
            }
            error => error.is_retriable(),
        }
    }

    /// `markSequenceUnresolved`: the batch expired after it had been sent; nobody knows whether it was written.
    pub fn mark_sequence_unresolved(&mut self, batch: &ProducerBatch) {
        let next = batch.last_sequence().wrapping_add(1);
        let known = self.unresolved.entry(batch.at).or_insert(next);
        *known = next.max(*known);
    }

    pub fn has_unresolved_sequences(&self) -> bool {
        !self.unresolved.is_empty()
    }

    /// `maybeResolveSequences`: once nothing is in flight, either the gap has closed or the epoch must be raised.
    pub fn maybe_resolve_sequences(&mut self) {
        let settled: Vec<PartitionNo> = self.unresolved.keys().copied().filter(|at| !self.has_in_flight(*at)).collect();
        for at in settled {
            let next = self.entry(at).next_sequence;
            if !self.is_next_sequence(at, next) {
                self.request_epoch_bump(at);
            }
            self.unresolved.remove(&at);
        }
    }
}
