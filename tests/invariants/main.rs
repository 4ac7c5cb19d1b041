//! Promises and hard invariants, from outside: by scripts.

mod promises;
