//! The user breaks things, and mends them.

use std::sync::Arc;

use super::awaited::Awaited;
use super::performed::Performed;
use super::process::Life;
use super::{Simulation, Sink};
use crate::controller::ControllerOutput;
use crate::event::EventKind;
use crate::fault::{Armed, Deed};
use crate::ids::{BrokerId, EventId, Process};
use crate::network::still_read;
use crate::script::{ClusterNode, Fault, NamedProcess};
use crate::wire::Api;

/// How long a script waits for a started broker, in milliseconds.
const START_LIMIT_MS: u64 = 90_000;

impl Simulation {
    pub(super) fn perform_fault(&mut self, fault: &Fault, sink: &mut Sink) -> Performed {
        match fault {
            Fault::Stop(ClusterNode::Broker(broker)) => return self.stop_broker(*broker, sink),
            Fault::Crash(ClusterNode::Broker(broker)) => self.crash_broker(*broker),
            Fault::Start { node: ClusterNode::Broker(broker), wait } => {
                self.start_broker(*broker, sink);
                if *wait {
                    return Performed::Wait(Awaited::BrokerUp(*broker), START_LIMIT_MS);
                }
            }
            Fault::Kill { client } => {
                let i = usize::from(self.by_name[client].0) - 1;
                self.end_client(i);
            }
            Fault::PauseProcess(process) => self.pause(process),
            Fault::ResumeProcess(process) => self.resume(process, sink),
            Fault::DropResponse { broker, api, nth, client } => {
                self.arm(*broker, api.key, client.as_ref(), Deed::DropResponse, nth - 1, 1);
            }
            Fault::AnswerError { broker, api, error, times, client } => {
                self.arm(*broker, api.key, client.as_ref(), Deed::Answer(*error), 0, *times);
            }
            Fault::Slow { client, process_us } => {
                let i = usize::from(self.by_name[client].0) - 1;
                Arc::make_mut(&mut self.clients[i].application).set_processing(*process_us);
                let kind = EventKind::ProcessingChanged { client: self.clients[i].id, us_per_record: *process_us };
                self.out.emit(EventId::NONE, kind);
            }
            // `check` has refused them: the controller is always available.
            Fault::Stop(ClusterNode::Controller) | Fault::Crash(ClusterNode::Controller) | Fault::Start { .. } => {}
        }
        Performed::Done
    }

    fn arm(&mut self, broker: BrokerId, key: i16, client: Option<&Arc<str>>, deed: Deed, skip: u32, times: u32) {
        let api = Api::from_key(key).expect("`check` has refused an API that the model does not speak");
        let client = client.map(|name| self.by_name[name]);
        self.faults.arm(Armed { broker, api, client, deed, skip, times });
        let code = match deed {
            Deed::Answer(code) => code,
            Deed::DropResponse => crate::error::Code::None,
        };
        self.out.emit(EventId::NONE, EventKind::FaultArmed { broker, api, code });
    }

    fn crash_broker(&mut self, broker: BrokerId) {
        self.out.emit(EventId::NONE, EventKind::BrokerCrashed { broker });
        Arc::make_mut(&mut self.controlling.controller).broker_crashed(self.now, broker);
        self.publish(ControllerOutput::default());
        self.end_broker(broker);
    }

    /// The broker's process is gone: what it had not read is lost, its connections are reset.
    fn end_broker(&mut self, broker: BrokerId) {
        let i = Simulation::broker_index(broker);
        let process = &mut self.brokers[i];
        Arc::make_mut(&mut process.node).crash();
        process.life = Life::Gone;
        process.held.clear();
        process.held_inputs.clear();
        self.network.reset(self.now.at, &mut self.sequence, Process::Broker(broker));
        self.follow_broker(i);
    }

    fn stop_broker(&mut self, broker: BrokerId, sink: &mut Sink) -> Performed {
        let i = Simulation::broker_index(broker);
        let cause = self.out.emit(EventId::NONE, EventKind::BrokerStopped { broker });
        Arc::make_mut(&mut self.brokers[i].node).stop(cause, &mut self.out);
        self.follow_broker(i);
        self.carry(Process::Broker(broker), sink);
        Performed::Wait(Awaited::BrokerGone(broker), START_LIMIT_MS)
    }

    /// A broker that has shut down in order is gone.
    pub(super) fn note_stopped(&mut self, i: usize) {
        let process = &mut self.brokers[i];
        if process.life == Life::Running && process.node.phase() == crate::broker::BrokerPhase::Down {
            let broker = process.node.id();
            self.end_broker(broker);
        }
    }

    fn start_broker(&mut self, broker: BrokerId, sink: &mut Sink) {
        let i = Simulation::broker_index(broker);
        self.brokers[i].life = Life::Running;
        let cause = self.out.emit(EventId::NONE, EventKind::BrokerStarted { broker });
        Arc::make_mut(&mut self.brokers[i].node).start(cause, &mut self.out);
        self.follow_broker(i);
        self.carry(Process::Broker(broker), sink);
    }

    fn pause(&mut self, process: &NamedProcess) {
        let process = match process {
            NamedProcess::Node(ClusterNode::Broker(broker)) => {
                self.brokers[Simulation::broker_index(*broker)].life = Life::Paused;
                Arc::make_mut(&mut self.controlling.controller).broker_paused(self.now, *broker);
                self.publish(ControllerOutput::default());
                Process::Broker(*broker)
            }
            NamedProcess::Client(name) => {
                let id = self.by_name[name];
                let client = &mut self.clients[usize::from(id.0) - 1];
                (client.life, client.stands_since) = (Life::Paused, self.now.at);
                Process::Client(id)
            }
            NamedProcess::Node(ClusterNode::Controller) => return,
        };
        self.out.emit(EventId::NONE, EventKind::ProcessPaused { process, paused: true });
    }

    pub(super) fn resume(&mut self, process: &NamedProcess, sink: &mut Sink) {
        let now = self.now.at;
        let (process, held) = match process {
            NamedProcess::Node(ClusterNode::Broker(broker)) => {
                let controller = Arc::make_mut(&mut self.controlling.controller);
                let output = controller.broker_resumed(self.now, *broker, &mut self.out);
                self.publish(output);
                let i = Simulation::broker_index(*broker);
                self.brokers[i].life = Life::Running;
                for input in std::mem::take(&mut self.brokers[i].held_inputs) {
                    self.handle_broker(i, input, sink);
                }
                self.follow_broker(i);
                (Process::Broker(*broker), still_read(std::mem::take(&mut self.brokers[i].held)))
            }
            NamedProcess::Client(name) => {
                let id = self.by_name[name];
                let i = usize::from(id.0) - 1;
                self.clients[i].life = Life::Running;
                let held = std::mem::take(&mut self.clients[i].held);
                // What it was asked for while it stood still, it does now.
                self.go_on(i, sink);
                (Process::Client(id), held)
            }
            NamedProcess::Node(ClusterNode::Controller) => return,
        };
        self.network.deliver_again(now, &mut self.sequence, held);
        self.out.emit(EventId::NONE, EventKind::ProcessPaused { process, paused: false });
    }
}
