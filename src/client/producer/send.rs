//! `KafkaProducer.doSend`, stage by stage.

use std::sync::Arc;

use super::accumulator::{AppendFailed, Appended};
use super::batch::{RecordBytes, Thunk};
use super::serialized::{Serialized, serialize};
use super::thread::{CallWork, MetadataWait, Waited};
use super::{Producer, unsigned};
use crate::call::{Notice, Outcome, ProducerRecord};
use crate::client::net::TopicMetadata;
use crate::error::{Code, Exception, Failure};
use crate::event::{EventKind, PartitionedBy};
use crate::ids::{BatchId, EventId, PartitionNo, RecordId};
use crate::node::Outbox;
use crate::record::{Header, murmur2, partition_for_key};
use crate::time::Now;

/// Which stage of `doSend` comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SendStage {
    AwaitingMetadata(MetadataWait),
    Serialize,
    Partition,
    Append,
    /// Blocked on `buffer.memory`: bytes asked for, and the partition whose new batch needs them.
    AwaitingMemory {
        size: u64,
        partition: i32,
    },
}

/// A `send` on its way into the accumulator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SendCall {
    pub id: RecordId,
    pub record: Arc<ProducerRecord>,
    pub stage: SendStage,
    topic: Option<Arc<TopicMetadata>>,
    pub key: Serialized,
    pub value: Serialized,
    /// -1: the accumulator chooses.
    pub partition: i32,
    /// `nowMs` of `doSend`: when the call began, and the time that it waited for metadata.
    now_ms: u64,
    /// What is left of `max.block.ms`.
    pub remaining_ms: u64,
}

impl Producer {
    pub(super) fn start_send(&mut self, now: Now, record: Arc<ProducerRecord>, started: EventId, out: &mut Outbox) {
        if let Some(wrong) = invalid_record(&record) {
            return self.return_call(Outcome::Threw(wrong), out);
        }
        let id = RecordId { client: self.id, number: self.next_record };
        self.next_record += 1;
        out.notice(self.id, Notice::RecordMade { record: id });
        let topic = self.net.metadata.cluster().topic(&record.topic).map(|topic| topic.no);
        let topic = topic.unwrap_or_else(|| out.names.intern_topic(&record.topic));
        let partition = record.partition.unwrap_or(-1);
        let event = out.emit(started, EventKind::SendCalled { record: id, topic, partition });
        self.set_event(event);
        let send = SendCall {
            id,
            stage: SendStage::Serialize,
            topic: None,
            key: Serialized::Null,
            value: Serialized::Null,
            partition,
            now_ms: now.ms(),
            remaining_ms: unsigned(self.config.max_block_ms),
            record,
        };
        if !self.sender.is_running() {
            let message = "Cannot perform operation after producer has been closed";
            return self.fail_send(&send, Exception::new("IllegalStateException", None, message), event, out);
        }
        match self.wait_on_metadata(&send.record.topic.clone(), send.record.partition, None, now, event) {
            Ok(Waited::Known(topic)) => {
                self.set_work(CallWork::Send(SendCall { topic: Some(topic), ..send }));
                self.thread.next_stage(now);
            }
            Ok(Waited::Wait(wait)) => {
                let event = out.emit(event, EventKind::MetadataAwaited { client: self.id, topic });
                self.set_event(event);
                self.await_metadata(send, wait);
            }
            Err(error) => self.fail_send(&send, error, event, out),
        }
    }

    fn await_metadata(&mut self, send: SendCall, wait: MetadataWait) {
        self.set_work(CallWork::Send(SendCall { stage: SendStage::AwaitingMetadata(wait), ..send }));
        self.thread.wait_until(Some(self.metadata_deadline(wait)));
    }

