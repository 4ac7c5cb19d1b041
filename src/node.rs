//! What every node shares: its inputs, its outbox.
//!
//! Every node (broker, controller, producer, consumer, administrator) has this surface:
//!
//! ```text
//! fn handle(&mut self, now: Now, input: Input, out: &mut Outbox);
//! fn next_timeout(&self) -> Option<Instant>;
//! ```
//!
//! `handle` does one thing: it takes in one message, or does the earliest piece of work that is due. When the time of
//! `next_timeout` has come the simulation calls `handle` with [`Input::Timer`]; a node with several things due does the
//! first, and names the same instant again. Clients also take calls (`call`), one at a time, and report their ends with
//! [`Outbox::returned`].

use std::sync::Arc;

use crate::call::{Notice, Outcome};
use crate::event::{Event, EventKind};
use crate::ids::{CallId, ClientId, ConnectionId, EventId, Names, Process};
use crate::image::MetadataImage;
use crate::rng::Rng;
use crate::time::{Instant, Now};
use crate::wire::{Frame, Response};

/// What one stage of an application's call, or one pass of a client's background thread, costs: 1 µs.
pub const STAGE_US: u64 = 1;

/// What comes to a node.
#[derive(Clone, Debug)]
pub enum Input {
    /// The time that `next_timeout` asked for has come.
    Timer,
    /// A message has arrived on a connection.
    Frame(ConnectionId, Arc<Frame>),
    /// To a broker: a request that is not to be handled but answered with this response, in its turn (a fault the user armed).
    /// The event is the response's cause.
    Answered(ConnectionId, Arc<Frame>, Box<Response>, EventId),
    /// To the opener: the connection it opened is there. To the acceptor: one was opened.
    Connected(ConnectionId),
    /// The connection is gone, or could not be opened: refused, closed or reset by the other side.
    Disconnected(ConnectionId),
    /// To a broker: the controller's newest picture of the cluster.
    Image(Arc<MetadataImage>),
}

/// What a node wants done.
#[derive(Clone, Debug)]
pub enum Action {
    /// Opens a connection. The opener chooses the id: its own, and a number it has not used.
    Connect(ConnectionId, Process),
    Send(ConnectionId, Arc<Frame>),
    /// Closes from this side; the other side gets [`Input::Disconnected`] behind what was sent before.
    Close(ConnectionId),
    /// From the controller: its newest picture, to the broker at the other end.
    Image(ConnectionId, Arc<MetadataImage>),
}

/// What a client does again and again, and an interval of 0 ms makes it do without a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paced {
    /// A commit of `enable.auto.commit`: `auto.commit.interval.ms`.
    Commit,
    /// A heartbeat, answered or not, or a pass of a call that waits no longer than from one to the next:
    /// `heartbeat.interval.ms`.
    Heartbeat,
}

/// Where a node's outputs go. One outbox serves one move; the simulation empties it.
#[derive(Clone, Debug)]
pub struct Outbox {
    pub actions: Vec<Action>,
    /// What happened, in order; the first has number `first_event`.
    pub events: Vec<Event>,
    pub returned: Vec<(ClientId, CallId, Outcome)>,
    pub notices: Vec<(ClientId, Notice)>,
    /// Clients whose program may be free to go on.
    pub woken: Vec<ClientId>,
    /// The run's names, so that a node can number a topic or a group that it meets.
    pub names: Names,
    /// The run's generator; who needs several draws at a time takes them here, in order.
    pub rng: Rng,
    /// Bytes of the keys and values that producers were given in this run.
    pub given: u64,
    /// Bytes that were written to logs in this run.
    pub written: u64,
    /// What an interval of a client's keeps apart, done in this move.
    pub paced: Option<(ClientId, Paced)>,
    first_event: u32,
    now: Instant,
}

impl Outbox {
    pub fn new(names: Names, rng: Rng) -> Outbox {
        Outbox {
            actions: Vec::new(),
            events: Vec::new(),
            returned: Vec::new(),
            notices: Vec::new(),
            woken: Vec::new(),
            names,
            rng,
            given: 0,
            written: 0,
            paced: None,
            first_event: 1,
            now: Instant::ZERO,
        }
    }

    /// Begins a move at `now`: what is emitted from here on happens then.
    pub fn begin(&mut self, now: Now) {
        self.now = now.at;
        self.paced = None;
    }

    /// Says that something happened because of `cause` (or of nothing: [`EventId::NONE`]) and numbers it.
    pub fn emit(&mut self, cause: EventId, kind: EventKind) -> EventId {
        self.events.push(Event { at: self.now, cause, kind });
        let index = u32::try_from(self.events.len() - 1).expect("a move makes few events");
        EventId(self.first_event + index)
    }

    /// The number that the next event will get.
    pub fn next_event(&self) -> EventId {
        EventId(self.first_event + u32::try_from(self.events.len()).expect("a move makes few events"))
    }

    /// Takes the events of the move that ended; numbering goes on behind them.
    pub fn drain_events(&mut self, into: &mut Vec<Event>) {
        self.first_event += u32::try_from(self.events.len()).expect("a move makes few events");
        into.append(&mut self.events);
    }

    pub fn connect(&mut self, connection: ConnectionId, acceptor: Process) {
        self.actions.push(Action::Connect(connection, acceptor));
    }

    pub fn send(&mut self, connection: ConnectionId, frame: Arc<Frame>) {
        self.actions.push(Action::Send(connection, frame));
    }

    pub fn close(&mut self, connection: ConnectionId) {
        self.actions.push(Action::Close(connection));
    }

    pub fn image(&mut self, connection: ConnectionId, image: Arc<MetadataImage>) {
        self.actions.push(Action::Image(connection, image));
    }

    /// A call came back.
    pub fn returned(&mut self, client: ClientId, call: CallId, outcome: Outcome) {
        self.returned.push((client, call, outcome));
    }

    pub fn notice(&mut self, client: ClientId, notice: Notice) {
        self.notices.push((client, notice));
    }
}
