//! What every node shares: its inputs, its outbox.
