//! The administrator's client: carries one request at a time to a broker and brings its answer back.
//!
//! Verbs that change the cluster go through it with real requests. It knows where every broker listens and asks no
//! metadata: an administrator's look-ups are not what is taught here.

use std::sync::Arc;

use crate::ids::{BrokerId, ClientId, ConnectionId, EventId};
use crate::node::{Input, Outbox};
use crate::time::{Instant, Now};
use crate::wire::{Body, Frame, Request, Response};

/// Milliseconds after which an unanswered request is given up (the `request.timeout.ms` of Kafka's own admin tools).
const TIMEOUT_MS: u64 = 30_000;

/// How a request ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Response(Box<Response>),
    /// The broker could not be reached, or closed the connection.
    Unreachable,
    TimedOut,
}

#[derive(Clone, Debug, PartialEq, Hash)]
struct Pending {
    broker: BrokerId,
    connection: ConnectionId,
    frame: Arc<Frame>,
    sent: bool,
    deadline: Instant,
}

#[derive(Clone, Debug, PartialEq, Hash)]
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

    /// Opens a connection to the broker and sends the request on it once it is there.
    pub fn ask(&mut self, now: Now, broker: BrokerId, request: Request, cause: EventId, out: &mut Outbox) {
        assert!(self.pending.is_none(), "an administrator asks one thing at a time");
        let connection = ConnectionId { client: self.id, number: self.next_connection };
        self.next_connection += 1;
        let version = request.api().java_version();
        let frame =
            Frame { version, correlation_id: 0, client_id: Arc::from("admin"), body: Body::Request(request), cause };
        let deadline = now.at.plus_millis(TIMEOUT_MS);
        self.pending = Some(Pending { broker, connection, frame: Arc::new(frame), sent: false, deadline });
        out.connect(connection, broker);
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        self.pending.as_ref().map(|pending| pending.deadline)
    }

    /// Takes an input; gives the answer when it is there.
    pub fn handle(&mut self, now: Now, input: &Input, out: &mut Outbox) -> Option<Answer> {
        let pending = self.pending.as_mut()?;
        let answer = match input {
            Input::Connected(connection) if *connection == pending.connection && !pending.sent => {
                pending.sent = true;
                out.send(*connection, pending.frame.clone());
                return None;
            }
            Input::Frame(connection, frame) if *connection == pending.connection => {
                Answer::Response(Box::new(frame.response()?.clone()))
            }
            Input::Disconnected(connection) if *connection == pending.connection => Answer::Unreachable,
            Input::Timer if now.at >= pending.deadline => Answer::TimedOut,
            _ => return None,
        };
        if !matches!(answer, Answer::Unreachable) {
            out.close(pending.connection);
        }
        self.pending = None;
        Some(answer)
    }
}
