//! Kafka's requests and responses as frames.
