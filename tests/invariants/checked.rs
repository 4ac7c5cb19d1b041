//! Scripts in which what must always hold stands at its limit: everything is checked after every move.

use partita::invariant::{PromiseKind, PromiseState, check, check_all};
use partita::script::parse;
use partita::simulation::Progress;
use partita::timeline::Timeline;

/// Plays a script to its end, which no invariant may object to.
fn play(text: &str) -> Timeline {
    let (script, errors) = parse(text);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("the cluster can be made");
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) {
        let first = timeline.simulation().next_event();
        assert!(timeline.forward(), "nothing is scheduled any more");
        let checked = check(timeline.simulation(), timeline.observers(), first, timeline.events());
        assert_eq!(checked, Ok(()), "move {}", timeline.position());
    }
    assert_eq!(check_all(timeline.simulation(), timeline.observers()), Ok(()));
    timeline
}

/// No broker of Kafka 4.3 answers `UNKNOWN_PRODUCER_ID`; where that is armed, the producer believes that nothing is
/// known of it, begins at sequence 0 again (`TransactionManager.resetSequenceForPartition`), and the broker takes what
/// it sends for the first batch, which it has: the answer names the offset of another record.
#[test]
fn who_is_told_that_nothing_is_known_of_it_takes_an_old_record_for_its_new_one() {
    let timeline = play(
        "cluster brokers=1 seed=1\ntopic t partitions=1\nproducer p1 retries=1\nsend-sync p1 t value=zero\n\
         answer-error broker-1 Produce UNKNOWN_PRODUCER_ID times=2 client=p1\nsend-sync p1 t value=first\n\
         send-sync p1 t value=second\n",
    );
    let state = timeline.observers().promises().state(PromiseKind::AcknowledgedKept);
    assert!(matches!(state, PromiseState::Broken { count: 1, .. }), "{state:?}");
}
