//! The coordinator's timers (`CoordinatorTimer`): keyed, replaced by rescheduling, ordered by (deadline, sequence).

use std::sync::Arc;

use crate::sorted::SortedMap;
use crate::time::{Instant, Now};

/// What a timer is for. A key has at most one timer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum TimerKey {
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
pub(super) enum TimerWork {
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

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Timers {
    queue: SortedMap<(Instant, u64), (TimerKey, TimerWork)>,
    places: SortedMap<TimerKey, (Instant, u64)>,
    sequence: u64,
}

impl Timers {
    /// Fires in `delay_ms` whole milliseconds, counted from the millisecond that `now` falls into, as Kafka's timer
    /// counts, but never before `now`.
    pub(super) fn schedule(&mut self, now: Now, delay_ms: u64, key: TimerKey, work: TimerWork) {
        self.cancel(&key);
        let deadline = Instant::from_millis(now.ms().saturating_add(delay_ms)).max(now.at);
        self.sequence += 1;
        self.places.insert(key.clone(), (deadline, self.sequence));
        self.queue.insert((deadline, self.sequence), (key, work));
    }

    pub(super) fn cancel(&mut self, key: &TimerKey) {
        if let Some(place) = self.places.remove(key) {
            self.queue.remove(&place);
        }
    }

    pub(super) fn cancel_group(&mut self, group: &str) {
        let keys: Vec<TimerKey> = self.places.keys().filter(|key| &**key.group() == group).cloned().collect();
        for key in keys {
            self.cancel(&key);
        }
    }

    pub(super) fn deadline(&self, key: &TimerKey) -> Option<Instant> {
        self.places.get(key).map(|place| place.0)
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.queue.first_key_value().map(|((deadline, _), _)| *deadline)
    }

    /// Takes the earliest timer whose time has come.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<(TimerKey, TimerWork)> {
        self.next().filter(|deadline| *deadline <= now)?;
        let (_, (key, work)) = self.queue.pop_first()?;
        self.places.remove(&key);
        Some((key, work))
    }
}
