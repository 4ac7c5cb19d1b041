//! Positions: what is read, how far it is, and how a position is found or confirmed (`SubscriptionState`, `OffsetFetcher`).

mod offset_fetcher;
mod partition_state;
mod partition_states;
mod subscription;

pub(super) use self::offset_fetcher::{EARLIEST, LATEST, Listed, OffsetFetcher, no_offset_for};
pub use self::partition_state::{FetchPosition, FetchState, LeaderAndEpoch, PartitionState, ResetStrategy};
pub use self::subscription::{SubscriptionKind, SubscriptionState};
