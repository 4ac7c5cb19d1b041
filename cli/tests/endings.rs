//! Every run ends, and one that ends early says at which line, what it waited for and since when.

use partita::event::EventKind;
use partita::script::parse;
use partita::simulation::{Progress, QUIET_MOVES, Simulation, Sink};
use partita_cli::play::{EndedEarly, Played, play};

#[track_caller]
fn ended(text: &str) -> (Played, EndedEarly) {
    let played = play(text, |_, _, _| {}).unwrap_or_else(|error| panic!("{error}"));
    let ended = played.failed.clone().unwrap_or_else(|| panic!("it ends early: {text}"));
    (played, ended)
}

/// A script that cannot go on: its line, and words of the sentence. It ends soon.
#[track_caller]
fn check(text: &str, line: u32, words: &[&str]) -> Played {
    let (played, ended) = ended(text);
    assert_eq!(ended.line, Some(line), "{ended}");
    for word in words {
        assert!(ended.sentence.contains(word), "{ended} lacks {word}");
    }
    assert!(played.moves < 100_000, "{} moves", played.moves);
    played
}

const CONSUMER: &str = "cluster brokers=1\ntopic t\nconsumer c1 group.id=g\nsubscribe c1 t\n";
const BUSY: &str = "cluster brokers=1\ntopic t\nconsumer c1 group.id=g\nproducer p1\n";

#[test]
fn a_line_whose_client_is_frozen() {
    let sentence =
        ["c1 to carry it out", "c1 has been frozen since ", " ms; `resume-process c1`", "waited in vain since "];
    for call in ["poll c1 until=1", "commit c1 sync", "seek c1 t-0=0", "close c1", "set c1 max.poll.records=7 from=now"]
    {
        let played = check(&format!("{CONSUMER}pause-process c1\n{call}\ndescribe topic t\n"), 6, &sentence);
        assert!((40_000..40_100).contains(&played.lasted_ms), "{call}: {}", played.lasted_ms);
        check(&format!("{BUSY}pause-process c1\n{call}\ndescribe topic t\n"), 6, &sentence);
    }
    for call in ["send p1 t value=a", "send-sync p1 t value=a", "flush p1", "close p1"] {
        check(&format!("{BUSY}pause-process p1\n{call}\ndescribe topic t\n"), 6, &["p1 has been frozen"]);
    }
}

/// Who is let go on in time carries the line out; what was asked by hand meanwhile is done as well.
#[test]
fn a_line_whose_client_goes_on() {
    for others in ["", "producer p1\n"] {
        let text = format!(
            "{CONSUMER}{others}pause-process c1\npoll c1 times=1 timeout_ms=10\ndescribe topic t\n@2000000 resume-process c1\n"
        );
        let played = play(&text, |_, _, _| {}).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((played.failed, played.told), (None, Vec::new()));
        assert!((2000..3000).contains(&played.lasted_ms), "{}", played.lasted_ms);
        assert_eq!(played.observations.last().unwrap()["what"], "describe");
    }
    let mut polled = 0;
    let text = format!(
        "{CONSUMER}sleep 3000\n@1000000 pause-process c1\n@1100000 poll c1 times=2 timeout_ms=10\n@1500000 resume-process c1\n"
    );
    let played = play(&text, |_, events, _| {
        polled += events.iter().filter(|event| matches!(event.kind, EventKind::PollReturned { .. })).count();
    });
    assert_eq!((played.unwrap().failed, polled), (None, 2));
}

#[test]
fn a_line_whose_client_is_killed_meanwhile() {
    for others in ["", "producer p1\n"] {
        let text = format!("{CONSUMER}{others}poll c1 until=5 timeout_ms=3000\ndescribe topic t\n@1000000 kill c1\n");
        let line = if others.is_empty() { 5 } else { 6 };
        let played = check(&text, line, &["c1 to carry it out", "c1's process ended at 1,000.0 ms"]);
        assert_eq!(played.lasted_ms, 1000);
    }
    check(&format!("{BUSY}crash broker-1\nsend-sync p1 t value=a\n@9000000 exit p1\n"), 6, &["p1's process ended"]);
}

