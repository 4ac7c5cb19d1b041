//! Who is who among records, batches and offsets: an index folded from events.
//!
//! A record's identity is not in its bytes. It is a [`RecordId`] that lies in a batch, which travels in requests and is
//! written at offsets: twice, when a retry wrote it again.

mod entry;
mod taking;

use std::sync::Arc;

use super::chunks::Chunks;
use super::facts::{Attempt, BatchFacts, Handled, RecordFacts, RecordStage};
use crate::ids::{BatchId, BrokerId, ClientId, EventId, ExceptionNo, PartitionNo, RecordId};
use crate::sorted::{InOrder, SortedMap};
use entry::{Batch, NONE, RecordEntry, Standing, UNKNOWN, stage};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct OfClient {
    records: Chunks<RecordEntry, 256>,
    /// Records that have an outcome.
    ended: u32,
    batches: Chunks<Batch, 64>,
    /// The batches that requests carried, by correlation id: upwards, since a client counts its requests.
    drained: Chunks<(i32, u32), 256>,
}

/// A batch in a partition's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Written {
    base_offset: u64,
    records: u32,
    /// `NONE`: not a producer's of this run, as in `__consumer_offsets`.
    batch: u32,
    client: ClientId,
}

/// Number of the batch and the broker it went to, by client, correlation id and partition.
type UnderWay = SortedMap<(ClientId, i32, PartitionNo), (u32, BrokerId)>;

/// The index of all records of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RecordIndex {
    /// By client's number.
    clients: Vec<Arc<OfClient>>,
    logs: SortedMap<PartitionNo, Arc<Chunks<Written, 256>>>,
    /// Batches in requests that no broker has handled, by client, correlation id and partition.
    under_way: Arc<UnderWay>,
}

impl RecordIndex {
    /// What is known of a record.
    pub fn record(&self, id: RecordId) -> Option<RecordFacts> {
        let of = self.of(id.client)?;
        let entry = of.records.get(id.number)?;
        let batch = (entry.batch != NONE).then_some(BatchId { client: id.client, number: entry.batch });
        let outcome = match entry.standing {
            Standing::Acknowledged => Some(Ok(entry.result)),
            Standing::Failed | Standing::Threw => Some(Err(entry.failure().0)),
            _ => None,
        };
        let exception = match outcome {
            Some(Err(_)) => entry.failure().1,
            _ => ExceptionNo::NONE,
        };
        Some(RecordFacts {
            topic: entry.topic,
            partition: (entry.partition >= 0).then_some(entry.partition),
            partitioned_by: entry.by,
            stage: stage(entry, batch.and_then(|batch| of.batches.get(batch.number))),
            serialized: (entry.key_bytes != UNKNOWN).then_some((entry.key_bytes, entry.value_bytes)),
            batch: batch.map(|batch| (batch, entry.index)),
            called: entry.called,
            ended: (entry.ended != EventId::NONE).then_some(entry.ended),
            outcome,
            exception,
            thrown: entry.standing == Standing::Threw,
        })
    }

    /// Where a record stands.
    pub fn stage(&self, id: RecordId) -> Option<RecordStage> {
        let of = self.of(id.client)?;
        let entry = of.records.get(id.number)?;
        Some(stage(entry, of.batches.get(entry.batch)))
    }

    /// What is known of a batch.
    pub fn batch(&self, id: BatchId) -> Option<BatchFacts> {
        let batch = self.of(id.client)?.batches.get(id.number)?;
        Some(BatchFacts {
            partition: batch.partition,
            records: batch.records,
            bytes: batch.bytes,
            created: batch.created,
            ready: batch.ready,
            attempts: batch.first.iter().chain(&batch.more).copied().collect(),
            split_into: batch.split_into,
            ended: (batch.ended != EventId::NONE).then_some(batch.ended),
            outcome: batch.outcome,
        })
    }

    /// The record at a place of a batch, from 0.
    pub fn record_in(&self, id: BatchId, index: u32) -> Option<RecordId> {
        let batch = self.of(id.client)?.batches.get(id.number)?;
        let number = batch.runs.number(index).filter(|_| index < batch.records)?;
        Some(RecordId { client: id.client, number })
    }

