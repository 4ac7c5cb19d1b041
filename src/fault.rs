//! Faults as data: what waits for a message, and the answer that an error fault gives.

use kafka_protocol::messages as m;

use crate::error::Code;
use crate::ids::{BrokerId, Process};
use crate::wire::{Api, Frame, Request, Response};

/// What an armed fault does to the message it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// The response is lost, and with it all that follows in its direction of the connection.
    DropResponse,
    /// The request is not handled: it is answered with this error.
    Answer(Code),
}

/// A fault that waits for its message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Armed {
    pub broker: BrokerId,
    pub api: Api,
    /// Who asks; none: any client.
    pub asker: Option<Process>,
    pub deed: Deed,
    /// So many messages pass before it acts.
    pub skip: u32,
    /// So often it acts; at least 1.
    pub times: u32,
}

/// The faults that wait for a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ArmedFaults {
    armed: Vec<Armed>,
}

impl ArmedFaults {
    pub fn arm(&mut self, armed: Armed) {
        self.armed.push(armed);
    }

    pub fn armed(&self) -> &[Armed] {
        &self.armed
    }

    pub fn is_empty(&self) -> bool {
        self.armed.is_empty()
    }

    /// The error to answer a request with, if a fault waits for it.
    pub fn answer(&mut self, broker: BrokerId, api: Api, asker: Process) -> Option<Code> {
        match self.hit(broker, api, asker, |deed| matches!(deed, Deed::Answer(_)))? {
            Deed::Answer(code) => Some(code),
            Deed::DropResponse => None,
        }
    }

    /// Whether a response is to be dropped.
    pub fn drops(&mut self, broker: BrokerId, api: Api, asker: Process) -> bool {
        self.hit(broker, api, asker, |deed| deed == Deed::DropResponse).is_some()
    }

    fn hit(&mut self, broker: BrokerId, api: Api, asker: Process, kind: impl Fn(Deed) -> bool) -> Option<Deed> {
        let is_of = |armed: &Armed| armed.asker.map_or(asker.client().is_some(), |wanted| wanted == asker);
        let fits = |armed: &Armed| armed.broker == broker && armed.api == api && is_of(armed) && kind(armed.deed);
        let at = self.armed.iter().position(fits)?;
        let armed = &mut self.armed[at];
        if armed.skip > 0 {
            armed.skip -= 1;
            return None;
        }
        let deed = armed.deed;
        armed.times -= 1;
        if armed.times == 0 {
            self.armed.remove(at);
        }
        Some(deed)
    }
}

/// The APIs whose responses have a place for an error that a user may arm.
pub const ANSWERABLE: [Api; 13] = [
    Api::Produce,
    Api::Fetch,
    Api::ListOffsets,
    Api::Metadata,
    Api::OffsetCommit,
    Api::OffsetFetch,
    Api::FindCoordinator,
    Api::JoinGroup,
    Api::SyncGroup,
    Api::Heartbeat,
    Api::LeaveGroup,
    Api::InitProducerId,
    Api::OffsetForLeaderEpoch,
];

/// A response to `frame` that says `code` everywhere that the API has a place for an error (as `getErrorResponse` of Kafka's request classes).
pub fn error_response(frame: &Frame, code: Code) -> Option<Response> {
    let code = code.code();
    Some(match frame.request()? {
        Request::Produce(request) => produce(request, code),
        Request::Fetch(request) => fetch(request, code),
        Request::ListOffsets(request) => list_offsets(request, code),
        Request::Metadata(request) => metadata(request, code),
        Request::OffsetCommit(request) => offset_commit(request, code),
        Request::OffsetFetch(request) => offset_fetch(request, frame.version, code),
        Request::FindCoordinator(request) => find_coordinator(request, frame.version, code),
        Request::JoinGroup(request) => m::JoinGroupResponse::default()
            .with_error_code(code)
            .with_generation_id(-1)
            .with_protocol_name(None)
            .with_member_id(request.member_id.clone())
            .into(),
        Request::SyncGroup(_) => m::SyncGroupResponse::default().with_error_code(code).into(),
        Request::Heartbeat(_) => m::HeartbeatResponse::default().with_error_code(code).into(),
        Request::LeaveGroup(_) => m::LeaveGroupResponse::default().with_error_code(code).into(),
        Request::InitProducerId(_) => m::InitProducerIdResponse::default()
            .with_error_code(code)
            .with_producer_id(m::ProducerId(-1))
            .with_producer_epoch(-1)
            .into(),
        Request::OffsetForLeaderEpoch(request) => offset_for_leader_epoch(request, code),
        _ => return None,
    })
}

