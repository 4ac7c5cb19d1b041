//! A controller and brokers joined without a network, and requests in few words.

use std::sync::Arc;

use kafka_protocol::messages::create_topics_request::{CreatableReplicaAssignment, CreatableTopic};
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{self as m, CreateTopicsRequest, FetchRequest, ProduceRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::broker::Broker;
use crate::config::{BrokerConfig, ConfigValue};
use crate::controller::{Controller, ControllerOutput};
use crate::event::{Event, EventKind};
use crate::ids::{BrokerId, ClientId, ConnectionId, EventId, Names};
use crate::node::{Action, Input, Outbox};
use crate::record::{BatchBuilder, BatchOptions, ProducerState};
use crate::rng::Rng;
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};
use crate::wire::{Body, Frame, Request, Response};

pub(super) struct World {
    pub now: Now,
    pub controller: Controller,
    pub brokers: SortedMap<i32, Broker>,
    pub out: Outbox,
    pub events: Vec<Event>,
    pub sent: Vec<(ConnectionId, Arc<Frame>)>,
    pub closed: Vec<ConnectionId>,
    correlation_id: i32,
}

pub(super) fn connection(client: u16) -> ConnectionId {
    ConnectionId::of_client(ClientId(client), 0)
}

pub(super) fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

/// One batch of records with these values, timestamps 2026-01-01 and on.
pub(super) fn batch(values: &[&str], producer: ProducerState) -> bytes::Bytes {
    let mut builder = BatchBuilder::new(BatchOptions::default());
    for (value, timestamp) in values.iter().zip(1_767_225_600_000..) {
        builder.append(timestamp, None, Some(value.as_bytes()), &[]).expect("a small record");
    }
    bytes::Bytes::from_owner(builder.build(producer).expect("no compression"))
}

impl World {
    /// Brokers 1 to `count`; the only one is the controller too.
    pub fn new(count: i32) -> World {
        World::with(count, &[])
    }

    pub fn with(count: i32, settings: &[(&str, &str)]) -> World {
        let mut pairs: Vec<(&str, ConfigValue)> =
            vec![("offsets.topic.num.partitions", "1".into()), ("group.initial.rebalance.delay.ms", "0".into())];
        pairs.extend(settings.iter().map(|(name, value)| (*name, (*value).into())));
        let (config, _) = BrokerConfig::construct(1, &pairs).expect("a broker's settings");
        let config = Arc::new(config);
        let hosts: Vec<(BrokerId, Arc<str>, i32)> =
            (1..=count).map(|id| (BrokerId(id), Arc::from(format!("broker-{id}")), 9092)).collect();
        let controller = Controller::new(&Arc::from("cluster"), &config, &hosts, count == 1);
        let brokers = (1..=count).map(|id| (id, Broker::new(BrokerId(id), &config, controller.image()))).collect();
        World {
            now: Now { at: Instant::ZERO, start_ms: 1_767_225_600_000 },
            controller,
            brokers,
            out: Outbox::new(Names::default(), Rng::new(7)),
            events: Vec::new(),
            sent: Vec::new(),
            closed: Vec::new(),
            correlation_id: 0,
        }
    }

    /// Sends a request and gives the answer if it came at once.
    pub fn ask(&mut self, broker: i32, client: u16, version: i16, request: impl Into<Request>) -> Option<Response> {
        let correlation_id = self.send(broker, client, version, request);
        self.answer(client, correlation_id)
    }

    /// Sends a request; gives its number.
    pub fn send(&mut self, broker: i32, client: u16, version: i16, request: impl Into<Request>) -> i32 {
        let frame = self.frame(client, version, request);
        let correlation_id = frame.correlation_id;
        self.handle(broker, Input::Frame(connection(client), frame));
        correlation_id
    }

    pub fn frame(&mut self, client: u16, version: i16, request: impl Into<Request>) -> Arc<Frame> {
        self.correlation_id += 1;
        Arc::new(Frame {
            version,
            correlation_id: self.correlation_id,
            client_id: Arc::from(format!("c{client}")),
            body: Body::Request(request.into()),
            cause: EventId::NONE,
        })
    }

    /// Takes the answer to a request, if it has come; every answer can be written in its version.
    pub fn answer(&mut self, client: u16, correlation_id: i32) -> Option<Response> {
        let is_it = |(id, frame): &(ConnectionId, Arc<Frame>)| {
            *id == connection(client) && frame.correlation_id == correlation_id
        };
        let at = self.sent.iter().position(is_it)?;
        let (_, frame) = self.sent.remove(at);
        frame.encode().expect("an answer fits its version");
        frame.response().cloned()
    }

    pub fn handle(&mut self, broker: i32, input: Input) {
        self.out.begin(self.now);
        let node = self.brokers.get_mut(&broker).expect("a broker of the cluster");
        node.handle(self.now, input, &mut self.out);
        self.settle(broker);
    }

