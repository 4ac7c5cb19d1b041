//! Requests of a connection are served one after another: handled, answered, or held back.

use std::sync::Arc;

use crate::ids::{ConnectionId, EventId};
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Frame, Response};

use super::Broker;
use super::answer::BrokerAnswer;
use super::connection::Queued;
use super::parked::Parked;

impl Broker {
    /// A request arrived. `armed`: a fault's response to it.
    pub(super) fn handle_frame(
        &mut self,
        now: Now,
        id: ConnectionId,
        frame: Arc<Frame>,
        armed: Option<(Response, EventId)>,
        out: &mut Outbox,
    ) {
        let connection = self.connections.entry(id).or_default();
        let armed = armed.map(|(response, cause)| Arc::new(BrokerAnswer::reply(response).frame(&frame, cause)));
        if connection.arrived(Queued { frame, armed }) {
            self.serve_next(now, id, out);
        }
    }

    /// Handles the next request of a connection on which nothing waits.
    pub(super) fn serve_next(&mut self, now: Now, id: ConnectionId, out: &mut Outbox) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(Queued { frame, armed }) = connection.take_next() else { return };
        let answer = match armed {
            // A Produce with acks=0 gets no answer: its failure closes the connection.
            Some(_) if !frame.expects_response() => BrokerAnswer::Close,
            Some(armed) => BrokerAnswer::Ready(armed),
            None => self.dispatch(now, id, &frame, out),
        };
        self.finish(now, id, &frame, answer, out);
    }

    /// Answers a request that waited.
    pub(super) fn finish_parked(
        &mut self,
        now: Now,
        id: ConnectionId,
        frame: &Frame,
        answer: BrokerAnswer,
        out: &mut Outbox,
    ) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.unpark();
        self.finish(now, id, frame, answer, out);
    }

    fn finish(&mut self, now: Now, id: ConnectionId, frame: &Frame, answer: BrokerAnswer, out: &mut Outbox) {
        match answer {
            BrokerAnswer::Respond(response, cause) => out.send(id, Arc::new(response.frame(frame, cause))),
            BrokerAnswer::Ready(response) => out.send(id, response),
            BrokerAnswer::Silence => {}
            BrokerAnswer::Close => {
                out.close(id);
                self.forget(id);
                return;
            }
            BrokerAnswer::Park(parked) => {
                let connection = self.connections.get_mut(&id).expect("it was open a moment ago");
                connection.park(parked);
                return;
            }
        }
        if self.connections.get(&id).is_some_and(|connection| !connection.queued().is_empty()) {
            self.ready.push_back((now.at, id));
        }
    }

    /// The connection is gone, and with it what waits on it.
    pub(super) fn forget(&mut self, id: ConnectionId) {
        self.connections.remove(&id);
        self.ready.retain(|(_, ready)| *ready != id);
    }

    pub(super) fn deadline_passed(&mut self, now: Now, id: ConnectionId, out: &mut Outbox) {
        let parked = self.connections.get(&id).and_then(|connection| connection.parked().cloned());
        match parked {
            Some(Parked::Fetch(fetch)) => self.finish_fetch(now, id, &fetch, fetch.event, out),
            Some(Parked::Produce(produce)) => self.produce_timed_out(now, id, produce, out),
            Some(Parked::DeleteRecords(delete)) => self.delete_timed_out(now, id, delete, out),
            Some(Parked::Controller { .. } | Parked::Group { .. } | Parked::Forever) | None => {}
        }
    }
}
