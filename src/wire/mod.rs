//! Kafka's requests and responses as frames: typed inside, bytes only where bytes are wanted.

pub mod bounded;
mod by_id;

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::messages::{self as m, ApiKey, RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, StrBytes};

use crate::ids::EventId;
use bounded::Bounded;

/// The largest frame that a broker reads, in bytes (`socket.request.max.bytes`).
pub const MAX_FRAME_BYTES: usize = 104_857_600;

macro_rules! apis {
    ($($api:ident $min:literal..=$max:literal, java $used:literal: $request:ident $response:ident;)*) => {
        /// The APIs that the model speaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i16)]
        pub enum Api {
            $($api = ApiKey::$api as i16,)*
        }

        impl Api {
            pub const ALL: &'static [Api] = &[$(Api::$api,)*];

            /// Kafka's name: `OffsetCommit`.
            pub const fn name(self) -> &'static str {
                match self { $(Api::$api => stringify!($api),)* }
            }

            /// The versions that a broker of the model serves, lowest and highest.
            pub const fn versions(self) -> (i16, i16) {
                match self { $(Api::$api => ($min, $max),)* }
            }

            /// The version in which the model's clients speak: the Java client's of Kafka 4.3, which without the
            /// consumer protocol commits offsets and looks them up by the names of topics.
            pub const fn java_version(self) -> i16 {
                match self { $(Api::$api => $used,)* }
            }

            pub const fn from_key(key: i16) -> Option<Api> {
                $(if key == ApiKey::$api as i16 { return Some(Api::$api); })*
                None
            }
        }

        /// The body of a request.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "a body always lives behind the Arc of its frame")]
        pub enum Request {
            $($api(m::$request),)*
        }

        /// The body of a response.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "a body always lives behind the Arc of its frame")]
        pub enum Response {
            $($api(m::$response),)*
        }

        impl Request {
            pub const fn api(&self) -> Api {
                match self { $(Request::$api(_) => Api::$api,)* }
            }

            /// As the crate writes it; `by_id` writes what it cannot.
            fn encode_body(&self, out: &mut BytesMut, version: i16) -> Result<(), String> {
                let version = version_of_crate(self.api(), version);
                match self { $(Request::$api(body) => body.encode(out, version),)* }.map_err(|error| error.to_string())
            }

            /// The size in bytes. With a version that is known when it is compiled, the compiler leaves out what the crate
            /// has for all the others, and that is most of it.
            fn body_size(&self, version: i16) -> usize {
                match self {
                    $(Request::$api(body) if version == $used => {
                        body.compute_size(version_of_crate(Api::$api, $used)).unwrap_or(0)
                    })*
                    _ => self.size_in_another(version),
                }
            }

            #[cfg(not(feature = "page"))]
            fn size_in_another(&self, version: i16) -> usize {
                by_id::size(self, version).unwrap_or_else(|| {
                    let version = version_of_crate(self.api(), version);
                    match self { $(Request::$api(body) => body.compute_size(version),)* }.unwrap_or(0)
                })
            }

            fn decode_body(api: Api, bytes: &mut Bounded, version: i16) -> Result<Request, String> {
                let version = version_of_crate(api, version);
                match api { $(Api::$api => m::$request::decode(bytes, version).map(Request::$api),)* }.map_err(|error| error.to_string())
            }
        }

        impl Response {
            pub const fn api(&self) -> Api {
                match self { $(Response::$api(_) => Api::$api,)* }
            }

            fn encode_body(&self, out: &mut BytesMut, version: i16) -> Result<(), String> {
                let version = version_of_crate(self.api(), version);
                match self { $(Response::$api(body) => body.encode(out, version),)* }.map_err(|error| error.to_string())
            }

            /// As a request's.
            fn body_size(&self, version: i16) -> usize {
                match self {
                    $(Response::$api(body) if version == $used => {
                        body.compute_size(version_of_crate(Api::$api, $used)).unwrap_or(0)
                    })*
                    _ => self.size_in_another(version),
                }
            }

            #[cfg(not(feature = "page"))]
            fn size_in_another(&self, version: i16) -> usize {
                let version = version_of_crate(self.api(), version);
                match self { $(Response::$api(body) => body.compute_size(version),)* }.unwrap_or(0)
            }

            fn decode(api: Api, bytes: &mut Bounded, version: i16) -> Result<(i32, Response), String> {
                let version = version_of_crate(api, version);
                let header = match api { $(Api::$api => ResponseHeader::decode(bytes, m::$response::header_version(version)),)* };
                let header = header.map_err(|error| error.to_string())?;
                let body = match api { $(Api::$api => m::$response::decode(bytes, version).map(Response::$api),)* };
                Ok((header.correlation_id, body.map_err(|error| error.to_string())?))
            }

            fn header_version(&self, version: i16) -> i16 {
                match self { $(Response::$api(_) => m::$response::header_version(version),)* }
            }
        }

        $(
            impl From<m::$request> for Request {
                fn from(body: m::$request) -> Request { Request::$api(body) }
            }
            impl From<m::$response> for Response {
                fn from(body: m::$response) -> Response { Response::$api(body) }
            }
        )*
    };
}

