//! The text grammar of runs: parsed and printed.
