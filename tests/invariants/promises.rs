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

#[test]
fn stuck() {
    let scenario = &scenarios::ALL.iter().find(|s| s.id == "auto-commit").unwrap();
    let (script, _) = parse(scenario.script);
    let mut timeline = Timeline::new(&script).expect("the cluster can be made");
    let mut n = 0;
    let mut at = timeline.simulation().now().at;
    timeline.forward_until(|timeline| {
        n = if timeline.simulation().now().at == at { n + 1 } else { 0 };
        at = timeline.simulation().now().at;
        n > 500
    });
    println!("stuck at {at} move {}", timeline.position());
    for _ in 0..5 {
        timeline.forward();
        println!("{:?} {:?}", timeline.simulation().now().at, timeline.events());
    }
    for client in timeline.simulation().clients() {
        if let partita::simulation::ClientNode::Consumer(c) = &client.node {
            println!("{:?} {:?} {:?} stage {:?} waiting {:?} state {:?} hb {:?} poll due {:?} call {:?}", client.id, client.life, c.next_timeout(), c.call_stage(), c.waiting(), c.member_state(), c.heartbeat_due(), c.poll_due(), c.current_call());
        }
    }
}
