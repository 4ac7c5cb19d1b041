//! Connections of clients: what is queued, and what waits.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::ids::{ConnectionId, EventId};
use crate::node::Outbox;
use crate::time::{Instant, Now};
use crate::wire::{Api, Frame, Response};

use super::Broker;
use super::answer::BrokerAnswer;
use super::fetch::ParkedFetch;

/// Which request led to what a broker does.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub connection: ConnectionId,
    pub correlation_id: i32,
    pub api: Api,
    pub cause: EventId,
}

impl Origin {
    pub fn of(connection: ConnectionId, frame: &Frame) -> Origin {
        Origin { connection, correlation_id: frame.correlation_id, api: frame.api(), cause: frame.cause }
    }
}

/// A request that waits, holding back everything behind it on its connection.
#[derive(Clone, Debug, Hash)]
pub enum Parked {
    /// Until there is enough to read or the wait is over.
    Fetch(ParkedFetch),
    /// Until the controller answers this token.
    Controller { frame: Arc<Frame>, token: u64 },
    /// `JoinGroup` or `SyncGroup`: until the coordinator answers, when others have come.
    Group { frame: Arc<Frame> },
    /// Kafka never answers it: a Produce whose records are null.
    Forever,
}

/// A request that has arrived and was not looked at yet.
#[derive(Clone, Debug, Hash)]
pub struct Queued {
    pub frame: Arc<Frame>,
    /// A fault that the user armed: answered with this in place of being handled.
    pub armed: Option<Arc<Frame>>,
}

/// One open connection (`KafkaChannel`, which Kafka mutes while a request of it is being handled).
#[derive(Clone, Debug, Default, Hash)]
pub struct Connection {
    parked: Option<Parked>,
    queue: VecDeque<Queued>,
}

impl Connection {
    pub const fn parked(&self) -> Option<&Parked> {
        self.parked.as_ref()
    }

    /// Requests behind the one that waits, in order.
    pub const fn queued(&self) -> &VecDeque<Queued> {
        &self.queue
    }

    pub(super) const fn deadline(&self) -> Option<Instant> {
        match &self.parked {
            Some(Parked::Fetch(fetch)) => Some(fetch.until),
            Some(Parked::Controller { .. } | Parked::Group { .. } | Parked::Forever) | None => None,
        }
    }
}

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
        connection.queue.push_back(Queued { frame, armed });
        if connection.parked.is_none() && connection.queue.len() == 1 {
            self.serve_next(now, id, out);
        }
    }

    /// Handles the next request of a connection on which nothing waits.
    pub(super) fn serve_next(&mut self, now: Now, id: ConnectionId, out: &mut Outbox) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        assert!(connection.parked.is_none(), "a request that waits holds back the next one");
        let Some(Queued { frame, armed }) = connection.queue.pop_front() else { return };
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
        connection.parked = None;
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
                connection.parked = Some(parked);
                return;
            }
        }
        if self.connections.get(&id).is_some_and(|connection| !connection.queue.is_empty()) {
            self.ready.push_back((now.at, id));
        }
    }

    /// The connection is gone, and with it what waits on it.
    pub(super) fn forget(&mut self, id: ConnectionId) {
        self.connections.remove(&id);
        self.ready.retain(|(_, ready)| *ready != id);
    }

    pub(super) fn deadline_passed(&mut self, now: Now, id: ConnectionId, out: &mut Outbox) {
        let parked = self.connections.get(&id).and_then(|connection| connection.parked.clone());
        match parked {
            Some(Parked::Fetch(fetch)) => self.finish_fetch(now, id, &fetch, fetch.event, out),
            Some(Parked::Controller { .. } | Parked::Group { .. } | Parked::Forever) | None => {}
        }
    }
}
