//! Kafka's clients: the producer and the consumer.

pub mod consumer;
