//! The heartbeat thread: keeps the member in its group while the application works, and leaves when it works too long
//! between two polls (`Heartbeat`, `AbstractCoordinator.HeartbeatThread`).

use std::sync::Arc;

use kafka_protocol::messages::{GroupId, HeartbeatRequest};
use kafka_protocol::protocol::StrBytes;

use super::Consumer;
use super::app::Waiting;
use super::coordinator::{Generation, MemberState};
use super::network::{Answered, Purpose};
use super::settings::Settings;
use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::EventKind;
use crate::ids::EventId;
use crate::node::{Outbox, STAGE_US};
use crate::time::{Instant, Now};
use crate::wire::{Frame, Response};

/// The three timers of a member, in virtual milliseconds (`Heartbeat`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Heartbeat {
    interval_ms: u64,
    session_timeout_ms: u64,
    max_poll_interval_ms: u64,
    retry_backoff_ms: u64,
    /// When the next heartbeat is due.
    pub heartbeat_due_ms: u64,
    /// When the session is over, unless a heartbeat is answered before.
    pub session_due_ms: u64,
    /// When the application must have polled.
    pub poll_due_ms: u64,
    pub last_poll_ms: Option<u64>,
}

/// The thread itself: it waits, or is about to look around.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct HeartbeatThread {
    pub enabled: bool,
    /// What it failed with; `poll` throws it.
    pub failed: Option<Exception>,
    pub state: ThreadState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ThreadState {
    /// Waits until it is notified.
    Parked,
    /// Waits for `retry.backoff.ms`, again and again, since this instant.
    Ticking(Instant),
    Running(Instant),
}

impl Heartbeat {
    pub fn new(settings: &Settings, now: Now) -> Heartbeat {
        let mut heartbeat = Heartbeat {
            interval_ms: settings.heartbeat_interval_ms,
            session_timeout_ms: settings.session_timeout_ms,
            max_poll_interval_ms: settings.max_poll_interval_ms,
            retry_backoff_ms: settings.retry_backoff_ms,
            heartbeat_due_ms: 0,
            session_due_ms: 0,
            poll_due_ms: 0,
            last_poll_ms: None,
        };
        heartbeat.reset_timeouts(now);
        heartbeat
    }

    pub fn reset_timeouts(&mut self, now: Now) {
        self.reset_session_timeout(now);
        self.poll_due_ms = now.ms().saturating_add(self.max_poll_interval_ms);
        self.heartbeat_due_ms = now.ms().saturating_add(self.interval_ms);
    }

    pub fn reset_session_timeout(&mut self, now: Now) {
        self.session_due_ms = now.ms().saturating_add(self.session_timeout_ms);
    }

    pub fn poll(&mut self, now: Now) {
        self.last_poll_ms = Some(now.ms());
        self.poll_due_ms = now.ms().saturating_add(self.max_poll_interval_ms);
    }

    pub fn sent(&mut self, now: Now) {
        self.heartbeat_due_ms = now.ms().saturating_add(self.interval_ms);
    }

    pub fn failed(&mut self, now: Now) {
        self.heartbeat_due_ms = now.ms().saturating_add(self.retry_backoff_ms);
    }

    pub fn received(&mut self, now: Now) {
        self.reset_session_timeout(now);
    }

    pub fn should_heartbeat(&self, now: Now) -> bool {
        now.ms() >= self.heartbeat_due_ms
    }

    /// The first of the three timers, in virtual milliseconds.
    fn first_due_ms(&self) -> u64 {
        self.heartbeat_due_ms.min(self.session_due_ms).min(self.poll_due_ms)
    }
}

impl HeartbeatThread {
    pub const fn new() -> HeartbeatThread {
        HeartbeatThread { enabled: false, failed: None, state: ThreadState::Parked }
    }

    /// `notify`: ends a wait.
    pub fn notify(&mut self, now: Now) {
        if self.enabled && !matches!(self.state, ThreadState::Running(_)) {
            self.state = ThreadState::Running(now.at);
        }
    }
}

impl Consumer {
    /// `pollHeartbeat`: the application is alive. Throws what the thread failed with.
    pub(super) fn poll_heartbeat(&mut self, now: Now) -> Result<(), Exception> {
        let group = self.group_mut();
        if let Some(thread) = &mut group.thread {
            if let Some(failed) = thread.failed.take() {
                group.thread = None;
                return Err(failed);
            }
            if group.heartbeat.should_heartbeat(now) {
                thread.notify(now);
            }
            group.heartbeat.poll(now);
        }
        Ok(())
    }

    pub(super) fn enable_heartbeat_thread(&mut self, now: Now) {
        let group = self.group_mut();
        if let Some(thread) = &mut group.thread {
            thread.enabled = true;
            group.heartbeat.reset_timeouts(now);
            thread.notify(now);
        }
    }

    pub(super) fn disable_heartbeat_thread(&mut self) {
        if let Some(thread) = &mut self.group_mut().thread {
            thread.enabled = false;
        }
    }

