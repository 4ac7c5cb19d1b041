//! What Kafka accepts and this playground does not play yet: refused with a sentence, before anything is made of it.

use super::number::Side;
use super::parse::trim;
use super::serde::SerdeFormat;
use crate::ids::MAX_PARTITIONS;
use crate::lang::{Both, Sentence, Text, text};

/// Values with which the model cannot go on as Kafka would: the sentence to show, or `None` when all is well. The name
/// and the value are as given, before Kafka has checked them.
pub fn refused_in_model(side: Side, name: &str, value: &str) -> Option<Sentence> {
    let value = trim(value);
    match (side, name) {
        (Side::Producer, "transactional.id") if !value.is_empty() => Some(TRANSACTIONS.into()),
        (Side::Producer, "transaction.two.phase.commit.enable") if value.eq_ignore_ascii_case("true") => {
            Some(TRANSACTIONS.into())
        }
        (_, "compression.type") if matches!(value, "snappy" | "lz4" | "zstd") => codec(side, value),
        (Side::Consumer, "isolation.level") if value == "read_committed" => Some(READ_COMMITTED.into()),
        (Side::Consumer, "group.protocol") if value.eq_ignore_ascii_case("consumer") => Some(CONSUMER_PROTOCOL.into()),
        (Side::Consumer, "partition.assignment.strategy") => assignors(value),
        (Side::Producer, "key.serializer" | "value.serializer")
        | (Side::Consumer, "key.deserializer" | "value.deserializer") => format(value),
        (Side::Producer | Side::Consumer, "security.protocol") if !value.eq_ignore_ascii_case("plaintext") => {
            security(value)
        }
        (Side::Topic | Side::Broker, "unclean.leader.election.enable") if value.eq_ignore_ascii_case("true") => {
            Some(UNCLEAN.into())
        }
        (Side::Broker, "default.replication.factor" | "offsets.topic.replication.factor") => {
            value.parse().ok().filter(|n| *n > 1).map(|factor| replication_by(name, factor))
        }
        (Side::Broker, "num.partitions" | "offsets.topic.num.partitions") => {
            value.parse().ok().filter(|n: &i64| *n > i64::from(MAX_PARTITIONS)).map(|_| partitions(name, value))
        }
        _ => None,
    }
}

/// A replication factor other than 1, of a topic that is created.
pub fn refused_replication_factor(factor: usize) -> Option<Sentence> {
    (factor > 1).then(|| replication(factor as u64))
}

const TRANSACTIONS: Text = text(
    "Transactions are not built yet: a producer with transactional.id cannot be made here. Leave it out; the producer \
     is idempotent without it.",
    "트랜잭션은 아직 구현되지 않아 transactional.id가 있는 프로듀서를 만들 수 없습니다. 이 설정을 빼면 만들 수 있고, 그래도 프로듀서는 멱등입니다.",
);

const UNCLEAN: Text = text(
    "unclean.leader.election.enable=true is not built yet: a partition has one replica here. Allowed here: false.",
    "unclean.leader.election.enable=true는 아직 구현되지 않았습니다. 여기서 파티션의 복제본은 하나입니다. 여기서 쓸 수 있는 값: false.",
);

fn partitions(name: &str, value: &str) -> Sentence {
    Both {
        en: format!("{name}={value}: a topic has at most {MAX_PARTITIONS} partitions here."),
        ko: format!("{name}={value}: 여기서 토픽의 파티션은 최대 {MAX_PARTITIONS}개입니다."),
    }
}

const READ_COMMITTED: Text = text(
    "isolation.level=read_committed is not built yet. Allowed here: read_uncommitted.",
    "isolation.level=read_committed는 아직 구현되지 않았습니다. 여기서 쓸 수 있는 값: read_uncommitted.",
);

const CONSUMER_PROTOCOL: Text = text(
    "group.protocol=consumer is not built yet. Allowed here: classic.",
    "group.protocol=consumer는 아직 구현되지 않았습니다. 여기서 쓸 수 있는 값: classic.",
);

/// A producer compresses or does not; a topic may also keep what producers did.
fn codec(side: Side, value: &str) -> Option<Sentence> {
    let allowed = match side {
        Side::Producer => "none, gzip",
        Side::Topic | Side::Broker => "uncompressed, gzip, producer",
        _ => return None,
    };
    Some(Both {
        en: format!("compression.type={value} is not built yet. Allowed here: {allowed}."),
        ko: format!("아직 구현되지 않은 설정: compression.type={value}. 여기서 쓸 수 있는 값: {allowed}."),
    })
}

fn replication_by(name: &str, factor: u64) -> Sentence {
    let Both { en, ko } = replication(factor);
    Both { en: format!("{name}={factor}: {en}"), ko: format!("{name}={factor}: {ko}") }
}

fn replication(factor: u64) -> Sentence {
    Both {
        en: format!(
            "a replication factor of {factor} is not built yet: a partition has one replica here. Allowed here: 1."
        ),
        ko: format!(
            "복제 계수 {factor}: 아직 구현되지 않았습니다. 여기서 파티션의 복제본은 하나입니다. 여기서 쓸 수 있는 값: 1."
        ),
    }
}

