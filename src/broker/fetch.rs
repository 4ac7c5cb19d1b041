//! Fetch (key 1), versions 4 to 18: by name up to version 12, by id from 13 on.
//!
//! Answered at once when the wait is over before it begins, nothing is asked, there are `minBytes` to read, or a
//! partition has an error; else parked until one of these is so (`ReplicaManager.fetchMessages`, `DelayedFetch`).
//! Whole batches are returned, from the one that holds the offset: the client skips what it did not ask for. The first
//! partition that has anything returns at least one batch, whatever the limits say.
//! A follower (`replicaId`) reads to the log's end, only of the leader; what it asks for says how far it has come, which may move
//! the high watermark and the ISR. A consumer reads below the high watermark, from version 11 on also of a follower (KIP-392).
//! A reader whose history is another one is told where its own ends (`divergingEpoch`).
//! Per partition: 1 out of range, 3 or 100 unknown, 6 not the leader, 74 and 75 an old or a future leader epoch; 75 also a
//! follower that is none of the replicas.
//! Simplified: no preferred read replicas.

use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::fetch_response::{
    EpochEndOffset, FetchableTopicResponse, LeaderIdAndEpoch, NodeEndpoint, PartitionData,
};
use kafka_protocol::messages::{self as m, FetchRequest, FetchResponse, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{BrokerId, ConnectionId, EventId, PartitionNo};
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Frame, Request};

use super::Broker;
use super::answer::BrokerAnswer;
use super::fetch_session::{FetchContext, TopicKey, Wanted};
use super::parked::{Parked, ParkedFetch};
use super::replica::{FollowerFetch, Isolation, Partition};

/// The first version in which a consumer may read of a follower (KIP-392).
const FIRST_OF_FOLLOWERS: i16 = 11;

/// What reading all that a request wants gave.
struct ReadAll {
    data: Vec<(Wanted, PartitionData)>,
    bytes: i64,
    /// A partition that exists could not be read: the answer does not wait.
    failed: bool,
}

/// Who reads, how far, and what the limits are, in bytes (`FetchParams`).
#[derive(Clone, Copy)]
struct Limits {
    min_bytes: i64,
    max_bytes: i64,
    isolation: Isolation,
    /// A follower, with its broker epoch; none: a consumer.
    replica: Option<(BrokerId, i64)>,
    only_leader: bool,
}

impl Broker {
    pub(super) fn fetch(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &FetchRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let (context, wanted) = match Arc::make_mut(&mut self.sessions).begin(now.at, frame.version, request) {
            Ok(begun) => begun,
            Err(code) => {
                return BrokerAnswer::respond(FetchResponse::default().with_error_code(code.code()), frame.cause);
            }
        };
        let limits = self.limits(frame.version, request);
        let mut read = self.read_all(&wanted, limits);
        if let Some((replica, epoch)) = limits.replica {
            self.note_progress(now, replica, epoch, &mut read, frame.cause, out);
        }
        if request.max_wait_ms <= 0 || wanted.is_empty() || read.bytes >= limits.min_bytes || read.failed {
            return self.fetched(now, connection, frame, context, read, frame.cause, out);
        }
        if self.is_satisfied(&wanted, limits) {
            let read = self.read_all(&wanted, limits);
            return self.fetched(now, connection, frame, context, read, frame.cause, out);
        }
        let until = now.at.plus_millis(u64::from(request.max_wait_ms.unsigned_abs()));
        let event = out.emit(
            frame.cause,
            EventKind::FetchParked { broker: self.id, connection, correlation_id: frame.correlation_id, until },
        );
        let frame = frame.clone();
        BrokerAnswer::Park(Parked::Fetch(ParkedFetch { frame, until, wanted: wanted.into(), context, event }))
    }