    pub(super) fn continue_send(
        &mut self,
        now: Now,
        mut send: SendCall,
        event: EventId,
        is_late: bool,
        out: &mut Outbox,
    ) {
        match send.stage {
            SendStage::AwaitingMetadata(wait) => {
                let topic = send.record.topic.clone();
                match self.wait_on_metadata(&topic, send.record.partition, Some(wait), now, event) {
                    Ok(Waited::Known(topic)) => {
                        let waited_ms = now.ms().saturating_sub(wait.since_ms);
                        send.topic = Some(topic);
                        send.now_ms += waited_ms;
                        send.remaining_ms = send.remaining_ms.saturating_sub(waited_ms);
                        send.stage = SendStage::Serialize;
                        self.serialize(now, send, event, out);
                    }
                    Ok(Waited::Wait(wait)) => self.await_metadata(send, wait),
                    Err(error) => self.fail_send(&send, error, event, out),
                }
            }
            SendStage::Serialize => self.serialize(now, send, event, out),
            SendStage::Partition => self.partition(now, send, event, out),
            SendStage::Append => match self.check_record_size(&send) {
                Ok(()) => self.append(now, send, None, event, out),
                Err(error) => {
                    // The callback is told a partition only once the accumulator has it (`AppendCallbacks.setPartition`).
                    send.partition = send.record.partition.unwrap_or(-1);
                    self.fail_send(&send, error, event, out);
                }
            },
            SendStage::AwaitingMemory { size, partition } => {
                let taken = match self.accumulator.pool.is_signalled() {
                    true => self.accumulator.pool.take_more(),
                    false => Ok(false),
                };
                match taken {
                    Ok(true) => {
                        send.now_ms = now.ms();
                        self.append(now, send, Some(size), event, out);
                    }
                    Ok(false) if is_late || self.thread.deadline.is_some_and(|deadline| deadline <= now.at) => {
                        let error = self.accumulator.pool.exhausted(send.remaining_ms);
                        send.partition = partition;
                        self.fail_send(&send, error, event, out);
                    }
                    Ok(false) => {
                        self.thread.due = None;
                        self.set_work(CallWork::Send(send));
                    }
                    Err(error) => self.fail_send(&send, error, event, out),
                }
            }
        }
    }

    fn serialize(&mut self, now: Now, mut send: SendCall, event: EventId, out: &mut Outbox) {
        let key = serialize(self.key_serializer, "key", &send.record.key);
        let serialized = key.and_then(|key| Ok((key, serialize(self.value_serializer, "value", &send.record.value)?)));
        match serialized {
            Ok((key, value)) => (send.key, send.value) = (key, value),
            Err(error) => return self.fail_send(&send, error, event, out),
        }
        let (key_bytes, value_bytes) = (send.key.size(), send.value.size());
        let event = out.emit(event, EventKind::Serialized { record: send.id, key_bytes, value_bytes });
        out.given += [key_bytes, value_bytes].iter().map(|bytes| u64::try_from(*bytes).unwrap_or(0)).sum::<u64>();
        self.set_event(event);
        send.stage = SendStage::Partition;
        self.set_work(CallWork::Send(send));
        self.thread.next_stage(now);
    }

    fn partition(&mut self, now: Now, mut send: SendCall, event: EventId, out: &mut Outbox) {
        let topic = send.topic.as_ref().expect("metadata came first");
        let partitions = topic.order.len() as i32;
        let (partition, by) = match (send.record.partition, &mut self.round_robin, send.key.as_slice()) {
            (Some(partition), _, _) => (partition, PartitionedBy::Explicit),
            (None, Some(round_robin), _) => (round_robin.partition(topic), PartitionedBy::RoundRobin),
            (None, None, Some(key)) if !self.config.partitioner_ignore_keys => {
                (partition_for_key(key, partitions), PartitionedBy::Key { hash: murmur2(key) })
            }
            (None, None, _) => (-1, PartitionedBy::Sticky),
        };
        let kind = EventKind::Partitioned { record: send.id, topic: topic.no, partition, partitions, by };
        self.set_event(out.emit(event, kind));
        send.partition = partition;
        send.stage = SendStage::Append;
        self.set_work(CallWork::Send(send));
        self.thread.next_stage(now);
    }

    /// `ensureValidRecordSize`.
    fn check_record_size(&self, send: &SendCall) -> Result<(), Exception> {
        let headers = headers(&send.record);
        let size = record_bytes(send, &headers, 0).upper_bound();
        let limit = self.config.max_request_size;
        let message = if size > limit {
            format!(
                "The message is {size} bytes when serialized which is larger than {limit}, which is the value of the \
                 max.request.size configuration."
            )
        } else if i64::from(size) > self.config.buffer_memory {
            format!(
                "The message is {size} bytes when serialized which is larger than the total memory buffer you have \
                 configured with the buffer.memory configuration."
            )
        } else {
            return Ok(());
        };
        Err(Exception::with_message(Code::MessageTooLarge, message))
    }

