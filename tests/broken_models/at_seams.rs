//! Ways in which a run is broken from outside, each at a seam: an event as it is handed out, a message on its way, the
//! bytes of a log, a picture of the cluster, or what a producer keeps.

use std::sync::Arc;

use bytes::Bytes;
use partita::consumer_protocol::{Assignment, VERSION};
use partita::coordinator::group::GroupRecord;
use partita::event::{Event, EventKind};
use partita::ids::{BrokerId, ClientId, EventId, PartitionNo, TopicPartition};
use partita::log::LogConfig;
use partita::record::{Batches, crc32c, set_base_offset};
use partita::simulation::Simulation;
use partita::wire::{Api, Body, Frame, Request, Response};

/// Breaks a run after one of its moves.
pub type Break = fn(&mut Seams<'_>);

/// What a run that is broken keeps from move to move.
#[derive(Default)]
pub struct Memory {
    /// The number of the newest message on its way that was looked at.
    newest_delivery: u64,
    newest_picture: u64,
    /// Batches of the producer whose second one is damaged.
    batches: u32,
}

/// Where a run can be broken, after a move.
pub struct Seams<'a> {
    pub simulation: &'a mut Simulation,
    /// The number of the move's first event.
    pub first: EventId,
    pub events: &'a mut Vec<Event>,
    pub memory: &'a mut Memory,
}

impl Seams<'_> {
    /// Rewrites each message that the move has sent, with its client.
    fn rewrite(&mut self, mut how: impl FnMut(ClientId, &mut Body)) {
        let before = self.memory.newest_delivery;
        for (number, delivery) in
            self.simulation.door_to_cluster().door_to_deliveries().filter(|(number, _)| *number > before)
        {
            self.memory.newest_delivery = self.memory.newest_delivery.max(number);
            let Some(client) = delivery.connection.client() else { continue };
            if let partita::network::Parcel::Frame(frame) = &mut delivery.parcel {
                let frame: &mut Frame = Arc::make_mut(frame);
                how(client, &mut frame.body);
            }
        }
    }

    /// Rewrites the records in each Produce request that a client has sent.
    fn rewrite_produced(&mut self, client: &str, mut how: impl FnMut(&mut Vec<u8>)) {
        let wanted = self.simulation.client(client).map(|client| client.id);
        self.rewrite(|client, body| {
            let Body::Request(Request::Produce(request)) = body else { return };
            if Some(client) != wanted {
                return;
            }
            let topics = request.topic_data.iter_mut().flat_map(|topic| &mut topic.partition_data);
            for records in topics.filter_map(|partition| partition.records.as_mut()) {
                let mut bytes = records.to_vec();
                how(&mut bytes);
                *records = bytes.into();
            }
        });
    }

    /// The batches that the move has written: where, and their first offsets.
    fn written(&self) -> Vec<(BrokerId, PartitionNo, i64)> {
        let written = self.events.iter().filter_map(|event| match event.kind {
            EventKind::BatchAppended { broker, partition, base_offset, .. } => {
                Some((broker, partition, base_offset.cast_signed()))
            }
            _ => None,
        });
        written.collect()
    }
}

pub fn a_request_causes_itself(at: &mut Seams<'_>) {
    for (number, event) in (at.first.0..).zip(at.events.iter_mut()) {
        if matches!(event.kind, EventKind::RequestSent { .. }) {
            event.cause = EventId(number);
        }
    }
}

/// The controller fences a broker that leads, and leaves it its leaderships.
pub fn a_fenced_broker_leads(at: &mut Seams<'_>) {
    let picture = at.simulation.door_to_cluster().door_to_controller();
    let leader = picture.topics.values().flat_map(|topic| &topic.partitions).find_map(|partition| partition.leader);
    if let Some(broker) = leader.and_then(|leader| picture.brokers.get_mut(&leader)) {
        broker.fenced = true;
    }
}

