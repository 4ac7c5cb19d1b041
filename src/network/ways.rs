//! Ways between two processes, each in its direction: cut, or slow.

use super::{Delivery, Network};
use crate::ids::Process;
use crate::sorted::SortedMap;
use crate::time::Clock;

/// The way that messages take from one process to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Way {
    pub from: Process,
    pub to: Process,
}

impl Way {
    /// The same way in the other direction.
    #[must_use]
    pub const fn back(self) -> Way {
        Way { from: self.to, to: self.from }
    }
}

/// What the user broke between processes, and what waits for it to be mended.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ways {
    /// What was sent since, in order of sending.
    cut: SortedMap<Way, Vec<Delivery>>,
    /// Microseconds more than a hop; never 0.
    slow: SortedMap<Way, u64>,
}

impl Ways {
    pub(super) fn is_cut(&self, way: Way) -> bool {
        self.cut.contains_key(&way)
    }

    pub(super) fn slow_us(&self, way: Way) -> u64 {
        self.slow.get(&way).copied().unwrap_or(0)
    }

    pub(super) fn waiting(&self) -> impl Iterator<Item = &Delivery> {
        self.cut.values().flatten()
    }

    /// What was sent over a way that is cut waits.
    pub(super) fn keep(&mut self, way: Way, delivery: Delivery) {
        self.cut.entry(way).or_default().push(delivery);
    }
}

impl Network {
    /// Nothing gets over this way any more, until it is mended. What is under way already arrives.
    pub fn cut(&mut self, way: Way) {
        self.ways.cut.entry(way).or_default();
    }

    /// Whatever goes over this way from here on takes so many microseconds more than a hop; 0: no more.
    pub fn slow(&mut self, way: Way, us: u64) {
        if us == 0 {
            self.ways.slow.remove(&way);
        } else {
            self.ways.slow.insert(way, us);
        }
    }

    /// The way is as it was: what waited sets out now, in its order; how much it was.
    pub fn mend(&mut self, clock: &mut Clock, way: Way) -> usize {
        self.ways.slow.remove(&way);
        let waiting = self.ways.cut.remove(&way).unwrap_or_default();
        let count = waiting.len();
        for delivery in waiting {
            self.push(clock, delivery);
        }
        count
    }

    /// A process takes another's place: what was broken of the ways of the first is broken of its own, too.
    pub fn inherit(&mut self, from: Process, to: Process) {
        let heir = |process: Process| if process == from { to } else { process };
        let its = |way: &Way| way.from == from || way.to == from;
        let cut: Vec<Way> = self.ways.cut.keys().copied().filter(its).collect();
        let slow: Vec<(Way, u64)> = self.slow_ways().filter(|(way, _)| its(way)).collect();
        for way in cut {
            self.cut(Way { from: heir(way.from), to: heir(way.to) });
        }
        for (way, us) in slow {
            self.slow(Way { from: heir(way.from), to: heir(way.to) }, us);
        }
    }

    /// The ways that are cut, with what waits for each.
    pub fn cut_ways(&self) -> impl Iterator<Item = (Way, &[Delivery])> {
        self.ways.cut.iter().map(|(way, waiting)| (*way, waiting.as_slice()))
    }

    /// The ways that are slow, with the microseconds that they take more.
    pub fn slow_ways(&self) -> impl Iterator<Item = (Way, u64)> {
        self.ways.slow.iter().map(|(way, us)| (*way, *us))
    }

    pub fn is_cut(&self, way: Way) -> bool {
        self.ways.is_cut(way)
    }
}
