//! A key or a value after its serializer.

use std::sync::Arc;

use bytes::Bytes;

use crate::call::Datum;
use crate::config::SerdeFormat;
use crate::error::Exception;
use crate::record::{self, Serializer};

/// Bytes of a key or a value, shared with what the application gave where they are the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Serialized {
    Null,
    Text(Arc<str>),
    Bytes(Bytes),
}

impl Serialized {
    pub fn as_slice(&self) -> Option<&[u8]> {
        match self {
            Serialized::Null => None,
            Serialized::Text(text) => Some(text.as_bytes()),
            Serialized::Bytes(bytes) => Some(bytes),
        }
    }

    /// -1: null.
    pub fn size(&self) -> i32 {
        self.as_slice().map_or(-1, |bytes| i32::try_from(bytes.len()).unwrap_or(i32::MAX))
    }
}

/// The serializer of `key.serializer` or `value.serializer`.
pub fn serializer(format: SerdeFormat) -> Serializer {
    Serializer::from_class(&format!("{}Serializer", format.name())).expect("every format has its serializer")
}

/// `part` is `key` or `value`. Fails with `SerializationException`.
pub fn serialize(serializer: Serializer, part: &str, datum: &Datum) -> Result<Serialized, Exception> {
    let bytes = match datum {
        Datum::Null => return Ok(Serialized::Null),
        Datum::Text(text) if serializer == Serializer::STRING => return Ok(Serialized::Text(text.clone())),
        Datum::Text(text) if serializer == Serializer::BYTE_ARRAY && !text.starts_with("hex:") => {
            return Ok(Serialized::Text(text.clone()));
        }
        Datum::Text(text) => serializer.serialize(part, Some(text)),
        Datum::Bytes(bytes) => serializer.serialize_bytes(part, bytes),
    };
    bytes.map(|bytes| bytes.map_or(Serialized::Null, Serialized::Bytes)).map_err(exception)
}

/// An exception of the record format as a caller of a client sees it.
fn exception(error: record::RecordException) -> Exception {
    let made = Exception::new(error.class, None, error.message.unwrap_or_default());
    match error.cause {
        Some(cause) => made.caused_by(exception(*cause)),
        None => made,
    }
}
