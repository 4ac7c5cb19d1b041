//! What each property of a client does in this playground: where it acts, or why it has no effect here.

use super::effect_texts::{CONSUMER, PRODUCER};
use super::number::{SettingNo, Side};
use super::topic::SYNONYMS;
use crate::lang::{Text, text};

/// Where a property acts: one of the six stages of a record, or a place of the consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectPlace {
    /// `send` itself: waiting for metadata, the size of the record.
    Record,
    Serialize,
    Partition,
    Accumulate,
    Send,
    Result,
    /// Finding and keeping connections.
    Connect,
    Metadata,
    /// Membership of the group.
    Group,
    Fetch,
    Poll,
    Commit,
}

/// What a property does here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Acts { places: &'static [EffectPlace], does: Text },
    NoEffect(Reason),
}

/// Why a property has no effect here. Its value is still parsed and checked as Kafka does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    Security,
    Metrics,
    Telemetry,
    NameLookup,
    SocketBuffers,
    Plugins,
    Providers,
    Codec,
    Rack,
    Checksums,
    ShareGroups,
    Transactions,
    NewProtocol,
    Internal,
}

impl Reason {
    pub const ALL: [Reason; 14] = [
        Reason::Security,
        Reason::Metrics,
        Reason::Telemetry,
        Reason::NameLookup,
        Reason::SocketBuffers,
        Reason::Plugins,
        Reason::Providers,
        Reason::Codec,
        Reason::Rack,
        Reason::Checksums,
        Reason::ShareGroups,
        Reason::Transactions,
        Reason::NewProtocol,
        Reason::Internal,
    ];

    pub const fn text(self) -> Text {
        match self {
            Reason::Security => text(
                "No effect here: connections of this cluster are plain, without TLS or SASL.",
                "여기서는 효과가 없습니다. 이 클러스터의 연결은 TLS나 SASL 없이 평문입니다.",
            ),
            Reason::Metrics => text(
                "No effect here: clients of this playground keep no metrics.",
                "여기서는 효과가 없습니다. 이 플레이그라운드의 클라이언트는 메트릭을 수집하지 않습니다.",
            ),
            Reason::Telemetry => text(
                "No effect here: no broker of this cluster asks clients for metrics.",
                "여기서는 효과가 없습니다. 이 클러스터의 브로커는 클라이언트 메트릭을 요청하지 않습니다.",
            ),
            Reason::NameLookup => text(
                "No effect here: every host of this cluster has one address, so there is nothing to choose.",
                "여기서는 효과가 없습니다. 이 클러스터의 호스트는 주소가 하나뿐이라 고를 것이 없습니다.",
            ),
            Reason::SocketBuffers => text(
                "No effect here: the network of this playground has no socket buffers.",
                "여기서는 효과가 없습니다. 이 플레이그라운드의 네트워크에는 소켓 버퍼가 없습니다.",
            ),
            Reason::Plugins => text(
                "No effect here: there is no class of your own to load.",
                "여기서는 효과가 없습니다. 불러올 사용자 클래스가 없습니다.",
            ),
            Reason::Providers => text(
                "No effect here: values are taken as they stand, never looked up elsewhere.",
                "여기서는 효과가 없습니다. 값은 적힌 그대로 쓰이며 다른 곳에서 찾아오지 않습니다.",
            ),
            Reason::Codec => text(
                "No effect here: of the codecs that have levels, only gzip is built.",
                "여기서는 효과가 없습니다. 레벨이 있는 코덱 중에서 gzip만 구현되어 있습니다.",
            ),
            Reason::Rack => text(
                "No effect here: a partition has one replica, so no nearer one can be read.",
                "여기서는 효과가 없습니다. 파티션의 복제본이 하나라서 더 가까운 복제본이 없습니다.",
            ),
            Reason::Checksums => text(
                "No effect here: no byte is damaged on the way.",
                "여기서는 효과가 없습니다. 전송 중에 손상되는 바이트가 없습니다.",
            ),
            Reason::ShareGroups => text(
                "No effect here: it belongs to share consumers, which are not built yet.",
                "여기서는 효과가 없습니다. 아직 구현되지 않은 공유 컨슈머의 설정입니다.",
            ),
            Reason::Transactions => text(
                "No effect here: transactions are not built yet.",
                "여기서는 효과가 없습니다. 트랜잭션은 아직 구현되지 않았습니다.",
            ),
            Reason::NewProtocol => text(
                "No effect here: it belongs to group.protocol=consumer, which is not built yet.",
                "여기서는 효과가 없습니다. 아직 구현되지 않은 group.protocol=consumer의 설정입니다.",
            ),
            Reason::Internal => {
                text("No effect here: it is internal to Kafka.", "여기서는 효과가 없습니다. 카프카 내부용 설정입니다.")
            }
        }
    }
}

