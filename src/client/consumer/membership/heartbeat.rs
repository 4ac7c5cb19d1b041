//! The heartbeat thread: keeps the member in its group while the application works, and leaves when it works too long
//! between two polls (`Heartbeat`, `AbstractCoordinator.HeartbeatThread`).

use super::super::lent::Lent;
use super::super::network::{Answered, Purpose};
use super::super::settings::ConsumerSettings;
use super::super::turn::Turn;
use super::state::{Coordinator, Generation, MemberState};
use super::timers::{HeartbeatThread, ThreadState};

use std::sync::Arc;

use kafka_protocol::messages::{GroupId, HeartbeatRequest};
use kafka_protocol::protocol::StrBytes;

use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::EventKind;
use crate::ids::EventId;
use crate::node::{Paced, STAGE_US};
use crate::time::{Instant, Now};
use crate::wire::{Frame, Response};

/// What a turn of the heartbeat thread found.
#[derive(Clone, Copy, Debug)]
pub struct LookedAround {
    pub next: ThreadState,
    /// The member left its group: a network pass sends that at once.
    pub left: bool,
}

impl Coordinator {
    /// `pollHeartbeat`: the application is alive. Throws what the thread failed with.
    pub fn poll_heartbeat(&mut self, now: Now) -> Result<(), Exception> {
        if let Some(thread) = &mut self.thread {
            if let Some(failed) = thread.failed.take() {
                self.thread = None;
                return Err(failed);
            }
            if self.heartbeat.should_heartbeat(now) {
                thread.notify(now);
            }
            self.heartbeat.poll(now);
        }
        Ok(())
    }

    pub fn enable_heartbeat_thread(&mut self, now: Now) {
        if let Some(thread) = &mut self.thread {
            thread.enabled = true;
            self.heartbeat.reset_timeouts(now);
            thread.notify(now);
        }
    }

    pub fn disable_heartbeat_thread(&mut self) {
        if let Some(thread) = &mut self.thread {
            thread.enabled = false;
        }
    }

    /// `startHeartbeatThreadIfNeeded`.
    pub fn start_heartbeat_thread(&mut self) {
        self.thread.get_or_insert_with(HeartbeatThread::new);
    }

    /// `closeHeartbeatThread`.
    pub fn end_heartbeat_thread(&mut self) {
        self.thread = None;
    }

    /// When the thread runs next, as long as it gets the lock. `arrived`: when the first of the unread inputs came, if
    /// there are some. `net_due`: when the network client has something to do although nothing arrives.
    pub fn heartbeat_thread_due(
        &self,
        settings: &ConsumerSettings,
        arrived: Option<Instant>,
        net_due: Option<Instant>,
    ) -> Option<Instant> {
        match self.thread.as_ref()?.state {
            ThreadState::Parked => None,
            ThreadState::Running(at) => Some(at),
            ThreadState::Ticking(since) => {
                let period = settings.retry_backoff_ms.max(1).saturating_mul(1000);
                let first = since + period;
                if let Some(arrived) = arrived {
                    // What arrived is read at the next tick, whenever that was.
                    let waited = arrived.max(since).since(since);
                    return Some(since + waited.div_ceil(period).max(1).saturating_mul(period));
                }
                let mut due = Instant::from_millis(self.heartbeat.first_due_ms());
                if let Some(timeout) = net_due {
                    due = due.min(timeout);
                }
                if self.coordinator.is_none() {
                    due = first;
                }
                let waited = due.max(first).since(since);
                Some(since + waited.div_ceil(period).saturating_mul(period))
            }
        }
    }

    /// Whether a turn of the thread's loop goes on to the network; else the thread waits to be notified.
    pub fn heartbeat_thread_goes_on(&mut self) -> bool {
        let thread = self.thread.as_mut().expect("a thread that is due is there");
        let stopped = self.state == MemberState::Unjoined || self.state == MemberState::PreparingRebalance;
        if !thread.enabled || stopped || thread.failed.is_some() {
            thread.enabled = false;
            thread.state = ThreadState::Parked;
            return false;
        }
        true
    }

    /// What the thread does next.
    pub fn set_heartbeat_thread(&mut self, state: ThreadState) {
        if let Some(thread) = &mut self.thread {
            thread.state = state;
        }
    }

