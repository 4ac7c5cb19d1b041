//! One record that owns what it says.

use std::sync::Arc;

use bytes::Bytes;

/// A header of a record. Keys may repeat; their order is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Header {
    pub key: Arc<str>,
    pub value: Option<Bytes>,
}

impl Header {
    pub fn new(key: &str, value: Option<Bytes>) -> Header {
        Header { key: key.into(), value }
    }
}

/// A record outside a batch. Cloning is cheap: the bytes are shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Record {
    pub key: Option<Bytes>,
    /// `None` is a tombstone in a compacted topic.
    pub value: Option<Bytes>,
    pub headers: Vec<Header>,
    /// Milliseconds since 1970; -1: none.
    pub timestamp: i64,
}
