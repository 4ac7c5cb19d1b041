//! Virtual time: microseconds since the start of the run.
