//! `ListOffsets` (key 2), versions 1 to 11.
//!
//! -1 latest: the high watermark, or with `read_committed` the last stable offset. -2 earliest, -4 earliest local: the log
//! start. -3 the record with the largest timestamp. -5 latest tiered, -6 earliest that waits for its upload: nothing. 0 and
//! above: the first record at that timestamp or later. -3 needs version 7, -4 8, -5 9, -6 11; unknown ones are
//! `UNSUPPORTED_VERSION` for the partition.
//! To a replica latest is the log's end. While the high watermark has not come to the start of the leader's epoch, latest and
//! what lies above the high watermark are 78 `OFFSET_NOT_AVAILABLE` (before version 5: 5): what is committed is not known yet.
//! Per partition: 3 unknown, 6 not the leader, 74 and 75 an old or a future leader epoch.
//! Simplified: no tiered storage, so `timeoutMs` is never needed.

use kafka_protocol::messages::list_offsets_response::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse};
use kafka_protocol::messages::{ListOffsetsRequest, ListOffsetsResponse};

use crate::error::Code;
use crate::ids::EventId;
use crate::log::TimestampOffset;

use super::Broker;
use super::answer::BrokerAnswer;
use super::replica::{Isolation, Partition};

const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const MAX_TIMESTAMP: i64 = -3;
const EARLIEST_LOCAL: i64 = -4;
const LATEST_TIERED: i64 = -5;
const EARLIEST_PENDING_UPLOAD: i64 = -6;

/// `ListOffsetsRequest.CONSUMER_REPLICA_ID`
const CONSUMER: i32 = -1;

/// Timestamp, offset, leader epoch; -1 where there is none.
type Found = (i64, i64, i32);
const NOTHING: Found = (-1, -1, -1);

impl Broker {
    pub(super) fn list_offsets(&self, version: i16, request: &ListOffsetsRequest, cause: EventId) -> BrokerAnswer {
        let is_client = request.replica_id.0 == CONSUMER;
        let isolation = if is_client { Isolation::from_wire(request.isolation_level) } else { Isolation::LogEnd };
        let mut response = ListOffsetsResponse::default();
        for topic in &request.topics {
            let mut answer = ListOffsetsTopicResponse::default().with_name(topic.name.clone());
            for asked in &topic.partitions {
                let found = self
                    .find_partition(&topic.name, asked.partition_index)
                    .ok_or(Code::UnknownTopicOrPartition)
                    .and_then(|no| self.leading(no, asked.current_leader_epoch))
                    .and_then(|partition| found(partition, version, asked.timestamp, isolation));
                let code = found.err().unwrap_or(Code::None);
                let (timestamp, offset, epoch) = found.unwrap_or(NOTHING);
                // Older versions have nowhere to put the epoch.
                let epoch = if version < 4 { -1 } else { epoch };
                answer.partitions.push(
                    ListOffsetsPartitionResponse::default()
                        .with_partition_index(asked.partition_index)
                        .with_error_code(code.code())
                        .with_timestamp(timestamp)
                        .with_offset(offset)
                        .with_leader_epoch(epoch),
                );
            }
            response.topics.push(answer);
        }
        BrokerAnswer::respond(response, cause)
    }
}

/// `Partition.fetchOffsetForTimestamp`.
fn found(partition: &Partition, version: i16, timestamp: i64, isolation: Isolation) -> Result<Found, Code> {
    let needed = match timestamp {
        MAX_TIMESTAMP => 7,
        EARLIEST_LOCAL => 8,
        LATEST_TIERED => 9,
        EARLIEST_PENDING_UPLOAD => 11,
        timestamp if timestamp >= EARLIEST => 1,
        _ => return Err(Code::UnsupportedVersion),
    };
    if version < needed {
        return Err(Code::UnsupportedVersion);
    }
    let end = partition.fetchable_end(isolation);
    let is_unknown = isolation != Isolation::LogEnd && partition.lags_behind_epoch();
    // Versions before 5 do not know the code.
    let not_available = if version >= 5 { Code::OffsetNotAvailable } else { Code::LeaderNotAvailable };
    let visible = |found: Option<TimestampOffset>| match found {
        Some(found) if found.offset < end => Ok(triple(found)),
        Some(_) if is_unknown => Err(not_available),
        Some(_) | None => Ok(NOTHING),
    };
    match timestamp {
        LATEST if is_unknown => Err(not_available),
        LATEST => Ok((-1, end, partition.leader_epoch())),
        EARLIEST | EARLIEST_LOCAL => Ok(triple(partition.log().earliest())),
        LATEST_TIERED | EARLIEST_PENDING_UPLOAD => Ok(NOTHING),
        MAX_TIMESTAMP => visible(partition.log().max_timestamp_offset()),
        _ => visible(partition.log().offset_for_timestamp(timestamp)),
    }
}

fn triple(found: TimestampOffset) -> Found {
    (found.timestamp, found.offset, found.leader_epoch.unwrap_or(-1))
}
