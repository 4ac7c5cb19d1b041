//! `OffsetForLeaderEpoch` (key 23), versions 2 to 4.
//!
//! Where the log of an epoch ends: the largest epoch not above the asked one, and the offset behind its last record. An
//! epoch later than the log's latest is answered -1, -1. Consumers ask it when the leader epoch changed (KIP-320).
//! Per partition: 3 unknown, 6 not the leader, 74 and 75 an old or a future leader epoch.

use kafka_protocol::messages::offset_for_leader_epoch_response::{EpochEndOffset, OffsetForLeaderTopicResult};
use kafka_protocol::messages::{OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse};

use crate::error::Code;
use crate::ids::EventId;

use super::Broker;
use super::answer::BrokerAnswer;

impl Broker {
    pub(super) fn offset_for_leader_epoch(
        &self,
        request: &OffsetForLeaderEpochRequest,
        cause: EventId,
    ) -> BrokerAnswer {
        let mut response = OffsetForLeaderEpochResponse::default();
        for topic in &request.topics {
            let mut answer = OffsetForLeaderTopicResult::default().with_topic(topic.topic.clone());
            for asked in &topic.partitions {
                let found = self
                    .find_partition(&topic.topic, asked.partition)
                    .ok_or(Code::UnknownTopicOrPartition)
                    .and_then(|no| self.leading(no, asked.current_leader_epoch))
                    .map(|partition| partition.end_offset_for(asked.leader_epoch).unwrap_or((-1, -1)));
                let code = found.err().unwrap_or(Code::None);
                let (epoch, end) = found.unwrap_or((-1, -1));
                answer.partitions.push(
                    EpochEndOffset::default()
                        .with_error_code(code.code())
                        .with_partition(asked.partition)
                        .with_leader_epoch(epoch)
                        .with_end_offset(end),
                );
            }
            response.topics.push(answer);
        }
        BrokerAnswer::respond(response, cause)
    }
}
