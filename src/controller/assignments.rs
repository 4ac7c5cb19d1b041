//! Which brokers are to keep a new partition: as an administrator says, or as the placer does (`ReplicationControlManager`).

use kafka_protocol::messages as m;
use kafka_protocol::messages::create_partitions_request::CreatePartitionsAssignment;
use kafka_protocol::messages::create_topics_request::CreatableTopic;

use crate::error::Code;
use crate::ids::{BrokerId, MAX_PARTITIONS};
use crate::image::PartitionRegistration;
use crate::sorted::{SortedMap, SortedSet};

use super::refusal::{Refusal, refuse, too_many_partitions};
use super::{Controller, placement};

const REPLICATION_NOT_MODELLED: &str =
    "This model keeps one replica of each partition: only replication factor 1 is allowed.";

impl Controller {
    /// The partitions of a new topic, as asked for or placed.
    pub(super) fn new_partitions(&mut self, topic: &CreatableTopic) -> Result<Vec<PartitionRegistration>, Refusal> {
        if !topic.assignments.is_empty() {
            return self.assigned(topic);
        }
        let factor = match topic.replication_factor {
            -1 => self.config.default_replication_factor,
            factor if factor < 1 => {
                return refuse(
                    Code::InvalidReplicationFactor,
                    "Replication factor must be larger than 0, or -1 to use the default value.",
                );
            }
            factor => i32::from(factor),
        };
        let partitions = match topic.num_partitions {
            -1 => self.config.num_partitions,
            partitions if partitions < 1 => {
                return refuse(
                    Code::InvalidPartitions,
                    "Number of partitions was set to an invalid non-positive value.",
                );
            }
            partitions if partitions.cast_unsigned() > MAX_PARTITIONS => return too_many_partitions(),
            partitions => partitions,
        };
        let partitions = u32::try_from(partitions).expect("positive");
        let unable = |why: &str| format!("Unable to replicate the partition {factor} time(s): {why}");
        let placed = self.placed(self.next_placement, partitions, factor, unable)?;
        self.next_placement = self.next_placement.wrapping_add(partitions);
        Ok(placed)
    }

    /// Partitions where the placer wants them. `unable`: the words around the placer's own when it cannot.
    pub(super) fn placed(
        &self,
        first: u32,
        partitions: u32,
        factor: i32,
        unable: impl Fn(&str) -> String,
    ) -> Result<Vec<PartitionRegistration>, Refusal> {
        let factor = usize::try_from(factor).unwrap_or(0);
        let placed = placement::striped(&self.image, first, partitions, factor)
            .or_else(|why| refuse(Code::InvalidReplicationFactor, unable(&why)))?;
        self.check_modelled(factor)?;
        let register = |replicas: Vec<BrokerId>| {
            let partition = self.registered(replicas);
            if partition.isr.is_empty() {
                let message = "All brokers are currently fenced or in controlled shutdown.";
                let message = format!("Unable to replicate the partition {factor} time(s): {message}");
                return refuse(Code::InvalidReplicationFactor, message);
            }
            Ok(partition)
        };
        placed.into_iter().map(register).collect()
    }

    /// A new partition: in sync are the replicas that live.
    fn registered(&self, replicas: Vec<BrokerId>) -> PartitionRegistration {
        let active = self.active();
        let isr = replicas.iter().filter(|replica| active.contains(*replica)).copied().collect();
        PartitionRegistration::new(replicas, isr)
    }

