//! What nothing keeps apart ends a run or waits for something to do; and a line is blamed only for what it waits for itself.

use partita::event::EventKind;
use partita::lang::Lang;
use partita::script::parse;
use partita::timeline::Timeline;
use partita::view::{Lens, StoryKind, View};
use partita_cli::play::{EndedEarly, Played, play};

#[track_caller]
fn played(text: &str) -> Played {
    play(text, |_, _, _| {}).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn ended(text: &str) -> (Played, EndedEarly) {
    let played = played(text);
    let ended = played.failed.clone().unwrap_or_else(|| panic!("it ends early: {text}"));
    (played, ended)
}

/// Asked for nothing, it does nothing, however short its pauses are; what is sent later fails, and it closes at once.
#[test]
fn a_producer_with_a_fatal_error_waits_for_something_to_do() {
    for backoff in ["retry.backoff.ms=0", ""] {
        let begin = format!(
            "cluster brokers=1\ntopic t\nproducer p1 {backoff}\nanswer-error broker-1 InitProducerId UNKNOWN_SERVER_ERROR\n\
             send p1 t value=a\nwait sent p1\n"
        );
        let (once, idle) = (played(&format!("{begin}sleep 500\n")), played(&format!("{begin}sleep 60000\n")));
        assert_eq!((once.failed, idle.failed), (None, None));
        // Its broker goes on saying that it lives, in four moves every two seconds.
        assert!(once.moves < 300 && idle.moves < once.moves + 20 + 30 * 4, "{backoff}: {} {}", once.moves, idle.moves);
        let mut failed = Vec::new();
        let text = format!("{begin}sleep 60000\nsend p1 t value=b\nsleep 200\nclose p1\n");
        let later = play(&text, |simulation, events, _| {
            let is_failed = |event: &&partita::event::Event| matches!(event.kind, EventKind::BatchFailed { .. });
            failed.extend(events.iter().filter(is_failed).map(|_| simulation.now().ms()));
        });
        assert_eq!((later.unwrap().failed, failed.len()), (None, 2), "{backoff}");
        assert!(failed[1] > 60_000 && failed[1] <= 60_000 + failed[0] + 110, "{backoff}: {failed:?}");
    }
}

const UNPACED: &str = "cluster brokers=1 group.initial.rebalance.delay.ms=0\ntopic t\n\
                       consumer c1 group.id=g heartbeat.interval.ms=0\nsubscribe c1 t\n";
const SAID: &str = "c1 has gone round without a pause 5,000 times within a second: with heartbeat.interval.ms=0";

/// Nobody answers: neither polls nor heartbeats wait for that.
#[test]
fn heartbeats_without_a_pause_end_a_run_answered_or_not() {
    for broker in ["", "pause-process broker-1\n"] {
        let (played, ended) = ended(&format!("{UNPACED}{broker}loop c1\nsleep 1000\n"));
        assert!(ended.sentence.contains(SAID), "{ended}");
        assert!(played.moves < 60_000, "{} moves", played.moves);
        let paced = UNPACED.replace("interval.ms=0", "interval.ms=1");
        assert_eq!(self::played(&format!("{paced}{broker}loop c1\nsleep 1000\n")).failed, None);
    }
}

/// In the page a run goes on behind its script, and it is told at once why it ends.
#[test]
fn a_client_without_a_pause_ends_a_run_behind_its_script() {
    let (script, errors) = parse(&format!("{UNPACED}loop c1\n"));
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("it can be played");
    while timeline.forward() {
        assert!(timeline.position() < 60_000, "it ends");
    }
    assert_eq!(timeline.simulation().stopped_at(), None);
    for lang in [Lang::En, Lang::Ko] {
        let story = View::of(&timeline, &Lens { lang, ..Lens::default() }).story;
        let told = story.happened.plain();
        assert!(
            story.kind == StoryKind::Stopped && told.contains("heartbeat.interval.ms=0"),
            "{:?} {told}",
            story.kind
        );
    }
}

/// Lines that have ended wait for nothing.
#[test]
fn no_line_is_blamed_between_two_lines() {
    let lines = "describe topic t\n".repeat(2_000);
    let (_, ended) = ended(&format!("{UNPACED}loop c1\n{lines}"));
    assert_eq!((ended.line, ended.sentence.starts_with(SAID)), (None, true), "{ended}");
}

/// A producer may have a `group.id` in its properties, which it does not know.
#[test]
fn a_producer_brings_no_group() {
    let begin = "cluster brokers=1\ntopic t\nproducer p1 group.id=g\n";
    for (standing, wait) in [("kill p1", "group g members 2"), ("pause-process p1", "committed g t-0 = 5")] {
        let (_, alone) = ended(&format!("{begin}{standing}\nwait {wait} timeout_ms=700\n"));
        assert!(alone.sentence.ends_with(&format!("ms for {wait}")), "{alone}");
        let killed = format!("{begin}consumer c1 group.id=g\nkill c1\nwait {wait} timeout_ms=700\n");
        let (_, of_consumer) = ended(&killed);
        assert!(of_consumer.sentence.contains("c1's process ended at "), "{of_consumer}");
    }
}

/// An instant is no length of time.
#[test]
fn a_sentence_says_the_instant_that_it_waits_for() {
    let (_, ended) = ended(&format!("{UNPACED}loop c1\nsleep 60000\n"));
    assert!(ended.sentence.starts_with("waited in vain since "), "{ended}");
    assert!(ended.sentence.contains(" ms for the instant 60,0"), "{ended}");
}
