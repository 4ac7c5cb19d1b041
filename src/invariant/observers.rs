//! What watches a run: folds over its events, kept in the checkpoints with the world.

use super::RecordIndex;
use crate::event::Event;
use crate::ids::EventId;
use crate::simulation::Simulation;

/// All watchers of a run. Cheap to clone: what is long lies in shared chunks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Observers {
    index: RecordIndex,
    alarmed: bool,
}

impl Observers {
    /// Takes in what happened in a move; `first` is the number of its first event, `simulation` the world after it.
    pub fn observe(&mut self, simulation: &Simulation, first: EventId, events: &[Event]) {
        let _ = simulation;
        self.index.observe(first, events);
        self.alarmed = false;
    }

    /// Who is who among records, batches and offsets.
    pub const fn index(&self) -> &RecordIndex {
        &self.index
    }

    /// Whether the last move broke a promise.
    pub const fn alarmed(&self) -> bool {
        self.alarmed
    }
}
