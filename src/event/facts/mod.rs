//! What can be said of an event by its ids alone: where it happened, whose it was, how telling it is, whether it is a fault.
//!
//! One match for each family, in a file of its own; the sentences stand in `explain`, by the same families. An event that
//! is new compiles only with both.

mod broker;
mod consumer;
mod fact;
mod group;
mod hand;
mod network;
mod producer;
mod program;

use super::kinds::{EventKind, Family};

pub use fact::{Facts, Place, Rank};

impl EventKind {
    /// What its ids say of the event.
    pub const fn facts(self) -> Facts {
        match self.family() {
            Family::Program(event) => program::facts(event),
            Family::Producer(event) => producer::facts(event),
            Family::Network(event) => network::facts(event),
            Family::Broker(event) => broker::facts(event),
            Family::Group(event) => group::facts(event),
            Family::Consumer(event) => consumer::facts(event),
            Family::Hand(event) => hand::facts(event),
        }
    }

    /// Whether the event is routine: passed and counted when a person steps.
    pub fn is_routine(self) -> bool {
        self.facts().rank == Rank::Routine
    }
}
