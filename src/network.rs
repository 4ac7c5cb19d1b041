//! Connections: FIFO, latency, and directions that went dark.
//!
//! TCP neither loses nor reorders. A dropped response therefore means that this direction of the connection goes dark,
//! with all that follows on it, until an end closes it.

use std::sync::Arc;

use crate::ids::{ConnectionId, Process};
use crate::sorted::SortedMap;
use crate::time::Instant;
use crate::wire::Frame;

/// An end of a connection: who opened it, and who took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    Opener,
    Acceptor,
}

impl End {
    /// The end of a connection that a process holds.
    #[must_use]
    pub fn of(process: Process, connection: ConnectionId) -> End {
        if connection.opener == process { End::Opener } else { End::Acceptor }
    }

    #[must_use]
    pub const fn other(self) -> End {
        match self {
            End::Opener => End::Acceptor,
            End::Acceptor => End::Opener,
        }
    }
}

/// What arrives at an end.
#[derive(Clone, Debug, PartialEq)]
pub enum Parcel {
    Connected,
    /// Closed, reset, or (`refused`) never opened.
    Disconnected {
        refused: bool,
    },
    Frame(Arc<Frame>),
}

/// Something under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    pub connection: ConnectionId,
    pub acceptor: Process,
    pub to: End,
    pub parcel: Parcel,
}

