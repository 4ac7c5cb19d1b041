//! The log behind the group coordinators: what they write, and what they are rebuilt from (`CoordinatorPartitionWriter`,
//! `CoordinatorLoaderImpl`).

use crate::coordinator::group::{CoordinatorOutput, GroupCoordinator, GroupRecord};
use crate::coordinator::runtime::{Appended, CoordinatorShard, Effects, LoadedBatch};
use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{ConnectionId, EventId, PartitionNo};
use crate::image::{GROUP_METADATA_TOPIC, TopicImage};
use crate::log::AppendOrigin;
use crate::node::Outbox;
use crate::record::{BatchBuilder, BatchOptions, BatchView, ProducerState, RecordView};
use crate::time::Now;

use super::Broker;
use super::connection::Origin;
use super::groups::cause_of;
use super::replica::Partition;

impl Broker {
    /// One batch for all that was decided. It is written as with `acks=1`: too few replicas in sync refuse nothing, they
    /// only keep the high watermark where it is. Errors: what the log says; -1 for a text that no record can hold.
    pub(super) fn append_group_records(
        &mut self,
        now: Now,
        partition: i32,
        records: &[GroupRecord],
        origin: Option<Origin>,
        out: &mut Outbox,
    ) -> Result<Appended, Code> {
        if !records.iter().all(GroupRecord::is_writable) {
            return Err(Code::UnknownServerError);
        }
        let topic = self.image.topics.get(GROUP_METADATA_TOPIC).ok_or(Code::UnknownTopicOrPartition)?;
        let no = PartitionNo { topic: topic.no, partition };
        let led = self.replica_mut(now, no).filter(|(replica, _)| replica.leads());
        let (replica, around) = led.ok_or(Code::NotLeaderOrFollower)?;
        let mut builder = BatchBuilder::new(BatchOptions::default());
        for record in records {
            builder
                .append(now.wall_ms(), Some(&record.key()), record.value().as_deref(), &[])
                .expect("a record of now fits a batch without a limit");
        }
        let batch = builder.build(ProducerState::NONE).expect("nothing is compressed");
        let (info, raised) = replica.append(&batch, AppendOrigin::Coordinator, around).map_err(|error| error.code())?;
        let appended = Appended { last_offset: info.last_offset, high_watermark: replica.high_watermark() };
        out.written += batch.len() as u64;
        let (connection, correlation_id) =
            origin.map_or((ConnectionId::NONE, -1), |origin| (origin.connection, origin.correlation_id));
        let kind = EventKind::BatchAppended {
            partition: no,
            broker: self.id,
            connection,
            correlation_id,
            base_offset: u64::try_from(info.first_offset).expect("it was appended"),
            records: u32::try_from(records.len()).expect("few records"),
        };
        let event = out.emit(cause_of(origin), kind);
        self.touch(no, raised, event, out);
        Ok(appended)
    }

    /// Leadership of a partition began or ended: of the coordinators' topic it makes or ends a coordinator.
    pub(super) fn coordinate_if_led(&mut self, now: Now, topic: &TopicImage, partition: i32, out: &mut Outbox) {
        if &*topic.name != GROUP_METADATA_TOPIC {
            return;
        }
        let no = PartitionNo { topic: topic.no, partition };
        let Some(replica) = self.partitions.get(&no).cloned() else { return };
        if !replica.leads() {
            return self.unload(now, partition, Some(replica.leader_epoch()), out);
        }
        let empty = GroupCoordinator::new(self.group_config.clone());
        if !self.groups.begin_loading(partition, replica.leader_epoch(), empty) {
            return;
        }
        let mut effects = Effects::default();
        match loaded_batches(&replica) {
            Ok(batches) => self.groups.loaded(now, partition, batches, replica.high_watermark(), &mut effects),
            Err(_) => self.groups.failed(partition),
        }
        self.carry_out(now, effects, EventId::NONE, None, out);
    }

    /// Ends a coordinator, as of a later leader epoch or of none: requests that it holds are answered `NOT_COORDINATOR`.
    pub(super) fn unload(&mut self, now: Now, partition: i32, epoch: Option<i32>, out: &mut Outbox) {
        let mut effects = Effects::default();
        self.groups.unload(now, partition, epoch, &mut effects);
        self.carry_out(now, effects, EventId::NONE, None, out);
    }

    /// The groups that this broker's log of a partition of `__consumer_offsets` holds, as a coordinator would find them.
    pub fn read_groups(&self, now: Now, partition: PartitionNo) -> Option<GroupCoordinator> {
        let replica = self.partitions.get(&partition)?;
        let mut coordinator = GroupCoordinator::new(self.group_config.clone());
        for record in replica.log().batches().flat_map(|batch| group_records(batch.view()).unwrap_or_default()) {
            coordinator.replay(&record);
        }
        coordinator.on_loaded(now, &mut CoordinatorOutput::default());
        Some(coordinator)
    }
}

/// Errors: a sentence about a record that is none.
fn loaded_batches(replica: &Partition) -> Result<Vec<LoadedBatch<GroupRecord>>, String> {
    let read =
        |batch: BatchView<'_>| Ok(LoadedBatch { last_offset: batch.last_offset(), records: group_records(batch)? });
    replica.log().batches().map(|batch| read(batch.view())).collect()
}

/// The records of one batch. Types that are not built are passed over, as Kafka's loader logs and passes over those that it
/// does not know; what cannot be read ends the loading.
fn group_records(batch: BatchView<'_>) -> Result<Vec<GroupRecord>, String> {
    if batch.is_control() {
        return Ok(Vec::new());
    }
    let records = batch.records().map_err(|error| format!("{error:?}"))?;
    let read = |record: RecordView<'_>| GroupRecord::read(record.key.unwrap_or_default(), record.value).transpose();
    records.iter().flatten().filter_map(read).collect()
}