    fn limits(&self, version: i16, request: &FetchRequest) -> Limits {
        let max_bytes = i64::from(request.max_bytes.min(self.config.fetch_max_bytes));
        // From version 15 on a follower says so in a field of its own (KIP-903).
        let (id, epoch) = match request.replica_state.replica_id.0 {
            -1 => (request.replica_id.0, -1),
            id => (id, request.replica_state.replica_epoch),
        };
        let replica = (id >= 0).then_some((BrokerId(id), epoch));
        let isolation = Isolation::from_wire(request.isolation_level);
        Limits {
            min_bytes: i64::from(request.min_bytes).min(max_bytes),
            max_bytes,
            isolation: if replica.is_some() { Isolation::LogEnd } else { isolation },
            replica,
            only_leader: replica.is_some() || version < FIRST_OF_FOLLOWERS,
        }
    }

    /// `Partition.updateFollowerFetchState` of all that a follower reads: what it asks for, it has all before.
    fn note_progress(
        &mut self,
        now: Now,
        replica: BrokerId,
        broker_epoch: i64,
        read: &mut ReadAll,
        cause: EventId,
        out: &mut Outbox,
    ) {
        for (wanted, data) in &mut read.data {
            let Some(no) = self.partition_no(wanted).filter(|_| is_plain(data)) else { continue };
            let Some((partition, around)) = self.replica_mut(now, no) else { continue };
            let (offset, log_start_offset) = (wanted.fetch_offset, wanted.log_start_offset);
            let fetch = FollowerFetch { offset, log_start_offset, broker_epoch };
            let end = partition.log_end_offset();
            match partition.follower_fetched(replica, fetch, end, around) {
                Ok(followed) => {
                    if followed.raised || followed.low_watermark_moved {
                        self.touch(no, followed.raised, cause, out);
                    }
                    if followed.proposed {
                        self.alter_isr(now, no, cause, out);
                    }
                }
                Err(code) => {
                    *data = failed(wanted.partition, code);
                    read.failed = true;
                }
            }
        }
    }

    /// The wait is over, or there is what it waited for.
    pub(super) fn finish_fetch(
        &mut self,
        now: Now,
        connection: ConnectionId,
        fetch: &ParkedFetch,
        cause: EventId,
        out: &mut Outbox,
    ) {
        let Some(Request::Fetch(request)) = fetch.frame.request() else { return };
        let read = self.read_all(&fetch.wanted, self.limits(fetch.frame.version, request));
        let answer = self.fetched(now, connection, &fetch.frame, fetch.context, read, cause, out);
        self.finish_parked(now, connection, &fetch.frame, answer, out);
    }

    /// Answers the parked fetches that wait for one of these partitions and now have enough, or cannot go on.
    pub(super) fn wake_fetches(&mut self, now: Now, changed: &[(PartitionNo, EventId)], out: &mut Outbox) {
        let woken: Vec<_> = self
            .connections
            .iter()
            .filter_map(|(id, connection)| {
                let Some(Parked::Fetch(fetch)) = connection.parked() else { return None };
                let of = |wanted: &Wanted| {
                    let no = self.partition_no(wanted);
                    changed.iter().find(|(changed, _)| Some(*changed) == no)
                };
                let (_, cause) = fetch.wanted.iter().find_map(of)?;
                let Some(Request::Fetch(request)) = fetch.frame.request() else { return None };
                let limits = self.limits(fetch.frame.version, request);
                self.is_satisfied(&fetch.wanted, limits).then(|| (*id, fetch.clone(), *cause))
            })
            .collect();
        for (id, fetch, cause) in woken {
            self.finish_fetch(now, id, &fetch, cause, out);
        }
    }

