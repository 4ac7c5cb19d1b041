//! What becomes of a request.

use std::sync::Arc;

use crate::ids::EventId;
use crate::wire::{Body, Frame, Response};

use super::parked::Parked;

/// What a handler decided.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "it lives for one request")]
pub(super) enum BrokerAnswer {
    /// The response, and the event that led to it.
    Respond(Reply, EventId),
    /// A response that a fault made.
    Ready(Arc<Frame>),
    /// A Produce with `acks=0`.
    Silence,
    /// The connection is closed without an answer.
    Close,
    Park(Parked),
}

/// A response in the version of its request, or in another one.
#[derive(Debug)]
pub(super) struct Reply {
    response: Response,
    version: Option<i16>,
}

impl Reply {
    pub(super) fn frame(self, request: &Frame, cause: EventId) -> Frame {
        Frame {
            version: self.version.unwrap_or(request.version),
            correlation_id: request.correlation_id,
            client_id: Arc::from(""),
            body: Body::Response(self.response),
            cause,
        }
    }
}

impl BrokerAnswer {
    pub(super) fn respond(response: impl Into<Response>, cause: EventId) -> BrokerAnswer {
        BrokerAnswer::Respond(BrokerAnswer::reply(response), cause)
    }

    pub(super) fn reply(response: impl Into<Response>) -> Reply {
        Reply { response: response.into(), version: None }
    }

    /// Only `ApiVersions`: a client that asks in a version we do not know is answered in version 0.
    pub(super) fn respond_in_version(response: impl Into<Response>, version: i16, cause: EventId) -> BrokerAnswer {
        BrokerAnswer::Respond(Reply { response: response.into(), version: Some(version) }, cause)
    }
}
