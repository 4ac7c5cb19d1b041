//! The user's programs, from outside: loops give way to what is asked of them, process what they hold, and never stop time.

use std::sync::Arc;

use partita::application::{SendOutcome, TaskResult};
use partita::event::{Event, EventKind};
use partita::invariant::{PromiseKind, PromiseState, check};
use partita::script::parse;
use partita::simulation::{Observation, Progress, Seen, Simulation, Sink};
use partita::time::Instant;
use partita::timeline::Timeline;

struct Watched {
    timeline: Timeline,
    events: Vec<Event>,
    observations: Vec<Observation>,
}

impl Watched {
    fn seen(&self, line: u32) -> Vec<&Seen> {
        self.observations.iter().filter(|observation| observation.line == line).map(|of| &of.seen).collect()
    }

    fn promise(&self, kind: PromiseKind) -> PromiseState {
        self.timeline.observers().promises().state(kind)
    }

    /// The instant at which something happened first, in virtual milliseconds.
    #[track_caller]
    fn first_ms(&self, is: impl Fn(&EventKind) -> bool) -> u64 {
        self.events.iter().find(|event| is(&event.kind)).expect("it has happened").at.millis()
    }

    fn processed(&self) -> Vec<(u64, u64)> {
        let of = |event: &Event| match event.kind {
            EventKind::RecordsProcessed { first, last, .. } => Some((first..=last, event.at.millis())),
            _ => None,
        };
        self.events.iter().filter_map(of).flat_map(|(offsets, ms)| offsets.map(move |offset| (offset, ms))).collect()
    }
}

/// Plays a script, with the commands that stand among its lines, to an instant; every invariant is checked.
#[track_caller]
fn play_until(text: &str, ms: u64) -> Watched {
    let (script, errors) = parse(text);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("the cluster can be made");
    let (mut events, mut observations) = (Vec::new(), Vec::new());
    let is_going = |timeline: &Timeline| {
        matches!(timeline.simulation().progress(), Progress::Playing(_)) || timeline.acts_in_the_past()
    };
    while is_going(&timeline) && timeline.next_at().is_some_and(|at| at <= Instant::from_millis(ms)) {
        let first = timeline.simulation().next_event();
        assert!(timeline.forward(), "a move is scheduled");
        assert_eq!(check(timeline.simulation(), timeline.observers(), first, timeline.events()), Ok(()));
        events.extend_from_slice(timeline.events());
        observations.extend(timeline.take_observations());
    }
    Watched { timeline, events, observations }
}

/// Plays a script to its end.
#[track_caller]
fn play(text: &str) -> Watched {
    let played = play_until(text, 120_000);
    assert_eq!(played.timeline.simulation().progress(), Progress::Ended, "{text}");
    played
}

const LOOPING: &str = "cluster brokers=1 seed=1\ntopic t\nproducer p1\nconsumer c1 group.id=g\nsubscribe c1 t\n\
    consume-loop c1 poll_ms=100 process_us=PROCESS\nwait assigned-count c1 = 1\nproduce-loop p1 t value=a rate=20/s\n";

/// Every poll of the loop brings a record: what is asked of its client comes between two of them.
#[test]
fn a_command_comes_between_two_polls_that_bring_records() {
    for process in ["0", "20000"] {
        let looping = LOOPING.replace("PROCESS", process);
        let played = play_until(
            &format!("{looping}sleep 9000\n@2000000 pause c1 t-0\n@2500000 resume c1 t-0\n@3000000 close c1\n"),
            4000,
        );
        let at = |ms: u64| ms..ms + 150;
        let paused = |wanted| move |kind: &EventKind| matches!(kind, EventKind::ConsumerPaused { paused, .. } if *paused == wanted);
        assert!(at(2000).contains(&played.first_ms(paused(true))), "{process}");
        assert!(at(2500).contains(&played.first_ms(paused(false))), "{process}");
        let closed = played.first_ms(|kind| matches!(kind, EventKind::ClientClosed { .. }));
        assert!(at(3000).contains(&closed), "{process}: {closed}");
        // So do the looks, and what a line of the script asks.
        let played = play(&format!("{looping}sleep 500\nassignment c1\nrecords c1\nseek c1 t-0=0\nclose c1\n"));
        assert!(matches!(played.seen(10)[..], [Seen::Assignment(_)]), "{:?}", played.seen(10));
        assert!(matches!(played.seen(11)[..], [Seen::Records(_)]));
        assert!(played.timeline.simulation().now().ms() < 3000, "{}", played.timeline.simulation().now().ms());
    }
}

const TEN: &str = "cluster brokers=1 seed=1\ntopic t\nproducer p1\nconsumer c1 group.id=g auto.offset.reset=earliest\n\
    send p1 t value=v{i} times=10\nwait sent p1\nsubscribe c1 t\n";

