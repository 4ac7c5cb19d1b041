//! The application's thread inside the producer: one call at a time, each stage of it a move (`KafkaProducer`).

use std::sync::Arc;

use super::send::{SendCall, SendStage};
use super::{Producer, earliest, unsigned};
use crate::call::{Outcome, ProducerCall};
use crate::client::net::TopicMetadata;
use crate::error::{Code, Exception};
use crate::event::{CallKind, EventKind};
use crate::ids::{CallId, EventId};
use crate::node::{Outbox, STAGE_US};
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

/// What a call is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CallWork {
    Send(SendCall),
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
    /// None while a stage of it is being done.
    pub work: Option<CallWork>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Thread {
    active: Option<ActiveCall>,
    /// When the next stage is done; none: it waits.
    pub due: Option<Instant>,
    /// Until when it waits at most.
    pub deadline: Option<Instant>,
}

impl Thread {
    pub fn next_timeout(&self) -> Option<Instant> {
        earliest(self.due, self.deadline)
    }

    pub fn active(&self) -> Option<&ActiveCall> {
        self.active.as_ref()
    }

    pub fn next_stage(&mut self, now: Now) {
        self.due = Some(now.at + STAGE_US);
        self.deadline = None;
    }

    pub fn wait_until(&mut self, deadline: Option<Instant>) {
        self.due = None;
        self.deadline = deadline;
    }
}

/// How `waitOnMetadata` goes on.
pub(super) enum Waited {
    Known(Arc<TopicMetadata>),
    Wait(MetadataWait),
}

impl Producer {
    /// The application calls; one call at a time. The end comes as `returned`, of a failed check at once.
    pub fn call(&mut self, now: Now, call: CallId, what: ProducerCall, out: &mut Outbox) {
        assert!(self.thread.active.is_none(), "an application thread makes one call at a time");
        let kind = what.kind();
        let event = out.emit(EventId::NONE, EventKind::CallStarted { client: self.id, call, kind });
        self.thread.active = Some(ActiveCall { call, kind, event, work: None });
        match what {
            ProducerCall::Send(record) => self.start_send(now, record, event, out),
            ProducerCall::PartitionsFor { topic } => match self.wait_on_metadata(&topic, None, None, now, event) {
                Ok(Waited::Known(_)) => {
                    self.set_work(CallWork::PartitionsFor { topic, wait: None });
                    self.thread.next_stage(now);
                }
                Ok(Waited::Wait(wait)) => {
                    self.set_work(CallWork::PartitionsFor { topic, wait: Some(wait) });
                    self.thread.wait_until(Some(self.metadata_deadline(wait)));
                }
                Err(error) => self.return_call(Outcome::Threw(error), out),
            },
            ProducerCall::Flush => {
                self.set_work(CallWork::Flush);
                self.accumulator.begin_flush();
                self.accumulator.batches_mut().begin_flush();
                self.wake_sender(now, event);
                self.thread.wait_until(None);
                self.wake_thread(now);
            }
            ProducerCall::Close { timeout_ms } => {
                self.set_work(CallWork::Close);
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

    pub(super) fn set_work(&mut self, work: CallWork) {
        self.thread.active.as_mut().expect("a call is active").work = Some(work);
    }

    /// The call is over.
    pub(super) fn return_call(&mut self, outcome: Outcome, out: &mut Outbox) {
        let active = self.thread.active.take().expect("a call is active");
        let exception = match &outcome {
            Outcome::Threw(exception) => Some(exception.intern(&mut out.names)),
            _ => None,
        };
        let (call, kind, ok) = (active.call, active.kind, exception.is_none());
        let exception = exception.unwrap_or_default();
        let kind = EventKind::CallReturned { client: self.id, call, kind, ok, exception };
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
        let wakes = match &active.work {
            Some(
                CallWork::Send(SendCall { stage: SendStage::AwaitingMetadata(wait), .. })
                | CallWork::PartitionsFor { wait: Some(wait), .. },
            ) => self.net.metadata.has_news_since(wait.version),
            Some(CallWork::Send(_)) => self.accumulator.pool.is_signalled(),
            Some(CallWork::PartitionsFor { wait: None, .. }) | None => false,
            Some(CallWork::Flush) => self.accumulator.batches().flush_waits_for() == Some(0),
            Some(CallWork::Close) => self.sender.has_ended(),
        };
        if wakes {
            self.thread.due = Some(now.at + STAGE_US);
        }
    }

    /// The next stage of the call, or the end of its waiting.
    pub(super) fn continue_call(&mut self, now: Now, out: &mut Outbox) {
        let is_late = self.thread.due.is_none_or(|due| due > now.at);
        let active = self.thread.active.as_mut().expect("only a call has stages");
        let event = active.event;
        match active.work.take().expect("a call between two stages knows what it is about") {
            CallWork::Send(send) => self.continue_send(now, send, event, is_late, out),
            CallWork::PartitionsFor { topic, wait } => match self.wait_on_metadata(&topic, None, wait, now, event) {
                Ok(Waited::Known(known)) => {
                    let cluster = self.net.metadata.cluster();
                    let partitions = known.order.iter().map(|of| (*of, cluster.leader(&topic, *of)));
                    let partitions = partitions.collect();
                    self.return_call(Outcome::Partitions(partitions), out);
                }
                Ok(Waited::Wait(wait)) => {
                    self.set_work(CallWork::PartitionsFor { topic, wait: Some(wait) });
                    self.thread.wait_until(Some(self.metadata_deadline(wait)));
                }
                Err(error) => self.return_call(Outcome::Threw(error), out),
            },
            CallWork::Flush => {
                self.accumulator.end_flush();
                self.accumulator.batches_mut().end_flush();
                self.return_call(Outcome::Done, out);
            }
            CallWork::Close if self.sender.has_ended() => self.return_call(Outcome::Done, out),
            CallWork::Close => {
                // The time to close in peace is over.
                self.set_work(CallWork::Close);
                self.thread.wait_until(None);
                self.force_close(now, event);
            }
        }
    }

    pub(super) fn set_event(&mut self, event: EventId) {
        self.thread.active.as_mut().expect("a call is active").event = event;
    }

    pub(super) fn metadata_deadline(&self, wait: MetadataWait) -> Instant {
        Instant::from_millis(wait.since_ms.saturating_add(unsigned(self.config.max_block_ms)))
    }

    /// `KafkaProducer.waitOnMetadata`, from one wait to the next.
    pub(super) fn wait_on_metadata(
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
}
