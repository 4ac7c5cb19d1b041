//! What a node gave out is carried on: messages onto the network, returns to programs, next calls to clients.

use std::sync::Arc;

use super::{ADMIN, Simulation, Sink};
use crate::application::{ClientCall, Report};
use crate::call::Notice;
use crate::cluster::Life;
use crate::event::EventKind;
use crate::ids::{CallId, ClientId, Process};
use crate::network::{Delivery, Parcel};
use crate::node::Input;

impl Simulation {
    pub(super) fn deliver_to_client(&mut self, client: ClientId, delivery: Delivery, sink: &mut Sink) {
        let input = self.input_of_client(&delivery);
        if client == ADMIN {
            if let Some(input) = input {
                self.handle_admin(&input, sink);
            }
            return;
        }
        let i = usize::from(client.0) - 1;
        match self.clients[i].life {
            Life::Gone => {}
            Life::Paused => self.clients[i].held.push(delivery),
            Life::Running => {
                if let Some(input) = input {
                    self.note_arrival(&delivery);
                    self.handle_client(i, input, sink);
                }
            }
        }
    }

    fn input_of_client(&mut self, delivery: &Delivery) -> Option<Input> {
        let connection = delivery.connection;
        Some(match &delivery.parcel {
            Parcel::Opening | Parcel::Image(_) => return None,
            Parcel::Connected => Input::Connected(connection),
            Parcel::Disconnected { .. } => {
                self.cluster.closed_at(delivery);
                Input::Disconnected(connection)
            }
            Parcel::Frame(frame) => Input::Frame(connection, frame.clone()),
        })
    }

    fn note_arrival(&mut self, delivery: &Delivery) {
        if let Parcel::Frame(frame) = &delivery.parcel {
            let (api, correlation_id) = (frame.api(), frame.correlation_id);
            let kind = EventKind::ResponseArrived {
                connection: delivery.connection,
                acceptor: delivery.acceptor,
                api,
                correlation_id,
            };
            self.out.emit(frame.cause, kind);
        }
    }

    pub(super) fn handle_client(&mut self, i: usize, input: Input, sink: &mut Sink) {
        let client = &mut self.clients[i];
        client.node.handle(self.clock.now, input, &mut self.out);
        let id = client.id;
        self.follow_client(i);
        self.carry(Process::Client(id), sink);
    }

    pub(super) fn follow_client(&mut self, i: usize) {
        let client = &mut self.clients[i];
        client.timer.set(client.node.next_timeout(), &mut self.clock);
        client.program_timer.set(client.application.next_timeout(), &mut self.clock);
        if client.closed
            && !client.has_nothing_due()
            && let Err(place) = self.living.binary_search(&i)
        {
            self.living.insert(place, i);
        }
    }

    /// A program's own time has come: a record is processed, a pause is over.
    pub(super) fn handle_program(&mut self, i: usize, sink: &mut Sink) {
        let client = &mut self.clients[i];
        Arc::make_mut(&mut client.application).handle_timer(self.clock.now, &mut self.out);
        self.go_on(i, sink);
    }

    /// Lets a program make its next call, if it is free to.
    pub(super) fn go_on(&mut self, i: usize, sink: &mut Sink) {
        let mut reports = Vec::new();
        let client = &mut self.clients[i];
        if client.life == Life::Running {
            let application = Arc::make_mut(&mut client.application);
            if application.watches_assignment()
                && let super::ClientNode::Consumer(consumer) = &client.node
            {
                let looked_up = consumer.subscriptions().initializing_partitions().is_empty();
                application.note_assignment(super::wait::owned(consumer), looked_up);
            }
            if let Some(call) = application.next_call(self.clock.now, &mut self.out, &mut reports) {
                self.next_call += 1;
                let id = CallId(self.next_call);
                application.handle_called(id);
                match call {
                    ClientCall::Producer(call) => client.node.call_producer(self.clock.now, id, call, &mut self.out),
                    ClientCall::Consumer(call) => client.node.call_consumer(self.clock.now, id, call, &mut self.out),
                }
            }
        }
        self.follow_client(i);
        self.take_reports(reports, sink);
        self.carry(Process::Client(self.clients[i].id), sink);
        let client = &mut self.clients[i];
        if client.application.has_just_called() {
            Arc::make_mut(&mut client.application).handle_call_made();
            self.follow_client(i);
        }
    }

    /// Carries on what is in the outbox until nothing is left in it.
    pub(super) fn carry(&mut self, from: Process, sink: &mut Sink) {
        self.cluster.carry(from, &mut self.clock, &mut self.out);
        if !self.out.notices.is_empty() {
            let mut reports = Vec::new();
            let mut notices = std::mem::take(&mut self.out.notices);
            for (client, notice) in notices.drain(..) {
                let client = &mut self.clients[usize::from(client.0) - 1];
                // A future that is complete may free the program: a return at this instant finds it so.
                if !matches!(notice, Notice::RecordMade { .. }) {
                    self.out.woken.push(client.id);
                }
                Arc::make_mut(&mut client.application).handle_notice(notice, &mut reports);
            }
            self.out.notices = notices;
            self.take_reports(reports, sink);
        }
        self.carry_returns(sink);
    }

    fn carry_returns(&mut self, sink: &mut Sink) {
        if self.out.returned.is_empty() && self.out.woken.is_empty() {
            return;
        }
        let mut reports = Vec::new();
        let mut free: Vec<ClientId> = std::mem::take(&mut self.out.woken);
        let mut returned = std::mem::take(&mut self.out.returned);
        for (client, call, outcome) in returned.drain(..) {
            let process = &mut self.clients[usize::from(client.0) - 1];
            let application = Arc::make_mut(&mut process.application);
            application.handle_returned(self.clock.now, call, outcome, &mut self.out, &mut reports);
            free.push(client);
        }
        // The room of both lists serves the next move again.
        if self.out.returned.is_empty() {
            self.out.returned = returned;
        }
        self.take_reports(reports, sink);
        free.dedup();
        for client in free.drain(..) {
            self.note_closed(client);
            self.go_on(usize::from(client.0) - 1, sink);
        }
        if self.out.woken.is_empty() {
            self.out.woken = free;
        }
    }

    fn take_reports(&mut self, reports: Vec<Report>, sink: &mut Sink) {
        for report in reports {
            self.take_report(report, sink);
        }
    }
}
