//! The consumer protocol: the bytes that members of a classic group put into `JoinGroup` and `SyncGroup`
//! (`org.apache.kafka.clients.consumer.internals.ConsumerProtocol`). The group coordinator passes them on unread.

use std::sync::Arc;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::messages::{
    ConsumerProtocolAssignment, ConsumerProtocolSubscription, TopicName, consumer_protocol_assignment,
    consumer_protocol_subscription,
};
use kafka_protocol::protocol::{Decodable, Encodable, StrBytes};

use crate::ids::TopicPartition;
use crate::java::compare_strings;
use crate::sorted::InOrder;
use crate::wire::bounded;

/// The protocol type of consumer groups.
pub const PROTOCOL_TYPE: &str = "consumer";
/// The highest version of both messages: the one that clients write.
pub const VERSION: i16 = 3;
/// The longest text of a message, in bytes of UTF-8.
const LONGEST_TEXT: usize = 0x7fff;

/// What a member wants and has (`ConsumerPartitionAssignor.Subscription`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subscription {
    pub topics: Vec<Arc<str>>,
    pub user_data: Option<Bytes>,
    pub owned: Vec<TopicPartition>,
    /// -1 when the member has none.
    pub generation: i32,
    pub rack: Option<Arc<str>>,
}

impl Default for Subscription {
    fn default() -> Self {
        Subscription { topics: Vec::new(), user_data: None, owned: Vec::new(), generation: -1, rack: None }
    }
}

/// What the leader gives a member (`ConsumerPartitionAssignor.Assignment`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Assignment {
    pub partitions: Vec<TopicPartition>,
    pub user_data: Option<Bytes>,
}

impl Subscription {
    /// The bytes of `version` (0 to [`VERSION`]); topics and owned partitions are sorted, and what the version has no
    /// place for is left out. Fails with Java's sentence when a text is longer than 32,767 bytes.
    pub fn to_bytes(&self, version: i16) -> Result<Bytes, String> {
        let too_long = |text: &Arc<str>| text.len() > LONGEST_TEXT;
        let fields = [
            ("topicsElement", self.topics.iter().any(too_long)),
            ("topic", version >= 1 && self.owned.iter().any(|owned| too_long(&owned.topic))),
            ("rackId", version >= 3 && self.rack.iter().any(too_long)),
        ];
        if let Some((field, _)) = fields.iter().find(|(_, found)| *found) {
            return Err(format!("'{field}' field is too long to be serialized"));
        }
        let mut topics = self.topics.clone();
        topics.order_by(|a, b| compare_strings(a, b));
        let mut owned = self.owned.clone();
        owned.order_by(|a, b| compare_strings(&a.topic, &b.topic).then(a.partition.cmp(&b.partition)));
        let mut message = ConsumerProtocolSubscription::default()
            .with_topics(topics.iter().map(|topic| str_bytes(topic)).collect())
            .with_user_data(self.user_data.clone());
        if version >= 1 {
            let partitions = runs(&owned).into_iter().map(|(topic, partitions)| {
                consumer_protocol_subscription::TopicPartition::default()
                    .with_topic(TopicName(str_bytes(&topic)))
                    .with_partitions(partitions)
            });
            message = message.with_owned_partitions(partitions.collect());
        }
        if version >= 2 {
            message = message.with_generation_id(self.generation);
        }
        if version >= 3 {
            message = message.with_rack_id(self.rack.as_deref().map(str_bytes));
        }
        Ok(prefixed(&message, version))
    }

    /// Reads any version. A sentence when the bytes end early or are of a negative version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Subscription, String> {
        let message: ConsumerProtocolSubscription = read("subscription", bytes)?;
        let owned = message.owned_partitions.iter().flat_map(|run| partitions_of(&run.topic, &run.partitions));
        Ok(Subscription {
            topics: message.topics.iter().map(|topic| Arc::from(topic.as_str())).collect(),
            user_data: message.user_data.clone(),
            owned: owned.collect(),
            generation: message.generation_id,
            rack: message.rack_id.as_ref().map(|rack| Arc::from(rack.as_str())),
        })
    }
}

impl Assignment {
    /// The bytes of `version` (0 to [`VERSION`]): topics in the order of their first partition.
    pub fn to_bytes(&self, version: i16) -> Bytes {
        let mut topics: Vec<(Arc<str>, Vec<i32>)> = Vec::new();
        for tp in &self.partitions {
            match topics.iter_mut().find(|(topic, _)| *topic == tp.topic) {
                Some((_, partitions)) => partitions.push(tp.partition),
                None => topics.push((tp.topic.clone(), vec![tp.partition])),
            }
        }
        let partitions = topics.into_iter().map(|(topic, partitions)| {
            consumer_protocol_assignment::TopicPartition::default()
                .with_topic(TopicName(str_bytes(&topic)))
                .with_partitions(partitions)
        });
        let message = ConsumerProtocolAssignment::default()
            .with_assigned_partitions(partitions.collect())
            .with_user_data(self.user_data.clone());
        prefixed(&message, version)
    }

