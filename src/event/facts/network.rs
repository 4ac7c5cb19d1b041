//! Any client's requests and connections.

use super::fact::{Facts, Place, Rank};
use crate::event::network::NetworkEvent;
use crate::ids::Process;
use crate::wire::Api;

pub(super) const fn facts(event: NetworkEvent) -> Facts {
    use NetworkEvent::*;
    match event {
        ConnectionOpening(of) => Facts::new(Rank::Routine, Place::of_connection(of.connection, of.broker)),
        ConnectionOpened(of) => Facts::new(Rank::Routine, Place::of_connection(of.connection, of.broker)),
        ConnectionRefused(of) => Facts::new(Rank::Detail, Place::of_connection(of.connection, of.broker)),
        ConnectionClosed(of) => Facts::new(Rank::Detail, Place::of_connection(of.connection, of.broker)),
        RequestSent(of) => {
            Facts::new(rank_of(of.api, of.acceptor), Place::of_message(of.connection, of.acceptor, of.correlation_id))
        }
        RequestArrived(of) => {
            Facts::new(rank_of(of.api, of.acceptor), Place::of_message(of.connection, of.acceptor, of.correlation_id))
        }
        ResponseSent(of) => {
            Facts::new(rank_of(of.api, of.acceptor), Place::of_message(of.connection, of.acceptor, of.correlation_id))
        }
        ResponseArrived(of) => {
            Facts::new(rank_of(of.api, of.acceptor), Place::of_message(of.connection, of.acceptor, of.correlation_id))
        }
        RequestTimedOut(of) => {
            Facts::new(Rank::Failure, Place::of_request(of.connection, of.broker, of.correlation_id))
        }
        MetadataUpdated(of) => Facts::new(Rank::Routine, Place::of_client(of.client)),
        CoordinatorFound(of) => {
            Facts::new(Rank::Frame, Place { broker: Some(of.broker), ..Place::of_client(of.client) })
        }
        CoordinatorLost(of) => Facts::new(Rank::Detail, Place::of_client(of.client)),
    }
}

/// Messages that only keep things going are routine, and what brokers say to their controller: what it decides is told.
const fn rank_of(api: Api, acceptor: Process) -> Rank {
    if matches!(acceptor, Process::Controller) {
        return Rank::Routine;
    }
    match api {
        Api::Produce
        | Api::JoinGroup
        | Api::SyncGroup
        | Api::LeaveGroup
        | Api::OffsetCommit
        | Api::InitProducerId
        | Api::CreateTopics
        | Api::DeleteTopics
        | Api::CreatePartitions
        | Api::DeleteRecords
        | Api::ElectLeaders
        | Api::AlterPartitionReassignments
        | Api::AlterPartition => Rank::Message,
        Api::Fetch
        | Api::ListOffsets
        | Api::Metadata
        | Api::OffsetFetch
        | Api::FindCoordinator
        | Api::Heartbeat
        | Api::OffsetForLeaderEpoch
        | Api::ApiVersions
        | Api::DescribeGroups
        | Api::ListGroups
        | Api::DeleteGroups
        | Api::OffsetDelete
        | Api::IncrementalAlterConfigs
        | Api::ListPartitionReassignments
        | Api::BrokerRegistration
        | Api::BrokerHeartbeat
        | Api::AllocateProducerIds => Rank::Routine,
    }
}
