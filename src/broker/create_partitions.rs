//! `CreatePartitions` (key 37), versions 0 to 3.
//!
//! Forwarded to the controller. Only an increase is allowed; existing records do not move, so keys may go elsewhere.
//! Simplified: one replica of each partition.

use std::sync::Arc;

use kafka_protocol::messages::CreatePartitionsRequest;

use crate::ids::ConnectionId;
use crate::image::ControllerRequest;
use crate::node::Outbox;
use crate::wire::Frame;

use super::Broker;
use super::answer::BrokerAnswer;

impl Broker {
    pub(super) fn create_partitions(
        &mut self,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &CreatePartitionsRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        self.forward(connection, frame, ControllerRequest::CreatePartitions(request.clone()), out)
    }
}
