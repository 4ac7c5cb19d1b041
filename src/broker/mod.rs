//! A broker: one file per API key that it answers, each opened by a card.
//!
//! A broker meets its clients, other brokers and the controller only in frames on connections. Requests of one connection
//! are handled and answered in order: one that waits holds back everything behind it. What waits is an entry with a
//! deadline, never a closure.
//!
//! High watermarks are written to disk every `replica.high.watermark.checkpoint.interval.ms`, as in Kafka: a killed broker has the
//! last ones again. All else on disk is whole, whenever a broker dies.
//! Simplified: no quotas, no authorization, one log directory, no tiered storage.

mod alterations;
mod answer;
mod api_versions;
mod connection;
mod controlled;
mod controller_channel;
mod delete_records;
mod dispatch;
mod fetch;
mod fetch_session;
mod fetcher;
mod fetchers;
mod find_coordinator;
mod group_call;
mod group_config;
mod group_errors;
mod groups;
mod groups_log;
mod init_producer_id;
mod isr;
mod leadership;
mod lifecycle;
mod list_offsets;
mod metadata;
mod offset_for_leader_epoch;
mod offsets;
mod parked;
mod produce;
mod producer_ids;
mod purpose;
mod replica;
mod replicating;
mod serving;
mod waiting;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::config::BrokerConfig;
use crate::coordinator::group::{GroupConfig, GroupCoordinator};
use crate::coordinator::runtime::CoordinatorRuntime;
use crate::ids::{BrokerId, ConnectionId, EventId, PartitionNo, Process};
use crate::image::MetadataImage;
use crate::log::PartitionLog;
use crate::node::{Input, Outbox};
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};

pub use connection::{Connection, Queued};
pub use fetch_session::{FetchSession, FetchSessions, SessionPartition, TopicKey, Wanted};
pub use fetcher::{Fetched, Fetcher, Link, Position};
pub use group_call::GroupCall;
pub use parked::{Awaited, Parked, ParkedDelete, ParkedFetch, ParkedProduce};
pub use replica::{Isr, Leading, Partition, Proposal, ReplicaState, Role};

use alterations::Alterations;
use controller_channel::ControllerChannel;
use group_config::group_config;
use lifecycle::Lifecycle;
use producer_ids::ProducerIds;

/// Where a broker is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BrokerPhase {
    /// No process: it takes nothing in, and no connection.
    Down,
    /// It waits for the controller to register it; no connection can be opened yet.
    Starting,
    Running,
    /// It gave up its leaderships and waits for the controller to say so; it still answers.
    Stopping,
}

/// A broker process and its disk.
#[derive(Clone, Debug)]
pub struct Broker {
    id: BrokerId,
    config: Arc<BrokerConfig>,
    phase: BrokerPhase,
    image: Arc<MetadataImage>,
    /// Its disk: these stay when the process dies.
    partitions: SortedMap<PartitionNo, Arc<Partition>>,
    connections: SortedMap<ConnectionId, Connection>,
    /// Connections whose next request is to be handled, since when, in order.
    ready: VecDeque<(Instant, ConnectionId)>,
    sessions: Arc<FetchSessions>,
    producer_ids: ProducerIds,
    group_config: Arc<GroupConfig>,
    /// The coordinators of groups, by partition of `__consumer_offsets`.
    groups: CoordinatorRuntime<GroupCoordinator>,
    /// Partitions at which something moved in this move, and the events that say so; empty between moves.
    touched: Vec<(PartitionNo, EventId)>,
    /// By leader.
    fetchers: SortedMap<BrokerId, Fetcher>,
    alterations: Alterations,
    /// When this life of the process got its first picture of the cluster.
    started: Instant,
    /// How many looks for lagging replicas are over.
    lag_checks: u64,
    /// Of the connections that this broker opens: each number once in a run, whichever life of the process it is.
    next_connection: u32,
    channel: ControllerChannel,
    lifecycle: Lifecycle,
}

