//! Groups as a broker serves them: held requests, the log behind them, a new coordinator.

use bytes::Bytes;
use kafka_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic};
use kafka_protocol::messages::offset_commit_response::OffsetCommitResponsePartition;
use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{
    DeleteTopicsRequest, FindCoordinatorRequest, GroupId, HeartbeatRequest, IncrementalAlterConfigsRequest,
    JoinGroupRequest, JoinGroupResponse, OffsetCommitRequest, OffsetFetchRequest, SyncGroupRequest, TopicName,
};
use kafka_protocol::protocol::StrBytes;

use super::world::{World, text};
use crate::broker::Parked;
use crate::error::Code;
use crate::event::{EventKind, GroupState};
use crate::ids::{BrokerId, ConnectionId, Names, Process};
use crate::node::{Action, Input, Outbox};
use crate::rng::Rng;
use crate::wire::{Request, Response};

fn group() -> GroupId {
    GroupId(text("g"))
}

fn join_request(member: &StrBytes) -> JoinGroupRequest {
    let protocol = JoinGroupRequestProtocol::default().with_name(text("range")).with_metadata(Bytes::from_static(b"s"));
    JoinGroupRequest::default()
        .with_group_id(group())
        .with_session_timeout_ms(10_000)
        .with_rebalance_timeout_ms(60_000)
        .with_member_id(member.clone())
        .with_protocol_type(text("consumer"))
        .with_protocols(vec![protocol])
}

fn joined(response: Option<Response>) -> JoinGroupResponse {
    match response {
        Some(Response::JoinGroup(response)) => response,
        other => panic!("no join was answered: {other:?}"),
    }
}

/// Both round trips of a first join.
fn join(world: &mut World, client: u16) -> JoinGroupResponse {
    let first = joined(world.ask(1, client, 5, join_request(&text(""))));
    assert_eq!(first.error_code, Code::MemberIdRequired.code());
    let second = world.send(1, client, 5, join_request(&first.member_id));
    // `group.initial.rebalance.delay.ms` is 0, and yet a timer.
    world.pass(0);
    joined(world.answer(client, second))
}

fn sync(world: &mut World, client: u16, member: &JoinGroupResponse) -> i16 {
    let assignment = SyncGroupRequestAssignment::default()
        .with_member_id(member.member_id.clone())
        .with_assignment(Bytes::from_static(b"a"));
    let request = SyncGroupRequest::default()
        .with_group_id(group())
        .with_generation_id(member.generation_id)
        .with_member_id(member.member_id.clone())
        .with_assignments(vec![assignment]);
    let Some(Response::SyncGroup(answer)) = world.ask(1, client, 4, request) else { panic!("no answer") };
    answer.error_code
}

fn heartbeat(world: &mut World, client: u16, member: &JoinGroupResponse) -> i16 {
    let request = HeartbeatRequest::default()
        .with_group_id(group())
        .with_generation_id(member.generation_id)
        .with_member_id(member.member_id.clone());
    let Some(Response::Heartbeat(answer)) = world.ask(1, client, 4, request) else { panic!("no answer") };
    answer.error_code
}

fn commit(world: &mut World, client: u16, member: &JoinGroupResponse, partition: i32, offset: i64) -> i16 {
    let partition = OffsetCommitRequestPartition::default()
        .with_partition_index(partition)
        .with_committed_offset(offset)
        .with_committed_metadata(Some(text("m")));
    let topic =
        OffsetCommitRequestTopic::default().with_name(TopicName(text("orders"))).with_partitions(vec![partition]);
    let request = OffsetCommitRequest::default()
        .with_group_id(group())
        .with_generation_id_or_member_epoch(member.generation_id)
        .with_member_id(member.member_id.clone())
        .with_topics(vec![topic]);
    let Some(Response::OffsetCommit(answer)) = world.ask(1, client, 8, request) else { panic!("no answer") };
    answer.topics[0].partitions[0].error_code
}

