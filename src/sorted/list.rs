//! Lists in order.

use std::cmp::Ordering;

/// Puts the elements of a list in order, in place; equal ones stay as they stood.
///
/// A merge sort of their indices, which is one function for all types: `slice::sort` takes the page some six kilobytes of
/// WebAssembly for each.
pub trait InOrder<T> {
    fn order_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    fn order_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.order_by(|one, other| key(one).cmp(&key(other)));
    }

    fn order(&mut self)
    where
        T: Ord,
    {
        self.order_by(T::cmp);
    }
}

impl<T> InOrder<T> for [T] {
    fn order_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let mut order = permutation(self.len(), &mut |one, other| compare(&self[one], &self[other]));
        // Along each cycle every place is given what belongs there.
        for start in 0..order.len() {
            let mut place = start;
            loop {
                let from = std::mem::replace(&mut order[place], place);
                if from == start {
                    break;
                }
                self.swap(place, from);
                place = from;
            }
        }
    }
}

/// The indices of a list in the order of its elements.
fn permutation(length: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    let mut merged = order.clone();
    let mut width = 1;
    while width < length {
        for start in (0..length).step_by(2 * width) {
            let (middle, end) = ((start + width).min(length), (start + 2 * width).min(length));
            let (mut left, mut right) = (start, middle);
            for place in &mut merged[start..end] {
                let takes_left =
                    right == end || left < middle && compare(order[left], order[right]) != Ordering::Greater;
                let next = if takes_left { &mut left } else { &mut right };
                *place = order[*next];
                *next += 1;
            }
        }
        std::mem::swap(&mut order, &mut merged);
        width *= 2;
    }
    order
}