/// The version in which the crate reads and writes the same bytes: it ends at `ListOffsets` 10, to which 11 adds only
/// another meaning of a timestamp.
const fn version_of_crate(api: Api, version: i16) -> i16 {
    if matches!(api, Api::ListOffsets) && version == 11 { 10 } else { version }
}

// The ranges are what a 4.3 broker serves.
apis! {
    Produce 3..=13, java 13: ProduceRequest ProduceResponse;
    Fetch 4..=18, java 18: FetchRequest FetchResponse;
    ListOffsets 1..=11, java 11: ListOffsetsRequest ListOffsetsResponse;
    Metadata 0..=13, java 13: MetadataRequest MetadataResponse;
    OffsetCommit 2..=10, java 9: OffsetCommitRequest OffsetCommitResponse;
    OffsetFetch 1..=10, java 9: OffsetFetchRequest OffsetFetchResponse;
    FindCoordinator 0..=6, java 6: FindCoordinatorRequest FindCoordinatorResponse;
    JoinGroup 0..=9, java 9: JoinGroupRequest JoinGroupResponse;
    Heartbeat 0..=4, java 4: HeartbeatRequest HeartbeatResponse;
    LeaveGroup 0..=5, java 5: LeaveGroupRequest LeaveGroupResponse;
    SyncGroup 0..=5, java 5: SyncGroupRequest SyncGroupResponse;
    DescribeGroups 0..=6, java 6: DescribeGroupsRequest DescribeGroupsResponse;
    ListGroups 0..=5, java 5: ListGroupsRequest ListGroupsResponse;
    ApiVersions 0..=4, java 4: ApiVersionsRequest ApiVersionsResponse;
    CreateTopics 2..=7, java 7: CreateTopicsRequest CreateTopicsResponse;
    DeleteTopics 1..=6, java 6: DeleteTopicsRequest DeleteTopicsResponse;
    DeleteRecords 0..=2, java 2: DeleteRecordsRequest DeleteRecordsResponse;
    InitProducerId 0..=5, java 5: InitProducerIdRequest InitProducerIdResponse;
    OffsetForLeaderEpoch 2..=4, java 4: OffsetForLeaderEpochRequest OffsetForLeaderEpochResponse;
    CreatePartitions 0..=3, java 3: CreatePartitionsRequest CreatePartitionsResponse;
    DeleteGroups 0..=2, java 2: DeleteGroupsRequest DeleteGroupsResponse;
    OffsetDelete 0..=0, java 0: OffsetDeleteRequest OffsetDeleteResponse;
    IncrementalAlterConfigs 0..=1, java 1: IncrementalAlterConfigsRequest IncrementalAlterConfigsResponse;
    ElectLeaders 0..=2, java 2: ElectLeadersRequest ElectLeadersResponse;
    AlterPartitionReassignments 0..=1, java 1: AlterPartitionReassignmentsRequest AlterPartitionReassignmentsResponse;
    ListPartitionReassignments 0..=0, java 0: ListPartitionReassignmentsRequest ListPartitionReassignmentsResponse;
    AlterPartition 2..=3, java 3: AlterPartitionRequest AlterPartitionResponse;
    BrokerRegistration 0..=4, java 4: BrokerRegistrationRequest BrokerRegistrationResponse;
    BrokerHeartbeat 0..=1, java 1: BrokerHeartbeatRequest BrokerHeartbeatResponse;
    AllocateProducerIds 0..=0, java 0: AllocateProducerIdsRequest AllocateProducerIdsResponse;
}

/// The page's clients are all of the model, which asks in another version than Java's only after a broker that does not
/// know it has said which it knows.
#[cfg(feature = "page")]
impl Request {
    fn size_in_another(&self, version: i16) -> usize {
        match self {
            Request::ApiVersions(body) => body.compute_size(version).unwrap_or(0),
            other => panic!("a {} request of version {version} is no Java client's", other.api().name()),
        }
    }
}

#[cfg(feature = "page")]
impl Response {
    fn size_in_another(&self, version: i16) -> usize {
        match self {
            Response::ApiVersions(body) => body.compute_size(version).unwrap_or(0),
            other => panic!("a {} response of version {version} is to no Java client", other.api().name()),
        }
    }
}

impl Api {
    /// Whether only the controller answers it, and only brokers ask it: no broker announces it to clients
    /// (`ApiMessageType.ListenerType`).
    pub const fn is_of_controller(self) -> bool {
        matches!(self, Api::AlterPartition | Api::BrokerRegistration | Api::BrokerHeartbeat | Api::AllocateProducerIds)
    }

    pub fn from_name(name: &str) -> Option<Api> {
        Api::ALL.iter().copied().find(|api| api.name().eq_ignore_ascii_case(name))
    }
}

/// What a frame carries.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a body always lives behind the Arc of its frame")]
pub enum Body {
    Request(Request),
    Response(Response),
}

/// One message on a connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub version: i16,
    /// Numbers the requests of one connection from 0; the response carries its request's.
    pub correlation_id: i32,
    /// The `client.id` of a request; empty in a response.
    pub client_id: Arc<str>,
    pub body: Body,
    /// The event that made the sender send it: how causes travel. Not on the wire.
    pub cause: EventId,
}

