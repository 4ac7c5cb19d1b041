//! When the controller looks at leaders by itself.

use crate::time::Instant;

/// The next instants of what Kafka does at every multiple of an interval (`PeriodicTask`); here only at those at which something
/// may come of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Checks {
    /// For leaders that are not the preferred ones (`leader.imbalance.check.interval.seconds`).
    pub balance: Option<Instant>,
    /// For partitions without a leader that may be led by anyone (`unclean.leader.election.interval.ms`).
    pub unclean: Option<Instant>,
}