/// What a property of a producer or a consumer does; `None` for the other sides.
pub fn effect(number: SettingNo) -> Option<Effect> {
    let table = match number.side() {
        Side::Producer => PRODUCER,
        Side::Consumer => CONSUMER,
        Side::Topic | Side::Group | Side::Broker => return None,
    };
    let name = number.name();
    let acts = table.iter().find(|(acting, ..)| *acting == name);
    Some(match acts {
        Some((_, places, does)) => Effect::Acts { places, does: *does },
        None => Effect::NoEffect(reason(name)),
    })
}

/// The properties on which what the cluster does here depends, besides those that give topics their defaults.
const CLUSTER: [&str; 16] = [
    "auto.create.topics.enable",
    "broker.heartbeat.interval.ms",
    "broker.session.timeout.ms",
    "default.replication.factor",
    "fetch.max.bytes",
    "group.initial.rebalance.delay.ms",
    "group.max.session.timeout.ms",
    "group.max.size",
    "group.min.session.timeout.ms",
    "max.incremental.fetch.session.cache.slots",
    "num.partitions",
    "offset.metadata.max.bytes",
    "offsets.topic.num.partitions",
    "offsets.topic.replication.factor",
    "offsets.topic.segment.bytes",
    "producer.id.expiration.ms",
];

/// Whether anything here depends on this property of a broker.
pub fn acts_on_cluster(name: &str) -> bool {
    CLUSTER.contains(&name) || SYNONYMS.iter().any(|(_, synonyms)| synonyms.contains(&name))
}

/// Why a property that is not in the tables of acting ones has no effect.
fn reason(name: &str) -> Reason {
    match name {
        "client.dns.lookup" => Reason::NameLookup,
        "send.buffer.bytes" | "receive.buffer.bytes" => Reason::SocketBuffers,
        "interceptor.classes" => Reason::Plugins,
        "config.providers" => Reason::Providers,
        "enable.metrics.push" => Reason::Telemetry,
        "client.rack" => Reason::Rack,
        "check.crcs" => Reason::Checksums,
        "group.remote.assignor" => Reason::NewProtocol,
        _ if name.starts_with("compression.") => Reason::Codec,
        _ if name.starts_with("metric") => Reason::Metrics,
        _ if name.starts_with("share.") => Reason::ShareGroups,
        _ if name.starts_with("transaction.") => Reason::Transactions,
        _ if name.starts_with("internal.") => Reason::Internal,
        _ if name.starts_with("sasl.") || name.starts_with("ssl.") || name.starts_with("security.") => Reason::Security,
        _ => panic!("nothing is said about what {name} does"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_cluster_are_properties_of_brokers() {
        let acting = Side::Broker.table().iter().filter(|property| acts_on_cluster(property.name)).count();
        assert_eq!(CLUSTER.iter().filter(|name| SettingNo::find(Side::Broker, name).is_none()).count(), 0);
        assert!((CLUSTER.len() + 1..Side::Broker.table().len() / 2).contains(&acting), "{acting}");
        assert!(acts_on_cluster("log.retention.hours") && !acts_on_cluster("log.dirs"));
    }

    #[test]
    fn every_property_of_a_client_acts_or_says_why_not() {
        let mut acting = 0;
        for side in [Side::Producer, Side::Consumer] {
            for (number, property) in side.properties() {
                match effect(number) {
                    Some(Effect::Acts { places, does }) => {
                        assert!(!places.is_empty(), "{}", property.name);
                        assert!(does.en.ends_with('.') && does.ko.ends_with('.'), "{}", property.name);
                        acting += 1;
                    }
                    Some(Effect::NoEffect(reason)) => {
                        assert!(reason.text().ko.starts_with("여기서는"), "{}", property.name);
                    }
                    None => panic!("{}", property.name),
                }
            }
        }
        // A name that is misspelt in the tables would act nowhere.
        assert_eq!(acting, PRODUCER.len() + CONSUMER.len());
        assert_eq!(effect(SettingNo::of(Side::Topic, "retention.ms")), None);
    }
}