impl Broker {
    /// A broker that runs and is registered in `image`, with an empty disk.
    pub fn new(id: BrokerId, config: &Arc<BrokerConfig>, image: &Arc<MetadataImage>) -> Broker {
        Broker {
            id,
            config: config.clone(),
            phase: BrokerPhase::Running,
            image: image.clone(),
            partitions: SortedMap::new(),
            connections: SortedMap::new(),
            ready: VecDeque::new(),
            sessions: Arc::new(FetchSessions::new(config.max_incremental_fetch_session_cache_slots)),
            producer_ids: ProducerIds::default(),
            group_config: Arc::new(group_config(config)),
            groups: CoordinatorRuntime::default(),
            touched: Vec::new(),
            fetchers: SortedMap::new(),
            alterations: Alterations::default(),
            started: Instant::ZERO,
            lag_checks: 0,
            next_connection: 0,
            channel: ControllerChannel::default(),
            lifecycle: Lifecycle::registered(image.brokers.get(&id).map_or(-1, |registered| registered.epoch)),
        }
    }

    pub const fn id(&self) -> BrokerId {
        self.id
    }

    pub const fn phase(&self) -> BrokerPhase {
        self.phase
    }

    /// Whether a client can open a connection: the acceptors start once the controller has registered the broker, and
    /// stop when it stops.
    pub fn accepts_connections(&self) -> bool {
        matches!(self.phase, BrokerPhase::Running | BrokerPhase::Stopping)
    }

    /// The cluster as this broker knows it.
    pub const fn image(&self) -> &Arc<MetadataImage> {
        &self.image
    }

    /// The replicas on this broker's disk.
    pub const fn partitions(&self) -> &SortedMap<PartitionNo, Arc<Partition>> {
        &self.partitions
    }

    /// A door for tests that break a run on purpose.
    #[doc(hidden)]
    pub fn door_to_log(&mut self, partition: PartitionNo) -> Option<&mut PartitionLog> {
        self.partitions.get_mut(&partition).map(|replica| Arc::make_mut(replica).door_to_log())
    }

    /// Open connections: what waits on them, and what is queued behind.
    pub const fn connections(&self) -> &SortedMap<ConnectionId, Connection> {
        &self.connections
    }

    pub fn fetch_sessions(&self) -> &FetchSessions {
        &self.sessions
    }

