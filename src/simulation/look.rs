//! Verbs that only look: they read the state and cost no move.

use std::sync::Arc;

use super::performed::{By, Performed};
use super::{
    ActiveProducer, DescribedGroup, DescribedMember, DescribedPartition, DumpedBatch, DumpedGroupRecord, Seen,
    Simulation, Sink,
};
use crate::application::SeenRecord;
use crate::broker::{Broker, Partition};
use crate::call::ListedOffset;
use crate::controller::{Controller, validate_name};
use crate::coordinator::group::{GroupCoordinator, GroupView};
use crate::error::{Code, Exception};
use crate::event::GroupState;
use crate::ids::{BrokerId, PartitionNo, Process, TopicPartition};
use crate::image::{GROUP_METADATA_TOPIC, MetadataImage, PartitionRegistration};
use crate::log::StoredBatch;
use crate::record::{CompressionType, TimestampType};
use crate::script::{AdminStatement, Described, OffsetSpec, ReplicaPlace};
use crate::sorted::InOrder;

impl Simulation {
    pub fn broker(&self, id: BrokerId) -> Option<&Broker> {
        self.cluster.broker(id)
    }

    pub fn controller(&self) -> &Controller {
        self.cluster.controller()
    }

    /// The controller's picture of the cluster.
    pub fn image(&self) -> &Arc<MetadataImage> {
        self.cluster.image()
    }

    /// Whether a broker's process runs, is frozen or gone.
    pub fn broker_life(&self, id: BrokerId) -> super::Life {
        self.cluster.life(Process::Broker(id))
    }

    pub fn broker_ids(&self) -> impl Iterator<Item = BrokerId> + use<> {
        self.cluster.broker_ids()
    }

    /// What the controller knows of a partition.
    pub(super) fn registration(&self, partition: &TopicPartition) -> Option<&PartitionRegistration> {
        self.cluster.registration(partition)
    }

