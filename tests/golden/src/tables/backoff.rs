//! `ExponentialBackoff`.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "backoff", check: None, part: no_part }
}
