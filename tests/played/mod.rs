//! Runs of scripts, as several tests look at them.

mod begun;

pub use begun::run;
use partita::scenarios::Scenario;
use partita::simulation::Progress;
use partita::timeline::Timeline;

/// A run whose script has ended.
pub fn played(lines: &str) -> Timeline {
    let mut timeline = run(lines);
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {}
    assert_eq!(timeline.simulation().progress(), Progress::Ended);
    timeline
}

/// A ready scenario whose script has ended.
pub fn ready(id: &str) -> Timeline {
    played(&Scenario::by_id(id).expect("a ready scenario").script)
}
