//! `ConsumerNetworkClient`: requests that wait for their connection, and what each answer is for.

use super::fetching::session::FetchAsked;
use super::membership::state::Generation;
use super::positions::{FetchPosition, ResetStrategy};

use std::collections::VecDeque;
use std::sync::Arc;

use crate::client::net::{Answer, Completion, NetworkClient, NodeId, check_writable};
use crate::error::{Code, Exception};
use crate::ids::{BrokerId, EventId, TopicPartition};
use crate::node::Outbox;
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};
use crate::wire::{Frame, Request, Response};

/// What a request was sent for: who takes its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    FindCoordinator,
    JoinGroup(Generation),
    SyncGroup(Generation),
    Heartbeat(Generation),
    LeaveGroup,
    /// The number of the commit.
    OffsetCommit(u32, Generation),
    /// The number of the look-up that asks: one that was given up has no use for its answer.
    OffsetFetch(u32),
    /// `ListOffsets` for partitions that wait for a reset, by the strategy that was asked for.
    ResetPositions(Arc<[(TopicPartition, ResetStrategy)]>),
    /// `ListOffsets` of a call, with the number of its round.
    ListOffsets(u32),
    /// `ListOffsets` for `currentLag`.
    CurrentLag(TopicPartition),
    ValidatePositions(Arc<[(TopicPartition, FetchPosition)]>),
    Fetch(BrokerId, Arc<FetchAsked>),
    CloseSession(BrokerId),
    TopicMetadata,
}

/// A request that its connection is not ready for.
#[derive(Clone, Debug, PartialEq)]
struct Unsent {
    request: Request,
    token: u32,
    timeout_ms: u64,
    created_ms: u64,
    cause: EventId,
}

/// An answer, and what it is for.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub purpose: Purpose,
    pub cause: EventId,
    /// The response's frame; else why there is none.
    pub result: Result<Arc<Frame>, Exception>,
}

/// `ConsumerNetworkClient`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ConsumerNetworkClient {
    pub net: NetworkClient,
    unsent: SortedMap<NodeId, VecDeque<Unsent>>,
    /// By token: what was sent or waits to be sent.
    pending: SortedMap<u32, (NodeId, Purpose)>,
    next_token: u32,
    pending_disconnects: Vec<NodeId>,
    request_timeout_ms: u64,
}

/// The exception of a request whose connection ended (`DisconnectException.INSTANCE`).
pub(super) fn disconnected() -> Exception {
    Exception::new("DisconnectException", None, "")
}

/// Whether an exception is a `RetriableException`.
pub(super) fn is_retriable(exception: &Exception) -> bool {
    match exception.class {
        "DisconnectException" | "StaleMetadataException" | "NoAvailableBrokersException" | "UnjoinedGroupException" => {
            true
        }
        "CommitFailedException" | "KafkaException" => false,
        _ => exception.code.is_some_and(Code::is_retriable),
    }
}

impl ConsumerNetworkClient {
    pub fn new(net: NetworkClient, request_timeout_ms: u64) -> ConsumerNetworkClient {
        ConsumerNetworkClient {
            net,
            unsent: SortedMap::new(),
            pending: SortedMap::new(),
            next_token: 0,
            pending_disconnects: Vec::new(),
            request_timeout_ms,
        }
    }

    /// Puts a request where the next pass sends it from.
    pub fn send(&mut self, node: NodeId, request: Request, purpose: Purpose, cause: EventId, now: Now) {
        self.send_within(node, request, purpose, self.request_timeout_ms, cause, now);
    }

    /// As `send`, with a timeout of its own in milliseconds.
    pub fn send_within(
        &mut self,
        node: NodeId,
        request: Request,
        purpose: Purpose,
        timeout_ms: u64,
        cause: EventId,
        now: Now,
    ) {
        let token = self.next_token;
        self.next_token = self.next_token.wrapping_add(1);
        self.pending.insert(token, (node, purpose));
        let unsent = Unsent { request, token, timeout_ms, created_ms: now.ms(), cause };
        self.unsent.entry(node).or_default().push_back(unsent);
    }

    /// `isUnavailable`: the connection failed, and it is too early to try again.
    pub fn is_unavailable(&self, node: NodeId, now: Now) -> bool {
        self.net.is_blacked_out(node, now)
    }

    /// `tryConnect`.
    pub fn try_connect(&mut self, node: NodeId, now: Now, cause: EventId, out: &mut Outbox) {
        self.net.ready(node, now, cause, out);
    }

    /// Ends the connection at the next pass (`disconnectAsync`).
    pub fn disconnect_async(&mut self, node: NodeId) {
        self.pending_disconnects.push(node);
    }

    /// How many requests to the node are not answered (`pendingRequestCount`).
    pub fn pending_to(&self, node: NodeId) -> usize {
        self.pending.values().filter(|(to, _)| *to == node).count()
    }

    /// Whether a request of this kind is not answered.
    pub fn is_pending(&self, wanted: impl Fn(&Purpose) -> bool) -> bool {
        self.pending.values().any(|(_, purpose)| wanted(purpose))
    }