impl Delivery {
    /// The process that it goes to.
    pub const fn receiver(&self) -> Process {
        match self.to {
            End::Opener => self.connection.opener,
            End::Acceptor => self.acceptor,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Link {
    acceptor: Process,
    opener_open: bool,
    acceptor_open: bool,
    /// What goes to the opener is lost.
    dark: bool,
}

/// All connections and all that is under way on them.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Microseconds that a message travels.
    hop_us: u64,
    links: SortedMap<ConnectionId, Link>,
    /// By arrival; the sequence keeps the order of sending among equals, so each direction is first in, first out.
    under_way: SortedMap<(Instant, u64), Delivery>,
}

impl Network {
    pub fn new(hop_us: u64) -> Network {
        Network { hop_us, links: SortedMap::new(), under_way: SortedMap::new() }
    }

    pub const fn hop_us(&self) -> u64 {
        self.hop_us
    }

    /// When and in which order the next thing arrives.
    pub fn next(&self) -> Option<(Instant, u64)> {
        self.under_way.first_key_value().map(|(key, _)| *key)
    }

    /// Takes the next thing that arrives; none when its end of the connection is closed already.
    pub fn take_next(&mut self) -> Option<Delivery> {
        let (_, delivery) = self.under_way.pop_first()?;
        self.accepts(&delivery).then_some(delivery)
    }

    /// Whether the end that a delivery goes to is still there to take it.
    fn accepts(&self, delivery: &Delivery) -> bool {
        if matches!(delivery.parcel, Parcel::Disconnected { refused: true }) {
            return true;
        }
        self.links.get(&delivery.connection).is_some_and(|link| match delivery.to {
            End::Opener => link.opener_open && !(link.dark && matches!(delivery.parcel, Parcel::Frame(_))),
            End::Acceptor => link.acceptor_open,
        })
    }

    /// The end took a `Disconnected`: it is closed there too now.
    pub fn closed_at(&mut self, connection: ConnectionId, end: End) {
        if let Some(link) = self.links.get_mut(&connection) {
            match end {
                End::Opener => link.opener_open = false,
                End::Acceptor => link.acceptor_open = false,
            }
            if !link.opener_open && !link.acceptor_open {
                self.links.remove(&connection);
            }
        }
    }

    /// Puts back what a paused process had not read, in its order, to arrive now: before whatever else arrives at this
    /// very instant on the same connections, for that was sent later.
    pub fn deliver_again(&mut self, now: Instant, sequence: &mut u64, held: Vec<Delivery>) {
        let is_behind = |later: &Delivery| {
            held.iter().any(|earlier| earlier.connection == later.connection && earlier.to == later.to)
        };
        let at_once = self.under_way.range((now, 0)..=(now, u64::MAX));
        let behind: Vec<(Instant, u64)> = at_once.filter(|(_, later)| is_behind(later)).map(|(key, _)| *key).collect();
        let behind: Vec<Delivery> = behind.iter().filter_map(|key| self.under_way.remove(key)).collect();
        for delivery in held.into_iter().chain(behind) {
            self.push(now, sequence, delivery);
        }
    }

    fn push(&mut self, at: Instant, sequence: &mut u64, delivery: Delivery) {
        *sequence += 1;
        self.under_way.insert((at, *sequence), delivery);
    }

    /// A process opens a connection: one hop there, one back. `up` is false when nothing listens there.
    pub fn connect(&mut self, now: Instant, sequence: &mut u64, connection: ConnectionId, acceptor: Process, up: bool) {
        assert!(!self.links.contains_key(&connection), "a connection's number is used once");
        let back = now.plus_micros(2 * self.hop_us);
        if !up {
            let parcel = Parcel::Disconnected { refused: true };
            self.push(back, sequence, Delivery { connection, acceptor, to: End::Opener, parcel });
            return;
        }
        self.links.insert(connection, Link { acceptor, opener_open: true, acceptor_open: true, dark: false });
        let there = now.plus_micros(self.hop_us);
        self.push(there, sequence, Delivery { connection, acceptor, to: End::Acceptor, parcel: Parcel::Connected });
        self.push(back, sequence, Delivery { connection, acceptor, to: End::Opener, parcel: Parcel::Connected });
    }

    /// Sends a message from an end; gives the acceptor and the arrival, or none when the connection is closed at this end.
    pub fn send(
        &mut self,
        now: Instant,
        sequence: &mut u64,
        connection: ConnectionId,
        from: End,
        frame: Arc<Frame>,
    ) -> Option<(Process, Instant)> {
        let link = self.links.get(&connection)?;
        let open = if from == End::Opener { link.opener_open } else { link.acceptor_open };
        if !open {
            return None;
        }
        let (acceptor, arrives) = (link.acceptor, now.plus_micros(self.hop_us));
        self.push(arrives, sequence, Delivery { connection, acceptor, to: from.other(), parcel: Parcel::Frame(frame) });
        Some((acceptor, arrives))
    }

    /// Closes one end; the other learns of it behind all that was sent before.
    pub fn close(&mut self, now: Instant, sequence: &mut u64, connection: ConnectionId, from: End) {
        let Some(link) = self.links.get(&connection) else { return };
        let acceptor = link.acceptor;
        self.closed_at(connection, from);
        if self.links.contains_key(&connection) {
            let parcel = Parcel::Disconnected { refused: false };
            let arrives = now.plus_micros(self.hop_us);
            self.push(arrives, sequence, Delivery { connection, acceptor, to: from.other(), parcel });
        }
    }

    /// What goes to the opener of this connection is lost from here on.
    pub fn darken(&mut self, connection: ConnectionId) {
        if let Some(link) = self.links.get_mut(&connection) {
            link.dark = true;
        }
    }

    /// A process is gone: the kernel closes what it opened, and resets what it took.
    pub fn reset(&mut self, now: Instant, sequence: &mut u64, process: Process) {
        let end = |(id, link): (&ConnectionId, &Link)| {
            if id.opener == process {
                return Some((*id, End::Opener));
            }
            (link.acceptor == process && link.acceptor_open).then_some((*id, End::Acceptor))
        };
        for (connection, end) in self.links.iter().filter_map(end).collect::<Vec<_>>() {
            self.close(now, sequence, connection, end);
        }
    }

    /// What is under way, in order of arrival.
    pub fn under_way(&self) -> impl Iterator<Item = (Instant, &Delivery)> {
        self.under_way.iter().map(|((at, _), delivery)| (*at, delivery))
    }

    /// A door for tests that break a run on purpose: what is under way, each with the number of its sending.
    #[doc(hidden)]
    pub fn door_to_under_way(&mut self) -> impl Iterator<Item = (u64, &mut Delivery)> {
        self.under_way.iter_mut().map(|((_, number), delivery)| (*number, delivery))
    }

    /// The open connections, with who took it and whether what goes to its opener is lost.
    pub fn connections(&self) -> impl Iterator<Item = (ConnectionId, Process, bool)> {
        self.links.iter().filter(|(_, link)| link.opener_open).map(|(id, link)| (*id, link.acceptor, link.dark))
    }
}

/// What a broker that was frozen still reads of what has come for it. It reads a request at a time; of a client that has
/// closed its connection meanwhile the kernel takes the first answer, and the second one finds the connection broken:
/// what stands behind is never read.
pub fn still_read(held: Vec<Delivery>) -> Vec<Delivery> {
    let is_end = |delivery: &&Delivery| matches!(delivery.parcel, Parcel::Disconnected { .. });
    let mut answers: SortedMap<ConnectionId, u32> =
        held.iter().filter(is_end).map(|delivery| (delivery.connection, 0)).collect();
    let mut is_read = |delivery: &Delivery| match (&delivery.parcel, answers.get_mut(&delivery.connection)) {
        (Parcel::Frame(frame), Some(answers)) => {
            let is_read = *answers < 2;
            *answers += u32::from(frame.expects_response());
            is_read
        }
        _ => true,
    };
    held.into_iter().filter(|delivery| is_read(delivery)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{BrokerId, ClientId};

    /// A client is resumed in the very instant at which more arrives for it.
    #[test]
    fn what_was_held_comes_before_what_arrives_as_its_reader_goes_on() {
        let (mut network, mut sequence) = (Network::new(4000), 0);
        let connection = ConnectionId::of_client(ClientId(1), 0);
        network.connect(Instant(0), &mut sequence, connection, Process::Broker(BrokerId(1)), true);
        assert_eq!(network.take_next().map(|delivery| delivery.to), Some(End::Acceptor));
        network.close(Instant(4000), &mut sequence, connection, End::Acceptor);
        let held = network.take_next().expect("the client's own end is open");
        network.deliver_again(Instant(8000), &mut sequence, vec![held]);
        let order: Vec<Parcel> = std::iter::from_fn(|| network.take_next()).map(|delivery| delivery.parcel).collect();
        assert_eq!(order, [Parcel::Connected, Parcel::Disconnected { refused: false }]);
    }
}