fn produce(request: &m::ProduceRequest, code: i16) -> Response {
    use m::produce_response::{PartitionProduceResponse, TopicProduceResponse};
    let topics = request.topic_data.iter().map(|topic| {
        let partitions = topic.partition_data.iter().map(|partition| {
            PartitionProduceResponse::default()
                .with_index(partition.index)
                .with_error_code(code)
                .with_base_offset(-1)
                .with_log_append_time_ms(-1)
                .with_log_start_offset(-1)
        });
        TopicProduceResponse::default()
            .with_name(topic.name.clone())
            .with_topic_id(topic.topic_id)
            .with_partition_responses(partitions.collect())
    });
    m::ProduceResponse::default().with_responses(topics.collect()).into()
}

fn fetch(request: &m::FetchRequest, code: i16) -> Response {
    use m::fetch_response::{FetchableTopicResponse, PartitionData};
    let of_session = matches!(
        Code::from_i16(code),
        Code::FetchSessionIdNotFound | Code::InvalidFetchSessionEpoch | Code::FetchSessionTopicIdError
    );
    if of_session || request.topics.is_empty() {
        return m::FetchResponse::default().with_error_code(code).into();
    }
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().map(|partition| {
            PartitionData::default()
                .with_partition_index(partition.partition)
                .with_error_code(code)
                .with_high_watermark(-1)
        });
        FetchableTopicResponse::default()
            .with_topic(topic.topic.clone())
            .with_topic_id(topic.topic_id)
            .with_partitions(partitions.collect())
    });
    m::FetchResponse::default().with_responses(topics.collect()).into()
}

fn list_offsets(request: &m::ListOffsetsRequest, code: i16) -> Response {
    use m::list_offsets_response::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse};
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().map(|partition| {
            ListOffsetsPartitionResponse::default()
                .with_partition_index(partition.partition_index)
                .with_error_code(code)
                .with_offset(-1)
                .with_timestamp(-1)
        });
        ListOffsetsTopicResponse::default().with_name(topic.name.clone()).with_partitions(partitions.collect())
    });
    m::ListOffsetsResponse::default().with_topics(topics.collect()).into()
}

fn metadata(request: &m::MetadataRequest, code: i16) -> Response {
    use m::metadata_response::MetadataResponseTopic;
    let topics = request.topics.iter().flatten().map(|topic| {
        MetadataResponseTopic::default()
            .with_error_code(code)
            .with_name(topic.name.clone())
            .with_topic_id(topic.topic_id)
    });
    m::MetadataResponse::default().with_controller_id(m::BrokerId(-1)).with_topics(topics.collect()).into()
}

fn offset_commit(request: &m::OffsetCommitRequest, code: i16) -> Response {
    use m::offset_commit_response::{OffsetCommitResponsePartition, OffsetCommitResponseTopic};
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().map(|partition| {
            OffsetCommitResponsePartition::default()
                .with_partition_index(partition.partition_index)
                .with_error_code(code)
        });
        OffsetCommitResponseTopic::default().with_name(topic.name.clone()).with_partitions(partitions.collect())
    });
    m::OffsetCommitResponse::default().with_topics(topics.collect()).into()
}

fn offset_fetch(request: &m::OffsetFetchRequest, version: i16, code: i16) -> Response {
    use m::offset_fetch_response::OffsetFetchResponseGroup;
    if version < 8 {
        return m::OffsetFetchResponse::default().with_error_code(code).into();
    }
    let groups = request
        .groups
        .iter()
        .map(|group| OffsetFetchResponseGroup::default().with_group_id(group.group_id.clone()).with_error_code(code));
    m::OffsetFetchResponse::default().with_groups(groups.collect()).into()
}

fn find_coordinator(request: &m::FindCoordinatorRequest, version: i16, code: i16) -> Response {
    use m::find_coordinator_response::Coordinator;
    let nobody = m::BrokerId(-1);
    if version < 4 {
        return m::FindCoordinatorResponse::default().with_error_code(code).with_node_id(nobody).with_port(-1).into();
    }
    let coordinators = request.coordinator_keys.iter().map(|key| {
        Coordinator::default().with_key(key.clone()).with_node_id(nobody).with_port(-1).with_error_code(code)
    });
    m::FindCoordinatorResponse::default().with_coordinators(coordinators.collect()).into()
}

fn offset_for_leader_epoch(request: &m::OffsetForLeaderEpochRequest, code: i16) -> Response {
    use m::offset_for_leader_epoch_response::{EpochEndOffset, OffsetForLeaderTopicResult};
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().map(|partition| {
            EpochEndOffset::default()
                .with_partition(partition.partition)
                .with_error_code(code)
                .with_leader_epoch(-1)
                .with_end_offset(-1)
        });
        OffsetForLeaderTopicResult::default().with_topic(topic.topic.clone()).with_partitions(partitions.collect())
    });
    m::OffsetForLeaderEpochResponse::default().with_topics(topics.collect()).into()
}
