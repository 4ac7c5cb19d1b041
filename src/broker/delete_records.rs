//! `DeleteRecords` (key 21), versions 0 to 2.
//!
//! Moves the log start up to an offset; -1 means the high watermark. Batches wholly below it can no longer be read. The answer
//! waits until the followers that live have deleted as well, and is the low watermark: the lowest log start of them all.
//! Per partition: 7 not all have deleted within `timeoutMs`, 1 below 0 or above the high watermark, 3 unknown, 6 not the leader,
//! 17 an internal topic, 44 a topic whose `cleanup.policy` does not delete.

use std::sync::Arc;

use kafka_protocol::messages::delete_records_response::{DeleteRecordsPartitionResult, DeleteRecordsTopicResult};
use kafka_protocol::messages::{DeleteRecordsRequest, DeleteRecordsResponse};

use crate::controller::is_internal;
use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{EventId, PartitionNo};
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::Frame;

use super::Broker;
use super::answer::BrokerAnswer;
use super::parked::{Awaited, Parked, ParkedDelete};
use super::waiting::deadline;

impl Broker {
    pub(super) fn delete_records(
        &mut self,
        now: Now,
        frame: &Arc<Frame>,
        request: &DeleteRecordsRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let (mut response, mut awaited) = (DeleteRecordsResponse::default(), Vec::new());
        for topic in &request.topics {
            let mut answer = DeleteRecordsTopicResult::default().with_name(topic.name.clone());
            for asked in &topic.partitions {
                let deleted = self.delete_before(&topic.name, asked.partition_index, asked.offset, frame.cause, out);
                let place = (response.topics.len(), answer.partitions.len());
                awaited.extend(deleted.ok().map(|(partition, offset)| Awaited { partition, offset, place }));
                let code = deleted.err().unwrap_or(Code::None);
                answer.partitions.push(
                    DeleteRecordsPartitionResult::default()
                        .with_partition_index(asked.partition_index)
                        .with_low_watermark(-1)
                        .with_error_code(code.code()),
                );
            }
            response.topics.push(answer);
        }
        let until = deadline(now, request.timeout_ms);
        let mut parked = ParkedDelete { frame: frame.clone(), until, awaited, response };
        self.settle_delete(&mut parked);
        if parked.awaited.is_empty() {
            return BrokerAnswer::respond(parked.response, frame.cause);
        }
        BrokerAnswer::Park(Parked::DeleteRecords(parked))
    }

    /// `Partition.deleteRecordsOnLeader`; the partition, and what all replicas are to delete up to.
    fn delete_before(
        &mut self,
        topic: &str,
        partition: i32,
        offset: i64,
        cause: EventId,
        out: &mut Outbox,
    ) -> Result<(PartitionNo, i64), Code> {
        let no = self.find_partition(topic, partition).ok_or(Code::UnknownTopicOrPartition)?;
        if is_internal(topic) {
            return Err(Code::InvalidTopicException);
        }
        self.leading(no, -1)?;
        let broker = self.id;
        let partition = Arc::make_mut(self.partitions.get_mut(&no).expect("it is led here"));
        if !partition.deletes_records() {
            return Err(Code::PolicyViolation);
        }
        let offset = if offset == -1 { partition.high_watermark() } else { offset };
        if !(0..=partition.high_watermark()).contains(&offset) {
            return Err(Code::OffsetOutOfRange);
        }
        let before = partition.log_start_offset();
        partition.move_log_start(offset)?;
        let starts_at = partition.log_start_offset();
        if starts_at > before {
            let at = starts_at.cast_unsigned();
            out.emit(cause, EventKind::RecordsDeleted { partition: no, broker, offset: at });
        }
        Ok((no, offset))
    }
}
