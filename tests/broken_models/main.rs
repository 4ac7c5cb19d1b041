//! Each invariant and each promise is broken by a deliberately broken model, and catches it.
//!
//! The model that is played is the one that ships: it is broken from outside, after each move and before anybody looks,
//! at a seam ([`at_seams`]). One script is played on all of them; on the model as it is it breaks nothing.

mod at_seams;

use at_seams::{Break, Memory, Seams};
use partita::ids::EventId;
use partita::invariant::{Invariant, Observers, PromiseKind, PromiseState, Violation, check, check_all};
use partita::script::parse;
use partita::simulation::{Progress, Simulation, Sink};

/// Idempotent producers, one of which loses a response and another of which has many requests under way; two groups,
/// members that come and go; a broker that dies.
const SCRIPT: &str = "\
cluster brokers=2 seed=3 group.initial.rebalance.delay.ms=0
topic t partitions=4
producer p1 request.timeout.ms=1000 linger.ms=5
producer p2 linger.ms=0 batch.size=80
consumer c1 group.id=g auto.offset.reset=earliest session.timeout.ms=6000 heartbeat.interval.ms=500
consumer c2 group.id=g auto.offset.reset=earliest session.timeout.ms=6000 heartbeat.interval.ms=500
subscribe c1 t
consume-loop c1 poll_ms=50 commit=sync
send p1 t partition=0 value={i} times=5
send p1 t partition=1 value={i} times=5
send p2 t partition=3 value={i} times=9
wait sent p1
wait sent p2
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
fn play(how: Option<Break>, looked_for: bool) -> (Result<(), Violation>, Observers) {
    let (script, errors) = parse(SCRIPT);
    assert!(errors.is_empty(), "{errors:?}");
    let mut simulation = Simulation::new(script.into()).expect("the cluster can be made");
    let (mut observers, mut sink, mut memory) = (Observers::default(), Sink::default(), Memory::default());
    let mut first = EventId(1);
    for number in 1..=MOST {
        let going = matches!(simulation.progress(), Progress::Playing(_));
        if !going || !simulation.step(&mut sink) {
            break;
        }
        if let Some(how) = how {
            let simulation = &mut simulation;
            how(&mut Seams { simulation, first, events: &mut sink.events, memory: &mut memory });
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

/// The broken models of an invariant: a new invariant needs one, or this does not compile.
fn models_against(invariant: Invariant) -> &'static [Break] {
    match invariant {
        Invariant::CausesComeFirst => &[at_seams::a_request_causes_itself],
        Invariant::LeadersAreAlive => &[at_seams::a_fenced_broker_leads, at_seams::a_broker_believes_that_it_leads],
        Invariant::OffsetsAreDense => &[at_seams::a_log_skips_an_offset],
        Invariant::WatermarksAreOrdered => &[at_seams::a_high_watermark_stays_behind],
        Invariant::AcknowledgedIsReadable => &[at_seams::an_answer_names_the_next_offset],
        Invariant::IdempotentIsOnceInOrder => {
            &[at_seams::sequences_get_lost, at_seams::sequences_get_lost_and_a_batch_is_damaged]
        }
        Invariant::SendsAreAccounted => &[at_seams::the_last_record_never_hears_of_its_end],
        Invariant::BufferIsAccounted => &[at_seams::memory_leaks],
        Invariant::InFlightIsBounded => &[at_seams::a_connection_is_crowded],
        Invariant::IndexAgrees => &[at_seams::the_place_in_a_batch_is_told_wrong],
        Invariant::ReadsAreCommitted => &[at_seams::what_is_read_lies_an_offset_too_high],
        Invariant::OwnersAgree => &[at_seams::a_member_hears_of_more_than_it_was_given],
        Invariant::OwnersAreUnique => &[at_seams::a_leader_gives_the_same_to_all],
        Invariant::LogIsTheGroup => &[at_seams::commits_are_not_in_the_log],
    }
}

/// The broken model of a promise, and what else it breaks with it: a new promise needs one, or this does not compile.
fn model_against(promise: PromiseKind) -> (Break, &'static [PromiseKind]) {
    match promise {
        PromiseKind::AcknowledgedKept => (at_seams::an_answer_names_the_next_offset, &[]),
        PromiseKind::OrderKept => (at_seams::sequences_get_lost_and_a_batch_is_damaged, &[]),
        PromiseKind::WrittenOnce => (at_seams::sequences_get_lost, &[]),
        // Two owners process the same records.
        PromiseKind::OneOwner => (at_seams::a_member_hears_of_more_than_it_was_given, &[PromiseKind::ProcessedOnce]),
        PromiseKind::ProcessedOnce => (at_seams::commits_are_one_too_low, &[]),
        PromiseKind::NoneSkipped => (at_seams::commits_are_one_too_high, &[]),
    }
}

fn broken(observers: &Observers) -> Vec<PromiseKind> {
    let is_broken = |kind: &PromiseKind| matches!(observers.promises().state(*kind), PromiseState::Broken { .. });
    PromiseKind::ALL.into_iter().filter(is_broken).collect()
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
fn every_invariant_catches_its_broken_models() {
    for invariant in Invariant::ALL {
        for (number, how) in models_against(invariant).iter().enumerate() {
            let (checked, _) = play(Some(*how), true);
            let violation = checked.expect_err(&format!("model {number} against {invariant:?} is not caught"));
            assert_eq!(violation.which, invariant, "model {number} against {invariant:?}: {violation}");
        }
    }
}

#[test]
fn every_promise_is_broken_by_its_broken_model_and_by_no_other() {
    for kind in PromiseKind::ALL {
        let (how, others) = model_against(kind);
        let (_, observers) = play(Some(how), false);
        let mut expected: Vec<PromiseKind> = others.iter().copied().chain([kind]).collect();
        expected.sort();
        assert_eq!(broken(&observers), expected, "the model against {kind:?}");
    }
}
