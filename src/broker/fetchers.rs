//! Fetchers of a broker: begun and ended with what it follows, connected to leaders, and asking (`ReplicaFetcherManager`,
//! `RemoteLeaderEndPoint`).

use std::sync::Arc;

use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic, ForgottenTopic, ReplicaState};
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::{self as m, FetchRequest, ListOffsetsRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::ids::{BrokerId, ConnectionId, PartitionNo, Process};
use crate::node::Outbox;
use crate::time::{Instant, Now};
use crate::wire::{Body, Frame, Request};

use super::Broker;
use super::fetcher::{Asked, Fetched, Fetcher, InFlight, Link, Position, Told};

/// `ListOffsetsRequest.LATEST_TIMESTAMP` and `EARLIEST_TIMESTAMP`.
const LATEST: i64 = -1;
const EARLIEST: i64 = -2;

impl Broker {
    /// What this broker fetches of leaders, by leader.
    pub fn fetchers(&self) -> impl Iterator<Item = &Fetcher> {
        self.fetchers.values()
    }

    /// The fetcher whose connection this is.
    pub(super) fn fetcher_of(&self, connection: ConnectionId) -> Option<BrokerId> {
        let is_its = |fetcher: &&Fetcher| fetcher.connection() == Some(connection);
        self.fetchers.values().find(is_its).map(Fetcher::leader)
    }

    /// `addFetcherForPartitions`
    pub(super) fn start_fetching(&mut self, now: Now, no: PartitionNo, leader: BrokerId) {
        let Some((partition, around)) = self.replica_mut(now, no) else { return };
        let (fetch_offset, last_fetched_epoch) = partition.fetch_start(around.now.wall_ms());
        let fetched = Fetched {
            partition: no,
            topic_id: partition.topic_id(),
            fetch_offset,
            leader_epoch: partition.leader_epoch(),
            last_fetched_epoch,
            not_before: now.at,
            has_lag: false,
        };
        self.fetchers.entry(leader).or_insert_with(|| Fetcher::new(leader)).add(fetched);
    }

    /// `removeFetcherForPartitions`
    pub(super) fn stop_fetching(&mut self, no: PartitionNo) {
        for fetcher in self.fetchers.values_mut() {
            fetcher.remove(no);
        }
    }

    /// Fetchers without a partition end (`shutdownIdleFetcherThreads`), and all others go on.
    pub(super) fn settle_fetchers(&mut self, now: Now, out: &mut Outbox) {
        for leader in self.fetchers.keys().copied().collect::<Vec<_>>() {
            if !self.fetchers[&leader].partitions().is_empty() {
                self.drive_fetcher(now, leader, out);
            } else if let Some(connection) = self.fetchers.remove(&leader).and_then(|ended| ended.connection()) {
                out.close(connection);
            }
        }
    }

    fn socket_timeout(&self, now: Now) -> Instant {
        now.at.plus_millis(u64::try_from(self.config.replica_socket_timeout_ms).unwrap_or(0))
    }

    /// `replica.fetch.backoff.ms` from now.
    pub(super) fn fetch_backoff(&self, now: Now) -> Instant {
        now.at.plus_millis(u64::try_from(self.config.replica_fetch_backoff_ms).unwrap_or(0))
    }

    /// Lets a fetcher send what it has to, after it has connected.
    pub(super) fn drive_fetcher(&mut self, now: Now, leader: BrokerId, out: &mut Outbox) {
        let until = self.socket_timeout(now);
        let Some(fetcher) = self.fetchers.get_mut(&leader) else { return };
        if !fetcher.has_work(now.at) {
            return;
        }
        match fetcher.link {
            Link::Opening { .. } => {}
            Link::Closed => {
                let connection = ConnectionId { opener: Process::Broker(self.id), number: self.next_connection };
                self.next_connection += 1;
                fetcher.link = Link::Opening { connection, until };
                out.connect(connection, Process::Broker(leader));
            }
            Link::Open(connection) => {
                let (asked, request) = match self.fetchers[&leader].resets.front() {
                    Some(no) => (Asked::Latest(*no), self.offset_request(leader, *no, LATEST)),
                    None => self.fetch_request(now, leader),
                };
                self.send_to_leader(now, leader, connection, asked, request, out);
            }
        }
    }

    pub(super) fn ask_earliest(&mut self, now: Now, leader: BrokerId, no: PartitionNo, out: &mut Outbox) {
        let Some(Link::Open(connection)) = self.fetchers.get(&leader).map(Fetcher::link) else { return };
        let request = self.offset_request(leader, no, EARLIEST);
        self.send_to_leader(now, leader, connection, Asked::Earliest(no), request, out);
    }

    fn send_to_leader(
        &mut self,
        now: Now,
        leader: BrokerId,
        connection: ConnectionId,
        asked: Asked,
        request: Request,
        out: &mut Outbox,
    ) {
        let until = self.socket_timeout(now);
        let Some(fetcher) = self.fetchers.get_mut(&leader) else { return };
        let correlation_id = fetcher.next_correlation();
        let frame = Frame {
            version: request.api().java_version(),
            correlation_id,
            client_id: Arc::from(format!("broker-{}-fetcher-0", self.id.0)),
            body: Body::Request(request),
            cause: std::mem::take(&mut fetcher.cause),
        };
        fetcher.in_flight = Some(InFlight { correlation_id, until, asked });
        out.send(connection, Arc::new(frame));
    }

    /// `RemoteLeaderEndPoint.buildFetch`
    fn fetch_request(&mut self, now: Now, leader: BrokerId) -> (Asked, Request) {
        let mut positions = Vec::new();
        for fetched in self.fetchers[&leader].ready(now.at) {
            let Some(replica) = self.partitions.get(&fetched.partition) else { continue };
            let position = Position {
                topic_id: fetched.topic_id,
                fetch_offset: fetched.fetch_offset,
                log_start_offset: replica.log_start_offset(),
                leader_epoch: fetched.leader_epoch,
                last_fetched_epoch: fetched.last_fetched_epoch,
            };
            positions.push((fetched.partition, position));
        }
        let fetcher = self.fetchers.get_mut(&leader).expect("it was there a moment ago");
        let told = fetcher.session.next(&positions);
        let epoch = self.lifecycle.epoch().unwrap_or(-1);
        let me = ReplicaState::default().with_replica_id(m::BrokerId(self.id.0)).with_replica_epoch(epoch);
        let config = &self.config;
        let mut request = FetchRequest::default()
            .with_replica_state(me)
            .with_max_wait_ms(config.replica_fetch_wait_max_ms)
            .with_min_bytes(config.replica_fetch_min_bytes)
            .with_max_bytes(config.replica_fetch_response_max_bytes)
            .with_session_id(told.id)
            .with_session_epoch(told.epoch);
        fill(&mut request, &told, config.replica_fetch_max_bytes);
        (Asked::Fetch(positions), request.into())
    }

    /// `RemoteLeaderEndPoint.fetchOffset`
    fn offset_request(&self, leader: BrokerId, no: PartitionNo, timestamp: i64) -> Request {
        let epoch = self.fetchers[&leader].get(no).map_or(-1, |fetched| fetched.leader_epoch);
        let partition = ListOffsetsPartition::default()
            .with_partition_index(no.partition)
            .with_current_leader_epoch(epoch)
            .with_timestamp(timestamp);
        let name = self.partitions.get(&no).map(|it| it.log().topic_partition().topic.to_string());
        let topic = ListOffsetsTopic::default()
            .with_name(TopicName(StrBytes::from_string(name.unwrap_or_default())))
            .with_partitions(vec![partition]);
        ListOffsetsRequest::default().with_replica_id(m::BrokerId(self.id.0)).with_topics(vec![topic]).into()
    }

    pub(super) fn fetcher_connected(&mut self, now: Now, connection: ConnectionId, out: &mut Outbox) {
        let Some(leader) = self.fetcher_of(connection) else { return };
        if let Some(fetcher) = self.fetchers.get_mut(&leader) {
            fetcher.link = Link::Open(connection);
        }
        self.drive_fetcher(now, leader, out);
    }

    /// The connection is gone, or could not be opened. What was asked has failed; where nothing was, the next fetch connects.
    pub(super) fn fetcher_disconnected(&mut self, now: Now, connection: ConnectionId) {
        let Some(leader) = self.fetcher_of(connection) else { return };
        self.fail_fetcher(now, leader);
    }

    fn fail_fetcher(&mut self, now: Now, leader: BrokerId) {
        let until = self.fetch_backoff(now);
        let Some(fetcher) = self.fetchers.get_mut(&leader) else { return };
        let was_waiting = fetcher.in_flight.is_some() || matches!(fetcher.link, Link::Opening { .. });
        if was_waiting {
            fetcher.fail(now.at, until);
        } else {
            fetcher.link = Link::Closed;
        }
    }

    /// When a fetcher has something to do by itself.
    pub(super) fn fetchers_due(&self) -> Option<(Instant, BrokerId)> {
        self.fetchers.values().filter_map(|fetcher| Some((fetcher.due()?, fetcher.leader()))).min()
    }

    /// A fetcher's time has come: an answer is overdue (`replica.socket.timeout.ms`), or a back-off over.
    pub(super) fn fetcher_timer(&mut self, now: Now, leader: BrokerId, out: &mut Outbox) {
        let Some(fetcher) = self.fetchers.get(&leader) else { return };
        let waits = fetcher.in_flight.is_some() || matches!(fetcher.link, Link::Opening { .. });
        if waits {
            out.close(fetcher.connection().expect("it waits on a connection"));
            self.fail_fetcher(now, leader);
        }
        self.drive_fetcher(now, leader, out);
    }
}

fn fill(request: &mut FetchRequest, told: &Told, max_bytes: i32) {
    for (no, position) in &told.partitions {
        let partition = FetchPartition::default()
            .with_partition(no.partition)
            .with_current_leader_epoch(position.leader_epoch)
            .with_fetch_offset(position.fetch_offset)
            .with_last_fetched_epoch(position.last_fetched_epoch.unwrap_or(-1))
            .with_log_start_offset(position.log_start_offset)
            .with_partition_max_bytes(max_bytes);
        match request.topics.last_mut().filter(|topic| topic.topic_id == position.topic_id) {
            Some(topic) => topic.partitions.push(partition),
            None => {
                let topic = FetchTopic::default().with_topic_id(position.topic_id);
                request.topics.push(topic.with_partitions(vec![partition]));
            }
        }
    }
    for (no, topic_id) in &told.forgotten {
        let forgotten = ForgottenTopic::default().with_topic_id(*topic_id).with_partitions(vec![no.partition]);
        request.forgotten_topics_data.push(forgotten);
    }
}
