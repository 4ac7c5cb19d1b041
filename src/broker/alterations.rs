//! What a broker wants to change of its partitions' ISRs, until the controller has answered.

use crate::ids::PartitionNo;
use crate::sorted::SortedMap;
use crate::time::Instant;

use super::replica::Proposal;

/// `AlterPartitionManager`'s state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Alterations {
    /// Not answered yet, each partition once.
    pub wishes: SortedMap<PartitionNo, Proposal>,
    /// Those of them that a request under way holds; empty: none is under way.
    pub in_flight: Vec<PartitionNo>,
    /// The last request failed as a whole: when it is sent again.
    pub retry_at: Option<Instant>,
}
