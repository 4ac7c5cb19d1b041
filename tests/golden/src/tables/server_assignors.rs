//! The assignors of the coordinator (`group.protocol=consumer`).

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "server-assignors", check: None, part: no_part }
}
