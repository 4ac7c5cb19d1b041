//! The application's thread inside the producer: one call at a time, each stage of it a move (`KafkaProducer`).

use std::sync::Arc;

use super::accumulator::{AppendFailed, Appended};
use super::batch::{RecordBytes, Thunk};
use super::serialized::{Serialized, serialize};
use super::{Producer, earliest, unsigned};
use crate::call::{Notice, Outcome, ProducerCall, ProducerRecord};
use crate::client::net::TopicMetadata;
use crate::error::{Code, Exception};
use crate::event::{CallKind, EventKind, PartitionedBy};
use crate::ids::{BatchId, CallId, EventId, PartitionNo, RecordId};
use crate::node::{Outbox, STAGE_US};
use crate::record::{Header, murmur2, partition_for_key};
use crate::time::{Instant, Now};

/// What `KafkaProducer.waitOnMetadata` remembers while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MetadataWait {
    /// It waits for a later version than this.
    version: u32,
    /// Since when, in virtual milliseconds.
    pub since_ms: u64,
    /// How many partitions were known; none: the topic was not.
    count: Option<i32>,
}

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
pub struct Send {
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

/// What a call is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    Send(Send),
    PartitionsFor { topic: Arc<str>, wait: Option<MetadataWait> },
    Flush,
    Close,
}

/// The call that the application's thread is in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActiveCall {
    pub call: CallId,
    pub kind: CallKind,
    /// The last event of the call.
    pub event: EventId,
    pub task: Task,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Thread {
    active: Option<ActiveCall>,
    /// When the next stage is done; none: it waits.
    due: Option<Instant>,
    /// Until when it waits at most.
    deadline: Option<Instant>,
}

impl Thread {
    pub fn next_timeout(&self) -> Option<Instant> {
        earliest(self.due, self.deadline)
    }

    pub fn active(&self) -> Option<&ActiveCall> {
        self.active.as_ref()
    }

    fn next_stage(&mut self, now: Now) {
        self.due = Some(now.at + STAGE_US);
        self.deadline = None;
    }

    fn wait_until(&mut self, deadline: Option<Instant>) {
        self.due = None;
        self.deadline = deadline;
    }
}

/// How `waitOnMetadata` goes on.
enum Waited {
    Known(Arc<TopicMetadata>),
    Wait(MetadataWait),
}

impl Producer {
    /// The application calls; one call at a time. The end comes as `returned`, of a failed check at once.
    pub fn call(&mut self, now: Now, call: CallId, what: ProducerCall, out: &mut Outbox) {
        assert!(self.thread.active.is_none(), "an application thread makes one call at a time");
        let kind = what.kind();
        let event = out.emit(EventId::NONE, EventKind::CallStarted { client: self.id, call, kind });
        self.thread.active = Some(ActiveCall { call, kind, event, task: Task::Flush });
        match what {
            ProducerCall::Send(record) => self.start_send(now, record, event, out),
            ProducerCall::PartitionsFor { topic } => match self.wait_on_metadata(&topic, None, None, now, event) {
                Ok(Waited::Known(_)) => {
                    self.set_task(Task::PartitionsFor { topic, wait: None });
                    self.thread.next_stage(now);
                }
                Ok(Waited::Wait(wait)) => {
                    self.set_task(Task::PartitionsFor { topic, wait: Some(wait) });
                    self.thread.wait_until(Some(self.metadata_deadline(wait)));
                }
                Err(error) => self.return_call(Outcome::Threw(error), out),
            },
            ProducerCall::Flush => {
                self.accumulator.begin_flush();
                self.accumulator.batches_mut().begin_flush();
                self.wake_sender(now, event);
                self.thread.wait_until(None);
                self.wake_thread(now);
            }
            ProducerCall::Close { timeout_ms } => {
                self.set_task(Task::Close);
                if timeout_ms == Some(0) {
                    self.force_close(now, event);
                } else {
                    self.initiate_close(now, event);
                }
                self.thread.wait_until(timeout_ms.filter(|ms| *ms > 0).map(|ms| now.at.plus_millis(ms)));
                self.wake_thread(now);
            }
        }
    }

    fn set_task(&mut self, task: Task) {
        self.thread.active.as_mut().expect("a call is active").task = task;
    }

    /// The call is over.
    fn return_call(&mut self, outcome: Outcome, out: &mut Outbox) {
        let active = self.thread.active.take().expect("a call is active");
        let ok = !matches!(outcome, Outcome::Threw(_));
        let kind = EventKind::CallReturned { client: self.id, call: active.call, kind: active.kind, ok };
        out.emit(active.event, kind);
        out.returned(self.id, active.call, outcome);
        self.thread.wait_until(None);
    }

