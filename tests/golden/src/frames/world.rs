//! A controller and its brokers, joined without a network: what one says the other hears when a real cluster would have
//! written it down.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use kafka_protocol::messages::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use kafka_protocol::messages::{
    CreateTopicsRequest, FindCoordinatorRequest, InitProducerIdRequest, ProducerId, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use partita::broker::Broker;
use partita::config::{BrokerConfig, ConfigValue};
use partita::controller::{Controller, ControllerOutput};
use partita::ids::{BrokerId, ClientId, ConnectionId, EventId, Names};
use partita::node::{Action, Input, Outbox};
use partita::rng::Rng;
use partita::time::{Instant, Now};
use partita::wire::{Body, Frame, Request};
use serde_json::Value;

pub struct World {
    pub now: Now,
    controller: Controller,
    brokers: BTreeMap<BrokerId, Broker>,
    /// What the controller said, on its way.
    under_way: VecDeque<(Instant, BrokerId, Input)>,
    out: Outbox,
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
        let config = Arc::new(config);
        let hosts: Vec<(BrokerId, Arc<str>, i32)> =
            brokers.iter().map(|(id, port)| (BrokerId(*id), Arc::from("127.0.0.1"), *port)).collect();
        let cluster_id = Arc::from("ZnJhbWVzLXJlY29yZGVyLQ");
        let controller = Controller::new(&cluster_id, &config, &hosts, brokers.len() == 1);
        let brokers = hosts.iter().map(|(id, ..)| (*id, Broker::new(*id, &config, controller.image()))).collect();
        World {
            now: Now { at: Instant::ZERO, start_ms: START_MS },
            controller,
            brokers,
            under_way: VecDeque::new(),
            out: Outbox::new(Names::default(), Rng::new(1)),
            answers: BTreeMap::new(),
            closed: Vec::new(),
        }
    }

    pub fn send(&mut self, broker: i32, connection: ConnectionId, frame: Arc<Frame>) {
        self.handle(BrokerId(broker), Input::Frame(connection, frame));
    }

    /// Lets time pass, with all that happens meanwhile.
    pub fn run_until(&mut self, at: Instant) {
        while let Some((due, broker)) = self.next_due().filter(|(due, _)| *due <= at) {
            self.now.at = self.now.at.max(due);
            if self.under_way.front().is_some_and(|(arrives, ..)| *arrives <= due) {
                let (_, id, input) = self.under_way.pop_front().expect("it was just seen");
                self.handle(id, input);
                continue;
            }
            match broker {
                Some(broker) => self.handle(broker, Input::Timer),
                None => {
                    let output = self.controller.on_timer(self.now, &mut self.out);
                    self.publish(output);
                }
            }
        }
        self.now.at = self.now.at.max(at);
    }

    /// When the next thing happens by itself.
    pub fn next_due(&self) -> Option<(Instant, Option<BrokerId>)> {
        let brokers = self.brokers.iter().filter_map(|(id, broker)| Some((broker.next_timeout()?, Some(*id))));
        let arrives = self.under_way.front().map(|(at, ..)| (*at, None));
        brokers.chain(self.controller.next_timeout().map(|at| (at, None))).chain(arrives).min()
    }

    fn handle(&mut self, id: BrokerId, input: Input) {
        self.out.begin(self.now);
        let Some(broker) = self.brokers.get_mut(&id) else { return };
        broker.handle(self.now, input, &mut self.out);
        for action in std::mem::take(&mut self.out.actions) {
            match action {
                Action::Send(connection, frame) => {
                    let bytes = frame.encode().unwrap_or_else(|error| panic!("{frame:?} cannot be written: {error}"));
                    assert!(bytes.len() > 4, "a frame has a header");
                    self.answers.entry(connection).or_default().push_back(frame);
                }
                Action::Close(connection) => self.closed.push(connection),
                Action::Controller(token, request) => {
                    let output = self.controller.handle(self.now, id, token, &request, &mut self.out);
                    self.publish(output);
                }
                Action::Connect(..) => panic!("a broker opens no connection"),
            }
        }
    }

    fn publish(&mut self, output: ControllerOutput) {
        let at = self.now.at.plus_millis(CONTROLLER_MS);
        if let Some(image) = output.image {
            let images = self.brokers.keys().map(|id| (at, *id, Input::Image(image.clone())));
            self.under_way.extend(images);
        }
        let replies = output.replies.into_iter().map(|(id, token, reply)| (at, id, Input::Controller(token, reply)));
        self.under_way.extend(replies);
    }

    /// The answer with this correlation id, if it comes within some microseconds.
    pub fn answer(&mut self, id: ConnectionId, correlation_id: i32, within_us: u64) -> Option<Arc<Frame>> {
        let limit = self.now.at.plus_micros(within_us);
        loop {
            let answers = self.answers.entry(id).or_default();
            if let Some(at) = answers.iter().position(|answer| answer.correlation_id == correlation_id) {
                return answers.remove(at);
            }
            let (due, _) = self.next_due().filter(|(due, _)| *due <= limit)?;
            self.run_until(due);
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
        self.run_until(self.now.at.plus_millis(CONTROLLER_MS));
    }

    /// The broker had its first block of producer ids.
    pub fn give_producer_id(&mut self) {
        for _ in 0..2 {
            self.run_until(self.now.at.plus_millis(CONTROLLER_MS));
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
