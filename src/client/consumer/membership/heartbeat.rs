//! The heartbeat thread: keeps the member in its group while the application works, and leaves when it works too long
//! between two polls (`Heartbeat`, `AbstractCoordinator.HeartbeatThread`).

use super::super::Consumer;
use super::super::calls::frames::Waiting;
use super::super::network::{Answered, Purpose};
use super::super::turn::Turn;
use super::state::{Generation, MemberState};
use super::timers::ThreadState;

use std::sync::Arc;

use kafka_protocol::messages::{GroupId, HeartbeatRequest};
use kafka_protocol::protocol::StrBytes;

use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::EventKind;
use crate::ids::EventId;
use crate::node::STAGE_US;
use crate::time::Instant;
use crate::wire::{Frame, Response};

impl Consumer {
    /// `pollHeartbeat`: the application is alive. Throws what the thread failed with.
    pub(in super::super) fn poll_heartbeat(&mut self, turn: &mut Turn<'_>) -> Result<(), Exception> {
        let now = turn.now;
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

    pub(in super::super) fn enable_heartbeat_thread(&mut self, turn: &mut Turn<'_>) {
        let now = turn.now;
        let group = self.group_mut();
        if let Some(thread) = &mut group.thread {
            thread.enabled = true;
            group.heartbeat.reset_timeouts(now);
            thread.notify(now);
        }
    }

    pub(in super::super) fn disable_heartbeat_thread(&mut self) {
        if let Some(thread) = &mut self.group_mut().thread {
            thread.enabled = false;
        }
    }

    /// When the thread runs next. While the application's thread is in the network client, or looks for the
    /// coordinator, it holds the lock that this thread needs.
    pub(in super::super) fn heartbeat_thread_due(&self) -> Option<Instant> {
        let group = self.membership.classic()?;
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
    pub(in super::super) fn run_heartbeat(&mut self, turn: &mut Turn<'_>) {
        let group = self.group_mut();
        let thread = group.thread.as_mut().expect("a thread that is due is there");
        let stopped = group.state == MemberState::Unjoined || group.state == MemberState::PreparingRebalance;
        if !thread.enabled || stopped || thread.failed.is_some() {
            thread.enabled = false;
            thread.state = ThreadState::Parked;
            return;
        }
        // What cannot be written is thrown in the application's thread, too.
        _ = self.network_pass(turn);
        let state = self.look_around(turn);
        if let Some(thread) = &mut self.group_mut().thread {
            thread.state = state;
        }
    }

    fn look_around(&mut self, turn: &mut Turn<'_>) -> ThreadState {
        let now = turn.now;
        let again = ThreadState::Running(now.at + STAGE_US);
        let id = self.id;
        if self.coordinator_unknown(turn) {
            if self.group().find.is_some() {
                self.group_mut().find = None;
            } else {
                self.lookup_coordinator(turn);
            }
            return ThreadState::Ticking(now.at);
        }
        let group = self.group_mut();
        if now.ms() >= group.heartbeat.session_due_ms {
            let number = group.group(turn.out);
            turn.cause = turn.out.emit(EventId::NONE, EventKind::SessionLost { client: id, group: number });
            self.mark_coordinator_unknown(false, turn);
            again
        } else if now.ms() >= group.heartbeat.poll_due_ms {
            let number = group.group(turn.out);
            turn.cause = turn.out.emit(EventId::NONE, EventKind::PollIntervalExceeded { client: id, group: number });
            self.note_rejoin_cause(turn);
            self.maybe_leave_group(None, "consumer poll timeout has expired.", turn);
            _ = self.network_pass(turn);
            again
        } else if !group.heartbeat.should_heartbeat(now) {
            ThreadState::Ticking(now.at)
        } else {
            group.heartbeat.sent(now);
            self.send_heartbeat(turn);
            again
        }
    }

    fn send_heartbeat(&mut self, turn: &mut Turn<'_>) {
        let now = turn.now;
        let instance_id = self.settings.group_instance_id.clone();
        let group = self.group();
        let Some(broker) = group.coordinator else { return };
        let generation = group.generation.clone();
        let request = HeartbeatRequest::default()
            .with_group_id(GroupId(StrBytes::from_string(group.group_id.to_string())))
            .with_member_id(StrBytes::from_string(generation.member_id.to_string()))
            .with_group_instance_id(instance_id.map(|id| StrBytes::from_string(id.to_string())))
            .with_generation_id(generation.id);
        self.client.send(NodeId::Coordinator(broker), request.into(), Purpose::Heartbeat(generation), turn.cause, now);
    }

    pub(in super::super) fn handle_heartbeat(
        &mut self,
        sent: &Generation,
        result: Result<Arc<Frame>, Exception>,
        turn: &mut Turn<'_>,
    ) {
        let now = turn.now;
        let id = self.id;
        let number = self.group_mut().group(turn.out);
        let frame = match result {
            Ok(frame) => frame,
            Err(exception) => {
                self.coordinator_request_failed(&exception, turn);
                self.heartbeat_failed(turn);
                return;
            }
        };
        let Response::Heartbeat(response) = Answered::response(&frame) else {
            unreachable!("Heartbeat is answered by its own response")
        };
        let code = Code::from_i16(response.error_code);
        turn.cause = turn.out.emit(turn.cause, EventKind::HeartbeatAnswered { client: id, group: number, code });
        match code {
            Code::None => self.group_mut().heartbeat.received(now),
            Code::CoordinatorNotAvailable | Code::NotCoordinator => {
                self.mark_coordinator_unknown(false, turn);
                self.heartbeat_failed(turn);
            }
            Code::RebalanceInProgress => {
                // While this member itself is joining, the answer says nothing new.
                if self.group().state == MemberState::Stable {
                    self.note_rejoin_cause(turn);
                    self.group_mut().request_rejoin("group is already rebalancing");
                }
                self.group_mut().heartbeat.received(now);
            }
            Code::IllegalGeneration | Code::UnknownMemberId | Code::FencedInstanceId => {
                if self.group().generation != *sent {
                    self.group_mut().heartbeat.received(now);
                    return;
                }
                self.note_rejoin_cause(turn);
                let group = self.group_mut();
                group.reset_state_on_response_error("HEARTBEAT", code);
                if code == Code::FencedInstanceId
                    && let Some(thread) = &mut group.thread
                {
                    thread.failed = Some(Exception::of(code));
                    return;
                }
                self.heartbeat_failed(turn);
            }
            _ => self.heartbeat_failed(turn),
        }
    }

    fn heartbeat_failed(&mut self, turn: &mut Turn<'_>) {
        let now = turn.now;
        let group = self.group_mut();
        group.heartbeat.failed(now);
        if let Some(thread) = &mut group.thread {
            thread.notify(now);
        }
    }
}
