//! The bytes of `__consumer_offsets` and `__transaction_state`, and of the consumer protocol.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "coordinator-records", check: None, part: no_part }
}
