//! The controller: topics, who leads what, which brokers live, and blocks of producer ids.
//!
//! One always-available controller. Kafka keeps this state as records in `__cluster_metadata`, written by a quorum
//! (KRaft); the quorum, its log and its elections are not modelled. Heartbeats of brokers are knowledge, not messages:
//! the simulation says when a broker dies or freezes, and the controller works out when the last heartbeat was.

mod configs;
mod placement;
mod sessions;
mod topics;

pub use topics::{is_internal, validate_name};

use std::sync::Arc;

use crate::config::BrokerConfig;
use crate::event::EventKind;
use crate::ids::{BrokerId, EventId, PartitionNo};
use crate::image::{
    BrokerRegistration, ControllerReply, ControllerRequest, MetadataImage, PartitionRegistration, TopicImage,
};
use crate::node::Outbox;
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};
use sessions::Session;

/// How many producer ids a broker gets at a time (`ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE`).
pub const PRODUCER_ID_BLOCK_SIZE: i32 = 1000;

/// `ReplicationControlManager`, `ClusterControlManager`, `ConfigurationControlManager` and `ProducerIdControlManager` in one.
#[derive(Clone, Debug)]
pub struct Controller {
    image: Arc<MetadataImage>,
    config: Arc<BrokerConfig>,
    /// The cluster's only broker is the controller as well, as in Kafka's own sample configuration: it dies with it.
    combined: bool,
    sessions: SortedMap<BrokerId, Session>,
    /// Starting brokers that must wait until the session of their former life has expired, with their tokens.
    waiting: SortedMap<BrokerId, u64>,
    next_producer_id: i64,
    next_broker_epoch: i64,
    /// Where the next topic's first partition goes, so that leaders spread over the brokers.
    next_placement: u32,
}

/// What the controller wants delivered, one hop later.
#[derive(Clone, Debug, Default)]
pub struct ControllerOutput {
    /// To whom, under which of its tokens, what.
    pub replies: Vec<(BrokerId, u64, ControllerReply)>,
    /// The newest picture, for every broker that lives; none when nothing changed.
    pub image: Option<Arc<MetadataImage>>,
}

/// A token for a request to the controller: the asking broker's number for it, and the event that led to it.
/// Events of the controller then name their cause, over two hops that carry no frame.
pub(crate) fn token(number: u32, cause: EventId) -> u64 {
    u64::from(cause.0) << 32 | u64::from(number)
}

fn cause_of(token: u64) -> EventId {
    EventId(u32::try_from(token >> 32).expect("32 bits are left"))
}

impl Controller {
    /// A cluster whose brokers (id, host, port) are up and registered at the start of the run, with no topic yet.
    /// `config` is what all brokers share. `combined`: the only broker is also the controller.
    pub fn new(
        cluster_id: &Arc<str>,
        config: &Arc<BrokerConfig>,
        brokers: &[(BrokerId, Arc<str>, i32)],
        combined: bool,
    ) -> Controller {
        assert!(!combined || brokers.len() == 1, "a combined controller has one broker");
        let registration = |(index, (id, host, port)): (usize, &(BrokerId, Arc<str>, i32))| {
            let epoch = i64::try_from(index).expect("few brokers");
            (*id, BrokerRegistration { id: *id, host: host.clone(), port: *port, fenced: false, epoch })
        };
        let image = MetadataImage {
            version: 1,
            cluster_id: cluster_id.clone(),
            brokers: brokers.iter().enumerate().map(registration).collect(),
            ..MetadataImage::default()
        };
        Controller {
            image: Arc::new(image),
            config: config.clone(),
            combined,
            sessions: brokers.iter().map(|(id, ..)| (*id, Session::Beating { since: Instant::ZERO })).collect(),
            waiting: SortedMap::new(),
            next_producer_id: 0,
            next_broker_epoch: i64::try_from(brokers.len()).expect("few brokers"),
            next_placement: 0,
        }
    }

    /// A door for tests that break a run on purpose.
    #[doc(hidden)]
    pub fn door_to_image(&mut self) -> &mut MetadataImage {
        Arc::make_mut(&mut self.image)
    }

