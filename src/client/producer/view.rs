//! What the producer shows of itself: plain data, read only.

use super::accumulator::RecordAccumulator;
use super::sender::SentRequest;
use super::serialized::{Serialized, serialize};
use super::{ActiveCall, BufferPool, Producer, TransactionManager, unsigned};
use crate::call::ProducerRecord;
use crate::client::net::{Metadata, NetworkClient};
use crate::config::ProducerConfig;
use crate::error::Exception;
use crate::ids::{BatchId, BrokerId, ClientId, ConnectionId, PartitionNo, RecordId};
use crate::time::Now;
use crate::wire::Api;

/// A batch as a picture shows it. Times are virtual milliseconds, sizes bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerBatchView {
    pub id: BatchId,
    pub partition: PartitionNo,
    pub records: Vec<RecordId>,
    /// As it is estimated; exact once it was drained.
    pub bytes: u32,
    /// The size of its buffer: it is full when this much is written.
    pub capacity: u32,
    pub created_ms: u64,
    /// No record is taken any more.
    pub is_full: bool,
    /// Failed attempts so far.
    pub attempts: u32,
    /// How long it still waits before another attempt.
    pub backoff_left_ms: u64,
    /// How long `linger.ms` still holds it; 0 when it does not, or after a failed attempt.
    pub linger_left_ms: u64,
    /// -1: none yet, or not idempotent.
    pub base_sequence: i32,
    pub is_split: bool,
    /// When `delivery.timeout.ms` is over.
    pub expires_ms: u64,
}

/// A partition's deque, first batch first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DequeView {
    pub partition: PartitionNo,
    pub batches: Vec<ProducerBatchView>,
}

/// A request in flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestView {
    pub broker: BrokerId,
    pub connection: ConnectionId,
    pub api: Api,
    pub correlation_id: i32,
    /// Empty for other requests than Produce.
    pub batches: Vec<BatchId>,
    pub sent_ms: u64,
    /// When `request.timeout.ms` is over.
    pub deadline_ms: u64,
}

impl Producer {
    pub fn id(&self) -> ClientId {
        self.id
    }

    pub fn config(&self) -> &ProducerConfig {
        &self.config
    }

    /// The call that the application is in, with its stage.
    pub fn active_call(&self) -> Option<&ActiveCall> {
        self.thread.active()
    }

    /// False once `close` was called.
    pub fn is_running(&self) -> bool {
        self.sender.is_running()
    }

    /// The sender's thread is over: closed.
    pub fn is_closed(&self) -> bool {
        self.sender.has_ended()
    }

    pub fn accumulator(&self) -> &RecordAccumulator {
        &self.accumulator
    }

    /// A door for tests that break a run on purpose: the connections to nodes, and the memory for records.
    #[doc(hidden)]
    pub fn door_to_insides(&mut self) -> (&mut NetworkClient, &mut BufferPool) {
        (&mut self.net, &mut self.accumulator.pool)
    }

    /// None: not idempotent.
    pub fn transaction_manager(&self) -> Option<&TransactionManager> {
        self.transactions.as_ref()
    }

    pub fn network(&self) -> &NetworkClient {
        &self.net
    }

    pub fn metadata(&self) -> &Metadata {
        &self.net.metadata
    }

    /// The bytes that key and value of a record become: serializers have no state, so they are those that were sent.
    /// Throws what `send` threw for a key or a value that its serializer refuses.
    pub fn serialize_again(&self, record: &ProducerRecord) -> Result<(Serialized, Serialized), Exception> {
        let key = serialize(self.key_serializer, "key", &record.key)?;
        Ok((key, serialize(self.value_serializer, "value", &record.value)?))
    }

    /// How many records `send` took so far; the next one gets this number.
    pub fn records_sent(&self) -> u32 {
        self.next_record
    }

    /// Whether a record's callback has not run yet: it lies in a batch that is not complete.
    pub fn incomplete_records(&self) -> u32 {
        self.accumulator.batches().incomplete().map(|batch| batch.record_count()).sum()
    }

    /// A batch that is not complete, or whose request is still in flight.
    pub fn batch(&self, number: u32, now: Now) -> Option<ProducerBatchView> {
        let batch = self.accumulator.batches().find(number)?;
        let config = self.accumulator.config();
        let waited_ms = batch.waited_ms(now.ms());
        let backs_off = batch.should_backoff(now.ms());
        let record = |thunk: &super::Thunk| RecordId { client: self.id, number: thunk.record };
        Some(ProducerBatchView {
            id: batch.id,
            partition: batch.at,
            records: batch.thunks.iter().map(record).collect(),
            bytes: batch.estimated_size_in_bytes() as u32,
            capacity: batch.initial_capacity as u32,
            created_ms: batch.created_ms,
            is_full: batch.is_full(),
            attempts: batch.attempts,
            backoff_left_ms: if backs_off { batch.retry_backoff_ms.saturating_sub(waited_ms) } else { 0 },
            linger_left_ms: if batch.attempts > 0 { 0 } else { config.linger_ms.saturating_sub(waited_ms) },
            base_sequence: batch.base_sequence(),
            is_split: batch.is_split,
            expires_ms: batch.created_ms.saturating_add(config.delivery_timeout_ms),
        })
    }

    /// The deques of all partitions that were appended to.
    pub fn deques(&self, now: Now) -> Vec<DequeView> {
        let deques = self.accumulator.deques();
        deques
            .map(|(partition, deque)| DequeView {
                partition,
                batches: deque.iter().filter_map(|number| self.batch(*number, now)).collect(),
            })
            .collect()
    }

    /// Requests in flight, by connection, oldest first.
    pub fn requests(&self) -> Vec<RequestView> {
        let mut requests = Vec::new();
        for (node, connection) in self.net.connections() {
            let Some(id) = connection.id else { continue };
            for request in &connection.in_flight {
                let sent = request.token.and_then(|token| self.sender.requests.get(&token));
                let batches = match sent {
                    Some(SentRequest::Produce { batches }) => {
                        batches.iter().map(|number| BatchId { client: self.id, number: *number }).collect()
                    }
                    Some(SentRequest::InitProducerId) | None => Vec::new(),
                };
                requests.push(RequestView {
                    broker: self.net.broker(node),
                    connection: id,
                    api: request.api,
                    correlation_id: request.correlation_id,
                    batches,
                    sent_ms: request.sent_ms,
                    deadline_ms: request.sent_ms.saturating_add(request.timeout_ms),
                });
            }
        }
        requests
    }

    /// How long the thread that waits may still wait, in milliseconds: of `max.block.ms` for a `send`.
    pub fn max_block_ms(&self) -> u64 {
        unsigned(self.config.max_block_ms)
    }
}
