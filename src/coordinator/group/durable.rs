//! What the coordinator knows for good: rebuilt by replaying the records of `__consumer_offsets`, changed by nothing
//! else.

use std::sync::Arc;

use super::record::{GroupMetadataValue, GroupRecord, OffsetCommitValue};
use crate::ids::TopicPartition;
use crate::sorted::{InOrder, SortedMap};

/// A group's committed offsets.
pub type OffsetsOfGroup = SortedMap<TopicPartition, OffsetCommitValue>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    groups: SortedMap<Arc<str>, Arc<GroupMetadataValue>>,
    offsets: SortedMap<Arc<str>, Arc<OffsetsOfGroup>>,
}

impl Durable {
    pub fn replay(&mut self, record: &GroupRecord) {
        match record {
            GroupRecord::GroupMetadata { group, value: Some(value) } => {
                self.groups.insert(group.clone(), Arc::new(value.clone()));
            }
            GroupRecord::GroupMetadata { group, value: None } => {
                self.groups.remove(group);
            }
            GroupRecord::OffsetCommit { group, topic, partition, value } => {
                let partition = TopicPartition::new(topic, *partition);
                self.replay_offset(group, partition, value.clone());
            }
        }
    }

    fn replay_offset(&mut self, group: &Arc<str>, partition: TopicPartition, value: Option<OffsetCommitValue>) {
        if let Some(value) = value {
            Arc::make_mut(self.offsets.entry(group.clone()).or_default()).insert(partition, value);
        } else if let Some(offsets) = self.offsets.get_mut(group) {
            Arc::make_mut(offsets).remove(&partition);
            if offsets.is_empty() {
                self.offsets.remove(group);
            }
        }
    }

    /// The group's last `GroupMetadata` record.
    pub fn metadata(&self, group: &str) -> Option<&GroupMetadataValue> {
        self.groups.get(group).map(Arc::as_ref)
    }

    pub fn offsets(&self, group: &str) -> Option<&OffsetsOfGroup> {
        self.offsets.get(group).map(Arc::as_ref)
    }

    /// Whether a group has metadata or offsets.
    pub fn knows(&self, group: &str) -> bool {
        self.groups.contains_key(group) || self.offsets.contains_key(group)
    }

    /// Every group that has metadata or offsets, in order of name.
    pub fn group_ids(&self) -> Vec<Arc<str>> {
        let mut ids: Vec<Arc<str>> = self.groups.keys().chain(self.offsets.keys()).cloned().collect();
        ids.order();
        ids.dedup();
        ids
    }
}
