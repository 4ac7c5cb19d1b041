//! What a script breaks, and what it keeps.

use partita::event::{Event, EventKind};
use partita::invariant::{PromiseKind, PromiseState};
use partita::scenarios;
use partita::script::parse;
use partita::simulation::Progress;
use partita::timeline::{Flags, Timeline, Went};

/// Plays a script to its end.
fn play(text: &str) -> Timeline {
    let (script, errors) = parse(text);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("the cluster can be made");
    let went = timeline.forward_until(|timeline| !matches!(timeline.simulation().progress(), Progress::Playing(_)));
    assert_eq!((went, timeline.simulation().progress()), (Went::There, Progress::Ended), "{text}");
    timeline
}

/// The promises that a script breaks, each with the count and the event that broke it first.
fn broken(timeline: &Timeline) -> Vec<(PromiseKind, u64, Event)> {
    let all = timeline.observers().promises().all();
    let event = |id| timeline.event(id).expect("the event has happened");
    let broken = all.iter().filter_map(|promise| match promise.state {
        PromiseState::Broken { count, first, .. } => Some((promise.kind, count, event(first))),
        PromiseState::Kept | PromiseState::NotChecked => None,
    });
    broken.collect()
}

#[track_caller]
fn check(text: &str, expected: &[(PromiseKind, u64)]) -> Timeline {
    let timeline = play(text);
    let found: Vec<(PromiseKind, u64)> = broken(&timeline).iter().map(|(kind, count, _)| (*kind, *count)).collect();
    assert_eq!(found, expected, "{text}");
    timeline
}

fn state(timeline: &Timeline, kind: PromiseKind) -> PromiseState {
    timeline.observers().promises().state(kind)
}

const CLUSTER: &str = "cluster brokers=2 seed=1\ntopic t partitions=1\n";

#[test]
fn ready_scenarios_break_what_they_tell_of() {
    for scenario in &scenarios::all() {
        let expected: &[PromiseKind] = match &*scenario.id {
            "acks" => &[PromiseKind::AcknowledgedKept],
            "auto-commit" | "commit-sync-or-async" | "slow-work" | "long-pause" => &[PromiseKind::ProcessedOnce],
            _ => &[],
        };
        let timeline = play(&scenario.script);
        let found: Vec<PromiseKind> = broken(&timeline).iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(found, expected, "{}", scenario.id);
        let written = [PromiseKind::AcknowledgedKept, PromiseKind::OrderKept, PromiseKind::WrittenOnce];
        for kind in written.into_iter().filter(|kind| !expected.contains(kind)) {
            assert_eq!(state(&timeline, kind), PromiseState::Kept, "{} {kind:?}", scenario.id);
        }
    }
}

#[test]
fn nothing_is_checked_before_it_can_break() {
    let timeline = play(CLUSTER);
    for kind in PromiseKind::ALL {
        assert_eq!(state(&timeline, kind), PromiseState::NotChecked, "{kind:?}");
    }
}

/// The answer to the first batch is lost; without idempotence the retry writes it again.
#[test]
fn a_retry_without_idempotence_writes_twice() {
    let script = |idempotence| {
        format!(
            "{CLUSTER}producer p1 enable.idempotence={idempotence} request.timeout.ms=1000\n\
             drop-response broker-1 Produce client=p1\nsend p1 t value=a times=3\nwait sent p1\n"
        )
    };
    let timeline = check(&script("false"), &[(PromiseKind::WrittenOnce, 3)]);
    let (_, _, first) = broken(&timeline)[0];
    assert!(matches!(first.kind, EventKind::BatchAppended { base_offset: 3, .. }), "{first:?}");
    let alarms = (1..=timeline.moves().len()).filter(|n| timeline.moves().flags(*n).has(Flags::ALARM));
    assert_eq!(alarms.count(), 1);
    check(&script("true"), &[]);
}