    /// The record that was written at an offset.
    pub fn at(&self, partition: PartitionNo, offset: u64) -> Option<RecordId> {
        let (written, batch) = self.written(partition, offset)?;
        self.record_in(batch, u32::try_from(offset - written.base_offset).ok()?)
    }

    /// The producer's batch that an offset lies in.
    pub fn batch_at(&self, partition: PartitionNo, offset: u64) -> Option<BatchId> {
        self.written(partition, offset).map(|(_, batch)| batch)
    }

    /// The last record that a client's program has sent.
    pub fn last_record(&self, client: ClientId) -> Option<RecordId> {
        let number = self.of(client)?.records.len().checked_sub(1)?;
        Some(RecordId { client, number })
    }

    /// How many records a client's program has sent.
    pub fn records_sent(&self, client: ClientId) -> u32 {
        self.of(client).map_or(0, |of| of.records.len())
    }

    /// How many of a client's records have no outcome yet.
    pub fn open_records(&self, client: ClientId) -> u32 {
        self.of(client).map_or(0, |of| of.records.len() - of.ended)
    }

    /// How many of a client's records have no outcome, and were in no request.
    pub(super) fn never_sent(&self, client: ClientId) -> u64 {
        self.unsent(client).count() as u64
    }

    /// A client's records that have no outcome, and were in no request.
    pub fn unsent(&self, client: ClientId) -> impl Iterator<Item = RecordId> {
        let of = self.of(client).filter(|of| of.records.len() > of.ended);
        let is_unsent = move |number: &u32| {
            let Some(of) = of else { return false };
            let was_sent = |entry: &RecordEntry| of.batches.get(entry.batch).is_some_and(|batch| batch.first.is_some());
            let entry = of.records.get(*number);
            entry.is_some_and(|entry| entry.ended == EventId::NONE && !was_sent(entry))
        };
        (0..of.map_or(0, |of| of.records.len())).filter(is_unsent).map(move |number| RecordId { client, number })
    }

    /// Partitions that a producer of this run has written to.
    pub fn partitions_written(&self) -> usize {
        let is_written = |log: &&Arc<Chunks<Written, 256>>| log.get(0).is_some_and(|written| written.batch != NONE);
        self.logs.values().filter(is_written).count()
    }

    /// How many batches a client has made.
    pub fn batches_made(&self, client: ClientId) -> u32 {
        self.of(client).map_or(0, |of| of.batches.len())
    }

    /// The batches that a request of a client carries or carried, of those that the client has not sent anew.
    pub fn batches_in(&self, client: ClientId, correlation_id: i32) -> impl Iterator<Item = BatchId> {
        let drained = self.of(client).map(|of| &of.drained);
        let first = drained.map_or(0, |all| all.partition_point(|(id, _)| *id < correlation_id));
        let carried = (first..).map_while(move |i| drained?.get(i)).take_while(move |(id, _)| *id == correlation_id);
        let batches = carried.map(move |(_, number)| BatchId { client, number: *number });
        batches.filter(move |batch| self.last_attempt(*batch).is_some_and(|last| last.correlation_id == correlation_id))
    }

    /// The batch that a client wrote to a partition last before an offset, and the place of its last record.
    pub fn written_before(&self, partition: PartitionNo, offset: u64, client: ClientId) -> Option<(BatchId, u32)> {
        let log = self.logs.get(&partition)?;
        let behind = log.partition_point(|written| written.base_offset < offset);
        let is_its = |written: &&Written| written.client == client && written.batch != NONE;
        let found = (0..behind).rev().filter_map(|i| log.get(i)).find(is_its)?;
        Some((BatchId { client, number: found.batch }, found.records.saturating_sub(1)))
    }

