//! The group coordinator: decides records, and changes only by replaying them.
