//! `NetworkClient`: a client's connections, the requests in flight on them, and its metadata.
//!
//! What arrives waits in an inbox until the thread that owns the client reads it: the producer's sender, a call of the
//! consumer, its heartbeat thread. One turn of Java's `poll` is [`NetworkClient::maybe_update`] (which may ask for
//! metadata), then [`NetworkClient::read`]. Kafka's rules count in whole milliseconds.
//!
//! Simplified: brokers of one cluster serve the same versions, so the answer to `ApiVersions` is looked at only for its
//! error; client telemetry is not sent.

mod cluster;
mod connection;
mod metadata;
mod response;
mod writable;
#[cfg(test)]
mod tests;

pub use cluster::{Cluster, PartitionMetadata, Server, TopicMetadata};
pub use connection::{ConnectionState, InFlightRequest, NodeConnection};
pub use metadata::{Interest, Metadata};
pub use writable::check_writable;

use std::collections::VecDeque;
use std::sync::Arc;

use kafka_protocol::messages::ApiVersionsRequest;
use kafka_protocol::protocol::StrBytes;

use crate::error::Exception;
use crate::event::EventKind;
use crate::ids::{BrokerId, ClientId, ConnectionId, EventId, Process};
use crate::java::ExponentialBackoff;
use crate::node::Outbox;
use crate::rng::Rng;
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};
use crate::wire::{Api, Body, Frame, Request};

/// `ClientUtils`: what stands behind a name in an `ApiVersions` request.
const SOFTWARE_NAME: &str = "apache-kafka-java";
const SOFTWARE_VERSION: &str = "4.3.1";

/// Whom a connection leads to. A client keeps a connection to a bootstrap address and one to the same broker under its
/// id apart, and a consumer a third one for its coordinator, as Kafka's clients do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeId {
    /// An entry of `bootstrap.servers`, from 0.
    Bootstrap(u8),
    Broker(BrokerId),
    Coordinator(BrokerId),
}

/// The settings that the network client goes by; times in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NetConfig {
    pub client_id: Arc<str>,
    pub request_timeout_ms: u64,
    pub max_in_flight: u32,
    pub reconnect_backoff_ms: u64,
    pub reconnect_backoff_max_ms: u64,
    pub setup_timeout_ms: u64,
    pub setup_timeout_max_ms: u64,
    /// 0: never.
    pub max_idle_ms: u64,
    /// `metadata.recovery.strategy=rebootstrap`.
    pub rebootstrap: bool,
    /// `metadata.recovery.rebootstrap.trigger.ms`.
    pub rebootstrap_trigger_ms: u64,
}

/// How a request of the owner ended.
#[derive(Clone, Debug)]
pub struct Completion {
    pub node: NodeId,
    pub connection: ConnectionId,
    pub token: u32,
    pub api: Api,
    pub correlation_id: i32,
    /// The event of the response's arrival, or of the connection's end.
    pub cause: EventId,
    pub answer: Answer,
}

#[derive(Clone, Debug)]
pub enum Answer {
    Response(Arc<Frame>),
    /// No response is expected, and the request has been written.
    Written,
    /// The connection ended first; `timed_out` when this client closed it because a request or the connection timed
    /// out.
    Disconnected {
        timed_out: bool,
    },
}

/// What has arrived and was not read yet.
#[derive(Clone, Debug, PartialEq)]
enum Arrived {
    Frame(ConnectionId, Arc<Frame>, EventId),
    Connected(ConnectionId),
    Disconnected(ConnectionId),
}

/// The Metadata request in flight.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct InProgress {
    request_version: u32,
    partial: bool,
}

/// A client's end of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkClient {
    client: ClientId,
    config: Arc<NetConfig>,
    bootstrap: Arc<[BrokerId]>,
    pub metadata: Metadata,
    connections: SortedMap<NodeId, NodeConnection>,
    next_connection: u32,
    /// One count for all connections of a client, as Java's.
    next_correlation_id: i32,
    inbox: VecDeque<Arrived>,
    in_progress: Option<InProgress>,
    /// Since when metadata has been wanted and not got, in milliseconds.
    metadata_attempt_start_ms: Option<u64>,
    /// A broker said `REBOOTSTRAP_REQUIRED`.
    rebootstrap_required: bool,
    /// When metadata is looked at again, in milliseconds; none: when something arrives.
    metadata_at_ms: Option<u64>,
    wrote: bool,
    reconnect_backoff: ExponentialBackoff,
    setup_timeout: ExponentialBackoff,
    rng: Rng,
}

