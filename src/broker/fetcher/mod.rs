//! A follower's fetcher: it asks one leader for all that this broker follows it in, one request at a time
//! (`ReplicaFetcherThread`, `AbstractFetcherThread`). What it does with answers stands in `replicating`.
//!
//! Simplified: one fetcher for each leader (`num.replica.fetchers` 1); no quotas.

mod session;

use std::collections::VecDeque;

use uuid::Uuid;

use crate::ids::{BrokerId, ConnectionId, EventId, PartitionNo};
use crate::time::Instant;

pub use session::Position;
use session::Session;
pub(super) use session::Told;

/// The connection to the leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    Closed,
    Opening { connection: ConnectionId, until: Instant },
    Open(ConnectionId),
}

/// What was asked and is not answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    /// With what each partition of the session was asked for.
    Fetch(Vec<(PartitionNo, Position)>),
    /// An offset was out of range: where the leader's log ends, then where it begins.
    Latest(PartitionNo),
    Earliest(PartitionNo),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct InFlight {
    pub correlation_id: i32,
    pub until: Instant,
    pub asked: Asked,
}

/// A partition that is fetched (`PartitionFetchState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fetched {
    pub partition: PartitionNo,
    pub topic_id: Uuid,
    pub fetch_offset: i64,
    pub leader_epoch: i32,
    pub last_fetched_epoch: Option<i32>,
    /// After an error it is left alone until then.
    pub not_before: Instant,
    /// It was answered once.
    pub(super) has_lag: bool,
}

/// One leader's fetcher.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fetcher {
    pub(super) leader: BrokerId,
    pub(super) link: Link,
    pub(super) in_flight: Option<InFlight>,
    pub(super) session: Session,
    /// In the order in which they are asked for; what was answered moves to the end.
    partitions: Vec<Fetched>,
    /// Whose offset was out of range: the leader is asked where its log begins and ends.
    pub(super) resets: VecDeque<PartitionNo>,
    next_correlation: i32,
    /// What the next request brings news of; none: nothing happened since.
    pub(super) cause: EventId,
}

impl Fetcher {
    pub(super) fn new(leader: BrokerId) -> Fetcher {
        Fetcher {
            leader,
            link: Link::Closed,
            in_flight: None,
            session: Session::default(),
            partitions: Vec::new(),
            resets: VecDeque::new(),
            next_correlation: 0,
            cause: EventId::NONE,
        }
    }

    pub const fn leader(&self) -> BrokerId {
        self.leader
    }

    pub const fn link(&self) -> Link {
        self.link
    }

    /// What it fetches, in the order in which it asks.
    pub fn partitions(&self) -> &[Fetched] {
        &self.partitions
    }

    /// The connection, open or being opened.
    pub(super) const fn connection(&self) -> Option<ConnectionId> {
        match self.link {
            Link::Closed => None,
            Link::Opening { connection, .. } | Link::Open(connection) => Some(connection),
        }
    }

    pub(super) fn get(&self, partition: PartitionNo) -> Option<&Fetched> {
        self.partitions.iter().find(|fetched| fetched.partition == partition)
    }

    /// `addPartitions`: one that is fetched in this epoch already goes on as it is.
    pub(super) fn add(&mut self, fetched: Fetched) {
        let known = self.remove(fetched.partition);
        let goes_on = known.filter(|known| known.leader_epoch == fetched.leader_epoch);
        self.partitions.push(goes_on.unwrap_or(fetched));
    }

    pub(super) fn remove(&mut self, partition: PartitionNo) -> Option<Fetched> {
        let at = self.partitions.iter().position(|fetched| fetched.partition == partition)?;
        self.resets.retain(|reset| *reset != partition);
        Some(self.partitions.remove(at))
    }

    /// Its state is this now, and its turn comes last (`updateAndMoveToEnd`).
    pub(super) fn move_to_end(&mut self, fetched: Fetched) {
        if let Some(at) = self.partitions.iter().position(|known| known.partition == fetched.partition) {
            self.partitions.remove(at);
            self.partitions.push(fetched);
        }
    }

    /// `delayPartitions`: left alone until then, unless it is already.
    pub(super) fn delay(&mut self, partition: PartitionNo, now: Instant, until: Instant) {
        if let Some(fetched) = self.get(partition).copied().filter(|fetched| fetched.not_before <= now) {
            self.move_to_end(Fetched { not_before: until, ..fetched });
        }
    }

    /// Nothing came back: the connection is given up, and all is left alone until then.
    pub(super) fn fail(&mut self, now: Instant, until: Instant) {
        self.link = Link::Closed;
        self.in_flight = None;
        self.session.begin_anew();
        self.resets.clear();
        for partition in self.partitions.iter().map(|it| it.partition).collect::<Vec<_>>() {
            self.delay(partition, now, until);
        }
    }

    /// What may be asked for now.
    pub(super) fn ready(&self, now: Instant) -> impl Iterator<Item = &Fetched> {
        let waits = move |fetched: &&Fetched| fetched.not_before <= now && !self.resets.contains(&fetched.partition);
        self.partitions.iter().filter(waits)
    }

    /// Whether it has something to send, once it may.
    pub(super) fn has_work(&self, now: Instant) -> bool {
        self.in_flight.is_none() && (!self.resets.is_empty() || self.session.has_something(self.ready(now).count()))
    }

    /// When it has something to do by itself.
    pub(super) fn due(&self) -> Option<Instant> {
        match (&self.in_flight, self.link) {
            (Some(in_flight), _) => Some(in_flight.until),
            (None, Link::Opening { until, .. }) => Some(until),
            (None, _) => self.partitions.iter().map(|fetched| fetched.not_before).min(),
        }
    }

    pub(super) fn next_correlation(&mut self) -> i32 {
        let id = self.next_correlation;
        self.next_correlation = id.wrapping_add(1) & i32::MAX;
        id
    }
}
