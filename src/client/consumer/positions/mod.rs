//! Positions: what is read, how far it is, and how a position is found or confirmed (`SubscriptionState`, `OffsetFetcher`).

mod offset_fetcher;
pub(super) mod subscription;

pub(super) use self::offset_fetcher::{EARLIEST, LATEST, Listed, OffsetFetcher, no_offset_for};
pub use self::subscription::{
    FetchPosition, FetchState, LeaderAndEpoch, PartitionState, ResetStrategy, SubscriptionKind, SubscriptionState,
};
