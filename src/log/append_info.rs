//! What one append does to one producer, checked before anything changes (`ProducerAppendInfo`).

use super::config::AppendOrigin;
use super::producers::{BatchMetadata, ProducerStateEntry};
use super::transactions::{CompletedTxn, Txn, VerificationState};
use crate::ids::TopicPartition;
use crate::record::{BatchView, EndTransactionMarker, RecordException};

/// `TransactionVersion.TV_UNKNOWN`: data does not say with which version of transactions it was written.
const TV_UNKNOWN: i16 = -1;

#[derive(Clone, Debug)]
pub(crate) struct ProducerAppendInfo {
    current: ProducerStateEntry,
    updated: ProducerStateEntry,
    origin: AppendOrigin,
    verification: Option<VerificationState>,
    started: Vec<Txn>,
}

impl ProducerAppendInfo {
    pub fn new(
        current: ProducerStateEntry,
        origin: AppendOrigin,
        verification: Option<VerificationState>,
    ) -> ProducerAppendInfo {
        let updated = current.without_batches();
        ProducerAppendInfo { current, updated, origin, verification, started: Vec::new() }
    }

    /// The entry as it will be, and the transactions that begin with this append.
    pub fn into_updated(self) -> (ProducerStateEntry, Vec<Txn>) {
        (self.updated, self.started)
    }

    pub fn append(
        &mut self,
        place: &TopicPartition,
        batch: BatchView<'_>,
        transaction_version: i16,
    ) -> Result<Option<CompletedTxn>, RecordException> {
        if !batch.is_control() {
            self.append_data(place, batch)?;
            return Ok(None);
        }
        let records = batch.records()?;
        let Some(record) = records.iter().next().transpose()? else { return Ok(None) };
        let marker = EndTransactionMarker::parse(&record)?;
        self.append_marker(place, batch, marker, record.timestamp, transaction_version)
    }