    /// Something that the thread may wait for has happened.
    pub(super) fn wake_thread(&mut self, now: Now) {
        let Some(active) = &self.thread.active else { return };
        if self.thread.due.is_some() {
            return;
        }
        let wakes = match &active.task {
            Task::Send(Send { stage: SendStage::AwaitingMetadata(wait), .. })
            | Task::PartitionsFor { wait: Some(wait), .. } => self.net.metadata.update_version() > wait.version,
            Task::Send(_) => self.accumulator.pool.is_signalled(),
            Task::PartitionsFor { wait: None, .. } => false,
            Task::Flush => self.accumulator.batches().flush_waits_for() == Some(0),
            Task::Close => self.sender.has_ended(),
        };
        if wakes {
            self.thread.due = Some(now.at + STAGE_US);
        }
    }

    /// The next stage of the call, or the end of its waiting.
    pub(super) fn continue_call(&mut self, now: Now, out: &mut Outbox) {
        let is_late = self.thread.due.is_none_or(|due| due > now.at);
        let active = self.thread.active.as_mut().expect("only a call has stages");
        match &mut active.task {
            Task::Send(_) => {
                let event = active.event;
                let task = std::mem::replace(&mut active.task, Task::Flush);
                let Task::Send(send) = task else { unreachable!("it was just seen") };
                self.continue_send(now, send, event, is_late, out);
            }
            Task::PartitionsFor { topic, wait } => {
                let (topic, wait, event) = (topic.clone(), *wait, active.event);
                match self.wait_on_metadata(&topic, None, wait, now, event) {
                    Ok(Waited::Known(known)) => {
                        let cluster = self.net.metadata.cluster();
                        let leader = |partition| cluster.leader(&topic, partition).map_or(-1, |leader| leader.0);
                        let partitions = known.order.iter().map(|partition| (*partition, leader(*partition)));
                        let partitions = partitions.collect();
                        self.return_call(Outcome::Partitions(partitions), out);
                    }
                    Ok(Waited::Wait(wait)) => {
                        self.set_task(Task::PartitionsFor { topic, wait: Some(wait) });
                        self.thread.wait_until(Some(self.metadata_deadline(wait)));
                    }
                    Err(error) => self.return_call(Outcome::Threw(error), out),
                }
            }
            Task::Flush => {
                self.accumulator.end_flush();
                self.accumulator.batches_mut().end_flush();
                self.return_call(Outcome::Done, out);
            }
            Task::Close if self.sender.has_ended() => self.return_call(Outcome::Done, out),
            Task::Close => {
                // The time to close in peace is over.
                let event = active.event;
                self.thread.wait_until(None);
                self.force_close(now, event);
            }
        }
    }

