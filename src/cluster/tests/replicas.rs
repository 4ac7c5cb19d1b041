//! Brokers that replicate: joined by a network of one millisecond a hop, with a controller whose picture a test makes by hand.

use std::sync::Arc;

use kafka_protocol::messages::alter_partition_response::{PartitionData, TopicData};
use kafka_protocol::messages::{
    self as m, AlterPartitionRequest, AlterPartitionResponse, BrokerHeartbeatResponse, BrokerRegistrationResponse,
};
use uuid::Uuid;

use super::world::connection;
use crate::broker::{Broker, Partition};
use crate::config::BrokerConfig;
use crate::error::Code;
use crate::event::{Event, EventKind};
use crate::ids::{BrokerId, ConnectionId, EventId, Names, PartitionNo, Process, TopicNo};
use crate::image::{BrokerRegistration, MetadataImage, PartitionRegistration, TopicImage};
use crate::node::{Action, Input, Outbox};
use crate::rng::Rng;
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};
use crate::wire::{Body, Frame, Request, Response};

/// The only partition of the only topic.
pub(super) const PARTITION: PartitionNo = PartitionNo { topic: TopicNo(1), partition: 0 };

/// Whose number no broker has.
const CONTROLLER: i32 = 0;

const TOPIC_ID: Uuid = Uuid::from_u128(7);

pub(super) struct Replicas {
    pub now: Now,
    pub brokers: SortedMap<i32, Broker>,
    pub image: MetadataImage,
    pub events: Vec<Event>,
    /// What the controller answers to every change of an ISR; none: it agrees.
    pub refuses: Option<Code>,
    /// The controller is silent.
    pub is_silent: bool,
    pub asked: Vec<AlterPartitionRequest>,
    /// Brokers that take nothing in.
    pub frozen: Vec<i32>,
    out: Outbox,
    /// Who took a connection, while it is open.
    links: SortedMap<ConnectionId, i32>,
    under_way: SortedMap<(Instant, u64), (i32, Input)>,
    answers: Vec<(ConnectionId, Arc<Frame>)>,
    number: u64,
}

impl Replicas {
    /// Brokers 1 to 3, and a topic `orders` with one partition on these, in sync all of them; the first leads.
    pub fn new(replicas: &[i32], settings: &[(&str, &str)]) -> Replicas {
        let pairs: Vec<_> = settings.iter().map(|(name, value)| (*name, (*value).into())).collect();
        let config = Arc::new(BrokerConfig::construct(1, &pairs).expect("a broker's settings").0);
        let mut image = MetadataImage { version: 1, ..MetadataImage::default() };
        for id in 1..=3 {
            let host = Arc::from(format!("broker-{id}"));
            let epoch = i64::from(id) + 10;
            let broker = BrokerRegistration {
                id: BrokerId(id),
                host,
                port: 9092,
                fenced: false,
                epoch,
                in_controlled_shutdown: false,
            };
            image.brokers.insert(BrokerId(id), broker);
        }
        let first = Arc::new(image.clone());
        let mut cluster = Replicas {
            now: Now { at: Instant::ZERO, start_ms: 1_767_225_600_000 },
            brokers: (1..=3).map(|id| (id, Broker::new(BrokerId(id), &config, &first))).collect(),
            image,
            events: Vec::new(),
            refuses: None,
            is_silent: false,
            asked: Vec::new(),
            frozen: Vec::new(),
            out: Outbox::new(Names::default(), Rng::new(7)),
            links: SortedMap::new(),
            under_way: SortedMap::new(),
            answers: Vec::new(),
            number: 0,
        };
        let brokers: Vec<BrokerId> = replicas.iter().map(|id| BrokerId(*id)).collect();
        let partition = PartitionRegistration {
            replicas: brokers.clone(),
            isr: brokers.clone(),
            leader: Some(brokers[0]),
            leader_epoch: 0,
            ..PartitionRegistration::default()
        };
        let name: Arc<str> = Arc::from("orders");
        let topic = TopicImage {
            name: name.clone(),
            no: PARTITION.topic,
            id: TOPIC_ID,
            internal: false,
            configs: SortedMap::new(),
            partitions: vec![partition],
        };
        cluster.image.topic_names.insert(TOPIC_ID, name.clone());
        cluster.image.topics.insert(name, Arc::new(topic));
        cluster.publish();
        cluster
    }

    /// All brokers that run have the newest picture.
    pub fn publish(&mut self) {
        self.image.version += 1;
        let image = Arc::new(self.image.clone());
        for id in [1, 2, 3] {
            self.handle(id, Input::Image(image.clone()));
        }
    }