    pub(super) fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        self.cluster.leader(partition)
    }

    fn partition_no(&self, partition: &TopicPartition) -> Option<PartitionNo> {
        let topic = self.out.names.topic_no(&partition.topic)?;
        Some(PartitionNo { topic, partition: partition.partition })
    }

    /// A replica on a broker's disk.
    pub fn replica(&self, partition: &TopicPartition, broker: BrokerId) -> Option<&Partition> {
        self.cluster.replica(self.partition_no(partition)?, broker)
    }

    pub(super) fn broker_leads(&self, broker: BrokerId, partition: &TopicPartition) -> bool {
        self.replica(partition, broker).is_some_and(Partition::leads)
    }

    /// The log of a partition on its leader, or on the broker named.
    pub(super) fn log_at(&self, partition: &TopicPartition, place: ReplicaPlace) -> Option<&Partition> {
        let broker = match place {
            ReplicaPlace::Leader => self.leader(partition)?,
            ReplicaPlace::Broker(broker) => broker,
        };
        self.replica(partition, broker)
    }

    /// The replica that leads, or led last: with one replica, the only one.
    pub fn leading_replica(&self, partition: &TopicPartition) -> Option<&Partition> {
        let registration = self.registration(partition)?;
        let broker = registration.leader.or_else(|| registration.replicas.first().copied())?;
        self.replica(partition, broker)
    }

    pub(super) fn look(&mut self, by: By, admin: &AdminStatement, sink: &mut Sink) -> Performed {
        let seen = match admin {
            AdminStatement::Describe(Described::Topic(topic)) => self.describe_topic(topic),
            AdminStatement::Describe(Described::Group { group, .. }) => match self.described_group(group) {
                Some(found) => Seen::Group(found),
                None => {
                    Seen::Failed(Exception::with_message(Code::GroupIdNotFound, format!("Group {group} not found.")))
                }
            },
            AdminStatement::Describe(Described::Producers(partition)) => self.describe_producers(partition),
            AdminStatement::Describe(Described::Config { topic, names }) => self.describe_config(topic, names),
            AdminStatement::ListOffsets { topic, partition, spec, .. } => self.list_offsets(topic, *partition, *spec),
            AdminStatement::GroupOffsets { group } => self.group_offsets(group),
            AdminStatement::DumpLog { partition, broker, .. } => self.dump_log(partition, *broker),
            AdminStatement::DumpGroup { group, broker } => self.dump_group(group, *broker),
            _ => return Performed::Done,
        };
        self.observe(by, None, seen, sink);
        Performed::Done
    }

    fn describe_topic(&self, topic: &str) -> Seen {
        let Some(found) = self.image().topics.get(topic) else {
            return Seen::Failed(match validate_name(topic) {
                Ok(()) => Exception::of(Code::UnknownTopicOrPartition),
                Err(_) => Exception::of(Code::InvalidTopicException),
            });
        };
        let partitions = found.partitions.iter().zip(0..).map(|(registration, partition)| DescribedPartition {
            partition,
            leader: registration.leader,
            replicas: registration.replicas.clone(),
            isr: registration.isr.clone(),
            elr: registration.elr().to_vec(),
        });
        Seen::Topic(partitions.collect())
    }

    /// The partition of `__consumer_offsets` that a group's records lie in.
    fn group_partition(&self, group: &str) -> i32 {
        self.image().group_partition(group).map_or(0, |(partition, _)| partition)
    }

    /// The coordinator of a group, where its broker leads the group's partition.
    pub fn coordinator(&self, group: &str) -> Option<&GroupCoordinator> {
        let broker = self.broker(self.coordinator_of(group)?)?;
        let partition = self.group_partition(group);
        broker.coordinators().find(|(number, _)| *number == partition).map(|(_, coordinator)| coordinator)
    }

    /// The partitions of `__consumer_offsets`; none before there is the first group.
    pub fn group_partitions(&self) -> impl Iterator<Item = PartitionNo> + use<> {
        let topic = self.image().topics.get(GROUP_METADATA_TOPIC).map(|topic| (topic.no, topic.partitions.len()));
        topic
            .into_iter()
            .flat_map(|(topic, count)| (0..).take(count).map(move |partition| PartitionNo { topic, partition }))
    }

    /// What a partition of `__consumer_offsets` holds for the next coordinator, read from the longest of its logs;
    /// none of another topic's.
    pub fn read_groups(&self, partition: PartitionNo) -> Option<GroupCoordinator> {
        let topic = self.image().topics.get(GROUP_METADATA_TOPIC).filter(|topic| topic.no == partition.topic)?;
        let registration = topic.partitions.get(usize::try_from(partition.partition).ok()?)?;
        let replicas = registration.replicas.iter().filter_map(|id| self.broker(*id));
        let longest =
            replicas.max_by_key(|broker| broker.partitions().get(&partition).map(|it| it.log_end_offset()))?;
        longest.read_groups(self.clock.now, partition)
    }

    /// The partition and the broker that a group belongs to, also when that broker is down.
    pub fn place_of_group(&self, group: &str) -> Option<(i32, BrokerId)> {
        let (partition, registration) = self.image().group_partition(group)?;
        Some((partition, registration.leader.or_else(|| registration.replicas.first().copied())?))
    }

    /// A group as its coordinator has it.
    pub fn group(&self, group: &str) -> Option<GroupView> {
        self.coordinator(group)?.group(group)
    }

    pub(super) fn described_group(&self, group: &str) -> Option<DescribedGroup> {
        let view = self.group(group)?;
        let mut members: Vec<DescribedMember> = view
            .members
            .iter()
            .map(|member| {
                let mut assignment = member.assignment.clone();
                assignment.order();
                DescribedMember {
                    client_id: member.client_id.clone(),
                    member_id: member.member_id.clone(),
                    instance: member.instance_id.clone(),
                    assignment,
                }
            })
            .collect();
        members
            .order_by(|a, b| (&a.client_id, &a.instance, &a.member_id).cmp(&(&b.client_id, &b.instance, &b.member_id)));
        Some(DescribedGroup {
            group: view.id,
            state: Arc::from(view.state.name()),
            // The protocol is told of only while the group is stable.
            assignor: view.protocol.filter(|_| view.state == GroupState::Stable),
            members,
        })
    }

    fn describe_producers(&self, partition: &TopicPartition) -> Seen {
        let Some(replica) = self.log_at(partition, ReplicaPlace::Leader) else {
            return Seen::Failed(Exception::of(Code::UnknownTopicOrPartition));
        };
        let producers = replica.log().producers().producers().map(|entry| ActiveProducer {
            producer_id: entry.producer_id,
            epoch: entry.producer_epoch,
            last_sequence: entry.last_sequence(),
        });
        Seen::Producers(producers.collect())
    }

    fn describe_config(&self, topic: &str, names: &[Arc<str>]) -> Seen {
        let Some(found) = self.image().topics.get(topic) else {
            return Seen::Failed(Exception::of(Code::UnknownTopicOrPartition));
        };
        let value = |name: &Arc<str>| self.cluster.controller().topic_setting(found, name).map(Arc::from);
        Seen::Config(names.iter().map(|name| (name.clone(), value(name))).collect())
    }

    fn list_offsets(&self, topic: &Arc<str>, partition: Option<i32>, spec: OffsetSpec) -> Seen {
        let Some(found) = self.image().topics.get(topic) else {
            return unknown_topic(topic, partition);
        };
        let all: Vec<i32> = (0..).take(found.partitions.len()).collect();
        let asked = partition.map_or(all, |partition| vec![partition]);
        let one = |partition: i32| {
            let name = TopicPartition::new(topic, partition);
            let listed = match self.log_at(&name, ReplicaPlace::Leader) {
                Some(replica) => Ok(listed_offset(replica, spec)),
                None => Err(Exception::of(Code::LeaderNotAvailable)),
            };
            (name, listed)
        };
        Seen::ListedOffsets(asked.into_iter().map(one).collect())
    }

    /// The offset that a group has committed for a partition.
    pub(super) fn committed_offset(&self, group: &str, partition: &TopicPartition) -> Option<i64> {
        self.coordinator(group)?.offsets(group)?.get(partition).map(|value| value.offset)
    }

    fn group_offsets(&self, group: &str) -> Seen {
        let Some(offsets) = self.coordinator(group).and_then(|coordinator| coordinator.offsets(group)) else {
            return Seen::GroupOffsets(Vec::new());
        };
        Seen::GroupOffsets(offsets.iter().map(|(partition, value)| (partition.clone(), Some(value.offset))).collect())
    }

    fn dump_log(&self, partition: &TopicPartition, broker: Option<BrokerId>) -> Seen {
        let replica = match broker {
            Some(broker) => self.replica(partition, broker),
            None => self.leading_replica(partition),
        };
        let Some(replica) = replica else {
            return Seen::Failed(Exception::of(Code::UnknownTopicOrPartition));
        };
        let log = replica.log();
        Seen::Log {
            partition: partition.clone(),
            segments: log.segments().iter().map(|segment| segment.base_offset.cast_unsigned()).collect(),
            batches: log.batches().map(dumped).collect(),
        }
    }

    fn dump_group(&self, group: &str, broker: Option<BrokerId>) -> Seen {
        let topic: Arc<str> = Arc::from("__consumer_offsets");
        let partition = TopicPartition::new(&topic, self.group_partition(group));
        let replica = match broker {
            Some(broker) => self.replica(&partition, broker),
            None => self.leading_replica(&partition),
        };
        let batches = replica.into_iter().flat_map(|replica| replica.log().batches()).map(dumped);
        let records =
            batches.flat_map(|batch| batch.records.into_iter().map(move |record| (batch.base_offset, record)));
        let of_group = |(_, record): &(u64, SeenRecord)| {
            use crate::coordinator::group::GroupRecord;
            let key = record.key.clone().unwrap_or_default();
            matches!(GroupRecord::read(&key, record.value.as_deref()), Ok(Some(found)) if **found.group() == *group)
        };
        let found = records.filter(of_group).map(|(base_offset, record)| DumpedGroupRecord {
            base_offset,
            offset: record.offset,
            key: record.key.unwrap_or_default(),
            value: record.value,
        });
        Seen::GroupRecords(found.collect())
    }
}

