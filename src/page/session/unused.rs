//! Clients that are made with properties Kafka does not know: what it logs then, and what may have been meant.

use partita::draft::unused_of;
use partita::lang::both;
use partita::script::Statement;
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
