//! What a broker asks of the controller for clients, and what it does with the answers (`ForwardingManager`).
//!
//! `CreateTopics` (key 19, versions 2 to 7), `DeleteTopics` (20, 1 to 6, by name or by id from version 6 on),
//! `CreatePartitions` (37, 0 to 3), `IncrementalAlterConfigs` (44, 0 and 1), `ElectLeaders` (43, 0 to 2),
//! `AlterPartitionReassignments` (45, 0 and 1), `ListPartitionReassignments` (46, 0): the controller's answer is passed on, so
//! the topic's leaders may learn of a change a moment later than who asked for it, and the first requests for a new topic
//! can meet `UNKNOWN_TOPIC_OR_PARTITION`.
//! Simplified: no quotas; `timeoutMs` never runs out, since a request waits until the controller answers.

use std::sync::Arc;

use crate::ids::{ConnectionId, EventId};
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Body, Frame, Request, Response};

use super::Broker;
use super::answer::BrokerAnswer;
use super::controller_channel::Wish;
use super::parked::Parked;
use super::purpose::ControllerPurpose;

impl Broker {
    /// Asks something of the controller that the broker itself wants.
    pub(super) fn ask(&mut self, now: Now, why: ControllerPurpose, request: Request, cause: EventId, out: &mut Outbox) {
        self.channel.ask(Wish { request, client_id: Arc::from(""), why, cause }, now, out);
    }

    /// Hands a client's request on; the client's connection waits for the controller's answer.
    pub(super) fn forward(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &Request,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let (why, request) = (ControllerPurpose::For(connection, frame.correlation_id), request.clone());
        self.channel.ask(Wish { request, client_id: frame.client_id.clone(), why, cause: frame.cause }, now, out);
        BrokerAnswer::Park(Parked::Controller { frame: frame.clone() })
    }

    /// An answer of the controller has come.
    pub(super) fn controller_answered(&mut self, now: Now, frame: &Frame, out: &mut Outbox) {
        let (Some(wish), Body::Response(response)) = (self.channel.answered(frame), &frame.body) else { return };
        match (wish.why, response) {
            (ControllerPurpose::Lifecycle, response) => self.lifecycle_answered(now, response, out),
            (ControllerPurpose::ProducerIds, Response::AllocateProducerIds(block)) => {
                self.producer_ids.arrived(block.producer_id_start.0, block.producer_id_len);
            }
            (ControllerPurpose::AlterPartition, Response::AlterPartition(answer)) => {
                self.isr_answered(now, answer, frame.cause, out);
            }
            (
                ControllerPurpose::AutomaticTopic(_)
                | ControllerPurpose::ProducerIds
                | ControllerPurpose::AlterPartition,
                _,
            ) => {}
            (ControllerPurpose::For(connection, correlation_id), response) => {
                self.forwarded_answered(now, connection, correlation_id, response.clone(), out);
            }
        }
    }

    fn forwarded_answered(
        &mut self,
        now: Now,
        id: ConnectionId,
        correlation_id: i32,
        response: Response,
        out: &mut Outbox,
    ) {
        // The client may have closed its connection meanwhile.
        let parked = self.connections.get(&id).and_then(|connection| connection.parked());
        let Some(Parked::Controller { frame }) = parked else { return };
        if frame.correlation_id != correlation_id {
            return;
        }
        let frame = frame.clone();
        let response = in_version(response, frame.version);
        self.finish_parked(now, id, &frame, BrokerAnswer::respond(response, frame.cause), out);
    }
}

/// The controller's answer as the response in the client's version.
fn in_version(response: Response, version: i16) -> Response {
    match response {
        Response::CreateTopics(mut response) => {
            if version < 5 {
                // Older versions have nowhere to put the configuration.
                response.topics.iter_mut().for_each(|topic| topic.configs = Some(Vec::new()));
            }
            response.into()
        }
        Response::DeleteTopics(mut response) => {
            if version < 6 {
                response.responses.iter_mut().for_each(|topic| topic.topic_id = uuid::Uuid::nil());
            }
            if version < 5 {
                response.responses.iter_mut().for_each(|topic| topic.error_message = None);
            }
            response.into()
        }
        other => other,
    }
}
