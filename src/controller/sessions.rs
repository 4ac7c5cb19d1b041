//! Which brokers live: registration, heartbeats, fencing, controlled shutdown (`BrokerHeartbeatManager`, `ClusterControlManager`).

use kafka_protocol::messages::{
    BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse,
};
use uuid::Uuid;

use crate::error::Code;
use crate::event::{EventKind, FencedWhy};
use crate::ids::{BrokerId, EventId};
use crate::image::PartitionRegistration;
use crate::node::Outbox;
use crate::time::{Instant, Now};

use super::Controller;

/// What the controller knows of a broker's process; but for the incarnation only in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Session {
    /// When it last registered or sent a heartbeat; none since the controller began.
    heard: Option<Instant>,
    incarnation: Uuid,
}

impl Session {
    /// Of a broker that is registered as the run begins, by a process that is not told apart.
    pub(super) const fn begun() -> Session {
        Session { heard: Some(Instant::ZERO), incarnation: Uuid::nil() }
    }

    pub(super) const fn forget(&mut self) {
        self.heard = None;
    }
}

impl Controller {
    fn session_timeout_ms(&self) -> u64 {
        u64::try_from(self.config.broker_session_timeout_ms).expect("checked to be positive")
    }

    fn is_fenced(&self, id: BrokerId) -> bool {
        self.image.brokers.get(&id).is_none_or(|broker| broker.fenced)
    }

    /// When the broker will be fenced unless it is heard of; none when it is fenced already.
    pub fn session_expires(&self, id: BrokerId) -> Option<Instant> {
        let heard = self.sessions.get(&id)?.heard.filter(|_| !self.is_fenced(id))?;
        Some(heard.plus_millis(self.session_timeout_ms()))
    }

    /// When a session expires next.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.sessions.keys().filter_map(|id| self.session_expires(*id)).min()
    }

    /// Fences the broker whose session has expired.
    pub(super) fn on_timer(&mut self, now: Now, out: &mut Outbox) {
        let is_over = |id: &&BrokerId| self.session_expires(**id).is_some_and(|expires| expires <= now.at);
        let Some(id) = self.sessions.keys().find(is_over).copied() else { return };
        self.fence(id, FencedWhy::SessionExpired, EventId::NONE, out);
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
        self.fence(id, FencedWhy::StartedAgain, cause, out);
        self.sessions.insert(id, Session { heard: Some(now.at), incarnation: request.incarnation_id });
        let epoch = self.next_broker_epoch;
        self.next_broker_epoch += 1;
        if let Some(broker) = self.change().brokers.get_mut(&id) {
            broker.epoch = epoch;
        }
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
        }
        let is_caught_up =
            u64::try_from(request.current_metadata_offset).is_ok_and(|known| known >= self.image.version);
        if request.want_shut_down {
            self.controlled_shutdown(id, cause, out);
        } else if self.is_fenced(id) && !request.want_fence && is_caught_up {
            self.unfence(id, cause, out);
        }
        answer
            .with_is_caught_up(is_caught_up)
            .with_is_fenced(self.is_fenced(id))
            .with_should_shut_down(request.want_shut_down)
    }

    /// Takes the broker's leaderships and fences it, at its own wish.
    fn controlled_shutdown(&mut self, id: BrokerId, cause: EventId, out: &mut Outbox) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.forget();
        }
        self.fence(id, FencedWhy::Stopping, cause, out);
    }

    fn fence(&mut self, id: BrokerId, why: FencedWhy, cause: EventId, out: &mut Outbox) {
        if self.is_fenced(id) {
            return;
        }
        let Some(broker) = self.change().brokers.get_mut(&id) else { return };
        broker.fenced = true;
        let fenced = out.emit(cause, EventKind::BrokerFenced { broker: id, why });
        let live = self.live_brokers();
        self.change_partitions(fenced, out, |partition| without(partition, id, &live));
    }

    /// The broker counts again, and leads what has no leader.
    fn unfence(&mut self, id: BrokerId, cause: EventId, out: &mut Outbox) {
        let Some(broker) = self.change().brokers.get_mut(&id) else { return };
        broker.fenced = false;
        let registered = out.emit(cause, EventKind::BrokerRegistered { broker: id });
        self.change_partitions(registered, out, |partition| elected(partition, id));
    }
}

/// The partition after `id` fell out of its ISR: the first live member of the ISR leads, in replica order, or nobody
/// does. With eligible leader replicas (KIP-966) the last member leaves the ISR too, and stays eligible.
fn without(partition: &PartitionRegistration, id: BrokerId, live: &[BrokerId]) -> Option<PartitionRegistration> {
    if !partition.isr.contains(&id) && partition.leader != Some(id) {
        return None;
    }
    let mut changed = partition.clone();
    changed.isr.retain(|replica| *replica != id);
    if partition.leader == Some(id) {
        let can_lead = |replica: &&BrokerId| changed.isr.contains(replica) && live.contains(replica);
        changed.leader = changed.replicas.iter().find(can_lead).copied();
        changed.leader_epoch += 1;
    }
    changed.partition_epoch += 1;
    Some(changed)
}

/// The partition after `id` came back: it leads when nobody does and it holds all there is, being the only replica.
fn elected(partition: &PartitionRegistration, id: BrokerId) -> Option<PartitionRegistration> {
    if partition.leader.is_some() || partition.replicas != [id] {
        return None;
    }
    let mut changed = partition.clone();
    changed.leader = Some(id);
    changed.isr = vec![id];
    changed.leader_epoch += 1;
    changed.partition_epoch += 1;
    Some(changed)
}
