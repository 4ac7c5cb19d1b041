//! Kafka's clients: the producer and the consumer.
//!
//! A client is what Java has as an object with its threads: calls of the application's thread, which are machines with a
//! stage and a deadline, and background work (`Sender`, the heartbeat thread) that runs by timers and by what arrives.
//! Clients meet brokers only in protocol messages.

pub mod admin;
pub mod net;
pub mod producer;
pub mod consumer;
