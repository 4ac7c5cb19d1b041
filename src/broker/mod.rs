//! The broker: one file per API key it answers.
