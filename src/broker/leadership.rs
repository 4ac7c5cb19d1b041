//! What a broker does when the controller's picture changes (`BrokerMetadataPublisher`, `ReplicaManager.applyDelta`).

use std::sync::Arc;

use crate::error::Code;
use crate::ids::{BrokerId, EventId, PartitionNo};
use crate::image::{MetadataImage, TopicImage};
use crate::node::Outbox;
use crate::sorted::SortedSet;
use crate::time::Now;

use super::partition::{log_config, topic_config};
use super::{Broker, Partition};
use crate::image::GROUP_METADATA_TOPIC;

impl Broker {
    /// Takes on the newest picture: replicas are made and deleted, leaderships begin and end, settings change. Fetches
    /// that wait for a partition that changed are looked at again.
    pub(super) fn handle_image(&mut self, now: Now, image: Arc<MetadataImage>, out: &mut Outbox) {
        if image.version <= self.image.version {
            return;
        }
        let old = std::mem::replace(&mut self.image, image.clone());
        let mut changed: Vec<(PartitionNo, EventId)> = Vec::new();
        let is_there = |partition: &Partition| image.topic_names.contains_key(&partition.topic_id());
        for no in self.partitions.iter().filter(|(_, it)| !is_there(it)).map(|(no, _)| *no).collect::<Vec<_>>() {
            self.partitions.remove(&no);
            changed.push((no, EventId::NONE));
        }
        let groups_topic = |image: &MetadataImage| image.topics.get(GROUP_METADATA_TOPIC).map(|topic| topic.id);
        if groups_topic(&old) != groups_topic(&image) {
            for partition in self.groups.partitions() {
                self.unload(now, partition, None, out);
            }
        }
        for topic in image.topics.values() {
            let known = old.topics.get(&topic.name).is_some_and(|old| Arc::ptr_eq(old, topic));
            if !known {
                self.topic_changed(now, topic, &mut changed, out);
            }
        }
        let is_gone = |topic: &&Arc<TopicImage>| !image.topic_names.contains_key(&topic.id);
        let gone: SortedSet<Arc<str>> = old.topics.values().filter(is_gone).map(|topic| topic.name.clone()).collect();
        if !gone.is_empty() {
            self.forget_offsets(now, &gone, out);
        }
        self.wake_fetches(now, &changed, out);
    }

    fn topic_changed(
        &mut self,
        now: Now,
        topic: &TopicImage,
        changed: &mut Vec<(PartitionNo, EventId)>,
        out: &mut Outbox,
    ) {
        let topic_config = topic_config(topic, &self.config);
        let log_config = log_config(&topic_config, &self.config);
        for (registration, number) in topic.partitions.iter().zip(0..) {
            if !registration.replicas.contains(&self.id) {
                continue;
            }
            let no = PartitionNo { topic: topic.no, partition: number };
            // The same name again is another topic: its log begins anew.
            if self.partitions.get(&no).is_some_and(|partition| partition.topic_id() != topic.id) {
                self.partitions.remove(&no);
            }
            let fresh = || Arc::new(Partition::new(now, topic, number));
            let partition = Arc::make_mut(self.partitions.entry(no).or_insert_with(fresh));
            partition.apply_config(&log_config, topic_config.min_insync_replicas);
            let led = partition.leads().then(|| partition.leader_epoch());
            if registration.leader == Some(self.id) {
                partition.lead(registration);
            } else {
                partition.follow(registration);
            }
            let leads = partition.leads().then(|| partition.leader_epoch());
            if led != leads {
                changed.push((no, EventId::NONE));
                self.coordinate_if_led(now, topic, number, out);
            }
        }
    }

    /// The partition under this name, when the topic has that many.
    pub(super) fn find_partition(&self, topic: &str, partition: i32) -> Option<PartitionNo> {
        let topic = self.image.topics.get(topic)?;
        (0..partition_count(topic)).contains(&partition).then_some(PartitionNo { topic: topic.no, partition })
    }

    /// The replica, when this broker leads it (`Partition.checkCurrentLeaderEpoch`). Errors: 6 it does not, 74 the client
    /// knows an older leader epoch, 75 a later one; a client that knows none (-1) is not checked.
    pub(super) fn leading(&self, no: PartitionNo, known_epoch: i32) -> Result<&Partition, Code> {
        let partition = self.partitions.get(&no).ok_or(Code::NotLeaderOrFollower)?;
        if known_epoch >= 0 && known_epoch < partition.leader_epoch() {
            return Err(Code::FencedLeaderEpoch);
        }
        if known_epoch > partition.leader_epoch() {
            return Err(Code::UnknownLeaderEpoch);
        }
        if partition.leads() { Ok(partition) } else { Err(Code::NotLeaderOrFollower) }
    }

    /// Who leads, and in which epoch, by this broker's image.
    pub(super) fn known_leader(&self, no: PartitionNo) -> Option<(BrokerId, i32)> {
        let topic = self.image.topics.values().find(|topic| topic.no == no.topic)?;
        let registration = topic.partitions.get(usize::try_from(no.partition).ok()?)?;
        Some((registration.leader?, registration.leader_epoch))
    }
}

fn partition_count(topic: &TopicImage) -> i32 {
    i32::try_from(topic.partitions.len()).expect("few partitions")
}
