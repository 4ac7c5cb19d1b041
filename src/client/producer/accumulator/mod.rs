//! `RecordAccumulator`: a deque of batches for each partition, and what makes a batch ready to leave.
//!
//! Pure: time, random draws and the cluster are arguments. Times are virtual milliseconds.

mod drain;
mod requeue;
mod store;

pub use drain::ReadyCheck;
pub use store::BatchStore;

use std::collections::VecDeque;
use std::sync::Arc;

use super::batch::{ProducerBatch, RecordBytes, Thunk};
use super::buffer_pool::BufferPool;
use super::partitioner::{BuiltInPartitioner, Draw};
use crate::client::net::TopicMetadata;
use crate::error::Exception;
use crate::ids::{BatchId, BrokerId, ClientId, PartitionNo, TopicNo};
use crate::java::{ExponentialBackoff, JavaHash, JavaHashMap};
use crate::record::{BatchOptions, CompressionRatio, CompressionType};
use crate::sorted::{SortedMap, SortedSet};

/// The settings that the accumulator goes by; times in milliseconds, sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccumulatorConfig {
    /// At least 1: `batch.size=0` counts as 1.
    pub batch_size: i32,
    pub compression: CompressionType,
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
    fn new(name: &Arc<str>, batch_size: i32) -> TopicInfo {
        TopicInfo {
            name: name.clone(),
            partitioner: BuiltInPartitioner::new(batch_size),
            deques: Vec::new(),
            order: Vec::new(),
            ratio: CompressionRatio::ONE,
        }
    }

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

/// The order of keys in a `CopyOnWriteMap` after a new one is put: the whole `HashMap` is copied first.
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
    topics: SortedMap<TopicNo, TopicInfo>,
    /// The topics in the order of Kafka's map.
    topic_order: Vec<Arc<str>>,
    /// Partitions that send nothing while a request is in flight (`max.in.flight.requests.per.connection=1`).
    muted: SortedSet<PartitionNo>,
    drain_index: SortedMap<BrokerId, u32>,
    latencies: SortedMap<BrokerId, NodeLatency>,
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
            topics: SortedMap::new(),
            topic_order: Vec::new(),
            muted: SortedSet::new(),
            drain_index: SortedMap::new(),
            latencies: SortedMap::new(),
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
    /// shall choose; `buffer` is what the thread has waited for. Fails with `KafkaException` when the producer is
    /// closed, with `IllegalArgumentException` for a buffer that can never be had or a timestamp below -1.
    #[allow(clippy::too_many_arguments, reason = "the arguments of Kafka's own method")]
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
        self.topics.entry(topic.no).or_insert_with(|| {
            *topic_order = copy_on_write_put(topic_order, topic.name.clone());
            TopicInfo::new(&topic.name, batch_size)
        });
        let is_sticky = *chosen < 0;
        loop {
            let info = self.topics.get_mut(&topic.no).expect("it is there now");
            let sticky = is_sticky.then(|| info.partitioner.peek(topic, draw));
            let partition = sticky.map_or(*chosen, |sticky| sticky.partition);
            *chosen = partition;
            let last = info.deque_mut(partition).back().copied();
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
            let at = PartitionNo { topic: topic.no, partition };
            let mut appended = match last {
                Some(last) => self.append_to(last, at, record, thunk, now_ms)?,
                None => None,
            };
            if appended.is_none() {
                match *buffer {
                    Some(size) => {
                        appended = Some(self.append_to_new(at, topic, size, record, thunk, now_ms)?);
                        *buffer = None;
                    }
                    None => {
                        let size = batch_size.max(record.upper_bound()) as u64;
                        if !self.pool.allocate(size)? {
                            return Ok(Appended::Blocked { partition, size });
                        }
                        *buffer = Some(size);
                        continue;
                    }
                }
            }
            let result = appended.expect("it was appended in one way or the other");
            if sticky.is_some() {
                let may_switch = self.batches.get(result.batch).is_full();
                let info = self.topics.get_mut(&topic.no).expect("it is there now");
                info.partitioner.update(result.appended_bytes, may_switch, topic, draw);
            }
            return Ok(Appended::Done(result));
        }
    }

    /// `tryAppend`: into the last batch of the deque, if it has room; it is closed when it has not.
    fn append_to(
        &mut self,
        last: u32,
        at: PartitionNo,
        record: &RecordBytes<'_>,
        thunk: Thunk,
        now_ms: u64,
    ) -> Result<Option<AppendResult>, Exception> {
        let deque = self.topics.get(&at.topic).and_then(|info| info.deque(at.partition));
        let is_long = deque.is_some_and(|deque| deque.len() > 1);
        let batch = self.batches.get_mut(last);
        let before = batch.estimated_size_in_bytes();
        if !batch.try_append(record, thunk, now_ms)? {
            batch.builder.close_for_appends();
            return Ok(None);
        }
        let size = batch.estimated_size_in_bytes();
        Ok(Some(AppendResult {
            batch: last,
            partition: at.partition,
            index: batch.record_count() - 1,
            batch_is_full: is_long || batch.is_full(),
            new_batch_created: false,
            appended_bytes: size - before,
            size,
        }))
    }

    /// `appendNewBatch`, with a buffer of `capacity` bytes.
    fn append_to_new(
        &mut self,
        at: PartitionNo,
        topic: &TopicMetadata,
        capacity: u64,
        record: &RecordBytes<'_>,
        thunk: Thunk,
        now_ms: u64,
    ) -> Result<AppendResult, Exception> {
        let number = self.batches.next_number();
        let options = BatchOptions {
            compression: self.config.compression,
            gzip_level: self.config.gzip_level,
            write_limit: i32::try_from(capacity).expect("a buffer's size is an int"),
            ..BatchOptions::default()
        };
        let id = BatchId { client: self.client, number };
        let mut batch = ProducerBatch::new(id, at, &topic.name, options, now_ms);
        let info = self.topics.get_mut(&at.topic).expect("the topic is known");
        batch.builder.set_estimated_compression_ratio(info.ratio);
        assert!(batch.try_append(record, thunk, now_ms)?, "an empty batch takes any record");
        let deque = info.deque_mut(at.partition);
        deque.push_back(number);
        let size = batch.estimated_size_in_bytes();
        let result = AppendResult {
            batch: number,
            partition: at.partition,
            index: 0,
            batch_is_full: deque.len() > 1 || batch.is_full(),
            new_batch_created: true,
            appended_bytes: size,
            size,
        };
        self.batches.push(batch);
        Ok(result)
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
        if self.config.compression != CompressionType::None {
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
