//! `RecordAccumulator`: a deque of batches for each partition, and what makes a batch ready to leave.
//!
//! Pure: time, random draws and the cluster are arguments. Times are virtual milliseconds.

mod drain;
mod store;

pub use drain::ReadyCheck;
pub use store::BatchStore;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::batch::{FinalState, ProducerBatch, RecordBytes, Thunk};
use super::buffer_pool::BufferPool;
use super::partitioner::{BuiltInPartitioner, Draw};
use super::transaction_manager::TransactionManager;
use crate::client::net::TopicMetadata;
use crate::error::Exception;
use crate::ids::{BatchId, BrokerId, ClientId, PartitionNo, TopicNo};
use crate::java::{ExponentialBackoff, JavaHash, JavaHashMap};
use crate::record::{BatchOptions, Compression, CompressionRatio};

/// The settings that the accumulator goes by; times in milliseconds, sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccumulatorConfig {
    /// At least 1: `batch.size=0` counts as 1.
    pub batch_size: i32,
    pub compression: Compression,
    pub gzip_level: i32,
    pub linger_ms: u64,
    pub delivery_timeout_ms: u64,
    pub retry_backoff: ExponentialBackoff,
    pub buffer_memory: u64,
    pub adaptive_partitioning: bool,
    /// `partitioner.availability.timeout.ms`; 0: off.
    pub availability_timeout_ms: u64,
}

/// `RecordAccumulator.TopicInfo`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct TopicInfo {
    name: Arc<str>,
    partitioner: BuiltInPartitioner,
    /// By partition: batch numbers, first first. None: nothing was ever appended.
    deques: Vec<Option<VecDeque<u32>>>,
    /// The partitions with a deque in the order of Kafka's map.
    order: Vec<i32>,
    /// `CompressionRatioEstimator`, which Java keeps for all producers of a process.
    ratio: CompressionRatio,
}

impl TopicInfo {
    fn deque(&self, partition: i32) -> Option<&VecDeque<u32>> {
        self.deques.get(partition as usize)?.as_ref()
    }

    fn deque_mut(&mut self, partition: i32) -> &mut VecDeque<u32> {
        let index = partition as usize;
        if self.deques.len() <= index {
            self.deques.resize(index + 1, None);
        }
        if self.deques[index].is_none() {
            self.order = copy_on_write_put(&self.order, partition);
        }
        self.deques[index].get_or_insert_default()
    }
}

/// The order of keys in a `CopyOnWriteMap` after a new one is put: the whole HashMap is copied first.
fn copy_on_write_put<K: JavaHash + Eq + Clone>(order: &[K], key: K) -> Vec<K> {
    let mut copy = JavaHashMap::for_copy_of(order.len());
    for known in order.iter().chain([&key]) {
        copy.insert(known.clone(), ());
    }
    copy.keys().cloned().collect()
}

/// `NodeLatencyStats`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct NodeLatency {
    ready_ms: u64,
    drain_ms: u64,
}

/// What became of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    Done(AppendResult),
    /// A new batch for this partition needs so many bytes and the pool has not got them: the thread waits
    /// ([`BufferPool::take_more`]) and appends again with this buffer.
    Blocked {
        partition: i32,
        size: u64,
    },
}

/// `RecordAppendResult`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendResult {
    pub batch: u32,
    pub partition: i32,
    /// Place within the batch, from 0.
    pub index: u32,
    pub batch_is_full: bool,
    pub new_batch_created: bool,
    pub appended_bytes: i32,
    /// The batch's estimated size now.
    pub size: i32,
}

/// Why an append failed, with the partition that had been chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendFailed {
    pub partition: i32,
    pub error: Exception,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordAccumulator {
    client: ClientId,
    config: Arc<AccumulatorConfig>,
    pub pool: BufferPool,
    batches: BatchStore,
    topics: BTreeMap<TopicNo, TopicInfo>,
    /// The topics in the order of Kafka's map.
    topic_order: Vec<Arc<str>>,
    /// Partitions that send nothing while a request is in flight (`max.in.flight.requests.per.connection=1`).
    muted: BTreeSet<PartitionNo>,
    drain_index: BTreeMap<BrokerId, u32>,
    latencies: BTreeMap<BrokerId, NodeLatency>,
    flushes_in_progress: u32,
    closed: bool,
    next_expiry_ms: Option<u64>,
}

impl RecordAccumulator {
    pub fn new(client: ClientId, config: AccumulatorConfig) -> RecordAccumulator {
        assert!(config.batch_size >= 1, "a batch has room for a byte");
        RecordAccumulator {
            client,
            pool: BufferPool::new(config.buffer_memory, config.batch_size as u64),
            batches: BatchStore::default(),
            topics: BTreeMap::new(),
            topic_order: Vec::new(),
            muted: BTreeSet::new(),
            drain_index: BTreeMap::new(),
            latencies: BTreeMap::new(),
            flushes_in_progress: 0,
            closed: false,
            next_expiry_ms: None,
            config: Arc::new(config),
        }
    }

