//! The read model: what the page shows, as plain data.
