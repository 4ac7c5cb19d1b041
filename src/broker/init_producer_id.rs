//! `InitProducerId` (key 22), versions 0 to 5: without a transactional id only.
//!
//! Producer ids come in blocks of 1,000 from the controller (`RPCProducerIdManager`): the first request of a fresh
//! broker is answered `COORDINATOR_LOAD_IN_PROGRESS` while the first block is fetched; the next block is asked for when
//! nine tenths of this one are gone. A client that names its former id and epoch (KIP-360) gets a new id all the same:
//! only transactional producers keep theirs.
//! Not built: `transactional.id`, refused with `INVALID_REQUEST`.

use kafka_protocol::messages::{
    AllocateProducerIdsRequest, BrokerId, InitProducerIdRequest, InitProducerIdResponse, ProducerId,
};

use crate::error::Code;
use crate::ids::EventId;
use crate::node::Outbox;
use crate::time::Now;

use super::Broker;
use super::answer::BrokerAnswer;
use super::purpose::ControllerPurpose;

impl Broker {
    pub(super) fn init_producer_id(
        &mut self,
        now: Now,
        request: &InitProducerIdRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let response = InitProducerIdResponse::default();
        if request.transactional_id.is_some() {
            return BrokerAnswer::respond(
                response
                    .with_error_code(Code::InvalidRequest.code())
                    .with_producer_id(ProducerId(-1))
                    .with_producer_epoch(-1),
                cause,
            );
        }
        let id = self.producer_ids.take();
        if self.producer_ids.begins_to_ask() {
            let request = AllocateProducerIdsRequest::default()
                .with_broker_id(BrokerId(self.id.0))
                .with_broker_epoch(self.lifecycle.epoch().unwrap_or(-1));
            self.ask(now, ControllerPurpose::ProducerIds, request.into(), cause, out);
        }
        let response = match id {
            Some(id) => response.with_producer_id(ProducerId(id)).with_producer_epoch(0),
            None => response
                .with_error_code(Code::CoordinatorLoadInProgress.code())
                .with_producer_id(ProducerId(-1))
                .with_producer_epoch(-1),
        };
        BrokerAnswer::respond(response, cause)
    }
}
