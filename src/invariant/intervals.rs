//! Sets of offsets, kept as intervals: what is whole costs one pair, however many records it has.

/// Disjoint half-open intervals in order, none touching the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Intervals(Vec<(u64, u64)>);

impl Intervals {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().copied()
    }

    pub fn contains(&self, offset: u64) -> bool {
        self.overlap(offset, offset + 1) == 1
    }

    /// How many offsets of `start..end` are in the set.
    pub fn overlap(&self, start: u64, end: u64) -> u64 {
        let from = self.0.partition_point(|(_, to)| *to <= start);
        let within = self.0[from..].iter().take_while(|(at, _)| *at < end);
        within.map(|(at, to)| (*to).min(end) - (*at).max(start)).sum()
    }

    /// Adds `start..end`, and says how many of them were in the set before.
    pub fn add(&mut self, start: u64, end: u64) -> u64 {
        if start >= end {
            return 0;
        }
        let before = self.overlap(start, end);
        // All intervals that touch the new one become one with it.
        let from = self.0.partition_point(|(_, to)| *to < start);
        let to = self.0.partition_point(|(at, _)| *at <= end);
        let mut merged = (start, end);
        if let (Some(first), Some(last)) = (self.0[from..to].first(), self.0[from..to].last()) {
            merged = (first.0.min(start), last.1.max(end));
        }
        self.0.splice(from..to, [merged]);
        before
    }

    pub fn remove(&mut self, start: u64, end: u64) {
        if self.overlap(start, end) == 0 {
            return;
        }
        let cut = |(at, to): (u64, u64)| [(at, to.min(start)), (at.max(end), to)];
        self.0 = self.0.drain(..).flat_map(cut).filter(|(at, to)| at < to).collect();
    }

    /// The parts of `start..end` that are in the set.
    pub fn within(&self, start: u64, end: u64) -> Vec<(u64, u64)> {
        let from = self.0.partition_point(|(_, to)| *to <= start);
        let parts = self.0[from..].iter().take_while(|(at, _)| *at < end);
        parts.map(|(at, to)| ((*at).max(start), (*to).min(end))).collect()
    }

    /// The parts of `start..end` that are not in the set.
    pub fn gaps(&self, start: u64, end: u64) -> Vec<(u64, u64)> {
        let mut gaps = Vec::new();
        let mut next = start;
        for (at, to) in self.iter().filter(|(at, to)| *to > start && *at < end) {
            if at > next {
                gaps.push((next, at));
            }
            next = next.max(to);
        }
        if next < end {
            gaps.push((next, end));
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    use crate::sorted::SortedSet;

    use super::Intervals;
    use crate::rng::Rng;

    #[test]
    fn intervals_are_a_set_of_offsets() {
        let mut rng = Rng::new(5);
        for _ in 0..200 {
            let (mut intervals, mut set) = (Intervals::default(), SortedSet::new());
            for _ in 0..40 {
                let start = rng.below(60);
                let end = start + rng.below(12);
                let known = (start..end).filter(|n| set.contains(n)).count() as u64;
                assert_eq!(intervals.overlap(start, end), known);
                if rng.below(3) > 0 {
                    assert_eq!(intervals.add(start, end), known);
                    set.extend(start..end);
                } else {
                    intervals.remove(start, end);
                    set.retain(|n| !(start..end).contains(n));
                }
                assert!(intervals.iter().flat_map(|(at, to)| at..to).eq(set.iter().copied()), "{intervals:?}");
                assert!(intervals.0.windows(2).all(|pair| pair[0].1 < pair[1].0), "{intervals:?} touch");
                let known = (10..50).filter(|n| set.contains(n));
                assert!(intervals.within(10, 50).into_iter().flat_map(|(at, to)| at..to).eq(known));
                let missing = (10..50).filter(|n| !set.contains(n));
                assert!(intervals.gaps(10, 50).into_iter().flat_map(|(at, to)| at..to).eq(missing));
            }
        }
    }
}
