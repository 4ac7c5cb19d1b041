//! Changes of one partition, as `PartitionChangeBuilderTest` has them.

use super::ids;
use crate::controller::partition_change::{Changed, Election, PartitionChange};
use crate::event::ElectedWhy;
use crate::ids::BrokerId;
use crate::image::{LeaderRecoveryState, PartitionRegistration};
use crate::sorted::SortedSet;

fn changed(
    partition: &PartitionRegistration,
    active: &[i32],
    min_isr: usize,
    change: impl Fn(&mut PartitionChange<'_>),
) -> Option<Changed> {
    let active: SortedSet<BrokerId> = ids(active).into_iter().collect();
    let mut built = PartitionChange::new(partition, &active, min_isr);
    change(&mut built);
    built.build()
}

fn foo() -> PartitionRegistration {
    PartitionRegistration {
        leader_epoch: 100,
        partition_epoch: 200,
        ..PartitionRegistration::new(ids(&[2, 1, 3]), ids(&[2, 1, 3]))
    }
}

#[test]
fn what_does_not_change_is_no_change() {
    assert_eq!(changed(&foo(), &[1, 2, 3], 2, |_| {}), None);
    let mut led_by_another = foo();
    led_by_another.leader = Some(BrokerId(1));
    assert_eq!(changed(&led_by_another, &[1, 2, 3], 2, |_| {}), None, "who leads goes on");
}

#[test]
fn the_preferred_replica_is_elected_when_it_is_asked_for() {
    let mut partition = foo();
    partition.leader = Some(BrokerId(1));
    let preferred = |change: &mut PartitionChange<'_>| change.election = Election::Preferred;
    let found = changed(&partition, &[1, 2, 3], 2, preferred).expect("an election");
    assert_eq!((found.partition.leader, found.elected), (Some(BrokerId(2)), Some(ElectedWhy::Preferred)));
    assert_eq!((found.partition.leader_epoch, found.partition.partition_epoch), (101, 201));
    assert_eq!(changed(&partition, &[1, 3], 2, preferred), None, "it is not alive");
}

#[test]
fn a_smaller_isr_raises_only_the_partition_epoch() {
    let found = changed(&foo(), &[1, 2, 3], 2, |change| change.isr = ids(&[2, 1])).expect("a change");
    assert_eq!((found.partition.leader_epoch, found.partition.partition_epoch, found.elected), (100, 201, None));
    assert_eq!(found.partition.elr, ids(&[]));
}

#[test]
fn eligible_is_who_left_an_isr_that_is_too_small() {
    let found = changed(&foo(), &[1, 2, 3], 3, |change| change.isr = ids(&[2])).expect("a change").partition;
    assert_eq!((found.isr.clone(), found.elr.clone()), (ids(&[2]), ids(&[1, 3])));
    let shrunk = changed(&found, &[1, 2, 3], 3, |change| change.isr = ids(&[2, 3])).expect("a change").partition;
    assert_eq!(shrunk.elr, ids(&[1]), "who is in sync is not eligible besides");
    let grown = changed(&shrunk, &[1, 2, 3], 2, |change| change.isr = ids(&[2, 3, 1])).expect("a change").partition;
    assert_eq!(grown.elr, ids(&[]));
    let unclean = changed(&foo(), &[2], 3, |change| {
        change.isr = ids(&[2]);
        change.unclean_shutdown = Some(BrokerId(3));
    });
    assert_eq!(unclean.expect("a change").partition.elr, ids(&[1]));
}

#[test]
fn unclean_elections_reset_the_isr() {
    let mut partition = foo();
    partition.isr = ids(&[2]);
    let gone = |election| move |change: &mut PartitionChange<'_>| (change.election, change.isr) = (election, ids(&[]));
    let found = changed(&partition, &[1, 3], 1, gone(Election::Unclean)).expect("an election");
    assert_eq!(found.elected, Some(ElectedWhy::Unclean));
    assert_eq!((found.partition.leader, found.partition.isr), (Some(BrokerId(1)), ids(&[1])));
    assert_eq!((found.partition.elr, found.partition.recovery), (ids(&[]), LeaderRecoveryState::Recovering));
    let found = changed(&partition, &[1, 3], 1, gone(Election::Online)).expect("an election").partition;
    assert_eq!((found.leader, found.isr, found.elr), (None, ids(&[]), ids(&[2])));
    assert_eq!(found.last_known_elr, ids(&[2]));
}

#[test]
fn replicas_that_go_raise_the_leader_epoch() {
    let found = changed(&foo(), &[1, 2, 3], 2, |change| {
        (change.replicas, change.isr) = (ids(&[2, 1]), ids(&[2, 1]));
    });
    let found = found.expect("a change");
    assert_eq!((found.partition.leader_epoch, found.elected), (101, Some(ElectedWhy::Still)));
    let found = changed(&foo(), &[1, 2, 3, 4], 2, |change| change.replicas = ids(&[2, 1, 3, 4])).expect("a change");
    assert_eq!((found.partition.leader_epoch, found.elected), (100, None), "one that comes does not");
}
