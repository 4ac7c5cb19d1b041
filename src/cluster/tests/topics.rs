//! Topics: made, widened, deleted, made by themselves.

use kafka_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::metadata_response::MetadataResponseTopic;
use kafka_protocol::messages::{
    CreatePartitionsRequest, CreateTopicsRequest, DeleteTopicsRequest, FindCoordinatorRequest, MetadataRequest,
    TopicName,
};

use super::world::{World, text};
use crate::error::Code;
use crate::event::{CreatedWhy, EventKind};
use crate::wire::Response;

fn named(name: &str) -> TopicName {
    TopicName(text(name))
}

/// Code and message of creating one topic with this many partitions and replicas.
fn create(world: &mut World, name: &str, partitions: i32, factor: i16) -> (i16, String) {
    let topic = CreatableTopic::default()
        .with_name(named(name))
        .with_num_partitions(partitions)
        .with_replication_factor(factor);
    let request = CreateTopicsRequest::default().with_topics(vec![topic]);
    let Some(Response::CreateTopics(answer)) = world.ask(1, 0, 7, request) else { panic!("no answer") };
    let result = &answer.topics[0];
    (result.error_code, result.error_message.as_ref().map_or(String::new(), ToString::to_string))
}

fn describe(world: &mut World, name: &str, create: bool) -> MetadataResponseTopic {
    let topic = MetadataRequestTopic::default().with_name(Some(named(name)));
    let request = MetadataRequest::default().with_topics(Some(vec![topic])).with_allow_auto_topic_creation(create);
    let Some(Response::Metadata(answer)) = world.ask(1, 0, 12, request) else { panic!("no answer") };
    answer.topics[0].clone()
}

fn leaders(topic: &MetadataResponseTopic) -> Vec<i32> {
    topic.partitions.iter().map(|partition| partition.leader_id.0).collect()
}

#[test]
fn leaders_spread_over_the_brokers() {
    let mut world = World::new(3);
    assert_eq!(create(&mut world, "a", 2, 1).0, 0);
    assert_eq!(create(&mut world, "b", 4, -1).0, 0);
    assert_eq!(leaders(&describe(&mut world, "a", false)), [1, 2]);
    assert_eq!(leaders(&describe(&mut world, "b", false)), [3, 1, 2, 3]);
}

#[test]
fn what_cannot_be_made_is_refused_with_a_sentence() {
    let mut world = World::new(3);
    assert_eq!(create(&mut world, "a.b", 1, 1).0, 0);
    for (name, partitions, factor, code, message) in [
        ("a_b", 1, 1, Code::InvalidTopicException, "Topic 'a_b' collides with existing topic: a.b"),
        ("a.b", 1, 1, Code::TopicAlreadyExists, "Topic 'a.b' already exists."),
        ("", 1, 1, Code::InvalidTopicException, "Topic name is invalid: the empty string is not allowed"),
        (
            "c",
            1,
            0,
            Code::InvalidReplicationFactor,
            "Replication factor must be larger than 0, or -1 to use the default value.",
        ),
        (
            "c",
            1,
            3,
            Code::InvalidReplicationFactor,
            "This model keeps one replica of each partition: only replication factor 1 is allowed.",
        ),
        ("c", -2, 1, Code::InvalidPartitions, "Number of partitions was set to an invalid non-positive value."),
    ] {
        assert_eq!(create(&mut world, name, partitions, factor), (code.code(), message.to_owned()), "{name}");
    }
}

#[test]
fn partitions_are_added_where_the_others_end() {
    let mut world = World::new(3);
    world.topic("orders", &[3]);
    world.produce(3, ("orders", 0), &["a"]);
    let topic = CreatePartitionsTopic::default().with_name(named("orders")).with_count(3).with_assignments(None);
    let request = CreatePartitionsRequest::default().with_topics(vec![topic]);
    let Some(Response::CreatePartitions(answer)) = world.ask(2, 0, 3, request) else { panic!("no answer") };
    assert_eq!(answer.results[0].error_code, 0);
    assert_eq!(leaders(&describe(&mut world, "orders", false)), [3, 2, 3]);
    assert_eq!(world.produce(2, ("orders", 1), &["b"]), (0, 0));
    assert_eq!(world.produce(3, ("orders", 0), &["c"]), (0, 1), "what was there stays");
    assert!(world.kinds().any(|kind| matches!(kind, EventKind::PartitionsAdded { partitions: 3, .. })));
}

#[test]
fn the_same_name_again_is_another_topic() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    world.produce(1, ("orders", 0), &["a", "b"]);
    let old = describe(&mut world, "orders", false).topic_id;
    let delete = DeleteTopicsRequest::default().with_topic_names(vec![named("orders")]);
    let Some(Response::DeleteTopics(answer)) = world.ask(1, 0, 5, delete) else { panic!("no answer") };
    assert_eq!(answer.responses[0].error_code, 0);
    assert!(world.broker(1).partitions().is_empty());
    assert_eq!(world.produce(1, ("orders", 0), &["c"]).0, Code::UnknownTopicOrPartition.code());
    world.topic("orders", &[1]);
    assert_ne!(describe(&mut world, "orders", false).topic_id, old);
    assert_eq!(world.produce(1, ("orders", 0), &["c"]), (0, 0), "an empty log");
}

