//! Ordered maps and sets for the handfuls that the model counts in: brokers, partitions, clients, connections.
//!
//! Both are sorted vectors. They iterate in the order of their keys, as `BTreeMap` and `BTreeSet` do, so no result depends
//! on which of the two stands somewhere; but each `BTreeMap` of another type costs the page some ten kilobytes of
//! WebAssembly, and a sorted vector a tenth of that. Looking up takes a binary search; putting in and taking out move what
//! stands behind the place, so a map that may hold tens of thousands and grows in the middle stays a `BTreeMap`.

mod finder;
mod list;
mod map;
mod set;

pub use finder::Finder;
pub use list::InOrder;
pub use map::{Entry, Iter, SortedMap};
pub use set::{Members, SortedSet};
