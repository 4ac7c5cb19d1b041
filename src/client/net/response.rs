//! The second half of `NetworkClient.poll`: what arrived, what broke, what took too long.

use kafka_protocol::messages::ApiVersionsResponse;

use super::{Answer, Arrived, Completion, ConnectionState, InFlightRequest, NetworkClient, NodeConnection, NodeId};
use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{ConnectionId, EventId};
use crate::node::{Input, Outbox};
use crate::time::Now;
use crate::wire::{Api, Response};

/// Error of a Metadata response as a whole (v13): the client must begin anew with its bootstrap servers.
const REBOOTSTRAP_REQUIRED: i16 = Code::RebootstrapRequired as i16;

impl NetworkClient {
    /// Takes in what came for this client; it is read by the owner's next [`NetworkClient::read`]. Other inputs than
    /// frames and connections are not a client's.
    pub fn arrive(&mut self, input: Input, out: &Outbox) {
        let arrived = match input {
            Input::Frame(id, frame) => {
                // The network tells of the arrival in the same move, just before.
                let cause = match out.events.last().map(|event| event.kind) {
                    Some(EventKind::ResponseArrived { connection, correlation_id, .. })
                        if connection == id && correlation_id == frame.correlation_id =>
                    {
                        EventId(out.next_event().0 - 1)
                    }
                    _ => frame.cause,
                };
                Arrived::Frame(id, frame, cause)
            }
            Input::Connected(id) => Arrived::Connected(id),
            Input::Disconnected(id) => Arrived::Disconnected(id),
            Input::Timer | Input::Image(_) | Input::Answered(..) => return,
        };
        self.inbox.push_back(arrived);
    }

    /// Whether the answer to a request lies here and has not been read.
    pub fn has_arrived(&self, connection: ConnectionId, correlation_id: i32) -> bool {
        let is_it = |arrived: &Arrived| match arrived {
            Arrived::Frame(id, frame, _) => *id == connection && frame.correlation_id == correlation_id,
            Arrived::Connected(_) | Arrived::Disconnected(_) => false,
        };
        self.inbox.iter().any(is_it)
    }

    /// The second half of `poll`: completes what was written or answered, then ends what broke or took too long.
    pub fn read(&mut self, now: Now, out: &mut Outbox, completions: &mut Vec<Completion>) {
        self.complete_written(completions);
        let arrived = std::mem::take(&mut self.inbox);
        for arrived in arrived {
            match arrived {
                Arrived::Frame(id, frame, cause) => {
                    if let Some(node) = self.node_of(id) {
                        self.handle_frame(node, id, &frame, cause, now, out, completions);
                    }
                }
                Arrived::Connected(id) => {
                    if let Some(node) = self.node_of(id) {
                        self.handle_connected(node, id, now, out);
                    }
                }
                Arrived::Disconnected(id) => {
                    if let Some(node) = self.node_of(id) {
                        self.handle_disconnected(node, false, now, out, completions);
                    }
                }
            }
        }
        self.send_api_versions(now, out);
        self.handle_overdue(now, out, completions);
        self.handle_rebootstrap(now, out, completions);
    }

    /// Closes the connection to a node, if there is one; its requests end as disconnected (`KafkaClient.disconnect`).
    pub fn disconnect(&mut self, node: NodeId, now: Now, out: &mut Outbox, completions: &mut Vec<Completion>) {
        if self.connections.get(&node).is_some_and(|connection| !connection.is_disconnected()) {
            self.close(node, false, now, out, completions);
        }
    }

    /// Closes all connections, as a client that ends does; what was in flight is forgotten.
    pub fn close_all(&mut self, out: &mut Outbox) {
        let mut open = Vec::new();
        for (node, connection) in self.connections.iter_mut() {
            let in_flight = u32::try_from(connection.in_flight.len()).unwrap_or(u32::MAX);
            connection.in_flight.clear();
            connection.state = ConnectionState::Disconnected;
            open.extend(connection.id.take().map(|id| (*node, id, connection.event, in_flight)));
        }
        for (node, id, event, in_flight) in open {
            out.close(id);
            let broker = self.broker(node);
            out.emit(event, EventKind::ConnectionClosed { connection: id, broker, in_flight, idle: false });
        }
        self.inbox.clear();
        self.wrote = false;
        self.metadata_at_ms = None;
    }

    fn node_of(&self, id: ConnectionId) -> Option<NodeId> {
        self.connections.iter().find(|(_, connection)| connection.id == Some(id)).map(|(node, _)| *node)
    }