/// A loop that is stopped, or replaced, first processes what it holds and commits it.
#[test]
fn a_loop_that_ends_processes_what_it_holds() {
    for (end, commit) in
        [("stop-loop c1\n", "none"), ("consume-loop c1 poll_ms=100 commit=none\n", "none"), ("stop-loop c1\n", "sync")]
    {
        let explicit = if commit == "none" { "commit c1 sync\n" } else { "" };
        let played = play(&format!(
            "{TEN}consume-loop c1 poll_ms=100 process_us=100000 commit={commit}\nsleep 800\n{end}sleep 1000\n{explicit}close c1\ngroup-offsets g\n"
        ));
        let offsets: Vec<u64> = played.processed().iter().map(|(offset, _)| *offset).collect();
        assert_eq!(offsets, (0..10).collect::<Vec<_>>(), "{end}");
        assert!(
            matches!(played.observations.last().unwrap().seen, Seen::GroupOffsets(ref all) if all[0].1 == Some(10))
        );
        assert_eq!(played.promise(PromiseKind::NoneSkipped), PromiseState::Kept);
        assert_eq!(played.promise(PromiseKind::ProcessedOnce), PromiseState::Kept);
    }
}

/// The next loop has its own pace; a client that was slowed down by hand stays slow, and a loop can be slower than that.
#[test]
fn a_loop_goes_at_its_own_pace() {
    let pace = |before: &str, after: &str| {
        let played = play(&format!(
            "{TEN}{before}\nsleep 3000\n{after}\nsleep 300\nsend p1 t value=v times=3\nwait sent p1\nsleep 2000\nclose c1\n"
        ));
        let of = |offset: u64| played.processed().iter().find(|(first, _)| *first >= offset).map_or(0, |found| found.1);
        of(11) - of(10)
    };
    let one = "consume-loop c1 process_us=100000";
    assert_eq!(pace(one, "consume-loop c1 process_us=0"), 0);
    assert_eq!(pace(one, "consume-loop c1 process_us=30000"), 30);
    assert_eq!(pace(one, "slow c1 process_us=5000"), 5);
    assert_eq!(pace("slow c1 process_us=40000\nconsume-loop c1", "sleep 1"), 40);
    assert_eq!(pace("slow c1 process_us=40000\nconsume-loop c1", "consume-loop c1 process_us=70000"), 70);
}

/// A client that was made anew takes up the loop as it stood when the old one closed.
#[test]
fn a_loop_that_was_stopped_is_not_taken_up_again() {
    let played = play(&format!(
        "{TEN}consume-loop c1 poll_ms=100 process_us=50000\nsleep 700\nstop-loop c1\nset c1 max.poll.records=7 from=now\nsleep 500\n\
         send p1 t value=v times=3\nwait sent p1\nsleep 2000\nclose c1\n"
    ));
    assert_eq!(played.processed().len(), 10);
}

/// Another member commits what this one has in hand, which dies: nobody will read it any more, and it was not processed.
#[test]
fn what_a_group_commits_and_nobody_holds_any_more_is_passed_over() {
    let played = play(
        "cluster brokers=1 seed=1\ntopic t\nproducer p1\nsend p1 t value=v{i} times=10\nwait sent p1\n\
         consumer c1 group.id=g auto.offset.reset=earliest enable.auto.commit=false\nassign c1 t-0\n\
         consumer c2 group.id=g auto.offset.reset=earliest enable.auto.commit=false\nassign c2 t-0\n\
         consume-loop c1 poll_ms=100 process_us=100000 commit=none\nsleep 550\npoll c2 until=10\ncommit c2 sync\nkill c1\n",
    );
    assert_eq!(played.promise(PromiseKind::NoneSkipped), PromiseState::Kept, "c2 has processed them");
    // A program that commits ahead of what it has read, and dies.
    let played = play(
        "cluster brokers=1 seed=1\ntopic t\nproducer p1\nsend p1 t value=v{i} times=10\nwait sent p1\n\
         consumer c1 group.id=g auto.offset.reset=earliest enable.auto.commit=false max.poll.records=4\nassign c1 t-0\n\
         poll c1 until=4\ncommit c1 sync t-0=10\nconsume-loop c1 poll_ms=100 process_us=100000 commit=none\nsleep 250\nkill c1\n",
    );
    assert_eq!(played.processed().len(), 6);
    let PromiseState::Broken { count, first, .. } = played.promise(PromiseKind::NoneSkipped) else {
        panic!("{:?}", played.promise(PromiseKind::NoneSkipped))
    };
    assert_eq!(count, 2, "two of those in hand; the last two have not been read, and may be");
    assert!(matches!(played.timeline.event(first).unwrap().kind, EventKind::ClientKilled { .. }));
}

/// What was processed before a `seek` back, and read again from where the group has committed, was not passed over.
#[test]
fn a_seek_back_passes_nothing_over() {
    let played = play(&format!(
        "{TEN}poll c1 until=10\ncommit c1 sync\nseek c1 t-0=2\nkill c1\nconsumer c2 group.id=g session.timeout.ms=6000\n\
         assign c2 t-0\npoll c2 times=2 timeout_ms=200\nseek c2 t-0=0\nclose c2\n"
    ));
    assert_eq!(played.promise(PromiseKind::NoneSkipped), PromiseState::Kept);
}