#[test]
fn a_step_with_nothing_left_to_tell() {
    let played = check(
        "cluster brokers=1\nstep 3\ntopic t\n",
        2,
        &["since 1.0 ms", "3 more moves worth telling", "nothing is left"],
    );
    assert_eq!(played.lasted_ms, 1);
    let (_, ended) = ended(&format!("{BUSY}step 500\ntopic u\n"));
    assert_eq!(ended.line, Some(5));
    assert!(ended.sentence.contains("worth telling") && ended.sentence.contains("in 30 days since"), "{ended}");
}

/// Without a producer id, and without a broker to ask for one, `Sender.runOnce` returns before it looks at batches: nothing
/// expires them, whatever `delivery.timeout.ms` says.
#[test]
fn a_record_without_a_producer_id_and_a_broker_has_no_outcome() {
    let begin = "cluster brokers=1\ntopic t\nproducer p1\nsend p1 t value=a\ncrash broker-1\n";
    check(&format!("{begin}wait sent p1 timeout_ms=500000\n"), 6, &["waited in vain since ", " ms for sent p1"]);
    let without = begin.replace("producer p1", "producer p1 enable.idempotence=false");
    let played = play(&format!("{without}wait sent p1 timeout_ms=500000\n"), |_, _, _| {});
    let played = played.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(played.failed, None, "one that needs no id expires its batches");
    assert!((120_000..130_000).contains(&played.lasted_ms), "{}", played.lasted_ms);
}

/// A flush has no deadline, and the attempts to connect go on as long as the run does.
#[test]
fn a_line_that_no_broker_can_answer() {
    let text =
        "cluster brokers=1\ntopic t\nproducer p1\nsend p1 t value=a\ncrash broker-1\nflush p1\ndescribe topic t\n";
    let (played, ended) = ended(text);
    assert_eq!(ended.line, Some(6), "{ended}");
    assert!(ended.sentence.contains("no broker can be reached, and in a day since"), "{ended}");
    assert!(played.moves < 2_000_000 && played.lasted_ms < 25 * 3600 * 1000, "{} {}", played.moves, played.lasted_ms);
}

#[test]
fn a_wait_in_vain_says_since_when() {
    check(
        &format!("{CONSUMER}wait count c1 = 3 timeout_ms=700\n"),
        5,
        &["waited in vain since ", " ms for count c1 = 3"],
    );
}

/// Whoever stands still is named, and since when: a condition of its own cannot come.
#[test]
fn a_wait_on_a_client_that_stands_still() {
    let begin = format!("{CONSUMER}producer p1\nloop c1\nwait assigned-count c1 = 1\n");
    for (standing, said) in [
        ("pause-process c1", "c1 has been frozen since "),
        ("kill c1", "c1's process ended at "),
        ("close c1", "c1 was closed at "),
    ] {
        for wait in
            ["count c1 = 3", "callbacks c1 = 9", "generation c1 = 7", "group g members 2", "committed g t-0 = 5"]
        {
            let text = format!("{begin}{standing}\nwait {wait} timeout_ms=700\n");
            check(&text, 9, &["waited in vain since ", wait.split(' ').next().unwrap(), said, " ms"]);
        }
    }
    check(
        &format!("{begin}pause-process p1\nsend p1 t value=a\nwait sent p1 timeout_ms=9\n"),
        9,
        &["p1 has been frozen since "],
    );
    check(&format!("{begin}wait count c1 = 3 timeout_ms=9\n"), 8, &["for count c1 = 3"]);
    let text = format!("{CONSUMER}producer p2 acks=7\nwait sent p2 timeout_ms=9\n");
    check(&text, 6, &["there is no client p2, because its constructor threw ConfigException"]);
}