/// `listOffsets` of a topic that is not there: of one partition, its own result fails; of all, the look-up of the topic.
fn unknown_topic(topic: &Arc<str>, partition: Option<i32>) -> Seen {
    let Some(partition) = partition else { return Seen::Failed(Exception::of(Code::UnknownTopicOrPartition)) };
    let name = TopicPartition::new(topic, partition);
    let message = format!(
        "Failed to fetch metadata for partition {name} because metadata for topic `{topic}` could not be found"
    );
    let failed = Exception::with_message(Code::UnknownTopicOrPartition, message);
    Seen::ListedOffsets(vec![(name, Err(failed))])
}

fn listed_offset(replica: &Partition, spec: OffsetSpec) -> ListedOffset {
    let log = replica.log();
    let found = match spec {
        OffsetSpec::Latest => {
            let leader_epoch = log.leader_epochs().latest();
            return ListedOffset { offset: log.high_watermark(), timestamp: -1, leader_epoch };
        }
        OffsetSpec::Earliest => {
            let earliest = log.earliest();
            return ListedOffset { offset: earliest.offset, timestamp: -1, leader_epoch: earliest.leader_epoch };
        }
        OffsetSpec::MaxTimestamp => log.max_timestamp_offset(),
        OffsetSpec::Timestamp(ms) => log.offset_for_timestamp(ms),
    };
    match found {
        Some(found) if found.offset < log.high_watermark() => {
            ListedOffset { offset: found.offset, timestamp: found.timestamp, leader_epoch: found.leader_epoch }
        }
        _ => ListedOffset { offset: -1, timestamp: -1, leader_epoch: None },
    }
}

/// A batch as it lies in the log.
fn dumped(batch: &StoredBatch) -> DumpedBatch {
    let view = batch.view();
    let records = view.records().ok();
    let seen = records.iter().flat_map(|records| records.iter().flatten()).map(|record| SeenRecord {
        offset: record.offset.cast_unsigned(),
        timestamp: record.timestamp,
        log_append_time: view.timestamp_type() == TimestampType::LogAppendTime,
        key: record.key.map(bytes::Bytes::copy_from_slice),
        value: record.value.map(bytes::Bytes::copy_from_slice),
        headers: record
            .headers()
            .map(|(key, value)| (Arc::from(key), value.map(bytes::Bytes::copy_from_slice)))
            .collect(),
    });
    let producer = view.has_producer_id().then(|| (view.producer_id(), view.producer_epoch(), view.base_sequence()));
    DumpedBatch {
        base_offset: batch.base_offset.cast_unsigned(),
        last_offset: batch.last_offset.cast_unsigned(),
        count: view.records_count().cast_unsigned(),
        producer,
        transactional: view.is_transactional(),
        control: view.is_control(),
        compression: view.compression().map_or("?", CompressionType::name),
        leader_epoch: view.partition_leader_epoch(),
        log_append_time: view.timestamp_type() == TimestampType::LogAppendTime,
        bytes: u32::try_from(batch.bytes.len()).unwrap_or(u32::MAX),
        records: seen.collect(),
    }
}
