//! What a broker's life does to the partitions (`ReplicationControlManager`, `ClusterControlManager.registerBroker`).

use crate::event::{EventKind, FencedWhy};
use crate::ids::{BrokerId, EventId};
use crate::node::Outbox;

use super::Controller;
use super::changes::Coming;

impl Controller {
    /// Fences the broker: it leaves the ISRs, and another leads what it led (`handleBrokerFenced`).
    pub(super) fn fence(&mut self, id: BrokerId, why: FencedWhy, cause: EventId, out: &mut Outbox) {
        let Some(broker) = self.change().brokers.get_mut(&id) else { return };
        if broker.fenced {
            return;
        }
        broker.fenced = true;
        let fenced = out.emit(cause, EventKind::BrokerFenced { broker: id, why });
        self.take_out(id, fenced, out);
    }

    /// The broker wants to stop: others lead what it led, and it comes into no ISR any more
    /// (`handleBrokerInControlledShutdown`). It may stop once it leads nothing.
    pub(super) fn begin_controlled_shutdown(&mut self, id: BrokerId, cause: EventId, out: &mut Outbox) {
        let Some(broker) = self.change().brokers.get_mut(&id) else { return };
        broker.in_controlled_shutdown = true;
        self.take_out(id, cause, out);
    }

    /// Whether the broker leads a partition (`BrokersToIsrs.hasLeaderships`): until then it may not stop.
    pub(super) fn has_leaderships(&self, id: BrokerId) -> bool {
        !self.sites(|partition| partition.leader == Some(id)).is_empty()
    }

    fn take_out(&mut self, id: BrokerId, cause: EventId, out: &mut Outbox) {
        let sites = self.sites(|partition| partition.isr.contains(&id));
        self.update_leaders_and_isrs(Coming { removed: Some(id), ..Coming::default() }, &sites, cause, out);
    }

    /// A new process of the broker is registered, fenced at first, under a raised broker epoch, which is given back. One
    /// that does not bring the epoch of its former life did not stop in good order and may lack records: it leaves the
    /// ISRs, and is eligible nowhere any more (`handleBrokerShutdown`).
    pub(super) fn add_registration(&mut self, id: BrokerId, previous: i64, cause: EventId, out: &mut Outbox) -> i64 {
        let was_fenced = self.is_fenced(id);
        let epoch = self.next_broker_epoch;
        self.next_broker_epoch += 1;
        let Some(broker) = self.change().brokers.get_mut(&id) else { return epoch };
        let clean = broker.epoch == previous;
        (broker.fenced, broker.in_controlled_shutdown, broker.epoch) = (true, false, epoch);
        let cause = match was_fenced {
            true => cause,
            false => out.emit(cause, EventKind::BrokerFenced { broker: id, why: FencedWhy::StartedAgain }),
        };
        if clean {
            self.take_out(id, cause, out);
            return epoch;
        }
        let coming = Coming { unclean: Some(id), ..Coming::default() };
        let in_sync = self.sites(|partition| partition.isr.contains(&id));
        let eligible = self.sites(|partition| partition.elr.contains(&id));
        self.update_leaders_and_isrs(coming, &in_sync, cause, out);
        self.update_leaders_and_isrs(coming, &eligible, cause, out);
        epoch
    }

    /// The broker is up to date: it may lead, and leads what has no leader and is its to lead (`handleBrokerUnfenced`).
    pub(super) fn admit(&mut self, id: BrokerId, cause: EventId, out: &mut Outbox) {
        let Some(broker) = self.change().brokers.get_mut(&id) else { return };
        broker.fenced = false;
        let back = out.emit(cause, EventKind::BrokerRegistered { broker: id });
        let leaderless = self.sites(|partition| partition.leader.is_none());
        self.update_leaders_and_isrs(Coming { added: Some(id), ..Coming::default() }, &leaderless, back, out);
    }
}