    /// The sequence that a client's first batch in a partition's log had when it was written.
    pub(super) fn first_sequence(&self, partition: PartitionNo, client: ClientId) -> Option<i32> {
        let log = self.logs.get(&partition)?;
        let is_its = |written: &&Written| written.client == client && written.batch != NONE;
        let first = (0..log.len()).filter_map(|i| log.get(i)).find(is_its)?;
        let is_written = |attempt: &&Attempt| matches!(attempt.handled, Some((Handled::Written(_), _)));
        self.attempts(BatchId { client, number: first.batch }).find(is_written).map(|attempt| attempt.sequence)
    }

    /// The offsets of a record in its partition's log, upwards: one for each time it was written.
    pub fn offsets(&self, id: RecordId) -> Vec<u64> {
        let Some(of) = self.of(id.client) else { return Vec::new() };
        let Some(entry) = of.records.get(id.number) else { return Vec::new() };
        let mut offsets: Vec<u64> = Vec::new();
        for (_, batch) in self.line_of(BatchId { client: id.client, number: entry.batch }) {
            if let Some(place) = batch.runs.place(id.number).filter(|place| *place < batch.records) {
                offsets.extend(batch.written().map(|base_offset| base_offset + u64::from(place)));
            }
        }
        offsets.order();
        offsets
    }

    /// Whether records of a batch were in the log before it was written there last: by an earlier attempt, or in the
    /// batch that it was split from. A broker whose `max.message.bytes` was lowered between a lost answer and the retry
    /// refuses the retry before it looks for duplicates (`UnifiedLog.append`); the parts' sequences match nothing then,
    /// and the producer writes them anew under its next epoch.
    pub(super) fn is_written_again(&self, id: BatchId) -> bool {
        self.line_of(id).any(|(number, batch)| batch.written().count() > usize::from(number == id.number))
    }

    /// A batch, the one it was split from, the one that one was split from …
    fn line_of(&self, id: BatchId) -> impl Iterator<Item = (u32, &Batch)> {
        let of = self.of(id.client);
        let mut next = id.number;
        std::iter::from_fn(move || {
            let number = next;
            let batch = of?.batches.get(number)?;
            next = batch.split_of;
            Some((number, batch))
        })
    }

    /// The requests that carried a batch, in order.
    pub(super) fn attempts(&self, id: BatchId) -> impl DoubleEndedIterator<Item = &Attempt> {
        let batch = self.of(id.client).and_then(|of| of.batches.get(id.number));
        batch.into_iter().flat_map(|batch| batch.first.iter().chain(&batch.more))
    }

    pub(super) fn last_attempt(&self, id: BatchId) -> Option<&Attempt> {
        self.attempts(id).next_back()
    }

    /// Whether the last request that carried a batch may still be handled.
    pub(super) fn is_under_way(&self, id: BatchId) -> bool {
        let Some(batch) = self.of(id.client).and_then(|of| of.batches.get(id.number)) else { return false };
        self.last_attempt(id)
            .is_some_and(|last| self.under_way.contains_key(&(id.client, last.correlation_id, batch.partition)))
    }

    fn of(&self, client: ClientId) -> Option<&OfClient> {
        self.clients.get(usize::from(client.0)).map(Arc::as_ref)
    }

    fn of_mut(&mut self, client: ClientId) -> &mut OfClient {
        let i = usize::from(client.0);
        if i >= self.clients.len() {
            self.clients.resize_with(i + 1, Arc::default);
        }
        Arc::make_mut(&mut self.clients[i])
    }

    fn entry(&mut self, id: RecordId) -> Option<&mut RecordEntry> {
        self.of_mut(id.client).records.get_mut(id.number)
    }

    fn batch_mut(&mut self, id: BatchId) -> Option<&mut Batch> {
        self.of_mut(id.client).batches.get_mut(id.number)
    }

    fn written(&self, partition: PartitionNo, offset: u64) -> Option<(Written, BatchId)> {
        let log = self.logs.get(&partition)?;
        let behind = log.partition_point(|written| written.base_offset <= offset);
        let written = *log.get(behind.checked_sub(1)?)?;
        let is_within = offset - written.base_offset < u64::from(written.records);
        let batch = BatchId { client: written.client, number: written.batch };
        (is_within && written.batch != NONE).then_some((written, batch))
    }
}

#[cfg(test)]
mod tests;
