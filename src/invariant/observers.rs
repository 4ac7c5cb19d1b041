//! What watches a run: folds over its events, kept in the checkpoints with the world.

use super::{EffectsOf, History, Promise, PromiseState, Promises, RecordIndex, SeenRecords};
use crate::event::Event;
use crate::ids::EventId;
use crate::simulation::Simulation;

/// All watchers of a run. Cheap to clone: what is long lies in shared chunks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Observers {
    index: RecordIndex,
    promises: Promises,
    seen: SeenRecords,
    history: History,
    effects: EffectsOf,
}

impl Observers {
    /// Takes in what happened in a move; `first` is the number of its first event, `simulation` the world after it.
    pub fn observe(&mut self, simulation: &Simulation, first: EventId, events: &[Event]) {
        self.promises.begin();
        for (id, event) in (first.0..).map(EventId).zip(events) {
            let handled = self.index.take(id, &event.kind);
            self.history.take(id, event, &self.index, simulation);
            self.effects.take(&event.kind);
            self.seen.take(event, &self.promises, simulation);
            self.promises.take(id, &event.kind, handled, &self.index, simulation);
        }
    }

    /// Who is who among records, batches and offsets.
    pub const fn index(&self) -> &RecordIndex {
        &self.index
    }

    /// Keys in order of appearance, the latest records, what was processed twice.
    pub const fn seen(&self) -> &SeenRecords {
        &self.seen
    }

    /// Who did what when, and what was committed.
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// What settings came to.
    pub const fn effects(&self) -> &EffectsOf {
        &self.effects
    }

    /// What users rely on, and whether it held.
    pub const fn promises(&self) -> &Promises {
        &self.promises
    }

    /// The events from `first` on at which the last move broke a promise: one for each promise, its last.
    pub fn alarms(&self, first: EventId) -> Vec<EventId> {
        if !self.alarmed() {
            return Vec::new();
        }
        let last = |promise: Promise| match promise.state {
            PromiseState::Broken { last, .. } => Some(last),
            PromiseState::NotChecked | PromiseState::Kept => None,
        };
        self.promises.all().into_iter().filter_map(last).filter(|event| *event >= first).collect()
    }

    /// Whether the last move broke a promise.
    pub const fn alarmed(&self) -> bool {
        self.promises.alarmed()
    }
}
