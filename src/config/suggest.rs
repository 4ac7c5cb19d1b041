//! "Did you mean …": this playground's own hint for a name that Kafka takes without a word.

use strsim::osa_distance;

use super::number::Side;
use crate::lang::{Sentence, Text, both, text};

/// Mistakes that are seen in tutorials and old code, with what was meant. Of several rows for a name the first counts that the
/// side has.
const KNOWN: &[(&str, &str)] = &[
    ("asks", "acks"),
    ("ack", "acks"),
    ("request.required.acks", "acks"),
    ("buffer.byte", "buffer.memory"),
    ("buffer.bytes", "buffer.memory"),
    ("heartbeat.internval.ms", "heartbeat.interval.ms"),
    ("auto.commit.enable", "enable.auto.commit"),
    ("auto.commit", "enable.auto.commit"),
    ("metadata.broker.list", "bootstrap.servers"),
    ("bootstrap.server", "bootstrap.servers"),
    ("broker.list", "bootstrap.servers"),
    ("idempotence", "enable.idempotence"),
    ("enable.idempotent", "enable.idempotence"),
    ("idempotent", "enable.idempotence"),
    ("transaction.id", "transactional.id"),
    ("compression.codec", "compression.type"),
    ("serializer.class", "value.serializer"),
    ("key.serializer.class", "key.serializer"),
    ("queue.buffering.max.ms", "linger.ms"),
    ("linger", "linger.ms"),
    ("message.send.max.retries", "retries"),
    ("max.in.flight", "max.in.flight.requests.per.connection"),
    ("max.in.flight.requests", "max.in.flight.requests.per.connection"),
    ("session.timeout", "session.timeout.ms"),
    ("heartbeat.interval", "heartbeat.interval.ms"),
    ("max.poll.interval", "max.poll.interval.ms"),
    ("auto.commit.interval", "auto.commit.interval.ms"),
    ("partition.assignor", "partition.assignment.strategy"),
    ("fetch.wait.max.ms", "fetch.max.wait.ms"),
    ("fetch.message.max.bytes", "max.partition.fetch.bytes"),
    ("group.name", "group.id"),
    ("group", "group.id"),
    ("max.message.bytes", "max.request.size"),
    ("message.max.bytes", "max.message.bytes"),
    ("max.message.bytes", "message.max.bytes"),
    ("min.isr", "min.insync.replicas"),
    ("min.in.sync.replicas", "min.insync.replicas"),
    ("retention", "retention.ms"),
    ("log.retention.ms", "retention.ms"),
    ("log.segment.bytes", "segment.bytes"),
    ("auto.create.topics", "auto.create.topics.enable"),
];

/// The property of this side that was probably meant; `None` when nothing is near, or when the name is right.
pub fn suggest(side: Side, name: &str) -> Option<&'static str> {
    let table = side.table();
    let is_name = |name: &str| table.iter().find(|property| property.name == name).map(|property| property.name);
    if is_name(name).is_some() {
        return None;
    }
    let wanted = normal(name);
    let known = KNOWN.iter().filter(|(mistake, _)| *mistake == wanted).find_map(|(_, meant)| is_name(meant));
    if known.is_some() {
        return known;
    }
    // A third of the letters may be wrong, at most four: more is another word. Whose length differs by more is none of those
    // that are looked at, so that a long text in the place of a name costs no more than to read it.
    let letters = wanted.chars().count();
    let limit = (letters / 3).min(4);
    table
        .iter()
        .filter(|property| !property.internal && property.name.len().abs_diff(letters) <= limit)
        .map(|property| (osa_distance(&wanted, &normal(property.name)), property.name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// The other sides that have a property of exactly this name: a consumer's property given to a producer.
pub fn belongs_to(name: &str) -> impl Iterator<Item = Side> {
    Side::ALL.into_iter().filter(move |side| side.table().iter().any(|property| property.name == name))
}

/// Of a property that another side has: its name, and the side's.
pub const OF_ANOTHER_SIDE: Text = text("`{0}` is a property of a {1}.", "`{0}` 속성은 {1}의 것입니다.");
/// Of one that Kafka does not have: its name, and the one that may be meant.
pub const MEANT_ANOTHER: Text =
    text("Kafka has no property `{0}`. Did you mean `{1}`?", "카프카에 `{0}` 속성은 없습니다. 비슷한 속성: `{1}`.");
pub const NO_PROPERTY: Text = text("Kafka has no property `{0}`.", "카프카에 `{0}` 속성은 없습니다.");

/// What there is to say of a property that the side does not have.
pub fn no_property(name: &str, side: Side) -> Sentence {
    let (said, other) = match (belongs_to(name).find(|other| *other != side), suggest(side, name)) {
        (Some(other), _) => (OF_ANOTHER_SIDE, text(other.name(), other.korean())),
        (None, Some(meant)) => (MEANT_ANOTHER, text(meant, meant)),
        (None, None) => (NO_PROPERTY, text("", "")),
    };
    // The name comes last, for it may hold anything.
    let filled = |said: &str, other: &str| said.replace("{1}", other).replace("{0}", name);
    both(filled(said.en, other.en), filled(said.ko, other.ko))
}

/// Lower case, with dots for what stands between words.
fn normal(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace(['_', '-', ' '], ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_nearly_right() {
        let cases = [
            (Side::Producer, "asks", Some("acks")),
            (Side::Producer, "Acks", Some("acks")),
            (Side::Producer, "buffer.byte", Some("buffer.memory")),
            (Side::Consumer, "heartbeat.internval.ms", Some("heartbeat.interval.ms")),
            (Side::Producer, "batch.sise", Some("batch.size")),
            (Side::Producer, "linger_ms", Some("linger.ms")),
            (Side::Producer, "retires", Some("retries")),
            (Side::Consumer, "auto.commit.enable", Some("enable.auto.commit")),
            (Side::Topic, "min.isr", Some("min.insync.replicas")),
            (Side::Broker, "num.partition", Some("num.partitions")),
            (Side::Producer, "my.own.key", None),
            (Side::Producer, "acks", None),
            (Side::Producer, "", None),
        ];
        for (side, name, expected) in cases {
            assert_eq!(suggest(side, name), expected, "{name}");
        }
        // A text that is no name at all, of a size that no pair of letters must be looked at in.
        assert_eq!(suggest(Side::Broker, &"linger.ms".repeat(300_000)), None);
        assert_eq!(belongs_to("linger.ms").collect::<Vec<_>>(), [Side::Producer]);
    }
}
