//! Connections: FIFO, latency, directions that went dark, and ways between two processes that are cut or slow.
//!
//! TCP neither loses nor reorders. A dropped response therefore means that this direction of the connection goes dark,
//! with all that follows on it, until an end closes it; what is sent over a way that is cut waits, and arrives when
//! the way is mended, unless an end has given up the connection by then; and a message that is held keeps all that
//! follows in its direction of the connection until it is released.

mod holds;
mod ways;

use std::sync::Arc;

use crate::ids::{ConnectionId, Process};
use crate::image::MetadataImage;
use crate::sorted::SortedMap;
use crate::time::{Clock, Instant};
use crate::wire::Frame;

pub use holds::Hold;
use holds::Holds;
pub use ways::Way;
use ways::Ways;

/// An end of a connection: who opened it, and who took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// To the acceptor: somebody wants a connection (SYN).
    Opening,
    /// To the opener: it is there.
    Connected,
    /// Closed, reset, or (`refused`) never opened.
    Disconnected {
        refused: bool,
    },
    Frame(Arc<Frame>),
    /// From the controller: its newest picture of the cluster.
    Image(Arc<MetadataImage>),
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
    /// The process that it comes from.
    pub const fn sender(&self) -> Process {
        match self.to {
            End::Opener => self.acceptor,
            End::Acceptor => self.connection.opener,
        }
    }

    /// The way that it takes.
    pub const fn way(&self) -> Way {
        Way { from: self.sender(), to: self.receiver() }
    }

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
    /// From when the acceptor has taken it.
    acceptor_open: bool,
    /// The acceptor has not answered yet.
    opening: bool,
    /// What goes to the opener is lost.
    dark: bool,
    /// When the last thing arrives, to the opener and to the acceptor: nothing overtakes it.
    last_arrivals: [Instant; 2],
}

/// All connections and all that is under way on them.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Microseconds that a message travels.
    hop_us: u64,
    links: SortedMap<ConnectionId, Link>,
    /// By arrival; the sequence keeps the order of sending among equals, so each direction is first in, first out.
    under_way: SortedMap<(Instant, u64), Delivery>,
    ways: Ways,
    holds: Holds,
}

impl Network {
    pub fn new(hop_us: u64) -> Network {
        Network {
            hop_us,
            links: SortedMap::new(),
            under_way: SortedMap::new(),
            ways: Ways::default(),
            holds: Holds::default(),
        }
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
        self.links.get(&delivery.connection).is_some_and(|link| match delivery.to {
            End::Opener => link.opener_open && !(link.dark && matches!(delivery.parcel, Parcel::Frame(_))),
            End::Acceptor => link.acceptor_open || link.opening,
        })
    }

    /// The end took a `Disconnected`: it is closed there too now.
    pub fn closed_at(&mut self, connection: ConnectionId, end: End) {
        if let Some(link) = self.links.get_mut(&connection) {
            match end {
                End::Opener => link.opener_open = false,
                End::Acceptor => (link.acceptor_open, link.opening) = (false, false),
            }
            if !link.opener_open && !link.acceptor_open && !link.opening {
                self.links.remove(&connection);
            }
        }
    }

    /// Puts back what a paused process had not read, in its order, to arrive now: before whatever else arrives at this
    /// very instant on the same connections, for that was sent later.
    pub fn deliver_again(&mut self, clock: &mut Clock, held: Vec<Delivery>) {
        let now = clock.at();
        let is_behind = |later: &Delivery| {
            held.iter().any(|earlier| earlier.connection == later.connection && earlier.to == later.to)
        };
        let at_once = self.under_way.range((now, 0)..=(now, u64::MAX));
        let behind: Vec<(Instant, u64)> = at_once.filter(|(_, later)| is_behind(later)).map(|(key, _)| *key).collect();
        let behind: Vec<Delivery> = behind.iter().filter_map(|key| self.under_way.remove(key)).collect();
        for delivery in held.into_iter().chain(behind) {
            self.under_way.insert((now, clock.next_turn()), delivery);
        }
    }

