//! Record batches, byte for byte.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "records", check: None, part: no_part }
}
