//! Real input: properties, client code, record files. Pure functions from text to what was understood, and a problem with
//! line and column for everything that was not.
//!
//! Two rooms, each behind one function: [`code::pasted`] reads what is pasted for a client, [`records::read`] a file of
//! records. What they give is lines or statements of the grammar, and sentences; who shows them decides nothing.

pub mod code;
mod dropped;
mod part;
mod problem;
pub mod records;
mod said;

pub use dropped::Dropped;
pub use part::RecordPart;
pub use problem::{MAX_TEXT_BYTES, Problem, What};
