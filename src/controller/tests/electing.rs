//! Elections that are asked for, and those that the controller holds by itself.

use kafka_protocol::messages::elect_leaders_request::TopicPartitions;
use kafka_protocol::messages::{ElectLeadersRequest, TopicName};

use super::{World, text};
use crate::error::Code;
use crate::event::{ElectedWhy, EventKind};
use crate::image::LeaderRecoveryState;
use crate::wire::Response;

const PREFERRED: i8 = 0;
const UNCLEAN: i8 = 1;

/// Partition, code and message of each result.
fn elect(world: &mut World, kind: i8, topics: Option<&[(&str, i32)]>) -> Vec<(i32, i16, Option<String>)> {
    let one = |(name, partition): &(&str, i32)| {
        TopicPartitions::default().with_topic(TopicName(text(name))).with_partitions(vec![*partition])
    };
    let request = ElectLeadersRequest::default()
        .with_election_type(kind)
        .with_topic_partitions(topics.map(|topics| topics.iter().map(one).collect()));
    let Response::ElectLeaders(answer) = world.ask(4, request) else { panic!("another answer") };
    let results = answer.replica_election_results.iter().flat_map(|topic| &topic.partition_result);
    let plain = |message: &kafka_protocol::protocol::StrBytes| message.to_string();
    results.map(|it| (it.partition_id, it.error_code, it.error_message.as_ref().map(plain))).collect()
}

fn code_of(world: &mut World, kind: i8) -> i16 {
    elect(world, kind, Some(&[("t", 0)]))[0].1
}

#[test]
fn the_preferred_replica_leads_again_when_it_is_in_sync() {
    let mut world = World::new(4);
    world.topic(&[&[1, 2, 3], &[2, 3, 1]], &[]);
    assert_eq!(code_of(&mut world, PREFERRED), Code::ElectionNotNeeded.code());
    world.crash(1);
    world.start(1, false);
    assert_eq!(world.seen().0, 2);
    assert_eq!(code_of(&mut world, PREFERRED), Code::PreferredLeaderNotAvailable.code());
    assert_eq!(world.in_sync(&[2, 3, 1]), 0);
    assert_eq!(elect(&mut world, PREFERRED, None), [(0, 0, None)], "who needs none is not answered");
    assert_eq!(world.seen(), (1, 2, vec![2, 3, 1], vec![], vec![]));
    let unknown = elect(&mut world, PREFERRED, Some(&[("nope", 0), ("t", 5)]));
    let message = |at: usize| unknown[at].2.as_deref();
    assert_eq!(message(0), Some("No such topic as nope"));
    assert_eq!(message(1), Some("No such partition as t-5"));
    assert!(unknown.iter().all(|(_, code, _)| *code == Code::UnknownTopicOrPartition.code()));
}

#[test]
fn an_unclean_election_by_request_takes_any_that_lives() {
    let mut world = World::new(4);
    world.topic(&[&[1, 2]], &[]);
    world.crash(2);
    world.crash(1);
    assert_eq!(world.seen(), (-1, 1, vec![], vec![1], vec![1]));
    assert_eq!(code_of(&mut world, UNCLEAN), Code::EligibleLeadersNotAvailable.code());
    world.start(2, false);
    assert_eq!(code_of(&mut world, PREFERRED), Code::PreferredLeaderNotAvailable.code());
    assert_eq!(code_of(&mut world, UNCLEAN), 0);
    assert_eq!(world.seen(), (2, 2, vec![2], vec![], vec![]));
    assert_eq!(world.partition(0).recovery, LeaderRecoveryState::Recovering);
    assert_eq!(code_of(&mut world, UNCLEAN), Code::ElectionNotNeeded.code());
}

#[test]
fn where_unclean_elections_are_allowed_they_come_at_once() {
    let mut world = World::new(4);
    world.topic(&[&[1, 2]], &[("unclean.leader.election.enable", "true")]);
    assert_eq!(world.in_sync(&[1]), 0);
    world.crash(1);
    assert_eq!(world.seen().0, 2, "broker 2 was out of sync, and lives");
    let unclean = |event: &EventKind| matches!(event, EventKind::LeaderChanged { why: ElectedWhy::Unclean, .. });
    assert!(world.events().iter().any(unclean));
}

#[test]
fn allowed_later_they_come_at_the_next_look_five_minutes_apart() {
    let mut world = World::new(4);
    world.topic(&[&[1, 2]], &[]);
    world.in_sync(&[1]);
    world.crash(1);
    assert_eq!(world.seen().0, -1);
    world.set("unclean.leader.election.enable", "true");
    assert_eq!(world.seen().0, -1);
    world.pass(289_000, &[1]);
    assert_eq!(world.seen().0, -1);
    world.pass(1000, &[1]);
    assert_eq!(world.seen().0, 2);
}

#[test]
fn leaders_are_balanced_every_five_minutes() {
    let mut world = World::new(3);
    world.topic(&[&[1, 2, 3]], &[]);
    world.crash(1);
    world.start(1, false);
    assert_eq!(world.in_sync(&[2, 3, 1]), 0);
    world.pass(289_000, &[]);
    assert_eq!(world.seen().0, 2);
    world.pass(1000, &[]);
    assert_eq!(world.seen(), (1, 2, vec![2, 3, 1], vec![], vec![]));
    assert!(world.controller.next_check().is_none(), "nothing to look at any more");
    let mut world = World::with(3, &[("auto.leader.rebalance.enable", "false")]);
    world.topic(&[&[1, 2, 3]], &[]);
    world.crash(1);
    world.start(1, false);
    world.in_sync(&[2, 3, 1]);
    assert!(world.controller.next_check().is_none());
}
