//! Partitions get other replicas (`AlterPartitionReassignments`, `ListPartitionReassignments`; KIP-455, 860).

use kafka_protocol::messages::alter_partition_reassignments_request::ReassignablePartition;
use kafka_protocol::messages::alter_partition_reassignments_response::{
    ReassignablePartitionResponse, ReassignableTopicResponse,
};
use kafka_protocol::messages::list_partition_reassignments_response::{
    OngoingPartitionReassignment, OngoingTopicReassignment,
};
use kafka_protocol::messages::{
    self as m, AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse,
    ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse, TopicName,
};
use kafka_protocol::protocol::StrBytes;

use crate::error::Code;
use crate::event::IsrWhy;
use crate::ids::{BrokerId, EventId};
use crate::image::{PartitionRegistration, TopicImage};
use crate::node::Outbox;
use crate::sorted::SortedSet;

use super::Controller;
use super::changes::{Rules, Site};
use super::partition_change::{Changed, PartitionChange};
use super::refusal::{Refusal, refuse};

impl Controller {
    /// Begins, changes or takes back reassignments. Errors of a partition: 3 unknown, 39 an assignment that cannot be, 38
    /// another count of replicas where that is not allowed, 85 there is nothing to take back.
    pub(super) fn alter_partition_reassignments(
        &mut self,
        request: &AlterPartitionReassignmentsRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> AlterPartitionReassignmentsResponse {
        let free = request.allow_replication_factor_change;
        let mut responses = Vec::with_capacity(request.topics.len());
        for topic in &request.topics {
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for target in &topic.partitions {
                let site = Site { topic: topic.name.as_str().into(), partition: target.partition_index };
                let result = self.reassign(&site, target, free, cause, out);
                let (code, message) = result.err().unwrap_or((Code::None, None));
                partitions.push(
                    ReassignablePartitionResponse::default()
                        .with_partition_index(target.partition_index)
                        .with_error_code(code.code())
                        .with_error_message(message.map(StrBytes::from_string)),
                );
            }
            let response = ReassignableTopicResponse::default().with_name(topic.name.clone());
            responses.push(response.with_partitions(partitions));
        }
        AlterPartitionReassignmentsResponse::default()
            .with_allow_replication_factor_change(free)
            .with_error_message(None)
            .with_responses(responses)
    }

    fn reassign(
        &mut self,
        site: &Site,
        target: &ReassignablePartition,
        free: bool,
        cause: EventId,
        out: &mut Outbox,
    ) -> Result<(), Refusal> {
        let Site { topic, partition: number } = site;
        let unknown = |message: String| refuse(Code::UnknownTopicOrPartition, message);
        let Some(image) = self.image.topics.get(topic) else {
            return unknown(format!("Unable to find a topic named {topic}."));
        };
        let Some((_, partition)) = self.partition(site) else {
            return unknown(format!("Unable to find partition {topic}:{number}."));
        };
        let rules = self.rules(image);
        let active = self.active();
        let changed = match &target.replicas {
            None => cancelled(site, partition, rules, &active)?,
            Some(replicas) => {
                let replicas: Vec<BrokerId> = replicas.iter().map(|broker| BrokerId(broker.0)).collect();
                self.reassigned(partition, &replicas, free, rules, &active)?
            }
        };
        if let Some(changed) = changed {
            self.put(site, changed, IsrWhy::Reassigned, cause, out);
        }
        Ok(())
    }

    /// `changePartitionReassignment`: the new replicas come at once, the old ones go when the new ones are in sync.
    fn reassigned(
        &self,
        partition: &PartitionRegistration,
        target: &[BrokerId],
        free: bool,
        rules: Rules,
        active: &SortedSet<BrokerId>,
    ) -> Result<Option<Changed>, Refusal> {
        if !free {
            let now = replication_factor(partition);
            if now != target.len() {
                let message = format!("The replication factor is changed from {now} to {}", target.len());
                return refuse(Code::InvalidReplicationFactor, message);
            }
        }
        self.validate_assignment(target, None)?;
        self.check_modelled(target.len())?;
        let missing = |all: &[BrokerId], from: &[BrokerId]| -> Vec<BrokerId> {
            let different: SortedSet<BrokerId> = all.iter().filter(|one| !from.contains(one)).copied().collect();
            different.iter().copied().collect()
        };
        let removing = missing(&partition.replicas, target);
        let adding = missing(target, &partition.replicas);
        let mut change = PartitionChange::new(partition, active, rules.min_isr);
        change.replicas = target.iter().chain(&removing).copied().collect();
        if !removing.is_empty() {
            change.removing = removing;
        }
        if !adding.is_empty() {
            change.adding = adding;
        }
        Ok(change.build())
    }

    /// What is under way, of all partitions when none are named.
    pub(super) fn list_partition_reassignments(
        &self,
        request: &ListPartitionReassignmentsRequest,
    ) -> ListPartitionReassignmentsResponse {
        let mut topics = Vec::new();
        match &request.topics {
            None => {
                for topic in self.image.topics.values() {
                    let count = i32::try_from(topic.partitions.len()).expect("few partitions");
                    topics.extend(ongoing(topic, &(0..count).collect::<Vec<_>>()));
                }
            }
            Some(asked) => {
                for asked in asked {
                    let topic = self.image.topics.get(asked.name.as_str());
                    topics.extend(topic.and_then(|topic| ongoing(topic, &asked.partition_indexes)));
                }
            }
        }
        ListPartitionReassignmentsResponse::default().with_error_message(None).with_topics(topics)
    }
}

/// How many replicas there will be when what is under way is done (`validatePartitionReplicationFactorUnchanged`).
fn replication_factor(partition: &PartitionRegistration) -> usize {
    let stays = |replica: &&BrokerId| !partition.removing.contains(replica);
    partition.replicas.iter().filter(stays).count()
}

/// `PartitionReassignmentRevert`: what was added goes, what was to go stays.
fn cancelled(
    site: &Site,
    partition: &PartitionRegistration,
    rules: Rules,
    active: &SortedSet<BrokerId>,
) -> Result<Option<Changed>, Refusal> {
    if !partition.is_being_reassigned() {
        let code = Code::NoReassignmentInProgress;
        return refuse(code, code.message());
    }
    let stays = |replica: &&BrokerId| !partition.adding.contains(replica);
    let replicas: Vec<BrokerId> = partition.replicas.iter().filter(stays).copied().collect();
    let mut isr: Vec<BrokerId> = partition.isr.iter().filter(stays).copied().collect();
    if isr.is_empty() {
        let Some(first) = replicas.first() else {
            let message = "Invalid replica assignment: addingReplicas contains all replicas.";
            return refuse(Code::InvalidReplicaAssignment, message);
        };
        // All that is in sync was added: one of the former replicas would have to lead without being in sync.
        if !rules.unclean {
            let message = format!(
                "Unable to revert partition assignment for {}:{} because it would require an unclean leader election.",
                site.topic, site.partition
            );
            return refuse(Code::InvalidReplicaAssignment, message);
        }
        isr.push(*first);
    }
    let mut change = PartitionChange::new(partition, active, rules.min_isr);
    change.election = rules.election();
    change.isr = isr;
    change.replicas = replicas;
    change.removing.clear();
    change.adding.clear();
    Ok(change.build())
}

fn ongoing(topic: &TopicImage, partitions: &[i32]) -> Option<OngoingTopicReassignment> {
    let ids = |brokers: &[BrokerId]| brokers.iter().map(|broker| m::BrokerId(broker.0)).collect::<Vec<_>>();
    let one = |number: &i32| {
        let partition = topic.partitions.get(usize::try_from(*number).ok()?)?;
        let ongoing = OngoingPartitionReassignment::default()
            .with_partition_index(*number)
            .with_replicas(ids(&partition.replicas))
            .with_adding_replicas(ids(&partition.adding))
            .with_removing_replicas(ids(&partition.removing));
        partition.is_being_reassigned().then_some(ongoing)
    };
    let found: Vec<_> = partitions.iter().filter_map(one).collect();
    let name = TopicName(StrBytes::from_string(topic.name.to_string()));
    let ongoing = OngoingTopicReassignment::default().with_name(name);
    (!found.is_empty()).then(|| ongoing.with_partitions(found))
}
