//! `Sender`: the background thread that drains batches into requests.
//!
//! A pass is what Java's thread does between waking up and sleeping again: the second half of one `poll` (read,
//! complete), the next `runOnce`, and the first half of its `poll`. Where Java's thread sleeps or waits for a node in
//! between, the pass ends and the next one goes on there.

use std::collections::VecDeque;

use bytes::Bytes;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{InitProducerIdRequest, ProduceRequest};

use super::{Producer, unsigned};
use crate::client::net::{Cluster, Completion, NodeId};
use crate::error::{Code, Exception};
use crate::event::{EventKind, ReadyWhy};
use crate::ids::{BrokerId, EventId, PartitionNo, TopicPartition};
use crate::node::{Outbox, STAGE_US};
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};

/// A request whose end the sender waits for, by its token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum SentRequest {
    Produce { batches: Vec<u32> },
    InitProducerId,
}

/// Where the thread stands still inside `runOnce`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Blocked {
    /// `NetworkClientUtils.awaitReady`, for the request of the transaction manager.
    AwaitNode { node: NodeId, since_ms: u64 },
    /// `time.sleep(retryBackoffMs)`; then the request goes to this node, if one was found.
    Sleep { until_ms: u64, then: Option<NodeId> },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sender {
    running: bool,
    force_close: bool,
    ended: bool,
    blocked: Option<Blocked>,
    due: Option<Instant>,
    /// What woke it last.
    cause: EventId,
    /// Batches in requests, by partition, oldest first (`inFlightBatches`).
    pub in_flight: SortedMap<PartitionNo, VecDeque<u32>>,
    pub requests: SortedMap<u32, SentRequest>,
    next_token: u32,
}

impl Sender {
    pub const fn starting(at: Instant) -> Sender {
        Sender {
            running: true,
            force_close: false,
            ended: false,
            blocked: None,
            due: Some(at),
            cause: EventId::NONE,
            in_flight: SortedMap::new(),
            requests: SortedMap::new(),
            next_token: 0,
        }
    }

    /// False once the producer is being closed.
    pub const fn is_running(&self) -> bool {
        self.running
    }

    pub const fn has_ended(&self) -> bool {
        self.ended
    }

    /// When the next pass is.
    pub const fn due(&self) -> Option<Instant> {
        self.due
    }

    fn token(&mut self, request: SentRequest) -> u32 {
        self.next_token = self.next_token.wrapping_add(1);
        self.requests.insert(self.next_token, request);
        self.next_token
    }

    pub fn left_flight(&mut self, at: PartitionNo, number: u32) {
        if let Some(batches) = self.in_flight.get_mut(&at) {
            batches.retain(|other| *other != number);
            if batches.is_empty() {
                self.in_flight.remove(&at);
            }
        }
    }
}

impl Producer {
    /// Makes the sender pass one stage from now, unless it sleeps.
    pub(super) fn wake_sender(&mut self, now: Now, cause: EventId) {
        if self.sender.ended {
            return;
        }
        if cause != EventId::NONE {
            self.sender.cause = cause;
        }
        if matches!(self.sender.blocked, Some(Blocked::Sleep { .. })) {
            return;
        }
        let at = now.at + STAGE_US;
        self.sender.due = Some(self.sender.due.map_or(at, |due| due.min(at)));
    }

    /// A record lies in a batch of a broken producer, and nobody has woken the sender: it looks every `retry.backoff.ms`.
    pub(super) fn sender_finds(&mut self, now: Now) {
        let at = Instant::from_millis(now.ms().saturating_add(unsigned(self.config.retry_backoff_ms)));
        let at = at.max(now.at + STAGE_US);
        if !self.sender.ended && self.sender.blocked.is_none() {
            self.sender.due = Some(self.sender.due.map_or(at, |due| due.min(at)));
        }
    }

    /// `Sender.initiateClose`: no more appends; what is there is sent.
    pub(super) fn initiate_close(&mut self, now: Now, cause: EventId) {
        self.accumulator.close();
        self.sender.running = false;
        self.wake_sender(now, cause);
    }

    /// `Sender.forceClose`: what is there fails.
    pub(super) fn force_close(&mut self, now: Now, cause: EventId) {
        self.sender.force_close = true;
        self.initiate_close(now, cause);
    }