    /// When the thread runs next. While the application's thread is in the network client, or looks for the
    /// coordinator, it holds the lock that this thread needs.
    pub(super) fn heartbeat_thread_due(&self) -> Option<Instant> {
        let group = self.coordinator.as_ref()?;
        let thread = group.thread.as_ref()?;
        if matches!(self.app.waiting, Waiting::Network { .. }) || self.app.holds_coordinator_lock() {
            return None;
        }
        match thread.state {
            ThreadState::Parked => None,
            ThreadState::Running(at) => Some(at),
            ThreadState::Ticking(since) => {
                let period = self.settings.retry_backoff_ms.max(1).saturating_mul(1000);
                let first = since + period;
                if self.client.wants_pass() {
                    // What arrived is read at the next tick, whenever that was.
                    let waited = self.arrived_at.max(since).since(since);
                    return Some(since + waited.div_ceil(period).max(1).saturating_mul(period));
                }
                let mut due = Instant::from_millis(group.heartbeat.first_due_ms());
                if let Some(timeout) = self.net_due {
                    due = due.min(timeout);
                }
                if group.coordinator.is_none() {
                    due = first;
                }
                let waited = due.max(first).since(since);
                Some(since + waited.div_ceil(period).saturating_mul(period))
            }
        }
    }

    /// One turn of the thread's loop.
    pub(super) fn run_heartbeat(&mut self, now: Now, out: &mut Outbox) {
        self.cause = EventId::NONE;
        let group = self.group_mut();
        let thread = group.thread.as_mut().expect("a thread that is due is there");
        let stopped = group.state == MemberState::Unjoined || group.state == MemberState::PreparingRebalance;
        if !thread.enabled || stopped || thread.failed.is_some() {
            thread.enabled = false;
            thread.state = ThreadState::Parked;
            return;
        }
        // What cannot be written is thrown in the application's thread, too.
        _ = self.network_pass(now, out);
        let state = self.look_around(now, out);
        if let Some(thread) = &mut self.group_mut().thread {
            thread.state = state;
        }
    }

    fn look_around(&mut self, now: Now, out: &mut Outbox) -> ThreadState {
        let again = ThreadState::Running(now.at + STAGE_US);
        let id = self.id;
        if self.coordinator_unknown(now, out) {
            if self.group().find.is_some() {
                self.group_mut().find = None;
            } else {
                self.lookup_coordinator(now);
            }
            return ThreadState::Ticking(now.at);
        }
        let group = self.group_mut();
        if now.ms() >= group.heartbeat.session_due_ms {
            let number = group.group(out);
            self.cause = out.emit(EventId::NONE, EventKind::SessionLost { client: id, group: number });
            self.mark_coordinator_unknown(false, out);
            again
        } else if now.ms() >= group.heartbeat.poll_due_ms {
            let number = group.group(out);
            self.cause = out.emit(EventId::NONE, EventKind::PollIntervalExceeded { client: id, group: number });
            self.note_rejoin_cause();
            self.maybe_leave_group(None, "consumer poll timeout has expired.", now, out);
            _ = self.network_pass(now, out);
            again
        } else if !group.heartbeat.should_heartbeat(now) {
            ThreadState::Ticking(now.at)
        } else {
            group.heartbeat.sent(now);
            self.send_heartbeat(now);
            again
        }
    }

    fn send_heartbeat(&mut self, now: Now) {
        let instance_id = self.settings.group_instance_id.clone();
        let group = self.group();
        let Some(broker) = group.coordinator else { return };
        let generation = group.generation.clone();
        let request = HeartbeatRequest::default()
            .with_group_id(GroupId(StrBytes::from_string(group.group_id.to_string())))
            .with_member_id(StrBytes::from_string(generation.member_id.to_string()))
            .with_group_instance_id(instance_id.map(|id| StrBytes::from_string(id.to_string())))
            .with_generation_id(generation.id);
        self.client.send(NodeId::Coordinator(broker), request.into(), Purpose::Heartbeat(generation), self.cause, now);
    }

    pub(super) fn handle_heartbeat(
        &mut self,
        sent: &Generation,
        result: Result<Arc<Frame>, Exception>,
        now: Now,
        out: &mut Outbox,
    ) {
        let id = self.id;
        let number = self.group_mut().group(out);
        let frame = match result {
            Ok(frame) => frame,
            Err(exception) => {
                self.coordinator_request_failed(&exception, out);
                self.heartbeat_failed(now);
                return;
            }
        };
        let Response::Heartbeat(response) = Answered::response(&frame) else {
            unreachable!("Heartbeat is answered by its own response")
        };
        let code = Code::from_i16(response.error_code);
        self.cause = out.emit(self.cause, EventKind::HeartbeatAnswered { client: id, group: number, code });
        match code {
            Code::None => self.group_mut().heartbeat.received(now),
            Code::CoordinatorNotAvailable | Code::NotCoordinator => {
                self.mark_coordinator_unknown(false, out);
                self.heartbeat_failed(now);
            }
            Code::RebalanceInProgress => {
                // While this member itself is joining, the answer says nothing new.
                if self.group().state == MemberState::Stable {
                    self.note_rejoin_cause();
                    self.group_mut().request_rejoin("group is already rebalancing");
                }
                self.group_mut().heartbeat.received(now);
            }
            Code::IllegalGeneration | Code::UnknownMemberId | Code::FencedInstanceId => {
                if self.group().generation != *sent {
                    self.group_mut().heartbeat.received(now);
                    return;
                }
                self.note_rejoin_cause();
                let group = self.group_mut();
                group.reset_state_on_response_error("HEARTBEAT", code);
                if code == Code::FencedInstanceId
                    && let Some(thread) = &mut group.thread
                {
                    thread.failed = Some(Exception::of(code));
                    return;
                }
                self.heartbeat_failed(now);
            }
            _ => self.heartbeat_failed(now),
        }
    }

    fn heartbeat_failed(&mut self, now: Now) {
        let group = self.group_mut();
        group.heartbeat.failed(now);
        if let Some(thread) = &mut group.thread {
            thread.notify(now);
        }
    }
}
