//! Who keeps a partition: by hand, by the placer, and by reassignment.

use kafka_protocol::messages::alter_partition_reassignments_request::{ReassignablePartition, ReassignableTopic};
use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::{AlterPartitionReassignmentsRequest, ListPartitionReassignmentsRequest, TopicName};

use super::{World, ids, text, wire};
use crate::error::Code;
use crate::event::EventKind;
use crate::wire::Response;

#[test]
fn assignments_by_hand_are_checked_as_kafka_does() {
    let mut world = World::new(3);
    world.crash(3);
    let wrong = Code::InvalidReplicaAssignment.code();
    let message = |world: &mut World, assignments: &[&[i32]]| {
        let (code, message, ..) = world.create("x", assignments, &[]);
        assert_eq!(code, wrong);
        message.expect("a message")
    };
    let the = "The manual partition assignment includes";
    assert_eq!(message(&mut world, &[&[]]), format!("{the} an empty replica list."));
    assert_eq!(message(&mut world, &[&[1, 9]]), format!("{the} broker 9, but no such broker is registered."));
    assert_eq!(message(&mut world, &[&[2, 1, 2]]), format!("{the} the broker 2 more than once."));
    assert_eq!(
        message(&mut world, &[&[1, 2], &[1]]),
        format!(
            "{the} a partition with 1 replica(s), but this is not consistent with previous partitions, which have 2 replica(s)."
        )
    );
    assert_eq!(
        message(&mut world, &[&[3]]),
        "All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled shutdown."
    );
    assert_eq!(world.create("t", &[&[3, 2, 1]], &[]), (0, None, 1, 3));
    assert_eq!(world.seen(), (2, 0, vec![2, 1], vec![], vec![]), "who is fenced is not in sync");
}

#[test]
fn the_placer_spreads_leaders_and_puts_fenced_brokers_last() {
    let mut world = World::new(3);
    let topic = |factor| {
        CreatableTopic::default().with_name(TopicName(text("t"))).with_num_partitions(3).with_replication_factor(factor)
    };
    let (code, message, ..) = world.create_topic(topic(4));
    assert_eq!(code, Code::InvalidReplicationFactor.code());
    assert_eq!(
        message.as_deref(),
        Some(
            "Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be reached because only 3 broker(s) are registered or some brokers have all their log directories cordoned."
        )
    );
    world.crash(1);
    assert_eq!(world.create_topic(topic(3)), (0, None, 3, 3));
    for number in 0..3 {
        let partition = world.partition(number);
        assert_eq!(partition.replicas.len(), 3);
        assert_eq!(partition.replicas[2], ids(&[1])[0], "the fenced broker");
        assert_eq!(partition.isr, partition.replicas[..2]);
    }
    assert_ne!(world.partition(0).leader, world.partition(1).leader);
}

/// Code and message.
fn reassign(world: &mut World, replicas: Option<&[i32]>, free: bool) -> (i16, Option<String>) {
    let partition = ReassignablePartition::default().with_replicas(replicas.map(wire));
    let topic = ReassignableTopic::default().with_name(TopicName(text("t"))).with_partitions(vec![partition]);
    let request = AlterPartitionReassignmentsRequest::default()
        .with_topics(vec![topic])
        .with_allow_replication_factor_change(free);
    let Response::AlterPartitionReassignments(answer) = world.ask(1, request) else { panic!("another answer") };
    let result = &answer.responses[0].partitions[0];
    (result.error_code, result.error_message.as_ref().map(ToString::to_string))
}

#[test]
fn a_reassignment_is_done_when_the_new_replicas_are_in_sync() {
    let mut world = World::new(4);
    world.topic(&[&[1, 2]], &[]);
    world.events();
    assert_eq!(reassign(&mut world, Some(&[3, 4]), true), (0, None));
    let partition = world.partition(0).clone();
    assert_eq!((partition.replicas, partition.isr), (ids(&[3, 4, 1, 2]), ids(&[1, 2])));
    assert_eq!((partition.adding, partition.removing), (ids(&[3, 4]), ids(&[1, 2])));
    assert_eq!(partition.leader_epoch, 0);
    assert!(matches!(world.events()[..], [EventKind::ReassignmentBegan { .. }]));
    let Response::ListPartitionReassignments(listed) =
        world.ask(1, ListPartitionReassignmentsRequest::default().with_topics(None))
    else {
        panic!("another answer")
    };
    assert_eq!(listed.topics[0].partitions[0].replicas, wire(&[3, 4, 1, 2]));
    assert_eq!(world.in_sync(&[1, 2, 3]), 0);
    assert!(world.partition(0).is_being_reassigned());
    assert_eq!(world.in_sync(&[1, 2, 3, 4]), Code::NewLeaderElected.code(), "broker 1 is no replica any more");
    let partition = world.partition(0).clone();
    assert_eq!((partition.replicas, partition.isr), (ids(&[3, 4]), ids(&[3, 4])));
    assert_eq!((world.seen().0, world.seen().1), (3, 1));
    assert!(!partition.removing.iter().chain(&partition.adding).any(|_| true));
    let ended = |event: &EventKind| matches!(event, EventKind::ReassignmentEnded { done: true, .. });
    assert!(world.events().iter().any(ended));
}

#[test]
fn a_reassignment_can_be_taken_back_and_refused() {
    let mut world = World::new(4);
    world.topic(&[&[1, 2]], &[]);
    let code = Code::NoReassignmentInProgress;
    assert_eq!(reassign(&mut world, None, true), (code.code(), Some(code.message().to_owned())));
    let changed = "The replication factor is changed from 2 to 3".to_owned();
    assert_eq!(reassign(&mut world, Some(&[1, 2, 3]), false), (Code::InvalidReplicationFactor.code(), Some(changed)));
    assert_eq!(reassign(&mut world, Some(&[2, 1]), true), (0, None), "another order is done at once");
    assert_eq!(world.partition(0).replicas, ids(&[2, 1]));
    assert_eq!(world.seen().1, 0, "the leader stays");
    assert_eq!(reassign(&mut world, Some(&[2]), true), (0, None), "whom nobody misses goes at once");
    assert_eq!((world.partition(0).replicas.clone(), world.seen().0, world.seen().1), (ids(&[2]), 2, 1));
    assert_eq!(reassign(&mut world, Some(&[3]), true), (0, None));
    assert_eq!(reassign(&mut world, None, true), (0, None));
    assert_eq!((world.partition(0).replicas.clone(), world.seen().0, world.seen().1), (ids(&[2]), 2, 2));
    assert!(!world.partition(0).is_being_reassigned());
}
