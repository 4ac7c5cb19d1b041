//! Promises and hard invariants, from outside: by scripts.

mod checked;
mod promises;
