//! The producer against a small broker of this file: hops of 500 µs, logs that are only counted.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::produce_response::{PartitionProduceResponse, TopicProduceResponse};
use kafka_protocol::messages::{
    ApiVersionsResponse, InitProducerIdResponse, MetadataResponse, ProduceResponse, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use super::*;
use crate::call::{Datum, Notice, Outcome, ProducerCall, ProducerRecord};
use crate::config::ConfigValue;
use crate::error::Code;
use crate::event::{Event, EventKind};
use crate::ids::{CallId, ConnectionId, Names};
use crate::node::Action;
use crate::wire::{Api, Body, Frame, Request, Response};

const HOP_US: u64 = 500;
const START_MS: i64 = 1_767_225_600_000;

pub(super) struct World {
    pub producer: Producer,
    out: Outbox,
    now: Now,
    /// What arrives, and when.
    arriving: VecDeque<(Instant, Input)>,
    connections: BTreeMap<ConnectionId, BrokerId>,
    pub partitions: i32,
    pub topic_exists: bool,
    /// Errors for the next answers to Produce, in order.
    pub produce_errors: VecDeque<Code>,
    /// Requests come in and are not answered.
    pub is_deaf: bool,
    pub is_down: bool,
    logs: BTreeMap<i32, Vec<(i32, i16, i32)>>,
    pub requests: Vec<Request>,
    pub events: Vec<Event>,
    pub returned: Vec<(CallId, Outcome)>,
    pub notices: Vec<Notice>,
    calls: u32,
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
            connections: BTreeMap::new(),
            partitions: 2,
            topic_exists: true,
            produce_errors: VecDeque::new(),
            is_deaf: false,
            is_down: false,
            logs: BTreeMap::new(),
            requests: Vec::new(),
            events: Vec::new(),
            returned: Vec::new(),
            notices: Vec::new(),
            calls: 0,
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
        self.out.drain_events(&mut self.events);
        self.returned.extend(self.out.returned.drain(..).map(|(_, call, outcome)| (call, outcome)));
        self.notices.extend(self.out.notices.drain(..).map(|(_, notice)| notice));
        for action in std::mem::take(&mut self.out.actions) {
            let back = self.now.at + 2 * HOP_US;
            match action {
                Action::Connect(id, _) if self.is_down => self.arriving.push_back((back, Input::Disconnected(id))),
                Action::Connect(id, broker) => {
                    self.connections.insert(id, broker);
                    self.arriving.push_back((back, Input::Connected(id)));
                }
                Action::Close(id) => _ = self.connections.remove(&id),
                Action::Send(id, frame) => {
                    let response = self.serve(&frame);
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
                Action::Controller(..) => panic!("a client does not ask the controller"),
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

    fn serve(&mut self, frame: &Frame) -> Option<Response> {
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
                        self.append(data.index, &bytes)
                    });
                    TopicProduceResponse::default()
                        .with_topic_id(topic.topic_id)
                        .with_partition_responses(partitions.collect())
                });
                ProduceResponse::default().with_responses(topics.collect()).into()
            }
            other => panic!("{other:?} is nothing a producer asks"),
        })
    }

    fn metadata(&self, names: Vec<TopicName>) -> MetadataResponse {
        let broker = MetadataResponseBroker::default()
            .with_node_id(1.into())
            .with_host(StrBytes::from_static_str("b"))
            .with_port(9092);
        let topics = names.into_iter().map(|name| {
            let topic = MetadataResponseTopic::default().with_name(Some(name));
            if !self.topic_exists {
                return topic.with_error_code(Code::UnknownTopicOrPartition.code());
            }
            let partitions = (0..self.partitions).map(|partition| {
                let partition = MetadataResponsePartition::default().with_partition_index(partition);
                partition.with_leader_id(1.into()).with_leader_epoch(0)
            });
            topic.with_topic_id(Uuid::from_u128(9)).with_partitions(partitions.collect())
        });
        MetadataResponse::default().with_brokers(vec![broker]).with_topics(topics.collect())
    }

    fn append(&mut self, partition: i32, bytes: &[u8]) -> PartitionProduceResponse {
        let batch = record::BatchView::new(bytes);
        batch.ensure_valid().expect("a batch that Kafka would take");
        let answer = PartitionProduceResponse::default().with_index(partition).with_base_offset(-1);
        if let Some(error) = self.produce_errors.pop_front() {
            return answer.with_error_code(error.code());
        }
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

use crate::error::Exception;

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

#[test]
fn one_record_goes_through_its_stages() {
    let mut world = World::new(&[]);
    assert_eq!(
        world.send_and_return(None, "a"),
        Outcome::Sent(crate::ids::RecordId { client: ClientId(1), number: 0 })
    );
    world.run_until_ms(100);
    assert_eq!(world.offsets(), [0]);
    let Some(Notice::SendCompleted { result: Ok(metadata), .. }) = world.notices.first() else { panic!("no success") };
    assert_eq!((metadata.serialized_key_size, metadata.serialized_value_size), (-1, 1));
    assert_eq!(metadata.timestamp, START_MS + 3, "the call's time and the wait for metadata");
    // Following causes leads from the result back to the send.
    let index = |wanted: &dyn Fn(&EventKind) -> bool| world.events.iter().position(|event| wanted(&event.kind));
    let mut at = index(&|kind| matches!(kind, EventKind::RecordAcknowledged { .. })).expect("it was acknowledged");
    let mut seen = Vec::new();
    loop {
        seen.push(format!("{:?}", world.events[at].kind).split(' ').next().unwrap_or_default().to_owned());
        match world.events[at].cause.0 {
            0 => break,
            cause => at = cause as usize - 1,
        }
    }
    let story = [
        "RecordAcknowledged",
        "BatchAcknowledged",
        "BatchDrained",
        "BatchReady",
        "Appended",
        "Partitioned",
        "Serialized",
        "MetadataAwaited",
        "SendCalled",
        "CallStarted",
    ];
    assert_eq!(seen, story);
    let apis: Vec<Api> = world.requests.iter().map(Request::api).collect();
    let expected = [Api::ApiVersions, Api::Metadata, Api::InitProducerId, Api::ApiVersions, Api::Produce];
    assert_eq!(apis, expected);
}

#[test]
fn records_batch_up_to_linger_and_flush_sends_at_once() {
    let mut world = World::new(&[("linger.ms", "1000")]);
    for value in ["a", "b", "c"] {
        world.send_and_return(Some(0), value);
    }
    world.run_until_ms(900);
    assert!(world.offsets().is_empty());
    world.run_until_ms(1100);
    assert_eq!(world.offsets(), [0, 1, 2]);
    world.send_and_return(Some(0), "d");
    let flush = world.call(ProducerCall::Flush);
    assert_eq!(world.run_until_returned(flush), Outcome::Done);
    assert!(world.now.ms() < 1110, "{}", world.now.ms());
    assert_eq!(world.log(0), [(3, 0, 0), (1, 0, 3)]);
    let why = world.events.iter().filter_map(|event| match event.kind {
        EventKind::BatchReady { why, .. } => Some(why),
        _ => None,
    });
    let why: Vec<_> = why.into_iter().collect();
    assert_eq!(why, [crate::event::ReadyWhy::Linger, crate::event::ReadyWhy::Flush]);
}

#[test]
fn an_unknown_topic_times_out_with_kafkas_words() {
    let mut world = World::new(&[("max.block.ms", "1000")]);
    world.topic_exists = false;
    assert!(matches!(world.send_and_return(None, "a"), Outcome::Sent(_)));
    let error = world.failure();
    assert_eq!((error.class, &*error.message), ("TimeoutException", "Topic t not present in metadata after 1000 ms."));
    assert_eq!(error.cause.as_ref().map(|cause| cause.class), Some("UnknownTopicOrPartitionException"));
    let asked = world.requests.iter().filter(|request| request.api() == Api::Metadata).count();
    assert!((3..=6).contains(&asked), "{asked} requests: the wait between them grows");
}

#[test]
fn a_partition_that_does_not_exist_times_out_with_kafkas_words() {
    let mut world = World::new(&[("max.block.ms", "1000")]);
    world.send_and_return(Some(0), "a");
    assert!(matches!(world.send_and_return(Some(2), "b"), Outcome::Sent(_)));
    let message = "Partition 2 of topic t with partition count 2 is not present in metadata after 1000 ms.";
    assert_eq!(&*world.failure().message, message);
    let Outcome::Threw(error) = world.send_and_return(Some(-1), "c") else { panic!("it is refused") };
    assert_eq!(error.class, "IllegalArgumentException");
    assert_eq!(&*error.message, "Invalid partition: -1. Partition number should always be non-negative or null.");
}

#[test]
fn an_exhausted_buffer_blocks_and_then_fails() {
    let settings = [("buffer.memory", "5000"), ("batch.size", "1000"), ("max.block.ms", "1000")];
    let mut world = World::new(&settings);
    world.send_and_return(Some(0), "first");
    world.run_until_ms(50);
    world.is_deaf = true;
    let large = "x".repeat(900);
    for _ in 0..5 {
        world.send_and_return(Some(0), &large);
    }
    assert!(matches!(world.send_and_return(Some(0), &large), Outcome::Sent(_)));
    let error = world.failure();
    assert_eq!(error.class, "BufferExhaustedException");
    let message = "Failed to allocate 1000 bytes within the configured max blocking time 1000 ms. Total memory: 5000 \
                   bytes. Available memory: 0 bytes. Poolable size: 1000 bytes";
    assert_eq!(&*error.message, message);
    assert_eq!(world.producer.incomplete_records(), 5);
}

#[test]
fn memory_that_comes_back_lets_a_blocked_send_go_on() {
    let mut world = World::new(&[("buffer.memory", "2000"), ("batch.size", "1000"), ("linger.ms", "0")]);
    let large = "x".repeat(900);
    for _ in 0..20 {
        assert!(matches!(world.send_and_return(Some(0), &large), Outcome::Sent(_)));
    }
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    assert_eq!(world.offsets(), (0..20).collect::<Vec<i64>>());
    assert!(world.count(|kind| matches!(kind, EventKind::MemoryAwaited { .. })) > 5);
    assert_eq!(world.producer.accumulator().pool.available_memory(), 2000);
}

#[test]
fn a_retriable_error_is_tried_again_with_the_same_sequence() {
    let mut world = World::new(&[("linger.ms", "0")]);
    world.produce_errors.push_back(Code::NotEnoughReplicas);
    world.send_and_return(Some(0), "a");
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    assert_eq!(world.log(0), [(1, 0, 0)]);
    assert_eq!(world.count(|kind| matches!(kind, EventKind::BatchRetried { attempt: 1, .. })), 1);
    assert!(world.now.ms() >= 80, "it waited for retry.backoff.ms");
    assert_eq!(world.count(|kind| matches!(kind, EventKind::BatchDrained { attempt: 2, sequence: 0, .. })), 1);
}

#[test]
fn a_batch_too_large_is_split() {
    let mut world = World::new(&[("linger.ms", "60000")]);
    let value = "x".repeat(300);
    for _ in 0..4 {
        world.send_and_return(Some(0), &value);
    }
    // Refused until single records are left; each part keeps its sequence.
    world.produce_errors.extend([Code::MessageTooLarge, Code::MessageTooLarge]);
    let flush = world.call(ProducerCall::Flush);
    assert_eq!(world.run_until_returned(flush), Outcome::Done);
    assert_eq!(world.offsets(), [0, 1, 2, 3]);
    let sequences: Vec<i32> = world.log(0).iter().map(|(.., sequence)| *sequence).collect();
    assert!(sequences.len() >= 2 && sequences.is_sorted(), "{sequences:?}");
    assert_eq!(world.count(|kind| matches!(kind, EventKind::BatchSplit { .. })), 2);
}

#[test]
fn a_record_too_large_fails_and_the_next_begins_a_new_epoch() {
    let mut world = World::new(&[("linger.ms", "0")]);
    world.produce_errors.push_back(Code::MessageTooLarge);
    world.send_and_return(Some(0), "a");
    world.run_until_ms(50);
    assert_eq!(&*world.failure().message, Code::MessageTooLarge.message());
    world.send_and_return(Some(0), "b");
    world.run_until_ms(100);
    assert_eq!(world.log(0), [(1, 1, 0)]);
    assert_eq!(world.count(|kind| matches!(kind, EventKind::ProducerEpochBumped { epoch: 1, .. })), 1);
}

#[test]
fn a_batch_expires_while_the_broker_is_away() {
    let settings = [("linger.ms", "1000"), ("delivery.timeout.ms", "2500"), ("request.timeout.ms", "1000")];
    let mut world = World::new(&settings);
    world.send_and_return(Some(0), "first");
    world.run_until_ms(1500);
    for value in ["a", "b", "c"] {
        world.send_and_return(Some(0), value);
    }
    world.crash();
    world.run_until_ms(4100);
    assert_eq!(world.offsets(), [0, -1, -1, -1]);
    let message = "Expiring 3 record(s) for t-0:2500 ms has passed since batch creation. The request has not been \
                   sent, or no server response has been received yet.";
    assert_eq!(&*world.failure().message, message);
    world.is_down = false;
    world.send_and_return(Some(0), "after");
    world.run_until_ms(8000);
    assert_eq!(world.offsets(), [0, -1, -1, -1, 1]);
    assert_eq!(world.log(0).last(), Some(&(1, 0, 1)), "what never left used up no sequence");
}

#[test]
fn a_lost_answer_is_asked_for_again() {
    let mut world = World::new(&[("linger.ms", "100"), ("request.timeout.ms", "1500")]);
    world.send_and_return(Some(0), "first");
    world.run_until_ms(200);
    world.is_deaf = true;
    world.send_and_return(Some(0), "again");
    world.run_until_ms(2500);
    world.is_deaf = false;
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    assert_eq!(world.count(|kind| matches!(kind, EventKind::RequestTimedOut { api: Api::Produce, .. })), 1);
    let again: Vec<_> = world.log(0).into_iter().filter(|(.., sequence)| *sequence == 1).collect();
    assert_eq!(again, [(1, 0, 1), (1, 0, 1)], "the same sequence twice: a broker would write it once");
}

#[test]
fn acks_0_is_done_when_written() {
    let mut world = World::new(&[("acks", "0"), ("linger.ms", "0")]);
    world.send_and_return(Some(0), "a");
    world.run_until_ms(20);
    assert_eq!(world.offsets(), [-1]);
    assert!(matches!(world.notices[0], Notice::SendCompleted { result: Ok(_), .. }));
    assert!(world.producer.transaction_manager().is_none());
}

#[test]
fn close_sends_what_is_buffered_and_then_refuses() {
    let mut world = World::new(&[("linger.ms", "60000")]);
    world.send_and_return(Some(0), "a");
    let close = world.call(ProducerCall::Close { timeout_ms: None });
    assert_eq!(world.run_until_returned(close), Outcome::Done);
    assert_eq!(world.offsets(), [0]);
    assert!(world.producer.is_closed());
    assert_eq!(world.producer.next_timeout(), None);
    let Outcome::Threw(error) = world.send_and_return(Some(0), "b") else { panic!("it is refused") };
    assert_eq!(error.class, "IllegalStateException");
    let again = world.call(ProducerCall::Close { timeout_ms: None });
    assert_eq!(world.run_until_returned(again), Outcome::Done);
}

#[test]
fn close_by_force_fails_what_is_left() {
    let mut world = World::new(&[("linger.ms", "60000")]);
    world.send_and_return(Some(0), "a");
    world.run_until_ms(20);
    let close = world.call(ProducerCall::Close { timeout_ms: Some(0) });
    world.run_until_returned(close);
    assert_eq!(&*world.failure().message, "Producer is closed forcefully.");
    let mut world = World::new(&[("linger.ms", "0")]);
    world.send_and_return(Some(0), "a");
    world.run_until_ms(20);
    world.is_deaf = true;
    world.send_and_return(Some(0), "b");
    let close = world.call(ProducerCall::Close { timeout_ms: Some(300) });
    world.run_until_returned(close);
    assert!((300..=325).contains(&world.now.ms()), "{}", world.now.ms());
    assert_eq!(world.offsets(), [0, -1]);
}

#[test]
fn an_idle_producer_is_still() {
    let mut world = World::new(&[]);
    world.send_and_return(None, "a");
    world.run_until_ms(1000);
    let before = world.events.len();
    world.run_until_ms(200_000);
    assert_eq!(world.events.len(), before);
}

#[test]
fn a_wrong_value_is_thrown() {
    let mut world = World::new(&[("value.serializer", "org.apache.kafka.common.serialization.IntegerSerializer")]);
    let Outcome::Threw(error) = world.send_and_return(Some(0), "x") else { panic!("it is refused") };
    assert_eq!(error.class, "SerializationException");
}
