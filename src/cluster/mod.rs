//! The cluster apart from who uses it: brokers, their controller, the network, and what a user breaks of them.
//!
//! A [`Cluster`] knows no script, no client's insides and no program. Whoever drives it (the world of a script, a test, a
//! socket) keeps the [`Clock`] and the outbox, hands over what clients give out ([`Cluster::carry`]), lets the cluster do
//! one thing at a time ([`Cluster::step`]), and gets what arrives at a client handed out.

mod breaking;
mod carrying;
mod doors;
mod process;
mod read;
mod rest;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::broker::Broker;
use crate::config::BrokerConfig;
use crate::controller::Controller;
use crate::fault::ArmedFaults;
use crate::ids::{BrokerId, ClientId, Process};
use crate::network::{Delivery, Network};
use crate::node::{Input, Outbox};
use crate::time::{Clock, Instant};

use process::{BrokerProcess, ControllerProcess};
pub use process::{Life, Timer};

/// The port at which every broker listens, as in Kafka's sample configuration.
pub const PORT: u16 = 9092;

/// What a cluster is made of.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What all brokers share.
    pub config: Arc<BrokerConfig>,
    /// Where brokers 1, 2, … listen: 1 to 9 of them.
    pub addresses: Vec<(Arc<str>, u16)>,
    /// The only broker is the controller as well, as in Kafka's own sample configuration.
    pub combined: bool,
    /// Microseconds that a message travels.
    pub hop_us: u64,
    pub cluster_id: Arc<str>,
}

/// Brokers, controller, network and message faults.
#[derive(Clone, Debug)]
pub struct Cluster {
    network: Network,
    faults: ArmedFaults,
    controller: ControllerProcess,
    /// Broker n is at n - 1.
    brokers: Vec<BrokerProcess>,
    /// The only broker is the controller as well: both run, stand still and die together.
    combined: bool,
}

/// What of a cluster happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Network,
    Controller,
    Broker(BrokerId),
}

impl Cluster {
    /// A cluster whose brokers run, are registered, and are about to connect to their controller.
    pub fn new(plan: &Plan, clock: &mut Clock) -> Cluster {
        let listening = (1..).zip(&plan.addresses);
        let listening: Vec<_> =
            listening.map(|(id, (host, port))| (BrokerId(id), host.clone(), i32::from(*port))).collect();
        let ids: Vec<BrokerId> = listening.iter().map(|(id, ..)| *id).collect();
        let controller = Controller::new(&plan.cluster_id, &plan.config, &listening);
        let process = |id: &BrokerId| BrokerProcess {
            node: Arc::new(Broker::new(*id, &plan.config, controller.image())),
            life: Life::Running,
            held: Vec::new(),
            timer: Timer::OFF,
        };
        let brokers: Vec<BrokerProcess> = ids.iter().map(process).collect();
        let mut cluster = Cluster {
            network: Network::new(plan.hop_us),
            faults: ArmedFaults::default(),
            controller: ControllerProcess {
                node: Arc::new(controller),
                life: Life::Running,
                held: Vec::new(),
                timer: Timer::OFF,
            },
            brokers,
            combined: plan.combined,
        };
        cluster.follow_controller(clock);
        for id in ids {
            cluster.follow_broker(id, clock);
        }
        cluster
    }

    fn index(id: BrokerId) -> usize {
        usize::try_from(id.0 - 1).expect("brokers are numbered from 1")
    }

    /// What happens next in the cluster, and when; nothing, perhaps, behind the end of virtual time.
    pub fn next_turn(&self) -> Option<((Instant, u64), Turn)> {
        let mut best = self.network.next().map(|due| (due, Turn::Network));
        let mut offer = |due: (Instant, u64), turn: Turn| {
            if due.0 != Instant::MAX && best.is_none_or(|(other, _)| due < other) {
                best = Some((due, turn));
            }
        };
        if self.controller.life == Life::Running {
            offer(self.controller.timer.due(), Turn::Controller);
        }
        for broker in self.brokers.iter().filter(|broker| broker.life == Life::Running) {
            offer(broker.timer.due(), Turn::Broker(broker.node.id()));
        }
        best
    }

    /// Lets one thing happen. What has arrived at a client is handed out, with the client.
    pub fn step(&mut self, turn: Turn, clock: &mut Clock, out: &mut Outbox) -> Option<(ClientId, Delivery)> {
        match turn {
            Turn::Network => {
                let delivery = self.network.take_next()?;
                if let Process::Client(client) = delivery.receiver() {
                    return Some((client, delivery));
                }
                self.deliver(delivery, clock, out);
            }
            Turn::Controller => self.handle_controller(Input::Timer, clock, out),
            Turn::Broker(id) => self.handle_broker(id, Input::Timer, clock, out),
        }
        None
    }

    fn handle_broker(&mut self, id: BrokerId, input: Input, clock: &mut Clock, out: &mut Outbox) {
        let broker = &mut self.brokers[Cluster::index(id)];
        Arc::make_mut(&mut broker.node).handle(clock.now, input, out);
        self.carry(Process::Broker(id), clock, out);
        self.note_stopped(id, clock);
        self.follow_broker(id, clock);
    }

    fn handle_controller(&mut self, input: Input, clock: &mut Clock, out: &mut Outbox) {
        Arc::make_mut(&mut self.controller.node).handle(clock.now, input, out);
        self.carry(Process::Controller, clock, out);
        self.follow_controller(clock);
    }

    fn follow_broker(&mut self, id: BrokerId, clock: &mut Clock) {
        let broker = &mut self.brokers[Cluster::index(id)];
        broker.timer.set(broker.node.next_timeout(), clock);
    }

    fn follow_controller(&mut self, clock: &mut Clock) {
        self.controller.timer.set(self.controller.node.next_timeout(), clock);
    }
}
