//! The consumer: the Java client of the classic group protocol.

pub mod assignor;
