//! Produce (key 0), versions 3 to 13 (0 to 2 are announced, and close the connection): by name, from version 13 on by id.
//!
//! Checked in Kafka's order: is there such a partition, is it exactly one batch of format v2, `acks` -1, 0 or 1, no
//! internal topic, is this broker the leader, with `acks=all` enough replicas in sync, then what the log checks: size,
//! checksum, records, timestamps, producer epoch and sequence. One bad record refuses the whole batch and is named.
//! A batch that a producer sent before (one of its last five) is answered with the offset it got then.
//! `acks=0` is never answered; if it failed the connection is closed.
//! With `acks=all` the answer waits until the high watermark has passed what was written, in all partitions, or `timeoutMs` is
//! over: `REQUEST_TIMED_OUT` then, `NOT_ENOUGH_REPLICAS_AFTER_APPEND` when it is committed but too few are in sync by now,
//! `NOT_LEADER_OR_FOLLOWER` when this broker leads no more. Not built: transactions, whose batches are answered 53 without
//! and 48 with a transactional id.

use std::sync::Arc;

use kafka_protocol::messages::produce_response::{
    BatchIndexAndErrorMessage, LeaderIdAndEpoch, NodeEndpoint, PartitionProduceResponse, TopicProduceResponse,
};
use kafka_protocol::messages::{self as m, ProduceRequest, ProduceResponse, TopicName};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::controller::is_internal;
use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{ConnectionId, EventId, PartitionNo};
use crate::log::{AppendError, AppendInfo, AppendOrigin};
use crate::node::Outbox;
use crate::record::{BatchView, Batches, validate_produce_records};
use crate::sorted::SortedMap;
use crate::time::Now;
use crate::wire::Frame;

use super::Broker;
use super::answer::BrokerAnswer;
use super::connection::Origin;
use super::fetch::is_about_leader;
use super::parked::{Awaited, Parked};

/// Who may write to internal topics (`AdminUtils.ADMIN_CLIENT_ID`).
const ADMIN_CLIENT_ID: &str = "__admin_client";

/// Why a partition's batch was refused.
struct Refused {
    code: Code,
    /// Only some refusals say where the log starts.
    log_start_offset: i64,
    record_errors: Vec<(i32, String)>,
    message: Option<String>,
}

/// What became of a request's batches.
pub(super) struct Appended {
    pub(super) responses: Vec<TopicProduceResponse>,
    /// The last event that told of it.
    pub(super) last: EventId,
    /// What was written: with `acks=all` it is waited for.
    pub(super) awaited: Vec<Awaited>,
}

impl Appended {
    const fn refused(responses: Vec<TopicProduceResponse>, last: EventId) -> Appended {
        Appended { responses, last, awaited: Vec::new() }
    }
}

impl From<Code> for Refused {
    fn from(code: Code) -> Refused {
        Refused { code, log_start_offset: -1, record_errors: Vec::new(), message: None }
    }
}

impl Broker {
    pub(super) fn produce(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &ProduceRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let Appended { responses, last, awaited } = match self.scan(request) {
            Scan::Never => return BrokerAnswer::Park(Parked::Forever),
            Scan::Whole(code, message) => Appended::refused(refuse_all(request, code, message), frame.cause),
            Scan::Good => self.append_all(now, connection, frame, request, out),
        };
        let mut partitions = responses.iter().flat_map(|topic| &topic.partition_responses);
        let failed = partitions.any(|partition| partition.error_code != 0);
        match request.acks {
            0 if failed => BrokerAnswer::Close,
            0 => BrokerAnswer::Silence,
            -1 => self.await_replicas(now, connection, frame, Appended { responses, last, awaited }, out),
            _ => self.produced(frame.version, responses, last),
        }
    }

    pub(super) fn produced(&self, version: i16, responses: Vec<TopicProduceResponse>, last: EventId) -> BrokerAnswer {
        let mut response = ProduceResponse::default().with_responses(responses);
        if version >= 10 {
            self.add_leaders(version, &mut response);
        }
        BrokerAnswer::respond(response, last)
    }