impl NetworkClient {
    /// `metadata` is made with the number of `bootstrap` brokers.
    pub fn new(client: ClientId, config: NetConfig, bootstrap: &[BrokerId], metadata: Metadata, rng: Rng) -> Self {
        assert!(!bootstrap.is_empty(), "a client has a bootstrap server");
        NetworkClient {
            client,
            bootstrap: bootstrap.into(),
            metadata,
            connections: SortedMap::new(),
            next_connection: 0,
            next_correlation_id: 0,
            inbox: VecDeque::new(),
            in_progress: None,
            metadata_attempt_start_ms: None,
            rebootstrap_required: false,
            metadata_at_ms: Some(0),
            wrote: false,
            reconnect_backoff: ExponentialBackoff::of_client(
                config.reconnect_backoff_ms,
                config.reconnect_backoff_max_ms,
            ),
            setup_timeout: ExponentialBackoff::of_client(config.setup_timeout_ms, config.setup_timeout_max_ms),
            config: Arc::new(config),
            rng,
        }
    }

    /// The broker behind a node.
    pub fn broker(&self, node: NodeId) -> BrokerId {
        match node {
            NodeId::Bootstrap(index) => self.bootstrap[usize::from(index)],
            NodeId::Broker(broker) | NodeId::Coordinator(broker) => broker,
        }
    }

    /// Every node that was ever tried, with its connection.
    pub fn connections(&self) -> impl Iterator<Item = (NodeId, &NodeConnection)> {
        self.connections.iter().map(|(node, connection)| (*node, connection))
    }

    /// A door for tests that break a run on purpose.
    #[doc(hidden)]
    pub fn door_to_connections(&mut self) -> impl Iterator<Item = &mut NodeConnection> {
        self.connections.values_mut()
    }

    pub fn connection(&self, node: NodeId) -> Option<&NodeConnection> {
        self.connections.get(&node)
    }

    /// Begins to connect when the node is not connected and may be tried; says whether a request can be sent now
    /// (`KafkaClient.ready`).
    pub fn ready(&mut self, node: NodeId, now: Now, cause: EventId, out: &mut Outbox) -> bool {
        if self.is_ready(node, now) {
            return true;
        }
        if self.can_connect(node, now.ms()) {
            self.connect(node, now, cause, out);
        }
        false
    }

    /// Metadata goes first: while an update is due, no node is ready.
    pub fn is_ready(&mut self, node: NodeId, now: Now) -> bool {
        !self.is_update_due(now) && self.can_send(node)
    }

    /// Whether the last thing with this node was that its connection failed (`connectionFailed`).
    pub fn connection_failed(&self, node: NodeId) -> bool {
        self.connections.get(&node).is_some_and(NodeConnection::is_disconnected)
    }

    /// `isUnavailable`: disconnected, and still backing off.
    pub fn is_blacked_out(&self, node: NodeId, now: Now) -> bool {
        self.connections
            .get(&node)
            .is_some_and(|connection| connection.is_disconnected() && !connection.can_connect(now.ms()))
    }

    /// Milliseconds until the node may be sent to or tried again; none: until something arrives (`pollDelayMs`).
    pub fn poll_delay_ms(&self, node: NodeId, now: Now) -> Option<u64> {
        self.connections.get(&node).map_or(Some(0), |connection| connection.delay_ms(now.ms()))
    }

    pub fn has_in_flight(&self) -> bool {
        self.connections.values().any(|connection| !connection.in_flight.is_empty())
    }

    pub fn in_flight_count(&self, node: NodeId) -> u64 {
        self.connections.get(&node).map_or(0, |connection| connection.in_flight.len() as u64)
    }

    /// Whether there is something to read, or a request of the last pass to write: the owner should make a pass.
    pub fn wants_pass(&self) -> bool {
        self.wrote || !self.inbox.is_empty()
    }

    /// The correlation id that the next request gets.
    pub const fn next_correlation_id(&self) -> i32 {
        self.next_correlation_id
    }

    /// Sends a request to a node that is ready. Returns its correlation id.
    pub fn send(
        &mut self,
        node: NodeId,
        request: Request,
        token: u32,
        cause: EventId,
        now: Now,
        out: &mut Outbox,
    ) -> i32 {
        let timeout_ms = self.config.request_timeout_ms;
        self.send_within(node, request, token, timeout_ms, cause, now, out)
    }

