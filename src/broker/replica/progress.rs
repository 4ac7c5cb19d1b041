//! What a leader knows of one follower (`Replica`, `ReplicaState`).

/// Kafka's word for an offset that nobody has said yet.
const UNKNOWN: i64 = -1;

/// Long before any run: Kafka's 0, which is 1970.
const NEVER: i64 = -1_000_000_000_000;

/// How far a follower has come, by its last fetch. Times in milliseconds since the run's start; long before it: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReplicaState {
    /// Of the follower's log; -1: it has not fetched from this leader.
    pub log_start_offset: i64,
    /// What it asked for last: all before it is in its log. -1: it has not fetched from this leader.
    pub log_end_offset: i64,
    /// Where the leader's log ended when the follower fetched last.
    pub leader_end_at_last_fetch: i64,
    pub last_fetch_ms: i64,
    /// The last time at which it had all that the leader had.
    pub last_caught_up_ms: i64,
    /// The broker epoch that it fetched with (KIP-903); none before its first fetch.
    pub broker_epoch: Option<i64>,
}

impl ReplicaState {
    /// `ReplicaState.EMPTY`
    pub(super) const EMPTY: ReplicaState = ReplicaState {
        log_start_offset: UNKNOWN,
        log_end_offset: UNKNOWN,
        leader_end_at_last_fetch: 0,
        last_fetch_ms: NEVER,
        last_caught_up_ms: NEVER,
        broker_epoch: None,
    };

    /// `Replica.resetReplicaState`: a leader epoch has begun. Who is in sync counts as caught up now.
    #[must_use]
    pub(super) const fn reset(
        self,
        now_ms: i64,
        leader_end: i64,
        is_new_leader: bool,
        is_in_sync: bool,
    ) -> ReplicaState {
        let since = if is_in_sync { now_ms } else { NEVER };
        if is_new_leader {
            return ReplicaState { leader_end_at_last_fetch: UNKNOWN, last_caught_up_ms: since, ..ReplicaState::EMPTY };
        }
        ReplicaState { leader_end_at_last_fetch: leader_end, last_fetch_ms: since, last_caught_up_ms: since, ..self }
    }

    /// `Replica.updateFetchState`: it asks for `offset` now. It has caught up when it asks for the leader's end, or, as of
    /// its last fetch, when it asks for what was the end then.
    #[must_use]
    pub(super) fn fetched(self, fetch: FollowerFetch, now_ms: i64, leader_end: i64) -> ReplicaState {
        let caught_up = if fetch.offset >= leader_end {
            self.last_caught_up_ms.max(now_ms)
        } else if fetch.offset >= self.leader_end_at_last_fetch {
            self.last_caught_up_ms.max(self.last_fetch_ms)
        } else {
            self.last_caught_up_ms
        };
        ReplicaState {
            log_start_offset: fetch.log_start_offset,
            log_end_offset: fetch.offset,
            leader_end_at_last_fetch: leader_end.max(self.leader_end_at_last_fetch),
            last_fetch_ms: now_ms,
            last_caught_up_ms: caught_up,
            broker_epoch: Some(fetch.broker_epoch),
        }
    }

    /// `ReplicaState.isCaughtUp`: it has all there is, or had within `replica.lag.time.max.ms`.
    pub(super) const fn is_caught_up(&self, leader_end: i64, now_ms: i64, lag_time_max_ms: i64) -> bool {
        self.log_end_offset == leader_end || now_ms - self.last_caught_up_ms <= lag_time_max_ms
    }
}

/// A follower's fetch of one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::broker) struct FollowerFetch {
    pub offset: i64,
    pub log_start_offset: i64,
    /// -1: it did not say.
    pub broker_epoch: i64,
}
