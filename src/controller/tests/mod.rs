//! A controller, asked as brokers ask it. What is expected is a real cluster's answer (Kafka 4.3.1) or its source's.

mod assigning;
mod electing;
mod in_sync;
mod partition_changes;

use std::sync::Arc;

use kafka_protocol::messages::alter_partition_request::{BrokerState, PartitionData, TopicData};
use kafka_protocol::messages::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use kafka_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use kafka_protocol::messages::{
    self as m, AlterPartitionRequest, BrokerHeartbeatRequest, BrokerRegistrationRequest, CreateTopicsRequest,
    IncrementalAlterConfigsRequest, TopicName, alter_partition_response,
};
use kafka_protocol::protocol::StrBytes;

use super::Controller;
use crate::config::BrokerConfig;
use crate::event::{Event, EventKind};
use crate::ids::{BrokerId, ConnectionId, EventId, Names, Process};
use crate::image::PartitionRegistration;
use crate::node::{Action, Input, Outbox};
use crate::rng::Rng;
use crate::time::{Instant, Now};
use crate::wire::{Body, Frame, Request, Response};

struct World {
    controller: Controller,
    out: Outbox,
    now: Now,
}

fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

fn ids(ids: &[i32]) -> Vec<BrokerId> {
    ids.iter().map(|id| BrokerId(*id)).collect()
}

fn wire(ids: &[i32]) -> Vec<m::BrokerId> {
    ids.iter().map(|id| m::BrokerId(*id)).collect()
}

impl World {
    /// Brokers 1 to `count`, which keep as many replicas as one likes.
    fn new(count: i32) -> World {
        World::with(count, &[])
    }

    fn with(count: i32, settings: &[(&str, &str)]) -> World {
        let pairs: Vec<_> = settings.iter().map(|(name, value)| (*name, (*value).into())).collect();
        let (config, _) = BrokerConfig::construct(1, &pairs).expect("a broker's settings");
        let brokers: Vec<(BrokerId, Arc<str>, i32)> =
            (1..=count).map(|id| (BrokerId(id), Arc::from(format!("broker-{id}")), 9092)).collect();
        let mut controller = Controller::new(&Arc::from("cluster"), &Arc::new(config), &brokers);
        controller.max_replication_factor = 9;
        let out = Outbox::new(Names::default(), Rng::new(7));
        World { controller, out, now: Now { at: Instant::ZERO, start_ms: 1_767_225_600_000 } }
    }

    fn ask(&mut self, broker: i32, request: impl Into<Request>) -> Response {
        let connection = ConnectionId { opener: Process::Broker(BrokerId(broker)), number: 0 };
        let frame = Frame {
            version: 0,
            correlation_id: 1,
            client_id: Arc::from("admin"),
            body: Body::Request(request.into()),
            cause: EventId::NONE,
        };
        self.handle(Input::Frame(connection, Arc::new(frame)));
        let answer = self.out.actions.drain(..).find_map(|action| match action {
            Action::Send(_, frame) => frame.response().cloned(),
            _ => None,
        });
        answer.expect("the controller answers at once")
    }

    fn handle(&mut self, input: Input) {
        self.out.begin(self.now);
        self.controller.handle(self.now, input, &mut self.out);
    }

    /// Lets time pass; brokers that are not fenced say that they live, every two seconds but for `silent`.
    fn pass(&mut self, ms: u64, silent: &[i32]) {
        for _ in 0..ms / 1000 {
            self.now.at = self.now.at.plus_millis(1000);
            let live: Vec<i32> = self.controller.active().iter().map(|broker| broker.0).collect();
            for broker in live.into_iter().filter(|broker| !silent.contains(broker)) {
                self.heartbeat(broker, false);
            }
            while self.controller.next_timeout().is_some_and(|at| at <= self.now.at) {
                self.handle(Input::Timer);
            }
        }
    }

    /// Says that it lives; gives whether it is fenced, and whether it may shut down.
    fn heartbeat(&mut self, broker: i32, want_shut_down: bool) -> (bool, bool) {
        let image = self.controller.image();
        let request = BrokerHeartbeatRequest::default()
            .with_broker_id(m::BrokerId(broker))
            .with_broker_epoch(image.brokers[&BrokerId(broker)].epoch)
            .with_current_metadata_offset(i64::try_from(image.version).expect("few changes"))
            .with_want_shut_down(want_shut_down);
        let Response::BrokerHeartbeat(answer) = self.ask(broker, request) else { panic!("another answer") };
        (answer.is_fenced, answer.should_shut_down)
    }

    /// No heartbeat comes any more, and the session expires.
    fn crash(&mut self, broker: i32) {
        self.pass(10_000, &[broker]);
    }

    /// A controlled shutdown, to its end.
    fn stop(&mut self, broker: i32) {
        while !self.heartbeat(broker, true).1 {
            self.pass(1000, &[broker]);
        }
    }