    /// `DelayedFetch.tryComplete`: enough bytes are there, or a partition cannot be read on: its leader changed, the reader is
    /// beyond what it may see, or its history and this log's part.
    fn is_satisfied(&self, all: &[Wanted], limits: Limits) -> bool {
        let mut available = 0;
        for wanted in all {
            let Some(no) = self.partition_no(wanted) else { continue };
            let Ok(partition) = self.readable(no, wanted.current_leader_epoch, limits.only_leader) else { return true };
            let parts = partition.divergence(wanted.last_fetched_epoch, wanted.fetch_offset);
            if parts != Ok(None) || wanted.fetch_offset > partition.fetchable_end(limits.isolation) {
                return true;
            }
            available += partition.available(wanted.fetch_offset, limits.isolation).min(i64::from(wanted.max_bytes));
        }
        available >= limits.min_bytes
    }

    fn read_all(&self, wanted: &[Wanted], limits: Limits) -> ReadAll {
        let mut all = ReadAll { data: Vec::with_capacity(wanted.len()), bytes: 0, failed: false };
        let mut left = limits.max_bytes;
        for wanted in wanted {
            let Some(no) = self.partition_no(wanted) else {
                let code = match &wanted.topic {
                    TopicKey::Id(id) if !self.image.topic_names.contains_key(id) => Code::UnknownTopicId,
                    TopicKey::Id(_) | TopicKey::Name(_) => Code::UnknownTopicOrPartition,
                };
                all.data
                    .push((wanted.clone(), failed(wanted.partition, code).with_aborted_transactions(Some(Vec::new()))));
                continue;
            };
            let at_least_one = all.bytes == 0;
            let read = self.read_one(no, wanted, left, at_least_one, limits);
            let (data, bytes) = read.unwrap_or_else(|code| {
                all.failed = true;
                (failed(wanted.partition, code), 0)
            });
            all.failed |= data.diverging_epoch.epoch >= 0;
            all.bytes += bytes;
            left = (left - bytes).max(0);
            all.data.push((wanted.clone(), data));
        }
        all
    }

    /// `Partition.fetchRecords`, `UnifiedLog.read`.
    fn read_one(
        &self,
        no: PartitionNo,
        wanted: &Wanted,
        max_bytes: i64,
        at_least_one: bool,
        limits: Limits,
    ) -> Result<(PartitionData, i64), Code> {
        let isolation = limits.isolation;
        let partition = self.readable(no, wanted.current_leader_epoch, limits.only_leader)?;
        if let Some((replica, _)) = limits.replica {
            check_replica(partition, replica, wanted)?;
        }
        let data = PartitionData::default()
            .with_partition_index(wanted.partition)
            .with_high_watermark(partition.high_watermark())
            .with_last_stable_offset(partition.last_stable_offset())
            .with_log_start_offset(partition.log_start_offset())
            .with_preferred_read_replica(m::BrokerId(-1))
            .with_records(Some(Bytes::new()));
        if let Some((epoch, end)) = partition.divergence(wanted.last_fetched_epoch, wanted.fetch_offset)? {
            let diverging = EpochEndOffset::default().with_epoch(epoch).with_end_offset(end);
            return Ok((data.with_diverging_epoch(diverging).with_aborted_transactions(None), 0));
        }
        let max_bytes = max_bytes.min(i64::from(wanted.max_bytes));
        let (records, bytes) = partition.read(wanted.fetch_offset, max_bytes, at_least_one, isolation)?;
        // No transaction is built, so none was aborted: null where nobody asked.
        let aborted = (isolation == Isolation::ReadCommitted).then(Vec::new);
        Ok((data.with_records(Some(records)).with_aborted_transactions(aborted), bytes))
    }

