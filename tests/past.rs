//! What is told of the past: the counts of a run, and sentences that know what happened before.

use partita::explain::{Context, Narration, Past, narrate};
use partita::ids::EventId;
use partita::lang::Lang;
use partita::scenarios::{self, Scenario};
use partita::script::parse;
use partita::simulation::Progress;
use partita::timeline::Timeline;
use partita::view::Counts;

fn run(lines: &str) -> Timeline {
    let (script, errors) = parse(lines);
    assert!(errors.is_empty(), "{errors:?}");
    Timeline::new(&script).expect("a cluster")
}

/// A run whose script has ended.
fn played(lines: &str) -> Timeline {
    let mut timeline = run(lines);
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {}
    assert_eq!(timeline.simulation().progress(), Progress::Ended);
    timeline
}

#[test]
fn the_counts_of_every_ready_scenario_come_to_what_was_sent() {
    for scenario in scenarios::all() {
        let timeline = played(&scenario.script);
        let counts = Counts::of(&timeline);
        assert!(counts.sent > 0, "{}", scenario.id);
        assert_eq!(counts.sent, counts.acknowledged + counts.failed + counts.never_sent, "{}: {counts:?}", scenario.id);
        // With acks=0 one is counted as done that its broker never had.
        let lost = u64::from(&*scenario.id == "acks");
        assert_eq!((counts.lost, counts.written_twice), (lost, 0), "{}", scenario.id);
        assert_eq!(counts.time_us, timeline.simulation().now().at.micros());
    }
}

#[test]
fn the_ready_scenarios_are_counted_by_what_they_are_about() {
    let of = |id: &str| Counts::of(&played(&Scenario::by_id(id).expect("a ready scenario").script));
    let forgotten = of("fire-and-forget");
    assert_eq!((forgotten.sent, forgotten.acknowledged, forgotten.never_sent), (3, 2, 1));
    let refused = of("get-or-callback");
    assert_eq!((refused.sent, refused.failed, refused.never_sent), (5, 2, 0));
    let full = of("full-buffer");
    assert_eq!((full.sent, full.failed), (7, 1));
    let crashed = of("broker-crash");
    assert_eq!((crashed.sent, crashed.acknowledged, crashed.failed), (4, 3, 1));
    assert_eq!(of("commit-sync-or-async").processed_twice, 3);
    assert_eq!(of("auto-commit").processed_twice, 3);
    assert_eq!(of("four-consumers").rebalances, 4);
}

/// Three records; a consumer processes one, commits them all ahead of its work, and dies.
const AHEAD: &str = "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1
topic t partitions=1
producer p
consumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false max.poll.records=1
subscribe c t
send p t value=a times=3
wait sent p
poll c until=1
";

#[test]
fn what_a_group_will_never_process_is_counted() {
    assert_eq!(Counts::of(&played(AHEAD)).never_processed, 0, "its member may still read");
    let left = Counts::of(&played(&format!("{AHEAD}kill c\n")));
    assert_eq!(left.never_processed, 2, "nobody of its group is left");
    let another = "consumer d group.id=g auto.offset.reset=earliest\nsubscribe d t\nconsume-loop d poll_ms=100\nwait assigned-count d = 1 timeout_ms=60000\n";
    let taken_over = Counts::of(&played(&format!("{AHEAD}kill c\n{another}")));
    assert_eq!(taken_over.never_processed, 0, "another is to read");
    let passed = format!("{AHEAD}commit c sync t-0=3\nkill c\n{another}sleep 500\n");
    assert_eq!(Counts::of(&played(&passed)).never_processed, 2, "what was committed unread is passed over");
}

/// All that is told of a script until it ends, in one language, routine left out.
fn narrations(lines: &str, lang: Lang) -> Vec<Narration> {
    let mut timeline = run(lines);
    let mut told = Vec::new();
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {
        let observers = timeline.observers();
        let past = Past { history: observers.history(), index: observers.index(), times: timeline.moves() };
        let context = Context::of_names(timeline.simulation().names()).knowing(past);
        let first = timeline.moves().first_event(timeline.position());
        for (id, event) in (first.0..).map(EventId).zip(timeline.events()) {
            if !event.kind.is_routine() {
                told.push(narrate(&context, id, event, lang));
            }
        }
    }
    told
}

#[test]
fn show() {
    for s in scenarios::all() {
        println!("=== {}", s.id);
        for lang in [Lang::En, Lang::Ko] {
            for n in narrations(&s.script, lang) { println!("{} | {} | {}", n.happened, n.meaning, n.why); }
        }
    }
}