    pub(super) fn sender_pass(&mut self, now: Now, out: &mut Outbox) {
        self.sender.due = None;
        if let Some(Blocked::Sleep { until_ms, then }) = self.sender.blocked {
            if now.ms() < until_ms {
                self.sender.due = Some(Instant::from_millis(until_ms));
                return;
            }
            self.sender.blocked = None;
            if let Some(node) = then {
                self.send_init_producer_id(node, now, out);
                return self.end_pass(now, None, out);
            }
        }
        let mut completions = Vec::new();
        self.net.read(now, out, &mut completions);
        for completion in completions {
            self.sender.cause = completion.cause;
            self.complete(completion, now, out);
        }
        if let Some(Blocked::AwaitNode { node, since_ms }) = self.sender.blocked {
            self.await_node(node, since_ms, now, out);
            if self.sender.blocked.is_some() || self.sender.requests.values().any(|r| *r == SentRequest::InitProducerId)
            {
                return;
            }
        }
        if !self.sender.running && (self.sender.force_close || !self.has_work()) {
            return self.end_sender(now, out);
        }
        self.run_once(now, out);
    }

    fn has_work(&self) -> bool {
        self.accumulator.has_undrained() || self.net.has_in_flight()
    }

    /// The end of the thread: what is left fails, connections close.
    fn end_sender(&mut self, now: Now, out: &mut Outbox) {
        if self.sender.force_close {
            let error = Exception::new("KafkaException", None, "Producer is closed forcefully.");
            self.abort_batches(&error, now, out);
        }
        self.net.close_all(out);
        self.sender.requests.clear();
        self.sender.in_flight.clear();
        self.sender.ended = true;
        self.sender.due = None;
    }

    /// `runOnce`.
    fn run_once(&mut self, now: Now, out: &mut Outbox) {
        if let Some(transactions) = &mut self.transactions {
            transactions.maybe_resolve_sequences();
            if let Some(error) = transactions.take_authorization_error() {
                self.abort_batches(&error, now, out);
                return self.end_pass(now, Some(0), out);
            }
            if transactions.has_fatal_error() {
                if let Some(error) = transactions.last_error().cloned() {
                    self.abort_batches(&error, now, out);
                }
                // Java's thread looks again every `retry.backoff.ms`; here when there is something to see, or when it ends.
                let ends = !self.sender.running && !self.has_work();
                let wait_ms = ends.then(|| unsigned(self.config.retry_backoff_ms));
                return self.end_pass(now, wait_ms, out);
            }
            if transactions.bump_epoch_and_reset_id_if_needed(self.accumulator.batches_mut()) {
                let producer = transactions.producer_id_and_epoch();
                let (producer_id, epoch) = (producer.producer_id, producer.epoch);
                let kind = EventKind::ProducerEpochBumped { client: self.id, producer_id, epoch };
                out.emit(self.sender.cause, kind);
            }
            if transactions.has_in_flight_request() {
                return self.end_pass(now, None, out);
            }
            if transactions.pending().is_some() {
                return self.start_init_producer_id(now, out);
            }
        }
        let wait_ms = self.send_producer_data(now, out);
        self.end_pass(now, wait_ms, out);
    }

    /// The first half of `poll`, and when the next pass is: `wait_ms` from now at the latest.
    fn end_pass(&mut self, now: Now, wait_ms: Option<u64>, out: &mut Outbox) {
        // What Java's thread throws here it catches itself, and only logs: the metadata are not asked for.
        _ = self.net.maybe_update(now, self.sender.cause, out);
        let next = now.at + STAGE_US;
        if self.net.wants_pass() {
            self.sender.due = Some(next);
            return;
        }
        let wait = wait_ms.map(|wait| Instant::from_millis(now.ms().saturating_add(wait)));
        self.sender.due = super::earliest(wait, self.net.next_timeout()).map(|due| due.max(next));
    }

    // --- the producer id

    /// `maybeSendAndPollTransactionalRequest`: looks for a node to ask for a producer id.
    fn start_init_producer_id(&mut self, now: Now, out: &mut Outbox) {
        let (node, _) = self.net.least_loaded_node(now);
        let Some(node) = node else { return self.init_producer_id_failed(now, out) };
        self.net.ready(node, now, self.sender.cause, out);
        self.sender.blocked = Some(Blocked::AwaitNode { node, since_ms: now.ms() });
        self.await_node(node, now.ms(), now, out);
    }