fn committed(world: &mut World, broker: i32) -> (i16, i64) {
    let topic =
        OffsetFetchRequestTopics::default().with_name(TopicName(text("orders"))).with_partition_indexes(vec![0]);
    let asked = OffsetFetchRequestGroup::default().with_group_id(group()).with_topics(Some(vec![topic]));
    let request = OffsetFetchRequest::default().with_groups(vec![asked]);
    let Some(Response::OffsetFetch(answer)) = world.ask(broker, 9, 8, request) else { panic!("no answer") };
    let group = &answer.groups[0];
    (group.error_code, group.topics.first().map_or(-1, |topic| topic.partitions[0].committed_offset))
}

/// A cluster of `count` with the topic `orders` and the coordinators' topic, whose one partition broker 1 leads.
fn world(count: i32) -> World {
    let mut world = World::new(count);
    world.ask(1, 0, 6, FindCoordinatorRequest::default().with_coordinator_keys(vec![text("g")]));
    world.topic("orders", &[1]);
    world
}

#[test]
fn a_second_member_is_held_until_the_first_has_joined_again() {
    let mut world = world(1);
    let first = join(&mut world, 1);
    assert_eq!((first.error_code, first.generation_id), (0, 1));
    assert_eq!(sync(&mut world, 1, &first), 0);
    let id = joined(world.ask(1, 2, 5, join_request(&text("")))).member_id;
    let held = world.send(1, 2, 5, join_request(&id));
    assert_eq!(world.answer(2, held), None);
    assert!(matches!(
        world.broker(1).connections()[&super::world::connection(2, 1)].parked(),
        Some(Parked::Group { .. })
    ));
    assert_eq!(heartbeat(&mut world, 1, &first), Code::RebalanceInProgress.code());
    let again = joined(world.ask(1, 1, 5, join_request(&first.member_id)));
    let second = joined(world.answer(2, held));
    assert_eq!((again.generation_id, second.generation_id), (2, 2));
    assert_eq!((again.members.len(), second.members.len()), (2, 0), "only the leader gets the list");
    let group = world.broker(1).group("g").expect("coordinated here");
    assert_eq!((group.state, group.members.len()), (GroupState::CompletingRebalance, 2));
}

#[test]
fn a_session_ends_without_heartbeats() {
    let mut world = world(1);
    let member = join(&mut world, 1);
    sync(&mut world, 1, &member);
    world.pass(9999);
    assert_eq!(heartbeat(&mut world, 1, &member), 0);
    world.pass(10_000);
    assert_eq!(heartbeat(&mut world, 1, &member), Code::UnknownMemberId.code());
    assert!(world.kinds().any(|kind| matches!(kind, EventKind::MemberRemoved { members: 0, .. })));
}

#[test]
fn a_restarted_coordinator_knows_group_and_offsets_from_its_log() {
    let mut world = world(1);
    let member = join(&mut world, 1);
    sync(&mut world, 1, &member);
    assert_eq!(commit(&mut world, 1, &member, 0, 42), 0);
    assert_eq!(commit(&mut world, 1, &member, 7, 1), Code::UnknownTopicOrPartition.code());
    let before = world.broker(1).coordinators().next().expect("a coordinator").1.durable().clone();
    world.crash(1);
    world.start(1);
    assert!(world.kinds().any(|kind| matches!(kind, EventKind::GroupLoaded { generation: 1, members: 1, .. })));
    assert_eq!(world.broker(1).coordinators().next().expect("a coordinator").1.durable(), &before);
    assert_eq!(heartbeat(&mut world, 1, &member), 0, "the member is still in the group");
    assert_eq!(committed(&mut world, 1), (0, 42));
}

