//! Clients as processes: things that run, stand still or are gone.

use std::sync::Arc;

use crate::application::{Application, Written};
use crate::call::{ConsumerCall, OnRevoked, ProducerCall};
use crate::client::consumer::Consumer;
use crate::client::producer::Producer;
use crate::cluster::{Life, Timer};
use crate::ids::{CallId, ClientId};
use crate::network::Delivery;
use crate::node::{Input, Outbox};
use crate::script::{ClientKind, Property};
use crate::time::{Instant, Now};

/// A client, by kind.
#[derive(Clone, Debug)]
pub enum ClientNode {
    Producer(Arc<Producer>),
    Consumer(Arc<Consumer>),
}

impl ClientNode {
    pub(super) fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        match self {
            ClientNode::Producer(producer) => Arc::make_mut(producer).handle(now, input, out),
            ClientNode::Consumer(consumer) => Arc::make_mut(consumer).handle(now, input, out),
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Instant> {
        match self {
            ClientNode::Producer(producer) => producer.next_timeout(),
            ClientNode::Consumer(consumer) => consumer.next_timeout(),
        }
    }

    pub(super) fn call_producer(&mut self, now: Now, call: CallId, what: ProducerCall, out: &mut Outbox) {
        match self {
            ClientNode::Producer(producer) => Arc::make_mut(producer).call(now, call, what, out),
            ClientNode::Consumer(_) => unreachable!("a task of a producer is given to a producer"),
        }
    }

    pub(super) fn call_consumer(&mut self, now: Now, call: CallId, what: ConsumerCall, out: &mut Outbox) {
        match self {
            ClientNode::Consumer(consumer) => Arc::make_mut(consumer).call(now, call, what, out),
            ClientNode::Producer(_) => unreachable!("a task of a consumer is given to a consumer"),
        }
    }
}

/// How a client was made, so that it can be made anew with another setting.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recipe {
    pub name: Arc<str>,
    pub kind: ClientKind,
    /// The properties as given, in order.
    pub properties: Vec<Property>,
    pub on_revoked: OnRevoked,
}

impl ClientProcess {
    /// Whether neither the client nor its program waits for an instant.
    pub(super) fn has_nothing_due(&self) -> bool {
        self.timer == Timer::OFF && self.program_timer == Timer::OFF
    }
}

/// One run of a client's program, from its start to its end.
#[derive(Clone, Debug)]
pub struct ClientProcess {
    pub id: ClientId,
    pub recipe: Arc<Recipe>,
    /// The statement that made it.
    pub made: Written,
    pub node: ClientNode,
    pub application: Arc<Application>,
    pub life: Life,
    /// Closed by its program, rather than killed or ended.
    pub closed: bool,
    /// Its program ended without closing it, rather than being killed.
    pub exited: bool,
    /// Since when it is frozen, closed or gone.
    pub(super) stands_since: Instant,
    pub(super) held: Vec<Delivery>,
    pub(super) timer: Timer,
    pub(super) program_timer: Timer,
}
