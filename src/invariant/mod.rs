//! Promises, checked after every event.
