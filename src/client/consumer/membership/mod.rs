//! The classic membership: who coordinates the group, joining it, heartbeats, commits, leaving (`AbstractCoordinator`,
//! `ConsumerCoordinator`).

mod commit_request;
mod coordinator;
mod heartbeat;
mod rebalance;
pub(super) mod state;
pub(super) mod timers;

pub(super) use self::state::Membership;
pub use self::state::{Generation, MemberState};
