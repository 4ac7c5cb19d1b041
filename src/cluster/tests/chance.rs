//! Random clients and random faults: whatever comes in, every request is answered once and in order, every answer fits
//! its version, and what lives in memory is what the logs say.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use kafka_protocol::messages::fetch_request::ForgottenTopic;
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::leave_group_request::MemberIdentity;
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic};
use kafka_protocol::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use kafka_protocol::messages::offset_for_leader_epoch_request::{OffsetForLeaderPartition, OffsetForLeaderTopic};
use kafka_protocol::messages::{self as m, GroupId, ProducerId, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::world::{World, batch, connection, fetch, produce, text};
use crate::broker::BrokerPhase;
use crate::coordinator::group::{GroupConfig, GroupCoordinator, GroupRecord};
use crate::coordinator::runtime::CoordinatorShard;
use crate::event::EventKind;
use crate::ids::ConnectionId;
use crate::record::ProducerState;
use crate::rng::Rng;
use crate::sorted::{SortedMap, SortedSet};
use crate::wire::{Api, Frame, Request, Response};

const TOPICS: [&str; 4] = ["orders", "payments", "gone", "a b"];

/// What the clients remember, so that some of what they say makes sense.
#[derive(Default)]
struct Memory {
    members: Vec<(StrBytes, i32)>,
    sessions: Vec<(i32, i32)>,
    ids: Vec<uuid::Uuid>,
}

struct Chance {
    rng: Rng,
    memory: Memory,
}

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.rng.below(bound)
    }

    fn small(&mut self, from: i32, to: i32) -> i32 {
        from + i32::try_from(self.below(u64::try_from(to - from).expect("a range"))).expect("small")
    }

    fn topic(&mut self) -> &'static str {
        match self.below(10) {
            0..=5 => TOPICS[0],
            6..=7 => TOPICS[1],
            8 => TOPICS[2],
            _ => TOPICS[3],
        }
    }

    fn id(&mut self) -> uuid::Uuid {
        let known = self.memory.ids.len() as u64;
        if known == 0 || self.below(5) == 0 {
            return uuid::Uuid::from_u128(u128::from(self.below(3)));
        }
        self.memory.ids[usize::try_from(self.rng.below(known)).expect("small")]
    }

    fn member(&mut self) -> (StrBytes, i32) {
        let known = self.memory.members.len() as u64;
        if known == 0 || self.below(6) == 0 {
            return (text(["", "nobody"][usize::try_from(self.below(2)).expect("small")]), self.small(-1, 3));
        }
        let recent = known.min(4);
        self.memory.members[usize::try_from(known - 1 - self.rng.below(recent)).expect("small")].clone()
    }

    fn group(&mut self) -> GroupId {
        GroupId(text(["g", "g", "h", ""][usize::try_from(self.below(4)).expect("small")]))
    }

    fn records(&mut self) -> Bytes {
        let producer = ProducerState {
            producer_id: i64::from(self.small(-1, 3)),
            producer_epoch: i16::try_from(self.below(2)).expect("small"),
            base_sequence: self.small(0, 3),
            is_transactional: self.below(40) == 0,
        };
        let producer = if producer.producer_id < 0 { ProducerState::NONE } else { producer };
        let mut bytes = batch(&["a", "b"][..usize::try_from(1 + self.below(2)).expect("small")], producer).to_vec();
        if self.below(10) == 0 {
            let at = usize::try_from(self.below(bytes.len() as u64)).expect("small");
            bytes[at] ^= 1 << self.below(8);
        }
        bytes.into()
    }

    fn fetch(&mut self, version: i16) -> m::FetchRequest {
        let from: Vec<_> =
            (0..self.below(3)).map(|partition| (partition as i32, i64::from(self.small(-2, 6)))).collect();
        let (min_bytes, wait) = (self.small(0, 200), self.small(-1, 300));
        let mut request = fetch(self.topic(), &from, min_bytes, wait).with_max_bytes(self.small(0, 400));
        for topic in &mut request.topics {
            topic.topic_id = self.id();
            for partition in &mut topic.partitions {
                partition.current_leader_epoch = self.small(-1, 3);
                partition.partition_max_bytes = self.small(0, 400);
                partition.last_fetched_epoch = self.small(-1, 2);
            }
        }
        if version >= 7 && self.below(2) == 0 {
            let (id, epoch) = self.memory.sessions.last().copied().unwrap_or((0, 0));
            let start = self.below(3) == 0;
            (request.session_id, request.session_epoch) = if start { (0, 0) } else { (id, epoch) };
            if !start && self.below(4) == 0 {
                let forgotten =
                    ForgottenTopic::default().with_topic(TopicName(text("orders"))).with_topic_id(self.id());
                request.forgotten_topics_data = vec![forgotten.with_partitions(vec![0])];
            }
        }
        request
    }

    fn join(&mut self) -> m::JoinGroupRequest {
        let protocol =
            JoinGroupRequestProtocol::default().with_name(text("range")).with_metadata(Bytes::from_static(b"s"));
        let static_id = (self.below(5) == 0).then(|| text("instance"));
        m::JoinGroupRequest::default()
            .with_group_id(self.group())
            .with_session_timeout_ms([6000, 10_000, 1][usize::try_from(self.below(3)).expect("small")])
            .with_rebalance_timeout_ms(self.small(100, 5000))
            .with_member_id(self.member().0)
            .with_group_instance_id(static_id)
            .with_protocol_type(text("consumer"))
            .with_protocols(vec![protocol])
    }

    fn commit(&mut self, version: i16) -> m::OffsetCommitRequest {
        let (member, generation) = self.member();
        let partition = OffsetCommitRequestPartition::default()
            .with_partition_index(self.small(-1, 3))
            .with_committed_offset(i64::from(self.small(-1, 50)))
            .with_committed_metadata(Some(text("m")));
        let topic = OffsetCommitRequestTopic::default()
            .with_name(TopicName(text(self.topic())))
            .with_topic_id(if version < 10 { uuid::Uuid::nil() } else { self.id() })
            .with_partitions(vec![partition]);
        m::OffsetCommitRequest::default()
            .with_group_id(self.group())
            .with_generation_id_or_member_epoch(generation + i32::from(self.below(4) == 0))
            .with_member_id(member)
            .with_topics(vec![topic])
    }

    fn offset_fetch(&mut self, version: i16) -> m::OffsetFetchRequest {
        let topic = TopicName(text(self.topic()));
        let all = version >= 2 && self.below(3) == 0;
        if version >= 8 {
            let asked = OffsetFetchRequestTopics::default()
                .with_name(topic)
                .with_topic_id(if version < 10 { uuid::Uuid::nil() } else { self.id() })
                .with_partition_indexes(vec![0, 1]);
            let topics = (!all).then(|| vec![asked]);
            let groups = vec![OffsetFetchRequestGroup::default().with_group_id(self.group()).with_topics(topics)];
            return m::OffsetFetchRequest::default().with_groups(groups);
        }
        let asked = OffsetFetchRequestTopic::default().with_name(topic).with_partition_indexes(vec![0, 1]);
        m::OffsetFetchRequest::default().with_group_id(self.group()).with_topics((!all).then(|| vec![asked]))
    }

    fn about_topics(&mut self, api: Api, version: i16) -> Request {
        let topic = TopicName(text(self.topic()));
        let partition = self.small(-1, 3);
        match api {
            Api::Metadata => {
                let named = version < 12 || self.below(2) == 0;
                let asked = MetadataRequestTopic::default().with_name(named.then_some(topic));
                let asked = if named { asked } else { asked.with_topic_id(self.id()) };
                m::MetadataRequest::default()
                    .with_topics(Some(vec![asked]))
                    .with_allow_auto_topic_creation(version < 4 || self.below(4) == 0)
                    .into()
            }
            Api::ListOffsets => {
                let asked = ListOffsetsPartition::default()
                    .with_partition_index(partition)
                    .with_current_leader_epoch(if version >= 4 { self.small(-1, 3) } else { -1 })
                    .with_timestamp(i64::from(self.small(-7, 3)));
                let asked = ListOffsetsTopic::default().with_name(topic).with_partitions(vec![asked]);
                m::ListOffsetsRequest::default().with_replica_id(m::BrokerId(-1)).with_topics(vec![asked]).into()
            }
            Api::OffsetForLeaderEpoch => {
                let asked = OffsetForLeaderPartition::default()
                    .with_partition(partition)
                    .with_current_leader_epoch(self.small(-1, 3))
                    .with_leader_epoch(self.small(-1, 4));
                let asked = OffsetForLeaderTopic::default().with_topic(topic).with_partitions(vec![asked]);
                m::OffsetForLeaderEpochRequest::default().with_topics(vec![asked]).into()
            }
            Api::DeleteRecords => {
                let asked = DeleteRecordsPartition::default()
                    .with_partition_index(partition)
                    .with_offset(i64::from(self.small(-2, 3)));
                let asked = DeleteRecordsTopic::default().with_name(topic).with_partitions(vec![asked]);
                m::DeleteRecordsRequest::default().with_topics(vec![asked]).into()
            }
            Api::CreateTopics => {
                let wanted = CreatableTopic::default()
                    .with_name(topic)
                    .with_num_partitions(self.small(-1, 3))
                    .with_replication_factor(i16::try_from(self.small(-1, 3)).expect("small"));
                m::CreateTopicsRequest::default().with_topics(vec![wanted]).into()
            }
            Api::DeleteTopics if self.below(6) > 0 => m::DeleteTopicsRequest::default().into(),
            Api::DeleteTopics if version < 6 => m::DeleteTopicsRequest::default().with_topic_names(vec![topic]).into(),
            _ => m::DeleteTopicsRequest::default().into(),
        }
    }

    fn about_groups(&mut self, api: Api, version: i16) -> Request {
        let (member, generation) = self.member();
        match api {
            Api::JoinGroup => self.join().into(),
            Api::SyncGroup => m::SyncGroupRequest::default()
                .with_group_id(self.group())
                .with_generation_id(generation)
                .with_member_id(member)
                .into(),
            Api::Heartbeat => m::HeartbeatRequest::default()
                .with_group_id(self.group())
                .with_generation_id(generation)
                .with_member_id(member)
                .into(),
            Api::LeaveGroup if version >= 3 => m::LeaveGroupRequest::default()
                .with_group_id(self.group())
                .with_members(vec![MemberIdentity::default().with_member_id(member)])
                .into(),
            Api::LeaveGroup => {
                m::LeaveGroupRequest::default().with_group_id(self.group()).with_member_id(member).into()
            }
            Api::OffsetCommit => self.commit(version).into(),
            Api::OffsetFetch => self.offset_fetch(version).into(),
            Api::DescribeGroups => {
                m::DescribeGroupsRequest::default().with_groups(vec![self.group(), self.group()]).into()
            }
            Api::DeleteGroups => m::DeleteGroupsRequest::default().with_groups_names(vec![self.group()]).into(),
            Api::OffsetDelete => m::OffsetDeleteRequest::default().with_group_id(self.group()).into(),
            _ => m::ListGroupsRequest::default().into(),
        }
    }

    fn request(&mut self) -> (i16, Request) {
        const OFTEN: [Api; 6] =
            [Api::Produce, Api::Fetch, Api::JoinGroup, Api::SyncGroup, Api::Produce, Api::OffsetCommit];
        let clients: Vec<Api> = Api::ALL.iter().copied().take_while(|api| *api != Api::ElectLeaders).collect();
        let pick = usize::try_from(self.below((clients.len() + 4 * OFTEN.len()) as u64)).expect("small");
        let api = clients.get(pick).copied().unwrap_or_else(|| OFTEN[pick % OFTEN.len()]);
        let (lowest, highest) = api.versions();
        let version =
            lowest + i16::try_from(self.below(u64::from((highest - lowest + 1).unsigned_abs()))).expect("small");
        let request = match api {
            Api::Produce => {
                let acks = [-2, -1, -1, 1, 1, 1, 0, 2][usize::try_from(self.below(8)).expect("small")];
                let mut request = produce((self.topic(), self.small(-1, 2)), acks, self.records());
                request.topic_data[0].topic_id = self.id();
                request.into()
            }
            Api::Fetch => self.fetch(version).into(),
            Api::ApiVersions => m::ApiVersionsRequest::default()
                .with_client_software_name(text("chance"))
                .with_client_software_version(text("1"))
                .into(),
            Api::InitProducerId => m::InitProducerIdRequest::default()
                .with_transactional_id((self.below(9) == 0).then(|| m::TransactionalId(text("tx"))))
                .with_producer_id(ProducerId(-1))
                .with_producer_epoch(-1)
                .into(),
            Api::FindCoordinator if version >= 4 => m::FindCoordinatorRequest::default()
                .with_key_type(i8::try_from(self.below(4)).expect("small"))
                .with_coordinator_keys(vec![text("g"), text("h")])
                .into(),
            Api::FindCoordinator => m::FindCoordinatorRequest::default().with_key(text("g")).into(),
            Api::CreatePartitions => m::CreatePartitionsRequest::default().into(),
            Api::IncrementalAlterConfigs => m::IncrementalAlterConfigsRequest::default().into(),
            Api::Metadata
            | Api::ListOffsets
            | Api::OffsetForLeaderEpoch
            | Api::DeleteRecords
            | Api::CreateTopics
            | Api::DeleteTopics => self.about_topics(api, version),
            _ => self.about_groups(api, version),
        };
        (version, request)
    }

    fn learn(&mut self, request: &Request, response: &Response, world: &World) {
        match (request, response) {
            (_, Response::JoinGroup(joined)) if !joined.member_id.is_empty() => {
                self.memory.members.push((joined.member_id.clone(), joined.generation_id));
            }
            (Request::Fetch(asked), Response::Fetch(answer)) if answer.session_id != 0 => {
                self.memory.sessions.push((answer.session_id, asked.session_epoch + 1));
            }
            (_, Response::CreateTopics(_) | Response::Metadata(_)) => {
                self.memory.ids = world.cluster.image().topic_names.keys().copied().collect();
            }
            _ => {}
        }
    }
}

