//! Who is in sync, who is eligible, and who leads, as brokers come and go.

use super::{World, ids};
use crate::error::Code;
use crate::event::{ElectedWhy, EventKind, IsrWhy};
use crate::ids::{BrokerId, BrokerSet};
use crate::image::LeaderRecoveryState;

#[test]
fn crashes_one_after_the_other_leave_who_was_there_last() {
    let mut world = World::new(4);
    world.topic(&[&[1, 2, 3]], &[("min.insync.replicas", "2")]);
    assert_eq!(world.seen(), (1, 0, vec![1, 2, 3], vec![], vec![]));
    world.crash(1);
    assert_eq!(world.seen(), (2, 1, vec![2, 3], vec![], vec![]));
    world.crash(2);
    assert_eq!(world.seen(), (3, 2, vec![3], vec![2], vec![]), "below the minimum, who left last stays eligible");
    world.set("min.insync.replicas", "1");
    assert_eq!(world.seen(), (3, 2, vec![3], vec![], vec![]));
    world.crash(3);
    assert_eq!(world.seen(), (-1, 3, vec![], vec![3], vec![3]));
    world.start(1, false);
    assert_eq!(world.seen(), (-1, 3, vec![], vec![3], vec![3]), "it may lack what was committed without it");
    world.start(3, false);
    assert_eq!(world.seen(), (3, 4, vec![3], vec![], vec![]), "the last known leader");
    assert_eq!(world.partition(0).recovery, LeaderRecoveryState::Recovering);
    assert_eq!(world.in_sync(&[3, 1]), 0);
    assert_eq!(world.seen(), (3, 4, vec![3, 1], vec![], vec![]));
    assert_eq!(world.partition(0).recovery, LeaderRecoveryState::Recovered);
}

#[test]
fn who_stopped_in_good_order_stays_eligible_and_leads_again() {
    let mut world = World::new(3);
    world.topic(&[&[1, 2]], &[("min.insync.replicas", "2")]);
    world.stop(2);
    assert_eq!(world.seen(), (1, 0, vec![1], vec![2], vec![]));
    world.stop(1);
    assert_eq!(world.seen(), (-1, 1, vec![], vec![1, 2], vec![1]));
    world.events();
    world.start(2, true);
    assert_eq!(world.seen(), (2, 2, vec![2], vec![1], vec![]));
    let why = ElectedWhy::Eligible;
    assert!(world.events().iter().any(|event| matches!(event, EventKind::LeaderChanged { why: it, .. } if *it == why)));
    world.start(1, false);
    assert_eq!(world.seen(), (2, 2, vec![2], vec![], vec![]), "no clean shutdown: eligible no more");
}

#[test]
fn a_controlled_shutdown_ends_when_the_others_know_of_it() {
    let mut world = World::new(3);
    world.topic(&[&[1, 2, 3]], &[]);
    world.pass(1000, &[]);
    assert_eq!(world.heartbeat(1, true), (false, false), "it gives up its leaderships first");
    assert_eq!(world.seen(), (2, 1, vec![2, 3], vec![], vec![]));
    assert_eq!(world.in_sync(&[2, 3, 1]), Code::IneligibleReplica.code(), "it is shutting down");
    assert_eq!(world.heartbeat(1, true), (false, false), "brokers 2 and 3 have not said that they know");
    world.heartbeat(2, false);
    world.heartbeat(3, false);
    assert_eq!(world.heartbeat(1, true), (true, true));
    world.heartbeat(2, true);
    world.heartbeat(3, false);
    assert_eq!(world.heartbeat(2, true), (true, true));
    assert_eq!(world.seen(), (3, 2, vec![3], vec![], vec![]));
}

#[test]
fn the_only_broker_leads_what_it_alone_keeps_again() {
    let mut world = World::new(1);
    world.topic(&[&[1]], &[]);
    world.controller.end();
    world.events();
    world.start(1, false);
    assert_eq!(world.seen(), (1, 2, vec![1], vec![], vec![]));
    let kinds = world.events();
    assert!(!kinds.iter().any(|event| matches!(event, EventKind::IsrChanged { .. })), "its leader says it all");
}

#[test]
fn a_leader_changes_who_is_in_sync() {
    let mut world = World::new(4);
    world.topic(&[&[1, 2, 3]], &[]);
    world.events();
    assert_eq!(world.in_sync(&[1, 2]), 0);
    assert_eq!(world.seen(), (1, 0, vec![1, 2], vec![], vec![]), "the leader epoch stays");
    assert_eq!(world.partition(0).partition_epoch, 1);
    let [EventKind::IsrChanged { left, joined, why, .. }] = world.events()[..] else { panic!("one event") };
    assert_eq!((left, joined, why), (BrokerSet::of(&[BrokerId(3)]), BrokerSet::default(), IsrWhy::Leader));
    let answer = {
        let wish = world.wish(&[1, 2, 3]);
        world.alter(1, wish)
    };
    assert_eq!((answer.error_code, answer.leader_id.0, answer.partition_epoch), (0, 1, 2));
    assert_eq!(world.partition(0).isr, ids(&[1, 2, 3]));
    let answer = {
        let wish = world.wish(&[1, 2, 3]);
        world.alter(1, wish)
    };
    assert_eq!((answer.error_code, answer.partition_epoch), (0, 2), "nothing changes");
}

#[test]
fn wishes_that_nobody_may_have_are_refused() {
    let mut world = World::new(4);
    world.topic(&[&[1, 2, 3]], &[]);
    world.crash(1);
    let code = |world: &mut World, broker, wish| world.alter(broker, wish).error_code;
    let wish = world.wish(&[2, 3]);
    let cases = [
        (2, wish.clone().with_leader_epoch(2), Code::NotController),
        (2, wish.clone().with_partition_epoch(9), Code::NotController),
        (2, wish.clone().with_leader_epoch(0), Code::FencedLeaderEpoch),
        (3, wish.clone(), Code::InvalidRequest),
        (2, wish.clone().with_partition_epoch(0), Code::InvalidUpdateVersion),
        (2, world.wish(&[3]), Code::InvalidRequest),
        (2, world.wish(&[2, 4]), Code::InvalidRequest),
        (2, world.wish(&[2, 2]), Code::InvalidRequest),
        (2, world.wish(&[]), Code::InvalidRequest),
        (2, wish.clone().with_leader_recovery_state(1), Code::InvalidRequest),
        (2, world.wish(&[2, 3, 1]), Code::IneligibleReplica),
        (2, wish.clone().with_partition_index(7), Code::UnknownTopicOrPartition),
    ];
    for (broker, wish, expected) in cases {
        assert_eq!(code(&mut world, broker, wish.clone()), expected.code(), "{wish:?}");
    }
    let mut stale = wish;
    stale.new_isr_with_epochs[1].broker_epoch = 77;
    assert_eq!(code(&mut world, 2, stale), Code::IneligibleReplica.code());
}
