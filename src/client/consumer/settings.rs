//! The properties of a consumer that act in the model, read once when it is made.

use std::sync::Arc;

use super::assignor::Assignor;
use super::subscription::ResetStrategy;
use crate::java::ExponentialBackoff;

/// An entry of `partition.assignment.strategy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strategy {
    Built(Assignor),
    /// `CooperativeStickyAssignor`: announced as the default list does, but it never wins there, since all members of an
    /// eager group also announce one that comes before it.
    CooperativeSticky,
}

/// Times in milliseconds, sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    pub client_id: Arc<str>,
    pub group_id: Option<Arc<str>>,
    pub group_instance_id: Option<Arc<str>>,
    pub session_timeout_ms: u64,
    pub heartbeat_interval_ms: u64,
    pub max_poll_interval_ms: u64,
    pub max_poll_records: u32,
    pub enable_auto_commit: bool,
    pub auto_commit_interval_ms: u64,
    pub auto_offset_reset: ResetStrategy,
    pub fetch_min_bytes: i32,
    pub fetch_max_wait_ms: i32,
    pub fetch_max_bytes: i32,
    pub max_partition_fetch_bytes: i32,
    pub check_crcs: bool,
    pub default_api_timeout_ms: u64,
    pub request_timeout_ms: u64,
    pub retry_backoff_ms: u64,
    pub retry_backoff_max_ms: u64,
    pub assignors: Vec<Strategy>,
    pub allow_auto_create_topics: bool,
    pub client_rack: Arc<str>,
}

impl Strategy {
    /// The group protocol's name.
    pub const fn name(self) -> &'static str {
        match self {
            Strategy::Built(assignor) => assignor.name(),
            Strategy::CooperativeSticky => "cooperative-sticky",
        }
    }
}

impl Settings {
    pub fn retry_backoff(&self) -> ExponentialBackoff {
        ExponentialBackoff::of_client(self.retry_backoff_ms, self.retry_backoff_max_ms)
    }
}
