//! The properties of a consumer that act in the model, read once when it is made.

use super::assignor::Assignor;
use super::positions::ResetStrategy;

use std::sync::Arc;

use crate::config::{AssignorClass, AutoOffsetReset, ConsumerConfig};
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
pub struct ConsumerSettings {
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

impl ConsumerSettings {
    pub fn retry_backoff(&self) -> ExponentialBackoff {
        ExponentialBackoff::of_client(self.retry_backoff_ms, self.retry_backoff_max_ms)
    }
}

impl ConsumerSettings {
    /// What acts of a consumer's configuration.
    pub fn of(config: &ConsumerConfig) -> ConsumerSettings {
        let ms = |value: i32| u64::try_from(value).unwrap_or(0);
        let long_ms = |value: i64| u64::try_from(value).unwrap_or(0);
        ConsumerSettings {
            client_id: config.client_id.clone(),
            group_id: config.group_id.clone(),
            group_instance_id: config.group_instance_id.clone(),
            session_timeout_ms: ms(config.session_timeout_ms),
            heartbeat_interval_ms: ms(config.heartbeat_interval_ms),
            max_poll_interval_ms: ms(config.max_poll_interval_ms),
            max_poll_records: config.max_poll_records.max(1).unsigned_abs(),
            enable_auto_commit: config.enable_auto_commit,
            auto_commit_interval_ms: ms(config.auto_commit_interval_ms),
            auto_offset_reset: match config.auto_offset_reset {
                AutoOffsetReset::Latest => ResetStrategy::Latest,
                AutoOffsetReset::Earliest => ResetStrategy::Earliest,
                AutoOffsetReset::None => ResetStrategy::None,
                AutoOffsetReset::ByDuration(ms) => ResetStrategy::ByDuration { ms },
            },
            fetch_min_bytes: config.fetch_min_bytes,
            fetch_max_wait_ms: config.fetch_max_wait_ms,
            fetch_max_bytes: config.fetch_max_bytes,
            max_partition_fetch_bytes: config.max_partition_fetch_bytes,
            check_crcs: config.check_crcs,
            default_api_timeout_ms: ms(config.default_api_timeout_ms),
            request_timeout_ms: ms(config.request_timeout_ms),
            retry_backoff_ms: long_ms(config.retry_backoff_ms),
            retry_backoff_max_ms: long_ms(config.retry_backoff_max_ms),
            assignors: config.assignors.iter().filter_map(|class| Strategy::of(*class)).collect(),
            allow_auto_create_topics: config.allow_auto_create_topics,
            client_rack: config.client_rack.clone(),
        }
    }
}

impl Strategy {
    fn of(class: AssignorClass) -> Option<Strategy> {
        match class {
            AssignorClass::Range => Some(Strategy::Built(Assignor::Range)),
            AssignorClass::RoundRobin => Some(Strategy::Built(Assignor::RoundRobin)),
            AssignorClass::CooperativeSticky => Some(Strategy::CooperativeSticky),
            AssignorClass::Sticky => None,
        }
    }
}
