//! What watches a run: folds over its events, kept in the checkpoints with the world.

use crate::event::{Event, EventKind};
use crate::ids::EventId;
use crate::simulation::Simulation;

/// All watchers of a run.
#[derive(Clone, Debug, Default)]
pub struct Observers {
    alarmed: bool,
}

impl Observers {
    /// Takes in what happened in a move; `first` is the number of its first event.
    pub fn observe(&mut self, simulation: &Simulation, first: EventId, events: &[Event]) {
        let _ = (simulation, first, events);
        self.alarmed = false;
    }

    /// Whether the last move broke a promise.
    pub const fn alarmed(&self) -> bool {
        self.alarmed
    }
}

/// Whether the event is a fault of the user's making.
pub(super) const fn is_fault(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::BrokerCrashed { .. }
            | EventKind::BrokerStopped { .. }
            | EventKind::BrokerStarted { .. }
            | EventKind::ClientKilled { .. }
            | EventKind::ProcessPaused { .. }
            | EventKind::FaultArmed { .. }
            | EventKind::ResponseDropped { .. }
            | EventKind::ErrorAnswered { .. }
            | EventKind::ProcessingChanged { .. }
    )
}
