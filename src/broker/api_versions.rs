//! `ApiVersions` (key 18), versions 0 to 4.
//!
//! Says which APIs and versions are served. A higher version is answered in version 0 with `UNSUPPORTED_VERSION` and
//! the single entry 18 with its range, and the connection stays open (KIP-511). Produce is announced from version 0 on
//! although 0 to 2 are not served: librdkafka needs to see it (KAFKA-18659). A malformed software name is 42.
//! Simplified: only `metadata.version` is announced as a feature. Without `transaction.version` Java clients use
//! transactions of the first kind, and without `group.version` no consumer protocol.

use kafka_protocol::messages::api_versions_response::{ApiVersion, FinalizedFeatureKey, SupportedFeatureKey};
use kafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use kafka_protocol::protocol::StrBytes;

use crate::error::Code;
use crate::ids::EventId;
use crate::wire::Api;

use super::Broker;
use super::answer::BrokerAnswer;

/// `metadata.version` of a cluster formatted by 4.3, and the lowest one that 4.3 can read.
const METADATA_VERSION: (i16, i16) = (7, 30);

fn entry(api: Api) -> ApiVersion {
    let (lowest, highest) = api.versions();
    let lowest = if api == Api::Produce { 0 } else { lowest };
    ApiVersion::default().with_api_key(api as i16).with_min_version(lowest).with_max_version(highest)
}

/// `ApiVersionsRequest.isValid`: letters, digits, `.` and `-`, beginning and ending with a letter or digit.
fn is_software_name(name: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(byte))
}

/// The answer to a version that is not served.
pub(super) fn unsupported(cause: EventId) -> BrokerAnswer {
    let response = ApiVersionsResponse::default()
        .with_error_code(Code::UnsupportedVersion.code())
        .with_api_keys(vec![entry(Api::ApiVersions)]);
    BrokerAnswer::respond_in_version(response, 0, cause)
}

impl Broker {
    pub(super) fn api_versions(&self, version: i16, request: &ApiVersionsRequest, cause: EventId) -> BrokerAnswer {
        let names = [&request.client_software_name, &request.client_software_version];
        if version >= 3 && !names.iter().all(|name| is_software_name(name)) {
            return BrokerAnswer::respond(
                ApiVersionsResponse::default().with_error_code(Code::InvalidRequest.code()),
                cause,
            );
        }
        let announced = Api::ALL.iter().copied().filter(|api| !api.is_of_controller());
        let mut response = ApiVersionsResponse::default().with_api_keys(announced.map(entry).collect());
        if version >= 3 {
            let name = StrBytes::from_static_str("metadata.version");
            let (lowest, highest) = METADATA_VERSION;
            response = response
                .with_supported_features(vec![
                    SupportedFeatureKey::default()
                        .with_name(name.clone())
                        .with_min_version(lowest)
                        .with_max_version(highest),
                ])
                .with_finalized_features_epoch(i64::try_from(self.image.version).unwrap_or(i64::MAX))
                .with_finalized_features(vec![
                    FinalizedFeatureKey::default()
                        .with_name(name)
                        .with_min_version_level(highest)
                        .with_max_version_level(highest),
                ]);
        }
        BrokerAnswer::respond(response, cause)
    }
}
