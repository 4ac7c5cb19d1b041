//! The tables, one file for each side, a row for each property.

mod broker;
mod consumer;
mod group;
mod producer;
mod security;
mod topic;

pub(super) use broker::BROKER;
pub(super) use consumer::CONSUMER;
pub(super) use group::GROUP;
pub(super) use producer::PRODUCER;
pub(super) use topic::TOPIC;
