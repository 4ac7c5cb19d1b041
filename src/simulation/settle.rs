//! What a node gave out is carried on: messages onto the network, returns to programs, next calls to clients.

use std::sync::Arc;

use super::process::Life;
use super::{ADMIN, Simulation, Sink};
use crate::application::{ClientCall, Report};
use crate::call::Notice;
use crate::event::EventKind;
use crate::fault::error_response;
use crate::ids::{BrokerId, CallId, ClientId, ConnectionId, EventId};
use crate::network::{Delivery, End, Parcel};
use crate::node::{Action, Input};
use crate::wire::{Body, Frame};

/// Who gave out what is carried on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Client,
    Broker(BrokerId),
}

impl Simulation {
    pub(super) fn deliver_to_broker(&mut self, delivery: Delivery, sink: &mut Sink) {
        let i = Simulation::broker_index(delivery.broker);
        match self.brokers[i].life {
            Life::Gone => return,
            Life::Paused => {
                self.brokers[i].held.push(delivery);
                return;
            }
            Life::Running => {}
        }
        let connection = delivery.connection;
        let answer = self.armed_answer(&delivery);
        let input = match delivery.parcel {
            Parcel::Connected => Input::Connected(connection),
            Parcel::Disconnected { .. } => {
                self.network.closed_at(connection, End::Broker);
                Input::Disconnected(connection)
            }
            Parcel::Frame(frame) => {
                let (broker, api, correlation_id) = (delivery.broker, frame.api(), frame.correlation_id);
                let arrived = EventKind::RequestArrived { connection, broker, api, correlation_id };
                self.out.emit(frame.cause, arrived);
                match answer.and_then(|code| error_response(&frame, code).map(|response| (code, response))) {
                    Some((code, response)) => {
                        let answered = EventKind::ErrorAnswered { connection, broker, api, correlation_id, code };
                        let cause = self.out.emit(frame.cause, answered);
                        Input::Answered(connection, frame, Box::new(response), cause)
                    }
                    None => Input::Frame(connection, frame),
                }
            }
        };
        self.handle_broker(i, input, sink);
    }

    pub(super) fn deliver_to_client(&mut self, delivery: Delivery, sink: &mut Sink) {
        let connection = delivery.connection;
        let input = self.input_of_client(&delivery);
        if connection.client == ADMIN {
            if let Some(input) = input {
                self.handle_admin(&input, sink);
            }
            return;
        }
        let i = usize::from(connection.client.0) - 1;
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
            Parcel::Connected => Input::Connected(connection),
            Parcel::Disconnected { .. } => {
                self.network.closed_at(connection, End::Client);
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
                broker: delivery.broker,
                api,
                correlation_id,
            };
            self.out.emit(frame.cause, kind);
        }
    }

    pub(super) fn handle_broker(&mut self, i: usize, input: Input, sink: &mut Sink) {
        let broker = &mut self.brokers[i];
        Arc::make_mut(&mut broker.node).handle(self.now, input, &mut self.out);
        let id = BrokerId(i32::try_from(i + 1).expect("at most nine brokers"));
        self.follow_broker(i);
        self.carry(Source::Broker(id), sink);
    }

    pub(super) fn follow_broker(&mut self, i: usize) {
        let broker = &mut self.brokers[i];
        broker.timer.set(broker.node.next_timeout(), self.now.at, &mut self.sequence);
    }

    pub(super) fn handle_client(&mut self, i: usize, input: Input, sink: &mut Sink) {
        let client = &mut self.clients[i];
        client.node.handle(self.now, input, &mut self.out);
        self.follow_client(i);
        self.carry(Source::Client, sink);
    }

    pub(super) fn follow_client(&mut self, i: usize) {
        let client = &mut self.clients[i];
        client.timer.set(client.node.next_timeout(), self.now.at, &mut self.sequence);
        client.program_timer.set(client.application.next_timeout(), self.now.at, &mut self.sequence);
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
        Arc::make_mut(&mut client.application).handle_timer(self.now, &mut self.out);
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
            if let Some(call) = application.next_call(self.now, &mut self.out, &mut reports) {
                self.next_call += 1;
                let id = CallId(self.next_call);
                application.handle_called(id);
                match call {
                    ClientCall::Producer(call) => client.node.call_producer(self.now, id, call, &mut self.out),
                    ClientCall::Consumer(call) => client.node.call_consumer(self.now, id, call, &mut self.out),
                }
            }
        }
        self.follow_client(i);
        self.take_reports(reports, sink);
        self.carry(Source::Client, sink);
        let client = &mut self.clients[i];
        if client.application.has_just_called() {
            Arc::make_mut(&mut client.application).handle_call_made();
            self.follow_client(i);
        }
    }

    /// Carries on what is in the outbox until nothing is left in it.
    pub(super) fn carry(&mut self, source: Source, sink: &mut Sink) {
        if !self.out.actions.is_empty() {
            let mut actions = std::mem::take(&mut self.out.actions);
            for action in actions.drain(..) {
                self.act(source, action);
            }
            self.out.actions = actions;
        }
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
            application.handle_returned(self.now, call, outcome, &mut self.out, &mut reports);
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

    fn act(&mut self, source: Source, action: Action) {
        let now = self.now.at;
        match (action, source) {
            (Action::Connect(connection, broker), _) => {
                let process = self.brokers.get(Simulation::broker_index(broker));
                let up = process.is_some_and(|b| b.life != Life::Gone && b.node.accepts_connections());
                self.network.connect(now, &mut self.sequence, connection, broker, up);
            }
            (Action::Send(connection, frame), Source::Client) => self.send_request(connection, frame),
            (Action::Send(connection, frame), Source::Broker(broker)) => self.send_response(broker, connection, frame),
            (Action::Close(connection), source) => {
                let end = if source == Source::Client { End::Client } else { End::Broker };
                self.network.close(now, &mut self.sequence, connection, end);
            }
            (Action::Controller(token, request), Source::Broker(broker)) => {
                self.ask_controller(broker, token, request);
            }
            (Action::Controller(..), Source::Client) => unreachable!("only brokers speak with the controller"),
        }
    }

    fn send_request(&mut self, connection: ConnectionId, frame: Arc<Frame>) {
        let (api, correlation_id, cause, bytes) = facts(&frame);
        let sent = self.network.send(self.now.at, &mut self.sequence, connection, End::Client, frame);
        if let Some((broker, arrives_at)) = sent {
            let kind = EventKind::RequestSent { connection, broker, api, correlation_id, bytes, arrives_at };
            self.out.emit(cause, kind);
        }
    }

    fn send_response(&mut self, broker: BrokerId, connection: ConnectionId, frame: Arc<Frame>) {
        let (api, correlation_id, cause, bytes) = facts(&frame);
        if !self.faults.is_empty() && self.faults.drops(broker, api, connection.client) {
            self.network.darken(connection);
            self.out.emit(cause, EventKind::ResponseDropped { connection, broker, api, correlation_id });
            return;
        }
        let sent = self.network.send(self.now.at, &mut self.sequence, connection, End::Broker, frame);
        if let Some((broker, arrives_at)) = sent {
            let kind = EventKind::ResponseSent { connection, broker, api, correlation_id, bytes, arrives_at };
            self.out.emit(cause, kind);
        }
    }
}

fn facts(frame: &Frame) -> (crate::wire::Api, i32, EventId, u32) {
    debug_assert!(matches!(frame.body, Body::Request(_) | Body::Response(_)));
    (frame.api(), frame.correlation_id, frame.cause, frame.body_bytes())
}
