//! Partita: a deterministic model of Apache Kafka's brokers, producers and consumer groups.
//!
//! A run is a pure function of its scenario, its seed and its commands.
//! Modules are listed in the order in which each may use only those above it.