    pub fn config(&self) -> &AccumulatorConfig {
        &self.config
    }

    pub fn batches(&self) -> &BatchStore {
        &self.batches
    }

    pub fn batches_mut(&mut self) -> &mut BatchStore {
        &mut self.batches
    }

    /// The partitions that were ever appended to, with their deques: batch numbers, first first.
    pub fn deques(&self) -> impl Iterator<Item = (PartitionNo, &VecDeque<u32>)> {
        self.topics.iter().flat_map(|(topic, info)| {
            let deques = info.deques.iter().enumerate();
            deques.filter_map(|(partition, deque)| {
                Some((PartitionNo { topic: *topic, partition: partition as i32 }, deque.as_ref()?))
            })
        })
    }

    /// The built-in partitioner of a topic that was sent to.
    pub fn partitioner(&self, topic: TopicNo) -> Option<&BuiltInPartitioner> {
        self.topics.get(&topic).map(|info| &info.partitioner)
    }

    /// Appends a record to its partition's last batch, or to a new one. `partition` is -1 when the built-in partitioner
    /// shall choose; `buffer` is what the thread has waited for. Fails with KafkaException when the producer is closed,
    /// with IllegalArgumentException for a buffer that can never be had or a timestamp below -1.
    pub fn append(
        &mut self,
        topic: &TopicMetadata,
        partition: i32,
        record: &RecordBytes<'_>,
        thunk: Thunk,
        buffer: Option<u64>,
        now_ms: u64,
        draw: Draw<'_>,
    ) -> Result<Appended, AppendFailed> {
        let mut buffer = buffer;
        let mut chosen = partition;
        let appended = self.append_with(topic, &mut chosen, record, thunk, &mut buffer, now_ms, draw);
        // A buffer that no batch took goes back.
        if let Some(size) = buffer {
            self.pool.deallocate(size);
        }
        appended.map_err(|error| AppendFailed { partition: chosen, error })
    }

    #[allow(clippy::too_many_arguments, reason = "the arguments of Kafka's own method")]
    fn append_with(
        &mut self,
        topic: &TopicMetadata,
        chosen: &mut i32,
        record: &RecordBytes<'_>,
        thunk: Thunk,
        buffer: &mut Option<u64>,
        now_ms: u64,
        draw: Draw<'_>,
    ) -> Result<Appended, Exception> {
        let batch_size = self.config.batch_size;
        let topic_order = &mut self.topic_order;
        let info = self.topics.entry(topic.no).or_insert_with(|| {
            *topic_order = copy_on_write_put(topic_order, topic.name.clone());
            TopicInfo {
                name: topic.name.clone(),
                partitioner: BuiltInPartitioner::new(batch_size),
                deques: Vec::new(),
                order: Vec::new(),
                ratio: CompressionRatio::ONE,
            }
        });
        let is_sticky = *chosen < 0;
        loop {
            let sticky = is_sticky.then(|| info.partitioner.peek(topic, draw));
            let partition = sticky.map_or(*chosen, |sticky| sticky.partition);
            *chosen = partition;
            let deque = info.deque_mut(partition);
            let last = deque.back().copied();
            let deque_is_long = deque.len() > 1;
            if let Some(sticky) = sticky
                && last.is_none_or(|last| self.batches.get(last).is_full())
            {
                // A switch that was put off until the batch was full.
                info.partitioner.update(0, true, topic, draw);
                if info.partitioner.is_changed(sticky) {
                    continue;
                }
            }
            if self.closed {
                return Err(Exception::new("KafkaException", None, "Producer closed while send in progress"));
            }
            if let Some(last) = last {
                let batch = self.batches.get_mut(last);
                let before = batch.estimated_size_in_bytes();
                if batch.try_append(record, thunk, now_ms)? {
                    let result = AppendResult {
                        batch: last,
                        partition,
                        index: batch.record_count() - 1,
                        batch_is_full: deque_is_long || batch.is_full(),
                        new_batch_created: false,
                        appended_bytes: batch.estimated_size_in_bytes() - before,
                        size: batch.estimated_size_in_bytes(),
                    };
                    let may_switch = batch.is_full();
                    if sticky.is_some() {
                        info.partitioner.update(result.appended_bytes, may_switch, topic, draw);
                    }
                    return Ok(Appended::Done(result));
                }
                batch.builder.close_for_appends();
            }
            let Some(size) = *buffer else {
                let size = batch_size.max(record.upper_bound()) as u64;
                if !self.pool.allocate(size)? {
                    return Ok(Appended::Blocked { partition, size });
                }
                *buffer = Some(size);
                continue;
            };
            let number = self.batches.next_number();
            let id = BatchId { client: self.client, number };
            let options = BatchOptions {
                compression: self.config.compression,
                gzip_level: self.config.gzip_level,
                write_limit: i32::try_from(size).expect("a buffer's size is an int"),
                ..BatchOptions::default()
            };
            let at = PartitionNo { topic: topic.no, partition };
            let mut batch = ProducerBatch::new(id, at, &topic.name, options, now_ms);
            batch.builder.set_estimated_compression_ratio(info.ratio);
            assert!(batch.try_append(record, thunk, now_ms)?, "an empty batch takes any record");
            *buffer = None;
            let deque = info.deque_mut(partition);
            deque.push_back(number);
            let size = batch.estimated_size_in_bytes();
            let result = AppendResult {
                batch: number,
                partition,
                index: 0,
                batch_is_full: deque.len() > 1 || batch.is_full(),
                new_batch_created: true,
                appended_bytes: size,
                size,
            };
            let may_switch = batch.is_full();
            self.batches.push(batch);
            if sticky.is_some() {
                info.partitioner.update(size, may_switch, topic, draw);
            }
            return Ok(Appended::Done(result));
        }
    }

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