#[test]
fn a_topic_is_made_by_asking_for_it() {
    let mut world = World::new(1);
    assert_eq!(describe(&mut world, "orders", false).error_code, Code::UnknownTopicOrPartition.code());
    assert_eq!(describe(&mut world, "orders", false).error_code, Code::UnknownTopicOrPartition.code(), "not allowed");
    assert_eq!(describe(&mut world, "orders", true).error_code, Code::UnknownTopicOrPartition.code(), "under way");
    let made = describe(&mut world, "orders", true);
    assert_eq!((made.error_code, leaders(&made)), (0, vec![1]));
    assert!(
        world
            .kinds()
            .any(|kind| matches!(kind, EventKind::TopicCreated { why: CreatedWhy::Automatic, partitions: 1, .. }))
    );
    assert_eq!(describe(&mut world, "bad name", true).error_code, Code::InvalidTopicException.code());
    let mut world = World::with(1, &[("auto.create.topics.enable", "false")]);
    describe(&mut world, "orders", true);
    assert_eq!(describe(&mut world, "orders", true).error_code, Code::UnknownTopicOrPartition.code());
}

#[test]
fn the_first_look_for_a_coordinator_makes_its_log() {
    let mut world = World::new(3);
    let ask = |world: &mut World| {
        let request = FindCoordinatorRequest::default().with_coordinator_keys(vec![text("g")]);
        let Some(Response::FindCoordinator(answer)) = world.ask(2, 0, 6, request) else { panic!("no answer") };
        (answer.coordinators[0].error_code, answer.coordinators[0].node_id.0)
    };
    assert_eq!(ask(&mut world), (Code::CoordinatorNotAvailable.code(), -1));
    assert_eq!(ask(&mut world), (0, 1));
    let topic = describe(&mut world, "__consumer_offsets", false);
    assert!(topic.is_internal);
    assert_eq!(world.produce(1, ("__consumer_offsets", 0), &["x"]).0, Code::InvalidTopicException.code());
}

/// No request makes more than a script may name, and none makes a topic that memory cannot hold.
#[test]
fn topics_and_partitions_are_limited_whoever_asks() {
    let mut world = World::new(1);
    let refused = Code::PolicyViolation.code();
    for (name, partitions) in [("a", 101), ("a", i32::MAX)] {
        let (code, message) = create(&mut world, name, partitions, 1);
        assert!(code == refused && message.contains("at most 100 partitions"), "{code} {message}");
    }
    assert_eq!(create(&mut world, "a", 100, 1).0, 0);
    for count in [101, i32::MAX] {
        let topic = CreatePartitionsTopic::default().with_name(named("a")).with_count(count).with_assignments(None);
        let request = CreatePartitionsRequest::default().with_topics(vec![topic]);
        let Some(Response::CreatePartitions(answer)) = world.ask(1, 0, 3, request) else { panic!("no answer") };
        assert_eq!(answer.results[0].error_code, refused);
    }
    for number in 1..50 {
        describe(&mut world, &format!("x{number}"), true);
    }
    let (code, message) = create(&mut world, "b", 1, 1);
    assert!(code == refused && message.contains("at most 50 topics"), "{code} {message}");
    describe(&mut world, "c", true);
    assert_eq!(describe(&mut world, "c", true).error_code, Code::UnknownTopicOrPartition.code());
    // The internal topics are none of them.
    describe(&mut world, "__consumer_offsets", true);
    assert_eq!(describe(&mut world, "__consumer_offsets", true).error_code, 0);
}

/// `KafkaApis.handleTopicMetadataRequest`: of a topic that is not there its operations are told as well.
#[test]
fn what_may_be_done_is_told_of_topics_that_are_not_there() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    let mut ask = |names: &[&str], create: bool| {
        let topics = names.iter().map(|name| MetadataRequestTopic::default().with_name(Some(named(name)))).collect();
        let request = MetadataRequest::default()
            .with_topics(Some(topics))
            .with_allow_auto_topic_creation(create)
            .with_include_topic_authorized_operations(true);
        let Some(Response::Metadata(answer)) = world.ask(1, 0, 12, request) else { panic!("no answer") };
        let facts =
            |topic: &MetadataResponseTopic| (topic.error_code, topic.is_internal, topic.topic_authorized_operations);
        answer.topics.iter().map(facts).collect::<Vec<_>>()
    };
    assert_eq!(ask(&["orders", "nobody"], false), [(0, false, 3576), (3, false, 3576)]);
    assert_eq!(ask(&["__consumer_offsets"], true), [(3, true, 3576)]);
}
