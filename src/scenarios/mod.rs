//! The ready scenarios.
