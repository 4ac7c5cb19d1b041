//! Which brokers live: registration, heartbeats, fencing, controlled shutdown (`BrokerHeartbeatManager`, `ClusterControlManager`).

use crate::event::{EventKind, FencedWhy};
use crate::ids::{BrokerId, EventId};
use crate::image::{ControllerReply, PartitionRegistration};
use crate::node::Outbox;
use crate::time::{Instant, Now};

use super::{Controller, ControllerOutput, cause_of};

/// What the controller knows of a broker's heartbeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Session {
    /// It sends one every `broker.heartbeat.interval.ms` since then.
    Beating {
        since: Instant,
    },
    /// No more come; the broker is fenced then.
    Silent {
        expires: Instant,
    },
    /// The controller died with it, and remembers no heartbeat.
    Forgotten,
    Fenced,
}

impl Controller {
    /// When the broker will be fenced, unless it comes back; none while it sends heartbeats, or is fenced already.
    pub fn session_expires(&self, id: BrokerId) -> Option<Instant> {
        match self.sessions.get(&id) {
            Some(Session::Silent { expires }) => Some(*expires),
            _ => None,
        }
    }

    /// When a session expires next.
    pub fn next_timeout(&self) -> Option<Instant> {
        let expires = |session: &Session| match session {
            Session::Silent { expires } => Some(*expires),
            Session::Beating { .. } | Session::Forgotten | Session::Fenced => None,
        };
        self.sessions.values().filter_map(expires).min()
    }

    /// Fences the broker whose session has expired, and lets in the one that waited for that.
    pub fn on_timer(&mut self, now: Now, out: &mut Outbox) -> ControllerOutput {
        let before = self.image.version;
        let expired = |session: &Session| matches!(session, Session::Silent { expires } if *expires <= now.at);
        let Some(id) = self.sessions.iter().find(|(_, session)| expired(session)).map(|(id, _)| *id) else {
            return ControllerOutput::default();
        };
        self.sessions.insert(id, Session::Fenced);
        self.fence(id, FencedWhy::SessionExpired, EventId::NONE, out);
        let mut replies = Vec::new();
        if let Some(token) = self.waiting.remove(&id) {
            self.unfence(now, id, cause_of(token), out);
            replies.push((id, token, ControllerReply::Registered));
        }
        self.output(before, replies)
    }

    /// The broker's process is gone (SIGKILL): no heartbeat comes any more.
    pub fn broker_crashed(&mut self, now: Now, id: BrokerId) {
        self.waiting.remove(&id);
        self.broker_paused(now, id);
        if self.combined {
            self.sessions.insert(id, Session::Forgotten);
        }
    }

    /// The broker's process is frozen (SIGSTOP). A combined controller is frozen with it, and fences nobody.
    pub fn broker_paused(&mut self, now: Now, id: BrokerId) {
        if let Some(Session::Beating { since }) = self.sessions.get(&id).copied()
            && !self.combined
        {
            let ms = |setting: i32| u64::try_from(setting).expect("checked to be positive");
            let interval = ms(self.config.broker_heartbeat_interval_ms) * 1000;
            let last = since.plus_micros((now.at - since) / interval * interval);
            let expires = last.plus_millis(ms(self.config.broker_session_timeout_ms));
            self.sessions.insert(id, Session::Silent { expires });
        }
    }

    /// The broker's process goes on (SIGCONT): its next heartbeat keeps its session, or unfences it.
    pub fn broker_resumed(&mut self, now: Now, id: BrokerId, out: &mut Outbox) -> ControllerOutput {
        let before = self.image.version;
        match self.sessions.get(&id) {
            // A new process that waits to be registered beats for itself: the old one's session still has to expire.
            Some(Session::Silent { .. }) if self.waiting.contains_key(&id) => {}
            Some(Session::Silent { .. }) => {
                self.sessions.insert(id, Session::Beating { since: now.at });
            }
            Some(Session::Fenced) => self.unfence(now, id, EventId::NONE, out),
            Some(Session::Beating { .. } | Session::Forgotten) | None => {}
        }
        self.output(before, Vec::new())
    }

    /// A broker that was killed and started again within its session has to wait until it expires
    /// (`ClusterControlManager.registerBroker`: "if the broker was recently restarted this should self-resolve").
    pub(super) fn register(&mut self, now: Now, id: BrokerId, token: u64, out: &mut Outbox) -> Option<ControllerReply> {
        assert!(self.image.brokers.contains_key(&id), "the scenario's brokers are known from its start");
        match self.sessions.get(&id) {
            Some(Session::Silent { .. }) => {
                self.waiting.insert(id, token);
                return None;
            }
            Some(Session::Forgotten) => self.fence(id, FencedWhy::StartedAgain, cause_of(token), out),
            Some(Session::Beating { .. } | Session::Fenced) | None => {}
        }
        self.unfence(now, id, cause_of(token), out);
        Some(ControllerReply::Registered)
    }

    /// Takes the broker's leaderships and fences it, at its own wish.
    pub(super) fn controlled_shutdown(&mut self, id: BrokerId, cause: EventId, out: &mut Outbox) {
        self.sessions.insert(id, Session::Fenced);
        self.fence(id, FencedWhy::Stopping, cause, out);
    }

    fn fence(&mut self, id: BrokerId, why: FencedWhy, cause: EventId, out: &mut Outbox) {
        let Some(broker) = self.change().brokers.get_mut(&id) else { return };
        if broker.fenced {
            return;
        }
        broker.fenced = true;
        let fenced = out.emit(cause, EventKind::BrokerFenced { broker: id, why });
        let live = self.live_brokers();
        self.change_partitions(fenced, out, |partition| without(partition, id, &live));
    }

    /// Registers the broker (a raised broker epoch), unfences it, and lets it lead what has no leader.
    fn unfence(&mut self, now: Now, id: BrokerId, cause: EventId, out: &mut Outbox) {
        self.sessions.insert(id, Session::Beating { since: now.at });
        let epoch = self.next_broker_epoch;
        self.next_broker_epoch += 1;
        let Some(broker) = self.change().brokers.get_mut(&id) else { return };
        broker.fenced = false;
        broker.epoch = epoch;
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
