//! A list that is cheap to clone: it lies in shared chunks, and only a chunk that is written to is copied.

use std::sync::Arc;

/// A list of `T` in shared chunks of `N`. A clone costs one reference for each chunk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Chunks<T, const N: usize> {
    chunks: Vec<Arc<Vec<T>>>,
    len: u32,
}

impl<T, const N: usize> Default for Chunks<T, N> {
    fn default() -> Self {
        Chunks { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Clone, const N: usize> Chunks<T, N> {
    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    pub(super) fn get(&self, i: u32) -> Option<&T> {
        let i = i as usize;
        self.chunks.get(i / N)?.get(i % N)
    }

    /// The entry, to be changed: its chunk is copied when a clone shares it.
    pub(super) fn get_mut(&mut self, i: u32) -> Option<&mut T> {
        let i = i as usize;
        if i >= self.len as usize {
            return None;
        }
        Arc::make_mut(&mut self.chunks[i / N]).get_mut(i % N)
    }

    pub(super) fn push(&mut self, item: T) {
        if (self.len as usize).is_multiple_of(N) {
            self.chunks.push(Arc::new(Vec::with_capacity(N.min(8))));
        }
        let chunk = self.chunks.last_mut().expect("there is a chunk with a free place");
        Arc::make_mut(chunk).push(item);
        self.len += 1;
    }

    /// How many entries, from the start, the predicate holds for; they come before all others.
    pub(super) fn partition_point(&self, holds: impl Fn(&T) -> bool) -> u32 {
        let full = self.chunks.partition_point(|chunk| chunk.last().is_some_and(&holds));
        let within = self.chunks.get(full).map_or(0, |chunk| chunk.partition_point(&holds));
        self.len.min(u32::try_from(full * N + within).expect("the list counts in 32 bits"))
    }
}

#[cfg(test)]
mod tests {
    use super::Chunks;

    #[test]
    fn entries_are_found_and_clones_stay_as_they_were() {
        let mut list: Chunks<u32, 4> = Chunks::default();
        (0..11).for_each(|n| list.push(n * 10));
        let before = list.clone();
        *list.get_mut(5).expect("there are eleven") = 55;
        list.push(110);
        assert_eq!((list.len(), list.get(5), list.get(11)), (12, Some(&55), Some(&110)));
        assert_eq!((before.len(), before.get(5), before.get(11)), (11, Some(&50), None));
        assert_eq!(list.get_mut(12), None);
        for (below, point) in [(0, 0), (1, 1), (40, 4), (41, 5), (110, 11), (999, 12)] {
            assert_eq!(list.partition_point(|n| *n < below), point, "below {below}");
        }
        for (below, point) in [(95, 10), (101, 11), (999, 11)] {
            assert_eq!(before.partition_point(|n| *n < below), point, "below {below}");
        }
        assert!((0..11).all(|n| before.get(n) == Some(&(n * 10))));
    }
}