    /// Puts something on its way; gives the arrival, or none when it waits where its way is cut, or behind what is held.
    fn push(&mut self, clock: &mut Clock, delivery: Delivery) -> Option<Instant> {
        if self.holds.is_stalled(delivery.connection, delivery.to) {
            self.holds.keep(delivery);
            return None;
        }
        let way = delivery.way();
        if self.ways.is_cut(way) {
            self.ways.keep(way, delivery);
            return None;
        }
        let mut arrives = clock.at().plus_micros(self.hop_us + self.ways.slow_us(way));
        if let Some(link) = self.links.get_mut(&delivery.connection) {
            let last = &mut link.last_arrivals[usize::from(delivery.to == End::Acceptor)];
            arrives = arrives.max(*last);
            *last = arrives;
        }
        self.under_way.insert((arrives, clock.next_turn()), delivery);
        Some(arrives)
    }

    /// A process opens a connection: one hop there, and the answer one hop back.
    pub fn connect(&mut self, clock: &mut Clock, connection: ConnectionId, acceptor: Process) {
        assert!(!self.links.contains_key(&connection), "a connection's number is used once");
        let link = Link {
            acceptor,
            opener_open: true,
            acceptor_open: false,
            opening: true,
            dark: false,
            last_arrivals: [Instant::ZERO; 2],
        };
        self.links.insert(connection, link);
        self.push(clock, Delivery { connection, acceptor, to: End::Acceptor, parcel: Parcel::Opening });
    }

    /// The wish for a connection has arrived: the acceptor's side takes it, or nothing listens there.
    pub fn answer_opening(&mut self, clock: &mut Clock, connection: ConnectionId, is_taken: bool) {
        let Some(link) = self.links.get_mut(&connection) else { return };
        (link.acceptor_open, link.opening) = (is_taken, false);
        let parcel = if is_taken { Parcel::Connected } else { Parcel::Disconnected { refused: true } };
        let acceptor = link.acceptor;
        self.push(clock, Delivery { connection, acceptor, to: End::Opener, parcel });
    }

    /// Sends something from an end; gives the acceptor and the arrival, which a way that is cut leaves open; none when the
    /// connection is closed at this end.
    pub fn send(
        &mut self,
        clock: &mut Clock,
        connection: ConnectionId,
        from: End,
        parcel: Parcel,
    ) -> Option<(Process, Option<Instant>)> {
        let link = self.links.get(&connection)?;
        let open = if from == End::Opener { link.opener_open } else { link.acceptor_open };
        if !open {
            return None;
        }
        let acceptor = link.acceptor;
        let arrives = self.push(clock, Delivery { connection, acceptor, to: from.other(), parcel });
        Some((acceptor, arrives))
    }

    /// Closes one end; the other learns of it behind all that was sent before.
    pub fn close(&mut self, clock: &mut Clock, connection: ConnectionId, from: End) {
        let Some(link) = self.links.get(&connection) else { return };
        let acceptor = link.acceptor;
        self.closed_at(connection, from);
        if self.links.contains_key(&connection) {
            let parcel = Parcel::Disconnected { refused: false };
            self.push(clock, Delivery { connection, acceptor, to: from.other(), parcel });
        }
    }

    /// What goes to the opener of this connection is lost from here on.
    pub fn darken(&mut self, connection: ConnectionId) {
        if let Some(link) = self.links.get_mut(&connection) {
            link.dark = true;
        }
    }

    /// A process is gone: the kernel closes what it opened, and resets what it took.
    pub fn reset(&mut self, clock: &mut Clock, process: Process) {
        let end = |(id, link): (&ConnectionId, &Link)| {
            if id.opener == process {
                return Some((*id, End::Opener));
            }
            (link.acceptor == process && link.acceptor_open).then_some((*id, End::Acceptor))
        };
        for (connection, end) in self.links.iter().filter_map(end).collect::<Vec<_>>() {
            self.close(clock, connection, end);
        }
    }

