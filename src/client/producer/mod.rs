//! The producer, cut as Kafka's own.
