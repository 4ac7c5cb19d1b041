//! Messages that a user holds on their way, and what stands behind them: TCP is first in, first out.

use super::{Delivery, End, Network, Way};
use crate::ids::ConnectionId;
use crate::sorted::SortedMap;
use crate::time::Clock;
use crate::wire::Api;

/// A message that is to be held, when it sets out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    pub way: Way,
    pub api: Api,
    /// So many messages pass before.
    pub skip: u32,
}

/// What is to be held, and what is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Holds {
    armed: Vec<Hold>,
    /// The directions of connections that stand still, each by the end that it leads to, with what was sent since.
    stalled: SortedMap<(ConnectionId, End), Vec<Delivery>>,
}

impl Holds {
    /// Whether what is sent there has to wait.
    pub(super) fn is_stalled(&self, connection: ConnectionId, to: End) -> bool {
        self.stalled.contains_key(&(connection, to))
    }

    pub(super) fn keep(&mut self, delivery: Delivery) {
        self.stalled.entry((delivery.connection, delivery.to)).or_default().push(delivery);
    }

    pub(super) fn waiting(&self) -> impl Iterator<Item = &Delivery> {
        self.stalled.values().flatten()
    }
}

impl Network {
    /// A message that will set out is to be held.
    pub fn hold(&mut self, hold: Hold) {
        self.holds.armed.push(hold);
    }

    /// A message of this kind is about to leave an end: whether it is one that is to be held, which its direction of the
    /// connection then stands still for.
    pub fn takes_hold(&mut self, connection: ConnectionId, from: End, api: Api) -> bool {
        let Some(link) = self.links.get(&connection) else { return false };
        let is_open = if from == End::Opener { link.opener_open } else { link.acceptor_open };
        if !is_open {
            return false;
        }
        let there = Way { from: connection.opener, to: link.acceptor };
        let way = if from == End::Opener { there } else { there.back() };
        let Some(at) = self.holds.armed.iter().position(|hold| hold.way == way && hold.api == api) else {
            return false;
        };
        if self.holds.armed[at].skip > 0 {
            self.holds.armed[at].skip -= 1;
            return false;
        }
        self.holds.armed.remove(at);
        self.holds.stalled.entry((connection, from.other())).or_default();
        true
    }

    /// What is held on a way sets out now, in its order, and nothing is waited for there any more; how much it was.
    pub fn release(&mut self, clock: &mut Clock, way: Way) -> usize {
        self.holds.armed.retain(|hold| hold.way != way);
        let is_on_it = |waiting: &[Delivery]| waiting.first().is_some_and(|first| first.way() == way);
        let stalled = self.holds.stalled.iter().filter(|(_, waiting)| is_on_it(waiting));
        let released: Vec<(ConnectionId, End)> = stalled.map(|(direction, _)| *direction).collect();
        let mut count = 0;
        for direction in released {
            for delivery in self.holds.stalled.remove(&direction).unwrap_or_default() {
                count += 1;
                self.push(clock, delivery);
            }
        }
        count
    }

    /// What is to be held.
    pub fn armed_holds(&self) -> &[Hold] {
        &self.holds.armed
    }

    /// The ways on which something is held, once for each direction of a connection, with what waits there.
    pub fn held(&self) -> impl Iterator<Item = (Way, &[Delivery])> {
        self.holds.stalled.values().filter_map(|waiting| Some((waiting.first()?.way(), waiting.as_slice())))
    }
}
