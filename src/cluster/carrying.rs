//! What processes give out is carried on: onto the network, and from it to brokers and controller.

use std::sync::Arc;

use super::{Cluster, Life};
use crate::event::EventKind;
use crate::fault::error_response;
use crate::ids::{BrokerId, ConnectionId, Process};
use crate::network::{Delivery, End, Parcel};
use crate::node::{Action, Input, Outbox};
use crate::time::{Clock, Instant};
use crate::wire::Frame;

impl Cluster {
    /// Carries out what a process wants done.
    pub fn carry(&mut self, from: Process, clock: &mut Clock, out: &mut Outbox) {
        if out.actions.is_empty() {
            return;
        }
        let mut actions = std::mem::take(&mut out.actions);
        for action in actions.drain(..) {
            self.act(from, action, clock, out);
        }
        // The room of the list serves the next move again.
        out.actions = actions;
    }

    fn act(&mut self, from: Process, action: Action, clock: &mut Clock, out: &mut Outbox) {
        match action {
            Action::Connect(connection, acceptor) => self.network.connect(clock, connection, acceptor),
            Action::Send(connection, frame) => self.send(from, connection, frame, clock, out),
            Action::Close(connection) => self.network.close(clock, connection, End::of(from, connection)),
            Action::Image(connection, image) => {
                self.network.send(clock, connection, End::of(from, connection), Parcel::Image(image));
            }
        }
    }

    fn send(
        &mut self,
        from: Process,
        connection: ConnectionId,
        frame: Arc<Frame>,
        clock: &mut Clock,
        out: &mut Outbox,
    ) {
        let (api, correlation_id, cause) = (frame.api(), frame.correlation_id, frame.cause);
        let (bytes, is_request) = (frame.body_bytes(), frame.is_request());
        if let (false, Some(broker)) = (is_request, from.broker())
            && self.faults.drops(broker, api, connection.opener)
        {
            self.network.darken(connection);
            out.emit(cause, EventKind::ResponseDropped { connection, broker, api, correlation_id });
            return;
        }
        let end = End::of(from, connection);
        let is_held = self.network.takes_hold(connection, end, api);
        let sent = self.network.send(clock, connection, end, Parcel::Frame(frame));
        let Some((acceptor, arrives)) = sent else { return };
        let arrives_at = arrives.unwrap_or(Instant::MAX);
        let kind = if is_request {
            EventKind::RequestSent { connection, acceptor, api, correlation_id, bytes, arrives_at }
        } else {
            EventKind::ResponseSent { connection, acceptor, api, correlation_id, bytes, arrives_at }
        };
        let cause = out.emit(cause, kind);
        if is_held {
            let to = if is_request { acceptor } else { connection.opener };
            out.emit(cause, EventKind::MessageHeld { connection, from, to, api, correlation_id });
        }
    }

    /// Hands an arrival to a broker or to the controller, or keeps it for a process that is frozen.
    pub(super) fn deliver(&mut self, delivery: Delivery, clock: &mut Clock, out: &mut Outbox) {
        let receiver = delivery.receiver();
        if delivery.parcel == Parcel::Opening {
            // The kernel answers, for a frozen process as well.
            let is_taken = self.listens(receiver);
            self.network.answer_opening(clock, delivery.connection, is_taken);
            if !is_taken {
                return;
            }
        }
        match (self.life(receiver), receiver) {
            (Life::Gone, _) | (_, Process::Client(_)) => {}
            (Life::Paused, Process::Broker(id)) => self.brokers[Cluster::index(id)].held.push(delivery),
            (Life::Paused, Process::Controller) => self.controller.held.push(delivery),
            (Life::Running, Process::Broker(id)) => {
                let input = self.input_of_broker(id, delivery, out);
                self.handle_broker(id, input, clock, out);
            }
            (Life::Running, Process::Controller) => {
                let input = self.input(delivery, out);
                self.handle_controller(input, clock, out);
            }
        }
    }

    /// Whether something takes connections there.
    fn listens(&self, process: Process) -> bool {
        match process {
            Process::Controller => self.controller.life != Life::Gone,
            Process::Broker(id) => {
                self.process_of(id).is_some_and(|broker| broker.life != Life::Gone && broker.node.accepts_connections())
            }
            Process::Client(_) => false,
        }
    }

    /// An arrival as the input of its node; told when it is a message.
    fn input(&mut self, delivery: Delivery, out: &mut Outbox) -> Input {
        let connection = delivery.connection;
        match delivery.parcel {
            Parcel::Opening | Parcel::Connected => Input::Connected(connection),
            Parcel::Disconnected { .. } => {
                self.network.closed_at(connection, delivery.to);
                Input::Disconnected(connection)
            }
            Parcel::Image(image) => Input::Image(image),
            Parcel::Frame(frame) => {
                let (acceptor, api, correlation_id) = (delivery.acceptor, frame.api(), frame.correlation_id);
                let kind = if frame.is_request() {
                    EventKind::RequestArrived { connection, acceptor, api, correlation_id }
                } else {
                    EventKind::ResponseArrived { connection, acceptor, api, correlation_id }
                };
                out.emit(frame.cause, kind);
                Input::Frame(connection, frame)
            }
        }
    }

    /// The same for a broker: a fault may wait for a request, which is then answered with an error in place of being handled.
    fn input_of_broker(&mut self, broker: BrokerId, delivery: Delivery, out: &mut Outbox) -> Input {
        let input = self.input(delivery, out);
        let Input::Frame(connection, frame) = &input else { return input };
        if !frame.is_request() || self.faults.is_empty() {
            return input;
        }
        let Some(code) = self.faults.answer(broker, frame.api(), connection.opener) else { return input };
        let Some(response) = error_response(frame, code) else { return input };
        let (connection, api, correlation_id) = (*connection, frame.api(), frame.correlation_id);
        let answered = EventKind::ErrorAnswered { connection, broker, api, correlation_id, code };
        let cause = out.emit(frame.cause, answered);
        Input::Answered(connection, frame.clone(), Box::new(response), cause)
    }
}