    /// Reads any version. A sentence when the bytes end early or are of a negative version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Assignment, String> {
        let message: ConsumerProtocolAssignment = read("assignment", bytes)?;
        let partitions = message.assigned_partitions.iter().flat_map(|run| partitions_of(&run.topic, &run.partitions));
        Ok(Assignment { partitions: partitions.collect(), user_data: message.user_data.clone() })
    }
}

fn partitions_of(topic: &TopicName, partitions: &[i32]) -> impl Iterator<Item = TopicPartition> {
    let topic: Arc<str> = Arc::from(topic.as_str());
    partitions.iter().map(move |partition| TopicPartition::new(&topic, *partition))
}

/// Neighbours of one topic together.
fn runs(partitions: &[TopicPartition]) -> Vec<(Arc<str>, Vec<i32>)> {
    let runs = partitions.chunk_by(|a, b| a.topic == b.topic);
    runs.map(|run| (run[0].topic.clone(), run.iter().map(|tp| tp.partition).collect())).collect()
}

fn str_bytes(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_string())
}

fn prefixed(message: &impl Encodable, version: i16) -> Bytes {
    assert!((0..=VERSION).contains(&version), "the consumer protocol has versions 0 to {VERSION}, not {version}");
    let mut buffer = BytesMut::new();
    buffer.put_i16(version);
    message.encode(&mut buffer, version).expect("only fields of the version are set, and no text is too long");
    buffer.freeze()
}

/// `ConsumerProtocol.deserialize…`: a version above the highest is read as the highest. The bytes may be anybody's: no
/// length in them is believed before there are as many bytes.
fn read<M: Decodable>(what: &str, bytes: &[u8]) -> Result<M, String> {
    let mut buffer = Bytes::copy_from_slice(bytes);
    if buffer.len() < 2 {
        return Err(format!("the {what} ends before its version"));
    }
    let version = buffer.get_i16();
    if version < 0 {
        return Err(format!("the {what} has version {version}; versions begin at 0"));
    }
    bounded::decode(&buffer, |bytes| M::decode(bytes, version.min(VERSION)).map_err(|error| error.to_string()))
        .map_err(|_| format!("the {what} ends before its last field"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_bytes_give_a_sentence() {
        assert_eq!(Subscription::from_bytes(&[3]), Err("the subscription ends before its version".into()));
        assert_eq!(
            Assignment::from_bytes(&[0xff, 0xff, 0, 0]),
            Err("the assignment has version -1; versions begin at 0".into())
        );
        assert_eq!(
            Subscription::from_bytes(&[0, 3, 0, 0, 0, 9]),
            Err("the subscription ends before its last field".into())
        );
    }

    #[test]
    fn a_length_that_nothing_stands_behind_asks_for_no_memory() {
        let ends = |what: &str| Err(format!("the {what} ends before its last field"));
        for length in [i32::MAX, 0x0800_0000, 5] {
            let mut bytes = vec![0, 3];
            bytes.extend(length.to_be_bytes());
            assert_eq!(Assignment::from_bytes(&bytes).map(drop), ends("assignment"), "topics");
            assert_eq!(Subscription::from_bytes(&bytes).map(drop), ends("subscription"), "topics");
            // One topic "t", and so many partitions.
            let mut bytes = vec![0, 3, 0, 0, 0, 1, 0, 1, b't'];
            bytes.extend(length.to_be_bytes());
            assert_eq!(Assignment::from_bytes(&bytes).map(drop), ends("assignment"), "partitions");
            // No topic, no user data, one owned topic "t", and so many partitions.
            let mut bytes = vec![0, 3, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 1, b't'];
            bytes.extend(length.to_be_bytes());
            assert_eq!(Subscription::from_bytes(&bytes).map(drop), ends("subscription"), "owned partitions");
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_refused_as_java_does() {
        let long: Arc<str> = "x".repeat(32_768).into();
        let fails = |subscription: &Subscription, version| subscription.to_bytes(version).map(drop);
        let too_long = |field: &str| Err(format!("'{field}' field is too long to be serialized"));
        let rack = Subscription { rack: Some(long.clone()), ..Subscription::default() };
        assert_eq!(fails(&rack, 3), too_long("rackId"));
        assert_eq!(fails(&rack, 2), Ok(()), "version 2 has no rack");
        let topic = Subscription { topics: vec![long.clone()], ..Subscription::default() };
        assert_eq!(fails(&topic, 0), too_long("topicsElement"));
        let fits = Subscription { rack: Some(long[1..].into()), ..Subscription::default() };
        assert_eq!(fails(&fits, 3), Ok(()));
    }

    #[test]
    fn a_subscription_survives_its_bytes() {
        let orders: Arc<str> = "orders".into();
        let subscription = Subscription {
            topics: vec![orders.clone()],
            user_data: Some(Bytes::from_static(b"x")),
            owned: vec![TopicPartition::new(&orders, 0), TopicPartition::new(&orders, 2)],
            generation: 4,
            rack: Some("r1".into()),
        };
        assert_eq!(Subscription::from_bytes(&subscription.to_bytes(3).unwrap()), Ok(subscription.clone()));
        let old = Subscription { owned: Vec::new(), generation: -1, rack: None, ..subscription.clone() };
        assert_eq!(Subscription::from_bytes(&subscription.to_bytes(0).unwrap()), Ok(old));
    }
}
