//! The producer, cut as Kafka's own.

mod accumulator;
mod batch;
mod buffer_pool;
mod partitioner;
mod transaction_manager;

pub use accumulator::{
    AccumulatorConfig, AppendFailed, AppendResult, Appended, BatchStore, ReadyCheck, RecordAccumulator,
};
pub use batch::{FinalState, ProducerBatch, RecordBytes, Thunk};
pub use buffer_pool::BufferPool;
pub use partitioner::{BuiltInPartitioner, Draw, RoundRobinPartitioner, StickyPartition};
pub use transaction_manager::{State, TransactionManager};