    /// Takes in one thing, or does the earliest piece of work that is due. A broker that is down takes in nothing.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        if self.phase == BrokerPhase::Down {
            return;
        }
        let lag_check_is_due = self.lag_check_due().is_some_and(|due| due <= now.at);
        match input {
            Input::Timer => self.handle_timer(now, out),
            Input::Frame(connection, frame) if self.channel.is(connection) => {
                self.controller_answered(now, &frame, out);
            }
            Input::Frame(connection, frame) if connection.opener == Process::Broker(self.id) => {
                self.fetcher_answered(now, connection, &frame, out);
            }
            Input::Frame(connection, frame) => self.handle_frame(now, connection, frame, None, out),
            Input::Answered(connection, frame, response, event) => {
                self.handle_frame(now, connection, frame, Some((*response, event)), out);
            }
            Input::Connected(connection) if self.channel.is(connection) => self.channel.connected(now, out),
            Input::Disconnected(connection) if self.channel.is(connection) => self.channel.lost(now),
            Input::Connected(connection) if connection.opener == Process::Broker(self.id) => {
                self.fetcher_connected(now, connection, out);
            }
            Input::Connected(connection) => {
                self.connections.insert(connection, Connection::default());
            }
            Input::Disconnected(connection) if connection.opener == Process::Broker(self.id) => {
                self.fetcher_disconnected(now, connection);
                self.settle_fetchers(now, out);
            }
            Input::Disconnected(connection) => self.forget(connection),
            Input::Image(image) => self.handle_image(now, image, out),
        }
        // Who waits for records is answered after who brought them.
        while !self.touched.is_empty() {
            let touched = std::mem::take(&mut self.touched);
            self.coordinators_committed(now, &touched, out);
            self.wake(now, &touched, out);
        }
        if !lag_check_is_due {
            self.pass_lag_checks(now);
        }
    }

    /// When this broker next has something to do by itself.
    pub fn next_timeout(&self) -> Option<Instant> {
        if self.phase == BrokerPhase::Down {
            return None;
        }
        let ready = self.ready.front().map(|(since, _)| *since);
        let parked = self.connections.values().filter_map(Connection::deadline).min();
        let own = [
            self.channel.next_timeout(),
            self.lifecycle.due(),
            self.fetchers_due().map(|(due, _)| due),
            self.alterations_due(),
            self.lag_check_due(),
        ];
        ready.into_iter().chain(parked).chain(self.coordinators_timeout()).chain(own.into_iter().flatten()).min()
    }

    /// Whether it does nothing by itself but say that it lives.
    pub fn is_at_rest(&self) -> bool {
        let waits = |connection: &Connection| connection.deadline().is_some();
        self.phase == BrokerPhase::Running
            && self.ready.is_empty()
            && self.coordinators_timeout().is_none()
            && self.channel.is_at_rest()
            && self.fetchers.is_empty()
            && self.alterations_due().is_none()
            && self.lag_check_due().is_none()
            && !self.connections.values().any(waits)
    }

    fn handle_timer(&mut self, now: Now, out: &mut Outbox) {
        if let Some((_, connection)) = self.ready.pop_front() {
            self.serve_next(now, connection, out);
            return;
        }
        let due = |(_, connection): &(&ConnectionId, &Connection)| {
            connection.deadline().is_some_and(|deadline| deadline <= now.at)
        };
        // The earliest deadline; of equal ones the lower connection, and coordinators after them.
        let first = self.connections.iter().filter(due).min_by_key(|(id, connection)| (connection.deadline(), **id));
        match first.map(|(id, connection)| (*id, connection.deadline())) {
            Some((connection, deadline))
                if self.coordinators_timeout().is_none_or(|timeout| deadline <= Some(timeout)) =>
            {
                self.deadline_passed(now, connection, out);
            }
            _ if self.coordinators_timeout().is_some_and(|timeout| timeout <= now.at) => {
                self.coordinator_timer(now, out);
            }
            _ if self.lifecycle.due().is_some_and(|due| due <= now.at) => self.lifecycle_due(now, out),
            _ if self.channel.next_timeout().is_some_and(|due| due <= now.at) => {
                self.channel.on_timer(now, self.id, &mut self.next_connection, out);
            }
            _ => self.replication_timer(now, out),
        }
    }

    fn replication_timer(&mut self, now: Now, out: &mut Outbox) {
        if let Some((_, leader)) = self.fetchers_due().filter(|(due, _)| *due <= now.at) {
            self.fetcher_timer(now, leader, out);
        } else if self.alterations_due().is_some_and(|due| due <= now.at) {
            self.alterations_timer(now, out);
        } else if self.lag_check_due().is_some_and(|due| due <= now.at) {
            self.check_lag(now, out);
        }
    }

    /// Begins to run again after a crash or a stop: asks the controller to register it. Its logs are read again, and
    /// what lives only in memory is rebuilt from them when it becomes leader.
    pub fn start(&mut self, now: Now, cause: EventId) {
        assert_eq!(self.phase, BrokerPhase::Down, "a broker that runs cannot be started");
        self.phase = BrokerPhase::Starting;
        // What it knew of the cluster is old: all that the next picture says is news.
        self.image = Arc::default();
        self.lifecycle.start(now, cause);
        self.channel = ControllerChannel::default();
    }

    /// Begins a controlled shutdown: the broker is down when the controller has let it go.
    pub fn stop(&mut self, now: Now, cause: EventId) {
        assert_eq!(self.phase, BrokerPhase::Running, "only a broker that runs can be stopped");
        self.phase = BrokerPhase::Stopping;
        self.lifecycle.hurry(now, cause);
    }

    /// SIGKILL: all but the disk is gone. The operating system resets the connections; that is the network's part.
    pub fn crash(&mut self, now: Now) {
        if self.phase != BrokerPhase::Down {
            self.end(now, false);
        }
    }

    /// The process ends; `in_order`: by a controlled shutdown.
    fn end(&mut self, now: Now, in_order: bool) {
        self.phase = BrokerPhase::Down;
        self.lifecycle.end(in_order);
        self.channel = ControllerChannel::default();
        self.fetchers.clear();
        self.alterations = Alterations::default();
        self.connections.clear();
        self.ready.clear();
        self.sessions = Arc::new(FetchSessions::new(self.config.max_incremental_fetch_session_cache_slots));
        self.producer_ids = ProducerIds::default();
        self.groups = CoordinatorRuntime::default();
        let checkpoint = self.checkpoint_number(now);
        for partition in self.partitions.values_mut() {
            Arc::make_mut(partition).resign(checkpoint, in_order);
        }
    }

    /// The controller has let this broker go.
    fn shut_down(&mut self, now: Now, out: &mut Outbox) {
        let own = self.fetchers.values().filter_map(Fetcher::connection);
        for connection in self.connections.keys().copied().chain(own) {
            out.close(connection);
        }
        self.end(now, true);
    }
}
