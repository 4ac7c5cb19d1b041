//! `IncrementalAlterConfigs` (key 44), versions 0 and 1.
//!
//! Forwarded to the controller. Topics only: set, delete, append, subtract. Brokers apply what is new when they learn
//! of it. Simplified: settings of brokers and groups cannot be altered while they run.

use std::sync::Arc;

use kafka_protocol::messages::IncrementalAlterConfigsRequest;

use crate::ids::ConnectionId;
use crate::image::ControllerRequest;
use crate::node::Outbox;
use crate::wire::Frame;

use super::Broker;
use super::answer::BrokerAnswer;

impl Broker {
    pub(super) fn incremental_alter_configs(
        &mut self,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &IncrementalAlterConfigsRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        self.forward(connection, frame, ControllerRequest::IncrementalAlterConfigs(request.clone()), out)
    }
}
