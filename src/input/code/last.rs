//! Of several that are alike, the last holds.

use std::cmp::Ordering;

use crate::sorted::InOrder;

/// Which of a list are left when of those that are alike the last is kept, in the place of the first.
pub(super) struct Last {
    /// Their places, in the order in which they stand then.
    pub kept: Vec<usize>,
    /// Each that is one of several, but for the first, with the one before it.
    pub repeated: Vec<(usize, usize)>,
}

impl Last {
    /// `compare` puts the places of the list in an order in which those that are alike are equal.
    pub fn of(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Last {
        let mut order: Vec<usize> = (0..length).collect();
        order.order_by(|one, other| compare(*one, *other));
        let mut kept = vec![None; length];
        let (mut repeated, mut first) = (Vec::new(), 0);
        for (i, at) in order.iter().copied().enumerate() {
            match i.checked_sub(1).map(|before| order[before]).filter(|before| compare(*before, at).is_eq()) {
                Some(before) => repeated.push((before, at)),
                None => first = at,
            }
            kept[first] = Some(at);
        }
        Last { kept: kept.into_iter().flatten().collect(), repeated }
    }
}

/// Each of those that are alike but for the last, with the last.
pub(super) fn holders(last: &Last, length: usize) -> Vec<(usize, usize)> {
    let mut holders: Vec<usize> = (0..length).collect();
    for (before, after) in last.repeated.iter().rev() {
        holders[*before] = holders[*after];
    }
    last.repeated.iter().map(|(before, _)| (*before, holders[*before])).collect()
}