    /// `deallocate`: the batch is done and its memory comes back.
    pub fn deallocate(&mut self, number: u32) {
        let batch = self.batches.get(number);
        if !batch.is_split {
            self.pool.deallocate(batch.initial_capacity as u64);
        }
        self.batches.complete(number);
    }

    /// The request that carried the batch has ended.
    pub fn left_request(&mut self, number: u32) {
        self.batches.left_request(number);
    }

    pub fn reset_next_batch_expiry_time(&mut self) {
        self.next_expiry_ms = None;
    }

    pub fn maybe_update_next_batch_expiry_time(&mut self, created_ms: u64) {
        let expiry_ms = created_ms.saturating_add(self.config.delivery_timeout_ms);
        self.next_expiry_ms = Some(self.next_expiry_ms.map_or(expiry_ms, |known| known.min(expiry_ms)));
    }

    /// `nextExpiryTimeMs`.
    pub const fn next_expiry_ms(&self) -> Option<u64> {
        self.next_expiry_ms
    }

    /// `expiredBatches`: takes out those that waited in their deques for `delivery.timeout.ms`.
    pub fn expired_batches(&mut self, now_ms: u64) -> Vec<u32> {
        let timeout_ms = self.config.delivery_timeout_ms;
        let mut expired = Vec::new();
        let mut next_ms = self.next_expiry_ms;
        for deque in self.topics.values_mut().flat_map(|info| info.deques.iter_mut().flatten()) {
            while let Some(first) = deque.front() {
                let batch = self.batches.get(*first);
                if !batch.has_reached_delivery_timeout(timeout_ms, now_ms) {
                    let expiry_ms = batch.created_ms.saturating_add(timeout_ms);
                    next_ms = Some(next_ms.map_or(expiry_ms, |known| known.min(expiry_ms)));
                    break;
                }
                expired.extend(deque.pop_front());
            }
        }
        for number in &expired {
            self.batches.get_mut(*number).builder.close_for_appends();
        }
        self.next_expiry_ms = next_ms;
        expired
    }

    /// Takes a batch out of its deque, if it lies there (`abortBatches`).
    pub fn remove_from_deque(&mut self, number: u32) {
        let at = self.batches.get(number).at;
        self.batches.get_mut(number).builder.close_for_appends();
        if let Some(info) = self.topics.get_mut(&at.topic) {
            info.deque_mut(at.partition).retain(|other| *other != number);
        }
    }

    /// `updateNodeLatencyStats`: a broker had data to get; `can_drain`: and could be sent to.
    pub fn update_node_latency_stats(&mut self, broker: BrokerId, now_ms: u64, can_drain: bool) {
        if self.config.availability_timeout_ms == 0 {
            return;
        }
        let latency = self.latencies.entry(broker).or_insert(NodeLatency { ready_ms: now_ms, drain_ms: now_ms });
        if can_drain {
            latency.drain_ms = now_ms;
        }
        latency.ready_ms = now_ms;
    }

    /// `updateEstimation`: what compression made of a batch that was closed.
    pub fn observe_compression(&mut self, number: u32) {
        let batch = self.batches.get(number);
        let (topic, observed) = (batch.at.topic, batch.builder.compression_ratio());
        if self.config.compression != Compression::None {
            let info = self.topics.get_mut(&topic).expect("a batch's topic is known");
            info.ratio = info.ratio.updated(observed);
        }
    }

    pub fn mute(&mut self, at: PartitionNo) {
        self.muted.insert(at);
    }

    pub fn unmute(&mut self, at: PartitionNo) {
        self.muted.remove(&at);
    }

    pub fn begin_flush(&mut self) {
        self.flushes_in_progress += 1;
    }

    pub fn end_flush(&mut self) {
        self.flushes_in_progress -= 1;
    }

    pub const fn flush_in_progress(&self) -> bool {
        self.flushes_in_progress > 0
    }

    /// Whether a batch waits in a deque.
    pub fn has_undrained(&self) -> bool {
        self.deques().any(|(_, deque)| !deque.is_empty())
    }

    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// No more is appended, and all that waits may leave.
    pub fn close(&mut self) {
        self.closed = true;
        self.pool.close();
    }
}
