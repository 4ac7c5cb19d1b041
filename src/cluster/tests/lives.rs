//! Brokers that die, freeze, stop and come back. The epochs are a real cluster's.

use kafka_protocol::messages::{InitProducerIdRequest, MetadataRequest, MetadataResponse};

use super::world::{World, connection, fetch};
use crate::broker::BrokerPhase;
use crate::error::Code;
use crate::event::EventKind;
use crate::ids::BrokerId;
use crate::wire::Response;

fn metadata(world: &mut World, broker: i32) -> MetadataResponse {
    let Some(Response::Metadata(answer)) = world.ask(broker, 0, 12, MetadataRequest::default().with_topics(None))
    else {
        panic!("no answer")
    };
    answer
}

/// Brokers in metadata, and leader, leader epoch and code of the first partition, as broker 1 has it.
fn seen(world: &mut World) -> (Vec<i32>, i32, i32, i16) {
    let answer = metadata(world, 1);
    let partition = &answer.topics[0].partitions[0];
    let brokers = answer.brokers.iter().map(|broker| broker.node_id.0).collect();
    (brokers, partition.leader_id.0, partition.leader_epoch, partition.error_code)
}

#[test]
fn a_killed_broker_is_fenced_nine_seconds_after_its_last_heartbeat() {
    let mut world = World::new(3);
    world.topic("orders", &[2]);
    world.produce(2, ("orders", 0), &["a"]);
    world.pass(5000);
    world.crash(2);
    world.pass(7999);
    assert_eq!(seen(&mut world), (vec![1, 2, 3], 2, 0, 0), "the last heartbeat was at 4,000 ms");
    world.pass(1);
    assert_eq!(seen(&mut world), (vec![1, 3], -1, 1, Code::LeaderNotAvailable.code()));
    let kinds: Vec<_> = world.kinds().collect();
    assert!(matches!(
        kinds[kinds.len() - 2..],
        [EventKind::BrokerFenced { broker: BrokerId(2), .. }, EventKind::LeaderChanged { leader: -1, epoch: 1, .. },]
    ));
    world.start(2);
    assert_eq!(world.broker(2).phase(), BrokerPhase::Running);
    assert_eq!(seen(&mut world), (vec![1, 2, 3], 2, 2, 0));
    assert_eq!(world.produce(2, ("orders", 0), &["b"]), (0, 1), "the log was on its disk");
    let partition = world.broker(2).partitions().values().next().expect("its partition");
    let epochs: Vec<_> =
        partition.log().leader_epochs().entries().iter().map(|it| (it.epoch, it.start_offset)).collect();
    assert_eq!(epochs, [(0, 0), (2, 1)]);
}

#[test]
fn started_again_it_waits_until_its_old_session_is_over() {
    let mut world = World::new(3);
    world.topic("orders", &[2]);
    world.crash(2);
    world.pass(1000);
    world.start(2);
    world.pass(7999);
    assert_eq!(world.broker(2).phase(), BrokerPhase::Starting);
    assert!(!world.broker(2).accepts_connections());
    // It has asked 0.1, 0.3, 0.7, 1.5, 3.1 and 6.3 s after its start, and asks again at 12.7.
    world.pass(6000);
    assert_eq!(world.broker(2).phase(), BrokerPhase::Running);
    assert_eq!(seen(&mut world), (vec![1, 2, 3], 2, 2, 0));
}

#[test]
fn the_only_broker_is_back_at_once() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    world.produce(1, ("orders", 0), &["a"]);
    world.crash(1);
    world.pass(60_000);
    world.start(1);
    assert_eq!(seen(&mut world), (vec![1], 1, 2, 0));
    assert_eq!(world.produce(1, ("orders", 0), &["b"]), (0, 1));
}

#[test]
fn a_stopped_broker_gives_up_its_leaderships_first() {
    let mut world = World::new(3);
    world.topic("orders", &[2]);
    // From version 11 on a fetch may go on at a replica that only follows.
    let waiting = world.send(2, 5, 10, fetch("orders", &[(0, 0)], 1, 60_000));
    world.stop(2);
    assert_eq!(world.broker(2).phase(), BrokerPhase::Stopping, "the others must have heard of it");
    world.pass(2500);
    assert_eq!(world.broker(2).phase(), BrokerPhase::Down);
    assert_eq!(world.closed, [connection(5, 2)]);
    let Some(Response::Fetch(answer)) = world.answer(5, waiting) else { panic!("no answer") };
    let partition = &answer.responses[0].partitions[0];
    assert_eq!(partition.error_code, Code::NotLeaderOrFollower.code(), "answered before the end");
    assert_eq!(seen(&mut world), (vec![1, 3], -1, 1, Code::LeaderNotAvailable.code()));
    world.start(2);
    assert_eq!(seen(&mut world), (vec![1, 2, 3], 2, 2, 0));
}

#[test]
fn a_frozen_broker_comes_back_with_its_session() {
    let mut world = World::new(3);
    world.topic("orders", &[2]);
    world.pause(2);
    world.pass(8000);
    world.resume(2);
    world.pass(20_000);
    assert_eq!(seen(&mut world), (vec![1, 2, 3], 2, 0, 0), "never fenced");
    world.pause(2);
    world.pass(9000);
    assert_eq!(seen(&mut world).1, -1);
    world.resume(2);
    assert_eq!(seen(&mut world), (vec![1, 2, 3], 2, 2, 0));
}

#[test]
fn producer_ids_come_in_blocks_of_a_thousand() {
    let mut world = World::new(2);
    let next = |world: &mut World, broker: i32| {
        let request = InitProducerIdRequest::default().with_transactional_id(None);
        let Some(Response::InitProducerId(answer)) = world.ask(broker, 0, 4, request) else { panic!("no answer") };
        (answer.error_code, answer.producer_id.0)
    };
    let loading = Code::CoordinatorLoadInProgress.code();
    assert_eq!(next(&mut world, 1), (loading, -1));
    assert_eq!(next(&mut world, 2), (loading, -1));
    assert_eq!(next(&mut world, 1), (0, 0));
    assert_eq!(next(&mut world, 2), (0, 1000));
    for id in 1..1000 {
        assert_eq!(next(&mut world, 1), (0, id));
    }
    assert_eq!(next(&mut world, 1), (0, 2000), "the next block was there in time");
    world.crash(1);
    world.pass(10_000);
    world.start(1);
    assert_eq!(next(&mut world, 1).0, loading);
    assert_eq!(next(&mut world, 1), (0, 3000), "the rest of a block is lost with its broker");
}
