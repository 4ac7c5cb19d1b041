//! Clients that are made with properties Kafka does not know: what it logs then, and what may have been meant.

use partita::draft::{unused_of, without_effect};
use partita::lang::both;
use partita::script::{NewCluster, Statement};
use partita::simulation::Simulation;

use super::notice::{About, PageNotice};

/// What there is to say of the clients that these statements make, or make anew.
pub fn of<'a>(simulation: &Simulation, mut statements: impl Iterator<Item = &'a Statement>) -> Option<PageNotice> {
    let told = unused_of(simulation, &mut statements);
    if told.is_empty() {
        return None;
    }
    let strong = both("Kafka goes on without some properties.", "카프카가 쓰지 않는 속성이 있습니다.");
    let text = both("It has none of that name:", "그런 이름의 속성이 없습니다.");
    Some(PageNotice::new(About::Unused, "hint", strong, text).listing(told))
}

/// What there is to say of a cluster that is given what changes nothing here.
pub fn of_cluster(cluster: &NewCluster) -> Option<PageNotice> {
    let told = without_effect(cluster);
    if told.is_empty() {
        return None;
    }
    let strong = both("The run is played without some properties.", "쓰지 않는 속성이 있습니다.");
    let text = both("They stand in the `cluster` line:", "`cluster` 줄에 있는 것:");
    Some(PageNotice::new(About::NoEffect, "hint", strong, text).listing(told))
}