    /// What is under way, in order of arrival.
    pub fn under_way(&self) -> impl Iterator<Item = (Instant, &Delivery)> {
        self.under_way.iter().map(|((at, _), delivery)| (*at, delivery))
    }

    /// All that was sent and has not arrived.
    pub fn on_the_way(&self) -> impl Iterator<Item = &Delivery> {
        self.under_way.values().chain(self.waiting())
    }

    /// What was sent and waits, where a way is cut or a message is held.
    pub fn waiting(&self) -> impl Iterator<Item = &Delivery> {
        self.ways.waiting().chain(self.holds.waiting())
    }

    /// A door for tests that break a run on purpose: what is under way, each with the number of its sending.
    #[doc(hidden)]
    pub fn door_to_under_way(&mut self) -> impl Iterator<Item = (u64, &mut Delivery)> {
        self.under_way.iter_mut().map(|((_, number), delivery)| (*number, delivery))
    }

    /// The open connections, with who took it and whether what goes to its opener is lost.
    pub fn connections(&self) -> impl Iterator<Item = (ConnectionId, Process, bool)> {
        let is_there = |(_, link): &(&ConnectionId, &Link)| link.opener_open && !link.opening;
        self.links.iter().filter(is_there).map(|(id, link)| (*id, link.acceptor, link.dark))
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
    use crate::time::Now;

    /// The clock goes on to this instant.
    fn at(clock: &mut Clock, us: u64) -> &mut Clock {
        clock.now.at = Instant(us);
        clock
    }

    fn begun() -> (Network, Clock) {
        (Network::new(1000), Clock::new(Now { at: Instant::ZERO, start_ms: 0 }))
    }

    const TO_BROKER: ConnectionId = ConnectionId::of_client(ClientId(1), 0);

    /// A client has opened a connection to broker 1, which has taken it.
    fn opened() -> (Network, Clock) {
        let (mut network, mut clock) = begun();
        network.connect(&mut clock, TO_BROKER, Process::Broker(BrokerId(1)));
        assert_eq!(network.take_next().map(|delivery| delivery.parcel), Some(Parcel::Opening));
        network.answer_opening(at(&mut clock, 1000), TO_BROKER, true);
        (network, clock)
    }

    /// A client is resumed in the very instant at which more arrives for it.
    #[test]
    fn what_was_held_comes_before_what_arrives_as_its_reader_goes_on() {
        let (mut network, mut clock) = opened();
        network.close(&mut clock, TO_BROKER, End::Acceptor);
        let held = network.take_next().expect("the client's own end is open");
        network.deliver_again(at(&mut clock, 2000), vec![held]);
        let order: Vec<Parcel> = std::iter::from_fn(|| network.take_next()).map(|delivery| delivery.parcel).collect();
        assert_eq!(order, [Parcel::Connected, Parcel::Disconnected { refused: false }]);
    }

    #[test]
    fn nothing_overtakes_what_a_slow_way_carries() {
        let (mut network, mut clock) = opened();
        let back = Way { from: Process::Broker(BrokerId(1)), to: Process::Client(ClientId(1)) };
        network.slow(back, 50_000);
        network.close(at(&mut clock, 5000), TO_BROKER, End::Acceptor);
        network.slow(back, 0);
        let arrivals: Vec<Instant> = network.under_way().map(|(at, _)| at).collect();
        assert_eq!(arrivals, [Instant(2000), Instant(56_000)]);
    }

    #[test]
    fn what_a_cut_way_keeps_arrives_when_it_is_mended() {
        let (mut network, mut clock) = begun();
        let there = Way { from: Process::Client(ClientId(1)), to: Process::Broker(BrokerId(1)) };
        network.cut(there);
        network.connect(&mut clock, TO_BROKER, Process::Broker(BrokerId(1)));
        assert_eq!(network.next(), None);
        assert!(network.is_cut(there) && !network.is_cut(there.back()));
        network.mend(at(&mut clock, 7000), there);
        assert_eq!(network.next().map(|(at, _)| at), Some(Instant(8000)));
    }
}