    fn append(&mut self, now: Now, mut send: SendCall, buffer: Option<u64>, event: EventId, out: &mut Outbox) {
        let headers = headers(&send.record);
        let wall_ms = now.start_ms + send.now_ms as i64;
        let record = record_bytes(&send, &headers, wall_ms);
        // A broken idempotent producer says so only when the record lies in a batch, as `maybeAddPartition` does.
        let broken = self.transactions.as_ref().and_then(|transactions| transactions.check_usable().err());
        let thunk = Thunk {
            record: send.id.number,
            timestamp: record.timestamp,
            serialized_key_size: send.key.size(),
            serialized_value_size: send.value.size(),
            event: out.next_event(),
            threw: broken.is_some(),
        };
        let topic = send.topic.clone().expect("metadata came first");
        let rng = &mut self.rng;
        let mut draw = || rng.positive_i32();
        let appended = self.accumulator.append(&topic, send.partition, &record, thunk, buffer, send.now_ms, &mut draw);
        match appended {
            Ok(Appended::Done(result)) => {
                let event = out.emit(
                    event,
                    EventKind::Appended {
                        record: send.id,
                        batch: BatchId { client: self.id, number: result.batch },
                        partition: PartitionNo { topic: topic.no, partition: result.partition },
                        index: result.index,
                        bytes: result.size as u32,
                        new_batch: result.new_batch_created,
                        full: result.batch_is_full,
                    },
                );
                self.set_event(event);
                if let Some(error) = broken {
                    send.partition = result.partition;
                    self.sender_finds(now);
                    return self.fail_send(&send, error, event, out);
                }
                if result.batch_is_full || result.new_batch_created {
                    self.wake_sender(now, event);
                }
                self.return_call(Outcome::Sent(send.id), out);
            }
            Ok(Appended::Blocked { partition, size }) => {
                let available = self.accumulator.pool.available_memory();
                let bytes = u32::try_from(size).unwrap_or(u32::MAX);
                self.set_event(out.emit(event, EventKind::MemoryAwaited { record: send.id, bytes, available }));
                send.stage = SendStage::AwaitingMemory { size, partition };
                self.thread.wait_until(Some(now.at.plus_millis(send.remaining_ms)));
                self.set_work(CallWork::Send(send));
            }
            Err(AppendFailed { partition, error }) => {
                send.partition = partition;
                self.fail_send(&send, error, event, out);
            }
        }
    }

    /// `doSend`'s catches: an `ApiException` comes as a failed future and in the callback, any other is thrown.
    fn fail_send(&mut self, send: &SendCall, error: Exception, cause: EventId, out: &mut Outbox) {
        let thrown = error.code.is_none();
        let why = Failure::of(&error);
        let exception = error.intern(&mut out.names);
        self.set_event(out.emit(cause, EventKind::SendFailed { record: send.id, why, thrown, exception }));
        if thrown {
            return self.return_call(Outcome::Threw(error), out);
        }
        out.notice(self.id, Notice::SendCompleted { record: send.id, result: Err((error, send.partition)) });
        self.return_call(Outcome::Sent(send.id), out);
    }
}

/// What the constructor of `ProducerRecord` refuses.
fn invalid_record(record: &ProducerRecord) -> Option<Exception> {
    let message = match (record.timestamp, record.partition) {
        (Some(timestamp), _) if timestamp < 0 => {
            format!("Invalid timestamp: {timestamp}. Timestamp should always be non-negative or null.")
        }
        (_, Some(partition)) if partition < 0 => {
            format!("Invalid partition: {partition}. Partition number should always be non-negative or null.")
        }
        _ => return None,
    };
    Some(Exception::new("IllegalArgumentException", None, message))
}

fn headers(record: &ProducerRecord) -> Vec<Header> {
    record.headers.iter().map(|(key, value)| Header { key: key.clone(), value: value.clone() }).collect()
}

fn record_bytes<'a>(send: &'a SendCall, headers: &'a [Header], wall_ms: i64) -> RecordBytes<'a> {
    let timestamp = send.record.timestamp.unwrap_or(wall_ms);
    RecordBytes { timestamp, key: send.key.as_slice(), value: send.value.as_slice(), headers }
}
