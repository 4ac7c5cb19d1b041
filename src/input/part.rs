//! The parts of a record that a text can give.

/// What a `ProducerRecord` is made of, beside its topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordPart {
    Key,
    Value,
    Partition,
    Timestamp,
    Headers,
}
