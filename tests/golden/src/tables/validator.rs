//! `LogValidator`, `UnifiedLog`, `ProducerStateManager`.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "validator", check: None, part: no_part }
}
