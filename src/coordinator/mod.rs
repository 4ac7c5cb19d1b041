//! The coordinators behind internal topics: what they know for good changes only by the records they hand out.

pub mod group;
mod primitives;
pub mod runtime;
