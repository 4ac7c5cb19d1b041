//! `ProducerBatch`: records of one partition that travel together.

use std::sync::Arc;

use bytes::Bytes;

use crate::error::Exception;
use crate::event::ReadyWhy;
use crate::ids::{BatchId, EventId, PartitionNo, TopicPartition};
use crate::record::{
    BatchBuilder, BatchOptions, BatchView, CompressionRatio, Header, ProducerState, record_size_upper_bound,
};

/// How a batch ended (`ProducerBatch.FinalState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FinalState {
    Aborted,
    Failed,
    Succeeded,
}

/// What is kept of a record for its caller (`ProducerBatch.Thunk`, `FutureRecordMetadata`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thunk {
    /// The record's number among its client's.
    pub record: u32,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// -1: null.
    pub serialized_key_size: i32,
    pub serialized_value_size: i32,
    /// The event of its appending, to the part where its batch was split.
    pub event: EventId,
    /// Its `send` threw although the record lies here: nobody has its future.
    pub threw: bool,
}

/// The bytes of a record on its way into a batch.
#[derive(Clone, Copy, Debug)]
pub struct RecordBytes<'a> {
    /// Milliseconds since 1970.
    pub timestamp: i64,
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    pub headers: &'a [Header],
}

impl RecordBytes<'_> {
    /// The most that a batch with only this record can take.
    pub fn upper_bound(&self) -> i32 {
        record_size_upper_bound(self.key, self.value, self.headers)
    }
}

/// A batch of records that is or will be sent. Times are virtual milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProducerBatch {
    pub id: BatchId,
    pub at: PartitionNo,
    pub topic: Arc<str>,
    pub created_ms: u64,
    pub builder: BatchBuilder,
    pub thunks: Vec<Thunk>,
    /// The upper bound of its largest record.
    pub max_record_size: i32,
    /// The size of the buffer that was taken from the pool for it.
    pub initial_capacity: i32,
    pub producer: ProducerState,
    /// Failed attempts so far.
    pub attempts: u32,
    last_attempt_ms: u64,
    last_append_ms: u64,
    /// How long to wait after the last attempt (`retry.backoff.ms`, growing).
    pub retry_backoff_ms: u64,
    /// Put back after a failed attempt at least once.
    pub in_retry: bool,
    /// Its sequence was changed and it was not drained since.
    pub reopened: bool,
    pub is_split: bool,
    pub final_state: Option<FinalState>,
    current_leader_epoch: Option<i32>,
    attempts_when_leader_last_changed: u32,
    /// A request with it is in flight; it is kept until that ends, even when it is done.
    pub in_request: bool,
    /// The last event of the batch as a whole: `BatchReady`, `BatchDrained`, `BatchRetried`; none before the first.
    pub event: Option<EventId>,
    /// Said to be ready since it was last put into its deque.
    pub said_ready: bool,
}

impl ProducerBatch {
    /// An empty batch. `capacity` is the size of its buffer in bytes; the batch is full when that is full.
    pub fn new(id: BatchId, at: PartitionNo, topic: &Arc<str>, options: BatchOptions, now_ms: u64) -> ProducerBatch {
        ProducerBatch {
            id,
            at,
            topic: topic.clone(),
            created_ms: now_ms,
            builder: BatchBuilder::new(options),
            thunks: Vec::new(),
            max_record_size: 0,
            initial_capacity: options.write_limit,
            producer: ProducerState::NONE,
            attempts: 0,
            last_attempt_ms: now_ms,
            last_append_ms: now_ms,
            retry_backoff_ms: 0,
            in_retry: false,
            reopened: false,
            is_split: false,
            final_state: None,
            current_leader_epoch: None,
            attempts_when_leader_last_changed: 0,
            in_request: false,
            event: None,
            said_ready: false,
        }
    }

    /// What led to the next thing that happens to the batch as a whole: the last one, or else its first record.
    pub fn cause(&self) -> EventId {
        self.event.unwrap_or_else(|| appended(self.thunks.first()))
    }

    /// What made it ready.
    pub fn cause_of_ready(&self, why: ReadyWhy) -> EventId {
        match why {
            ReadyWhy::Retry => self.cause(),
            ReadyWhy::Full => appended(self.thunks.last()),
            ReadyWhy::Linger | ReadyWhy::Exhausted | ReadyWhy::Close | ReadyWhy::Flush | ReadyWhy::SameBroker => {
                appended(self.thunks.first())
            }
        }
    }

    pub fn topic_partition(&self) -> TopicPartition {
        TopicPartition::new(&self.topic, self.at.partition)
    }

    pub fn record_count(&self) -> u32 {
        self.thunks.len() as u32
    }

    pub fn estimated_size_in_bytes(&self) -> i32 {
        self.builder.estimated_size_in_bytes()
    }

    pub fn is_full(&self) -> bool {
        self.builder.is_full()
    }

    pub const fn has_sequence(&self) -> bool {
        self.producer.base_sequence != -1
    }

    pub const fn base_sequence(&self) -> i32 {
        self.producer.base_sequence
    }

    pub fn last_sequence(&self) -> i32 {
        self.producer.base_sequence.wrapping_add(self.record_count() as i32 - 1)
    }

    pub const fn is_done(&self) -> bool {
        self.final_state.is_some()
    }

