//! The user breaks things, and mends them.

use std::sync::Arc;

use super::awaited::Awaited;
use super::performed::Performed;
use super::{Simulation, Sink};
use crate::cluster::Life;
use crate::event::EventKind;
use crate::fault::{Armed, Deed};
use crate::ids::{BrokerId, EventId, Process};
use crate::script::{ClusterNode, Fault, NamedProcess};
use crate::wire::Api;

/// How long a script waits for a started broker, in milliseconds.
const START_LIMIT_MS: u64 = 90_000;

impl Simulation {
    pub(super) fn perform_fault(&mut self, fault: &Fault, sink: &mut Sink) -> Performed {
        match fault {
            Fault::Stop(ClusterNode::Broker(broker)) => {
                self.cluster.stop(*broker, &mut self.clock, &mut self.out);
                return Performed::Wait(Awaited::BrokerGone(*broker), START_LIMIT_MS);
            }
            Fault::Crash(ClusterNode::Broker(broker)) => {
                self.cluster.crash(*broker, &mut self.clock, &mut self.out);
            }
            Fault::Start { node: ClusterNode::Broker(broker), wait } => {
                self.cluster.start(*broker, &mut self.clock, &mut self.out);
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
            Fault::PauseCluster => self.pause_cluster(),
            Fault::ResumeCluster => self.resume_cluster(),
            Fault::Cut(link) => self.cut_link(link),
            Fault::SlowLink { link, ms } => self.slow_link(link, *ms),
            Fault::Mend(link) => self.mend_link(link),
            Fault::Hold { from, to, api, nth } => self.hold(from, to, *api, *nth),
            Fault::Release { from, to } => self.release(from, to),
            Fault::DropResponse { broker, api, nth, asker } => {
                self.arm(*broker, api.key, asker.as_ref(), Deed::DropResponse, nth - 1, 1);
            }
            Fault::AnswerError { broker, api, error, times, asker } => {
                self.arm(*broker, api.key, asker.as_ref(), Deed::Answer(*error), 0, *times);
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

    fn arm(&mut self, broker: BrokerId, key: i16, asker: Option<&NamedProcess>, deed: Deed, skip: u32, times: u32) {
        let api = Api::from_key(key).expect("`check` has refused an API that the model does not speak");
        let asker = asker.map(|asker| self.process(asker));
        self.cluster.arm(Armed { broker, api, asker, deed, skip, times });
        let code = match deed {
            Deed::Answer(code) => code,
            Deed::DropResponse => crate::error::Code::None,
        };
        self.out.emit(EventId::NONE, EventKind::FaultArmed { broker, api, code });
    }

    /// The processes of the cluster, of which a combined controller is none of its own.
    fn cluster_processes(&self) -> Vec<Process> {
        let controller = (!self.cluster.is_combined()).then_some(Process::Controller);
        self.broker_ids().map(Process::Broker).chain(controller).collect()
    }

    fn pause_cluster(&mut self) {
        for process in self.cluster_processes() {
            if self.cluster.life(process) == Life::Running {
                self.cluster.pause(process);
            }
        }
        self.out.emit(EventId::NONE, EventKind::ClusterPaused { paused: true });
    }

    fn resume_cluster(&mut self) {
        for process in self.cluster_processes() {
            if self.cluster.life(process) == Life::Paused {
                self.cluster.resume(process, &mut self.clock);
            }
        }
        self.out.emit(EventId::NONE, EventKind::ClusterPaused { paused: false });
    }

    fn pause(&mut self, named: &NamedProcess) {
        let process = self.process(named);
        match process {
            Process::Client(id) => {
                let client = &mut self.clients[usize::from(id.0) - 1];
                (client.life, client.stands_since) = (Life::Paused, self.clock.at());
            }
            Process::Broker(_) | Process::Controller => self.cluster.pause(process),
        }
        self.out.emit(EventId::NONE, EventKind::ProcessPaused { process, paused: true });
    }

    pub(super) fn resume(&mut self, named: &NamedProcess, sink: &mut Sink) {
        let process = self.process(named);
        match process {
            Process::Client(id) => {
                let i = usize::from(id.0) - 1;
                self.clients[i].life = Life::Running;
                let held = std::mem::take(&mut self.clients[i].held);
                // What it was asked for while it stood still, it does now.
                self.go_on(i, sink);
                self.cluster.deliver_again(&mut self.clock, held);
            }
            Process::Broker(_) | Process::Controller => self.cluster.resume(process, &mut self.clock),
        }
        self.out.emit(EventId::NONE, EventKind::ProcessPaused { process, paused: false });
    }

    pub(super) fn process(&self, named: &NamedProcess) -> Process {
        match named {
            NamedProcess::Node(ClusterNode::Broker(broker)) => Process::Broker(*broker),
            NamedProcess::Node(ClusterNode::Controller) => Process::Controller,
            NamedProcess::Client(name) => Process::Client(self.by_name[name]),
        }
    }
}
