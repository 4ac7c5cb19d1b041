//! The sentences, an event at a time, by the families of events: in each file one match of its family whole. An event
//! without sentences does not compile, nor does one without a language.

mod again;
mod broker;
mod changes;
mod consumer;
mod given;
mod group;
mod hand;
mod identity;
mod links;
mod loops;
mod network;
mod offsets;
mod outcome;
mod positions;
mod producer;
mod program;
mod replicas;
mod replication;
mod tries;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod tests;

pub use program::method as call_name;

use super::context::Before;
use super::template::Told;
use crate::event::{EventKind, Family};

/// What there is to say about an event.
pub(super) fn told(kind: EventKind) -> Told {
    match kind.family() {
        Family::Program(event) => program::words(event),
        Family::Producer(event) => producer::words(event),
        Family::Network(event) => network::words(event),
        Family::Broker(event) => broker::words(event),
        Family::Group(event) => group::words(event),
        Family::Consumer(event) => consumer::words(event),
        Family::Hand(event) => hand::words(event),
    }
}

/// What there is to say about an event of which the past knows more than the event itself.
pub(super) fn told_with(before: &Before<'_>) -> Option<Told> {
    match before.event.kind.family() {
        Family::Program(event) => again::of_program(before, event).or_else(|| loops::of_program(before, event)),
        Family::Producer(event) => tries::of_producer(before, event)
            .or_else(|| outcome::of_producer(before, event))
            .or_else(|| given::of_producer(before, event)),
        Family::Broker(event) => tries::of_broker(before, event),
        Family::Group(event) => offsets::of_group(before, event).or_else(|| changes::of_group(before, event)),
        Family::Consumer(event) => again::of_consumer(before, event)
            .or_else(|| offsets::of_consumer(before, event))
            .or_else(|| changes::of_consumer(before, event))
            .or_else(|| loops::of_consumer(before, event)),
        Family::Hand(event) => changes::of_hand(before, event),
        Family::Network(_) => None,
    }
}