    /// Appends what can be appended, partition by partition; gives the last event as well.
    fn append_all(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Frame,
        request: &ProduceRequest,
        out: &mut Outbox,
    ) -> Appended {
        let origin = Origin::of(connection, frame);
        let mut last = frame.cause;
        let (mut responses, mut awaited) = (Vec::new(), Vec::new());
        for (name, id, partitions) in by_topic(request) {
            let mut answer = TopicProduceResponse::default().with_name(name.clone()).with_topic_id(id);
            for (index, records) in partitions {
                let appended = match self.place(&name, id, index, frame.version) {
                    Err(code) => Err(code.into()),
                    Ok((no, internal)) => {
                        let appended = check_request(frame, request, internal, records)
                            .and_then(|()| self.append_to_led(now, no, records, request.acks));
                        last = self.tell(no, records, &appended, origin, out);
                        let appended = appended.map(|(info, _)| info);
                        if let Ok(info) = &appended {
                            let place = (responses.len(), answer.partition_responses.len());
                            awaited.push(Awaited { partition: no, offset: info.last_offset + 1, place });
                        }
                        appended
                    }
                };
                answer.partition_responses.push(described(index, appended));
            }
            responses.push(answer);
        }
        Appended { responses, last, awaited }
    }

    /// What Kafka finds before it looks at single partitions.
    fn scan(&self, request: &ProduceRequest) -> Scan {
        let all = || request.topic_data.iter().flat_map(|topic| &topic.partition_data);
        if all().any(|partition| partition.records.is_none()) {
            // Kafka's handler dies of a null pointer, and the request is never answered.
            return Scan::Never;
        }
        let mut transactional = false;
        for records in all().filter_map(|partition| partition.records.as_ref()) {
            for batch in Batches::of(records) {
                match batch {
                    Ok(batch) => transactional |= batch.magic() == 2 && !batch.is_short() && batch.is_transactional(),
                    Err(error) => return Scan::Whole(error.code(), error.message),
                }
            }
        }
        if !transactional {
            return Scan::Good;
        }
        match request.transactional_id {
            None => Scan::Whole(Code::TransactionalIdAuthorizationFailed, None),
            Some(_) => Scan::Whole(Code::InvalidTxnState, None),
        }
    }

    /// The partition asked for, and whether its topic is internal.
    fn place(&self, name: &TopicName, id: Uuid, index: i32, version: i16) -> Result<(PartitionNo, bool), Code> {
        let name: &str =
            if version >= 13 { self.image.topic_names.get(&id).ok_or(Code::UnknownTopicId)? } else { name.as_str() };
        let no = self.find_partition(name, index).ok_or(Code::UnknownTopicOrPartition)?;
        Ok((no, is_internal(name)))
    }

    /// Tells what became of a batch.
    fn tell(
        &mut self,
        no: PartitionNo,
        records: &[u8],
        appended: &Result<(AppendInfo, bool), Refused>,
        origin: Origin,
        out: &mut Outbox,
    ) -> EventId {
        let Origin { connection, correlation_id, cause, .. } = origin;
        let (partition, broker) = (no, self.id);
        let (info, raised) = match appended {
            Ok((info, raised)) => (info, *raised),
            Err(Refused { code, .. }) => {
                let code = *code;
                let kind = EventKind::AppendRefused { partition, broker, connection, correlation_id, code };
                return out.emit(cause, kind);
            }
        };
        let base_offset = u64::try_from(info.first_offset).expect("a batch that was accepted has an offset");
        if info.is_duplicate {
            let sequence = BatchView::new(records).base_sequence();
            let kind =
                EventKind::DuplicateFound { partition, broker, connection, correlation_id, base_offset, sequence };
            let found = out.emit(cause, kind);
            self.touch(no, raised, found, out);
            return found;
        }
        out.written += records.len() as u64;
        let records = u32::try_from(info.last_offset - info.first_offset + 1).expect("a batch's records");
        let kind = EventKind::BatchAppended { partition, broker, connection, correlation_id, base_offset, records };
        let appended = out.emit(cause, kind);
        self.touch(no, raised, appended, out);
        appended
    }

    /// `Partition.appendRecordsToLeader`; whether the high watermark moved as well.
    fn append_to_led(
        &mut self,
        now: Now,
        no: PartitionNo,
        records: &[u8],
        acks: i16,
    ) -> Result<(AppendInfo, bool), Refused> {
        self.leading(no, -1)?;
        let (partition, around) = self.replica_mut(now, no).expect("it is led here");
        let log_start_offset = partition.log_start_offset();
        if acks == -1 {
            partition.check_in_sync().map_err(|code| Refused { log_start_offset, ..code.into() })?;
        }
        partition.append(records, AppendOrigin::Client, around).map_err(|error| refused(error, log_start_offset))
    }

