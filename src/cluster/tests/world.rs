//! A cluster whose messages take no time, and requests in few words.

use std::sync::Arc;

use kafka_protocol::messages::create_topics_request::{CreatableReplicaAssignment, CreatableTopic};
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{self as m, CreateTopicsRequest, FetchRequest, ProduceRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::broker::Broker;
use crate::cluster::{Cluster, Plan};
use crate::config::{BrokerConfig, ConfigValue};
use crate::event::{Event, EventKind, Family};
use crate::ids::{BrokerId, ClientId, ConnectionId, EventId, Names, Process};
use crate::network::Parcel;
use crate::node::Outbox;
use crate::record::{BatchBuilder, BatchOptions, ProducerState};
use crate::rng::Rng;
use crate::sorted::SortedMap;
use crate::time::{Clock, Instant, Now};
use crate::wire::{Body, Frame, Request, Response};

pub(super) struct World {
    pub clock: Clock,
    pub cluster: Cluster,
    out: Outbox,
    /// What happened, but for messages and connections.
    pub events: Vec<(EventId, Event)>,
    next_event: EventId,
    pub sent: Vec<(ConnectionId, Arc<Frame>)>,
    pub closed: Vec<ConnectionId>,
    /// The connections that clients have opened: the newest of a client to a broker, and how many there were.
    open: SortedMap<(u16, i32), u32>,
    correlation_id: i32,
}

/// The first connection of a client to a broker.
pub(super) fn connection(client: u16, broker: i32) -> ConnectionId {
    numbered(client, broker, 0)
}

fn numbered(client: u16, broker: i32, before: u32) -> ConnectionId {
    ConnectionId::of_client(ClientId(client), before * 10 + broker.cast_unsigned())
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
        let host = |id: i32| -> (Arc<str>, u16) { (Arc::from(BrokerId(id).host()), 9092) };
        let plan = Plan {
            config,
            addresses: (1..=count).map(host).collect(),
            combined: count == 1,
            hop_us: 0,
            cluster_id: Arc::from("cluster"),
        };
        let mut clock = Clock::new(Now { at: Instant::ZERO, start_ms: 1_767_225_600_000 });
        let cluster = Cluster::new(&plan, &mut clock);
        let out = Outbox::new(Names::default(), Rng::new(7));
        let mut world = World {
            clock,
            cluster,
            next_event: out.next_event(),
            out,
            events: Vec::new(),
            sent: Vec::new(),
            closed: Vec::new(),
            open: SortedMap::new(),
            correlation_id: 0,
        };
        world.settle();
        world
    }

    pub fn broker(&self, id: i32) -> &Broker {
        self.cluster.broker(BrokerId(id)).expect("a broker of the cluster")
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
        self.deliver(broker, client, frame);
        correlation_id
    }

    /// Sends a frame on the client's connection to the broker, which is opened if there is none.
    pub fn deliver(&mut self, broker: i32, client: u16, frame: Arc<Frame>) -> ConnectionId {
        let before = self.open.get(&(client, broker)).copied();
        let id = numbered(client, broker, before.unwrap_or(0));
        self.out.begin(self.clock.now);
        if before.is_none() || self.closed.contains(&id) || !self.is_open(id) {
            let number = before.map_or(0, |before| before + 1);
            self.open.insert((client, broker), number);
            let id = numbered(client, broker, number);
            self.out.connect(id, Process::Broker(BrokerId(broker)));
            self.carry(client);
            return self.send_on(id, client, frame);
        }
        self.send_on(id, client, frame)
    }

    fn is_open(&self, id: ConnectionId) -> bool {
        self.cluster.network().connections().any(|(open, ..)| open == id)
    }

    fn send_on(&mut self, id: ConnectionId, client: u16, frame: Arc<Frame>) -> ConnectionId {
        self.out.send(id, frame);
        self.carry(client);
        id
    }

    /// A client closes its connection to a broker.
    pub fn close(&mut self, id: ConnectionId) {
        self.out.begin(self.clock.now);
        self.out.close(id);
        self.carry(id.client().expect("a client's").0);
    }

    fn carry(&mut self, client: u16) {
        self.cluster.carry(Process::Client(ClientId(client)), &mut self.clock, &mut self.out);
        self.settle();
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
            id.client() == Some(ClientId(client)) && frame.correlation_id == correlation_id
        };
        let at = self.sent.iter().position(is_it)?;
        let (_, frame) = self.sent.remove(at);
        frame.encode().expect("an answer fits its version");
        frame.response().cloned()
    }

    /// Lets happen what happens at this instant.
    fn settle(&mut self) {
        self.run_until(self.clock.at());
    }

    /// Lets this many milliseconds pass.
    pub fn pass(&mut self, ms: u64) {
        let until = self.clock.at().plus_millis(ms);
        self.run_until(until);
        self.clock.now.at = until;
    }

    fn run_until(&mut self, until: Instant) {
        self.take_events();
        while let Some(((at, _), turn)) = self.cluster.next_turn().filter(|((at, _), _)| *at <= until) {
            self.clock.now.at = self.clock.at().max(at);
            self.out.begin(self.clock.now);
            if let Some((_, delivery)) = self.cluster.step(turn, &mut self.clock, &mut self.out) {
                match &delivery.parcel {
                    Parcel::Frame(frame) => self.sent.push((delivery.connection, frame.clone())),
                    Parcel::Disconnected { .. } => {
                        self.cluster.closed_at(&delivery);
                        self.closed.push(delivery.connection);
                    }
                    Parcel::Opening | Parcel::Connected | Parcel::Image(_) => {}
                }
            }
            self.take_events();
        }
    }

    fn take_events(&mut self) {
        let (mut events, first) = (Vec::new(), self.next_event.0);
        self.out.drain_events(&mut events);
        self.next_event = self.out.next_event();
        let told = (first..).map(EventId).zip(events);
        self.events.extend(told.filter(|(_, event)| !matches!(event.kind.family(), Family::Network(_))));
    }

    pub fn crash(&mut self, broker: i32) {
        self.cluster.crash(BrokerId(broker), &mut self.clock, &mut self.out);
        self.settle();
    }

    pub fn start(&mut self, broker: i32) {
        self.cluster.start(BrokerId(broker), &mut self.clock, &mut self.out);
        self.settle();
    }

    pub fn stop(&mut self, broker: i32) {
        self.cluster.stop(BrokerId(broker), &mut self.clock, &mut self.out);
        self.settle();
    }

    pub fn pause(&mut self, broker: i32) {
        self.cluster.pause(Process::Broker(BrokerId(broker)));
    }

    pub fn resume(&mut self, broker: i32) {
        self.cluster.resume(Process::Broker(BrokerId(broker)), &mut self.clock);
        self.settle();
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
        self.events.iter().map(|(_, event)| &event.kind)
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
