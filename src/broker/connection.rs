//! Connections of clients: what is queued, and what waits.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::ids::{ConnectionId, EventId};
use crate::time::Instant;
use crate::wire::Frame;

use super::parked::Parked;

/// Which request led to what a broker does.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub connection: ConnectionId,
    pub correlation_id: i32,
    pub cause: EventId,
}

impl Origin {
    pub fn of(connection: ConnectionId, frame: &Frame) -> Origin {
        Origin { connection, correlation_id: frame.correlation_id, cause: frame.cause }
    }
}

/// A request that has arrived and was not looked at yet.
#[derive(Clone, Debug)]
pub struct Queued {
    pub frame: Arc<Frame>,
    /// A fault that the user armed: answered with this in place of being handled.
    pub armed: Option<Arc<Frame>>,
}

/// One open connection (`KafkaChannel`, which Kafka mutes while a request of it is being handled).
#[derive(Clone, Debug, Default)]
pub struct Connection {
    parked: Option<Parked>,
    queue: VecDeque<Queued>,
}

impl Connection {
    pub const fn parked(&self) -> Option<&Parked> {
        self.parked.as_ref()
    }

    pub(super) const fn parked_mut(&mut self) -> Option<&mut Parked> {
        self.parked.as_mut()
    }

    /// Requests behind the one that waits, in order.
    pub const fn queued(&self) -> &VecDeque<Queued> {
        &self.queue
    }

    pub(super) const fn deadline(&self) -> Option<Instant> {
        match &self.parked {
            Some(Parked::Fetch(fetch)) => Some(fetch.until),
            Some(Parked::Produce(produce)) => Some(produce.until),
            Some(Parked::DeleteRecords(delete)) => Some(delete.until),
            Some(Parked::Controller { .. } | Parked::Group { .. } | Parked::Forever) | None => None,
        }
    }

    /// A request has come; whether it is to be handled now, because nothing is before it.
    pub(super) fn arrived(&mut self, request: Queued) -> bool {
        self.queue.push_back(request);
        self.parked.is_none() && self.queue.len() == 1
    }

    /// The next request to be handled.
    pub(super) fn take_next(&mut self) -> Option<Queued> {
        assert!(self.parked.is_none(), "a request that waits holds back the next one");
        self.queue.pop_front()
    }

    pub(super) fn park(&mut self, request: Parked) {
        self.parked = Some(request);
    }

    pub(super) fn unpark(&mut self) {
        self.parked = None;
    }
}