/// Members vote for the first strategy of their list that all have, so the first one must be built.
fn assignors(list: &str) -> Option<Sentence> {
    let first = list.split(',').next().map(trim).unwrap_or_default();
    let short = first.strip_prefix("org.apache.kafka.clients.consumer.")?;
    if !matches!(short, "StickyAssignor" | "CooperativeStickyAssignor") {
        return None;
    }
    Some(Both {
        en: format!(
            "{short} is not built yet as the first strategy. Allowed first: RangeAssignor, RoundRobinAssignor."
        ),
        ko: format!(
            "{short}: 아직 첫 번째 전략으로 쓸 수 없습니다. 먼저 쓸 수 있는 전략: RangeAssignor, RoundRobinAssignor."
        ),
    })
}

/// The formats that clients of this playground write and read. What a program sees of a `ByteBuffer` is how Java's heap
/// lies, so that one is not among them.
const FORMATS: [SerdeFormat; 11] = [
    SerdeFormat::String,
    SerdeFormat::Integer,
    SerdeFormat::Long,
    SerdeFormat::Double,
    SerdeFormat::Uuid,
    SerdeFormat::ByteArray,
    SerdeFormat::Short,
    SerdeFormat::Float,
    SerdeFormat::Boolean,
    SerdeFormat::Bytes,
    SerdeFormat::Void,
];

/// A class of Kafka's own that is not played; a class that does not exist is refused by Kafka itself.
fn format(class: &str) -> Option<Sentence> {
    let format = SerdeFormat::of_class(class).filter(|format| !FORMATS.contains(format))?;
    let allowed = FORMATS.map(SerdeFormat::name).join(", ");
    Some(Both {
        en: format!("The format {} is not built yet. Allowed here: {allowed}.", format.name()),
        ko: format!("{} 형식은 아직 구현되지 않았습니다. 여기서 쓸 수 있는 형식: {allowed}.", format.name()),
    })
}

fn security(protocol: &str) -> Option<Sentence> {
    if !matches!(&*protocol.to_ascii_uppercase(), "SSL" | "SASL_PLAINTEXT" | "SASL_SSL") {
        return None;
    }
    Some(Both {
        en: format!("security.protocol={protocol}: connections of this cluster are plain. Allowed here: PLAINTEXT."),
        ko: format!("security.protocol={protocol}: 이 클러스터의 연결은 평문입니다. 여기서 쓸 수 있는 값: PLAINTEXT."),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_built_is_refused() {
        let class = |name: &str| format!("org.apache.kafka.clients.consumer.{name}");
        let serializer = |name: &str| format!("org.apache.kafka.common.serialization.{name}Serializer");
        let cases = [
            (Side::Producer, "transactional.id", "tx".into(), true),
            (Side::Producer, "transactional.id", String::new(), false),
            (Side::Producer, "acks", "1".into(), false),
            (Side::Producer, "compression.type", "zstd".into(), true),
            (Side::Producer, "compression.type", "gzip".into(), false),
            (Side::Producer, "key.serializer", serializer("ByteBuffer"), true),
            (Side::Producer, "key.serializer", serializer("Float"), false),
            (Side::Producer, "key.serializer", serializer("UUID"), false),
            (Side::Producer, "key.serializer", "com.acme.Mine".into(), false),
            (Side::Producer, "security.protocol", "ssl".into(), true),
            (Side::Producer, "security.protocol", "tls".into(), false),
            (Side::Consumer, "isolation.level", " read_committed ".into(), true),
            (Side::Consumer, "group.protocol", "Consumer".into(), true),
            (Side::Consumer, "group.protocol", "classic".into(), false),
            (Side::Consumer, "partition.assignment.strategy", class("StickyAssignor"), true),
            (Side::Consumer, "partition.assignment.strategy", class("RangeAssignor"), false),
            (Side::Broker, "default.replication.factor", "3".into(), true),
            (Side::Broker, "default.replication.factor", "1".into(), false),
            (Side::Broker, "offsets.topic.replication.factor", "3".into(), true),
            (Side::Broker, "num.partitions", "101".into(), true),
            (Side::Broker, "num.partitions", "100".into(), false),
            (Side::Broker, "offsets.topic.num.partitions", "2147483647".into(), true),
            (Side::Broker, "unclean.leader.election.enable", "true".into(), true),
            (Side::Topic, "unclean.leader.election.enable", "false".into(), false),
            (Side::Topic, "compression.type", "lz4".into(), true),
            (Side::Broker, "compression.type", "producer".into(), false),
        ];
        for (side, name, value, refused) in cases {
            assert_eq!(refused_in_model(side, name, &value).is_some(), refused, "{name}={value}");
        }
        // Each side is told its own values.
        for (side, allowed) in [
            (Side::Producer, "none, gzip."),
            (Side::Topic, "uncompressed, gzip, producer."),
            (Side::Broker, "uncompressed, gzip, producer."),
        ] {
            let told = refused_in_model(side, "compression.type", "zstd").expect("it is not built");
            assert!(
                told.en.ends_with(&format!(": {allowed}")) && told.ko.ends_with(&format!(": {allowed}")),
                "{told:?}"
            );
            for value in allowed.trim_end_matches('.').split(", ") {
                assert!(refused_in_model(side, "compression.type", value).is_none(), "{value}");
            }
        }
        assert!(refused_replication_factor(3).is_some() && refused_replication_factor(1).is_none());
    }
}
