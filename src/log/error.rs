//! Why nothing was appended.

use crate::error::Code;
use crate::record::RecordException;

/// A record that was refused, by its index in the batch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordError {
    pub index: i32,
    pub message: String,
}

/// An append that failed: nothing of it is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AppendError {
    pub exception: RecordException,
    /// Not empty when single records were refused (`RecordValidationException`).
    pub record_errors: Vec<RecordError>,
}

impl AppendError {
    /// The code that the produce response carries.
    pub fn code(&self) -> Code {
        self.exception.code()
    }
}

impl From<RecordException> for AppendError {
    fn from(exception: RecordException) -> AppendError {
        AppendError { exception, record_errors: Vec::new() }
    }
}