    /// Carries out what a broker wants done.
    pub fn settle(&mut self, broker: i32) {
        self.out.drain_events(&mut self.events);
        for action in std::mem::take(&mut self.out.actions) {
            match action {
                Action::Send(connection, frame) => self.sent.push((connection, frame)),
                Action::Close(connection) => self.closed.push(connection),
                Action::Controller(token, request) => {
                    self.out.begin(self.now);
                    let from = BrokerId(broker);
                    let output = self.controller.handle(self.now, from, token, &request, &mut self.out);
                    self.publish(output);
                }
                Action::Connect(..) => panic!("a broker opens no connection"),
            }
        }
    }

    pub fn publish(&mut self, output: ControllerOutput) {
        self.out.drain_events(&mut self.events);
        if let Some(image) = output.image {
            for id in self.brokers.keys().copied().collect::<Vec<_>>() {
                self.handle(id, Input::Image(image.clone()));
            }
        }
        for (id, token, reply) in output.replies {
            self.handle(id.0, Input::Controller(token, reply));
        }
    }

    /// Lets this many milliseconds pass.
    pub fn pass(&mut self, ms: u64) {
        let until = self.now.at.plus_millis(ms);
        loop {
            let broker = |(id, broker): (&i32, &Broker)| Some((broker.next_timeout()?, Some(*id)));
            let brokers = self.brokers.iter().filter_map(broker);
            let next = brokers.chain(self.controller.next_timeout().map(|at| (at, None))).min();
            let Some((at, who)) = next.filter(|(at, _)| *at <= until) else { break };
            self.now.at = self.now.at.max(at);
            self.out.begin(self.now);
            match who {
                Some(id) => self.handle(id, Input::Timer),
                None => {
                    let output = self.controller.on_timer(self.now, &mut self.out);
                    self.publish(output);
                }
            }
        }
        self.now.at = until;
    }

    pub fn crash(&mut self, broker: i32) {
        self.controller.broker_crashed(self.now, BrokerId(broker));
        self.brokers.get_mut(&broker).expect("a broker of the cluster").crash();
    }

    pub fn start(&mut self, broker: i32) {
        self.brokers.get_mut(&broker).expect("a broker of the cluster").start(EventId::NONE, &mut self.out);
        self.settle(broker);
    }

    pub fn stop(&mut self, broker: i32) {
        self.brokers.get_mut(&broker).expect("a broker of the cluster").stop(EventId::NONE, &mut self.out);
        self.settle(broker);
    }

    /// A topic whose partitions are on these brokers.
    pub fn topic(&mut self, name: &str, brokers: &[i32]) {
        let assignment = |(index, broker): (i32, &i32)| {
            CreatableReplicaAssignment::default()
                .with_partition_index(index)
                .with_broker_ids(vec![m::BrokerId(*broker)])
        };
        let topic = CreatableTopic::default()
            .with_name(TopicName(text(name)))
            .with_num_partitions(-1)
            .with_replication_factor(-1)
            .with_assignments((0..).zip(brokers).map(assignment).collect());
        let request = CreateTopicsRequest::default().with_topics(vec![topic]);
        let Some(Response::CreateTopics(answer)) = self.ask(1, 0, 7, request) else { panic!("no answer") };
        assert_eq!(answer.topics[0].error_code, 0, "{:?}", answer.topics[0].error_message);
    }

    /// Produces one batch by name; gives error code and base offset.
    pub fn produce(&mut self, broker: i32, place: (&str, i32), values: &[&str]) -> (i16, i64) {
        let answer = self.ask(broker, 1, 9, produce(place, -1, batch(values, ProducerState::NONE)));
        let Some(Response::Produce(answer)) = answer else { panic!("no answer") };
        let partition = &answer.responses[0].partition_responses[0];
        (partition.error_code, partition.base_offset)
    }

    pub fn kinds(&self) -> impl Iterator<Item = &EventKind> {
        self.events.iter().map(|event| &event.kind)
    }
}

pub(super) fn produce(place: (&str, i32), acks: i16, records: bytes::Bytes) -> ProduceRequest {
    let partition = PartitionProduceData::default().with_index(place.1).with_records(Some(records));
    let topic = TopicProduceData::default().with_name(TopicName(text(place.0))).with_partition_data(vec![partition]);
    ProduceRequest::default()
        .with_transactional_id(None)
        .with_acks(acks)
        .with_timeout_ms(30_000)
        .with_topic_data(vec![topic])
}

/// A fetch without a session, by name, of these partitions and offsets.
pub(super) fn fetch(topic: &str, from: &[(i32, i64)], min_bytes: i32, max_wait_ms: i32) -> FetchRequest {
    let partition = |(partition, offset): &(i32, i64)| {
        FetchPartition::default()
            .with_partition(*partition)
            .with_fetch_offset(*offset)
            .with_partition_max_bytes(1 << 20)
            .with_current_leader_epoch(-1)
            .with_last_fetched_epoch(-1)
    };
    let partitions = from.iter().map(partition).collect();
    let topics = if from.is_empty() {
        Vec::new()
    } else {
        vec![FetchTopic::default().with_topic(TopicName(text(topic))).with_partitions(partitions)]
    };
    FetchRequest::default()
        .with_max_wait_ms(max_wait_ms)
        .with_min_bytes(min_bytes)
        .with_max_bytes(1 << 20)
        .with_session_epoch(-1)
        .with_topics(topics)
}
