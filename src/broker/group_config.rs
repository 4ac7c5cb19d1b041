//! What a broker's properties say to its coordinators.

use crate::config::BrokerConfig;
use crate::coordinator::group::GroupConfig;

pub(super) fn group_config(broker: &BrokerConfig) -> GroupConfig {
    GroupConfig {
        initial_rebalance_delay_ms: u64::try_from(broker.group_initial_rebalance_delay_ms).unwrap_or_default(),
        min_session_timeout_ms: broker.group_min_session_timeout_ms,
        max_session_timeout_ms: broker.group_max_session_timeout_ms,
        max_size: broker.group_max_size,
        offset_metadata_max_bytes: broker.offset_metadata_max_bytes,
        ..GroupConfig::default()
    }
}
