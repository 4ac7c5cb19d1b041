//! The classic protocol's assignors.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "assignors", check: None, part: no_part }
}