    /// False when there is no room. `IllegalArgumentException` for a timestamp below -1.
    pub fn try_append(&mut self, record: &RecordBytes<'_>, thunk: Thunk, now_ms: u64) -> Result<bool, Exception> {
        if !self.builder.has_room_for(record.timestamp, record.key, record.value, record.headers) {
            return Ok(false);
        }
        let appended = self.builder.append(record.timestamp, record.key, record.value, record.headers);
        appended.map_err(|error| Exception::new(error.class, None, error.message.unwrap_or_default()))?;
        self.last_append_ms = now_ms;
        self.max_record_size = self.max_record_size.max(record.upper_bound());
        self.thunks.push(thunk);
        Ok(true)
    }

    pub const fn waited_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.last_attempt_ms)
    }

    pub const fn has_reached_delivery_timeout(&self, delivery_timeout_ms: u64, now_ms: u64) -> bool {
        delivery_timeout_ms <= now_ms.saturating_sub(self.created_ms)
    }

    /// `reenqueued`: the attempt failed and there will be another.
    pub fn reenqueued(&mut self, now_ms: u64, retry_backoff_ms: u64) {
        self.attempts += 1;
        self.last_attempt_ms = self.last_append_ms.max(now_ms);
        self.last_append_ms = self.last_append_ms.max(now_ms);
        self.retry_backoff_ms = retry_backoff_ms;
        self.in_retry = true;
        self.said_ready = false;
    }

    /// `maybeUpdateLeaderEpoch` (KIP-951).
    pub fn maybe_update_leader_epoch(&mut self, latest: Option<i32>) {
        if self.is_leader_epoch_news(latest) {
            self.attempts_when_leader_last_changed = self.attempts;
            self.current_leader_epoch = latest;
        }
    }

    /// Whether [`Self::maybe_update_leader_epoch`] would change anything.
    pub fn is_leader_epoch_news(&self, latest: Option<i32>) -> bool {
        latest.is_some() && self.current_leader_epoch < latest
    }

    /// `shouldBackoff`: its last attempt failed, the wait is not over and the leader did not change since.
    pub const fn should_backoff(&self, now_ms: u64) -> bool {
        let leader_changed = self.attempts == self.attempts_when_leader_last_changed;
        self.attempts > 0 && !leader_changed && self.waited_ms(now_ms) < self.retry_backoff_ms
    }

    /// `close`: the bytes as they will travel.
    pub fn close(&mut self) -> Arc<[u8]> {
        let bytes = self.builder.build(self.producer);
        self.reopened = false;
        bytes.expect("a producer's batch has a valid producer state and a codec that was checked at construction")
    }

    /// `resetProducerState`: another sequence, for a retry under a new epoch.
    pub fn reset_producer_state(&mut self, producer: ProducerState) {
        self.producer = producer;
        self.reopened = true;
        if self.builder.built().is_some() {
            self.builder.rewrite_producer_state(producer);
        }
    }

    /// Completes the batch once; false when it was complete before.
    pub fn done(&mut self, state: FinalState) -> bool {
        if self.final_state.is_some() {
            assert!(self.final_state != Some(FinalState::Succeeded), "a batch that succeeded changes no more");
            return false;
        }
        self.final_state = Some(state);
        true
    }

    /// `split`: the records in batches of `batch_size` bytes (more where one record needs more). `number` gives the new
    /// batches' numbers.
    pub fn split(
        &mut self,
        batch_size: i32,
        ratio: CompressionRatio,
        mut number: impl FnMut() -> u32,
    ) -> Vec<ProducerBatch> {
        let bytes = self.close();
        let view = BatchView::new(&bytes);
        let records = view.records().expect("a batch that this producer built");
        let mut batches: Vec<ProducerBatch> = Vec::new();
        for (record, thunk) in records.iter().zip(&self.thunks) {
            let record = record.expect("a batch that this producer built");
            let own = |value: Option<&[u8]>| value.map(Bytes::copy_from_slice);
            let headers: Vec<Header> = record.headers().map(|(key, value)| Header::new(&key, own(value))).collect();
            let bytes =
                RecordBytes { timestamp: record.timestamp, key: record.key, value: record.value, headers: &headers };
            let fits =
                batches.last_mut().is_some_and(|last| last.try_append(&bytes, *thunk, self.created_ms) == Ok(true));
            if fits {
                continue;
            }
            if let Some(last) = batches.last_mut() {
                last.builder.close_for_appends();
            }
            let write_limit = bytes.upper_bound().max(batch_size);
            let options = BatchOptions { write_limit, ..*self.builder.options() };
            let id = BatchId { number: number(), ..self.id };
            let mut batch = ProducerBatch::new(id, self.at, &self.topic, options, self.created_ms);
            batch.is_split = true;
            batch.builder.set_estimated_compression_ratio(ratio);
            batch.event = self.event;
            batch.try_append(&bytes, *thunk, self.created_ms).expect("it had this timestamp before");
            batches.push(batch);
        }
        if let Some(last) = batches.last_mut() {
            last.builder.close_for_appends();
        }
        if self.has_sequence() {
            let mut base_sequence = self.base_sequence();
            for batch in &mut batches {
                batch.producer = ProducerState { base_sequence, ..self.producer };
                base_sequence = base_sequence.wrapping_add(batch.record_count() as i32);
            }
        }
        batches
    }
}

/// The event of a record's appending.
fn appended(thunk: Option<&Thunk>) -> EventId {
    thunk.map_or(EventId::NONE, |thunk| thunk.event)
}
