//! `PartitionLog`: batches in segments, leader epochs, producer state, and what an append is checked for.
//!
//! A log knows no network and asks no clock: `now` is an argument, in milliseconds since 1970. Cloning one is cheap:
//! batches lie in sealed chunks that clones share.

mod append;
mod append_info;
mod config;
mod epochs;
mod error;
mod partition_log;
mod producers;
mod read;
mod retention;
mod segments;
mod store;
mod transactions;
mod validator;

pub use append::{Append, AppendInfo};
pub use config::{AppendOrigin, LogConfig};
pub use epochs::{EpochEntry, LeaderEpochs};
pub use error::{AppendError, RecordError};
pub use partition_log::PartitionLog;
pub use producers::{BatchMetadata, ProducerStateEntry, ProducerStateManager};
pub use read::{LogRead, TimestampOffset};
pub use segments::Segment;
pub use store::StoredBatch;
pub use transactions::{AbortedTxn, VerificationGuard};
pub use validator::{LogValidator, ValidationResult};

#[cfg(test)]
mod tests;
