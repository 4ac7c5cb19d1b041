//! A cluster whose messages take no time, but for what the controller says: that comes when a real one would have written
//! it down.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use kafka_protocol::messages::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use kafka_protocol::messages::{
    CreateTopicsRequest, FindCoordinatorRequest, InitProducerIdRequest, ProducerId, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use partita::cluster::{Cluster, Plan};
use partita::config::{BrokerConfig, ConfigValue};
use partita::ids::{BrokerId, ClientId, ConnectionId, EventId, Names, Process};
use partita::network::{Parcel, Way};
use partita::node::Outbox;
use partita::rng::Rng;
use partita::time::{Clock, Instant, Now};
use partita::wire::{Body, Frame, Request};
use serde_json::Value;

pub struct World {
    clock: Clock,
    cluster: Cluster,
    out: Outbox,
    /// The connections that were opened.
    open: BTreeSet<ConnectionId>,
    pub answers: BTreeMap<ConnectionId, VecDeque<Arc<Frame>>>,
    pub closed: Vec<ConnectionId>,
}

/// How long the controller of a real cluster takes to write a change down and tell the brokers, in milliseconds, about.
const CONTROLLER_MS: u64 = 20;

/// Milliseconds since 1970 at which the conversations were recorded, about.
const START_MS: i64 = 1_795_350_830_000;

impl World {
    pub fn new(settings: &[(&str, ConfigValue)], brokers: &[(i32, i32)]) -> World {
        let (config, _) = BrokerConfig::construct(1, settings).expect("settings of a broker");
        assert!(brokers.iter().map(|(id, _)| *id).eq(1..=brokers.len() as i32), "brokers are numbered from 1");
        let address = |(_, port): &(i32, i32)| (Arc::from("127.0.0.1"), u16::try_from(*port).expect("a port"));
        let plan = Plan {
            config: Arc::new(config),
            addresses: brokers.iter().map(address).collect(),
            combined: brokers.len() == 1,
            hop_us: 0,
            cluster_id: Arc::from("ZnJhbWVzLXJlY29yZGVyLQ"),
        };
        let mut clock = Clock::new(Now { at: Instant::ZERO, start_ms: START_MS });
        let cluster = Cluster::new(&plan, &mut clock);
        let out = Outbox::new(Names::default(), Rng::new(1));
        let mut world =
            World { clock, cluster, out, open: BTreeSet::new(), answers: BTreeMap::new(), closed: Vec::new() };
        // The brokers' connections to their controller were there before.
        world.run_until(Instant::ZERO);
        for id in world.cluster.broker_ids() {
            let way = Way { from: Process::Controller, to: Process::Broker(id) };
            world.cluster.slow(way, CONTROLLER_MS * 1000);
        }
        world
    }

    pub const fn at(&self) -> Instant {
        self.clock.at()
    }

    pub fn send(&mut self, broker: i32, connection: ConnectionId, frame: Arc<Frame>) {
        self.out.begin(self.clock.now);
        if self.open.insert(connection) {
            self.out.connect(connection, Process::Broker(BrokerId(broker)));
            self.carry(connection);
        }
        self.out.send(connection, frame);
        self.carry(connection);
    }

    fn carry(&mut self, connection: ConnectionId) {
        self.cluster.carry(connection.opener, &mut self.clock, &mut self.out);
        self.run_until(self.clock.at());
    }

    /// Lets time pass, with all that happens meanwhile.
    pub fn run_until(&mut self, at: Instant) {
        while self.next_due().is_some_and(|due| due <= at) {
            self.step();
        }
        self.clock.now.at = self.clock.at().max(at);
    }

    /// When the next thing happens by itself.
    pub fn next_due(&self) -> Option<Instant> {
        self.cluster.next_turn().map(|((at, _), _)| at)
    }

