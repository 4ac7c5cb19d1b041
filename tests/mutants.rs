//! Each invariant and each promise is broken by a deliberately broken model, and catches it.
//!
//! One script is played on all of them: in a model that is whole it breaks nothing.

use partita::ids::EventId;
use partita::invariant::{Invariant, Observers, PromiseKind, PromiseState, Violation, check, check_all};
use partita::mutant::Mutant;
use partita::script::parse;
use partita::simulation::{Progress, Simulation, Sink};

/// Idempotent producers, one of which loses a response; two groups, members that come and go; a broker that dies.
const SCRIPT: &str = "\
cluster brokers=2 seed=3 group.initial.rebalance.delay.ms=0
topic t partitions=4
producer p1 request.timeout.ms=1000 linger.ms=5
consumer c1 group.id=g auto.offset.reset=earliest session.timeout.ms=6000 heartbeat.interval.ms=500
consumer c2 group.id=g auto.offset.reset=earliest session.timeout.ms=6000 heartbeat.interval.ms=500
subscribe c1 t
consume-loop c1 poll_ms=50 commit=sync
send p1 t partition=0 value={i} times=5
send p1 t partition=1 value={i} times=5
wait sent p1
drop-response broker-1 Produce client=p1
send p1 t partition=0 value={i} times=4
wait sent p1
subscribe c2 t
consume-loop c2 poll_ms=50 commit=sync
wait group g state Stable members 2
send p1 t key=k value={i} times=9
wait sent p1
sleep 700
crash broker-2
sleep 12000
start broker-2
send p1 t key=k value={i} times=9
wait sent p1 timeout_ms=60000
sleep 2000
close c2
sleep 1000
close c1
consumer c3 group.id=g
subscribe c3 t
poll c3 for_ms=1000
close c3
";

/// So many moves are far more than the script needs.
const MOST: u64 = 200_000;

/// Plays the script on a model, broken or whole, to its end, or to the first violation when one is `looked_for`.
fn play(mutant: Option<Mutant>, looked_for: bool) -> (Result<(), Violation>, Observers) {
    let (script, errors) = parse(SCRIPT);
    assert!(errors.is_empty(), "{errors:?}");
    let mut simulation = Simulation::new(script.into()).expect("the cluster can be made");
    if let Some(mutant) = mutant {
        simulation.break_with(mutant);
    }
    let (mut observers, mut sink) = (Observers::default(), Sink::default());
    let mut first = EventId(1);
    for number in 1..=MOST {
        let going = matches!(simulation.progress(), Progress::Playing(_));
        if !going || !simulation.step(&mut sink) {
            break;
        }
        observers.observe(&simulation, first, &sink.events);
        if looked_for {
            let mut checked = check(&simulation, &observers, first, &sink.events);
            if checked.is_ok() && number % 100 == 0 {
                checked = check_all(&simulation, &observers);
            }
            if checked.is_err() {
                return (checked, observers);
            }
        }
        first = simulation.next_event();
        sink.events.clear();
    }
    (check_all(&simulation, &observers), observers)
}

fn is_broken(observers: &Observers, kind: PromiseKind) -> bool {
    matches!(observers.promises().state(kind), PromiseState::Broken { .. })
}

#[test]
fn the_whole_model_breaks_nothing() {
    let (checked, observers) = play(None, true);
    assert_eq!(checked, Ok(()));
    for kind in PromiseKind::ALL {
        assert_eq!(observers.promises().state(kind), PromiseState::Kept, "{kind:?}");
    }
}

#[test]
fn every_invariant_catches_its_broken_model() {
    let table = [
        (Invariant::CausesComeFirst, Mutant::CausesItself),
        (Invariant::LeadersAreAlive, Mutant::FencedLeads),
        (Invariant::OffsetsAreDense, Mutant::SkipsOffset),
        (Invariant::WatermarksAreOrdered, Mutant::StaleHighWatermark),
        (Invariant::AcknowledgedIsReadable, Mutant::ForgetsBatch),
        (Invariant::IdempotentIsOnceInOrder, Mutant::WritesDuplicates),
        (Invariant::SendsAreAccounted, Mutant::ForgetsRecord),
        (Invariant::BufferIsAccounted, Mutant::LeaksBuffer),
        (Invariant::InFlightIsBounded, Mutant::CrowdsConnection),
        (Invariant::IndexAgrees, Mutant::SaysWrongPlace),
        (Invariant::ReadsAreCommitted, Mutant::ReadsAhead),
        (Invariant::OwnersAgree, Mutant::TakesMore),
        (Invariant::OwnersAreUnique, Mutant::GivesTwice),
        (Invariant::LogIsTheGroup, Mutant::ForgetsCommits),
    ];
    for invariant in Invariant::ALL {
        assert!(table.iter().any(|(which, _)| *which == invariant), "nothing breaks {invariant:?}");
    }
    for (invariant, mutant) in table {
        let (checked, _) = play(Some(mutant), true);
        let violation = checked.expect_err(&format!("{mutant:?} is not caught"));
        assert_eq!(violation.which, invariant, "{mutant:?}: {violation}");
    }
}

#[test]
fn every_promise_is_broken_by_a_broken_model() {
    let table = [
        (PromiseKind::ProcessedOnce, Mutant::CommitsBehind),
        (PromiseKind::NoneSkipped, Mutant::CommitsAhead),
        (PromiseKind::OneOwner, Mutant::TakesMore),
        (PromiseKind::WrittenOnce, Mutant::WritesDuplicates),
    ];
    for (kind, mutant) in table {
        let (_, observers) = play(Some(mutant), false);
        assert!(is_broken(&observers, kind), "{mutant:?}: {:?}", observers.promises().all());
    }
}
