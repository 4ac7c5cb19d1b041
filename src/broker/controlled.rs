//! What a broker asks of the controller, and what it does with the answers (`ForwardingManager`, `BrokerLifecycleManager`).

use std::sync::Arc;

use crate::controller::token;
use crate::error::Code;
use crate::ids::{ConnectionId, EventId};
use crate::image::{ControllerReply, ControllerRequest};
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Frame, Response};

use super::Broker;
use super::answer::BrokerAnswer;
use super::parked::Parked;
use super::purpose::ControllerPurpose;

impl Broker {
    pub(super) fn ask(
        &mut self,
        why: ControllerPurpose,
        request: ControllerRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> u64 {
        let token = token(self.next_request, cause);
        self.next_request += 1;
        self.asked.insert(token, why);
        out.ask_controller(token, request);
        token
    }

    /// Hands a client's request on; the client's connection waits for the controller's answer.
    pub(super) fn forward(
        &mut self,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: ControllerRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let token = self.ask(ControllerPurpose::For(connection), request, frame.cause, out);
        BrokerAnswer::Park(Parked::Controller { frame: frame.clone(), token })
    }

    pub(super) fn handle_controller_reply(&mut self, now: Now, token: u64, reply: ControllerReply, out: &mut Outbox) {
        // A reply to a former life of this process finds nobody who asked.
        match self.asked.remove(&token) {
            None => {}
            Some(ControllerPurpose::Lifecycle) => self.lifecycle_answered(&reply, out),
            Some(ControllerPurpose::AutomaticTopic(_)) => {}
            Some(ControllerPurpose::ProducerIds) => self.producer_ids_arrived(&reply),
            Some(ControllerPurpose::For(connection)) => self.forwarded_answered(now, connection, token, reply, out),
        }
    }

    fn forwarded_answered(&mut self, now: Now, id: ConnectionId, token: u64, reply: ControllerReply, out: &mut Outbox) {
        // The client may have closed its connection meanwhile.
        let parked = self.connections.get(&id).and_then(|connection| connection.parked());
        let Some(Parked::Controller { frame, token: waited }) = parked else { return };
        if *waited != token {
            return;
        }
        let frame = frame.clone();
        let response = response(reply, frame.version);
        self.finish_parked(now, id, &frame, BrokerAnswer::respond(response, frame.cause), out);
    }
}

/// The controller's answer as the response in the client's version.
fn response(reply: ControllerReply, version: i16) -> Response {
    match reply {
        ControllerReply::CreateTopics(mut response) => {
            if version < 5 {
                // Older versions have nowhere to put the configuration.
                response.topics.iter_mut().for_each(|topic| topic.configs = Some(Vec::new()));
            }
            response.into()
        }
        ControllerReply::DeleteTopics(mut response) => {
            if version < 6 {
                response.responses.iter_mut().for_each(|topic| topic.topic_id = uuid::Uuid::nil());
            }
            if version < 5 {
                response.responses.iter_mut().for_each(|topic| topic.error_message = None);
            }
            response.into()
        }
        ControllerReply::CreatePartitions(response) => response.into(),
        ControllerReply::IncrementalAlterConfigs(response) => response.into(),
        ControllerReply::ElectLeaders(response) => response.into(),
        ControllerReply::AlterPartitionReassignments(response) => response.into(),
        ControllerReply::ListPartitionReassignments(response) => response.into(),
        ControllerReply::Registered
        | ControllerReply::ShutDown
        | ControllerReply::AlterPartition(_)
        | ControllerReply::ProducerIds { .. } => {
            panic!("{reply:?} is no answer to a client, {:?}", Code::UnknownServerError)
        }
    }
}