    /// Changes what the controller knows of the partition.
    pub fn change(&mut self, change: impl FnOnce(&mut PartitionRegistration)) {
        let topic = Arc::make_mut(self.image.topics.values_mut().next().expect("one topic"));
        topic.partitions[0].partition_epoch += 1;
        change(&mut topic.partitions[0]);
        self.publish();
    }

    pub fn configure(&mut self, name: &str, value: &str) {
        let topic = Arc::make_mut(self.image.topics.values_mut().next().expect("one topic"));
        topic.configs.insert(Arc::from(name), Arc::from(value));
        self.publish();
    }

    /// The broker is fenced, and out of the ISR.
    pub fn fence(&mut self, broker: i32) {
        self.image.brokers.get_mut(&BrokerId(broker)).expect("a broker").fenced = true;
        self.change(|partition| partition.isr.retain(|id| id.0 != broker));
    }

    /// A new leader, in the next epoch.
    pub fn elect(&mut self, leader: Option<i32>, isr: &[i32]) {
        self.change(|partition| {
            partition.leader = leader.map(BrokerId);
            partition.leader_epoch += 1;
            partition.isr = isr.iter().map(|id| BrokerId(*id)).collect();
        });
    }

    pub fn replica(&self, broker: i32) -> &Partition {
        &self.brokers[&broker].partitions()[&PARTITION]
    }

    /// High watermark and log end of a broker's replica.
    pub fn marks(&self, broker: i32) -> (i64, i64) {
        (self.replica(broker).high_watermark(), self.replica(broker).log_end_offset())
    }

    pub fn isr(&self) -> Vec<i32> {
        self.image.topics.values().next().expect("one topic").partitions[0].isr.iter().map(|id| id.0).collect()
    }

    pub fn crash(&mut self, broker: i32) {
        let now = self.now;
        self.brokers.get_mut(&broker).expect("a broker").crash(now);
        let is_its = |(id, acceptor): &(&ConnectionId, &i32)| {
            **acceptor == broker || id.opener == Process::Broker(BrokerId(broker))
        };
        let gone: Vec<(ConnectionId, i32)> = self.links.iter().filter(is_its).map(|(id, it)| (*id, *it)).collect();
        for (id, acceptor) in gone {
            self.close(id, acceptor, broker);
        }
        self.under_way.retain(|_, (to, _)| *to != broker);
    }

    /// The broker runs again, with a new broker epoch.
    pub fn start(&mut self, broker: i32) {
        let now = self.now;
        self.brokers.get_mut(&broker).expect("a broker").start(now, EventId::NONE);
        self.pass(20);
        self.publish();
    }

    fn close(&mut self, id: ConnectionId, acceptor: i32, from: i32) {
        self.links.remove(&id);
        let opener = id.opener.broker().map_or(0, |id| id.0);
        let other = if from == acceptor { opener } else { acceptor };
        self.post(1, other, Input::Disconnected(id));
    }

    fn post(&mut self, ms: u64, to: i32, input: Input) {
        self.number += 1;
        self.under_way.insert((self.now.at.plus_millis(ms), self.number), (to, input));
    }

    fn handle(&mut self, id: i32, input: Input) {
        if self.frozen.contains(&id) {
            return;
        }
        self.out.begin(self.now);
        let Some(broker) = self.brokers.get_mut(&id) else { return };
        broker.handle(self.now, input, &mut self.out);
        self.out.drain_events(&mut self.events);
        for action in std::mem::take(&mut self.out.actions) {
            self.act(id, action);
        }
    }

    fn act(&mut self, from: i32, action: Action) {
        match action {
            Action::Send(id, frame) => match self.links.get(&id).copied() {
                Some(CONTROLLER) => self.ask_controller(from, id, &frame),
                None => self.answers.push((id, frame)),
                Some(acceptor) => {
                    frame.encode().expect("a message fits its version");
                    let to = if from == acceptor { id.opener.broker().expect("a broker").0 } else { acceptor };
                    self.post(1, to, Input::Frame(id, frame));
                }
            },
            Action::Close(id) => {
                if let Some(acceptor) = self.links.get(&id).copied() {
                    self.close(id, acceptor, from);
                }
            }
            Action::Image(..) => panic!("a broker has no picture to give"),
            Action::Connect(id, Process::Controller) => {
                self.links.insert(id, CONTROLLER);
                self.post(2, from, Input::Connected(id));
            }
            Action::Connect(id, acceptor) => {
                let acceptor = acceptor.broker().expect("brokers connect to brokers").0;
                if self.brokers[&acceptor].accepts_connections() {
                    self.links.insert(id, acceptor);
                    self.post(1, acceptor, Input::Connected(id));
                    self.post(2, from, Input::Connected(id));
                } else {
                    self.post(2, from, Input::Disconnected(id));
                }
            }
        }
    }

