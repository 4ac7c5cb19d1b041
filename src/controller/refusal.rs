//! How one topic or partition of a request is refused.

use crate::error::Code;
use crate::ids::MAX_PARTITIONS;

/// An error: its code, and a message unless Kafka has none.
pub(super) type Refusal = (Code, Option<String>);

pub(super) fn refuse<T>(code: Code, message: impl Into<String>) -> Result<T, Refusal> {
    Err((code, Some(message.into())))
}

pub(super) fn too_many_partitions<T>() -> Result<T, Refusal> {
    let message = format!("This model keeps at most {MAX_PARTITIONS} partitions of a topic.");
    refuse(Code::PolicyViolation, message)
}
