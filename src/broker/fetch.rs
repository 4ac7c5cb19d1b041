//! Fetch (key 1), versions 4 to 18: by name up to version 12, by id from 13 on.
//!
//! Answered at once when the wait is over before it begins, nothing is asked, there are `minBytes` to read, or a
//! partition has an error; else parked until one of these is so (`ReplicaManager.fetchMessages`, `DelayedFetch`).
//! Whole batches are returned, from the one that holds the offset: the client skips what it did not ask for. The first
//! partition that has anything returns at least one batch, whatever the limits say.
//! Per partition: 1 out of range, 3 or 100 unknown, 6 not the leader, 74 and 75 an old or a future leader epoch.
//! Simplified: only the leader is read from; no followers fetch; no rack; no divergence but an epoch that never was.

use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::fetch_response::{
    EpochEndOffset, FetchableTopicResponse, LeaderIdAndEpoch, NodeEndpoint, PartitionData,
};
use kafka_protocol::messages::{self as m, FetchRequest, FetchResponse, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{ConnectionId, EventId, PartitionNo};
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Frame, Request};

use super::Broker;
use super::answer::BrokerAnswer;
use super::fetch_session::{FetchContext, TopicKey, Wanted};
use super::parked::{Parked, ParkedFetch};
use super::partition::Isolation;

/// What reading all that a request wants gave.
struct ReadAll {
    data: Vec<(Wanted, PartitionData)>,
    bytes: i64,
    /// A partition that exists could not be read: the answer does not wait.
    failed: bool,
}

/// What the limits of a request are, in bytes.
#[derive(Clone, Copy)]
struct Limits {
    min_bytes: i64,
    max_bytes: i64,
    isolation: Isolation,
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
        let limits = self.limits(request);
        let read = self.read_all(&wanted, limits);
        if request.max_wait_ms <= 0 || wanted.is_empty() || read.bytes >= limits.min_bytes || read.failed {
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

    fn limits(&self, request: &FetchRequest) -> Limits {
        let max_bytes = i64::from(request.max_bytes.min(self.config.fetch_max_bytes));
        Limits {
            min_bytes: i64::from(request.min_bytes).min(max_bytes),
            max_bytes,
            isolation: Isolation::from_wire(request.isolation_level),
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
        let read = self.read_all(&fetch.wanted, self.limits(request));
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
                self.is_satisfied(fetch).then(|| (*id, fetch.clone(), *cause))
            })
            .collect();
        for (id, fetch, cause) in woken {
            self.finish_fetch(now, id, &fetch, cause, out);
        }
    }

    /// `DelayedFetch.tryComplete`: enough bytes are there, or a partition cannot be read any more.
    fn is_satisfied(&self, fetch: &ParkedFetch) -> bool {
        let Some(Request::Fetch(request)) = fetch.frame.request() else { return true };
        let limits = self.limits(request);
        let mut available = 0;
        for wanted in fetch.wanted.iter() {
            let Some(no) = self.partition_no(wanted) else { continue };
            match self.leading(no, wanted.current_leader_epoch) {
                Ok(partition) => {
                    available +=
                        partition.available(wanted.fetch_offset, limits.isolation).min(i64::from(wanted.max_bytes));
                }
                Err(_) => return true,
            }
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
            let read = self.read_one(no, wanted, left, at_least_one, limits.isolation);
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
        isolation: Isolation,
    ) -> Result<(PartitionData, i64), Code> {
        let partition = self.leading(no, wanted.current_leader_epoch)?;
        let data = PartitionData::default()
            .with_partition_index(wanted.partition)
            .with_high_watermark(partition.high_watermark())
            .with_last_stable_offset(partition.last_stable_offset())
            .with_log_start_offset(partition.log_start_offset())
            .with_preferred_read_replica(m::BrokerId(-1))
            .with_records(Some(Bytes::new()));
        if wanted.last_fetched_epoch >= 0 {
            let (epoch, end) = partition.end_offset_for(wanted.last_fetched_epoch).ok_or(Code::OffsetOutOfRange)?;
            if epoch < wanted.last_fetched_epoch || end < wanted.fetch_offset {
                let diverging = EpochEndOffset::default().with_epoch(epoch).with_end_offset(end);
                return Ok((data.with_diverging_epoch(diverging).with_aborted_transactions(None), 0));
            }
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
