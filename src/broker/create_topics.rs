//! `CreateTopics` (key 19), versions 2 to 7.
//!
//! Forwarded to the controller, whose answer is passed on: the topic's leaders may learn of it a moment later, so the
//! first requests for it can meet `UNKNOWN_TOPIC_OR_PARTITION`.
//! Simplified: replication factor 1; no quotas; `timeoutMs` never runs out, since the controller always answers.

use std::sync::Arc;

use kafka_protocol::messages::CreateTopicsRequest;

use crate::ids::ConnectionId;
use crate::image::ControllerRequest;
use crate::node::Outbox;
use crate::wire::Frame;

use super::Broker;
use super::answer::BrokerAnswer;

impl Broker {
    pub(super) fn create_topics(
        &mut self,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &CreateTopicsRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let request = ControllerRequest::CreateTopics { request: request.clone(), automatic: false };
        self.forward(connection, frame, request, out)
    }
}