    /// As [`Self::send`], with a timeout of its own in milliseconds (`JoinGroup`).
    #[allow(clippy::too_many_arguments, reason = "what a request needs to be sent")]
    pub fn send_within(
        &mut self,
        node: NodeId,
        request: Request,
        token: u32,
        timeout_ms: u64,
        cause: EventId,
        now: Now,
        out: &mut Outbox,
    ) -> i32 {
        assert!(self.can_send(node), "a request is sent only to a node that is ready");
        let version = request.api().java_version();
        self.do_send(node, request, version, Some(token), timeout_ms, cause, now, out)
    }

    #[allow(clippy::too_many_arguments, reason = "what a request needs to be sent")]
    fn do_send(
        &mut self,
        node: NodeId,
        request: Request,
        version: i16,
        token: Option<u32>,
        timeout_ms: u64,
        cause: EventId,
        now: Now,
        out: &mut Outbox,
    ) -> i32 {
        let correlation_id = self.next_correlation_id;
        self.next_correlation_id = self.next_correlation_id.wrapping_add(1);
        let api = request.api();
        let frame = Frame {
            version,
            correlation_id,
            client_id: self.config.client_id.clone(),
            body: Body::Request(request),
            cause,
        };
        let connection = self.connections.get_mut(&node).expect("a connection that is open");
        let id = connection.id.expect("an open connection has its id");
        connection.in_flight.push_back(InFlightRequest {
            api,
            correlation_id,
            token,
            expects_response: frame.expects_response(),
            sent_ms: now.ms(),
            timeout_ms,
            cause,
        });
        connection.unwritten = true;
        connection.last_active_ms = now.ms();
        self.wrote = true;
        out.send(id, Arc::new(frame));
        correlation_id
    }

    fn can_send(&self, node: NodeId) -> bool {
        self.connections
            .get(&node)
            .is_some_and(|connection| connection.is_ready() && connection.can_send_more(self.config.max_in_flight))
    }

    fn can_connect(&self, node: NodeId, now_ms: u64) -> bool {
        self.connections.get(&node).is_none_or(|connection| connection.can_connect(now_ms))
    }

    fn connect(&mut self, node: NodeId, now: Now, cause: EventId, out: &mut Outbox) {
        let id = ConnectionId::of_client(self.client, self.next_connection);
        self.next_connection += 1;
        let broker = self.broker(node);
        let event = out.emit(cause, EventKind::ConnectionOpening { connection: id, broker });
        out.connect(id, Process::Broker(broker));
        let (backoff, setup) = (self.reconnect_backoff.backoff_ms(0, self.rng.next_u64()), self.setup_timeout_ms(0));
        let connection = self.connections.entry(node).or_insert_with(|| NodeConnection {
            state: ConnectionState::Disconnected,
            id: None,
            in_flight: VecDeque::new(),
            last_attempt_ms: 0,
            reconnect_backoff_ms: backoff,
            setup_timeout_ms: setup,
            failed_attempts: 0,
            failed_connects: 0,
            last_active_ms: 0,
            needs_api_versions: None,
            unwritten: false,
            event,
        });
        connection.state = ConnectionState::Connecting;
        connection.id = Some(id);
        connection.last_attempt_ms = now.ms();
        connection.last_active_ms = now.ms();
        connection.event = event;
    }

    fn setup_timeout_ms(&mut self, failed: u32) -> u64 {
        self.setup_timeout.backoff_ms(u64::from(failed), self.rng.next_u64())
    }

    /// `leastLoadedNode`, and whether any connection is ready.
    pub fn least_loaded_node(&mut self, now: Now) -> (Option<NodeId>, bool) {
        let cluster = self.metadata.cluster().clone();
        let count = cluster.nodes.len();
        assert!(count > 0, "a client knows at least its bootstrap servers");
        let offset = self.rng.below(count as u64) as usize;
        let (mut ready, mut connecting, mut connectable) = (None, None, None);
        let (mut fewest, mut one_ready) = (usize::MAX, false);
        for index in 0..count {
            let node = cluster.nodes[(offset + index) % count];
            let connection = self.connections.get(&node);
            one_ready |= connection.is_some_and(NodeConnection::is_ready);
            if self.can_send(node) {
                let in_flight = connection.map_or(0, |connection| connection.in_flight.len());
                if in_flight == 0 {
                    return (Some(node), true);
                }
                if in_flight < fewest {
                    fewest = in_flight;
                    ready = Some(node);
                }
            } else if connection.is_some_and(NodeConnection::is_preparing) {
                connecting = Some(node);
            } else if self.can_connect(node, now.ms()) {
                let attempt = connection.map_or(0, |connection| connection.last_attempt_ms);
                if connectable.is_none_or(|(_, best)| best > attempt) {
                    connectable = Some((node, attempt));
                }
            }
        }
        (ready.or(connecting).or(connectable.map(|(node, _)| node)), one_ready)
    }

