//! A cluster as a script's first line asks for it.

use std::sync::Arc;

use super::command::CommandError;
use crate::cluster::{Cluster, PORT, Plan};
use crate::config::{BrokerConfig, ConfigValue, Side, refused_in_model};
use crate::ids::BrokerId;
use crate::lang::Sentence;
use crate::node::Outbox;
use crate::script::{NewCluster, Property};
use crate::time::Clock;

/// The addresses of all brokers, as `bootstrap.servers` has them.
pub(super) fn bootstrap(brokers: usize) -> String {
    (1..=brokers).map(|n| format!("broker-{n}:{PORT}")).collect::<Vec<_>>().join(",")
}

/// The broker behind a host name of `bootstrap.servers`.
pub(super) fn broker_of_host(host: &str, brokers: usize) -> Option<BrokerId> {
    let number: i32 = host.strip_prefix("broker-")?.parse().ok()?;
    (1..=i32::try_from(brokers).ok()?).contains(&number).then_some(BrokerId(number))
}

/// A cluster whose brokers run and are registered.
pub(super) fn start(cluster: &NewCluster, clock: &mut Clock, out: &mut Outbox) -> Result<Cluster, CommandError> {
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
    let plan = Plan {
        config: Arc::new(config),
        addresses: (1..=cluster.brokers).map(|id| (Arc::from(BrokerId(id.cast_signed()).host()), PORT)).collect(),
        combined: cluster.brokers == 1 && !cluster.separate_controller,
        hop_us: u64::from(cluster.hop_us()),
        cluster_id: Arc::from(format!("partita-{:014x}", out.rng.next_u64() >> 8)),
    };
    Ok(Cluster::new(&plan, clock))
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