    /// A manual assignment: partitions 0, 1, 2 … each with as many brokers.
    fn assigned(&self, topic: &CreatableTopic) -> Result<Vec<PartitionRegistration>, Refusal> {
        if topic.replication_factor != -1 {
            return refuse(
                Code::InvalidRequest,
                "A manual partition assignment was specified, but replication factor was not set to -1.",
            );
        }
        if topic.num_partitions != -1 {
            return refuse(
                Code::InvalidRequest,
                "A manual partition assignment was specified, but numPartitions was not set to -1.",
            );
        }
        let mut by_partition: SortedMap<i32, PartitionRegistration> = SortedMap::new();
        let mut factor = None;
        for assignment in &topic.assignments {
            let number = assignment.partition_index;
            if by_partition.contains_key(&number) {
                return refuse(
                    Code::InvalidReplicaAssignment,
                    format!("Found multiple manual partition assignments for partition {number}"),
                );
            }
            let partition = self.by_hand(number, &assignment.broker_ids, factor)?;
            factor = Some(assignment.broker_ids.len());
            by_partition.insert(number, partition);
        }
        if by_partition.len() > MAX_PARTITIONS as usize {
            return too_many_partitions();
        }
        if !by_partition.keys().copied().eq(0..i32::try_from(by_partition.len()).expect("few partitions")) {
            return refuse(
                Code::InvalidReplicaAssignment,
                "partitions should be a consecutive 0-based integer sequence",
            );
        }
        Ok(by_partition.into_values().collect())
    }

    /// Partitions from number `have` on, that an administrator has given these brokers. Errors: 39.
    pub(super) fn added_by_hand(
        &self,
        assignments: &[CreatePartitionsAssignment],
        have: i32,
        additional: usize,
        factor: usize,
    ) -> Result<Vec<PartitionRegistration>, Refusal> {
        if assignments.len() != additional {
            let (only, given) = (if assignments.len() < additional { "only " } else { "" }, assignments.len());
            return refuse(
                Code::InvalidReplicaAssignment,
                format!(
                    "Attempted to add {additional} additional partition(s), but {only}{given} assignment(s) were specified."
                ),
            );
        }
        let partition = |(assignment, number): (&CreatePartitionsAssignment, i32)| {
            self.by_hand(number, &assignment.broker_ids, Some(factor))
        };
        assignments.iter().zip(have..).map(partition).collect()
    }

    /// A partition that an administrator has given these brokers.
    fn by_hand(
        &self,
        number: i32,
        brokers: &[m::BrokerId],
        factor: Option<usize>,
    ) -> Result<PartitionRegistration, Refusal> {
        let replicas: Vec<BrokerId> = brokers.iter().map(|broker| BrokerId(broker.0)).collect();
        self.validate_assignment(&replicas, factor)?;
        self.check_modelled(replicas.len())?;
        let partition = self.registered(replicas);
        if partition.isr.is_empty() {
            return refuse(
                Code::InvalidReplicaAssignment,
                format!(
                    "All brokers specified in the manual partition assignment for partition {number} are fenced or in controlled shutdown."
                ),
            );
        }
        Ok(partition)
    }

    /// `validateManualPartitionAssignment`. `factor`: how many replicas other partitions have.
    pub(super) fn validate_assignment(&self, replicas: &[BrokerId], factor: Option<usize>) -> Result<(), Refusal> {
        let wrong = |message: String| refuse(Code::InvalidReplicaAssignment, message);
        if replicas.is_empty() {
            return wrong("The manual partition assignment includes an empty replica list.".to_owned());
        }
        let different: SortedSet<BrokerId> = replicas.iter().copied().collect();
        for broker in &different {
            if !self.image.brokers.contains_key(broker) {
                return wrong(format!(
                    "The manual partition assignment includes broker {}, but no such broker is registered.",
                    broker.0
                ));
            }
            if replicas.iter().filter(|replica| *replica == broker).count() > 1 {
                return wrong(format!(
                    "The manual partition assignment includes the broker {} more than once.",
                    broker.0
                ));
            }
        }
        match factor {
            Some(factor) if factor != replicas.len() => wrong(format!(
                "The manual partition assignment includes a partition with {} replica(s), but this is not consistent with previous partitions, which have {factor} replica(s).",
                replicas.len()
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether brokers keep as many replicas as this.
    pub(super) fn check_modelled(&self, factor: usize) -> Result<(), Refusal> {
        if factor > self.max_replication_factor {
            return refuse(Code::InvalidReplicationFactor, REPLICATION_NOT_MODELLED);
        }
        Ok(())
    }
}
