//! What a broker does when the controller's picture changes (`BrokerMetadataPublisher`, `ReplicaManager.applyDelta`).

use std::sync::Arc;

use crate::error::Code;
use crate::ids::{BrokerId, EventId, PartitionNo};
use crate::image::{MetadataImage, PartitionRegistration, TopicImage};
use crate::node::Outbox;
use crate::sorted::SortedSet;
use crate::time::Now;

use super::replica::{log_config, topic_config};
use super::{Broker, BrokerPhase, Partition};
use crate::image::GROUP_METADATA_TOPIC;

impl Broker {
    /// Takes on the newest picture, in Kafka's order: what is deleted goes, then leaderships begin, then what is followed; fetchers
    /// begin and end with it. What waits for a partition that changed is looked at again.
    pub(super) fn handle_image(&mut self, now: Now, image: Arc<MetadataImage>, out: &mut Outbox) {
        if image.version <= self.image.version {
            return;
        }
        if self.image.version == 0 {
            // The first picture of this life starts what runs at its own pace.
            (self.started, self.lag_checks) = (now.at, 0);
        }
        let old = std::mem::replace(&mut self.image, image.clone());
        self.drop_deleted(&image);
        let groups_topic = |image: &MetadataImage| image.topics.get(GROUP_METADATA_TOPIC).map(|topic| topic.id);
        if groups_topic(&old) != groups_topic(&image) {
            for partition in self.groups.partitions() {
                self.unload(now, partition, None, out);
            }
        }
        self.take_on(now, &image, &old, out);
        let is_gone = |topic: &&Arc<TopicImage>| !image.topic_names.contains_key(&topic.id);
        let gone: SortedSet<Arc<str>> = old.topics.values().filter(is_gone).map(|topic| topic.name.clone()).collect();
        if !gone.is_empty() {
            self.forget_offsets(now, &gone, out);
        }
        self.settle_fetchers(now, out);
    }

    /// Replicas of topics that are gone, and those that are on this broker no more.
    fn drop_deleted(&mut self, image: &MetadataImage) {
        let stays = |(no, partition): &(&PartitionNo, &Arc<Partition>)| {
            let topic = image.topic_names.get(&partition.topic_id()).and_then(|name| image.topics.get(name));
            let at = usize::try_from(no.partition).ok();
            let registration = topic.and_then(|topic| topic.partitions.get(at?));
            registration.is_some_and(|registration| registration.replicas.contains(&self.id))
        };
        let gone = self.partitions.iter().filter(|it| !stays(it)).map(|(no, _)| *no);
        for no in gone.collect::<Vec<_>>() {
            self.stop_fetching(no);
            self.partitions.remove(&no);
            self.touched.push((no, EventId::NONE));
        }
    }

    fn take_on(&mut self, now: Now, image: &MetadataImage, old: &MetadataImage, out: &mut Outbox) {
        let mut followed = Vec::new();
        for topic in image.topics.values() {
            let before = old.topics.get(&topic.name);
            if before.is_some_and(|before| Arc::ptr_eq(before, topic)) {
                continue;
            }
            self.apply_configs(now, topic);
            for (registration, number) in topic.partitions.iter().zip(0..) {
                let known = before.filter(|before| before.id == topic.id);
                let known = known.and_then(|before| before.partitions.get(usize::try_from(number).ok()?));
                let is_news = known.is_none_or(|known| known.partition_epoch != registration.partition_epoch);
                if !registration.replicas.contains(&self.id) || !is_news {
                    continue;
                }
                if registration.leader == Some(self.id) {
                    self.lead(now, topic, number, registration, out);
                } else {
                    followed.push((topic.clone(), number, registration.clone()));
                }
            }
        }
        for (topic, number, registration) in followed {
            self.follow(now, &topic, number, &registration, out);
        }
    }

    /// Makes the replicas that are to be here, and gives them their topic's settings.
    fn apply_configs(&mut self, now: Now, topic: &TopicImage) {
        let topic_config = topic_config(topic, &self.config);
        let log_config = log_config(&topic_config, &self.config);
        for (registration, number) in topic.partitions.iter().zip(0..) {
            if registration.replicas.contains(&self.id) {
                let no = PartitionNo { topic: topic.no, partition: number };
                // The same name again is another topic: its log begins anew.
                if self.partitions.get(&no).is_some_and(|partition| partition.topic_id() != topic.id) {
                    self.partitions.remove(&no);
                }
                let fresh = || Arc::new(Partition::new(now, self.id, topic, number));
                let partition = Arc::make_mut(self.partitions.entry(no).or_insert_with(fresh));
                partition.apply_config(&log_config, topic_config.min_insync_replicas);
            }
        }
    }

    fn lead(
        &mut self,
        now: Now,
        topic: &TopicImage,
        number: i32,
        registration: &PartitionRegistration,
        out: &mut Outbox,
    ) {
        let no = PartitionNo { topic: topic.no, partition: number };
        self.stop_fetching(no);
        let Some((partition, around)) = self.replica_mut(now, no) else { return };
        let led = partition.leads().then(|| partition.leader_epoch());
        let raised = partition.lead(registration, around);
        let is_new = led != partition.leads().then(|| partition.leader_epoch());
        // One replica has all there is: nothing new to tell.
        let tells = raised && registration.replicas.len() > 1;
        self.touch(no, tells, EventId::NONE, out);
        if is_new {
            self.coordinate_if_led(now, topic, number, out);
        }
    }

    fn follow(
        &mut self,
        now: Now,
        topic: &TopicImage,
        number: i32,
        registration: &PartitionRegistration,
        out: &mut Outbox,
    ) {
        let no = PartitionNo { topic: topic.no, partition: number };
        let Some((partition, _)) = self.replica_mut(now, no) else { return };
        let led = partition.leads();
        let is_new_epoch = partition.follow(registration);
        self.touched.push((no, EventId::NONE));
        // While it shuts down, a replica that has left the ISR, or has no leader, fetches no more.
        let stops = self.phase == BrokerPhase::Stopping
            && (registration.leader.is_none() || !registration.isr.contains(&self.id));
        if stops || is_new_epoch {
            self.stop_fetching(no);
        }
        if let Some(leader) = registration.leader.filter(|_| is_new_epoch && !stops)
            && self.image.brokers.contains_key(&leader)
        {
            self.start_fetching(now, no, leader);
        }
        if led {
            self.coordinate_if_led(now, topic, number, out);
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
        self.readable(no, known_epoch, true)
    }

    /// The replica, also when this broker only follows (`Partition.localLogWithEpochOrThrow`). Errors as those of `leading`.
    pub(super) fn readable(&self, no: PartitionNo, known_epoch: i32, only_leader: bool) -> Result<&Partition, Code> {
        let partition = self.partitions.get(&no).ok_or(Code::NotLeaderOrFollower)?;
        if known_epoch >= 0 && known_epoch < partition.leader_epoch() {
            return Err(Code::FencedLeaderEpoch);
        }
        if known_epoch > partition.leader_epoch() {
            return Err(Code::UnknownLeaderEpoch);
        }
        if partition.leads() || !only_leader { Ok(partition) } else { Err(Code::NotLeaderOrFollower) }
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