/// A broker reads the picture as if all were led by it.
pub fn a_broker_believes_that_it_leads(at: &mut Seams<'_>) {
    let before = at.memory.newest_picture;
    for (number, broker, picture) in
        at.simulation.door_to_cluster().door_to_pictures().filter(|(number, ..)| *number > before)
    {
        at.memory.newest_picture = at.memory.newest_picture.max(number);
        if broker == BrokerId(2) {
            for topic in picture.topics.values_mut() {
                for partition in &mut Arc::make_mut(topic).partitions {
                    partition.leader = Some(broker);
                    partition.replicas = vec![broker];
                }
            }
        }
    }
}

/// Behind each batch of a client its log holds the batch again, an offset further on.
pub fn a_log_skips_an_offset(at: &mut Seams<'_>) {
    let now_ms = at.simulation.now().wall_ms();
    for (broker, partition, _) in at.written() {
        let log = at.simulation.door_to_cluster().door_to_log(broker, partition).expect("it was just written to");
        let mut bytes = log.batches().next_back().expect("it was just written").bytes.to_vec();
        set_base_offset(&mut bytes, log.log_end_offset() + 1);
        let epoch = log.leader_epochs().latest().expect("a leader wrote to it");
        log.append_as_follower(now_ms, &bytes, epoch, &LogConfig::default()).expect("followers may have gaps");
        log.update_high_watermark(log.log_end_offset());
    }
}

pub fn a_high_watermark_stays_behind(at: &mut Seams<'_>) {
    for (broker, partition, base_offset) in at.written() {
        let log = at.simulation.door_to_cluster().door_to_log(broker, partition).expect("it was just written to");
        log.update_high_watermark(base_offset);
    }
}

pub fn an_answer_names_the_next_offset(at: &mut Seams<'_>) {
    at.rewrite(|_, body| {
        let Body::Response(Response::Produce(response)) = body else { return };
        for partition in response.responses.iter_mut().flat_map(|topic| &mut topic.partition_responses) {
            if partition.error_code == 0 {
                partition.base_offset += 1;
            }
        }
    });
}

/// Where the checksum of a batch lies, where what it is of begins, and where the producer's id, epoch and sequence lie.
const CRC: usize = 17;
const ATTRIBUTES: usize = 21;
const PRODUCER: std::ops::Range<usize> = 43..57;

/// Takes a batch's producer id, epoch and sequence from it, so that no broker can know it again.
fn without_sequence(bytes: &mut [u8]) {
    bytes[PRODUCER].fill(0xff);
    let crc = crc32c(&bytes[ATTRIBUTES..]);
    bytes[CRC..ATTRIBUTES].copy_from_slice(&crc.to_be_bytes());
}

/// A batch whose answer was lost is written again.
pub fn sequences_get_lost(at: &mut Seams<'_>) {
    at.rewrite_produced("p1", |bytes| without_sequence(bytes));
}

/// A batch that is damaged on its way, the second one, is written behind those that were sent after it.
pub fn sequences_get_lost_and_a_batch_is_damaged(at: &mut Seams<'_>) {
    let mut batches = at.memory.batches;
    at.rewrite_produced("p2", |bytes| {
        without_sequence(bytes);
        batches += 1;
        if batches == 2 {
            *bytes.last_mut().expect("a batch has bytes") ^= 1;
        }
    });
    at.memory.batches = batches;
}

/// The first record of a batch hears of its end twice in the place of the last one.
pub fn the_last_record_never_hears_of_its_end(at: &mut Seams<'_>) {
    let is_end = |event: &Event| matches!(event.kind, EventKind::RecordAcknowledged { .. });
    let ends: Vec<usize> = (0..at.events.len()).filter(|i| is_end(&at.events[*i])).collect();
    if let (Some(first), Some(last)) = (ends.first(), ends.last()) {
        at.events[*last].kind = at.events[*first].kind;
    }
}

pub fn memory_leaks(at: &mut Seams<'_>) {
    for producer in at.simulation.door_to_producers() {
        let (_, pool) = producer.door_to_insides();
        assert_eq!(pool.allocate(1), Ok(true), "there is memory");
    }
}

