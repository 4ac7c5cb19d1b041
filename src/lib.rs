//! Partita: a deterministic model of Apache Kafka's brokers, producers and consumer groups.
//!
//! **A run is a pure function of its scenario, its seed and its commands.** The model reads no clock, no environment
//! and no randomness but its own seeded generator; it starts no thread and knows no browser.
//!
//! Modules are listed in reading order: each may use only those above it (`tests/tidy.rs` holds the table).

pub mod sorted;
pub mod decimal;
pub mod time;
pub mod ids;
pub mod rng;
pub mod error;
pub mod lang;
pub mod wire;
pub mod event;
pub mod java;
pub mod config;
pub mod script;
pub mod consumer_protocol;
pub mod record;
pub mod log;
pub mod call;
pub mod image;
pub mod node;
pub mod coordinator;
pub mod controller;
pub mod broker;
pub mod client;
pub mod application;
pub mod network;
pub mod fault;
pub mod cluster;
pub mod simulation;
pub mod invariant;
pub mod timeline;
pub mod explain;
pub mod view;
pub mod draft;
pub mod input;
pub mod scenarios;
