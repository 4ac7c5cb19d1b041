//! The controller's side: what travels between it and the brokers, one hop each way, and its timers.

use std::sync::Arc;

use super::process::{BrokerProcess, Life, Timer};
use super::{CommandError, Simulation, Sink};
use crate::broker::Broker;
use crate::config::{BrokerConfig, ConfigValue, Side, refused_in_model};
use crate::controller::{Controller, ControllerOutput};
use crate::ids::{BrokerId, TopicPartition};
use crate::image::{ControllerRequest, MetadataImage, PartitionRegistration};
use crate::lang::Sentence;
use crate::node::{Input, Outbox};
use crate::script::{Cluster, Property};
use crate::sorted::SortedMap;
use crate::time::Instant;

/// The port at which every broker listens, as in Kafka's sample configuration.
const PORT: u16 = 9092;

#[derive(Clone, Debug)]
pub(super) enum ControlParcel {
    Request(BrokerId, u64, ControllerRequest),
    ToBroker(BrokerId, Input),
}

#[derive(Clone, Debug)]
pub(super) struct Controlling {
    pub(super) controller: Arc<Controller>,
    timer: Timer,
    pub(super) under_way: SortedMap<(Instant, u64), ControlParcel>,
}

/// The host name under which a broker is known in the cluster.
pub(super) fn host(broker: u32) -> Arc<str> {
    Arc::from(format!("broker-{broker}"))
}

/// The addresses of all brokers, as `bootstrap.servers` has them.
pub(super) fn bootstrap(brokers: usize) -> String {
    (1..=brokers).map(|n| format!("broker-{n}:{PORT}")).collect::<Vec<_>>().join(",")
}

/// The broker behind a host name of `bootstrap.servers`.
pub(super) fn broker_of_host(host: &str, brokers: usize) -> Option<BrokerId> {
    let number: i32 = host.strip_prefix("broker-")?.parse().ok()?;
    (1..=i32::try_from(brokers).ok()?).contains(&number).then_some(BrokerId(number))
}

impl Controlling {
    /// A cluster whose brokers run and are registered.
    pub(super) fn start(
        cluster: &Cluster,
        out: &mut Outbox,
    ) -> Result<(Controlling, Vec<BrokerProcess>), CommandError> {
        let given = |name: &str| cluster.properties.iter().any(|property| &*property.name == name);
        let mut pairs: Vec<(&str, ConfigValue)> =
            DEFAULTS.iter().filter(|(name, _)| !given(name)).map(|(name, value)| (*name, (*value).into())).collect();
        pairs.extend(cluster.properties.iter().map(|p| (&*p.name, ConfigValue::Text(p.value.clone()))));
        let (config, _) = BrokerConfig::construct(1, &pairs).map_err(|error| {
            CommandError::new(
                format!("cluster: {}", error.message),
                format!("cluster: 브로커 속성이 거부되었습니다. {}", error.message),
            )
        })?;
        // Kafka speaks first; what it accepts may still be more than the model has.
        let refused = |p: &Property| refused_in_model(Side::Broker, &p.name, &p.value);
        if let Some(Sentence { en, ko }) = cluster.properties.iter().find_map(refused) {
            return Err(CommandError::new(format!("cluster: {en}"), format!("cluster: {ko}")));
        }
        let config = Arc::new(config);
        let brokers: Vec<(BrokerId, Arc<str>, i32)> =
            (1..=cluster.brokers).map(|n| (BrokerId(n.cast_signed()), host(n), i32::from(PORT))).collect();
        let cluster_id = Arc::from(format!("partita-{:014x}", out.rng.next_u64() >> 8));
        let combined = cluster.brokers == 1 && !cluster.separate_controller;
        let controller = Controller::new(&cluster_id, &config, &brokers, combined);
        let process = |(id, ..): &(BrokerId, Arc<str>, i32)| BrokerProcess {
            node: Arc::new(Broker::new(*id, &config, controller.image())),
            life: Life::Running,
            held: Vec::new(),
            held_inputs: Vec::new(),
            timer: Timer::OFF,
        };
        let processes = brokers.iter().map(process).collect();
        let controlling =
            Controlling { controller: Arc::new(controller), timer: Timer::OFF, under_way: SortedMap::new() };
        Ok((controlling, processes))
    }

