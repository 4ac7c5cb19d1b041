//! The partitions of a consumer, each with its state, in the order in which requests ask for them (`PartitionStates`).

use crate::ids::TopicPartition;
use crate::sorted::InOrder;

use super::partition_state::PartitionState;

/// States are found by their partitions, and gone through in an order that changes with every answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartitionStates {
    /// Ascending by partition.
    states: Vec<PartitionState>,
    /// Places in `states`.
    order: Vec<u32>,
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
        self.order.iter().map(|place| &self.states[*place as usize])
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
        self.order = vec![0; numbered.len()];
        for (place, (partition, number)) in (0..).zip(numbered) {
            self.order[number] = place;
            while before.next_if(|state| state.partition < partition).is_some() {}
            let kept = before.next_if(|state| state.partition == partition);
            self.states.push(kept.unwrap_or_else(|| PartitionState::new(partition)));
        }
    }

    pub fn clear(&mut self) {
        *self = PartitionStates::default();
    }

    /// So that the others come before it in the next request (`movePartitionToEnd`).
    pub fn move_to_end(&mut self, partition: &TopicPartition) {
        let place = self.place(partition);
        if let Some(at) = self.order.iter().position(|other| Some(*other as usize) == place) {
            self.order[at..].rotate_left(1);
        }
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
