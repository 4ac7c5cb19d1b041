//! The group coordinator: decides records, and changes only by replaying them.

pub mod group;
mod primitives;
