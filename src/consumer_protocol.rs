//! The consumer protocol: the bytes that members of a classic group put into JoinGroup and SyncGroup
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

/// The protocol type of consumer groups.
pub const PROTOCOL_TYPE: &str = "consumer";
/// The highest version of both messages: the one that clients write.
pub const VERSION: i16 = 3;

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
    /// place for is left out.
    pub fn to_bytes(&self, version: i16) -> Bytes {
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
        prefixed(&message, version)
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
    message.encode(&mut buffer, version).expect("only fields of the version are set");
    buffer.freeze()
}

/// `ConsumerProtocol.deserialize…`: a version above the highest is read as the highest.
fn read<M: Decodable>(what: &str, bytes: &[u8]) -> Result<M, String> {
    let mut buffer = Bytes::copy_from_slice(bytes);
    if buffer.len() < 2 {
        return Err(format!("the {what} ends before its version"));
    }
    let version = buffer.get_i16();
    if version < 0 {
        return Err(format!("the {what} has version {version}; versions begin at 0"));
    }
    M::decode(&mut buffer, version.min(VERSION)).map_err(|_| format!("the {what} ends before its last field"))
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
    fn a_subscription_survives_its_bytes() {
        let orders: Arc<str> = "orders".into();
        let subscription = Subscription {
            topics: vec![orders.clone()],
            user_data: Some(Bytes::from_static(b"x")),
            owned: vec![TopicPartition::new(&orders, 0), TopicPartition::new(&orders, 2)],
            generation: 4,
            rack: Some("r1".into()),
        };
        assert_eq!(Subscription::from_bytes(&subscription.to_bytes(3)), Ok(subscription.clone()));
        let old = Subscription { owned: Vec::new(), generation: -1, rack: None, ..subscription.clone() };
        assert_eq!(Subscription::from_bytes(&subscription.to_bytes(0)), Ok(old));
    }
}
