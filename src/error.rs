//! Kafka's error codes by number, name and exception.
