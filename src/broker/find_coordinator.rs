//! `FindCoordinator` (key 10), versions 0 to 6: one key up to version 3, several from version 4 on.
//!
//! A group's coordinator is the leader of the partition of `__consumer_offsets` that Java's hash of the group's name
//! names. While that topic is not there it is asked for, and the answer is `COORDINATOR_NOT_AVAILABLE`.
//! Not built: transaction coordinators (type 1), answered `COORDINATOR_NOT_AVAILABLE` for ever; share coordinators
//! (type 2) and unknown types, answered `INVALID_REQUEST`.

use kafka_protocol::messages::find_coordinator_response::Coordinator;
use kafka_protocol::messages::{self as m, FindCoordinatorRequest, FindCoordinatorResponse};
use kafka_protocol::protocol::StrBytes;

use crate::error::Code;
use crate::ids::{BrokerId, EventId};
use crate::image::{BrokerRegistration, GROUP_METADATA_TOPIC};
use crate::node::Outbox;
use crate::time::Now;

use super::Broker;
use super::answer::BrokerAnswer;

const GROUP: i8 = 0;
const TRANSACTION: i8 = 1;
const SHARE: i8 = 2;

impl Broker {
    pub(super) fn find_coordinator(
        &mut self,
        now: Now,
        version: i16,
        request: &FindCoordinatorRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        if version >= 4 {
            let mut coordinators = Vec::new();
            for key in &request.coordinator_keys {
                let (code, message, node) = self.coordinator(now, request.key_type, key, cause, out);
                let (id, host, port) = endpoint(node.as_ref());
                coordinators.push(
                    Coordinator::default()
                        .with_key(key.clone())
                        .with_error_code(code.code())
                        .with_error_message(Some(StrBytes::from_static_str(message)))
                        .with_node_id(id)
                        .with_host(host)
                        .with_port(port),
                );
            }
            return BrokerAnswer::respond(FindCoordinatorResponse::default().with_coordinators(coordinators), cause);
        }
        let (code, _, node) = self.coordinator(now, request.key_type, &request.key, cause, out);
        let (id, host, port) = endpoint(node.as_ref());
        let mut response = FindCoordinatorResponse::default()
            .with_error_code(code.code())
            .with_node_id(id)
            .with_host(host)
            .with_port(port);
        if version >= 1 {
            // Up to version 3 the message is the error's own, and a success says its name.
            let message = if code.is_ok() { "NONE" } else { code.message() };
            response = response.with_error_message(Some(StrBytes::from_static_str(message)));
        }
        BrokerAnswer::respond(response, cause)
    }

    fn coordinator(
        &mut self,
        now: Now,
        key_type: i8,
        key: &str,
        cause: EventId,
        out: &mut Outbox,
    ) -> (Code, &'static str, Option<BrokerRegistration>) {
        match key_type {
            GROUP => {}
            TRANSACTION => return (Code::CoordinatorNotAvailable, "", None),
            SHARE => return (Code::InvalidRequest, "", None),
            _ => return (Code::InvalidRequest, Code::InvalidRequest.message(), None),
        }
        let Some((_, partition)) = self.image.group_partition(key) else {
            self.create_automatically(now, GROUP_METADATA_TOPIC, cause, out);
            return (Code::CoordinatorNotAvailable, "", None);
        };
        let leader = partition.leader;
        let alive = |id: &BrokerId| self.image.brokers.get(id).filter(|broker| !broker.fenced).cloned();
        match leader.as_ref().and_then(alive) {
            Some(broker) => (Code::None, "", Some(broker)),
            None => (Code::CoordinatorNotAvailable, "", None),
        }
    }
}

/// `Node.noNode()` where there is none.
fn endpoint(broker: Option<&BrokerRegistration>) -> (m::BrokerId, StrBytes, i32) {
    broker.map_or((m::BrokerId(-1), StrBytes::default(), -1), |broker| {
        (m::BrokerId(broker.id.0), StrBytes::from_string(broker.host.to_string()), broker.port)
    })
}