    pub(super) fn due(&self) -> (Instant, u64) {
        let parcel = self.under_way.first_key_value().map_or((Instant::MAX, u64::MAX), |(key, _)| *key);
        parcel.min(self.timer.due())
    }

    fn post(&mut self, at: Instant, sequence: &mut u64, parcel: ControlParcel) {
        *sequence += 1;
        self.under_way.insert((at, *sequence), parcel);
    }
}

/// What the page's scenarios and the recorded runs share, unless a cluster line says otherwise.
const DEFAULTS: [(&str, &str); 3] = [
    ("group.initial.rebalance.delay.ms", "0"),
    ("offsets.topic.num.partitions", "1"),
    ("offsets.topic.replication.factor", "1"),
];

/// What says who a broker is and where it listens: every cluster has values of its own.
const IDENTITY: [&str; 6] = [
    "broker.id",
    "controller.listener.names",
    "controller.quorum.bootstrap.servers",
    "listeners",
    "node.id",
    "process.roles",
];

/// Whether a broker's property has this value in every cluster, without anybody's having changed it.
pub fn is_of_every_cluster(name: &str, value: &str) -> bool {
    IDENTITY.contains(&name) || DEFAULTS.contains(&(name, value))
}

impl Simulation {
    /// The controller's picture of the cluster.
    pub fn image(&self) -> &Arc<MetadataImage> {
        self.controlling.controller.image()
    }

    /// What the controller knows of a partition.
    pub(super) fn registration(&self, partition: &TopicPartition) -> Option<&PartitionRegistration> {
        let topic = self.image().topics.get(&partition.topic)?;
        topic.partitions.get(usize::try_from(partition.partition).ok()?)
    }

    pub(super) fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        self.registration(partition)?.leader
    }

    pub(super) fn ask_controller(&mut self, from: BrokerId, token: u64, request: ControllerRequest) {
        let at = self.now.at.plus_micros(self.network.hop_us());
        self.controlling.post(at, &mut self.sequence, ControlParcel::Request(from, token, request));
    }

    /// The next parcel arrives, or the controller's own time has come.
    pub(super) fn handle_controlling(&mut self, sink: &mut Sink) {
        let timer = self.controlling.timer.due();
        let parcel = self.controlling.under_way.first_key_value().map(|(key, _)| *key);
        if parcel.is_none_or(|parcel| timer < parcel) {
            let output = Arc::make_mut(&mut self.controlling.controller).on_timer(self.now, &mut self.out);
            self.publish(output);
            return;
        }
        let Some((_, parcel)) = self.controlling.under_way.pop_first() else { return };
        match parcel {
            ControlParcel::Request(from, token, request) => {
                let controller = Arc::make_mut(&mut self.controlling.controller);
                let output = controller.handle(self.now, from, token, &request, &mut self.out);
                self.publish(output);
            }
            ControlParcel::ToBroker(broker, input) => self.deliver_from_controller(broker, input, sink),
        }
    }

    fn deliver_from_controller(&mut self, broker: BrokerId, input: Input, sink: &mut Sink) {
        let i = Simulation::broker_index(broker);
        match self.brokers[i].life {
            Life::Gone => {}
            Life::Paused => self.brokers[i].held_inputs.push(input),
            Life::Running => {
                self.handle_broker(i, input, sink);
                self.note_stopped(i);
            }
        }
    }

    /// What the controller gave out is on its way: the picture before the answers that rely on it.
    pub(super) fn publish(&mut self, output: ControllerOutput) {
        let at = self.now.at.plus_micros(self.network.hop_us());
        if let Some(image) = output.image {
            for n in 1..=self.brokers.len() {
                let broker = BrokerId(i32::try_from(n).expect("at most nine brokers"));
                let parcel = ControlParcel::ToBroker(broker, Input::Image(image.clone()));
                self.controlling.post(at, &mut self.sequence, parcel);
            }
        }
        for (broker, token, reply) in output.replies {
            let parcel = ControlParcel::ToBroker(broker, Input::Controller(token, reply));
            self.controlling.post(at, &mut self.sequence, parcel);
        }
        let next = self.controlling.controller.next_timeout();
        self.controlling.timer.set(next, self.now.at, &mut self.sequence);
    }
}