    /// The controller reads a request; who asks first connects.
    fn ask_controller(&mut self, from: i32, id: ConnectionId, frame: &Frame) {
        let answer: Response = match frame.request() {
            Some(Request::AlterPartition(request)) => {
                self.asked.push(request.clone());
                if self.is_silent {
                    return;
                }
                self.alter(request).into()
            }
            Some(Request::BrokerRegistration(_)) => {
                self.image.brokers.get_mut(&BrokerId(from)).expect("a broker").epoch += 100;
                let epoch = self.image.brokers[&BrokerId(from)].epoch;
                BrokerRegistrationResponse::default().with_broker_epoch(epoch).into()
            }
            Some(Request::BrokerHeartbeat(_)) => BrokerHeartbeatResponse::default().with_is_fenced(false).into(),
            other => panic!("the controller is asked {other:?}"),
        };
        let answer = Frame { client_id: Arc::from(""), body: Body::Response(answer), ..frame.clone() };
        self.post(2, from, Input::Frame(id, Arc::new(answer)));
    }

    /// What `ReplicationControlManager.alterPartition` does, as far as a leader notices.
    fn alter(&mut self, request: &AlterPartitionRequest) -> AlterPartitionResponse {
        let asked = &request.topics[0].partitions[0];
        let mut answer = PartitionData::default().with_partition_index(asked.partition_index);
        if let Some(code) = self.refuses {
            answer.error_code = code.code();
        } else {
            let isr: Vec<BrokerId> = asked.new_isr_with_epochs.iter().map(|it| BrokerId(it.broker_id.0)).collect();
            let topic = Arc::make_mut(self.image.topics.values_mut().next().expect("one topic"));
            topic.partitions[0].isr.clone_from(&isr);
            topic.partitions[0].partition_epoch += 1;
            answer = answer
                .with_leader_id(m::BrokerId(request.broker_id.0))
                .with_leader_epoch(asked.leader_epoch)
                .with_isr(isr.iter().map(|id| m::BrokerId(id.0)).collect())
                .with_partition_epoch(topic.partitions[0].partition_epoch);
        }
        let topic = TopicData::default().with_topic_id(TOPIC_ID).with_partitions(vec![answer]);
        AlterPartitionResponse::default().with_topics(vec![topic])
    }

    /// Lets this many milliseconds pass.
    pub fn pass(&mut self, ms: u64) {
        let until = self.now.at.plus_millis(ms);
        loop {
            let awake = self.brokers.iter().filter(|(id, _)| !self.frozen.contains(id));
            let timer = awake.filter_map(|(id, broker)| Some((broker.next_timeout()?, *id))).min();
            let parcel = self.under_way.first_key_value().map(|((at, _), _)| *at);
            match (timer, parcel) {
                (Some((at, id)), parcel) if at <= until && parcel.is_none_or(|parcel| at < parcel) => {
                    self.now.at = self.now.at.max(at);
                    self.handle(id, Input::Timer);
                }
                (_, Some(at)) if at <= until => {
                    self.now.at = self.now.at.max(at);
                    let (_, (to, input)) = self.under_way.pop_first().expect("it is there");
                    self.handle(to, input);
                }
                _ => break,
            }
        }
        self.now.at = until;
    }

    /// Sends a client's request; gives its number.
    pub fn send(&mut self, broker: i32, client: u16, version: i16, request: impl Into<Request>) -> i32 {
        self.number += 1;
        let correlation_id = i32::try_from(self.number).expect("few requests");
        let frame = Frame {
            version,
            correlation_id,
            client_id: Arc::from(format!("c{client}")),
            body: Body::Request(request.into()),
            cause: EventId::NONE,
        };
        self.handle(broker, Input::Frame(connection(client, broker), Arc::new(frame)));
        correlation_id
    }

    /// Takes the answer to a request, if it has come.
    pub fn answer(&mut self, correlation_id: i32) -> Option<Response> {
        let is_it =
            |(id, frame): &(ConnectionId, Arc<Frame>)| id.client().is_some() && frame.correlation_id == correlation_id;
        let at = self.answers.iter().position(is_it)?;
        let (_, frame) = self.answers.remove(at);
        frame.encode().expect("an answer fits its version");
        frame.response().cloned()
    }

    pub fn kinds(&self) -> impl Iterator<Item = &EventKind> {
        self.events.iter().map(|event| &event.kind)
    }
}
