//! Which consumer took which offsets of a partition, and when.

use std::ops::Range;
use std::sync::Arc;

use super::super::chunks::Chunks;
use super::super::intervals::Intervals;
use crate::ids::{ClientId, EventId};

/// Offsets that a consumer was given by `poll`, or has processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Taken {
    pub event: EventId,
    /// What led to it.
    pub cause: EventId,
    pub client: ClientId,
    pub first: u64,
    /// From `first` to the last, gaps of a log included.
    pub offsets: u32,
}

impl Taken {
    pub fn end(&self) -> u64 {
        self.first + u64::from(self.offsets)
    }
}

/// All takings of a partition in order. They ascend but where somebody began again, so an offset is found by a search in
/// each stretch that ascends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Takings {
    entries: Chunks<Taken, 64>,
    /// Where a stretch begins.
    stretches: Arc<Vec<u32>>,
}

impl Takings {
    pub(super) fn push(&mut self, taken: Taken) {
        let before = self.entries.len().checked_sub(1).and_then(|last| self.entries.get(last));
        if before.is_none_or(|before| taken.first < before.end()) {
            Arc::make_mut(&mut self.stretches).push(self.entries.len());
        }
        self.entries.push(taken);
    }

    /// Who took an offset before an event, in order.
    pub(super) fn of(&self, offset: u64, before: EventId) -> impl Iterator<Item = Taken> {
        self.stretches()
            .filter_map(move |(from, to)| self.within(from, to, offset))
            .take_while(move |taken| taken.event < before)
    }

    /// What was taken in a range of events.
    pub(super) fn during(&self, events: &Range<EventId>) -> impl Iterator<Item = Taken> {
        let first = self.entries.partition_point(|taken| taken.event < events.start);
        let near = (first..self.entries.len()).filter_map(|i| self.entries.get(i)).copied();
        near.take_while(|taken| taken.event < events.end)
    }

    /// Behind which offset a client's last taking between two events ends.
    pub(super) fn last_end(&self, client: ClientId, after: EventId, before: EventId) -> Option<u64> {
        let behind = self.entries.partition_point(|taken| taken.event < before);
        let near = (0..behind).rev().filter_map(|i| self.entries.get(i)).take_while(|taken| taken.event > after);
        near.filter(|taken| taken.client == client).map(Taken::end).next()
    }

    /// Takes out of offsets from `first` up to `end` what was taken before an event.
    pub(super) fn take_from(&self, offsets: &mut Intervals, first: u64, end: u64, before: EventId) {
        for (from, to) in self.stretches() {
            let near = self.behind(from, to, first).saturating_sub(1).max(from);
            let near = (near..to).filter_map(|i| self.entries.get(i)).take_while(|taken| taken.first < end);
            near.take_while(|taken| taken.event < before)
                .filter(|taken| taken.end() > first)
                .for_each(|taken| offsets.remove(taken.first.max(first), taken.end().min(end)));
        }
    }

    /// From where to where entries ascend.
    fn stretches(&self) -> impl Iterator<Item = (u32, u32)> {
        let ends = self.stretches.iter().skip(1).copied().chain([self.entries.len()]);
        self.stretches.iter().copied().zip(ends)
    }

    /// The first entry of a stretch that begins behind an offset.
    fn behind(&self, from: u32, to: u32, offset: u64) -> u32 {
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = u32::midpoint(low, high);
            if self.entries.get(middle).is_some_and(|taken| taken.first <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The entry of a stretch that covers an offset.
    fn within(&self, from: u32, to: u32, offset: u64) -> Option<Taken> {
        let before = self.behind(from, to, offset).checked_sub(1).filter(|before| *before >= from)?;
        self.entries.get(before).copied().filter(|taken| offset < taken.end())
    }
}

#[cfg(test)]
mod tests {
    use super::{Intervals, Taken, Takings};
    use crate::ids::{ClientId, EventId};

    #[test]
    fn an_offset_is_found_each_time_that_it_was_taken() {
        let mut all = Takings::default();
        let entries = [(1, 0, 3), (2, 3, 1), (3, 6, 2), (4, 2, 3), (5, 5, 4), (6, 0, 1)];
        for (event, first, offsets) in entries {
            let (event, cause, client) = (EventId(event), EventId::NONE, ClientId(1));
            all.push(Taken { event, cause, client, first, offsets });
        }
        let taken = |offset: u64, before: u32| -> Vec<u32> {
            all.of(offset, EventId(before)).map(|taken| taken.event.0).collect()
        };
        assert_eq!(taken(0, 99), [1, 6]);
        assert_eq!(taken(2, 99), [1, 4]);
        assert_eq!(taken(3, 99), [2, 4]);
        assert_eq!(taken(3, 4), [2]);
        assert_eq!(taken(5, 99), [5]);
        assert_eq!(taken(7, 99), [3, 5]);
        assert_eq!(taken(9, 99), [0_u32; 0]);
        assert_eq!(taken(0, 1), [0_u32; 0]);
        for (first, end) in (0..12).flat_map(|first| (first + 1..12).map(move |end| (first, end))) {
            let mut left = Intervals::default();
            left.add(0, 12);
            for before in [99, 4] {
                let mut left = left.clone();
                all.take_from(&mut left, first, end, EventId(before));
                let is_left = |offset: &u64| !(first..end).contains(offset) || taken(*offset, before).is_empty();
                assert!(left.iter().flat_map(|(at, to)| at..to).eq((0..12).filter(is_left)), "{first} {end}: {left:?}");
            }
        }
    }
}
