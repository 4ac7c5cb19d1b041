//! The partitions of a consumer, each with its state, in the order in which requests ask for them (`PartitionStates`).

use crate::ids::TopicPartition;
use crate::sorted::InOrder;

use super::partition_state::PartitionState;

/// States are found by their partitions, and gone through in an order that changes with every answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartitionStates {
    /// Ascending by partition.
    states: Vec<PartitionState>,
    /// Of each place in `states`, and at last of the end, which of them stand beside it in the order: to move one costs no
    /// more where there are thousands.
    links: Vec<Link>,
}

/// A place, or the end, within the order: which place stands before it, and which behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Link {
    before: u32,
    behind: u32,
}

impl PartitionStates {
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// In the order of requests.
    pub fn iter(&self) -> impl Iterator<Item = &PartitionState> {
        let end = self.states.len();
        let behind = move |place: usize| self.links.get(place).map(|link| link.behind as usize).filter(|at| *at < end);
        std::iter::successors(behind(end), move |place| behind(*place)).map(|place| &self.states[place])
    }

    /// In no order that says anything.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut PartitionState> {
        self.states.iter_mut()
    }

    fn place(&self, partition: &TopicPartition) -> Option<usize> {
        self.states.binary_search_by(|state| state.partition.cmp(partition)).ok()
    }

    pub fn get(&self, partition: &TopicPartition) -> Option<&PartitionState> {
        self.place(partition).map(|place| &self.states[place])
    }

    pub fn get_mut(&mut self, partition: &TopicPartition) -> Option<&mut PartitionState> {
        self.place(partition).map(|place| &mut self.states[place])
    }

    /// These partitions, each given once, in this order: what stays keeps its state.
    pub fn replace(&mut self, partitions: Vec<TopicPartition>) {
        let mut numbered: Vec<(TopicPartition, usize)> = partitions.into_iter().zip(0..).collect();
        numbered.order();
        let mut before = std::mem::take(&mut self.states).into_iter().peekable();
        let mut order = vec![0; numbered.len()];
        for (place, (partition, number)) in (0..).zip(numbered) {
            order[number] = place;
            while before.next_if(|state| state.partition < partition).is_some() {}
            let kept = before.next_if(|state| state.partition == partition);
            self.states.push(kept.unwrap_or_else(|| PartitionState::new(partition)));
        }
        let end = order.len() as u32;
        self.links = vec![Link { before: end, behind: end }; order.len() + 1];
        for place in order {
            self.put_last(place);
        }
    }

    fn put_last(&mut self, place: u32) {
        let end = self.states.len();
        let last = self.links[end].before;
        self.links[place as usize] = Link { before: last, behind: end as u32 };
        self.links[last as usize].behind = place;
        self.links[end].before = place;
    }

    pub fn clear(&mut self) {
        *self = PartitionStates::default();
    }

    /// So that the others come before it in the next request (`movePartitionToEnd`).
    pub fn move_to_end(&mut self, partition: &TopicPartition) {
        let Some(place) = self.place(partition) else { return };
        let Link { before, behind } = self.links[place];
        self.links[before as usize].behind = behind;
        self.links[behind as usize].before = before;
        self.put_last(place as u32);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn partitions(numbers: &[i32]) -> Vec<TopicPartition> {
        let topic: Arc<str> = Arc::from("t");
        numbers.iter().map(|number| TopicPartition::new(&topic, *number)).collect()
    }

    fn shown(assignment: &PartitionStates) -> Vec<(i32, bool)> {
        assignment.iter().map(|state| (state.partition.partition, state.paused)).collect()
    }

    #[test]
    fn the_order_is_the_one_given_and_what_stays_keeps_its_state() {
        let mut assignment = PartitionStates::default();
        assignment.replace(partitions(&[4, 0, 2, 1]));
        let [zero, two] = [0, 2].map(|number| partitions(&[number]).remove(0));
        assignment.get_mut(&two).expect("assigned").paused = true;
        assignment.move_to_end(&zero);
        assert_eq!(shown(&assignment), [(4, false), (2, true), (1, false), (0, false)]);
        assignment.move_to_end(&partitions(&[3])[0]);
        assert_eq!(shown(&assignment), [(4, false), (2, true), (1, false), (0, false)]);
        assignment.replace(partitions(&[5, 2, 3]));
        assert_eq!(shown(&assignment), [(5, false), (2, true), (3, false)]);
        assert_eq!(assignment.get(&two).map(|state| state.paused), Some(true));
        assert_eq!(assignment.get(&zero), None);
        assert_eq!(assignment.len(), 3);
    }
}
