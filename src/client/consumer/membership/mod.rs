//! The classic membership: who coordinates the group, joining it, heartbeats, commits, leaving (`AbstractCoordinator`,
//! `ConsumerCoordinator`).

mod commit_request;
mod commits;
pub(super) mod committed;
pub(super) mod coordinator;
mod heartbeat;
mod joining;
mod rebalance;
pub(super) mod state;
mod timers;

pub(super) use self::state::Membership;
pub use self::state::{Generation, MemberState};
