//! The producer, cut as Kafka's own: `KafkaProducer`, `RecordAccumulator`, `Sender`, `TransactionManager`.
//!
//! Two threads of Java are two machines here. The application's thread holds one call with its stage; each stage is a
//! move of its own. The sender's thread makes passes: woken by the application, by what arrives and by its own times,
//! it reads, completes, drains and sends, one microsecond after what woke it.

mod accumulator;
mod batch;
mod buffer_pool;
mod completion;
mod partitioner;
mod send;
mod sender;
mod serialized;
#[cfg(test)]
mod tests;
mod thread;
mod transaction_manager;
mod view;

pub use accumulator::{
    AccumulatorConfig, AppendFailed, AppendResult, Appended, BatchStore, ReadyCheck, RecordAccumulator,
};
pub use batch::{FinalState, ProducerBatch, RecordBytes, Thunk};
pub use buffer_pool::BufferPool;
pub use partitioner::{BuiltInPartitioner, Draw, RoundRobinPartitioner, StickyPartition};
pub use send::{SendCall, SendStage};
pub use serialized::Serialized;
pub use thread::{ActiveCall, CallWork, MetadataWait};
pub use transaction_manager::{PartitionSequences, ProducerIdAndEpoch, TransactionManager, TransactionState};
pub use view::{DequeView, ProducerBatchView, RequestView};

use std::sync::Arc;

use crate::client::net::{Interest, Metadata, NetConfig, NetworkClient};
use crate::config::{Compression, PartitionerClass, ProducerConfig};
use crate::ids::{BrokerId, ClientId, EventId};
use crate::java::{ExponentialBackoff, JavaHashMap};
use crate::node::{Input, Outbox, STAGE_US};
use crate::record::{self, Serializer};
use crate::rng::Rng;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::{Instant, Now};
use sender::Sender;
use thread::Thread;

/// A `KafkaProducer` with its sender thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Producer {
    id: ClientId,
    config: Arc<ProducerConfig>,
    key_serializer: Serializer,
    value_serializer: Serializer,
    net: NetworkClient,
    accumulator: RecordAccumulator,
    /// None: `enable.idempotence=false`.
    transactions: Option<TransactionManager>,
    round_robin: Option<RoundRobinPartitioner>,
    thread: Thread,
    sender: Sender,
    next_record: u32,
    rng: Rng,
}

impl Producer {
    /// A producer whose sender begins to connect to one of the `bootstrap` brokers one stage from now.
    pub fn new(id: ClientId, config: ProducerConfig, bootstrap: Vec<BrokerId>, now: Now, mut rng: Rng) -> Producer {
        let retry_backoff =
            ExponentialBackoff::of_client(unsigned(config.retry_backoff_ms), unsigned(config.retry_backoff_max_ms));
        let interest = Interest::Producer {
            topics: JavaHashMap::new(),
            new_topics: SortedSet::default(),
            idle_ms: config.metadata_max_idle_ms,
            errors: SortedMap::default(),
        };
        let servers = u8::try_from(bootstrap.len()).expect("the limit on brokers is far below 256");
        let max_age_ms = unsigned(config.metadata_max_age_ms);
        let metadata = Metadata::new(interest, retry_backoff, max_age_ms, servers, rng.fork());
        let net = NetworkClient::new(id, net_config(&config), &bootstrap, metadata, rng.fork());
        Producer {
            id,
            key_serializer: serialized::serializer(config.key_serializer),
            value_serializer: serialized::serializer(config.value_serializer),
            net,
            accumulator: RecordAccumulator::new(id, accumulator_config(&config, retry_backoff)),
            transactions: config.enable_idempotence.then(TransactionManager::default),
            round_robin: (config.partitioner == PartitionerClass::RoundRobin).then(RoundRobinPartitioner::default),
            thread: Thread::default(),
            sender: Sender::starting(now.at + STAGE_US),
            next_record: 0,
            rng,
            config: Arc::new(config),
        }
    }

    /// Takes in what arrived for this client, or does the earliest work that is due.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        match input {
            Input::Timer => self.handle_timer(now, out),
            input => {
                if self.sender.has_ended() {
                    return;
                }
                self.net.arrive(input, out);
                self.wake_sender(now, EventId::NONE);
            }
        }
    }

    /// When [`Self::handle`] has something to do although nothing arrives.
    pub fn next_timeout(&self) -> Option<Instant> {
        earliest(self.thread.next_timeout(), self.sender.due())
    }

    fn handle_timer(&mut self, now: Now, out: &mut Outbox) {
        let thread = self.thread.next_timeout().filter(|due| *due <= now.at);
        let sender = self.sender.due().filter(|due| *due <= now.at);
        match (thread, sender) {
            (Some(thread), sender) if sender.is_none_or(|sender| thread <= sender) => self.continue_call(now, out),
            (_, Some(_)) => {
                self.sender_pass(now, out);
                self.wake_thread(now);
            }
            (_, None) => {}
        }
    }
}

fn net_config(config: &ProducerConfig) -> NetConfig {
    NetConfig {
        client_id: config.client_id.clone(),
        request_timeout_ms: unsigned(config.request_timeout_ms.into()),
        max_in_flight: u32::try_from(config.max_in_flight).expect("max.in.flight is at least 1"),
        reconnect_backoff_ms: unsigned(config.reconnect_backoff_ms),
        reconnect_backoff_max_ms: unsigned(config.reconnect_backoff_max_ms),
        setup_timeout_ms: unsigned(config.socket_connection_setup_timeout_ms),
        setup_timeout_max_ms: unsigned(config.socket_connection_setup_timeout_max_ms),
        max_idle_ms: unsigned(config.connections_max_idle_ms),
        rebootstrap: config.metadata_rebootstrap,
        rebootstrap_trigger_ms: unsigned(config.metadata_rebootstrap_trigger_ms),
    }
}

fn accumulator_config(config: &ProducerConfig, retry_backoff: ExponentialBackoff) -> AccumulatorConfig {
    let (compression, gzip_level) = match config.compression {
        Compression::None => (record::CompressionType::None, -1),
        Compression::Gzip(level) => (record::CompressionType::Gzip, level),
        Compression::Snappy => (record::CompressionType::Snappy, -1),
        Compression::Lz4(_) => (record::CompressionType::Lz4, -1),
        Compression::Zstd(_) => (record::CompressionType::Zstd, -1),
    };
    AccumulatorConfig {
        batch_size: config.batch_size,
        compression,
        gzip_level,
        linger_ms: unsigned(config.linger_ms.into()),
        delivery_timeout_ms: unsigned(config.delivery_timeout_ms.into()),
        retry_backoff,
        buffer_memory: unsigned(config.buffer_memory),
        // Queue lengths only matter where the built-in partitioner chooses.
        adaptive_partitioning: config.partitioner_adaptive && config.partitioner == PartitionerClass::BuiltIn,
        availability_timeout_ms: unsigned(config.partitioner_availability_timeout_ms),
    }
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

fn earliest(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
