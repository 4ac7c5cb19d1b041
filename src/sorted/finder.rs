//! Finding many entries of a long list, which mostly stand in the order in which they are asked for.

use std::cmp::Ordering;

use super::InOrder;

/// A list of so many entries is looked through faster than it is ordered.
const SHORT: usize = 32;

/// Finds the entries of one list, one after another: the next mostly stands behind the last. What stands elsewhere is found
/// in places that are ordered once, so that all of them together take no square of their number.
#[derive(Debug, Default)]
pub struct Finder {
    next: usize,
    places: Vec<usize>,
}

impl Finder {
    /// Where the entry stands that `sought` says is `Equal`; `order` is the order of all entries, which `sought` follows. The
    /// list is the same each time.
    pub fn find<T>(
        &mut self,
        list: &[T],
        order: impl Fn(&T, &T) -> Ordering,
        sought: impl Fn(&T) -> Ordering,
    ) -> Option<usize> {
        let is_sought = |entry: &T| sought(entry) == Ordering::Equal;
        let found = if list.get(self.next).is_some_and(is_sought) {
            Some(self.next)
        } else if list.len() <= SHORT {
            list.iter().position(is_sought)
        } else {
            if self.places.is_empty() {
                self.places = (0..list.len()).collect();
                self.places.order_by(|one, other| order(&list[*one], &list[*other]));
            }
            self.places.binary_search_by(|place| sought(&list[*place])).ok().map(|at| self.places[at])
        };
        self.next = found.map_or(self.next, |found| found + 1);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_in_any_order_and_what_is_not_there_is_not() {
        for length in [0, 1, 5, 200_u32] {
            // 7 has no factor in common with any length: each number below the length stands in the list once.
            let list: Vec<u32> = (0..length).map(|n| n * 7 % length).collect();
            let all = (0..length).chain((0..length).rev()).chain(list.clone());
            let mut finder = Finder::default();
            for number in all {
                let found = finder.find(&list, u32::cmp, |entry| entry.cmp(&number));
                assert_eq!(found.map(|at| list[at]), Some(number));
                assert_eq!(finder.find(&list, u32::cmp, |entry| entry.cmp(&(length + 1))), None);
            }
        }
    }
}
