//! A sorted map answers every call as a `BTreeMap` does, and a sorted set as a `BTreeSet`.

use std::collections::{BTreeMap, BTreeSet};

use partita::sorted::{InOrder, SortedMap, SortedSet};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Insert(u8, u16),
    Remove(u8),
    Change(u8, u16),
    PopFirst,
    PopLast,
    Keep(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..40_u8, any::<u16>()).prop_map(|(key, value)| Step::Insert(key, value)),
        2 => (0..40_u8).prop_map(Step::Remove),
        2 => (0..40_u8, any::<u16>()).prop_map(|(key, value)| Step::Change(key, value)),
        1 => Just(Step::PopFirst),
        1 => Just(Step::PopLast),
        1 => (1..5_u8).prop_map(Step::Keep),
    ];
    proptest::collection::vec(step, 0..80)
}

proptest! {
    #[test]
    fn as_the_tree_does(steps in steps(), from in 0..45_u8, to in 0..45_u8) {
        let (mut tree, mut sorted) = (BTreeMap::new(), SortedMap::new());
        let (mut tree_set, mut sorted_set) = (BTreeSet::new(), SortedSet::new());
        for step in steps {
            match step {
                Step::Insert(key, value) => {
                    prop_assert_eq!(sorted.insert(key, value), tree.insert(key, value));
                    prop_assert_eq!(sorted_set.insert(key), tree_set.insert(key));
                }
                Step::Remove(key) => {
                    prop_assert_eq!(sorted.remove(&key), tree.remove(&key));
                    prop_assert_eq!(sorted_set.remove(&key), tree_set.remove(&key));
                }
                Step::Change(key, value) => {
                    *sorted.entry(key).and_modify(|known| *known ^= 1).or_insert(value) ^= 2;
                    *tree.entry(key).and_modify(|known| *known ^= 1).or_insert(value) ^= 2;
                }
                Step::PopFirst => prop_assert_eq!(sorted.pop_first(), tree.pop_first()),
                Step::PopLast => prop_assert_eq!(sorted.pop_last(), tree.pop_last()),
                Step::Keep(part) => {
                    sorted.retain(|key, _| key % part == 0);
                    tree.retain(|key, _| key % part == 0);
                    sorted_set.retain(|key| key % part == 0);
                    tree_set.retain(|key| key % part == 0);
                }
            }
            prop_assert!(sorted.iter().eq(tree.iter()));
            prop_assert!(sorted_set.iter().eq(tree_set.iter()));
            prop_assert_eq!(sorted.first_key_value(), tree.first_key_value());
            prop_assert_eq!(sorted.last_key_value(), tree.last_key_value());
        }
        prop_assert_eq!(format!("{sorted:?}{sorted_set:?}"), format!("{tree:?}{tree_set:?}"));
        prop_assert_eq!(sorted.get(&from), tree.get(&from));
        prop_assert!(sorted.iter().rev().eq(tree.iter().rev()));
        if from <= to {
            prop_assert!(sorted.range(from..to).eq(tree.range(from..to)));
            prop_assert!(sorted.range(from..=to).eq(tree.range(from..=to)));
        }
        prop_assert!(sorted.range(..to).eq(tree.range(..to)));
        let again: SortedMap<u8, u16> = tree.iter().rev().map(|(key, value)| (*key, *value)).collect();
        prop_assert_eq!(again, sorted);
    }

    #[test]
    fn equal_ones_stay_as_they_stood(list in proptest::collection::vec((0..6_u8, any::<u16>()), 0..40)) {
        let (mut ours, mut theirs) = (list.clone(), list);
        ours.order_by_key(|(key, _)| *key);
        theirs.sort_by_key(|(key, _)| *key);
        prop_assert_eq!(&ours, &theirs);
        ours.order();
        theirs.sort_unstable();
        prop_assert_eq!(ours, theirs);
    }
}
