//! `DeleteTopics` (key 20), versions 1 to 6: by name, from version 6 on also by id.
//!
//! Forwarded to the controller. The brokers drop their logs when they learn of it.
//! Simplified: the files are gone at once, not after `file.delete.delay.ms`.

use std::sync::Arc;

use kafka_protocol::messages::DeleteTopicsRequest;

use crate::ids::ConnectionId;
use crate::image::ControllerRequest;
use crate::node::Outbox;
use crate::wire::Frame;

use super::Broker;
use super::answer::BrokerAnswer;

impl Broker {
    pub(super) fn delete_topics(
        &mut self,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &DeleteTopicsRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        self.forward(connection, frame, ControllerRequest::DeleteTopics(request.clone()), out)
    }
}
