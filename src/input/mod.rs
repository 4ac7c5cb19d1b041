//! Real input: properties, client code, record files. Pure functions from text to what was understood, and a problem with
//! line and column for everything that was not.
//!
//! Two rooms, each behind one function: [`code::pasted`] reads what is pasted for a client, [`records::read`] a file of
//! records. What they give is lines or statements of the grammar, and sentences; who shows them decides nothing.

pub mod code;
mod dropped;
mod problem;
pub mod records;

pub use dropped::Dropped;
pub use problem::{Problem, RecordPart, What};

/// Bytes of pasted configuration or code: 1 MB.
pub const MAX_TEXT_BYTES: usize = 1_048_576;

fn too_large(bytes: usize) -> What {
    What::TextTooLarge { bytes: bytes as u64, limit: MAX_TEXT_BYTES as u64 }
}
