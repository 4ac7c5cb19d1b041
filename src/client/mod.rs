//! Kafka's clients: the producer and the consumer.
