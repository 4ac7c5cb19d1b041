//! A user breaks processes and ways, and mends them.

use std::sync::Arc;

use super::{Cluster, Life};
use crate::broker::BrokerPhase;
use crate::event::EventKind;
use crate::fault::Armed;
use crate::ids::{BrokerId, ClientId, EventId, Process};
use crate::network::{Delivery, Hold, Way, still_read};
use crate::node::Outbox;
use crate::time::Clock;

impl Cluster {
    /// A message fault waits for its message from here on.
    pub fn arm(&mut self, armed: Armed) {
        self.faults.arm(armed);
    }

    /// SIGKILL: what the process had not read is lost, the kernel resets its connections.
    pub fn crash(&mut self, id: BrokerId, clock: &mut Clock, out: &mut Outbox) {
        out.emit(EventId::NONE, EventKind::BrokerCrashed { broker: id });
        self.end(id, clock);
    }

    /// Begins a controlled shutdown: the broker is gone when the controller has let it go.
    pub fn stop(&mut self, id: BrokerId, clock: &mut Clock, out: &mut Outbox) {
        let cause = out.emit(EventId::NONE, EventKind::BrokerStopped { broker: id });
        Arc::make_mut(&mut self.brokers[Cluster::index(id)].node).stop(clock.now, cause);
        self.follow_broker(id, clock);
    }

    pub fn start(&mut self, id: BrokerId, clock: &mut Clock, out: &mut Outbox) {
        self.brokers[Cluster::index(id)].life = Life::Running;
        let cause = out.emit(EventId::NONE, EventKind::BrokerStarted { broker: id });
        if self.combined {
            self.controller.life = Life::Running;
            self.follow_controller(clock);
        }
        Arc::make_mut(&mut self.brokers[Cluster::index(id)].node).start(clock.now, cause);
        self.follow_broker(id, clock);
    }

    /// A broker that has shut down in order is gone.
    pub(super) fn note_stopped(&mut self, id: BrokerId, clock: &mut Clock) {
        let process = &self.brokers[Cluster::index(id)];
        if process.life == Life::Running && process.node.phase() == BrokerPhase::Down {
            self.end(id, clock);
        }
    }

    fn end(&mut self, id: BrokerId, clock: &mut Clock) {
        let process = &mut self.brokers[Cluster::index(id)];
        Arc::make_mut(&mut process.node).crash(clock.now);
        process.life = Life::Gone;
        process.held.clear();
        self.network.reset(clock, Process::Broker(id));
        self.follow_broker(id, clock);
        if self.combined {
            self.controller.life = Life::Gone;
            self.controller.held.clear();
            Arc::make_mut(&mut self.controller.node).end();
            self.network.reset(clock, Process::Controller);
            self.follow_controller(clock);
        }
    }

    /// SIGSTOP of a broker or of the controller; a combined one is both.
    pub fn pause(&mut self, process: Process) {
        self.set_life(process, Life::Paused);
    }

    /// SIGCONT: the process reads what has come meanwhile.
    pub fn resume(&mut self, process: Process, clock: &mut Clock) {
        self.set_life(process, Life::Running);
        let held = match process {
            Process::Broker(id) => std::mem::take(&mut self.brokers[Cluster::index(id)].held),
            Process::Controller | Process::Client(_) => Vec::new(),
        };
        let of_controller = if process == Process::Controller || self.combined {
            std::mem::take(&mut self.controller.held)
        } else {
            Vec::new()
        };
        self.network.deliver_again(clock, still_read(held));
        self.network.deliver_again(clock, of_controller);
        for id in self.broker_ids() {
            self.follow_broker(id, clock);
        }
        self.follow_controller(clock);
    }

    fn set_life(&mut self, process: Process, life: Life) {
        if let Process::Broker(id) = process {
            self.brokers[Cluster::index(id)].life = life;
        }
        if process == Process::Controller || self.combined {
            self.controller.life = life;
        }
    }

    /// A client's process is gone: its connections are closed.
    pub fn forget_client(&mut self, client: ClientId, clock: &mut Clock) {
        self.network.reset(clock, Process::Client(client));
    }

    /// An end of a client's connection took what closes it.
    pub fn closed_at(&mut self, delivery: &Delivery) {
        self.network.closed_at(delivery.connection, delivery.to);
    }

    /// What a client that was frozen had not read arrives now.
    pub fn deliver_again(&mut self, clock: &mut Clock, held: Vec<Delivery>) {
        self.network.deliver_again(clock, held);
    }

    /// Nothing gets over a way any more.
    pub fn cut(&mut self, way: Way) {
        self.network.cut(way);
    }

    /// What goes over a way takes so many microseconds more.
    pub fn slow(&mut self, way: Way, us: u64) {
        self.network.slow(way, us);
    }

    /// A way is as it was; how much had waited for it.
    pub fn mend(&mut self, way: Way, clock: &mut Clock) -> usize {
        self.network.mend(clock, way)
    }

    /// A message that will set out is to be held.
    pub fn hold(&mut self, hold: Hold) {
        self.network.hold(hold);
    }

    /// What is held on a way goes on; how much it was.
    pub fn release(&mut self, way: Way, clock: &mut Clock) -> usize {
        self.network.release(clock, way)
    }

    /// A client takes the place of another: its links are broken alike.
    pub fn inherit(&mut self, from: ClientId, to: ClientId) {
        self.network.inherit(Process::Client(from), Process::Client(to));
    }
}