/// Who is closed is to blame for what its group lacks only when nobody of the group runs; then all are named.
#[test]
fn a_wait_on_a_group_whose_clients_stand_still() {
    let begin = "cluster brokers=1\ntopic t\nconsumer c1 group.id=g\nconsumer c2 group.id=g\nconsumer c3 group.id=h\n";
    for wait in ["group g members 2", "committed g t-0 = 5"] {
        let (_, one) = ended(&format!("{begin}close c1\nwait {wait} timeout_ms=700\n"));
        assert!(one.sentence.ends_with(&format!("ms for {wait}")), "{one}");
        let all = format!("{begin}close c1\nkill c2\nwait {wait} timeout_ms=700\n");
        check(&all, 8, &["c1 was closed at ", " ms; c2's process ended at "]);
    }
}

/// Kafka commits in each pass of a poll as well: some tens of thousands of commits a second, as many as the machine makes.
#[test]
fn a_consumer_that_commits_without_a_pause() {
    let begin = "cluster brokers=1\ntopic t\nproducer p1\nsend-sync p1 t value=a\nconsumer c1 group.id=g \
                 auto.offset.reset=earliest auto.commit.interval.ms=0\nsubscribe c1 t\npoll c1 until=1\n";
    for (how, line) in [("", 8), ("pause-process broker-1\n", 9)] {
        let (played, ended) = ended(&format!("{begin}{how}poll c1 for_ms=1200\n"));
        assert_eq!(ended.line, Some(line), "{ended}");
        let said = "c1 has committed by enable.auto.commit 5,000 times within a second: with auto.commit.interval.ms=0";
        assert!(ended.sentence.contains(said), "{ended}");
        assert!(played.moves < 500_000, "{}", played.moves);
    }
    let slower = begin.replace("interval.ms=0", "interval.ms=1");
    let played =
        play(&format!("{slower}poll c1 for_ms=1200\n"), |_, _, _| {}).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(played.failed, None);
}

/// Java's heartbeat thread waits only while no heartbeat is due, and with an interval of 0 one always is.
#[test]
fn a_consumer_whose_heartbeats_have_no_pause() {
    let begin = "cluster brokers=1\ntopic t\nconsumer c1 group.id=g heartbeat.interval.ms=0\nsubscribe c1 t\n";
    let (_, ended) = ended(&format!("{begin}poll c1 for_ms=5000\n"));
    assert_eq!(ended.line, Some(5), "{ended}");
    let said = "c1 has gone round without a pause 5,000 times within a second: with heartbeat.interval.ms=0";
    assert!(ended.sentence.contains(said), "{ended}");
    let slower = begin.replace("interval.ms=0", "interval.ms=1");
    let played =
        play(&format!("{slower}poll c1 for_ms=5000\n"), |_, _, _| {}).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(played.failed, None);
}

/// Asked of Kafka 4.3.1: the sender's thread polls for `retry.backoff.ms` at a time, so the batch of a refused send fails within
/// 100 ms, and `close` returns as soon as nothing is left to send.
#[test]
fn a_producer_with_a_fatal_error_closes_at_once() {
    for (code, pause) in [("UNKNOWN_SERVER_ERROR", 500), ("INVALID_PRODUCER_EPOCH", 500), ("UNKNOWN_SERVER_ERROR", 0)] {
        let text = format!(
            "cluster brokers=1\ntopic t\nproducer p1\nanswer-error broker-1 InitProducerId {code}\nsend p1 t value=a\n\
             sleep {pause}\nclose p1\n"
        );
        let mut failed = Vec::new();
        let played = play(&text, |simulation, events, _| {
            let is_failed = |event: &&partita::event::Event| matches!(event.kind, EventKind::BatchFailed { .. });
            failed.extend(events.iter().filter(is_failed).map(|_| simulation.now().ms()));
        });
        let played = played.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((played.failed, failed.len()), (None, 1), "{code}");
        assert!(failed[0] <= 120 && played.lasted_ms < pause + 250, "{code}: {failed:?} {}", played.lasted_ms);
    }
}

/// Kafka would wait as long as it was told to.
#[test]
fn a_line_that_states_a_longer_timeout_than_a_day() {
    let begin = format!("{CONSUMER}assign c1 t-0\ncrash broker-1\n").replace("subscribe c1 t\n", "");
    let text = format!("{begin}commit c1 sync t-0=1 timeout_ms=100000000\n");
    let played = play(&text, |_, _, _| {}).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(played.failed, None);
    assert!((100_000_000..100_001_000).contains(&played.lasted_ms), "{}", played.lasted_ms);
}