    #[allow(clippy::too_many_arguments, reason = "all that an answer says")]
    fn fetched(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Frame,
        context: FetchContext,
        read: ReadAll,
        cause: EventId,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let event = out.emit(
            cause,
            EventKind::FetchAnswered {
                broker: self.id,
                connection,
                correlation_id: frame.correlation_id,
                bytes: u32::try_from(read.bytes).unwrap_or(u32::MAX),
            },
        );
        let sessions = Arc::make_mut(&mut self.sessions);
        let (session_id, data) = match sessions.finish(now.at, frame.version, context, read.data, &mut out.rng) {
            Ok(told) => told,
            Err(code) => return BrokerAnswer::respond(FetchResponse::default().with_error_code(code.code()), event),
        };
        let mut response = FetchResponse::default().with_session_id(session_id);
        for (wanted, mut data) in data {
            if frame.version >= 16 && is_about_leader(data.error_code) {
                self.add_leader(&wanted, &mut data, &mut response.node_endpoints);
            }
            let topic = topic_of(&wanted.topic);
            match response.responses.last_mut() {
                Some(last) if last.topic == topic.topic && last.topic_id == topic.topic_id => {
                    last.partitions.push(data);
                }
                _ => response.responses.push(topic.with_partitions(vec![data])),
            }
        }
        BrokerAnswer::respond(response, event)
    }

    /// Says who leads (KIP-951), so that the client can go there at once.
    fn add_leader(&self, wanted: &Wanted, data: &mut PartitionData, endpoints: &mut Vec<NodeEndpoint>) {
        let Some((leader, epoch)) = self.partition_no(wanted).and_then(|no| self.known_leader(no)) else { return };
        data.current_leader =
            LeaderIdAndEpoch::default().with_leader_id(m::BrokerId(leader.0)).with_leader_epoch(epoch);
        let Some(broker) = self.image.brokers.get(&leader).filter(|broker| !broker.fenced) else { return };
        if endpoints.iter().all(|endpoint| endpoint.node_id.0 != leader.0) {
            endpoints.push(
                NodeEndpoint::default()
                    .with_node_id(m::BrokerId(leader.0))
                    .with_host(StrBytes::from_string(broker.host.to_string()))
                    .with_port(broker.port),
            );
        }
    }

    /// The partition that is wanted, when this broker's image has it.
    fn partition_no(&self, wanted: &Wanted) -> Option<PartitionNo> {
        let name = match &wanted.topic {
            TopicKey::Name(name) => name,
            TopicKey::Id(id) => self.image.topic_names.get(id)?,
        };
        self.find_partition(name, wanted.partition)
    }
}

/// Neither an error nor a divergence: the reader has all before what it asked for.
fn is_plain(data: &PartitionData) -> bool {
    data.error_code == Code::None.code() && data.diverging_epoch.epoch < 0
}

/// `Partition.followerReplicaOrThrow`: who says it is a follower is one of the replicas. Errors: 75, so that it asks again when
/// this broker may know; 6 for one that knows no leader epoch.
fn check_replica(partition: &Partition, replica: BrokerId, wanted: &Wanted) -> Result<(), Code> {
    let is_known = partition.leading().is_some_and(|leading| leading.followers.contains_key(&replica));
    match wanted.current_leader_epoch {
        _ if is_known => Ok(()),
        0.. => Err(Code::UnknownLeaderEpoch),
        _ => Err(Code::NotLeaderOrFollower),
    }
}

pub(super) fn is_about_leader(code: i16) -> bool {
    [Code::NotLeaderOrFollower, Code::FencedLeaderEpoch].iter().any(|about| about.code() == code)
}

fn failed(partition: i32, code: Code) -> PartitionData {
    PartitionData::default()
        .with_partition_index(partition)
        .with_error_code(code.code())
        .with_high_watermark(-1)
        .with_last_stable_offset(-1)
        .with_log_start_offset(-1)
        .with_aborted_transactions(None)
        .with_preferred_read_replica(m::BrokerId(-1))
        .with_records(Some(Bytes::new()))
}

fn topic_of(key: &TopicKey) -> FetchableTopicResponse {
    match key {
        TopicKey::Name(name) => {
            FetchableTopicResponse::default().with_topic(TopicName(StrBytes::from_string(name.to_string())))
        }
        TopicKey::Id(id) => FetchableTopicResponse::default().with_topic_id(*id),
    }
}