#[test]
fn offsets_go_with_their_topic_and_settings_of_the_log_do_not_matter() {
    let mut world = world(1);
    let member = join(&mut world, 1);
    sync(&mut world, 1, &member);
    let config = AlterableConfig::default().with_name(text("max.message.bytes")).with_value(Some(text("1")));
    let resource = AlterConfigsResource::default().with_resource_type(2).with_resource_name(text("__consumer_offsets"));
    let alter = IncrementalAlterConfigsRequest::default().with_resources(vec![resource.with_configs(vec![config])]);
    world.ask(1, 0, 1, alter);
    assert_eq!(commit(&mut world, 1, &member, 0, 42), 0);
    assert_eq!(committed(&mut world, 1), (0, 42));
    let delete = |topic: &str| DeleteTopicsRequest::default().with_topic_names(vec![TopicName(text(topic))]);
    world.ask(1, 0, 5, delete("orders"));
    assert_eq!(committed(&mut world, 1), (0, -1));
    world.ask(1, 0, 5, delete("__consumer_offsets"));
    assert_eq!(committed(&mut world, 1).0, Code::NotCoordinator.code());
    assert_eq!(world.broker(1).coordinators().count(), 0, "no session is watched any more");
}

#[test]
fn who_does_not_coordinate_says_so() {
    let mut world = world(2);
    assert_eq!(committed(&mut world, 2), (Code::NotCoordinator.code(), -1));
    let answer = joined(world.ask(2, 1, 5, join_request(&text(""))));
    assert_eq!((answer.error_code, answer.generation_id), (Code::NotCoordinator.code(), -1));
    let held = {
        let first = join(&mut world, 1);
        sync(&mut world, 1, &first);
        let id = joined(world.ask(1, 2, 5, join_request(&text("")))).member_id;
        world.send(1, 2, 5, join_request(&id))
    };
    world.pause(1);
    world.pass(9000);
    world.resume(1);
    assert_eq!(
        joined(world.answer(2, held)).error_code,
        Code::NotCoordinator.code(),
        "the held one, when it is no more"
    );
}

/// What no record of `__consumer_offsets` can hold is refused, and has not happened: a text of more than 32,767 bytes, and
/// records that are together larger than a batch may be.
#[test]
fn what_the_coordinators_log_cannot_hold_is_refused() {
    let mut world = World::with(1, &[("offset.metadata.max.bytes", "2147483647")]);
    world.ask(1, 0, 6, FindCoordinatorRequest::default().with_coordinator_keys(vec![text("g")]));
    world.topic("orders", &[1; 40]);
    let member = join(&mut world, 1);
    assert_eq!(sync(&mut world, 1, &member), 0);
    assert_eq!(commit(&mut world, 1, &member, 0, 5), 0);
    let mut commit_with = |partitions: i32, bytes: usize| {
        let metadata = "m".repeat(bytes);
        let one = |partition: i32| {
            OffsetCommitRequestPartition::default()
                .with_partition_index(partition)
                .with_committed_offset(7)
                .with_committed_metadata(Some(StrBytes::from_string(metadata.clone())))
        };
        let topic = OffsetCommitRequestTopic::default()
            .with_name(TopicName(text("orders")))
            .with_partitions((0..partitions).map(one).collect());
        let request = OffsetCommitRequest::default()
            .with_group_id(group())
            .with_generation_id_or_member_epoch(member.generation_id)
            .with_member_id(member.member_id.clone())
            .with_topics(vec![topic]);
        let Some(Response::OffsetCommit(answer)) = world.ask(1, 1, 8, request) else { panic!("no answer") };
        answer.topics[0].partitions[0].error_code
    };
    let refused = Code::UnknownServerError.code();
    assert_eq!(commit_with(1, 32_768), refused);
    assert_eq!(commit_with(40, 32_767), refused);
    assert_eq!(committed(&mut world, 1), (0, 5), "nothing of it has happened");
    assert_eq!(heartbeat(&mut world, 1, &member), 0);
    let long = GroupId(StrBytes::from_string("x".repeat(32_768)));
    let answer = joined(world.ask(1, 2, 5, join_request(&text("")).with_group_id(long)));
    assert_eq!(answer.error_code, Code::MemberIdRequired.code(), "that answer does not wait for the record");
    assert!(world.broker(1).group(&"x".repeat(32_768)).is_none());
}