/// Of attempts to connect that fail, 5,000,000 moves come together in less than 19 hours: a poll that says 20 goes on.
#[test]
fn a_line_is_waited_for_as_long_as_it_says() {
    let text = format!("{CONSUMER}assign c1 t-0\ncrash broker-1\npoll c1 for_ms=72000000\n");
    let text = text.replace("subscribe c1 t\n", "");
    let played = play(&text, |_, _, _| {}).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(played.failed, None);
    assert!((72_000_000..72_001_000).contains(&played.lasted_ms), "{}", played.lasted_ms);
    assert!(played.moves > QUIET_MOVES, "{}", played.moves);
}

#[test]
fn virtual_time_ends_with_a_sentence() {
    // A broker that says every two seconds that it lives brings a script to its limit of moves first.
    let cluster = "cluster brokers=1 broker.heartbeat.interval.ms=60000 broker.session.timeout.ms=600000";
    let text = format!("{cluster}\n{}topic t\ndescribe topic t\n", "sleep 2592000000\n".repeat(20));
    let (played, ended) = ended(&text);
    assert_eq!(ended.line, Some(14), "{ended}");
    assert!(ended.sentence.contains("virtual time ends a year after its start"), "{ended}");
    assert!(played.moves < 3_000_000, "{}", played.moves);
    // A command that stands behind the end is refused when it is read.
    let refused = play("cluster brokers=1\ntopic t\n@31536000000001+0 producer p1\n", |_, _, _| {});
    let refused = refused.err().expect("it is too late").to_string();
    assert!(refused.starts_with("Line 3, column 1: ") && refused.contains("(a year)"), "{refused}");
}

/// A message takes time, however short: else what is tried again at once would stop the clock.
#[test]
fn no_message_travels_in_no_time() {
    let (_, errors) = parse("cluster brokers=2 hop-us=0\n");
    assert_eq!(errors.len(), 1);
    let text = "cluster brokers=2 hop-us=1\ntopic t\nproducer p1 max.block.ms=20 reconnect.backoff.ms=0 reconnect.backoff.max.ms=0 \
                retry.backoff.ms=0 retry.backoff.max.ms=0\ncrash broker-1\ncrash broker-2\nsend-sync p1 t value=a\n";
    let played = play(text, |_, _, _| {}).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(played.failed, None);
    assert!(played.lasted_ms >= 20);
}

/// The page asks the simulation, too: the sentence is there in both languages, and the stop is an event.
#[test]
fn the_sentence_is_there_in_both_languages() {
    for text in [
        format!("{CONSUMER}pause-process c1\npoll c1 until=1\n"),
        "cluster brokers=1\nstep 3\n".to_owned(),
        format!("{CONSUMER}wait leader t-0 = 7 timeout_ms=10\n"),
        "cluster brokers=1\n".to_owned() + &"sleep 2592000000\n".repeat(13),
    ] {
        let (script, errors) = parse(&text);
        assert!(errors.is_empty(), "{errors:?}");
        let mut simulation = Simulation::new(std::sync::Arc::new(script)).unwrap();
        let mut stopped = 0;
        let mut sink = Sink::default();
        while simulation.step(&mut sink) {
            let stop = |kind: &EventKind| matches!(kind, EventKind::ScriptStopped { .. });
            stopped += sink.events.drain(..).filter(|event| stop(&event.kind)).count();
            if !matches!(simulation.progress(), Progress::Playing(_)) {
                break;
            }
        }
        let Progress::Failed(_, error) = simulation.progress() else { panic!("{text}") };
        let is_hangul = |c: char| ('가'..='힣').contains(&c);
        assert!(error.why.ko.chars().any(is_hangul) && !error.why.en.chars().any(is_hangul), "{error:?}");
        assert_eq!((stopped, simulation.stopped_at().is_some()), (1, true), "{text}");
    }
}