    /// The turn of the thread's loop behind its network pass.
    pub fn look_around(&mut self, lent: &mut Lent<'_>, turn: &mut Turn<'_>) -> LookedAround {
        let now = turn.now;
        let again = LookedAround { next: ThreadState::Running(now.at + STAGE_US), left: false };
        let ticking = LookedAround { next: ThreadState::Ticking(now.at), left: false };
        let client = lent.client;
        if self.coordinator_unknown(lent, turn) {
            if self.find.is_some() {
                self.find = None;
            } else {
                self.lookup_coordinator(lent, turn);
            }
            return ticking;
        }
        if now.ms() >= self.heartbeat.session_due_ms {
            let group = self.number(turn.out);
            turn.cause = turn.out.emit(EventId::NONE, EventKind::SessionLost { client, group });
            self.mark_coordinator_unknown(lent, false, turn);
            again
        } else if now.ms() >= self.heartbeat.poll_due_ms {
            let group = self.number(turn.out);
            turn.cause = turn.out.emit(EventId::NONE, EventKind::PollIntervalExceeded { client, group });
            self.note_rejoin_cause(turn);
            self.maybe_leave_group(lent, None, "consumer poll timeout has expired.", turn);
            LookedAround { left: true, ..again }
        } else if !self.heartbeat.should_heartbeat(now) {
            ticking
        } else {
            self.heartbeat.sent(now);
            turn.out.paced = Some((client, Paced::Heartbeat));
            self.send_heartbeat(lent, turn);
            again
        }
    }

    fn send_heartbeat(&mut self, lent: &mut Lent<'_>, turn: &mut Turn<'_>) {
        let now = turn.now;
        let instance_id = lent.settings.group_instance_id.clone();
        let Some(broker) = self.coordinator else { return };
        let generation = self.generation.clone();
        let request = HeartbeatRequest::default()
            .with_group_id(GroupId(StrBytes::from_string(self.group_id.to_string())))
            .with_member_id(StrBytes::from_string(generation.member_id.to_string()))
            .with_group_instance_id(instance_id.map(|id| StrBytes::from_string(id.to_string())))
            .with_generation_id(generation.id);
        lent.network.send(NodeId::Coordinator(broker), request.into(), Purpose::Heartbeat(generation), turn.cause, now);
    }

    pub fn handle_heartbeat(
        &mut self,
        lent: &mut Lent<'_>,
        sent: &Generation,
        result: Result<Arc<Frame>, Exception>,
        turn: &mut Turn<'_>,
    ) {
        let now = turn.now;
        let id = lent.client;
        let number = self.number(turn.out);
        let frame = match result {
            Ok(frame) => frame,
            Err(exception) => {
                self.coordinator_request_failed(lent, &exception, turn);
                self.heartbeat_failed(now);
                return;
            }
        };
        let Response::Heartbeat(response) = Answered::response(&frame) else {
            unreachable!("Heartbeat is answered by its own response")
        };
        let code = Code::from_i16(response.error_code);
        turn.cause = turn.out.emit(turn.cause, EventKind::HeartbeatAnswered { client: id, group: number, code });
        match code {
            Code::None => self.heartbeat.received(now),
            Code::CoordinatorNotAvailable | Code::NotCoordinator => {
                self.mark_coordinator_unknown(lent, false, turn);
                self.heartbeat_failed(now);
            }
            Code::RebalanceInProgress => {
                // While this member itself is joining, the answer says nothing new.
                if self.state == MemberState::Stable {
                    self.note_rejoin_cause(turn);
                    self.request_rejoin("group is already rebalancing");
                }
                self.heartbeat.received(now);
            }
            Code::IllegalGeneration | Code::UnknownMemberId | Code::FencedInstanceId => {
                if self.generation != *sent {
                    self.heartbeat.received(now);
                    return;
                }
                self.note_rejoin_cause(turn);
                self.reset_state_on_response_error("HEARTBEAT", code);
                if code == Code::FencedInstanceId
                    && let Some(thread) = &mut self.thread
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
        self.heartbeat.failed(now);
        if let Some(thread) = &mut self.thread {
            thread.notify(now);
        }
    }
}
