//! The timers of a coordinator (`CoordinatorTimer`): keyed, replaced by rescheduling, ordered by (deadline, sequence).

use crate::sorted::SortedMap;
use crate::time::{Instant, Now};

/// A key has at most one timer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Timers<K, W> {
    queue: SortedMap<(Instant, u64), (K, W)>,
    places: SortedMap<K, (Instant, u64)>,
    sequence: u64,
}

impl<K, W> Default for Timers<K, W> {
    fn default() -> Timers<K, W> {
        Timers { queue: SortedMap::new(), places: SortedMap::new(), sequence: 0 }
    }
}

impl<K: Clone + Ord, W> Timers<K, W> {
    /// Fires in `delay_ms` whole milliseconds, counted from the millisecond that `now` falls into, as Kafka's timer
    /// counts, but never before `now`.
    pub fn schedule(&mut self, now: Now, delay_ms: u64, key: K, work: W) {
        self.cancel(&key);
        let deadline = Instant::from_millis(now.ms().saturating_add(delay_ms)).max(now.at);
        self.sequence += 1;
        self.places.insert(key.clone(), (deadline, self.sequence));
        self.queue.insert((deadline, self.sequence), (key, work));
    }

    pub fn cancel(&mut self, key: &K) {
        if let Some(place) = self.places.remove(key) {
            self.queue.remove(&place);
        }
    }

    pub fn cancel_those(&mut self, is_meant: impl Fn(&K) -> bool) {
        let keys: Vec<K> = self.places.keys().filter(|key| is_meant(key)).cloned().collect();
        for key in keys {
            self.cancel(&key);
        }
    }

    pub fn deadline(&self, key: &K) -> Option<Instant> {
        self.places.get(key).map(|place| place.0)
    }

    pub fn next(&self) -> Option<Instant> {
        self.queue.first_key_value().map(|((deadline, _), _)| *deadline)
    }

    /// Takes the earliest timer whose time has come.
    pub fn take_due(&mut self, now: Instant) -> Option<(K, W)> {
        self.next().filter(|deadline| *deadline <= now)?;
        let (_, (key, work)) = self.queue.pop_first()?;
        self.places.remove(&key);
        Some((key, work))
    }
}
