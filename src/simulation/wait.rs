//! Whether what a script waits for has come.

use super::awaited::Awaited;
use super::{ClientNode, Simulation};
use crate::broker::BrokerPhase;
use crate::client::consumer::Consumer;
use crate::cluster::Life;
use crate::ids::{BrokerId, Process, TopicPartition};
use crate::script::{Condition, GroupFacts, ReplicaPlace};
use crate::sorted::InOrder;

impl Simulation {
    pub(super) fn has_come(&self, awaited: &Awaited) -> bool {
        match awaited {
            Awaited::BrokerUp(broker) => self.is_up(*broker),
            Awaited::BrokerGone(broker) => self.cluster.life(Process::Broker(*broker)) == Life::Gone,
            Awaited::Leaders(topic, leaders) => leaders.iter().enumerate().all(|(p, leader)| {
                let partition = TopicPartition::new(topic, p as i32);
                self.leader(&partition) == Some(*leader) && self.broker_leads(*leader, &partition)
            }),
            Awaited::Condition(condition) => self.holds(condition),
        }
    }

    /// Whether the controller counts on the broker and the broker runs.
    pub(super) fn is_up(&self, broker: BrokerId) -> bool {
        let takes_part = self.image().brokers.get(&broker).is_some_and(|registration| !registration.fenced);
        takes_part && self.broker(broker).is_some_and(|node| node.phase() == BrokerPhase::Running)
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Isr { partition, brokers } => {
                self.registration(partition).is_some_and(|found| found.isr == *brokers)
            }
            Condition::Elr { partition, brokers } => {
                self.registration(partition).is_some_and(|found| found.elr() == brokers)
            }
            Condition::Leader { partition, broker } => {
                self.registration(partition).is_some_and(|found| found.leader == *broker)
                    && broker.is_none_or(|broker| self.broker_leads(broker, partition))
            }
            Condition::Broker { broker, up } => self.is_up(*broker) == *up,
            Condition::Partitions { topic, count } => {
                self.image().topics.get(topic).is_some_and(|topic| topic.partitions.len() as u64 == *count)
            }
            Condition::NoTopic { topic } => !self.image().topics.contains_key(topic),
            Condition::Group { group, facts } => self.group_is(group, facts),
            Condition::Assignment { client, partitions } => self.assignment_of(client).is_some_and(|owned| {
                // Both are in the order of their texts.
                let mut owned: Vec<String> = owned.iter().map(TopicPartition::to_string).collect();
                owned.order();
                owned.iter().eq(partitions.iter().map(TopicPartition::to_string).collect::<Vec<_>>().iter())
            }),
            Condition::AssignedCount { client, count } => {
                self.assignment_of(client).is_some_and(|owned| owned.len() as u64 == *count)
            }
            Condition::Callbacks { client, count } => {
                self.client(client).is_some_and(|c| c.application.callbacks().len() as u64 == *count)
            }
            Condition::Generation { client, generation } => {
                self.consumer(client).is_some_and(|c| i64::from(generation_of(c)) == *generation)
            }
            Condition::Count { client, count } => self.client(client).is_some_and(|c| {
                c.application.collected().values().map(|records| records.len() as u64).sum::<u64>() == *count
            }),
            Condition::Sent { client } => self.client(client).is_some_and(|c| c.application.pending() == 0),
            Condition::Acknowledged { client } => {
                self.client(client).is_some_and(|c| c.application.pending() == 0 && !c.application.has_tasks())
            }
            Condition::Committed { group, partition, offset } => {
                self.committed_offset(group, partition).map(|offset| offset.cast_unsigned()) == *offset
            }
            Condition::ShareGroup { .. } | Condition::Transaction { .. } => false,
            _ => self.log_condition(condition),
        }
    }

    fn log_condition(&self, condition: &Condition) -> bool {
        let leader_log = |partition: &TopicPartition| self.log_at(partition, ReplicaPlace::Leader);
        let is = |found: i64, wanted: u64| found.cast_unsigned() == wanted;
        match condition {
            Condition::Latest { partition, offset } => {
                leader_log(partition).is_some_and(|log| is(log.high_watermark(), *offset))
            }
            Condition::Lso { partition, offset } => {
                leader_log(partition).is_some_and(|log| is(log.last_stable_offset(), *offset))
            }
            Condition::Earliest { partition, offset } => {
                leader_log(partition).is_some_and(|log| is(log.log_start_offset(), *offset))
            }
            Condition::LogEnd { partition, place, offset } => {
                self.log_at(partition, *place).is_some_and(|log| is(log.log_end_offset(), *offset))
            }
            Condition::Segments { partition, place, count } => {
                self.log_at(partition, *place).is_some_and(|log| log.log().segments().len() as u64 == *count)
            }
            Condition::Batches { partition, count } => {
                leader_log(partition).is_some_and(|log| log.log().batches().count() as u64 == *count)
            }
            Condition::RecordsInLog { partition, count } => leader_log(partition).is_some_and(|log| {
                log.log().batches().map(|batch| u64::from(batch.view().records_count().cast_unsigned())).sum::<u64>()
                    == *count
            }),
            _ => false,
        }
    }

    fn group_is(&self, group: &str, facts: &GroupFacts) -> bool {
        let Some(found) = self.described_group(group) else { return false };
        facts.state.as_ref().is_none_or(|state| *state == found.state)
            && facts.members.is_none_or(|members| members == found.members.len() as u64)
            && facts.kind.as_ref().is_none_or(|kind| &**kind == "Classic")
            && facts.epoch.is_none()
    }

    /// What a consumer owns, sorted.
    pub(super) fn assignment_of(&self, client: &str) -> Option<Vec<TopicPartition>> {
        self.consumer(client).map(owned)
    }

    pub(super) fn consumer(&self, client: &str) -> Option<&Consumer> {
        match &self.client(client)?.node {
            ClientNode::Consumer(consumer) => Some(consumer),
            ClientNode::Producer(_) => None,
        }
    }
}

/// The generation that a consumer is in; -1: none.
pub(super) fn generation_of(consumer: &Consumer) -> i32 {
    consumer.group_metadata().0
}

/// What a consumer owns, sorted.
pub(super) fn owned(consumer: &Consumer) -> Vec<TopicPartition> {
    consumer.subscriptions().assigned_partitions().into_iter().collect()
}
