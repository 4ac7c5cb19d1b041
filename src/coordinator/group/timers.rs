//! What the timers of groups are for, and what they do.

use std::sync::Arc;

use crate::coordinator::runtime;

pub(super) type Timers = runtime::Timers<TimerKey, TimerWork>;

/// What a timer is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimerKey {
    /// The session of a member, or of a member id that was given out and not used yet (`heartbeatKey`).
    Session { group: Arc<str>, member: Arc<str> },
    /// The join phase (`classicGroupJoinKey`).
    Join { group: Arc<str> },
    /// The sync phase (`classicGroupSyncKey`).
    Sync { group: Arc<str> },
}

impl TimerKey {
    pub(super) fn session(group: &Arc<str>, member: &Arc<str>) -> TimerKey {
        TimerKey::Session { group: group.clone(), member: member.clone() }
    }

    pub(super) fn group(&self) -> &Arc<str> {
        match self {
            TimerKey::Session { group, .. } | TimerKey::Join { group } | TimerKey::Sync { group } => group,
        }
    }
}

/// What the firing of a timer does to the group of its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TimerWork {
    ExpireSession {
        member: Arc<str>,
    },
    /// The first rebalance of a group that was empty: waits `delay_ms`, and again while members are added.
    TryCompleteInitialJoin {
        delay_ms: u64,
        remaining_ms: u64,
    },
    CompleteJoin,
    ExpirePendingSync {
        generation: i32,
    },
}
