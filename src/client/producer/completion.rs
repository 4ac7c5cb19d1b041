//! What the sender makes of the end of a request: records acknowledged, tried again, split or failed.

use std::sync::Arc;

use kafka_protocol::messages::ProduceResponse;
use kafka_protocol::messages::produce_response::PartitionProduceResponse;

use super::Producer;
use super::batch::{FinalState, ProducerBatch};
use super::transaction_manager::{BatchResponse, ProducerIdAndEpoch};
use crate::call::{Notice, RecordMetadata};
use crate::client::net::{Answer, Completion, Server};
use crate::error::{Code, Exception, Failure};
use crate::event::EventKind;
use crate::ids::{BrokerId, EventId, RecordId};
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::Response;

/// `ProduceResponse.PartitionResponse`.
#[derive(Clone, Debug)]
struct PartitionResponse {
    error: Code,
    message: Option<Arc<str>>,
    base_offset: i64,
    log_append_time_ms: i64,
    log_start_offset: i64,
    /// Place in the batch, and what is wrong there.
    record_errors: Vec<(i32, Option<Arc<str>>)>,
    leader: Option<(BrokerId, i32)>,
}

impl PartitionResponse {
    fn of(error: Code, message: Option<Arc<str>>) -> PartitionResponse {
        PartitionResponse {
            error,
            message,
            base_offset: -1,
            log_append_time_ms: -1,
            log_start_offset: -1,
            record_errors: Vec::new(),
            leader: None,
        }
    }

    fn from_wire(response: &PartitionProduceResponse) -> PartitionResponse {
        let leader = &response.current_leader;
        let errors = response.record_errors.iter();
        PartitionResponse {
            error: Code::from_i16(response.error_code),
            message: response.error_message.as_ref().map(|message| message.as_str().into()),
            base_offset: response.base_offset,
            log_append_time_ms: response.log_append_time_ms,
            log_start_offset: response.log_start_offset,
            record_errors: errors
                .map(|error| (error.batch_index, error.batch_index_error_message.as_ref().map(|m| m.as_str().into())))
                .collect(),
            leader: (leader.leader_id.0 != -1 && leader.leader_epoch != -1)
                .then_some((BrokerId(leader.leader_id.0), leader.leader_epoch)),
        }
    }

    fn exception(&self) -> Exception {
        exception_of(self.error, self.message.clone())
    }
}

/// `Errors.exception(message)`: Kafka's own words where there are no others.
fn exception_of(error: Code, message: Option<Arc<str>>) -> Exception {
    match message {
        Some(message) => Exception::with_message(error, message),
        None => Exception::of(error),
    }
}

impl Producer {
    pub(super) fn complete_init_producer_id(&mut self, completion: &Completion, out: &mut Outbox) {
        let transactions = self.transactions.as_mut().expect("only an idempotent producer asks for an id");
        let response = match &completion.answer {
            Answer::Response(frame) => match frame.response() {
                Some(Response::InitProducerId(response)) => response,
                _ => unreachable!("an InitProducerId request is answered by its response"),
            },
            // The connection was lost: `TxnRequestHandler.onComplete` tries again.
            Answer::Written | Answer::Disconnected { .. } => return transactions.retry(),
        };
        let producer = ProducerIdAndEpoch { producer_id: response.producer_id.0, epoch: response.producer_epoch };
        let code = Code::from_i16(response.error_code);
        let kind = if transactions.handle_init_producer_id(code, producer) {
            let (producer_id, epoch) = (producer.producer_id, producer.epoch);
            EventKind::ProducerIdAssigned { client: self.id, producer_id, epoch }
        } else {
            EventKind::ProducerIdRefused { client: self.id, code, retried: transactions.pending().is_some() }
        };
        out.emit(completion.cause, kind);
    }

