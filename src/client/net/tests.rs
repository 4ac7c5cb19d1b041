use std::sync::Arc;

use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{ApiVersionsResponse, InitProducerIdRequest, MetadataResponse, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::*;
use crate::ids::Names;
use crate::node::{Action, Input};
use crate::sorted::SortedSet;

struct World {
    net: NetworkClient,
    out: Outbox,
    at: Instant,
    completions: Vec<Completion>,
}

impl World {
    fn new() -> World {
        let backoff = ExponentialBackoff::of_client(100, 1000);
        let interest = Interest::Producer {
            topics: crate::java::JavaHashMap::new(),
            new_topics: SortedSet::default(),
            idle_ms: 300_000,
            errors: SortedMap::default(),
        };
        let metadata = Metadata::new(interest, backoff, 300_000, 2, Rng::new(1));
        let config = NetConfig {
            client_id: "p".into(),
            request_timeout_ms: 30_000,
            max_in_flight: 5,
            reconnect_backoff_ms: 50,
            reconnect_backoff_max_ms: 1000,
            setup_timeout_ms: 10_000,
            setup_timeout_max_ms: 30_000,
            max_idle_ms: 540_000,
            rebootstrap: true,
            rebootstrap_trigger_ms: 300_000,
        };
        let net = NetworkClient::new(ClientId(1), config, &[BrokerId(1), BrokerId(2)], metadata, Rng::new(2));
        let out = Outbox::new(Names::default(), Rng::new(3));
        World { net, out, at: Instant::ZERO, completions: Vec::new() }
    }

    /// One pass of the owner's thread at this millisecond.
    fn pass(&mut self, ms: u64) -> Vec<Action> {
        self.at = Instant::from_millis(ms);
        let now = Now { at: self.at, start_ms: 0 };
        self.out.begin(now);
        self.net.read(now, &mut self.out, &mut self.completions);
        self.net.maybe_update(now, EventId::NONE, &mut self.out).expect("short names");
        std::mem::take(&mut self.out.actions)
    }

    fn arrive(&mut self, input: Input) {
        self.net.arrive(input, &self.out);
    }

    fn answer(&mut self, to: &Action, body: crate::wire::Response) {
        let Action::Send(id, frame) = to else { panic!("{to:?} is no request") };
        let frame = Frame {
            version: frame.version,
            correlation_id: frame.correlation_id,
            client_id: "".into(),
            body: Body::Response(body),
            cause: EventId::NONE,
        };
        self.arrive(Input::Frame(*id, Arc::new(frame)));
    }

    /// Connects to whom the client chose, and answers `ApiVersions`. Returns the broker and what was sent then.
    fn connect(&mut self, ms: u64) -> (BrokerId, Vec<Action>) {
        let actions = self.pass(ms);
        let [Action::Connect(id, Process::Broker(broker))] = actions[..] else {
            panic!("{actions:?} connects to nobody")
        };
        self.arrive(Input::Connected(id));
        let actions = self.pass(ms + 1);
        assert_eq!(actions.len(), 1, "ApiVersions goes first");
        self.answer(&actions[0], ApiVersionsResponse::default().into());
        (broker, self.pass(ms + 2))
    }

    fn metadata(&self) -> MetadataResponse {
        let name = |text: &'static str| Some(TopicName(StrBytes::from_static_str(text)));
        let broker = |id: i32| {
            MetadataResponseBroker::default()
                .with_node_id(id.into())
                .with_host(StrBytes::from_static_str("b"))
                .with_port(9)
        };
        let partition = MetadataResponsePartition::default().with_leader_id(2.into()).with_leader_epoch(4);
        MetadataResponse::default()
            .with_brokers(vec![broker(1), broker(2)])
            .with_topics(vec![MetadataResponseTopic::default().with_name(name("t")).with_partitions(vec![partition])])
    }
}

#[test]
fn bootstraps_and_learns_the_leader() {
    let mut world = World::new();
    let topic: Arc<str> = "t".into();
    world.net.metadata.add_topic(&topic, 0, EventId::NONE);
    let (_, actions) = world.connect(1);
    let Action::Send(_, frame) = &actions[0] else { panic!("{actions:?} asks for nothing") };
    assert_eq!((frame.api(), frame.version, frame.correlation_id), (Api::Metadata, 13, 1));
    world.answer(&actions[0], world.metadata().into());
    assert!(world.pass(5).is_empty());
    assert_eq!(world.net.metadata.cluster().leader("t", 0), Some(BrokerId(2)));
    assert_eq!(world.net.metadata.current_leader(&TopicPartitionOf("t").at(0)), (Some(BrokerId(2)), Some(4)));
    assert_eq!(world.net.metadata.time_to_next_update(5), 300_000);
}

#[test]
fn goes_to_the_other_bootstrap_server_while_one_is_down() {
    let mut world = World::new();
    let actions = world.pass(1);
    let [Action::Connect(id, Process::Broker(first))] = actions[..] else { panic!("{actions:?} connects to nobody") };
    world.arrive(Input::Disconnected(id));
    // The failed update backs off first.
    assert!(world.pass(2).is_empty());
    let at = world.net.next_timeout().expect("it tries again").millis();
    assert!((80..=122).contains(&at), "{at}");
    let (second, actions) = world.connect(at);
    assert_ne!(first, second);
    assert_eq!(actions.len(), 1, "and asks for metadata");
}

#[test]
fn an_unanswered_request_closes_its_connection() {
    let mut world = World::new();
    let (_, actions) = world.connect(1);
    world.answer(&actions[0], world.metadata().into());
    world.pass(5);
    let node = NodeId::Broker(BrokerId(2));
    let now = Now { at: Instant::from_millis(6), start_ms: 0 };
    assert!(!world.net.ready(node, now, EventId::NONE, &mut world.out));
    let Action::Connect(id, Process::Broker(broker)) = world.out.actions.remove(0) else {
        panic!("no connection is opened")
    };
    assert_eq!(broker, BrokerId(2));
    world.arrive(Input::Connected(id));
    let actions = world.pass(7);
    world.answer(&actions[0], ApiVersionsResponse::default().into());
    world.pass(8);
    assert!(world.net.is_ready(node, now));
    let request = InitProducerIdRequest::default().into();
    world.net.send(node, request, 9, EventId::NONE, Now { at: Instant::from_millis(8), start_ms: 0 }, &mut world.out);
    assert!(!world.net.is_ready(node, now), "a request that is not written yet holds the next one back");
    world.out.actions.clear();
    world.pass(30_008);
    assert!(world.completions.is_empty(), "exactly the timeout is not over it");
    let actions = world.pass(30_009);
    assert!(matches!(actions[0], Action::Close(closed) if closed == id), "{actions:?}");
    assert_eq!(world.completions.len(), 1);
    assert!(matches!(world.completions[0].answer, Answer::Disconnected { timed_out: true }));
    assert!(world.net.connection_failed(node));
    assert!(world.net.metadata.update_requested());
}

struct TopicPartitionOf(&'static str);

impl TopicPartitionOf {
    fn at(&self, partition: i32) -> crate::ids::TopicPartition {
        crate::ids::TopicPartition::new(&self.0.into(), partition)
    }
}