    fn await_node(&mut self, node: NodeId, since_ms: u64, now: Now, out: &mut Outbox) {
        if self.net.is_ready(node, now) {
            self.sender.blocked = None;
            let is_retry = self.transactions.as_ref().and_then(|transactions| transactions.pending());
            if is_retry.is_some_and(|pending| pending.is_retry) {
                return self.sleep(Some(node), now, out);
            }
            self.send_init_producer_id(node, now, out);
            return self.end_pass(now, None, out);
        }
        let timeout_ms = unsigned(self.config.request_timeout_ms.into());
        let waited_ms = now.ms().saturating_sub(since_ms);
        if self.net.connection_failed(node) || waited_ms >= timeout_ms {
            return self.init_producer_id_failed(now, out);
        }
        if !self.sender.running && self.sender.force_close {
            // Java's thread would go on waiting for the node; the page would show a producer that does not close.
            self.sender.blocked = None;
            return;
        }
        self.end_pass(now, Some(timeout_ms - waited_ms), out);
    }

    /// No node could be asked: `maybeFindCoordinatorAndRetry`.
    fn init_producer_id_failed(&mut self, now: Now, out: &mut Outbox) {
        self.net.metadata.request_update(false, self.sender.cause);
        if let Some(transactions) = &mut self.transactions {
            transactions.retry();
        }
        self.sleep(None, now, out);
    }

    fn sleep(&mut self, then: Option<NodeId>, now: Now, _: &mut Outbox) {
        let until_ms = now.ms() + unsigned(self.config.retry_backoff_ms);
        self.sender.blocked = Some(Blocked::Sleep { until_ms, then });
        self.sender.due = Some(Instant::from_millis(until_ms).max(now.at + STAGE_US));
    }

    fn send_init_producer_id(&mut self, node: NodeId, now: Now, out: &mut Outbox) {
        let request = InitProducerIdRequest::default()
            .with_transactional_id(None)
            .with_transaction_timeout_ms(i32::MAX)
            .with_producer_id((-1).into())
            .with_producer_epoch(-1);
        let token = self.sender.token(SentRequest::InitProducerId);
        self.net.send(node, request.into(), token, self.sender.cause, now, out);
        self.transactions.as_mut().expect("only an idempotent producer asks for an id").sent_pending();
    }

    // --- data

    /// `sendProducerData`. Milliseconds until it should be called again at the latest; none: until something happens.
    fn send_producer_data(&mut self, now: Now, out: &mut Outbox) -> Option<u64> {
        let now_ms = now.ms();
        let cluster = self.net.metadata.cluster().clone();
        let mut check = self.accumulator.ready(&cluster, now_ms);
        for (number, why) in &check.newly_ready {
            self.say_ready(*number, *why, out);
        }
        if !check.unknown_leader_topics.is_empty() {
            for topic in &check.unknown_leader_topics {
                let name = out.names.topic(*topic).clone();
                self.net.metadata.add_topic(&name, now_ms, self.sender.cause);
            }
            self.net.metadata.request_update(false, self.sender.cause);
        }
        let mut not_ready_ms: Option<u64> = None;
        for broker in check.nodes.clone() {
            let node = NodeId::Broker(broker);
            let can_drain = self.net.ready(node, now, self.sender.cause, out);
            self.accumulator.update_node_latency_stats(broker, now_ms, can_drain);
            if !can_drain {
                check.nodes.remove(&broker);
                if let Some(delay_ms) = self.net.poll_delay_ms(node, now) {
                    not_ready_ms = Some(not_ready_ms.map_or(delay_ms, |least| least.min(delay_ms)));
                }
            }
        }
        let max_size = self.config.max_request_size;
        let drained = self.accumulator.drain(&cluster, &check.nodes, max_size, now_ms, self.transactions.as_mut());
        for number in drained.iter().flat_map(|(_, batches)| batches) {
            let batch = self.accumulator.batches_mut().get_mut(*number);
            batch.in_request = true;
            let at = batch.at;
            self.sender.in_flight.entry(at).or_default().push_back(*number);
            if self.config.max_in_flight == 1 {
                self.accumulator.mute(at);
            }
        }
        self.expire_batches(now, out);
        for (broker, batches) in drained {
            if !batches.is_empty() {
                self.send_produce_request(broker, batches, &cluster, now, out);
            }
        }
        let expiry_ms = self.accumulator.next_expiry_ms().map(|at_ms| at_ms.saturating_sub(now_ms));
        // Java polls with 0 while a node is ready; what can change in between is only that a wait ends.
        [check.next_wake_ms, not_ready_ms, expiry_ms].into_iter().flatten().min()
    }

    fn say_ready(&mut self, number: u32, why: ReadyWhy, out: &mut Outbox) {
        let batch = self.accumulator.batches_mut().get_mut(number);
        let kind = EventKind::BatchReady {
            batch: batch.id,
            partition: batch.at,
            records: batch.record_count(),
            bytes: batch.estimated_size_in_bytes() as u32,
            why,
        };
        batch.event = Some(out.emit(batch.cause_of_ready(why), kind));
        batch.said_ready = true;
    }

