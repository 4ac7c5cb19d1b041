//! The broker's connection to its controller: one request after another, each until it is answered
//! (`NodeToControllerChannelManager`).
//!
//! Simplified: one connection for all that a broker has to say, where Kafka has one for heartbeats, one for changes of the
//! ISR and one for forwarded requests; forwarded requests travel as they are, not in an `Envelope`; and the pictures of the
//! cluster, which Kafka's brokers fetch as records of `__cluster_metadata`, come on it as well.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::ids::{BrokerId, ConnectionId, EventId, Process};
use crate::node::Outbox;
use crate::time::{Instant, Now};
use crate::wire::{Api, Body, Frame, Request};

use super::purpose::ControllerPurpose;

/// Milliseconds between two tries to connect: `reconnect.backoff.ms` of Kafka's own clients.
const RECONNECT_MS: u64 = 50;
/// Milliseconds that an answer may take: `request.timeout.ms` of Kafka's own clients. A request is sent again then.
const REQUEST_TIMEOUT_MS: u64 = 30_000;

/// What a broker asks of the controller, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wish {
    pub(super) request: Request,
    /// Of who asked: a client's own, or none of the broker's.
    pub(super) client_id: Arc<str>,
    pub(super) why: ControllerPurpose,
    pub(super) cause: EventId,
}

#[derive(Clone, Debug, PartialEq)]
struct InFlight {
    correlation_id: i32,
    until: Instant,
    wish: Wish,
}

/// The connection, what has gone out on it, and what waits for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ControllerChannel {
    connection: Option<ConnectionId>,
    is_open: bool,
    /// Not before then is a connection tried again.
    not_before: Instant,
    next_correlation: i32,
    in_flight: VecDeque<InFlight>,
    waiting: VecDeque<Wish>,
}

impl ControllerChannel {
    /// Whether this connection is the one to the controller.
    pub(super) fn is(&self, connection: ConnectionId) -> bool {
        self.connection == Some(connection)
    }

    /// What is asked and not answered, in order.
    pub(super) fn wishes(&self) -> impl Iterator<Item = &Wish> {
        self.in_flight.iter().map(|sent| &sent.wish).chain(&self.waiting)
    }

    /// Whether it is there, and nothing but a heartbeat is asked.
    pub(super) fn is_at_rest(&self) -> bool {
        self.is_open && self.wishes().all(|wish| wish.request.api() == Api::BrokerHeartbeat)
    }

    pub(super) fn ask(&mut self, wish: Wish, now: Now, out: &mut Outbox) {
        self.waiting.push_back(wish);
        self.flush(now, out);
    }

    fn flush(&mut self, now: Now, out: &mut Outbox) {
        let (Some(connection), true) = (self.connection, self.is_open) else { return };
        while let Some(wish) = self.waiting.pop_front() {
            let frame = Frame {
                version: wish.request.api().java_version(),
                correlation_id: self.next_correlation,
                client_id: wish.client_id.clone(),
                body: Body::Request(wish.request.clone()),
                cause: wish.cause,
            };
            let until = now.at.plus_millis(REQUEST_TIMEOUT_MS);
            self.in_flight.push_back(InFlight { correlation_id: frame.correlation_id, until, wish });
            self.next_correlation = self.next_correlation.wrapping_add(1);
            out.send(connection, Arc::new(frame));
        }
    }

    /// When there is something to do: to connect, or to give up waiting for an answer.
    pub(super) fn next_timeout(&self) -> Option<Instant> {
        match self.connection {
            None => Some(self.not_before),
            Some(_) => self.in_flight.front().map(|sent| sent.until),
        }
    }

    /// Connects, or gives up a connection on which an answer is overdue. `number` is one that the broker has not used.
    pub(super) fn on_timer(&mut self, now: Now, from: BrokerId, next_number: &mut u32, out: &mut Outbox) {
        if let Some(connection) = self.connection {
            if self.in_flight.front().is_some_and(|sent| sent.until <= now.at) {
                out.close(connection);
                self.lost(now);
            }
            return;
        }
        if self.not_before > now.at {
            return;
        }
        let connection = ConnectionId { opener: Process::Broker(from), number: *next_number };
        *next_number += 1;
        self.connection = Some(connection);
        out.connect(connection, Process::Controller);
    }

    pub(super) fn connected(&mut self, now: Now, out: &mut Outbox) {
        self.is_open = true;
        self.flush(now, out);
    }

    /// The connection is gone, or could not be opened: what was not answered is asked again on the next.
    pub(super) fn lost(&mut self, now: Now) {
        (self.connection, self.is_open) = (None, false);
        self.not_before = now.at.plus_millis(RECONNECT_MS);
        while let Some(sent) = self.in_flight.pop_back() {
            self.waiting.push_front(sent.wish);
        }
    }

    /// An answer has come: to what. Answers come in the order of requests.
    pub(super) fn answered(&mut self, frame: &Frame) -> Option<Wish> {
        let front = self.in_flight.front()?;
        if front.correlation_id != frame.correlation_id {
            return None;
        }
        self.in_flight.pop_front().map(|sent| sent.wish)
    }
}
