//! What watches a run, as the timeline keeps it.

use crate::event::EventKind;

pub use crate::invariant::Observers;

/// Whether the event is a fault of the user's making, a client that cannot be made and a script that cannot go on among them.
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
            | EventKind::ConstructorThrew { .. }
            | EventKind::ScriptStopped { .. }
    )
}