/// The answer to a batch is lost, and the topic takes only smaller ones when it is tried again: the broker measures before
/// it looks for duplicates, and the halves of the batch are written once more, under the producer's next epoch.
#[test]
fn a_smaller_limit_before_the_retry_writes_twice_despite_idempotence() {
    let text = format!(
        "{CLUSTER}producer p1 request.timeout.ms=1000 retry.backoff.ms=800 linger.ms=50\n\
         send-sync p1 t value=first\ndrop-response broker-1 Produce client=p1\nsend p1 t value-size=450 times=4\n\
         sleep 1200\nalter topic t max.message.bytes=600\nwait sent p1\n"
    );
    let timeline = check(&text, &[(PromiseKind::WrittenOnce, 4)]);
    assert_eq!(state(&timeline, PromiseKind::AcknowledgedKept), PromiseState::Kept);
}

/// A batch expires while its second request is under way, which raises the epoch; the end of that request says nothing
/// new of it, so that the batch behind it keeps its epoch and sequence, and its retry is known as such. (`Sender.failBatch`
/// tells the `TransactionManager` of a batch once.)
#[test]
fn what_is_heard_of_an_expired_batch_raises_no_epoch_again() {
    let text = format!(
        "{CLUSTER}producer p1 request.timeout.ms=2000 delivery.timeout.ms=3000\nsend-sync p1 t value=zero\n\
         drop-response broker-1 Produce client=p1\nsend p1 t value=a\nsleep 1500\n\
         drop-response broker-1 Produce client=p1\nsleep 2000\nsend p1 t value=b\nwait sent p1\n\
         send-sync p1 t value=c\n"
    );
    let timeline = check(&text, &[]);
    assert_eq!(state(&timeline, PromiseKind::WrittenOnce), PromiseState::Kept);
    let (mut epochs, mut retries) = (Vec::new(), 0);
    for (_, event) in timeline.events_of(0, timeline.position()) {
        match event.kind {
            EventKind::ProducerEpochBumped { epoch, .. } => epochs.push(epoch),
            EventKind::BatchRetried { .. } => retries += 1,
            _ => {}
        }
    }
    assert_eq!((epochs, retries), (vec![1], 2), "retried: the one that expired, and the one behind it");
}

/// Two requests in flight, the first is refused and tried again: without idempotence the second overtakes it.
#[test]
fn a_retry_without_idempotence_changes_the_order() {
    let script = |idempotence| {
        format!(
            "cluster brokers=1 hop-us=5000\ntopic t\nproducer p1 linger.ms=0 enable.idempotence={idempotence}\n\
             send-sync p1 t value=first\nanswer-error broker-1 Produce NOT_ENOUGH_REPLICAS client=p1\n\
             send p1 t value=a\nsend p1 t value=b\nwait sent p1\n"
        )
    };
    let timeline = check(&script("false"), &[(PromiseKind::OrderKept, 1)]);
    assert_eq!(state(&timeline, PromiseKind::WrittenOnce), PromiseState::Kept);
    check(&script("true"), &[]);
}

/// `acks=0` says "done" when the request is written to a socket whose other end has just died.
#[test]
fn acks_0_loses_what_a_dead_broker_had_not_read() {
    let script = |acks| {
        format!(
            "{CLUSTER}producer p1 enable.idempotence=false acks={acks}\nsend-sync p1 t value=a\n\
             pause-process broker-1\nsend p1 t value=b times=4\nsleep 20\ncrash broker-1\nsleep 20\n\
             start broker-1\nwait sent p1 timeout_ms=60000\n"
        )
    };
    let timeline = check(&script("0"), &[(PromiseKind::AcknowledgedKept, 4)]);
    let (_, _, first) = broken(&timeline)[0];
    assert!(matches!(first.kind, EventKind::BrokerCrashed { .. }), "{first:?}");
    check(&script("1"), &[]);
}

/// A fault that answers "this is a duplicate" in the broker's place: the client takes it for a success, as Kafka's does.
#[test]
fn an_answer_in_the_brokers_place_loses_records() {
    let script = format!(
        "{CLUSTER}producer p1 retries=0 enable.idempotence=false\nsend-sync p1 t value=a\n\
         answer-error broker-1 Produce DUPLICATE_SEQUENCE_NUMBER client=p1\nsend-sync p1 t value=b\n"
    );
    check(&script, &[(PromiseKind::AcknowledgedKept, 1)]);
}

