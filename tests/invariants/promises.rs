//! What a script breaks, and what it keeps.

use partita::invariant::{PromiseKind, PromiseState};
use partita::scenarios;
use partita::script::parse;
use partita::simulation::Progress;
use partita::timeline::{Timeline, Went};

/// Plays a script to its end.
fn play(text: &str) -> Timeline {
    let (script, errors) = parse(text);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("the cluster can be made");
    let went = timeline.forward_until(|timeline| !matches!(timeline.simulation().progress(), Progress::Playing(_)));
    assert_eq!(went, Went::There, "{:?}", timeline.simulation().progress());
    assert_eq!(timeline.simulation().progress(), Progress::Ended);
    timeline
}

#[test]
fn look() {
    for scenario in &scenarios::ALL {
        let (script, errors) = parse(scenario.script);
        assert!(errors.is_empty(), "{errors:?}");
        let mut timeline = Timeline::new(&script).expect("the cluster can be made");
        let went = timeline.forward_until(|timeline| !matches!(timeline.simulation().progress(), Progress::Playing(_)));
        println!("{} {went:?} {:?} {} moves", scenario.id, timeline.simulation().progress(), timeline.position());
        for promise in timeline.observers().promises().all() {
            println!("   {promise:?}");
        }
    }
}
