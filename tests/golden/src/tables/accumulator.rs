//! `RecordAccumulator`, `BuiltInPartitioner`, `BufferPool`.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "accumulator", check: None, part: no_part }
}