/// Each call is a move of its own, whatever it comes back with: the stack does not grow, and time passes.
#[test]
fn calls_that_come_back_at_once_take_their_moves() {
    let refused = "cluster brokers=1\ntopic t\nproducer p1\n";
    for lines in [
        "send p1 t value=a timestamp=-5 times=20000\n",
        "send p1 t value=a partition=-1 times=20000\n",
        "send-sync p1 bad/name value=a\nsend p1 bad/name value=a times=20000\n",
        "close p1\nsend p1 t value=a times=20000\n",
    ] {
        let (script, errors) = parse(&format!("{refused}{lines}"));
        assert!(errors.is_empty(), "{errors:?}");
        let thread = std::thread::Builder::new().stack_size(256 * 1024);
        let play = move || {
            let mut simulation = Simulation::new(Arc::new(script)).expect("it can be played");
            let mut threw = 0;
            while matches!(simulation.progress(), Progress::Playing(_)) {
                let mut sink = Sink::default();
                assert!(simulation.step(&mut sink));
                let of = |seen: &&Observation| matches!(&seen.seen, Seen::Sent { outcome, .. } if !matches!(outcome, SendOutcome::Acknowledged(_)));
                let now = sink.observations.iter().filter(of).count();
                assert!(now <= 1, "one call a move");
                threw += now;
            }
            (simulation.progress(), threw >= 20_000, simulation.now().at.micros() >= 20_000)
        };
        let ended = thread.spawn(play).expect("a thread").join().expect("the stack holds");
        assert_eq!(ended, (Progress::Ended, true, true), "{lines}");
    }
    // Programs that do so for ever do not stop the others.
    for lines in [
        "close p1\nproduce-loop p1 t value=a interval_ms=0\nsleep 10\n",
        "produce-loop p1 t value=a interval_ms=0 timestamp=-5\nsleep 10\n",
        "send-sync p1 bad/name value=a\nproduce-loop p1 bad/name value=a interval_ms=0 mode=sync\nsleep 10\n",
    ] {
        let played = play_until(&format!("{refused}{lines}"), 5000);
        assert_eq!(played.timeline.simulation().progress(), Progress::Ended, "{lines}");
    }
}

/// A record that `ProducerRecord` refuses has no number; every other one keeps the number that its client gave it.
#[test]
fn a_refused_record_takes_no_number() {
    let start = "cluster brokers=1\ntopic t partitions=3\nproducer p1 max.block.ms=1000\n";
    for refused in ["partition=-1", "timestamp=-5"] {
        for failing in ["t value=b partition=3", "bad/name value=b", "absent/ value=b"] {
            let played = play(&format!(
                "{start}send-sync p1 t value=a {refused}\nsend-sync p1 {failing}\nsend p1 {failing} times=2\nwait sent p1\n\
                 send-sync p1 t value=c\noutcomes p1\n"
            ));
            assert_eq!(played.seen(9), [&Seen::Pending(0)], "{refused} {failing}");
            assert!(matches!(
                played.seen(8)[..],
                [Seen::Sent { outcome: SendOutcome::Acknowledged(_), .. }, Seen::Sends]
            ));
        }
    }
    // A loop that is stopped while its `send` waits for metadata: the send that fails then is over.
    let played = play(&format!(
        "{start}produce-loop p1 t value=a partition=3 interval_ms=10\nsleep 200\nstop-loop p1\nsleep 2000\noutcomes p1\n"
    ));
    assert_eq!(played.seen(8), [&Seen::Pending(0)]);
}

/// The producer learns that it cannot go on only when its record lies in a batch: `send` throws, and the batch fails later.
#[test]
fn a_record_that_lies_in_a_batch_although_its_send_threw_is_counted_once() {
    let played = play(
        "cluster brokers=1 seed=1\ntopic t\nproducer p1\nanswer-error broker-1 InitProducerId OFFSET_METADATA_TOO_LARGE times=100\n\
         send p1 t value=v times=5\nsleep 3000\nsend p1 t value=v times=3\nsleep 3000\noutcomes p1\n",
    );
    let sent = |line| played.seen(line).into_iter().filter(|seen| matches!(seen, Seen::Sent { .. })).count();
    assert_eq!((sent(5), sent(7), played.seen(9)), (5, 3, vec![&Seen::Pending(0)]));
}

/// A consumer may still hold records of a topic that is deleted.
#[test]
fn records_of_a_deleted_topic_may_still_be_read() {
    let played = play(&format!(
        "{TEN}poll c1 until=1\nsend p1 t value=w times=600\nwait sent p1\npoll c1 times=1 timeout_ms=100\ndelete-topic t\npoll c1 times=3 timeout_ms=100\n"
    ));
    assert!(matches!(played.seen(13)[0], Seen::Task(TaskResult::Polled(_))));
}

/// A loop that polls without a timeout does not make a million moves a second.
#[test]
fn a_loop_without_a_timeout_lets_time_pass() {
    let played = play(&format!("{TEN}consume-loop c1 poll_ms=0\nsleep 5000\nclose c1\n"));
    assert!(played.timeline.position() < 60_000, "{}", played.timeline.position());
    assert_eq!(played.processed().iter().map(|(first, _)| *first).min(), Some(0));
}
