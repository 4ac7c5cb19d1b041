//! Facts that happened: the one trace that texts, checks, goals and pictures read.
//!
//! An event is `Copy`, at most 64 bytes, ids and numbers only; words come later, from `explain`.

mod facts;
mod kinds;
mod words;

use crate::ids::EventId;
use crate::time::Instant;

pub use facts::{Facts, Place, Rank};
pub use kinds::{EventKind, EventName, Family, broker, consumer, group, hand, network, producer, program};
pub use words::{
    CallKind, CommitHow, CreatedWhy, ElectedWhy, FencedWhy, GroupState, IsrWhy, MemberGone, PartitionedBy, PositionWhy,
    ReadyWhy, ResetWhy,
};

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    pub at: Instant,
    /// The event that led to this one; following it from a result leads back to the `send`.
    pub cause: EventId,
    pub kind: EventKind,
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn an_event_stays_small() {
        assert!(size_of::<Event>() <= 64, "an event has {} bytes", size_of::<Event>());
    }
}