/// Replays the coordinators' log of a broker and compares with what its coordinator knows.
fn check_coordinators(world: &World) {
    let all = world.cluster.broker_ids().filter_map(|id| world.cluster.broker(id));
    for broker in all.filter(|broker| broker.phase() == BrokerPhase::Running) {
        for (_, coordinator) in broker.coordinators() {
            let of_groups = |it: &&Arc<crate::broker::Partition>| {
                &*it.log().topic_partition().topic == "__consumer_offsets" && it.leads()
            };
            let replica = broker.partitions().values().find(of_groups).expect("a coordinator has its log");
            let mut again = GroupCoordinator::new(Arc::new(GroupConfig::default()));
            for batch in replica.log().batches() {
                for record in batch.view().records().expect("plain records").iter() {
                    let record = record.expect("a whole record");
                    let read = GroupRecord::read(record.key.expect("a key"), record.value).expect("a group record");
                    again.replay(&read.expect("of a kind that is built"));
                }
            }
            assert_eq!(again.durable(), coordinator.durable(), "the log says what the coordinator knows");
        }
        for partition in broker.partitions().values().filter(|partition| partition.leads()) {
            assert_eq!(partition.high_watermark(), partition.log_end_offset());
            assert!(partition.log_start_offset() <= partition.high_watermark());
        }
    }
}