pub fn a_connection_is_crowded(at: &mut Seams<'_>) {
    for producer in at.simulation.door_to_producers() {
        let most = usize::try_from(producer.config().max_in_flight).expect("it is positive");
        let (net, _) = producer.door_to_insides();
        for connection in net.door_to_connections() {
            if let Some(newest) = connection.in_flight.back().filter(|newest| newest.api == Api::Produce).cloned() {
                connection.in_flight.extend(std::iter::repeat_n(newest, most));
            }
        }
    }
}

pub fn the_place_in_a_batch_is_told_wrong(at: &mut Seams<'_>) {
    for event in at.events.iter_mut() {
        if let EventKind::Appended { index, .. } = &mut event.kind {
            *index += 1;
        }
    }
}

pub fn what_is_read_lies_an_offset_too_high(at: &mut Seams<'_>) {
    at.rewrite(|_, body| {
        let Body::Response(Response::Fetch(response)) = body else { return };
        let partitions = response.responses.iter_mut().flat_map(|topic| &mut topic.partitions);
        for records in partitions.filter_map(|partition| partition.records.as_mut()) {
            *records = one_further(records);
        }
    });
}

fn one_further(records: &Bytes) -> Bytes {
    let mut moved = Vec::new();
    for batch in Batches::of(records).flatten() {
        let mut bytes = batch.bytes().to_vec();
        set_base_offset(&mut bytes, batch.base_offset() + 1);
        moved.extend(bytes);
    }
    moved.into()
}

/// Of each of its topics the member takes the first partition, too.
pub fn a_member_hears_of_more_than_it_was_given(at: &mut Seams<'_>) {
    at.rewrite(|_, body| {
        let Body::Response(Response::SyncGroup(response)) = body else { return };
        let Ok(mut assignment) = Assignment::from_bytes(&response.assignment) else { return };
        let Some(topic) = assignment.partitions.first().map(|partition| partition.topic.clone()) else { return };
        let first = TopicPartition::new(&topic, 0);
        if !assignment.partitions.contains(&first) {
            assignment.partitions.insert(0, first);
        }
        response.assignment = assignment.to_bytes(VERSION);
    });
}

pub fn a_leader_gives_the_same_to_all(at: &mut Seams<'_>) {
    at.rewrite(|_, body| {
        let Body::Request(Request::SyncGroup(request)) = body else { return };
        let Some(first) = request.assignments.first().map(|first| first.assignment.clone()) else { return };
        for given in &mut request.assignments {
            given.assignment = first.clone();
        }
    });
}

/// The batch with a commit goes from the group's log as soon as it is there.
pub fn commits_are_not_in_the_log(at: &mut Seams<'_>) {
    let now_ms = at.simulation.now().wall_ms();
    for (broker, partition, base_offset) in at.written() {
        let log = at.simulation.door_to_cluster().door_to_log(broker, partition).expect("it was just written to");
        let is_internal = &*log.topic_partition().topic == "__consumer_offsets";
        let Some(batch) = log.batches().next_back().filter(|_| is_internal) else { continue };
        let records = batch.view().records().expect("a coordinator wrote it");
        let is_commit = records.iter().flatten().any(|record| {
            let record = GroupRecord::read(record.key.unwrap_or_default(), record.value);
            matches!(record, Ok(Some(GroupRecord::OffsetCommit { .. })))
        });
        if is_commit {
            log.truncate_to(base_offset, now_ms);
        }
    }
}

fn shift_commits(at: &mut Seams<'_>, by: i64) {
    at.rewrite(|_, body| {
        let Body::Request(Request::OffsetCommit(request)) = body else { return };
        for partition in request.topics.iter_mut().flat_map(|topic| &mut topic.partitions) {
            partition.committed_offset += by;
        }
    });
}

pub fn commits_are_one_too_low(at: &mut Seams<'_>) {
    shift_commits(at, -1);
}

pub fn commits_are_one_too_high(at: &mut Seams<'_>) {
    shift_commits(at, 1);
}
