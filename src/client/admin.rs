//! The administrator's client: carries one request at a time to a broker and brings its answer back.
//!
//! Verbs that change the cluster go through it with real requests. It knows where every broker listens and asks no
//! metadata: an administrator's look-ups are not what is taught here.

use std::sync::Arc;

use crate::ids::{BrokerId, ClientId, ConnectionId, EventId, Process};
use crate::node::{Input, Outbox};
use crate::time::{Instant, Now};
use crate::wire::{Body, Frame, Request, Response};

/// Milliseconds after which an unanswered request is given up (the `request.timeout.ms` of Kafka's own admin tools).
const TIMEOUT_MS: u64 = 30_000;

/// How a request ended.
#[derive(Clone, Debug, PartialEq)]
pub enum AdminAnswer {
    Response(Box<Response>),
    /// The broker could not be reached, or closed the connection.
    Unreachable,
    TimedOut,
}

#[derive(Clone, Debug, PartialEq)]
struct Pending {
    broker: BrokerId,
    connection: ConnectionId,
    frame: Arc<Frame>,
    /// None: the connection is being opened, or is there.
    begins: Option<Instant>,
    sent: bool,
    deadline: Instant,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Admin {
    id: ClientId,
    next_connection: u32,
    pending: Option<Pending>,
}

impl Admin {
    pub const fn new(id: ClientId) -> Admin {
        Admin { id, next_connection: 0, pending: None }
    }

    /// Whether a request is under way.
    pub const fn is_busy(&self) -> bool {
        self.pending.is_some()
    }

    /// At `at`, opens a connection to the broker and sends the request on it once it is there.
    pub fn ask(&mut self, at: Instant, broker: BrokerId, request: Request, cause: EventId) {
        assert!(self.pending.is_none(), "an administrator asks one thing at a time");
        let connection = ConnectionId::of_client(self.id, self.next_connection);
        self.next_connection += 1;
        let version = request.api().java_version();
        let frame =
            Frame { version, correlation_id: 0, client_id: Arc::from("admin"), body: Body::Request(request), cause };
        let deadline = at.plus_millis(TIMEOUT_MS);
        let begins = Some(at);
        self.pending = Some(Pending { broker, connection, frame: Arc::new(frame), begins, sent: false, deadline });
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        self.pending.as_ref().map(|pending| pending.begins.unwrap_or(pending.deadline))
    }

    /// Takes an input; gives the answer when it is there.
    pub fn handle(&mut self, now: Now, input: &Input, out: &mut Outbox) -> Option<AdminAnswer> {
        let pending = self.pending.as_mut()?;
        if pending.begins.is_some_and(|begins| begins <= now.at) {
            pending.begins = None;
            out.connect(pending.connection, Process::Broker(pending.broker));
            return None;
        }
        let answer = match input {
            Input::Connected(connection) if *connection == pending.connection && !pending.sent => {
                pending.sent = true;
                out.send(*connection, pending.frame.clone());
                return None;
            }
            Input::Frame(connection, frame) if *connection == pending.connection => {
                AdminAnswer::Response(Box::new(frame.response()?.clone()))
            }
            Input::Disconnected(connection) if *connection == pending.connection => AdminAnswer::Unreachable,
            Input::Timer if now.at >= pending.deadline => AdminAnswer::TimedOut,
            _ => return None,
        };
        if !matches!(answer, AdminAnswer::Unreachable) {
            out.close(pending.connection);
        }
        self.pending = None;
        Some(answer)
    }
}
