//! What a run may hold, and what the playground does not play: every way to it ends with a sentence that says so.

use partita::lang::Lang;
use partita::script::parse;
use partita::simulation::Progress;
use partita::timeline::Timeline;
use partita::view::{Lens, StoryKind, View};
use partita_cli::play::{Played, play};

fn played(text: &str) -> Result<Played, String> {
    play(text, |_, _, _| {}).map_err(|error| error.to_string())
}

/// The line at which a script ended, and why.
fn stopped(text: &str) -> (u32, String) {
    let ended = played(text).expect("it is a script").failed.expect("it ends early");
    (ended.line.expect("a line of it is to blame"), ended.sentence)
}

#[test]
fn the_bytes_of_a_run_are_limited() {
    let (line, why) = stopped("cluster brokers=1\ntopic t\nproducer p1\nsend p1 t value-size=1000000 times=20000\n");
    assert!(line == 4 && why.contains("at most 256 MB") && why.contains("were given"), "{line} {why}");
    // Without a timeout of the script the loop would go on for ever.
    let (_, why) = stopped(
        "cluster brokers=1\ntopic t\nproducer p1\nproduce-loop p1 t interval_ms=0 value-size=1000000\nsleep 100000000\n",
    );
    assert!(why.contains("at most 256 MB"), "{why}");
}

/// The page shows the same: no line of a script is to blame that has ended, or has stopped for a reason of its own.
#[test]
fn a_full_run_blames_no_line_that_has_ended() {
    let begin = "cluster brokers=1\ntopic t\nproducer p1\nproduce-loop p1 t interval_ms=0 value-size=1000000\n";
    for (end, stopped) in [("", None), ("wait leader t-0 = 7 timeout_ms=10\n", Some(5))] {
        let (script, errors) = parse(&format!("{begin}{end}"));
        assert!(errors.is_empty(), "{errors:?}");
        let mut timeline = Timeline::new(&script).expect("it can be played");
        while timeline.forward() {}
        let simulation = timeline.simulation();
        let Progress::Failed(line, error) = simulation.progress() else { panic!("it has no room left") };
        assert_eq!((simulation.stopped_at(), line), (stopped, stopped), "{error}");
        assert!(simulation.full().is_some_and(|full| full.why.en.contains("at most 256 MB")));
        for lang in [Lang::En, Lang::Ko] {
            let story = View::of(&timeline, &Lens { lang, ..Lens::default() }).story;
            let told = story.happened.plain();
            assert!(story.kind == StoryKind::Stopped && told.contains("256 MB"), "{:?} {told}", story.kind);
            assert!(!told.contains("Line ") && !told.contains("행을"), "{told}");
        }
    }
}

/// A client made anew takes the place of one that is gone; what a run has to look at does not grow with those.
#[test]
fn the_clients_that_a_run_makes_are_limited() {
    let anew: String = (0..10_001).map(|_| "producer p1\nexit p1\n").collect();
    let (line, why) = stopped(&format!("cluster brokers=1\n{anew}"));
    assert!(line == 20_002 && why.contains("10,000 clients"), "{line} {why}");
}

#[test]
fn what_the_page_does_not_play_the_command_does_not_either() {
    for (line, said) in [
        ("cluster brokers=1 compression.type=lz4", "compression.type=lz4"),
        ("cluster brokers=3 default.replication.factor=3", "replication factor of 3"),
        ("cluster brokers=3 unclean.leader.election.enable=true", "unclean.leader.election.enable=true"),
        ("cluster brokers=1 num.partitions=2147483647", "at most 100 partitions"),
        ("cluster brokers=1 offsets.topic.num.partitions=101", "at most 100 partitions"),
    ] {
        let refused = played(&format!("{line}\ntopic t\n")).map(|_| ()).expect_err("it is refused");
        assert!(refused.starts_with("Line 1, column ") && refused.contains(": Cluster: "), "{refused}");
        assert!(refused.contains(said), "{refused}");
    }
    for (line, said) in [
        ("topic x compression.type=zstd", "compression.type=zstd"),
        ("alter topic t compression.type=snappy", "compression.type=snappy"),
        ("set topic t compression.type=zstd", "compression.type=zstd"),
        ("topic x unclean.leader.election.enable=true", "unclean.leader.election.enable=true"),
    ] {
        let (at, why) = stopped(&format!("cluster brokers=1\ntopic t\n{line}\nproducer p1\n"));
        assert!(at == 3 && why.contains(said) && why.starts_with("topic "), "{at} {why}");
    }
    let gzip =
        played("cluster brokers=1 compression.type=gzip\ntopic t compression.type=gzip\n").expect("it is played");
    assert_eq!(gzip.failed, None);
}

/// With such a `batch.size` Java's sum of bytes wraps around and `send` never comes back (asked of Kafka 4.3.1); here it does.
#[test]
fn the_largest_batch_is_no_fault() {
    let all = played(
        "cluster brokers=1\ntopic t partitions=3\nproducer p1 batch.size=2147483647 buffer.memory=8589934592\nsend p1 t value=a times=30\nflush p1\n",
    );
    assert_eq!(all.expect("it is played").failed, None);
}