    fn start_send(&mut self, now: Now, record: Arc<ProducerRecord>, started: EventId, out: &mut Outbox) {
        if let Some(wrong) = invalid_record(&record) {
            return self.return_call(Outcome::Threw(wrong), out);
        }
        let id = RecordId { client: self.id, number: self.next_record };
        self.next_record += 1;
        let topic = self.net.metadata.cluster().topic(&record.topic).map(|topic| topic.no);
        let topic = topic.unwrap_or_else(|| out.names.intern_topic(&record.topic));
        let partition = record.partition.unwrap_or(-1);
        let event = out.emit(started, EventKind::SendCalled { record: id, topic, partition });
        self.set_event(event);
        let send = Send {
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
                self.set_task(Task::Send(Send { topic: Some(topic), ..send }));
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

    fn set_event(&mut self, event: EventId) {
        self.thread.active.as_mut().expect("a call is active").event = event;
    }

    fn await_metadata(&mut self, send: Send, wait: MetadataWait) {
        self.set_task(Task::Send(Send { stage: SendStage::AwaitingMetadata(wait), ..send }));
        self.thread.wait_until(Some(self.metadata_deadline(wait)));
    }

    fn metadata_deadline(&self, wait: MetadataWait) -> Instant {
        Instant::from_millis(wait.since_ms.saturating_add(unsigned(self.config.max_block_ms)))
    }

    /// `KafkaProducer.waitOnMetadata`, from one wait to the next.
    fn wait_on_metadata(
        &mut self,
        topic: &Arc<str>,
        partition: Option<i32>,
        wait: Option<MetadataWait>,
        now: Now,
        cause: EventId,
    ) -> Result<Waited, Exception> {
        let cluster = self.net.metadata.cluster().clone();
        let since_ms = wait.map_or(now.ms(), |wait| wait.since_ms);
        match wait {
            None if cluster.invalid_topics.contains(topic) => {
                return Err(Exception::with_message(Code::InvalidTopicException, topic.clone()));
            }
            None => {}
            Some(wait) => self.check_metadata_wait(topic, partition, wait, now)?,
        }
        self.net.metadata.add_topic(topic, now.ms(), cause);
        let known = cluster.topic(topic);
        let count = known.map(|known| known.order.len() as i32);
        if let Some(known) = known
            && partition.is_none_or(|partition| partition < count.unwrap_or(0))
        {
            return Ok(Waited::Known(known.clone()));
        }
        let version = self.net.metadata.request_update_for_topic(topic, cause);
        self.wake_sender(now, cause);
        Ok(Waited::Wait(MetadataWait { version, since_ms, count }))
    }

    /// What is thrown after a wait: the time is over, or the answer says what is wrong with the topic.
    fn check_metadata_wait(
        &mut self,
        topic: &Arc<str>,
        partition: Option<i32>,
        wait: MetadataWait,
        now: Now,
    ) -> Result<(), Exception> {
        let max_ms = unsigned(self.config.max_block_ms);
        let is_late = now.ms().saturating_sub(wait.since_ms) >= max_ms;
        let has_news = self.net.metadata.update_version() > wait.version;
        if !is_late {
            return match self.net.metadata.take_exception_for_topic(topic) {
                Some(error) => Err(error),
                None => Ok(()),
            };
        }
        let message = match (wait.count, partition) {
            (Some(count), Some(partition)) => format!(
                "Partition {partition} of topic {topic} with partition count {count} is not present in metadata after {max_ms} ms."
            ),
            _ => format!("Topic {topic} not present in metadata after {max_ms} ms."),
        };
        let timeout = Exception::with_message(Code::RequestTimedOut, message);
        match self.net.metadata.topic_error(topic) {
            Some(error) if !has_news || error.is_retriable() => Err(timeout.caused_by(Exception::of(error))),
            _ => Err(timeout),
        }
    }

    fn continue_send(&mut self, now: Now, mut send: Send, event: EventId, is_late: bool, out: &mut Outbox) {
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
                Err(error) => self.fail_send(&send, error, event, out),
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
                        self.set_task(Task::Send(send));
                    }
                    Err(error) => self.fail_send(&send, error, event, out),
                }
            }
        }
    }

    fn serialize(&mut self, now: Now, mut send: Send, event: EventId, out: &mut Outbox) {
        let key = serialize(self.key_serializer, "key", &send.record.key);
        let serialized = key.and_then(|key| Ok((key, serialize(self.value_serializer, "value", &send.record.value)?)));
        match serialized {
            Ok((key, value)) => (send.key, send.value) = (key, value),
            Err(error) => return self.fail_send(&send, error, event, out),
        }
        let (key_bytes, value_bytes) = (send.key.size(), send.value.size());
        let event = out.emit(event, EventKind::Serialized { record: send.id, key_bytes, value_bytes });
        self.set_event(event);
        send.stage = SendStage::Partition;
        self.set_task(Task::Send(send));
        self.thread.next_stage(now);
    }

    fn partition(&mut self, now: Now, mut send: Send, event: EventId, out: &mut Outbox) {
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
        self.set_task(Task::Send(send));
        self.thread.next_stage(now);
    }

    /// `ensureValidRecordSize`.
    fn check_record_size(&self, send: &Send) -> Result<(), Exception> {
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

    fn append(&mut self, now: Now, mut send: Send, buffer: Option<u64>, event: EventId, out: &mut Outbox) {
        let headers = headers(&send.record);
        let wall_ms = now.start_ms + send.now_ms as i64;
        let record = record_bytes(&send, &headers, wall_ms);
        let thunk = Thunk {
            record: send.id.number,
            timestamp: record.timestamp,
            serialized_key_size: send.key.size(),
            serialized_value_size: send.value.size(),
            event: out.next_event(),
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
                // A broken idempotent producer says so only now, as `maybeAddPartition` does.
                if let Some(Err(error)) = self.transactions.as_ref().map(|transactions| transactions.check_usable()) {
                    send.partition = result.partition;
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
                self.set_task(Task::Send(send));
            }
            Err(AppendFailed { partition, error }) => {
                send.partition = partition;
                self.fail_send(&send, error, event, out);
            }
        }
    }

    /// `doSend`'s catches: an `ApiException` comes as a failed future and in the callback, any other is thrown.
    fn fail_send(&mut self, send: &Send, error: Exception, cause: EventId, out: &mut Outbox) {
        let thrown = error.code.is_none();
        let code = error.code.unwrap_or(Code::UnknownServerError);
        self.set_event(out.emit(cause, EventKind::SendFailed { record: send.id, code, thrown }));
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

fn record_bytes<'a>(send: &'a Send, headers: &'a [Header], wall_ms: i64) -> RecordBytes<'a> {
    let timestamp = send.record.timestamp.unwrap_or(wall_ms);
    RecordBytes { timestamp, key: send.key.as_slice(), value: send.value.as_slice(), headers }
}