    /// Says who leads where this broker does not (KIP-951), so that the client can go there at once.
    fn add_leaders(&self, version: i16, response: &mut ProduceResponse) {
        let endpoints: &mut Vec<NodeEndpoint> = &mut response.node_endpoints;
        for topic in &mut response.responses {
            for partition in topic.partition_responses.iter_mut().filter(|it| is_about_leader(it.error_code)) {
                let place = self.place(&topic.name, topic.topic_id, partition.index, version);
                let Some((leader, epoch)) = place.ok().and_then(|(no, _)| self.known_leader(no)) else { continue };
                let id = m::BrokerId(leader.0);
                partition.current_leader = LeaderIdAndEpoch::default().with_leader_id(id).with_leader_epoch(epoch);
                let Some(broker) = self.image.brokers.get(&leader).filter(|broker| !broker.fenced) else { continue };
                if endpoints.iter().all(|endpoint| endpoint.node_id != id) {
                    let host = StrBytes::from_string(broker.host.to_string());
                    endpoints.push(NodeEndpoint::default().with_node_id(id).with_host(host).with_port(broker.port));
                }
            }
        }
    }
}

enum Scan {
    Good,
    /// All partitions are answered this.
    Whole(Code, Option<String>),
    Never,
}

type PartitionRecords<'a> = (i32, &'a [u8]);

/// Each partition once, in the request's order: of one that is named twice Kafka keeps the last.
fn by_topic(request: &ProduceRequest) -> Vec<(TopicName, Uuid, Vec<PartitionRecords<'_>>)> {
    let mut topics: Vec<(TopicName, Uuid, Vec<PartitionRecords<'_>>)> = Vec::new();
    let mut seen: SortedMap<(&TopicName, Uuid), usize> = SortedMap::new();
    for topic in &request.topic_data {
        let at = *seen.entry((&topic.name, topic.topic_id)).or_insert_with(|| {
            topics.push((topic.name.clone(), topic.topic_id, Vec::new()));
            topics.len() - 1
        });
        for partition in &topic.partition_data {
            let records: &[u8] = partition.records.as_ref().map_or(&[], |records| records);
            let partitions = &mut topics[at].2;
            match partitions.iter_mut().find(|(index, _)| *index == partition.index) {
                Some(known) => known.1 = records,
                None => partitions.push((partition.index, records)),
            }
        }
    }
    topics
}

/// `ProduceRequest.validateRecords`, then `ReplicaManager.appendRecords` up to the partition.
fn check_request(frame: &Frame, request: &ProduceRequest, internal: bool, records: &[u8]) -> Result<(), Refused> {
    validate_produce_records(frame.version, records).map_err(|error| Refused::from(error.code()))?;
    if !matches!(request.acks, -1..=1) {
        return Err(Code::InvalidRequiredAcks.into());
    }
    if internal && &*frame.client_id != ADMIN_CLIENT_ID {
        return Err(Code::InvalidTopicException.into());
    }
    Ok(())
}

/// What the log's refusal says in the response: the errors that Kafka expects say nothing of the log.
fn refused(error: AppendError, log_start_offset: i64) -> Refused {
    let code = error.code();
    let says_nothing = matches!(
        code,
        Code::MessageTooLarge | Code::RecordListTooLarge | Code::CorruptMessage | Code::KafkaStorageError
    );
    let record_errors: Vec<_> = error.record_errors.into_iter().map(|error| (error.index, error.message)).collect();
    let message = if record_errors.is_empty() { None } else { error.exception.message };
    Refused { code, log_start_offset: if says_nothing { -1 } else { log_start_offset }, record_errors, message }
}

fn described(index: i32, appended: Result<AppendInfo, Refused>) -> PartitionProduceResponse {
    let response = PartitionProduceResponse::default().with_index(index);
    match appended {
        Ok(info) => response
            .with_base_offset(info.first_offset)
            .with_log_append_time_ms(info.log_append_time)
            .with_log_start_offset(info.log_start_offset),
        Err(refused) => {
            let record_error = |(index, message): (i32, String)| {
                BatchIndexAndErrorMessage::default()
                    .with_batch_index(index)
                    .with_batch_index_error_message(Some(StrBytes::from_string(message)))
            };
            response
                .with_error_code(refused.code.code())
                .with_base_offset(-1)
                .with_log_append_time_ms(-1)
                .with_log_start_offset(refused.log_start_offset)
                .with_record_errors(refused.record_errors.into_iter().map(record_error).collect())
                .with_error_message(refused.message.map(StrBytes::from_string))
        }
    }
}

fn refuse_all(request: &ProduceRequest, code: Code, message: Option<String>) -> Vec<TopicProduceResponse> {
    let refuse = |(topic, id, partitions): (TopicName, Uuid, Vec<PartitionRecords<'_>>)| {
        let refused = |(index, _): PartitionRecords<'_>| {
            described(index, Err(Refused { message: message.clone(), ..code.into() }))
        };
        TopicProduceResponse::default()
            .with_name(topic)
            .with_topic_id(id)
            .with_partition_responses(partitions.into_iter().map(refused).collect())
    };
    by_topic(request).into_iter().map(refuse).collect()
}