    fn append_data(&mut self, place: &TopicPartition, batch: BatchView<'_>) -> Result<(), RecordException> {
        let (epoch, offset) = (batch.producer_epoch(), batch.base_offset());
        self.check_epoch(place, epoch, offset, TV_UNKNOWN)?;
        if self.origin == AppendOrigin::Client {
            self.check_sequence(place, epoch, batch.base_sequence(), offset)?;
        }
        let metadata = BatchMetadata {
            last_sequence: batch.last_sequence(),
            last_offset: batch.last_offset(),
            offset_delta: (batch.last_offset() - offset) as i32,
            timestamp: batch.max_timestamp(),
        };
        self.updated.add_batch(epoch, metadata);
        let producer_id = self.updated.producer_id;
        match self.updated.current_txn_first_offset {
            Some(_) if !batch.is_transactional() => Err(RecordException::new(
                "InvalidTxnStateException",
                format!(
                    "Expected transactional write from producer {producer_id} at offset (offset={offset}, \
                     segment=[-1:-1]) in partition {place}"
                ),
            )),
            None if batch.is_transactional() => {
                self.updated.current_txn_first_offset = Some(offset);
                self.started.push(Txn { producer_id, first_offset: offset, last_offset: None });
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn append_marker(
        &mut self,
        place: &TopicPartition,
        batch: BatchView<'_>,
        marker: EndTransactionMarker,
        timestamp: i64,
        transaction_version: i16,
    ) -> Result<Option<CompletedTxn>, RecordException> {
        let (epoch, offset) = (batch.producer_epoch(), batch.base_offset());
        if transaction_version == TV_UNKNOWN && self.origin != AppendOrigin::Replication {
            let origin = if self.origin == AppendOrigin::Client { "CLIENT" } else { "COORDINATOR" };
            return Err(RecordException::illegal_argument(format!(
                "transactionVersion must be explicitly specified, cannot use default value TV_UNKNOWN for origin {origin}"
            )));
        }
        self.check_epoch(place, epoch, offset, transaction_version.max(0))?;
        self.check_coordinator_epoch(place, marker, offset)?;
        let producer_id = self.updated.producer_id;
        let completed = self.updated.current_txn_first_offset.map(|first_offset| CompletedTxn {
            producer_id,
            first_offset,
            last_offset: offset,
            is_aborted: !marker.is_commit,
        });
        self.updated.complete(epoch, marker.coordinator_epoch, timestamp);
        Ok(completed)
    }

    /// With transactions of version 2 every marker has a new epoch; only the retry of one may have the same.
    fn check_epoch(
        &self,
        place: &TopicPartition,
        epoch: i16,
        offset: i64,
        transaction_version: i16,
    ) -> Result<(), RecordException> {
        let current = self.updated.producer_epoch;
        let is_v2 = transaction_version >= 2;
        let is_invalid = if is_v2 { epoch <= current } else { epoch < current };
        let is_marker_again =
            is_v2 && epoch == current && (self.updated.current_txn_first_offset.is_none() || epoch == i16::MAX);
        if !is_invalid || is_marker_again || self.origin == AppendOrigin::Replication {
            return Ok(());
        }
        let comparison = if is_v2 { "<=" } else { "<" };
        Err(RecordException::new(
            "InvalidProducerEpochException",
            format!(
                "Epoch of producer {} at offset {offset} in {place} is {epoch}, which is {comparison} the last seen \
                 epoch {current} (TV{transaction_version})",
                self.updated.producer_id
            ),
        ))
    }

    fn check_coordinator_epoch(
        &self,
        place: &TopicPartition,
        marker: EndTransactionMarker,
        offset: i64,
    ) -> Result<(), RecordException> {
        let current = self.updated.coordinator_epoch;
        if current <= marker.coordinator_epoch || self.origin == AppendOrigin::Replication {
            return Ok(());
        }
        Err(RecordException::new(
            "TransactionCoordinatorFencedException",
            format!(
                "Invalid coordinator epoch for producerId {} at offset {offset} in partition {place}: {} (zombie), \
                 {current} (current)",
                self.updated.producer_id, marker.coordinator_epoch
            ),
        ))
    }

    fn check_sequence(
        &self,
        place: &TopicPartition,
        epoch: i16,
        first_sequence: i32,
        offset: i64,
    ) -> Result<(), RecordException> {
        let producer_id = self.updated.producer_id;
        let out_of_order = |message: String| Err(RecordException::new("OutOfOrderSequenceException", message));
        let at = format!("producer {producer_id} at offset {offset} in partition {place}");
        if let Some(verification) = &self.verification {
            if verification.supports_epoch_bump && first_sequence != 0 && self.current.is_empty() {
                return out_of_order(format!(
                    "Invalid sequence number for {at}: {first_sequence} (incoming seq. number). Expected sequence 0 \
                     for transactions v2 idempotent producer with no existing state."
                ));
            }
            if first_sequence > verification.lowest_sequence {
                return out_of_order(format!(
                    "Out of order sequence number for {at}: {first_sequence} (incoming seq. number), {} (earliest \
                     seen sequence)",
                    verification.lowest_sequence
                ));
            }
        }
        if epoch != self.updated.producer_epoch {
            if first_sequence != 0 && self.updated.producer_epoch != -1 {
                // The missing blank is Kafka's.
                return out_of_order(format!(
                    "Invalid sequence number for new epoch of producer {producer_id}at offset {offset} in partition \
                     {place}: {epoch} (request epoch), {first_sequence} (seq. number), {} (current producer epoch)",
                    self.updated.producer_epoch
                ));
            }
            return Ok(());
        }
        let last_sequence = if !self.updated.is_empty() {
            self.updated.last_sequence()
        } else if epoch == self.current.producer_epoch {
            self.current.last_sequence()
        } else {
            -1
        };
        if self.current.producer_epoch == -1 || is_in_sequence(last_sequence, first_sequence) {
            return Ok(());
        }
        out_of_order(format!(
            "Out of order sequence number for {at}: {first_sequence} (incoming seq. number), {last_sequence} (current \
             end sequence number)"
        ))
    }
}

fn is_in_sequence(last: i32, next: i32) -> bool {
    i64::from(next) == i64::from(last) + 1 || (next == 0 && last == i32::MAX)
}
