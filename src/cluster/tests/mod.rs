//! Stories: frames in, frames and events out. Answers to real requests are compared with a real broker's in
//! `tests/golden` (frames); here is what takes time, several brokers, or a look at events.

mod chance;
mod groups;
mod lives;
mod reading;
mod replicas;
mod replication;
mod topics;
mod world;
mod writing;