/// Version 10 names topics by their ids: one that no topic has is refused beside the others, and offsets of a topic that
/// is gone are not told.
#[test]
fn offsets_are_committed_and_told_by_the_ids_of_topics() {
    let mut world = world(1);
    let id = world.cluster.image().topics["orders"].id;
    let unknown = uuid::Uuid::from_u128(7);
    let partition =
        |index| OffsetCommitRequestPartition::default().with_partition_index(index).with_committed_offset(3);
    let topic = |id, partitions: &[i32]| {
        let partitions = partitions.iter().map(|index| partition(*index)).collect();
        OffsetCommitRequestTopic::default().with_topic_id(id).with_partitions(partitions)
    };
    let request = OffsetCommitRequest::default()
        .with_group_id(group())
        .with_topics(vec![topic(id, &[0, 9]), topic(unknown, &[0])]);
    let Some(Response::OffsetCommit(answer)) = world.ask(1, 1, 10, request) else { panic!("no answer") };
    let mut codes = Vec::new();
    for topic in &answer.topics {
        let of_topic = |partition: &OffsetCommitResponsePartition| (partition.partition_index, partition.error_code);
        codes.push((topic.topic_id, topic.partitions.iter().map(of_topic).collect::<Vec<_>>()));
    }
    let no_partition = Code::UnknownTopicOrPartition.code();
    let no_topic = Code::UnknownTopicId.code();
    assert_eq!(codes, [(id, vec![(9, no_partition), (0, 0)]), (unknown, vec![(0, no_topic)])]);
    let mut fetch = |topics: Option<Vec<uuid::Uuid>>| {
        let topic = |id| OffsetFetchRequestTopics::default().with_topic_id(id).with_partition_indexes(vec![0]);
        let topics = topics.map(|ids| ids.into_iter().map(topic).collect());
        let asked = OffsetFetchRequestGroup::default().with_group_id(group()).with_topics(topics);
        let request = OffsetFetchRequest::default().with_groups(vec![asked]);
        let Some(Response::OffsetFetch(answer)) = world.ask(1, 9, 10, request) else { panic!("no answer") };
        let topics = answer.groups[0].topics.iter();
        let told = topics.map(|topic| {
            let partition = &topic.partitions[0];
            (topic.topic_id, partition.committed_offset, partition.error_code)
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(fetch(Some(vec![unknown, id])), [(id, 3, 0), (unknown, -1, no_topic)]);
    assert_eq!(fetch(None), [(id, 3, 0)]);
}

/// Members are known by the client that they run in: a request that came over a connection of another process is refused.
#[test]
fn no_broker_asks_about_groups() {
    let mut world = world(1);
    let id = ConnectionId { opener: Process::Broker(BrokerId(2)), number: 0 };
    for (version, request) in
        [(4, HeartbeatRequest::default().with_group_id(group()).into()), (5, join_request(&text("")).into())]
    {
        let frame = world.frame(1, version, Request::clone(&request));
        let (mut broker, mut out) = (world.broker(1).clone(), Outbox::new(Names::default(), Rng::new(7)));
        broker.handle(world.clock.now, Input::Frame(id, frame), &mut out);
        let Some(Action::Send(to, answer)) = out.actions.pop() else { panic!("an answer") };
        let code = match answer.response() {
            Some(Response::Heartbeat(answer)) => answer.error_code,
            Some(Response::JoinGroup(answer)) => answer.error_code,
            other => panic!("not an answer to {request:?}: {other:?}"),
        };
        assert_eq!((to, code), (id, Code::InvalidRequest.code()));
    }
}
