//! A leader changes who is in sync (`ReplicationControlManager.alterPartition`; KIP-497, 841, 903).

use kafka_protocol::messages::alter_partition_request as asked;
use kafka_protocol::messages::alter_partition_response::{PartitionData, TopicData};
use kafka_protocol::messages::{self as m, AlterPartitionRequest, AlterPartitionResponse};

use crate::error::Code;
use crate::event::IsrWhy;
use crate::ids::{BrokerId, EventId};
use crate::image::{LeaderRecoveryState, PartitionRegistration};
use crate::node::Outbox;

use super::Controller;
use super::changes::Site;
use super::partition_change::PartitionChange;

/// In place of a replica's broker epoch: the leader does not know it, and it is not compared.
const UNKNOWN_EPOCH: i64 = -1;

impl Controller {
    /// Changes ISRs as their leader asks. Errors of the whole: 77 the leader was registered anew. Errors of one partition: 100
    /// unknown topic, 3 unknown partition, 41 its leader knows more than the controller, 74 an old leader epoch, 95 an old
    /// partition epoch, 42 a request that no leader makes, 107 a replica that may not be in sync, 108 the change ended a
    /// reassignment, and another broker leads now.
    pub(super) fn alter_partition(
        &mut self,
        request: &AlterPartitionRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> AlterPartitionResponse {
        let broker = BrokerId(request.broker_id.0);
        let response = AlterPartitionResponse::default();
        if self.image.brokers.get(&broker).is_none_or(|known| known.epoch != request.broker_epoch) {
            return response.with_error_code(Code::StaleBrokerEpoch.code());
        }
        let mut topics = Vec::with_capacity(request.topics.len());
        for topic in &request.topics {
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for data in &topic.partitions {
                let answer = self.alter_one_partition(broker, topic, data, cause, out);
                let answer = answer.unwrap_or_else(|code| PartitionData::default().with_error_code(code.code()));
                partitions.push(answer.with_partition_index(data.partition_index));
            }
            topics.push(TopicData::default().with_topic_id(topic.topic_id).with_partitions(partitions));
        }
        response.with_topics(topics)
    }

    fn alter_one_partition(
        &mut self,
        broker: BrokerId,
        topic: &asked::TopicData,
        data: &asked::PartitionData,
        cause: EventId,
        out: &mut Outbox,
    ) -> Result<PartitionData, Code> {
        let name = self.image.topic_names.get(&topic.topic_id).ok_or(Code::UnknownTopicId)?;
        let site = Site { topic: name.clone(), partition: data.partition_index };
        let (image, partition) = self.partition(&site).ok_or(Code::UnknownTopicOrPartition)?;
        let isr = wanted(data);
        let recovery = validate(broker, partition, data, &isr)?;
        self.check_eligible(&isr)?;
        let (rules, active) = (self.rules(image), self.active());
        let mut change = PartitionChange::new(partition, &active, rules.min_isr);
        change.election = rules.election();
        change.isr = isr.iter().map(|(replica, _)| *replica).collect();
        change.recovery = recovery;
        let ends_reassignment = partition.is_being_reassigned();
        if let Some(changed) = change.build() {
            let leader = changed.elected.map(|_| changed.partition.leader);
            let ends = ends_reassignment && !changed.partition.is_being_reassigned();
            let why = if ends { IsrWhy::Reassigned } else { IsrWhy::Leader };
            self.put(&site, changed, why, cause, out);
            if leader.is_some_and(|leader| leader != Some(broker)) {
                return Err(Code::NewLeaderElected);
            }
        }
        let (_, partition) = self.partition(&site).ok_or(Code::UnknownTopicOrPartition)?;
        Ok(answered(partition))
    }

    /// Only brokers that live, do not stop and are still registered as the leader knows them come into an ISR
    /// (`ineligibleReplicasForIsr`).
    fn check_eligible(&self, isr: &[(BrokerId, i64)]) -> Result<(), Code> {
        let eligible = |(replica, epoch): &(BrokerId, i64)| {
            let known = self.image.brokers.get(replica);
            known.is_some_and(|known| known.is_active() && (*epoch == UNKNOWN_EPOCH || *epoch == known.epoch))
        };
        if isr.iter().all(eligible) { Ok(()) } else { Err(Code::IneligibleReplica) }
    }
}

/// The ISR that is asked for, each replica with the broker epoch that the leader knows; before version 3 it says none.
fn wanted(data: &asked::PartitionData) -> Vec<(BrokerId, i64)> {
    if data.new_isr_with_epochs.is_empty() {
        return data.new_isr.iter().map(|broker| (BrokerId(broker.0), UNKNOWN_EPOCH)).collect();
    }
    data.new_isr_with_epochs.iter().map(|state| (BrokerId(state.broker_id.0), state.broker_epoch)).collect()
}

/// `validateAlterPartitionData`, in its order; gives the recovery state that is asked for.
fn validate(
    broker: BrokerId,
    partition: &PartitionRegistration,
    data: &asked::PartitionData,
    isr: &[(BrokerId, i64)],
) -> Result<LeaderRecoveryState, Code> {
    if data.leader_epoch > partition.leader_epoch || data.partition_epoch > partition.partition_epoch {
        return Err(Code::NotController);
    }
    if data.leader_epoch < partition.leader_epoch {
        return Err(Code::FencedLeaderEpoch);
    }
    if partition.leader != Some(broker) {
        return Err(Code::InvalidRequest);
    }
    if data.partition_epoch < partition.partition_epoch {
        return Err(Code::InvalidUpdateVersion);
    }
    let is_twice =
        |(index, (replica, _)): (usize, &(BrokerId, i64))| isr.iter().take(index).any(|(other, _)| other == replica);
    let is_foreign = |(replica, _): &(BrokerId, i64)| !partition.replicas.contains(replica);
    if isr.is_empty() || isr.iter().any(is_foreign) || isr.iter().enumerate().any(is_twice) {
        return Err(Code::InvalidRequest);
    }
    if !isr.iter().any(|(replica, _)| *replica == broker) {
        return Err(Code::InvalidRequest);
    }
    // A number that Kafka does not know is an exception there.
    let recovery = LeaderRecoveryState::of(data.leader_recovery_state).ok_or(Code::UnknownServerError)?;
    let recovers = recovery == LeaderRecoveryState::Recovering;
    if recovers && (isr.len() > 1 || partition.recovery == LeaderRecoveryState::Recovered) {
        return Err(Code::InvalidRequest);
    }
    Ok(recovery)
}

fn answered(partition: &PartitionRegistration) -> PartitionData {
    PartitionData::default()
        .with_leader_id(m::BrokerId(partition.leader.map_or(-1, |leader| leader.0)))
        .with_leader_epoch(partition.leader_epoch)
        .with_isr(partition.isr.iter().map(|replica| m::BrokerId(replica.0)).collect())
        .with_leader_recovery_state(partition.recovery.value())
        .with_partition_epoch(partition.partition_epoch)
}
