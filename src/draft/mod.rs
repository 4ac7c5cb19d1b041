//! What a user is about to do: forms that are filled in become lines of the grammar, a new setting becomes another script,
//! a typed place becomes an instant or a step. Who shows the forms only shows and asks.

mod calls;
mod change;
mod clients;
mod cluster;
mod complete;
pub mod embed;
mod names;
mod place;
mod range;
mod refused;
mod sends;
mod standing;
mod trying;
mod unused;

pub use calls::{CALLS, Call, takes};
pub use change::{Target, Trial, edited, refusals, trial, try_client, with_program};
pub use clients::{ConsumerForm, NO_PROGRAM, ProducerForm, TopicForm};
pub use cluster::cluster_refused;
pub use complete::{Completed, Completion, Known};
pub use names::{
    all_clients, clients, free_client, free_client_but, free_topic, groups, partitions, topic_settings, topics,
};
pub use place::There;
pub use range::{Range, range};
pub use refused::refused_tries;
pub use sends::SendForm;
pub use trying::{Tried, tried};
pub use unused::{unused_of, without_effect};

use crate::decimal;

/// Milliseconds as the grammar's microseconds; what is no number stays, so that the grammar says so.
fn micros(ms: &str) -> String {
    let ms = ms.trim();
    match decimal::double(ms) {
        Some(number) if number >= 0.0 && number.is_finite() => format!("{:.0}", number * 1000.0),
        _ => ms.to_owned(),
    }
}

#[cfg(test)]
mod tests;