/// A consumer that dies between processing and committing: another one does the same records again.
#[test]
fn who_dies_before_it_commits_makes_another_process_again() {
    let script = |how: &str| {
        format!(
            "{CLUSTER}producer p1\nsend p1 t value={{i}} times=6\nwait sent p1\n\
             consumer c1 group.id=g auto.offset.reset=earliest enable.auto.commit=false session.timeout.ms=6000\n\
             subscribe c1 t\npoll c1 until=6\n{how}kill c1\n\
             consumer c2 group.id=g auto.offset.reset=earliest\nsubscribe c2 t\n\
             poll c2 for_ms=9000 show=count\n"
        )
    };
    let timeline = check(&script("commit c1 sync t-0=2\n"), &[(PromiseKind::ProcessedOnce, 4)]);
    let c2 = timeline.simulation().client("c2").expect("it was made").id;
    let t = partita::ids::PartitionNo { topic: partita::ids::TopicNo(0), partition: 0 };
    let processed = timeline.observers().promises().processed(c2, t).expect("it has read");
    assert_eq!(processed.iter().collect::<Vec<_>>(), [(0, 6)]);
    check(&script("commit c1 sync\n"), &[]);
    check(&script(""), &[(PromiseKind::ProcessedOnce, 6)]);
}

/// A program that commits what its `poll` is about to return, and dies before it has processed that, has passed it over.
#[test]
fn a_commit_ahead_of_processing_skips_records() {
    let script = format!(
        "{CLUSTER}producer p1\nsend p1 t value={{i}} times=6\nwait sent p1\n\
         consumer c1 group.id=g auto.offset.reset=earliest session.timeout.ms=6000 enable.auto.commit=false \
         max.poll.records=3\nsubscribe c1 t\npoll c1 until=3\ncommit c1 sync t-0=6\n\
         consume-loop c1 poll_ms=50 process_us=300000 commit=none\nsleep 400\nkill c1\n\
         consumer c2 group.id=g auto.offset.reset=earliest\nsubscribe c2 t\npoll c2 for_ms=9000 show=count\n"
    );
    let timeline = play(&script);
    let PromiseState::Broken { count, .. } = state(&timeline, PromiseKind::NoneSkipped) else {
        panic!("{:?}", timeline.observers().promises().all());
    };
    let c2 = timeline.simulation().client("c2").expect("it was made").id;
    let t = partita::ids::PartitionNo { topic: partita::ids::TopicNo(0), partition: 0 };
    let promises = timeline.observers().promises();
    let skipped = promises.skipped(c2, t).expect("it has read");
    assert_eq!(skipped.iter().collect::<Vec<_>>(), [(6 - count, 6)]);
    assert_eq!(state(&timeline, PromiseKind::ProcessedOnce), PromiseState::Kept);
}

/// The group is set ahead by its administrator while it is empty: what lies between is skipped.
#[test]
fn a_group_that_is_set_ahead_skips_records() {
    let script = format!(
        "{CLUSTER}producer p1\nsend p1 t value={{i}} times=6\nwait sent p1\n\
         consumer c1 group.id=g auto.offset.reset=earliest\nsubscribe c1 t\npoll c1 until=6 show=count\nclose c1\n\
         send p1 t value={{i}} times=6\nwait sent p1\nalter-offsets g t-0=9\n\
         consumer c2 group.id=g\nsubscribe c2 t\npoll c2 until=3 show=count\n"
    );
    let timeline = check(&script, &[(PromiseKind::NoneSkipped, 3)]);
    let (_, _, first) = broken(&timeline)[0];
    assert!(matches!(first.kind, EventKind::PositionSet { offset: 9, .. }), "{first:?}");
}

/// What a program asks for by hand, `seek`, breaks no promise in either direction.
#[test]
fn a_seek_is_the_programs_own_wish() {
    let script = format!(
        "{CLUSTER}producer p1\nsend p1 t value={{i}} times=6\nwait sent p1\n\
         consumer c1 group.id=g auto.offset.reset=earliest max.poll.records=2\nsubscribe c1 t\npoll c1 until=2\n\
         seek c1 t-0=5\npoll c1 until=1\nseek c1 t-0=1\npoll c1 until=5\nclose c1\n\
         consumer c2 group.id=g auto.offset.reset=earliest\nsubscribe c2 t\npoll c2 times=1 timeout_ms=3000\n"
    );
    check(&script, &[]);
}