    pub const fn image(&self) -> &Arc<MetadataImage> {
        &self.image
    }

    /// The settings of the cluster's brokers.
    pub fn config(&self) -> &BrokerConfig {
        &self.config
    }

    /// The value of a topic's setting that is in force, as Kafka prints it; none: null, or no such setting.
    pub fn topic_setting(&self, topic: &TopicImage, name: &str) -> Option<String> {
        configs::in_force(&topic.configs, &self.config, name)
    }

    /// Answers a request of a broker; a registration may be answered later, by [`Controller::on_timer`].
    pub fn handle(
        &mut self,
        now: Now,
        from: BrokerId,
        token: u64,
        request: &ControllerRequest,
        out: &mut Outbox,
    ) -> ControllerOutput {
        let before = self.image.version;
        let cause = cause_of(token);
        let reply = match request {
            ControllerRequest::Register => self.register(now, from, token, out),
            ControllerRequest::ControlledShutdown => {
                self.controlled_shutdown(from, cause, out);
                Some(ControllerReply::ShutDown)
            }
            ControllerRequest::CreateTopics { request, automatic } => {
                Some(ControllerReply::CreateTopics(self.create_topics(request, *automatic, cause, out)))
            }
            ControllerRequest::DeleteTopics(request) => {
                Some(ControllerReply::DeleteTopics(self.delete_topics(request, cause, out)))
            }
            ControllerRequest::CreatePartitions(request) => {
                Some(ControllerReply::CreatePartitions(self.create_partitions(request, cause, out)))
            }
            ControllerRequest::IncrementalAlterConfigs(request) => {
                Some(ControllerReply::IncrementalAlterConfigs(self.incremental_alter_configs(request)))
            }
            ControllerRequest::AlterPartition(_)
            | ControllerRequest::ElectLeaders(_)
            | ControllerRequest::AlterPartitionReassignments(_)
            | ControllerRequest::ListPartitionReassignments(_) => unreachable!("no broker asks for it yet"),
            ControllerRequest::AllocateProducerIds => {
                let first = self.next_producer_id;
                self.next_producer_id += i64::from(PRODUCER_ID_BLOCK_SIZE);
                Some(ControllerReply::ProducerIds { first, count: PRODUCER_ID_BLOCK_SIZE })
            }
        };
        self.output(before, reply.map(|reply| (from, token, reply)).into_iter().collect())
    }

    fn output(&self, version_before: u64, replies: Vec<(BrokerId, u64, ControllerReply)>) -> ControllerOutput {
        let image = (self.image.version != version_before).then(|| self.image.clone());
        ControllerOutput { replies, image }
    }

    /// The picture, to change it: brokers that hold the former one keep it.
    fn change(&mut self) -> &mut MetadataImage {
        let image = Arc::make_mut(&mut self.image);
        image.version += 1;
        image
    }

    /// Brokers that may lead.
    fn live_brokers(&self) -> Vec<BrokerId> {
        self.image.brokers.values().filter(|broker| !broker.fenced).map(|broker| broker.id).collect()
    }

    /// Changes every partition that `change` has something to say about, and tells of new leaders.
    fn change_partitions(
        &mut self,
        cause: EventId,
        out: &mut Outbox,
        change: impl Fn(&PartitionRegistration) -> Option<PartitionRegistration>,
    ) {
        let image = Arc::make_mut(&mut self.image);
        for topic in image.topics.values_mut() {
            if topic.partitions.iter().all(|partition| change(partition).is_none()) {
                continue;
            }
            let topic: &mut TopicImage = Arc::make_mut(topic);
            for (partition, number) in topic.partitions.iter_mut().zip(0..) {
                let Some(changed) = change(partition) else { continue };
                let leader_changed = changed.leader != partition.leader;
                *partition = changed;
                if leader_changed {
                    let no = PartitionNo { topic: topic.no, partition: number };
                    let leader = partition.leader.map_or(-1, |broker| broker.0);
                    out.emit(cause, EventKind::LeaderChanged { partition: no, leader, epoch: partition.leader_epoch });
                }
            }
        }
        image.version += 1;
    }
}