    fn step(&mut self) {
        let Some(((due, _), turn)) = self.cluster.next_turn() else { return };
        self.clock.now.at = self.clock.at().max(due);
        self.out.begin(self.clock.now);
        let Some((_, delivery)) = self.cluster.step(turn, &mut self.clock, &mut self.out) else { return };
        match delivery.parcel.clone() {
            Parcel::Frame(frame) => {
                let bytes = frame.encode().unwrap_or_else(|error| panic!("{frame:?} cannot be written: {error}"));
                assert!(bytes.len() > 4, "a frame has a header");
                self.answers.entry(delivery.connection).or_default().push_back(frame);
            }
            Parcel::Disconnected { .. } => {
                self.cluster.closed_at(&delivery);
                self.closed.push(delivery.connection);
            }
            Parcel::Opening | Parcel::Connected | Parcel::Image(_) => {}
        }
    }

    /// The answer with this correlation id, if it comes within some microseconds.
    pub fn answer(&mut self, id: ConnectionId, correlation_id: i32, within_us: u64) -> Option<Arc<Frame>> {
        let limit = self.clock.at().plus_micros(within_us);
        loop {
            let answers = self.answers.entry(id).or_default();
            if let Some(at) = answers.iter().position(|answer| answer.correlation_id == correlation_id) {
                return answers.remove(at);
            }
            self.next_due().filter(|due| *due <= limit)?;
            self.step();
        }
    }

    /// Creates a topic of a session's set-up: its number of partitions, or an object with that, assignments and configs.
    pub fn create_topic(&mut self, name: &str, topic: &Value) -> Result<(), String> {
        let count = topic.as_i64().or_else(|| topic["partitions"].as_i64()).ok_or("a number of partitions")?;
        let text = |text: &str| StrBytes::from_string(text.to_owned());
        let given = topic["configs"].as_object().into_iter().flatten();
        let configs = given.filter(|(name, _)| *name != "min.insync.replicas").map(|(name, value)| {
            let value = value.as_str().map(text);
            CreatableTopicConfig::default().with_name(text(name)).with_value(value)
        });
        let count = i32::try_from(count).map_err(|error| error.to_string())?;
        let wanted = CreatableTopic::default().with_name(TopicName(text(name))).with_configs(configs.collect());
        let wanted = match topic["assignments"].as_array() {
            None => wanted.with_num_partitions(count).with_replication_factor(1),
            Some(assignments) => {
                let leaders = (0..).zip(assignments).map(|(partition, replicas)| {
                    let leader = BrokerId(crate::json::int(&replicas[0]));
                    CreatableReplicaAssignment::default()
                        .with_partition_index(partition)
                        .with_broker_ids(vec![leader.0.into()])
                });
                wanted.with_num_partitions(-1).with_replication_factor(-1).with_assignments(leaders.collect())
            }
        };
        let request = CreateTopicsRequest::default().with_topics(vec![wanted]).with_timeout_ms(1000);
        self.ask(7, request.into());
        Ok(())
    }

    /// The coordinators' topic was there.
    pub fn create_group_topic(&mut self) {
        let key = StrBytes::from_static_str("g");
        self.ask(4, FindCoordinatorRequest::default().with_coordinator_keys(vec![key]).into());
        self.run_until(self.clock.at().plus_millis(CONTROLLER_MS));
    }

    /// The broker had its first block of producer ids.
    pub fn give_producer_id(&mut self) {
        for _ in 0..2 {
            self.run_until(self.clock.at().plus_millis(CONTROLLER_MS));
            self.ask(
                5,
                InitProducerIdRequest::default()
                    .with_transactional_id(None)
                    .with_producer_id(ProducerId(-1))
                    .with_producer_epoch(-1)
                    .into(),
            );
        }
    }

    fn ask(&mut self, version: i16, request: Request) {
        let client_id = Arc::from("set-up");
        let body = Body::Request(request);
        let frame = Frame { version, correlation_id: 0, client_id, body, cause: EventId::NONE };
        let connection = ConnectionId::of_client(ClientId(999), 0);
        self.send(1, connection, Arc::new(frame));
        self.answer(connection, 0, 1_000_000).expect("the set-up is answered");
    }
}
