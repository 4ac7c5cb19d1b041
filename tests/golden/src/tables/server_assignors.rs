//! The assignors of the coordinator (`group.protocol=consumer`).

use crate::{Subject, each, no_part, tables};

pub fn subject() -> Subject {
    Subject { name: "server-assignors", player: || each(tables::nothing_to_ask), part: no_part }
}