    fn is_update_due(&mut self, now: Now) -> bool {
        self.in_progress.is_none() && self.metadata.time_to_next_update(now.ms()) == 0
    }

    /// The first half of `poll`: asks for metadata when it is time, connecting first if need be
    /// (`DefaultMetadataUpdater.maybeUpdate`). Throws when the request has a name that cannot be written.
    pub fn maybe_update(&mut self, now: Now, cause: EventId, out: &mut Outbox) -> Result<(), Exception> {
        let mut unwritable = Ok(());
        let wait = self.metadata_wait_ms(now, cause, out, &mut unwritable);
        self.metadata_at_ms = wait.map(|wait| now.ms().saturating_add(wait));
        unwritable
    }

    fn metadata_wait_ms(
        &mut self,
        now: Now,
        cause: EventId,
        out: &mut Outbox,
        unwritable: &mut Result<(), Exception>,
    ) -> Option<u64> {
        if self.in_progress.is_some() {
            // Its answer, or the end of its connection, makes the owner come by again.
            return None;
        }
        let wait = self.metadata.time_to_next_update(now.ms());
        if wait > 0 {
            return Some(wait);
        }
        self.metadata_attempt_start_ms.get_or_insert(now.ms());
        let (mut node, one_ready) = self.least_loaded_node(now);
        // Java does so with every pass while nothing can be reached; once is enough, since nothing new is known then.
        let knows_brokers = !self.metadata.cluster().brokers.is_empty();
        if self.config.rebootstrap && node.is_none() && !one_ready && knows_brokers {
            self.rebootstrap(now);
            node = self.least_loaded_node(now).0;
        }
        let Some(node) = node else {
            return Some(self.config.reconnect_backoff_ms.max(1));
        };
        if self.can_send(node) {
            let ask = self.metadata.ask(now.ms());
            let request = Request::from(ask.request);
            *unwritable = check_writable(&request);
            if unwritable.is_err() {
                return Some(self.config.reconnect_backoff_ms.max(1));
            }
            self.in_progress = Some(InProgress { request_version: ask.request_version, partial: ask.partial });
            let cause = if ask.cause == EventId::NONE { cause } else { ask.cause };
            let (version, timeout_ms) = (Api::Metadata.java_version(), self.config.request_timeout_ms);
            self.do_send(node, request, version, None, timeout_ms, cause, now, out);
            return None;
        }
        let connecting = |node: &NodeId| {
            self.connections.get(node).is_some_and(|connection| connection.state == ConnectionState::Connecting)
        };
        if self.metadata.cluster().nodes.iter().any(connecting) {
            return Some(self.config.reconnect_backoff_ms.max(1));
        }
        if self.can_connect(node, now.ms()) {
            self.connect(node, now, cause, out);
            return Some(self.config.reconnect_backoff_ms.max(1));
        }
        None
    }

    fn rebootstrap(&mut self, now: Now) {
        self.metadata.rebootstrap();
        self.metadata_attempt_start_ms = Some(now.ms());
        self.rebootstrap_required = false;
    }

    fn send_api_versions(&mut self, now: Now, out: &mut Outbox) {
        let waiting: Vec<(NodeId, i16, EventId)> = self
            .connections
            .iter()
            .filter(|(_, connection)| connection.can_send_more(self.config.max_in_flight))
            .filter_map(|(node, connection)| Some((*node, connection.needs_api_versions?, connection.event)))
            .collect();
        for (node, version, cause) in waiting {
            let setup = self.setup_timeout_ms(0);
            let connection = self.connections.get_mut(&node).expect("it was just seen");
            connection.needs_api_versions = None;
            connection.state = ConnectionState::CheckingApiVersions;
            connection.failed_connects = 0;
            connection.setup_timeout_ms = setup;
            let mut request = ApiVersionsRequest::default();
            if version >= 3 {
                request.client_software_name = StrBytes::from_static_str(SOFTWARE_NAME);
                request.client_software_version = StrBytes::from_static_str(SOFTWARE_VERSION);
            }
            let timeout_ms = self.config.request_timeout_ms;
            self.do_send(node, request.into(), version, None, timeout_ms, cause, now, out);
        }
    }

    /// When [`Self::read`] or [`Self::maybe_update`] has something to do although nothing arrives.
    pub fn next_timeout(&self) -> Option<Instant> {
        let overdue =
            self.connections.values().filter_map(|connection| connection.deadline_ms(self.config.max_idle_ms));
        overdue.chain(self.metadata_at_ms).min().map(Instant::from_millis)
    }
}