    /// Whether a pass would find something now.
    pub fn wants_pass(&self) -> bool {
        self.net.wants_pass() || !self.pending_disconnects.is_empty()
    }

    /// The first half of `poll`: sends what can be sent, asks for metadata when it is time. Throws when a request
    /// cannot be written.
    pub fn transmit(
        &mut self,
        now: Now,
        cause: EventId,
        out: &mut Outbox,
        answered: &mut Vec<Answered>,
    ) -> Result<(), Exception> {
        if !self.pending_disconnects.is_empty() {
            for node in std::mem::take(&mut self.pending_disconnects) {
                self.fail_unsent(node, cause, answered);
                let mut completions = Vec::new();
                self.net.disconnect(node, now, out, &mut completions);
                self.complete(completions, answered);
            }
        }
        self.try_send(now, out)?;
        self.net.maybe_update(now, cause, out)
    }

    /// The second half of `poll`: reads what came; answers go to `answered`, in order.
    pub fn read(&mut self, now: Now, cause: EventId, out: &mut Outbox, answered: &mut Vec<Answered>) {
        let mut completions = Vec::new();
        self.net.read(now, out, &mut completions);
        self.complete(completions, answered);
        if !self.unsent.is_empty() {
            let failed: Vec<NodeId> =
                self.unsent.keys().copied().filter(|node| self.net.connection_failed(*node)).collect();
            for node in failed {
                self.fail_unsent(node, cause, answered);
            }
            // What cannot be written is thrown by the next pass that sends.
            _ = self.try_send(now, out);
            self.fail_expired(now, cause, answered);
        }
    }

    /// When a pass has something to do although nothing arrives.
    pub fn next_timeout(&self, now: Now) -> Option<Instant> {
        let waiting = self.unsent.iter().flat_map(|(node, requests)| {
            // Expired is strictly later than the timeout.
            let expires = requests.front().map(|unsent| unsent.created_ms.saturating_add(unsent.timeout_ms + 1));
            let retry = self.net.connection_failed(*node).then(|| self.net.poll_delay_ms(*node, now)).flatten();
            expires.into_iter().chain(retry.map(|delay| now.ms().saturating_add(delay)))
        });
        let first = waiting.min().map(Instant::from_millis);
        [first, self.net.next_timeout()].into_iter().flatten().min()
    }

    /// `trySend`. A request that cannot be written stays where it is, until it expires.
    fn try_send(&mut self, now: Now, out: &mut Outbox) -> Result<(), Exception> {
        let nodes: Vec<NodeId> = self.unsent.keys().copied().collect();
        for node in nodes {
            let queue = self.unsent.get_mut(&node).expect("its key was just listed");
            while let Some(first) = queue.front() {
                if !self.net.ready(node, now, first.cause, out) {
                    break;
                }
                check_writable(&first.request)?;
                let unsent = queue.pop_front().expect("its front was just seen");
                self.net.send_within(node, unsent.request, unsent.token, unsent.timeout_ms, unsent.cause, now, out);
            }
            if queue.is_empty() {
                self.unsent.remove(&node);
            }
        }
        Ok(())
    }

    fn fail_unsent(&mut self, node: NodeId, cause: EventId, answered: &mut Vec<Answered>) {
        for unsent in self.unsent.remove(&node).into_iter().flatten() {
            self.fail(unsent.token, disconnected(), cause, answered);
        }
    }

    fn fail_expired(&mut self, now: Now, cause: EventId, answered: &mut Vec<Answered>) {
        let mut expired = Vec::new();
        for queue in self.unsent.values_mut() {
            while queue.front().is_some_and(|unsent| now.ms().saturating_sub(unsent.created_ms) > unsent.timeout_ms) {
                expired.extend(queue.pop_front());
            }
        }
        self.unsent.retain(|_, queue| !queue.is_empty());
        for unsent in expired {
            let message = format!("Failed to send request after {} ms.", unsent.timeout_ms);
            self.fail(unsent.token, Exception::with_message(Code::RequestTimedOut, message), cause, answered);
        }
    }

    fn fail(&mut self, token: u32, exception: Exception, cause: EventId, answered: &mut Vec<Answered>) {
        if let Some((_, purpose)) = self.pending.remove(&token) {
            answered.push(Answered { purpose, cause, result: Err(exception) });
        }
    }

    fn complete(&mut self, completions: Vec<Completion>, answered: &mut Vec<Answered>) {
        for completion in completions {
            let Some((_, purpose)) = self.pending.remove(&completion.token) else { continue };
            let result = match completion.answer {
                Answer::Response(frame) => Ok(frame),
                Answer::Written | Answer::Disconnected { .. } => Err(disconnected()),
            };
            answered.push(Answered { purpose, cause: completion.cause, result });
        }
    }
}

impl Answered {
    /// The response of the kind that was asked for.
    pub fn response(frame: &Frame) -> &Response {
        frame.response().expect("an answer is a response")
    }
}