/// How a consumer reads may change while it runs.
#[test]
fn what_a_client_made_anew_reads_is_shown_as_it_reads() {
    let text = "cluster brokers=1\ntopic t\nproducer p1 value.serializer=org.apache.kafka.common.serialization.IntegerSerializer\n\
                send-sync p1 t value=7\nconsumer c1 auto.offset.reset=earliest\nassign c1 t-0\n\
                set c1 value.deserializer=org.apache.kafka.common.serialization.IntegerDeserializer from=now\npoll c1\n";
    let played = played(text).expect("it is played");
    let polled = played.observations.iter().find(|seen| seen["what"] == "poll").expect("it polls");
    assert_eq!(polled["records"]["t-0"][0]["value"], "7", "{polled}");
}

#[test]
fn what_is_observed_has_its_verbs_name() {
    let played =
        played("cluster brokers=1\ntopic t\n\"describe\" topic t\ndescribe\u{1c}topic t\n").expect("it is played");
    let verbs: Vec<&str> = played.observations.iter().filter_map(|seen| seen["what"].as_str()).collect();
    assert_eq!(verbs, ["describe", "describe"]);
}

/// One sentence for a replication factor, however a topic asks for it.
#[test]
fn what_is_not_built_is_told_in_one_way() {
    let why = |line: &str| {
        let played = played(&format!("cluster brokers=2\n{line}\n"));
        played.map_or_else(|why| why, |played| played.failed.map(|ended| ended.sentence).unwrap_or_default())
    };
    for line in ["topic t replication-factor=2", "topic t replicas=1,2"] {
        let said =
            "topic t: a replication factor of 2 is not built yet: a partition has one replica here. Allowed here: 1.";
        assert!(why(line).contains(said), "{}", why(line));
    }
    for line in ["share-consumer s1 group.id=g", "elect-leaders preferred t-0", "describe transaction x"] {
        assert!(why(line).contains("not built yet"), "{}", why(line));
    }
}

/// However many words a line has, it is read in time, and one beyond the limit is told with its place.
#[test]
fn the_words_of_a_line_are_limited() {
    let many = |n: usize, one: &dyn Fn(usize) -> String| (0..n).map(one).collect::<Vec<_>>().join(" ");
    let header = |i: usize| format!("header.h{i}=1");
    let partition = |i: usize| format!("t-{i}");
    let begin = "cluster brokers=1\ntopic t\nproducer p1\nconsumer c1 group.id=g\n";
    for (line, said) in [
        (format!("send p1 t value=1 {}", many(1_099, &header)), "at most 1,000 options"),
        (format!("assign c1 {}", many(10_001, &partition)), "at most 10,000 words"),
        (format!("assign c1 {}", many(10_001, &partition).replace(' ', ",")), "at most 10,000 words"),
        (format!("commit c1 sync {}", many(10_001, &|i| format!("t-{i}=1"))), "at most 10,000 words"),
        (format!("committed c1 {}", many(100_000, &partition)), "at most 10,000 words"),
        (format!("describe config t {}", many(10_001, &|i| format!("a{i}"))), "at most 10,000 words"),
        (format!("alter-offsets g {}", many(10_001, &|i| format!("t-{i}=1"))), "at most 10,000 words"),
    ] {
        let why = played(&format!("{begin}{line}\n")).err().unwrap_or_default();
        assert!(why.contains("Line 5, column ") && why.contains(said), "{}: {why}", &line[..20]);
    }
    let whole = format!("{begin}send p1 t value=1 {}\nflush p1\n", many(999, &header));
    assert_eq!(played(&whole).map(|played| played.failed), Ok(None), "999 headers are read");
}

/// The message of this exception is as long as the line: it is made comparable all the same.
#[test]
fn a_long_message_of_an_exception_is_shown() {
    let all: Vec<String> = (0..5_241).map(|i| format!("t-{i}=1")).collect();
    let text = format!(
        "cluster brokers=1\ntopic t\nconsumer c1 group.id=g\nassign c1 t-0\ncommit c1 sync {}\n",
        all.join(" ")
    );
    let shown = played(&text).expect("it can be played").observations.pop().expect("what the commit came to");
    assert!(shown["threw"]["exception"].is_string(), "{shown}");
}

/// What a line may commit and seek to, another may wait for.
#[test]
fn every_line_takes_the_offsets_that_java_has() {
    let most = i64::MAX;
    let text = format!(
        "cluster brokers=1\ntopic t\nconsumer c1 group.id=g\nassign c1 t-0\nseek c1 t-0={most}\ncommit c1 sync t-0={most}\n\
         wait committed g t-0 = {most}\nwait latest t-0 = 0\n"
    );
    assert_eq!(played(&text).map(|played| played.failed), Ok(None));
}