    /// `handleProduceResponse`.
    pub(super) fn complete_produce(&mut self, completion: &Completion, batches: &[u32], now: Now, out: &mut Outbox) {
        let cause = completion.cause;
        let broker = self.net.broker(completion.node).0;
        match &completion.answer {
            Answer::Disconnected { timed_out } => {
                let response = match timed_out {
                    true => {
                        let message = format!("Disconnected from node {broker} due to timeout");
                        PartitionResponse::of(Code::RequestTimedOut, Some(message.into()))
                    }
                    false => {
                        let message = format!("Disconnected from node {broker}");
                        PartitionResponse::of(Code::NetworkException, Some(message.into()))
                    }
                };
                for number in batches {
                    self.complete_batch(*number, &response, cause, now, out);
                }
            }
            Answer::Written => {
                for number in batches {
                    self.complete_batch(*number, &PartitionResponse::of(Code::None, None), cause, now, out);
                }
            }
            Answer::Response(frame) => {
                let Some(Response::Produce(response)) = frame.response() else {
                    unreachable!("a Produce request is answered by its response");
                };
                self.complete_answered(response, batches, cause, now, out);
            }
        }
        for number in batches {
            self.accumulator.left_request(*number);
        }
    }

    fn complete_answered(
        &mut self,
        response: &ProduceResponse,
        batches: &[u32],
        cause: EventId,
        now: Now,
        out: &mut Outbox,
    ) {
        let mut leaders = Vec::new();
        for topic in &response.responses {
            let name = match self.net.metadata.cluster().topic_names.get(&topic.topic_id) {
                Some(name) => name.clone(),
                None => topic.name.0.as_str().into(),
            };
            for partition in &topic.partition_responses {
                let answered = batches.iter().copied().find(|number| {
                    let batch = self.accumulator.batches().find(*number);
                    batch.is_some_and(|batch| batch.at.partition == partition.index && batch.topic == name)
                });
                let Some(number) = answered else { continue };
                let at = self.accumulator.batches().get(number).at;
                let response = PartitionResponse::from_wire(partition);
                let hints_leader = matches!(response.error, Code::NotLeaderOrFollower | Code::FencedLeaderEpoch);
                if let Some((leader, epoch)) = response.leader.filter(|_| hints_leader) {
                    leaders.push((self.topic_partition(at, out), leader, epoch));
                }
                self.complete_batch(number, &response, cause, now, out);
            }
        }
        if !leaders.is_empty() {
            let servers: Vec<(BrokerId, Server)> = response
                .node_endpoints
                .iter()
                .map(|node| (BrokerId(node.node_id.0), Server { host: node.host.as_str().into(), port: node.port }))
                .collect();
            self.net.metadata.update_partition_leadership(&leaders, &servers);
        }
    }

    /// `completeBatch`: one batch's part of a response.
    fn complete_batch(
        &mut self,
        number: u32,
        response: &PartitionResponse,
        cause: EventId,
        now: Now,
        out: &mut Outbox,
    ) {
        let batch = self.accumulator.batches().get(number).clone();
        let error = response.error;
        self.sender.left_flight(batch.at, number);
        if error == Code::MessageTooLarge && batch.record_count() > 1 && !batch.is_done() {
            if let Some(transactions) = &mut self.transactions {
                transactions.remove_in_flight_batch(&batch);
            }
            self.split_batch(&batch, cause, out);
        } else if error.is_ok() || error == Code::DuplicateSequenceNumber && !self.can_retry(&batch, response, now) {
            self.succeed_batch(&batch, response, cause, out);
        } else if self.can_retry(&batch, response, now) {
            self.retry_batch(&batch, error, cause, now, out);
        } else {
            let (id, partition, records) = (batch.id, batch.at, batch.record_count());
            let event = match batch.is_done() {
                true => cause,
                false => {
                    out.emit(cause, EventKind::BatchFailed { batch: id, partition, records, why: Failure::Code(error) })
                }
            };
            // A batch that used up its retries may have been written: its sequences are not free.
            let adjust = u64::from(batch.attempts) < self.config.retries as u64;
            self.fail_with_response(&batch, response, adjust, event, out);
        }
        if error.invalidates_metadata() {
            self.net.metadata.request_update(false, cause);
        }
        if self.config.max_in_flight == 1 {
            self.accumulator.unmute(batch.at);
        }
    }