/// Something other than a request.
fn disturb(world: &mut World, chance: &mut Chance) {
    let broker = chance.small(1, 4);
    match (chance.below(8), world.broker(broker).phase()) {
        (0, BrokerPhase::Running) => world.crash(broker),
        (1, BrokerPhase::Running) => world.stop(broker),
        (0..=3, BrokerPhase::Down) => world.start(broker),
        (4, BrokerPhase::Running) => {
            world.pause(broker);
            world.pass(chance.below(12_000));
            world.resume(broker);
        }
        (6, _) => world.pass(chance.below(4000)),
        _ => world.pass(chance.below(60)),
    }
}

/// Plays one run; gives the codes of events and how many answers came.
fn play(seed: u64) -> (SortedSet<&'static str>, usize) {
    let mut chance = Chance { rng: Rng::new(seed), memory: Memory::default() };
    let mut world = World::with(3, &[("max.incremental.fetch.session.cache.slots", "3")]);
    world.topic("orders", &[1, 2]);
    let mut open: SortedMap<(i32, ConnectionId), VecDeque<Arc<Frame>>> = SortedMap::new();
    let (mut answers, mut next_client) = (0, 10);
    let mut clients: Vec<(i32, u16)> = Vec::new();
    for _ in 0..400 {
        if chance.below(12) == 0 {
            disturb(&mut world, &mut chance);
        } else {
            if clients.len() < 6 || chance.below(30) == 0 {
                next_client += 1;
                clients.push((chance.small(1, 4), next_client));
            }
            let (broker, client) = clients[usize::try_from(chance.below(clients.len() as u64)).expect("small")];
            let (version, request) = chance.request();
            let frame = world.frame(client, version, request);
            // As it would come over the wire; what does not fit its version never leaves a client.
            let Ok(bytes) = frame.encode() else { continue };
            let frame = Arc::new(Frame::decode_request(bytes.slice(4..)).expect("what was written can be read"));
            if world.broker(broker).accepts_connections() {
                let id = connection(client, broker);
                open.entry((broker, id)).or_default().push_back(frame.clone());
                assert_eq!(world.deliver(broker, client, frame), id, "who was closed comes under another name");
            }
        }
        for (id, frame) in std::mem::take(&mut world.sent) {
            frame.encode().unwrap_or_else(|error| panic!("seed {seed}: {frame:?} does not fit its version: {error}"));
            let Some(queue) = open.iter_mut().find(|((_, of), _)| *of == id).map(|(_, queue)| queue) else { continue };
            let mut asked = queue.pop_front().expect("an answer answers a request");
            while !asked.expects_response() {
                asked = queue.pop_front().expect("an answer answers a request");
            }
            assert_eq!(frame.correlation_id, asked.correlation_id, "seed {seed}: answers come in order");
            let (Some(request), Some(response)) = (asked.request(), frame.response()) else { panic!("not both") };
            chance.learn(request, response, &world);
            answers += 1;
        }
        for id in std::mem::take(&mut world.closed) {
            open.retain(|(_, of), _| *of != id);
            clients.retain(|(broker, client)| connection(*client, *broker) != id);
        }
        open.retain(|(broker, _), _| world.broker(*broker).accepts_connections());
        clients.retain(|(broker, _)| world.broker(*broker).phase() != BrokerPhase::Down);
        check_coordinators(&world);
    }
    let met = world.kinds().map(|kind| match kind {
        EventKind::AppendRefused { code, .. } | EventKind::OffsetCommitRefused { code, .. } => code.name(),
        EventKind::BatchAppended { .. } => "appended",
        EventKind::DuplicateFound { .. } => "duplicate",
        EventKind::FetchParked { .. } => "parked",
        EventKind::GenerationStarted { .. } => "generation",
        EventKind::GroupLoaded { .. } => "loaded",
        EventKind::BrokerFenced { .. } => "fenced",
        EventKind::TopicDeleted { .. } => "deleted",
        EventKind::MemberRemoved { .. } => "removed",
        EventKind::OffsetCommitted { .. } => "committed",
        _ => "",
    });
    (met.collect(), answers)
}

#[test]
fn random_clients_are_all_answered_and_the_logs_agree() {
    let mut met = SortedSet::new();
    let mut answers = 0;
    for seed in 1..=250 {
        let (kinds, count) = play(seed);
        met.extend(kinds);
        answers += count;
    }
    for expected in [
        "appended",
        "duplicate",
        "parked",
        "generation",
        "loaded",
        "fenced",
        "deleted",
        "removed",
        "committed",
        "NOT_LEADER_OR_FOLLOWER",
        "OUT_OF_ORDER_SEQUENCE_NUMBER",
        "INVALID_PRODUCER_EPOCH",
        "CORRUPT_MESSAGE",
        "INVALID_REQUIRED_ACKS",
        "ILLEGAL_GENERATION",
        "UNKNOWN_MEMBER_ID",
    ] {
        assert!(met.contains(expected), "{expected} was never met; {met:?}");
    }
    assert!(answers > 10_000, "{answers} answers");
}
