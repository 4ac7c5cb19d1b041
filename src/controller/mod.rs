//! The controller: topics, who leads what, which brokers live, and blocks of producer ids.
//!
//! A node like the brokers, which connect to it and ask it with Kafka's own requests. It knows of a broker's death only by
//! heartbeats that do not come. Kafka keeps this state as records in `__cluster_metadata`, written by a quorum (KRaft); the
//! quorum, its log and its elections are not modelled: its newest picture of the cluster goes to every broker that is
//! connected, before the answer to what changed it.

mod alter_partition;
mod assignments;
mod changes;
mod checks;
mod configs;
mod elections;
mod liveness;
mod partition_change;
mod placement;
mod reassignments;
mod refusal;
mod sessions;
#[cfg(test)]
mod tests;
mod topics;

pub use topics::{is_internal, validate_name};

use std::sync::Arc;

use kafka_protocol::messages::{AllocateProducerIdsResponse, ProducerId};

use crate::config::BrokerConfig;
use crate::ids::{BrokerId, ConnectionId};
use crate::image::{BrokerRegistration, MetadataImage, TopicImage};
use crate::node::{Input, Outbox};
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Now;
use crate::wire::{Body, Frame, Request, Response};
use checks::Checks;
use sessions::Session;

/// How many producer ids a broker gets at a time (`ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE`).
pub const PRODUCER_ID_BLOCK_SIZE: i32 = 1000;

/// `ReplicationControlManager`, `ClusterControlManager`, `ConfigurationControlManager` and `ProducerIdControlManager` in one.
#[derive(Clone, Debug)]
pub struct Controller {
    image: Arc<MetadataImage>,
    config: Arc<BrokerConfig>,
    sessions: SortedMap<BrokerId, Session>,
    /// Of brokers: those that get the pictures.
    connections: SortedSet<ConnectionId>,
    next_producer_id: i64,
    next_broker_epoch: i64,
    /// Where the next topic's first partition goes, so that leaders spread over the brokers.
    next_placement: u32,
    /// When leaders are looked at next, if any may have to change.
    checks: Checks,
    /// [`placement::MAX_REPLICATION_FACTOR`], but for tests.
    max_replication_factor: usize,
}

impl Controller {
    /// A cluster whose brokers (id, host, port) are up and registered at the start of the run, with no topic yet.
    /// `config` is what all brokers share.
    pub fn new(cluster_id: &Arc<str>, config: &Arc<BrokerConfig>, brokers: &[(BrokerId, Arc<str>, i32)]) -> Controller {
        let registration = |(index, (id, host, port)): (usize, &(BrokerId, Arc<str>, i32))| {
            let epoch = i64::try_from(index).expect("few brokers");
            let registration = BrokerRegistration {
                id: *id,
                host: host.clone(),
                port: *port,
                fenced: false,
                in_controlled_shutdown: false,
                epoch,
            };
            (*id, registration)
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
            sessions: brokers.iter().map(|(id, ..)| (*id, Session::begun())).collect(),
            connections: SortedSet::new(),
            next_producer_id: 0,
            next_broker_epoch: i64::try_from(brokers.len()).expect("few brokers"),
            next_placement: 0,
            checks: Checks::default(),
            max_replication_factor: placement::MAX_REPLICATION_FACTOR,
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

    /// Takes in one thing, or does the earliest piece of work that is due.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        let before = self.image.version;
        let mut answer = None;
        match input {
            Input::Timer => self.on_timer(now, out),
            Input::Connected(connection) => {
                self.connections.insert(connection);
                out.image(connection, self.image.clone());
            }
            Input::Disconnected(connection) => _ = self.connections.remove(&connection),
            Input::Frame(connection, frame) => match self.answer(now, connection, &frame, out) {
                Some(response) => answer = Some((connection, frame, response)),
                None => {
                    self.connections.remove(&connection);
                    out.close(connection);
                }
            },
            Input::Answered(..) | Input::Image(_) => {}
        }
        if self.image.version != before {
            self.arm_checks(now);
            for connection in &self.connections {
                out.image(*connection, self.image.clone());
            }
        }
        if let Some((connection, frame, response)) = answer {
            out.send(connection, Arc::new(answering(&frame, response)));
        }
    }

    /// The answer to a request; none to what only brokers answer, or to who is no broker: the connection is closed then.
    fn answer(&mut self, now: Now, connection: ConnectionId, frame: &Frame, out: &mut Outbox) -> Option<Response> {
        let (from, cause) = (connection.opener.broker()?, frame.cause);
        Some(match frame.request()? {
            Request::BrokerRegistration(request) => self.register(now, from, request, cause, out).into(),
            Request::BrokerHeartbeat(request) => self.heartbeat(now, from, request, cause, out).into(),
            Request::CreateTopics(request) => {
                // What a broker asks for itself bears no client's name.
                let automatic = frame.client_id.is_empty();
                self.create_topics(request, automatic, cause, out).into()
            }
            Request::DeleteTopics(request) => self.delete_topics(request, cause, out).into(),
            Request::CreatePartitions(request) => self.create_partitions(request, cause, out).into(),
            Request::IncrementalAlterConfigs(request) => self.incremental_alter_configs(request, cause, out).into(),
            Request::AlterPartition(request) => self.alter_partition(request, cause, out).into(),
            Request::ElectLeaders(request) => self.elect_leaders(request, cause, out).into(),
            Request::AlterPartitionReassignments(request) => {
                self.alter_partition_reassignments(request, cause, out).into()
            }
            Request::ListPartitionReassignments(request) => self.list_partition_reassignments(request).into(),
            Request::AllocateProducerIds(_) => self.allocate_producer_ids().into(),
            _ => return None,
        })
    }

    /// `ProducerIdControlManager.generateNextProducerId`
    fn allocate_producer_ids(&mut self) -> AllocateProducerIdsResponse {
        let first = self.next_producer_id;
        self.next_producer_id += i64::from(PRODUCER_ID_BLOCK_SIZE);
        AllocateProducerIdsResponse::default()
            .with_producer_id_start(ProducerId(first))
            .with_producer_id_len(PRODUCER_ID_BLOCK_SIZE)
    }

    /// Its process is gone, with all that it had only in memory. A combined controller dies with its broker.
    pub fn end(&mut self) {
        self.connections.clear();
        self.sessions.values_mut().for_each(Session::forget);
    }

    /// The picture, to change it: brokers that hold the former one keep it.
    fn change(&mut self) -> &mut MetadataImage {
        let image = Arc::make_mut(&mut self.image);
        image.version += 1;
        image
    }
}

fn answering(request: &Frame, response: Response) -> Frame {
    Frame {
        version: request.version,
        correlation_id: request.correlation_id,
        client_id: Arc::from(""),
        body: Body::Response(response),
        cause: request.cause,
    }
}