    /// `canRetry`.
    fn can_retry(&mut self, batch: &ProducerBatch, response: &PartitionResponse, now: Now) -> bool {
        let delivery_timeout_ms = self.accumulator.config().delivery_timeout_ms;
        if batch.has_reached_delivery_timeout(delivery_timeout_ms, now.ms())
            || u64::from(batch.attempts) >= self.config.retries as u64
            || batch.is_done()
        {
            return false;
        }
        let (error, log_start_offset) = (response.error, response.log_start_offset);
        match &mut self.transactions {
            None => error.is_retriable(),
            Some(transactions) => transactions.can_retry(BatchResponse { error, log_start_offset }, batch),
        }
    }

    fn split_batch(&mut self, batch: &ProducerBatch, cause: EventId, out: &mut Outbox) {
        let parts = self.accumulator.split_and_reenqueue(batch.id.number, self.transactions.as_mut());
        let into = parts.len() as u32;
        let event = out.emit(cause, EventKind::BatchSplit { batch: batch.id, partition: batch.at, into });
        for number in parts {
            let part = self.accumulator.batches_mut().get_mut(number);
            part.event = Some(event);
            let (batch, partition, bytes) = (part.id, part.at, part.estimated_size_in_bytes() as u32);
            for (index, thunk) in (0..).zip(&mut part.thunks) {
                let record = RecordId { client: self.id, number: thunk.record };
                let new_batch = index == 0;
                let kind = EventKind::Appended { record, batch, partition, index, bytes, new_batch, full: false };
                thunk.event = out.emit(event, kind);
            }
        }
    }

    fn retry_batch(&mut self, batch: &ProducerBatch, code: Code, cause: EventId, now: Now, out: &mut Outbox) {
        let number = batch.id.number;
        let draw = self.rng.next_u64();
        self.accumulator.left_request(number);
        self.accumulator.reenqueue(number, now.ms(), self.transactions.as_ref(), draw);
        let retried = self.accumulator.batches_mut().get_mut(number);
        let backoff_ms = u32::try_from(retried.retry_backoff_ms).unwrap_or(u32::MAX);
        let kind = EventKind::BatchRetried {
            batch: retried.id,
            partition: retried.at,
            attempt: retried.attempts,
            backoff_ms,
            code,
        };
        retried.event = Some(out.emit(cause, kind));
    }

    fn succeed_batch(&mut self, batch: &ProducerBatch, response: &PartitionResponse, cause: EventId, out: &mut Outbox) {
        if let Some(transactions) = &mut self.transactions {
            transactions.handle_completed_batch(batch);
        }
        let number = batch.id.number;
        if !self.accumulator.batches_mut().get_mut(number).done(FinalState::Succeeded) {
            return;
        }
        let (id, partition, base_offset) = (batch.id, batch.at, response.base_offset);
        let records = batch.record_count();
        let event = out.emit(cause, EventKind::BatchAcknowledged { batch: id, partition, base_offset, records });
        for (index, thunk) in batch.thunks.iter().enumerate() {
            let record = RecordId { client: self.id, number: thunk.record };
            let offset = if base_offset == -1 { -1 } else { base_offset + index as i64 };
            out.emit(event, EventKind::RecordAcknowledged { record, partition, offset });
            let timestamp =
                if response.log_append_time_ms == -1 { thunk.timestamp } else { response.log_append_time_ms };
            let metadata = RecordMetadata {
                partition: partition.partition,
                offset,
                timestamp,
                serialized_key_size: thunk.serialized_key_size,
                serialized_value_size: thunk.serialized_value_size,
            };
            if !thunk.threw {
                out.notice(self.id, Notice::SendCompleted { record, result: Ok(metadata) });
            }
        }
        self.accumulator.deallocate(number);
    }

