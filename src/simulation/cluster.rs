//! A cluster as a run begins with it, and what travels between its brokers and their controller.

use std::sync::Arc;

use super::command::CommandError;
use super::process::{BrokerProcess, Life, Timer};
use crate::broker::Broker;
use crate::config::{BrokerConfig, ConfigValue, Side, refused_in_model};
use crate::controller::Controller;
use crate::ids::BrokerId;
use crate::image::ControllerRequest;
use crate::lang::Sentence;
use crate::node::{Input, Outbox};
use crate::script::{NewCluster, Property};
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
    pub(super) timer: Timer,
    pub(super) under_way: SortedMap<(Instant, u64), ControlParcel>,
}

/// The host name under which a broker is known in the cluster.
pub(super) fn host(broker: u32) -> Arc<str> {
    Arc::from(BrokerId(broker.cast_signed()).host())
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
        cluster: &NewCluster,
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
            .blaming(error.blamed)
        })?;
        // Kafka speaks first; what it accepts may still be more than the model has.
        let refused = |p: &Property| Some((refused_in_model(Side::Broker, &p.name, &p.value)?, p.name.clone()));
        if let Some((Sentence { en, ko }, name)) = cluster.properties.iter().find_map(refused) {
            return Err(CommandError::new(format!("cluster: {en}"), format!("cluster: {ko}")).blaming(vec![name]));
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

    pub(super) fn post(&mut self, at: Instant, sequence: &mut u64, parcel: ControlParcel) {
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