    /// `handleCompletedSends`: a request without response is complete once it is written.
    fn complete_written(&mut self, completions: &mut Vec<Completion>) {
        if !self.wrote {
            return;
        }
        self.wrote = false;
        for (node, connection) in self.connections.iter_mut() {
            if !std::mem::take(&mut connection.unwritten) {
                continue;
            }
            while connection.in_flight.back().is_some_and(|request| !request.expects_response) {
                let request = connection.in_flight.pop_back().expect("it was just seen");
                let id = connection.id.expect("an open connection has its id");
                let cause = request.cause;
                completions.extend(completion(*node, id, &request, cause, Answer::Written));
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a response and where its consequences go")]
    fn handle_frame(
        &mut self,
        node: NodeId,
        id: ConnectionId,
        frame: &std::sync::Arc<crate::wire::Frame>,
        cause: EventId,
        now: Now,
        out: &mut Outbox,
        completions: &mut Vec<Completion>,
    ) {
        let connection = self.connections.get_mut(&node).expect("the connection was just found");
        connection.last_active_ms = now.ms();
        let request = connection.in_flight.pop_front().expect("a response answers a request in flight");
        assert_eq!(request.correlation_id, frame.correlation_id, "responses come in the order of their requests");
        match (request.token, frame.response()) {
            (None, Some(Response::ApiVersions(response))) => {
                self.handle_api_versions(node, response, now, out, completions);
            }
            (None, Some(Response::Metadata(response))) => {
                let asked = self.in_progress.take().expect("a Metadata request was in flight");
                if response.error_code == REBOOTSTRAP_REQUIRED {
                    self.rebootstrap_required = true;
                    self.metadata.failed_update(now.ms());
                } else if response.brokers.is_empty() {
                    self.metadata.failed_update(now.ms());
                } else {
                    self.metadata_attempt_start_ms = None;
                    let (version, partial) = (asked.request_version, asked.partial);
                    self.metadata.update(version, partial, response, now.ms(), &mut out.names);
                    out.emit(cause, EventKind::MetadataUpdated { client: self.client });
                }
                self.metadata_at_ms = Some(now.ms());
            }
            _ => completions.extend(completion(node, id, &request, cause, Answer::Response(frame.clone()))),
        }
    }

    fn handle_api_versions(
        &mut self,
        node: NodeId,
        response: &ApiVersionsResponse,
        now: Now,
        out: &mut Outbox,
        completions: &mut Vec<Completion>,
    ) {
        match Code::from_i16(response.error_code) {
            Code::None => {
                let (backoff, setup) =
                    (self.reconnect_backoff.backoff_ms(0, self.rng.next_u64()), self.setup_timeout_ms(0));
                let connection = self.connections.get_mut(&node).expect("it was just answered");
                connection.state = ConnectionState::Ready;
                connection.failed_attempts = 0;
                connection.reconnect_backoff_ms = backoff;
                connection.failed_connects = 0;
                connection.setup_timeout_ms = setup;
                self.metadata_at_ms = Some(now.ms());
            }
            Code::UnsupportedVersion => {
                let key = Api::ApiVersions as i16;
                let range = response.api_keys.iter().find(|range| range.api_key == key);
                let connection = self.connections.get_mut(&node).expect("it was just answered");
                connection.needs_api_versions = Some(range.map_or(0, |range| range.max_version));
            }
            _ => self.close(node, false, now, out, completions),
        }
    }

    fn handle_connected(&mut self, node: NodeId, id: ConnectionId, now: Now, out: &mut Outbox) {
        let broker = self.broker(node);
        let connection = self.connections.get_mut(&node).expect("the connection was just found");
        connection.last_active_ms = now.ms();
        connection.event = out.emit(connection.event, EventKind::ConnectionOpened { connection: id, broker });
        connection.needs_api_versions = Some(Api::ApiVersions.java_version());
    }

    /// `processDisconnection`: the connection is gone, by whomever.
    fn handle_disconnected(
        &mut self,
        node: NodeId,
        timed_out: bool,
        now: Now,
        out: &mut Outbox,
        completions: &mut Vec<Completion>,
    ) {
        let broker = self.broker(node);
        let (backoff_draw, setup_draw) = (self.rng.next_u64(), self.rng.next_u64());
        let max_idle_ms = self.config.max_idle_ms;
        let connection = self.connections.get_mut(&node).expect("a connection that ends");
        let id = connection.id.take().expect("an open connection has its id");
        let connecting = connection.state == ConnectionState::Connecting;
        let idle_since_ms = now.ms().saturating_sub(connection.last_active_ms);
        let idle = max_idle_ms > 0 && connection.in_flight.is_empty() && idle_since_ms > max_idle_ms;
        connection.failed_connects = if connecting { connection.failed_connects + 1 } else { 0 };
        connection.setup_timeout_ms = self.setup_timeout.backoff_ms(u64::from(connection.failed_connects), setup_draw);
        connection.reconnect_backoff_ms =
            self.reconnect_backoff.backoff_ms(u64::from(connection.failed_attempts), backoff_draw);
        connection.failed_attempts += 1;
        connection.last_attempt_ms = now.ms();
        connection.state = ConnectionState::Disconnected;
        connection.needs_api_versions = None;
        connection.unwritten = false;
        let kind = if connecting && !timed_out {
            EventKind::ConnectionRefused { connection: id, broker }
        } else {
            let in_flight = u32::try_from(connection.in_flight.len()).unwrap_or(u32::MAX);
            EventKind::ConnectionClosed { connection: id, broker, in_flight, idle }
        };
        let closed = out.emit(connection.event, kind);
        let lost = std::mem::take(&mut connection.in_flight);
        let lost_metadata = lost.iter().any(|request| request.token.is_none() && request.api == Api::Metadata);
        for request in &lost {
            completions.extend(completion(node, id, request, closed, Answer::Disconnected { timed_out }));
        }
        if lost_metadata {
            self.in_progress = None;
            self.metadata.failed_update(now.ms());
        }
        // A disconnect while an update is due counts as a failed one, so that backing off works.
        if self.is_update_due(now) {
            self.metadata.failed_update(now.ms());
        }
        self.metadata.request_update(false, closed);
        self.metadata_at_ms = Some(now.ms());
    }

    fn close(&mut self, node: NodeId, timed_out: bool, now: Now, out: &mut Outbox, completions: &mut Vec<Completion>) {
        let id =
            self.connections.get(&node).and_then(|connection| connection.id).expect("an open connection has its id");
        out.close(id);
        self.handle_disconnected(node, timed_out, now, out, completions);
    }

    /// Timed out requests, connection attempts and idle connections.
    fn handle_overdue(&mut self, now: Now, out: &mut Outbox, completions: &mut Vec<Completion>) {
        let now_ms = now.ms();
        let max_idle_ms = self.config.max_idle_ms;
        let is_overdue = |connection: &NodeConnection| {
            connection.deadline_ms(max_idle_ms).is_some_and(|deadline_ms| deadline_ms <= now_ms)
        };
        let overdue: Vec<NodeId> =
            self.connections.iter().filter(|(_, connection)| is_overdue(connection)).map(|(node, _)| *node).collect();
        for node in overdue {
            let connection = &self.connections[&node];
            let id = connection.id.expect("an open connection has its id");
            let (broker, connecting) = (self.broker(node), connection.state == ConnectionState::Connecting);
            let expired: Vec<InFlightRequest> =
                connection.in_flight.iter().filter(|request| request.is_expired(now_ms)).cloned().collect();
            for request in &expired {
                let (api, correlation_id) = (request.api, request.correlation_id);
                let kind = EventKind::RequestTimedOut { connection: id, broker, api, correlation_id };
                out.emit(request.cause, kind);
            }
            self.close(node, connecting || !expired.is_empty(), now, out, completions);
        }
    }

    fn handle_rebootstrap(&mut self, now: Now, out: &mut Outbox, completions: &mut Vec<Completion>) {
        let late = |start: u64| now.ms().saturating_sub(start) > self.config.rebootstrap_trigger_ms;
        let wanted = self.rebootstrap_required || self.metadata_attempt_start_ms.is_some_and(late);
        if !self.config.rebootstrap || !wanted {
            return;
        }
        for node in self.metadata.cluster().nodes.clone() {
            self.disconnect(node, now, out, completions);
        }
        self.rebootstrap(now);
        self.metadata_at_ms = Some(now.ms());
    }
}

fn completion(
    node: NodeId,
    connection: ConnectionId,
    request: &InFlightRequest,
    cause: EventId,
    answer: Answer,
) -> Option<Completion> {
    Some(Completion {
        node,
        connection,
        token: request.token?,
        api: request.api,
        correlation_id: request.correlation_id,
        cause,
        answer,
    })
}
