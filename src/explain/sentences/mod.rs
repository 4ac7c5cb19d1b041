//! The sentences, an event at a time, by the families of events: in each file one match of its family whole. An event
//! without sentences does not compile, nor does one without a language.

mod broker;
mod consumer;
mod group;
mod hand;
mod identity;
mod network;
mod producer;
mod program;
#[cfg(test)]
mod tests;

pub use program::method as call_name;

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