    /// Fails what has waited for `delivery.timeout.ms`, in deques and in requests.
    fn expire_batches(&mut self, now: Now, out: &mut Outbox) {
        let now_ms = now.ms();
        let timeout_ms = self.accumulator.config().delivery_timeout_ms;
        self.accumulator.reset_next_batch_expiry_time();
        let mut in_flight = Vec::new();
        for batches in self.sender.in_flight.values_mut() {
            while let Some(first) = batches.front() {
                let batch = self.accumulator.batches().get(*first);
                if !batch.has_reached_delivery_timeout(timeout_ms, now_ms) {
                    let created_ms = batch.created_ms;
                    self.accumulator.maybe_update_next_batch_expiry_time(created_ms);
                    break;
                }
                in_flight.extend(batches.pop_front());
            }
        }
        self.sender.in_flight.retain(|_, batches| !batches.is_empty());
        let mut expired = self.accumulator.expired_batches(now_ms);
        expired.extend(in_flight);
        for number in expired {
            let batch = self.accumulator.batches().get(number).clone();
            let message = format!(
                "Expiring {} record(s) for {}:{} ms has passed since batch creation. The request has not been sent, or \
                 no server response has been received yet.",
                batch.record_count(),
                batch.topic_partition(),
                now_ms - batch.created_ms
            );
            let error = Exception::with_message(Code::RequestTimedOut, message);
            let kind = EventKind::BatchExpired { batch: batch.id, partition: batch.at, records: batch.record_count() };
            let event = out.emit(batch.cause(), kind);
            self.fail_batch(&batch, &error, &|_| error.clone(), false, event, out);
            if let Some(transactions) = &mut self.transactions
                && batch.in_retry
            {
                transactions.mark_sequence_unresolved(&batch);
            }
        }
    }

    /// `sendProduceRequest`.
    fn send_produce_request(
        &mut self,
        broker: BrokerId,
        batches: Vec<u32>,
        cluster: &Cluster,
        now: Now,
        out: &mut Outbox,
    ) {
        let correlation_id = self.net.next_correlation_id();
        let mut topics: Vec<TopicProduceData> = Vec::new();
        let mut cause = None;
        for number in &batches {
            if !self.accumulator.batches().get(*number).said_ready {
                self.say_ready(*number, ReadyWhy::SameBroker, out);
            }
            let batch = self.accumulator.batches_mut().get_mut(*number);
            let bytes = batch.builder.built().expect("a drained batch is built").clone();
            let data = PartitionProduceData::default()
                .with_index(batch.at.partition)
                .with_records(Some(Bytes::from_owner(bytes)));
            let kind = EventKind::BatchDrained {
                batch: batch.id,
                partition: batch.at,
                broker,
                correlation_id,
                attempt: batch.attempts + 1,
                sequence: batch.base_sequence(),
                records: batch.record_count(),
            };
            let event = out.emit(batch.cause(), kind);
            batch.event = Some(event);
            cause.get_or_insert(event);
            let id = cluster.topic(&batch.topic).and_then(|topic| topic.id).expect("a topic with a leader has its id");
            match topics.iter_mut().find(|topic| topic.topic_id == id) {
                Some(topic) => topic.partition_data.push(data),
                None => topics.push(TopicProduceData::default().with_topic_id(id).with_partition_data(vec![data])),
            }
        }
        let request = ProduceRequest::default()
            .with_transactional_id(None)
            .with_acks(self.config.acks)
            .with_timeout_ms(self.config.request_timeout_ms)
            .with_topic_data(topics);
        let token = self.sender.token(SentRequest::Produce { batches });
        let cause = cause.expect("a request has batches");
        self.net.send(NodeId::Broker(broker), request.into(), token, cause, now, out);
    }

    /// What a request was about, when it ends.
    fn complete(&mut self, completion: Completion, now: Now, out: &mut Outbox) {
        let request = self.sender.requests.remove(&completion.token).expect("a request that was sent");
        match request {
            SentRequest::InitProducerId => self.complete_init_producer_id(&completion, out),
            SentRequest::Produce { batches } => self.complete_produce(&completion, &batches, now, out),
        }
    }

    /// Partitions by their names, for the metadata that a response carries.
    pub(super) fn topic_partition(&self, at: PartitionNo, out: &Outbox) -> TopicPartition {
        TopicPartition::new(out.names.topic(at.topic), at.partition)
    }
}