    /// A new process registers, with the broker epoch of its former life if it stopped in good order.
    fn start(&mut self, broker: i32, clean: bool) {
        let epoch = self.controller.image().brokers[&BrokerId(broker)].epoch;
        let incarnation = uuid::Uuid::from_u128(1000 + u128::from(self.controller.image().version));
        let request = BrokerRegistrationRequest::default()
            .with_broker_id(m::BrokerId(broker))
            .with_incarnation_id(incarnation)
            .with_previous_broker_epoch(if clean { epoch } else { -1 });
        let Response::BrokerRegistration(answer) = self.ask(broker, request) else { panic!("another answer") };
        assert_eq!(answer.error_code, 0);
        assert_eq!(self.heartbeat(broker, false), (false, false));
    }

    /// Topic `t`, its partitions on these brokers.
    fn topic(&mut self, assignments: &[&[i32]], configs: &[(&str, &str)]) {
        let (code, message, ..) = self.create("t", assignments, configs);
        assert_eq!((code, message), (0, None));
    }

    /// Code, message, count of partitions, replication factor.
    fn create(
        &mut self,
        name: &str,
        assignments: &[&[i32]],
        configs: &[(&str, &str)],
    ) -> (i16, Option<String>, i32, i16) {
        let assignment = |(index, brokers): (i32, &&[i32])| {
            CreatableReplicaAssignment::default().with_partition_index(index).with_broker_ids(wire(brokers))
        };
        let config = |(name, value): &(&str, &str)| {
            CreatableTopicConfig::default().with_name(text(name)).with_value(Some(text(value)))
        };
        let topic = CreatableTopic::default()
            .with_name(TopicName(text(name)))
            .with_num_partitions(-1)
            .with_replication_factor(-1)
            .with_assignments((0..).zip(assignments).map(assignment).collect())
            .with_configs(configs.iter().map(config).collect());
        self.create_topic(topic)
    }

    fn create_topic(&mut self, topic: CreatableTopic) -> (i16, Option<String>, i32, i16) {
        let request = CreateTopicsRequest::default().with_topics(vec![topic]);
        let Response::CreateTopics(answer) = self.ask(1, request) else { panic!("another answer") };
        let topic = &answer.topics[0];
        let message = topic.error_message.as_ref().map(ToString::to_string);
        (topic.error_code, message, topic.num_partitions, topic.replication_factor)
    }

    fn partition(&self, number: usize) -> &PartitionRegistration {
        &self.controller.image().topics["t"].partitions[number]
    }

    /// Leader, leader epoch, ISR, ELR and last known leader of the first partition.
    fn seen(&self) -> (i32, i32, Vec<i32>, Vec<i32>, Vec<i32>) {
        let partition = self.partition(0);
        let plain = |brokers: &[BrokerId]| brokers.iter().map(|broker| broker.0).collect();
        (
            partition.leader.map_or(-1, |leader| leader.0),
            partition.leader_epoch,
            plain(&partition.isr),
            plain(&partition.elr),
            plain(&partition.last_known_elr),
        )
    }

    /// What a leader that is up to date asks for the first partition.
    fn wish(&self, isr: &[i32]) -> PartitionData {
        let state = |id: &i32| {
            let epoch = self.controller.image().brokers.get(&BrokerId(*id)).map_or(-1, |broker| broker.epoch);
            BrokerState::default().with_broker_id(m::BrokerId(*id)).with_broker_epoch(epoch)
        };
        PartitionData::default()
            .with_leader_epoch(self.partition(0).leader_epoch)
            .with_partition_epoch(self.partition(0).partition_epoch)
            .with_new_isr_with_epochs(isr.iter().map(state).collect())
    }

    fn alter(&mut self, broker: i32, wish: PartitionData) -> alter_partition_response::PartitionData {
        let topic =
            TopicData::default().with_topic_id(self.controller.image().topics["t"].id).with_partitions(vec![wish]);
        let request = AlterPartitionRequest::default()
            .with_broker_id(m::BrokerId(broker))
            .with_broker_epoch(self.controller.image().brokers[&BrokerId(broker)].epoch)
            .with_topics(vec![topic]);
        let Response::AlterPartition(answer) = self.ask(broker, request) else { panic!("another answer") };
        assert_eq!(answer.error_code, 0);
        answer.topics[0].partitions[0].clone()
    }

    /// The leader of the first partition asks for an ISR; gives the code.
    fn in_sync(&mut self, isr: &[i32]) -> i16 {
        let leader = self.partition(0).leader.expect("a leader").0;
        let wish = self.wish(isr);
        self.alter(leader, wish).error_code
    }

    fn set(&mut self, name: &str, value: &str) {
        let config = AlterableConfig::default().with_name(text(name)).with_value(Some(text(value)));
        let resource = AlterConfigsResource::default()
            .with_resource_type(2)
            .with_resource_name(text("t"))
            .with_configs(vec![config]);
        self.ask(1, IncrementalAlterConfigsRequest::default().with_resources(vec![resource]));
    }

    /// What has happened since it was asked last.
    fn events(&mut self) -> Vec<EventKind> {
        let mut events: Vec<Event> = Vec::new();
        self.out.drain_events(&mut events);
        events.into_iter().map(|event| event.kind).collect()
    }
}
