//! `DeleteRecords` (key 21), versions 0 to 2.
//!
//! Moves the log start up to an offset; -1 means the high watermark. Batches wholly below it can no longer be read; the
//! answer is the new low watermark. Per partition: 1 below 0 or above the high watermark, 3 unknown, 6 not the leader,
//! 17 an internal topic, 44 a topic whose `cleanup.policy` does not delete.
//! Simplified: one replica, so the low watermark is the leader's log start and nothing waits for followers.

use std::sync::Arc;

use kafka_protocol::messages::delete_records_response::{DeleteRecordsPartitionResult, DeleteRecordsTopicResult};
use kafka_protocol::messages::{DeleteRecordsRequest, DeleteRecordsResponse};

use crate::controller::is_internal;
use crate::error::Code;
use crate::event::EventKind;
use crate::ids::EventId;
use crate::node::Outbox;

use super::Broker;
use super::answer::BrokerAnswer;

impl Broker {
    pub(super) fn delete_records(
        &mut self,
        request: &DeleteRecordsRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let mut response = DeleteRecordsResponse::default();
        for topic in &request.topics {
            let mut answer = DeleteRecordsTopicResult::default().with_name(topic.name.clone());
            for asked in &topic.partitions {
                let deleted = self.delete_before(&topic.name, asked.partition_index, asked.offset, cause, out);
                let code = deleted.err().unwrap_or(Code::None);
                answer.partitions.push(
                    DeleteRecordsPartitionResult::default()
                        .with_partition_index(asked.partition_index)
                        .with_low_watermark(deleted.unwrap_or(-1))
                        .with_error_code(code.code()),
                );
            }
            response.topics.push(answer);
        }
        BrokerAnswer::respond(response, cause)
    }

    /// `Partition.deleteRecordsOnLeader`.
    fn delete_before(
        &mut self,
        topic: &str,
        partition: i32,
        offset: i64,
        cause: EventId,
        out: &mut Outbox,
    ) -> Result<i64, Code> {
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
            let offset = starts_at.cast_unsigned();
            out.emit(cause, EventKind::RecordsDeleted { partition: no, broker, offset });
        }
        Ok(starts_at)
    }
}
