//! Which events a step passes.

use super::EventKind;
use crate::error::Code;
use crate::wire::Api;

impl EventKind {
    /// Whether the event is routine: passed and counted when a person steps. Idle heartbeats, empty polls and fetches,
    /// metadata refreshes, the opening of connections, and the frame of a call around what it does.
    pub fn is_routine(self) -> bool {
        match self {
            EventKind::RequestSent { api, .. }
            | EventKind::RequestArrived { api, .. }
            | EventKind::ResponseSent { api, .. }
            | EventKind::ResponseArrived { api, .. } => is_routine_api(api),
            EventKind::CallStarted { .. }
            | EventKind::MetadataUpdated { .. }
            | EventKind::ConnectionOpening { .. }
            | EventKind::ConnectionOpened { .. }
            | EventKind::FetchParked { .. }
            | EventKind::PollReturned { records: 0, .. }
            | EventKind::FetchAnswered { bytes: 0, .. }
            | EventKind::HeartbeatAnswered { code: Code::None, .. } => true,
            EventKind::CallReturned { ok, .. } => ok,
            _ => false,
        }
    }
}

/// The requests that only keep things going.
const fn is_routine_api(api: Api) -> bool {
    !matches!(
        api,
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
    )
}
