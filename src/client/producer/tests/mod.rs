//! The producer against a small broker of this file: hops of 500 µs, logs that are only counted.

use std::collections::VecDeque;

use bytes::Bytes;
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::produce_response::{
    LeaderIdAndEpoch, NodeEndpoint, PartitionProduceResponse, TopicProduceResponse,
};
use kafka_protocol::messages::{
    ApiVersionsResponse, InitProducerIdResponse, MetadataResponse, ProduceResponse, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use super::*;
use crate::call::{Datum, Notice, Outcome, ProducerCall, ProducerRecord};
use crate::config::ConfigValue;
use crate::error::{Code, Exception};
use crate::event::{Event, EventKind};
use crate::ids::{CallId, ConnectionId, Names};
use crate::node::Action;
use crate::sorted::SortedMap;
use crate::wire::{Body, Frame, Request, Response};

const HOP_US: u64 = 500;
const START_MS: i64 = 1_767_225_600_000;

mod stories;

struct World {
    pub producer: Producer,
    out: Outbox,
    now: Now,
    /// What arrives, and when.
    arriving: VecDeque<(Instant, Input)>,
    connections: SortedMap<ConnectionId, BrokerId>,
    pub partitions: i32,
    /// Who leads all partitions, and in which epoch.
    pub leader: (i32, i32),
    /// What Metadata says of it, when that is old.
    pub stale_leader: Option<(i32, i32)>,
    pub topic_exists: bool,
    /// Errors for the next answers to Produce, in order.
    pub produce_errors: VecDeque<Code>,
    /// Requests come in and are not answered.
    pub is_deaf: bool,
    pub is_down: bool,
    logs: SortedMap<i32, Vec<(i32, i16, i32)>>,
    /// The batches that were written.
    pub bytes: Vec<Bytes>,
    pub requests: Vec<Request>,
    pub events: Vec<Event>,
    pub returned: Vec<(CallId, Outcome)>,
    pub notices: Vec<Notice>,
    calls: u32,
    /// Off: events and notices are only counted.
    pub keep_events: bool,
    pub completed: u64,
    pub moves: u64,
}

impl World {
    pub fn new(settings: &[(&str, &str)]) -> World {
        let mut pairs = vec![
            ("bootstrap.servers", ConfigValue::from("localhost:9092")),
            ("key.serializer", "org.apache.kafka.common.serialization.StringSerializer".into()),
            ("value.serializer", "org.apache.kafka.common.serialization.StringSerializer".into()),
        ];
        pairs.extend(settings.iter().map(|(name, value)| (*name, ConfigValue::from(*value))));
        let (config, _) = ProducerConfig::construct(&pairs).expect("the settings are valid");
        let now = Now { at: Instant::ZERO, start_ms: START_MS };
        World {
            producer: Producer::new(ClientId(1), config, vec![BrokerId(1)], now, Rng::new(7)),
            out: Outbox::new(Names::default(), Rng::new(8)),
            now,
            arriving: VecDeque::new(),
            connections: SortedMap::new(),
            partitions: 2,
            leader: (1, 0),
            stale_leader: None,
            topic_exists: true,
            produce_errors: VecDeque::new(),
            is_deaf: false,
            is_down: false,
            logs: SortedMap::new(),
            bytes: Vec::new(),
            requests: Vec::new(),
            events: Vec::new(),
            returned: Vec::new(),
            notices: Vec::new(),
            calls: 0,
            keep_events: true,
            completed: 0,
            moves: 0,
        }
    }

    pub fn call(&mut self, what: ProducerCall) -> CallId {
        self.calls += 1;
        let call = CallId(self.calls);
        self.out.begin(self.now);
        self.producer.call(self.now, call, what, &mut self.out);
        self.collect();
        call
    }

    pub fn send(&mut self, partition: Option<i32>, value: &str) -> CallId {
        self.call(ProducerCall::Send(Arc::new(record(partition, value))))
    }

    /// Sends and goes on until the call has come back.
    pub fn send_and_return(&mut self, partition: Option<i32>, value: &str) -> Outcome {
        let call = self.send(partition, value);
        self.run_until_returned(call)
    }

    pub fn run_until_returned(&mut self, call: CallId) -> Outcome {
        for _ in 0..100_000 {
            if let Some(at) = self.returned.iter().position(|(returned, _)| *returned == call) {
                return self.returned.remove(at).1;
            }
            assert!(self.step(), "the call never comes back");
        }
        panic!("the call does not come back");
    }

    pub fn run_until_ms(&mut self, ms: u64) {
        for _ in 0..1_000_000 {
            let next = self.next_at().filter(|at| *at <= Instant::from_millis(ms));
            if next.is_none() {
                self.now.at = Instant::from_millis(ms);
                return;
            }
            self.step();
        }
        panic!("too much happens until {ms} ms");
    }

    fn next_at(&self) -> Option<Instant> {
        earliest(self.arriving.front().map(|(at, _)| *at), self.producer.next_timeout())
    }

    fn step(&mut self) -> bool {
        let Some(at) = self.next_at() else { return false };
        self.now.at = at.max(self.now.at);
        self.out.begin(self.now);
        match self.arriving.front() {
            Some((arrives, _)) if *arrives <= at => {
                let (_, input) = self.arriving.pop_front().expect("it was just seen");
                self.producer.handle(self.now, input, &mut self.out);
            }
            _ => self.producer.handle(self.now, Input::Timer, &mut self.out),
        }
        self.collect();
        true
    }

    fn collect(&mut self) {
        self.moves += 1;
        self.out.drain_events(&mut self.events);
        self.returned.extend(self.out.returned.drain(..).map(|(_, call, outcome)| (call, outcome)));
        self.completed += self.out.notices.len() as u64;
        self.notices.extend(self.out.notices.drain(..).map(|(_, notice)| notice));
        if !self.keep_events {
            self.events.clear();
            self.notices.clear();
        }
        for action in std::mem::take(&mut self.out.actions) {
            let back = self.now.at + 2 * HOP_US;
            match action {
                Action::Connect(id, _) if self.is_down => self.arriving.push_back((back, Input::Disconnected(id))),
                Action::Connect(id, acceptor) => {
                    self.connections.insert(id, acceptor.broker().expect("a producer connects to brokers"));
                    self.arriving.push_back((back, Input::Connected(id)));
                }
                Action::Close(id) => _ = self.connections.remove(&id),
                Action::Send(id, frame) => {
                    let broker = self.connections.get(&id).copied();
                    let response = broker.and_then(|broker| self.serve(broker, &frame));
                    if let Some(response) = response.filter(|_| !self.is_deaf && frame.expects_response()) {
                        let frame = Frame {
                            version: frame.version,
                            correlation_id: frame.correlation_id,
                            client_id: "".into(),
                            body: Body::Response(response),
                            cause: frame.cause,
                        };
                        frame.encode().expect("a response that can be written");
                        self.arriving.push_back((back, Input::Frame(id, Arc::new(frame))));
                    }
                }
                Action::Image(..) => panic!("a client has no picture to give"),
            }
        }
    }

    /// The broker's connections are reset.
    pub fn crash(&mut self) {
        self.is_down = true;
        let at = self.now.at + HOP_US;
        self.arriving.clear();
        for id in std::mem::take(&mut self.connections).into_keys() {
            self.arriving.push_back((at, Input::Disconnected(id)));
        }
    }

    fn serve(&mut self, broker: BrokerId, frame: &Frame) -> Option<Response> {
        frame.encode().expect("a request that can be written");
        let request = frame.request().expect("clients send requests");
        self.requests.push(request.clone());
        Some(match request {
            Request::ApiVersions(_) => ApiVersionsResponse::default().into(),
            Request::Metadata(asked) => {
                let names = asked.topics.iter().flatten().filter_map(|topic| topic.name.clone());
                self.metadata(names.collect()).into()
            }
            Request::InitProducerId(_) => {
                InitProducerIdResponse::default().with_producer_id(4.into()).with_producer_epoch(0).into()
            }
            Request::Produce(produce) => {
                let topics = produce.topic_data.iter().map(|topic| {
                    let partitions = topic.partition_data.iter().map(|data| {
                        let bytes = data.records.clone().unwrap_or_default();
                        self.append(broker, data.index, &bytes)
                    });
                    TopicProduceResponse::default()
                        .with_topic_id(topic.topic_id)
                        .with_partition_responses(partitions.collect())
                });
                let topics = topics.collect();
                let leader = NodeEndpoint::default().with_node_id(self.leader.0.into()).with_port(9092);
                ProduceResponse::default().with_responses(topics).with_node_endpoints(vec![leader]).into()
            }
            other => panic!("{other:?} is nothing a producer asks"),
        })
    }

    fn metadata(&self, names: Vec<TopicName>) -> MetadataResponse {
        let (leader, epoch) = self.stale_leader.unwrap_or(self.leader);
        let broker = |id: i32| {
            MetadataResponseBroker::default()
                .with_node_id(id.into())
                .with_host(StrBytes::from_static_str("b"))
                .with_port(9092)
        };
        let topics = names.into_iter().map(|name| {
            let topic = MetadataResponseTopic::default().with_name(Some(name));
            if !self.topic_exists {
                return topic.with_error_code(Code::UnknownTopicOrPartition.code());
            }
            let partitions = (0..self.partitions).map(|partition| {
                let partition = MetadataResponsePartition::default().with_partition_index(partition);
                partition.with_leader_id(leader.into()).with_leader_epoch(epoch)
            });
            topic.with_topic_id(Uuid::from_u128(9)).with_partitions(partitions.collect())
        });
        MetadataResponse::default().with_brokers(vec![broker(1), broker(2)]).with_topics(topics.collect())
    }

    fn append(&mut self, broker: BrokerId, partition: i32, bytes: &[u8]) -> PartitionProduceResponse {
        let batch = record::BatchView::new(bytes);
        batch.ensure_valid().expect("a batch that Kafka would take");
        let answer = PartitionProduceResponse::default().with_index(partition).with_base_offset(-1);
        if let Some(error) = self.produce_errors.pop_front() {
            return answer.with_error_code(error.code());
        }
        if broker.0 != self.leader.0 {
            let (leader, epoch) = self.leader;
            let hint = LeaderIdAndEpoch::default().with_leader_id(leader.into()).with_leader_epoch(epoch);
            return answer.with_error_code(Code::NotLeaderOrFollower.code()).with_current_leader(hint);
        }
        self.bytes.push(Bytes::copy_from_slice(bytes));
        let log = self.logs.entry(partition).or_default();
        let base_offset: i32 = log.iter().map(|(count, ..)| count).sum();
        log.push((batch.records_count(), batch.producer_epoch(), batch.base_sequence()));
        answer.with_base_offset(i64::from(base_offset)).with_log_append_time_ms(-1)
    }

    /// Records, epoch and base sequence of each batch.
    pub fn log(&self, partition: i32) -> Vec<(i32, i16, i32)> {
        self.logs.get(&partition).cloned().unwrap_or_default()
    }

    /// Offsets (-1 for failures) of the records whose callbacks ran, in order.
    pub fn offsets(&self) -> Vec<i64> {
        let result = |notice: &Notice| match notice {
            Notice::SendCompleted { result: Ok(metadata), .. } => Some(metadata.offset),
            Notice::SendCompleted { result: Err(_), .. } => Some(-1),
            _ => None,
        };
        self.notices.iter().filter_map(result).collect()
    }

    pub fn failure(&self) -> &Exception {
        let failed = self.notices.iter().find_map(|notice| match notice {
            Notice::SendCompleted { result: Err((error, _)), .. } => Some(error),
            _ => None,
        });
        failed.expect("a send failed")
    }

    pub fn count(&self, what: impl Fn(&EventKind) -> bool) -> usize {
        self.events.iter().filter(|event| what(&event.kind)).count()
    }
}

fn record(partition: Option<i32>, value: &str) -> ProducerRecord {
    ProducerRecord {
        topic: "t".into(),
        partition,
        timestamp: None,
        key: Datum::Null,
        value: Datum::Text(value.into()),
        headers: Vec::<(Arc<str>, Option<Bytes>)>::new().into(),
    }
}
