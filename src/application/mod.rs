//! The user's program around a client.
