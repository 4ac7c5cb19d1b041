//! Promises, checked after every event.

mod chunks;
mod facts;
mod observers;
mod record_index;

pub use facts::{Attempt, BatchFacts, Handled, RecordFacts, RecordStage};
pub use observers::Observers;
pub use record_index::RecordIndex;
