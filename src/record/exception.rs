//! What Java throws when bytes are not what they should be.

use std::fmt;

use crate::error::Code;

/// A Java exception by the simple name of its class, with its message and cause.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordException {
    pub class: &'static str,
    /// `None` where Java's `getMessage` gives null.
    pub message: Option<String>,
    pub cause: Option<Box<RecordException>>,
}

impl RecordException {
    pub fn new(class: &'static str, message: impl Into<String>) -> RecordException {
        RecordException { class, message: Some(message.into()), cause: None }
    }

    pub fn without_message(class: &'static str) -> RecordException {
        RecordException { class, message: None, cause: None }
    }

    #[must_use]
    pub fn caused_by(mut self, cause: RecordException) -> RecordException {
        self.cause = Some(Box::new(cause));
        self
    }

    pub fn invalid_record(message: impl Into<String>) -> RecordException {
        RecordException::new("InvalidRecordException", message)
    }

    pub fn corrupt_record(message: impl Into<String>) -> RecordException {
        RecordException::new("CorruptRecordException", message)
    }

    pub fn illegal_argument(message: impl Into<String>) -> RecordException {
        RecordException::new("IllegalArgumentException", message)
    }

    /// What a `ByteBuffer` throws for an absolute read past its limit.
    pub fn out_of_bounds() -> RecordException {
        RecordException::without_message("IndexOutOfBoundsException")
    }

    /// `Errors.forException`: the code that a broker answers for it; `UNKNOWN_SERVER_ERROR` when it is no
    /// `ApiException`.
    pub fn code(&self) -> Code {
        let found = Code::ALL.iter().find(|code| !code.exception().is_empty() && code.exception() == self.class);
        found.copied().unwrap_or(Code::UnknownServerError)
    }
}

impl fmt::Display for RecordException {
    /// As Java's `Throwable.toString`, with the simple name of the class.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "{}: {message}", self.class),
            None => f.write_str(self.class),
        }
    }
}

impl std::error::Error for RecordException {}
