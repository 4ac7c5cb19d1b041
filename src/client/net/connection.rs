//! `ClusterConnectionStates` and `InFlightRequests`: one entry for each node that a client has tried to reach.

use std::collections::VecDeque;

use crate::ids::{ConnectionId, EventId};
use crate::wire::Api;

/// Where a connection stands (`ConnectionState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionState {
    Disconnected,
    Connecting,
    /// Connected; the answer to `ApiVersions` is awaited.
    CheckingApiVersions,
    Ready,
}

/// A request that was sent and not answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InFlightRequest {
    pub api: Api,
    pub correlation_id: i32,
    /// The owner's own name for it; none for requests of the network client itself.
    pub token: Option<u32>,
    pub expects_response: bool,
    /// Virtual milliseconds.
    pub sent_ms: u64,
    pub timeout_ms: u64,
    /// The event that made the client send it.
    pub cause: EventId,
}

impl InFlightRequest {
    /// `InFlightRequests.hasExpiredRequest`: strictly more than the timeout has passed.
    pub const fn is_expired(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.sent_ms) > self.timeout_ms
    }
}

/// A node and the connection to it (`NodeConnectionState`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeConnection {
    pub state: ConnectionState,
    /// None while disconnected.
    pub id: Option<ConnectionId>,
    /// Oldest first.
    pub in_flight: VecDeque<InFlightRequest>,
    /// When the last attempt began or the connection ended, in virtual milliseconds.
    pub last_attempt_ms: u64,
    /// How long after it a new attempt may begin (`reconnect.backoff.ms`, growing).
    pub reconnect_backoff_ms: u64,
    /// How long an attempt may last (`socket.connection.setup.timeout.ms`, growing).
    pub setup_timeout_ms: u64,
    pub failed_attempts: u32,
    pub failed_connects: u32,
    /// When something last went over it, for `connections.max.idle.ms`.
    pub last_active_ms: u64,
    /// The version of the `ApiVersions` request that is to be sent.
    pub needs_api_versions: Option<i16>,
    /// A request of this pass is not written yet: no other may follow (`InFlightRequests.canSendMore`).
    pub unwritten: bool,
    /// `ConnectionOpening`, then `ConnectionOpened`.
    pub event: EventId,
}

impl NodeConnection {
    pub const fn is_ready(&self) -> bool {
        matches!(self.state, ConnectionState::Ready)
    }

    pub const fn is_disconnected(&self) -> bool {
        matches!(self.state, ConnectionState::Disconnected)
    }

    /// `isPreparingConnection`.
    pub const fn is_preparing(&self) -> bool {
        matches!(self.state, ConnectionState::Connecting | ConnectionState::CheckingApiVersions)
    }

    pub fn can_send_more(&self, most: u32) -> bool {
        self.in_flight.is_empty() || (!self.unwritten && (self.in_flight.len() as u64) < u64::from(most))
    }

    pub const fn can_connect(&self, now_ms: u64) -> bool {
        self.is_disconnected() && now_ms.saturating_sub(self.last_attempt_ms) >= self.reconnect_backoff_ms
    }

    /// `connectionDelay`: milliseconds until something may be sent; none: until something arrives.
    pub const fn delay_ms(&self, now_ms: u64) -> Option<u64> {
        match self.state {
            ConnectionState::Connecting => Some(self.setup_timeout_ms),
            ConnectionState::Disconnected => {
                Some(self.reconnect_backoff_ms.saturating_sub(now_ms.saturating_sub(self.last_attempt_ms)))
            }
            ConnectionState::CheckingApiVersions | ConnectionState::Ready => None,
        }
    }

    /// The first millisecond at which something of this connection is overdue.
    pub fn deadline_ms(&self, idle_ms: u64) -> Option<u64> {
        if self.is_disconnected() {
            return None;
        }
        // "Timed out" is strictly later than the timeout, so one millisecond more.
        let mut first = None;
        let mut offer = |from_ms: u64, timeout_ms: u64| {
            let due = from_ms.saturating_add(timeout_ms + 1);
            first = Some(first.map_or(due, |first: u64| first.min(due)));
        };
        self.in_flight.iter().for_each(|request| offer(request.sent_ms, request.timeout_ms));
        if matches!(self.state, ConnectionState::Connecting) {
            offer(self.last_attempt_ms, self.setup_timeout_ms);
        }
        if idle_ms > 0 {
            offer(self.last_active_ms, idle_ms);
        }
        first
    }
}
