//! Which brokers live: registration, heartbeats, fencing, controlled shutdown (`BrokerHeartbeatManager`, `ClusterControlManager`).

use kafka_protocol::messages::{
    BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse,
};
use uuid::Uuid;

use crate::error::Code;
use crate::event::FencedWhy;
use crate::ids::{BrokerId, EventId};
use crate::node::Outbox;
use crate::time::{Instant, Now};

use super::Controller;

/// What the controller knows of a broker's process; but for the incarnation only in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Session {
    /// When it last registered or sent a heartbeat; none since the controller began.
    heard: Option<Instant>,
    incarnation: Uuid,
    /// The version of the picture that it had as of its last heartbeat (`currentMetadataOffset`).
    known: u64,
    /// The version in which its leaderships were others' (`controlledShutdownOffset`): it may go when all have that.
    leaves: Option<u64>,
}

impl Session {
    /// Of a broker that is registered as the run begins, by a process that is not told apart.
    pub(super) const fn begun() -> Session {
        Session::new(Instant::ZERO, Uuid::nil())
    }

    const fn new(heard: Instant, incarnation: Uuid) -> Session {
        Session { heard: Some(heard), incarnation, known: 0, leaves: None }
    }

    pub(super) const fn forget(&mut self) {
        self.heard = None;
    }
}

impl Controller {
    fn session_timeout_ms(&self) -> u64 {
        u64::try_from(self.config.broker_session_timeout_ms).expect("checked to be positive")
    }

    pub(super) fn is_fenced(&self, id: BrokerId) -> bool {
        self.image.brokers.get(&id).is_none_or(|broker| broker.fenced)
    }

    /// When the broker will be fenced unless it is heard of; none when it is fenced already.
    pub fn session_expires(&self, id: BrokerId) -> Option<Instant> {
        let heard = self.sessions.get(&id)?.heard.filter(|_| !self.is_fenced(id))?;
        Some(heard.plus_millis(self.session_timeout_ms()))
    }

    /// When a session expires next, or leaders are to be looked at.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.sessions.keys().filter_map(|id| self.session_expires(*id)).chain(self.next_check()).min()
    }

    /// Fences the broker whose session has expired, or looks at leaders.
    pub(super) fn on_timer(&mut self, now: Now, out: &mut Outbox) {
        let is_over = |id: &&BrokerId| self.session_expires(**id).is_some_and(|expires| expires <= now.at);
        let over = self.sessions.keys().find(is_over).copied();
        match over {
            Some(id) => self.fence(id, FencedWhy::SessionExpired, EventId::NONE, out),
            None => self.check_leaders(now, out),
        }
    }

    /// `ClusterControlManager.registerBroker`. Errors: 101 while the session of the broker's former process is valid ("if
    /// the broker was recently restarted this should self-resolve"), 102 a broker that is not of this cluster.
    pub(super) fn register(
        &mut self,
        now: Now,
        id: BrokerId,
        request: &BrokerRegistrationRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> BrokerRegistrationResponse {
        let refused =
            |code: Code| BrokerRegistrationResponse::default().with_error_code(code.code()).with_broker_epoch(-1);
        if !self.image.brokers.contains_key(&id) {
            return refused(Code::BrokerIdNotRegistered);
        }
        let timeout = self.session_timeout_ms();
        let is_valid = |heard: Instant| now.at < heard.plus_millis(timeout);
        let former = self.sessions.get(&id).filter(|session| session.incarnation != request.incarnation_id);
        if former.is_some_and(|session| session.heard.is_some_and(is_valid)) {
            return refused(Code::DuplicateBrokerRegistration);
        }
        self.sessions.insert(id, Session::new(now.at, request.incarnation_id));
        let epoch = self.add_registration(id, request.previous_broker_epoch, cause, out);
        BrokerRegistrationResponse::default().with_broker_epoch(epoch)
    }

    /// `QuorumController.processBrokerHeartbeat`. Errors: 77 an epoch that is not the broker's.
    pub(super) fn heartbeat(
        &mut self,
        now: Now,
        id: BrokerId,
        request: &BrokerHeartbeatRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> BrokerHeartbeatResponse {
        let answer = BrokerHeartbeatResponse::default();
        let epoch = self.image.brokers.get(&id).map(|broker| broker.epoch);
        if epoch != Some(request.broker_epoch) {
            return answer.with_error_code(Code::StaleBrokerEpoch.code());
        }
        if let Some(session) = self.sessions.get_mut(&id) {
            session.heard = Some(now.at);
            session.known = u64::try_from(request.current_metadata_offset).unwrap_or(0);
        }
        let is_caught_up =
            u64::try_from(request.current_metadata_offset).is_ok_and(|known| known >= self.image.version);
        if request.want_shut_down {
            self.advance_shutdown(id, cause, out);
        } else if self.is_fenced(id) && !request.want_fence && is_caught_up {
            self.admit(id, cause, out);
        }
        answer
            .with_is_caught_up(is_caught_up)
            .with_is_fenced(self.is_fenced(id))
            .with_should_shut_down(request.want_shut_down && self.is_fenced(id))
    }

    /// A broker that wants to stop gives up its leaderships first, and is fenced when all that live know of it
    /// (`BrokerHeartbeatManager.calculateNextBrokerState`).
    fn advance_shutdown(&mut self, id: BrokerId, cause: EventId, out: &mut Outbox) {
        let leaves = self.sessions.get(&id).and_then(|session| session.leaves);
        let leads = self.has_leaderships(id);
        match leaves {
            None if leads => {
                self.begin_controlled_shutdown(id, cause, out);
                let version = self.image.version;
                if let Some(session) = self.sessions.get_mut(&id) {
                    session.leaves = Some(version);
                }
            }
            Some(version) if leads || version > self.lowest_known() => {}
            Some(_) | None => {
                self.fence(id, FencedWhy::Stopping, cause, out);
                if let Some(session) = self.sessions.get_mut(&id) {
                    session.forget();
                }
            }
        }
    }

    /// The oldest picture that a broker has which lives and does not stop (`lowestActiveOffset`).
    fn lowest_known(&self) -> u64 {
        let active = self.image.brokers.values().filter(|broker| broker.is_active());
        active.filter_map(|broker| Some(self.sessions.get(&broker.id)?.known)).min().unwrap_or(u64::MAX)
    }
}