impl Frame {
    pub fn api(&self) -> Api {
        match &self.body {
            Body::Request(request) => request.api(),
            Body::Response(response) => response.api(),
        }
    }

    pub const fn is_request(&self) -> bool {
        matches!(self.body, Body::Request(_))
    }

    pub fn request(&self) -> Option<&Request> {
        match &self.body {
            Body::Request(request) => Some(request),
            Body::Response(_) => None,
        }
    }

    pub fn response(&self) -> Option<&Response> {
        match &self.body {
            Body::Response(response) => Some(response),
            Body::Request(_) => None,
        }
    }

    /// Whether the sender waits for an answer: all requests but a Produce with `acks=0`.
    pub fn expects_response(&self) -> bool {
        match &self.body {
            Body::Request(Request::Produce(produce)) => produce.acks != 0,
            Body::Request(_) => true,
            Body::Response(_) => false,
        }
    }

    /// The size of its body on the wire, in bytes.
    pub fn body_bytes(&self) -> u32 {
        let bytes = match &self.body {
            Body::Request(request) => request.body_size(self.version),
            Body::Response(response) => response.body_size(self.version),
        };
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }

    /// The bytes on the wire, the four length bytes included. Fails with the encoder's sentence when a field does not
    /// fit the version.
    pub fn encode(&self) -> Result<Bytes, String> {
        let mut out = BytesMut::new();
        out.put_i32(0);
        match &self.body {
            Body::Request(request) => {
                let header = RequestHeader::default()
                    .with_request_api_key(request.api() as i16)
                    .with_request_api_version(self.version)
                    .with_correlation_id(self.correlation_id)
                    .with_client_id(Some(StrBytes::from_string(self.client_id.to_string())));
                let key = ApiKey::try_from(request.api() as i16).map_err(|()| "an unknown API key".to_owned())?;
                header.encode(&mut out, key.request_header_version(self.version)).map_err(|error| error.to_string())?;
                match by_id::encode(request, self.version) {
                    Some(body) => out.put(body?),
                    None => request.encode_body(&mut out, self.version)?,
                }
            }
            Body::Response(response) => {
                ResponseHeader::default()
                    .with_correlation_id(self.correlation_id)
                    .encode(&mut out, response.header_version(self.version))
                    .map_err(|error| error.to_string())?;
                response.encode_body(&mut out, self.version)?;
            }
        }
        let length = u32::try_from(out.len() - 4).map_err(|_| "a frame of more than 4 GiB".to_owned())?;
        out[..4].copy_from_slice(&length.to_be_bytes());
        Ok(out.freeze())
    }

    /// Reads one request, without its four length bytes. Fails with a sentence; Kafka's broker then closes the
    /// connection. The bytes may be anybody's: no length in them takes more memory than a small multiple of what was
    /// sent.
    pub fn decode_request(bytes: Bytes) -> Result<Frame, String> {
        if bytes.len() > MAX_FRAME_BYTES {
            return Err(format!("a request of {} bytes: {MAX_FRAME_BYTES} are allowed", bytes.len()));
        }
        if bytes.len() < 8 {
            return Err(format!("a request of {} bytes: the header alone has 8", bytes.len()));
        }
        let (key, version) = (i16::from_be_bytes([bytes[0], bytes[1]]), i16::from_be_bytes([bytes[2], bytes[3]]));
        let api = Api::from_key(key).ok_or_else(|| format!("API key {key} is not served"))?;
        let header_key = ApiKey::try_from(key).map_err(|()| format!("API key {key} is not known"))?;
        let (lowest, highest) = api.versions();
        if !(lowest..=highest).contains(&version) {
            return Err(format!("{} version {version}: {lowest} to {highest} are served", api.name()));
        }
        let (header, request) = bounded::decode(&bytes, |bytes| {
            let header = RequestHeader::decode(bytes, header_key.request_header_version(version));
            let header = header.map_err(|error| error.to_string())?;
            let by_id = by_id::decode(api, bytes, version);
            Ok((header, by_id.unwrap_or_else(|| Request::decode_body(api, bytes, version))?))
        })
        .map_err(|sentence| format!("{} version {version}: {sentence}", api.name()))?;
        Ok(Frame {
            version,
            correlation_id: header.correlation_id,
            client_id: Arc::from(header.client_id.as_ref().map_or("", |id| id.as_str())),
            body: Body::Request(request),
            cause: EventId::NONE,
        })
    }
}

impl Frame {
    /// Reads one response to a request of this API and version, without its four length bytes. Fails with a sentence.
    pub fn decode_response(bytes: Bytes, api: Api, version: i16) -> Result<Frame, String> {
        let (correlation_id, response) = bounded::decode(&bytes, |bytes| Response::decode(api, bytes, version))
            .map_err(|sentence| format!("{} version {version}: {sentence}", api.name()))?;
        let body = Body::Response(response);
        Ok(Frame { version, correlation_id, client_id: Arc::from(""), body, cause: EventId::NONE })
    }
}
