//! Promises, checked after every event.

mod check;
mod chunks;
mod effects;
mod facts;
mod history;
mod intervals;
mod observers;
mod promises;
mod record_index;
mod seen;
mod seen_groups;

pub use check::{Invariant, Violation, check, check_all};
pub use effects::{Effects, EffectsOf};
pub use facts::{Attempt, BatchFacts, Handled, RecordFacts, RecordStage};
pub use history::{Begun, Committed, Gone, GoneHow, History, Pledge, Removed, Taken, Tally};
pub use intervals::Intervals;
pub use observers::Observers;
pub use promises::{Break, Broke, Checked, Promise, PromiseKind, PromiseState, Promises, Took};
pub use record_index::RecordIndex;
pub use seen::{KeyNumber, SeenRecords};
pub use seen_groups::SeenGroups;