    /// `failBatch` with the errors of single records, when the broker named them.
    fn fail_with_response(
        &mut self,
        batch: &ProducerBatch,
        response: &PartitionResponse,
        adjust: bool,
        cause: EventId,
        out: &mut Outbox,
    ) {
        let whole = match response.error {
            Code::TopicAuthorizationFailed => {
                Exception::with_message(response.error, format!("Not authorized to access topics: [{}]", batch.topic))
            }
            Code::ClusterAuthorizationFailed => {
                Exception::with_message(response.error, "The producer is not authorized to do idempotent sends")
            }
            _ => response.exception(),
        };
        let errors = &response.record_errors;
        if errors.is_empty() {
            return self.fail_batch(batch, &whole, &|_| whole.clone(), adjust, cause, out);
        }
        let of_record = |index: u32| {
            let Some((_, message)) = errors.iter().find(|(at, _)| *at == index as i32) else {
                // Kafka's own words, slip included.
                let message =
                    "Failed to append record because it was part of a batch which had one more more invalid records";
                return Exception::new("KafkaException", None, message);
            };
            let message = message.clone().or_else(|| response.message.clone());
            // Only of a single wrong record is it known which error it has.
            let code = if errors.len() == 1 { response.error } else { Code::InvalidRecord };
            exception_of(code, message.or_else(|| Some(response.error.message().into())))
        };
        self.fail_batch(batch, &whole, &of_record, adjust, cause, out);
    }

    /// `failBatch`: every record's future fails. `cause` is the event that says so of the batch.
    pub(super) fn fail_batch(
        &mut self,
        batch: &ProducerBatch,
        error: &Exception,
        of_record: &dyn Fn(u32) -> Exception,
        adjust: bool,
        cause: EventId,
        out: &mut Outbox,
    ) {
        // Once: what is heard of a batch that has expired or was aborted changes no sequence and no epoch any more.
        if let Some(transactions) = self.transactions.as_mut().filter(|_| !batch.is_done()) {
            transactions.handle_failed_batch(batch, error, adjust);
        }
        self.finish_failed(batch, FinalState::Failed, of_record, cause, out);
    }

    fn finish_failed(
        &mut self,
        batch: &ProducerBatch,
        state: FinalState,
        of_record: &dyn Fn(u32) -> Exception,
        cause: EventId,
        out: &mut Outbox,
    ) {
        let number = batch.id.number;
        if !self.accumulator.batches_mut().get_mut(number).done(state) {
            return;
        }
        for (index, thunk) in batch.thunks.iter().enumerate() {
            let record = RecordId { client: self.id, number: thunk.record };
            let error = of_record(index as u32);
            let why = Failure::of(&error);
            let exception = error.intern(&mut out.names);
            out.emit(cause, EventKind::RecordFailed { record, partition: batch.at, why, exception });
            if !thunk.threw {
                out.notice(self.id, Notice::SendCompleted { record, result: Err((error, batch.at.partition)) });
            }
        }
        self.accumulator.deallocate(number);
    }

    /// `abortBatches`: all that is not complete fails, in deques and in requests.
    pub(super) fn abort_batches(&mut self, error: &Exception, _: Now, out: &mut Outbox) {
        let incomplete: Vec<Arc<ProducerBatch>> = self.accumulator.batches().incomplete().cloned().collect();
        for batch in incomplete {
            self.accumulator.remove_from_deque(batch.id.number);
            let why = Failure::of(error);
            let (id, partition, records) = (batch.id, batch.at, batch.record_count());
            let event = out.emit(batch.cause(), EventKind::BatchFailed { batch: id, partition, records, why });
            self.finish_failed(&batch, FinalState::Aborted, &|_| error.clone(), event, out);
        }
    }
}
