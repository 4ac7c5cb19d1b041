//! Which handler takes a request (`KafkaApis.handle`).

use std::sync::Arc;

use crate::ids::ConnectionId;
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Api, Body, Frame, Request};

use super::answer::BrokerAnswer;
use super::{Broker, api_versions};

impl Broker {
    pub(super) fn dispatch(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let Body::Request(request) = &frame.body else { return BrokerAnswer::Close };
        let (version, cause) = (frame.version, frame.cause);
        let (lowest, highest) = request.api().versions();
        if !(lowest..=highest).contains(&version) {
            let asks_versions = request.api() == Api::ApiVersions;
            return if asks_versions { api_versions::unsupported(cause) } else { BrokerAnswer::Close };
        }
        match request {
            Request::ApiVersions(request) => self.api_versions(version, request, cause),
            Request::Metadata(request) => self.metadata(now, version, request, cause, out),
            Request::Produce(request) => self.produce(now, connection, frame, request, out),
            Request::Fetch(request) => self.fetch(now, connection, frame, request, out),
            Request::ListOffsets(request) => self.list_offsets(version, request, cause),
            Request::OffsetForLeaderEpoch(request) => self.offset_for_leader_epoch(request, cause),
            Request::InitProducerId(request) => self.init_producer_id(now, request, cause, out),
            Request::DeleteRecords(request) => self.delete_records(now, frame, request, out),
            Request::CreateTopics(_)
            | Request::CreatePartitions(_)
            | Request::DeleteTopics(_)
            | Request::IncrementalAlterConfigs(_) => self.forward(now, connection, frame, request, out),
            Request::FindCoordinator(request) => self.find_coordinator(now, version, request, cause, out),
            Request::JoinGroup(_) | Request::SyncGroup(_) | Request::Heartbeat(_) | Request::LeaveGroup(_) => {
                self.group_request(now, connection, frame, out)
            }
            Request::OffsetCommit(request) => self.offset_commit(now, connection, frame, request, out),
            Request::OffsetDelete(request) => self.offset_delete(now, connection, frame, request, out),
            Request::OffsetFetch(request) => self.offset_fetch(now, connection, frame, request, out),
            Request::DescribeGroups(request) => self.describe_groups(version, request, cause),
            Request::ListGroups(request) => self.list_groups(version, request, cause),
            Request::DeleteGroups(request) => self.delete_groups(now, connection, frame, request, out),
            // Asked of the controller alone: on a broker's listener Kafka does not know them.
            Request::AlterPartition(_)
            | Request::BrokerRegistration(_)
            | Request::BrokerHeartbeat(_)
            | Request::AllocateProducerIds(_)
            | Request::ElectLeaders(_)
            | Request::AlterPartitionReassignments(_)
            | Request::ListPartitionReassignments(_) => BrokerAnswer::Close,
        }
    }
}
