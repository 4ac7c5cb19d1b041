//! What goes wrong is told: with its name, its reason and Kafka's own words.

#[path = "played/begun.rs"]
mod begun;

use begun::run;
use partita::event::{Event, EventKind};
use partita::explain::plain;
use partita::ids::{BatchId, EventId, RecordId};
use partita::lang::Lang;
use partita::script::{ScriptContext, parse_line, print_line};
use partita::simulation::{Command, CommandError, Progress};
use partita::time::Instant;
use partita::timeline::{Flags, Timeline};
use partita::view::{Field, Lens, Selection, StationBody, StoryKind, View};

/// Moves that a run is played at most.
const MOST: u64 = 4_000;

fn by_hand(timeline: &mut Timeline, line: &str) {
    do_by_hand(timeline, line).expect("it can be done");
}

fn do_by_hand(timeline: &mut Timeline, line: &str) -> Result<(), CommandError> {
    let mut context = ScriptContext::default();
    for line in &timeline.script().lines {
        let _ = parse_line(&print_line(line), line.number, &mut context);
    }
    let line = parse_line(line, 1, &mut context).expect("a valid line");
    timeline.act(Command(line.statement))
}

fn has_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

/// All that the panel of the narration says, in one line.
fn said(view: &View) -> String {
    let story = &view.story;
    let others: Vec<String> = story.others.iter().map(|(_, text)| text.plain()).collect();
    format!("{} {} {} {}", story.happened, story.meaning, story.why, others.join(" "))
}

/// Goes on to the first thing that is told with these words, step or not.
fn step_to(timeline: &mut Timeline, words: &str) -> View {
    let mut told = Vec::new();
    while timeline.position() < MOST && timeline.forward() {
        let is_telling = timeline.moves().flags(timeline.position()).has(Flags::TELLING);
        let first = timeline.moves().first_event(timeline.position()).0;
        let here = (0..timeline.events().len() as u32).map(|index| Some(EventId(first + index)));
        let lenses = here.chain([None]).filter(|_| is_telling).map(|told| Lens { told, ..Lens::default() });
        let views: Vec<(Lens, View)> = lenses.map(|lens| (lens.clone(), View::of(timeline, &lens))).collect();
        // What an event says of itself comes before what is listed beside it.
        let own = |view: &View| {
            [&view.story.happened, &view.story.meaning, &view.story.why].map(|text| text.plain()).join(" ")
        };
        let found = views.iter().find(|(_, view)| own(view).contains(words));
        if let Some((lens, view)) = found.or(views.iter().find(|(_, view)| said(view).contains(words))) {
            let ko = View::of(timeline, &Lens { lang: Lang::Ko, ..lens.clone() });
            assert!(has_korean(&ko.story.happened.plain()) && has_korean(&ko.story.meaning.plain()), "{}", said(&ko));
            return view.clone();
        }
        told.extend(views.iter().map(|(_, view)| said(view)));
    }
    panic!("no step says {words:?}:\n{}", told.join("\n"))
}

/// Everything that is told in the first twenty seconds.
fn all_told(lines: &str) -> Vec<String> {
    let mut timeline = run(lines);
    timeline.run_until(Instant::from_millis(20_000));
    let last = timeline.position();
    let is_telling = |number: &u64| timeline.moves().flags(*number).has(Flags::TELLING);
    let telling: Vec<u64> = (1..=last).filter(is_telling).collect();
    timeline.seek(0);
    telling
        .into_iter()
        .map(|number| {
            timeline.seek(number);
            said(&View::of(&timeline, &Lens::default()))
        })
        .collect()
}

#[test]
fn a_line_that_cannot_be_carried_out_is_told_with_its_reason() {
    let cases = [
        ("topic t partitions=1\nproducer p transactional.id=x\nproducer q\nsend q t value=1", 3, "2 lines"),
        ("topic t partitions=1 replication-factor=3\nproducer q", 2, "The line behind it"),
        ("consumer c group.id=g isolation.level=read_committed", 2, "Change the line"),
        ("consumer c group.id=g group.protocol=consumer", 2, "Change the line"),
        ("topic t partitions=1\nwait latest t-0 = 5 timeout_ms=2000\nproducer q", 3, "The line behind it"),
    ];
    for (lines, row, behind) in cases {
        let lines = format!("cluster brokers=3\n{lines}");
        let mut timeline = run(&lines);
        let view = step_to(&mut timeline, "not carried out");
        let happened = view.story.happened.plain();
        let text = lines.lines().nth(row - 1).expect("it is there");
        assert!(happened.starts_with(&format!("Line {row}, {text}, ")), "{happened}");
        assert!(happened.len() > text.len() + 45, "it says why: {happened}");
        assert!(view.story.meaning.plain().contains(behind), "{}", view.story.meaning);
        assert_eq!(view.story.kind, StoryKind::Stopped);
        while timeline.position() < MOST && timeline.forward() {}
        let end = View::of(&timeline, &Lens::default());
        assert!(end.story.happened.plain().contains(&format!("ine {row}")), "{}", end.story.happened);
    }
}

#[test]
fn of_several_commands_at_one_instant_each_is_told_by_its_own_name() {
    let mut timeline = run("cluster brokers=2\ntopic t partitions=1\nproducer p\nsleep 100");
    while timeline.position() < MOST && timeline.forward() {}
    for line in ["outcomes p", "describe topic t", "list-offsets t latest"] {
        by_hand(&mut timeline, line);
        let view = View::of(&timeline, &Lens::default());
        assert_eq!(view.story.happened.plain(), format!("You did this: {line}"));
    }
}

/// A program that is gone comes back by the line that makes it, not by `start`.
#[test]
fn a_process_that_has_ended_is_told_how_it_comes_back() {
    let mut timeline = run("cluster brokers=1\ntopic t partitions=1\nproducer p\nsleep 100");
    while timeline.position() < MOST && timeline.forward() {}
    by_hand(&mut timeline, "kill p");
    let refused = do_by_hand(&mut timeline, "send p t value=v").expect_err("it is gone");
    assert_eq!(
        refused.why.en,
        "p's process has ended: a line `producer p …` makes one anew under the same name (`start` takes brokers only)"
    );
    assert!(refused.why.ko.contains("`producer p …`") && refused.why.ko.contains("`start`"), "{}", refused.why.ko);
    by_hand(&mut timeline, "producer p");
    by_hand(&mut timeline, "send p t value=v");
}

/// The record that a script's only send sends, and what is said of it.
fn failed_record(lines: &str) -> (Timeline, View) {
    let mut timeline = run(lines);
    while timeline.position() < MOST && timeline.forward() {}
    let client = timeline.simulation().client("p").expect("it is there").id;
    let record = RecordId { client, number: 0 };
    let lens = Lens { selected: Selection::Record(record), followed: Some(record), ..Lens::default() };
    let view = View::of(&timeline, &lens);
    (timeline, View::clone(&view))
}

#[test]
fn a_record_that_failed_has_the_exceptions_own_words() {
    let start = "cluster brokers=1\ntopic orders partitions=3\nproducer p max.block.ms=2000";
    let cases = [
        (
            "send p orders value=1 partition=9",
            "TimeoutException",
            "Partition 9 of topic orders with partition count 3 is not present in metadata after 2000 ms.",
        ),
        ("send p \"bad topic\" value=1", "InvalidTopicException", "Invalid topics: [bad topic]"),
    ];
    for (line, class, words) in cases {
        let (mut timeline, view) = failed_record(&format!("{start}\n{line}"));
        let of = |name: &str| {
            let found = view.inspector.fields.iter().find(|field: &&Field| field.name == name);
            found.map(|field| field.value.plain()).unwrap_or_default()
        };
        assert!(of("Result").contains(class), "{:?}", view.inspector.fields);
        assert!(of("It says").contains(words), "{:?}", view.inspector.fields);
        let StationBody::Result { result, .. } = &view.producers.producers[0].stations[5].body else {
            panic!("the last station has the result")
        };
        assert_eq!(result.as_deref(), Some(format!("{class}: {words}").as_str()));
        timeline.seek(0);
        let told = step_to(&mut timeline, words);
        assert!(told.story.happened.plain().contains(class), "{}", told.story.happened);
    }
}

#[test]
fn a_call_that_throws_is_told_with_the_class_and_its_words() {
    let cluster = "cluster brokers=1\ntopic t partitions=1";
    let cases = [
        ("consumer c\nsubscribe c t", "subscribe() throws InvalidGroupIdException", "group.id"),
        (
            "producer p\nsend p t value=1 partition=-1",
            "send() throws IllegalArgumentException",
            "Invalid partition: -1",
        ),
        (
            "consumer c group.id=g auto.offset.reset=none\nassign c t-0\npoll c timeout_ms=500",
            "poll() throws NoOffsetForPartitionException",
            "t-0",
        ),
        (
            "consumer c group.id=g session.timeout.ms=5000\nsubscribe c t\npoll c timeout_ms=5000",
            "poll() throws InvalidSessionTimeoutException",
            "session timeout",
        ),
    ];
    for (lines, throws, words) in cases {
        let mut timeline = run(&format!("{cluster}\n{lines}"));
        let view = step_to(&mut timeline, throws);
        assert!(said(&view).contains(words), "{}", said(&view));
    }
}

#[test]
fn a_refused_request_of_the_administrator_is_told_with_kafkas_words() {
    let cases = [
        ("topic u partitions=1 foo=1", "CreateTopics", "INVALID_CONFIG", "foo"),
        ("topic t partitions=1", "CreateTopics", "TOPIC_ALREADY_EXISTS", "already exists"),
        ("add-partitions t 1", "CreatePartitions", "INVALID_PARTITIONS", "1"),
        ("delete-topic nope", "DeleteTopics", "UNKNOWN_TOPIC_OR_PARTITION", "does not host"),
    ];
    for (line, api, code, words) in cases {
        let mut timeline = run(&format!("cluster brokers=1\ntopic t partitions=2\n{line}"));
        let view = step_to(&mut timeline, "refused");
        assert!(
            view.story.happened.plain().contains(api) && view.story.happened.plain().contains(code),
            "{}",
            said(&view)
        );
        assert!(view.story.meaning.plain().contains(words), "{}", view.story.meaning);
        assert!(view.story.meaning.plain().starts_with("Nothing was changed."));
    }
}

#[test]
fn an_error_in_place_of_a_producer_id_is_told() {
    let lines = "cluster brokers=1\ntopic t partitions=1\nanswer-error broker-1 InitProducerId COORDINATOR_LOAD_IN_PROGRESS\n\
                 producer p\nsend p t value=1";
    let mut timeline = run(lines);
    let view = step_to(&mut timeline, "no producer id");
    assert!(
        said(&view).contains("COORDINATOR_LOAD_IN_PROGRESS") && said(&view).contains("asks again"),
        "{}",
        said(&view)
    );
    step_to(&mut timeline, "gets producer id");
}

#[test]
fn a_broker_that_stops_in_order_is_not_fenced_for_its_silence() {
    let told = all_told("cluster brokers=3\ntopic t partitions=3\nsleep 100\nstop broker-3\nsleep 500");
    let fenced = told.iter().find(|text| text.contains("fences it")).expect("it is fenced");
    assert!(fenced.contains("asked for a controlled shutdown") && !fenced.contains("heartbeat"), "{fenced}");
    let told = all_told("cluster brokers=3\ntopic t partitions=1\nsleep 100\ncrash broker-3\nsleep 12000");
    let fenced = told.iter().find(|text| text.contains("fences it")).expect("it is fenced");
    assert!(fenced.contains("broker.session.timeout.ms"), "{fenced}");
}

#[test]
fn a_reset_says_what_it_was_for() {
    let start = "cluster brokers=1\ntopic t partitions=1\nproducer p\nsend p t value=1";
    let cases = [
        (
            "consumer c group.id=g auto.offset.reset=earliest\nassign c t-0\npoll c timeout_ms=300",
            "has committed nothing here",
        ),
        ("consumer c auto.offset.reset=earliest\nassign c t-0\npoll c timeout_ms=300", "has no group"),
        ("consumer c\nassign c t-0\npoll c timeout_ms=300", "Without a group"),
        (
            "consumer c group.id=g\nassign c t-0\nseek c t-0=99\npoll c timeout_ms=900",
            "wanted offset 99, which the log does not have",
        ),
        (
            "consumer c group.id=g\nassign c t-0\nseek-to-beginning c t-0\npoll c timeout_ms=300",
            "asked for the beginning",
        ),
    ];
    for (lines, words) in cases {
        let told = all_told(&format!("{start}\n{lines}"));
        let resets: Vec<&String> = told.iter().filter(|text| text.contains("will read t-0 from")).collect();
        assert!(resets.last().is_some_and(|text| text.contains(words)), "{words}: {resets:?}");
    }
}

#[test]
fn a_group_that_has_committed_nothing_has_no_lag_to_tell() {
    let start = "cluster brokers=1\ntopic t partitions=2\nproducer p\nsend p t value=1 partition=0\nflush p\n\
                 consumer c group.id=g enable.auto.commit=false auto.offset.reset=earliest\nsubscribe c t\n\
                 poll c for_ms=5000";
    let mut timeline = run(start);
    timeline.run_until(Instant::from_millis(9_000));
    let view = View::of(&timeline, &Lens::default());
    let group = &view.groups.groups[0];
    assert_eq!(group.lag, None);
    assert!(group.detail.contains("lag –"), "{}", group.detail);
    by_hand(&mut timeline, "commit c sync");
    let view = step_to(&mut timeline, "has succeeded");
    assert_eq!(view.groups.groups[0].lag, Some(0));
}

#[test]
fn what_a_blocked_producer_sends_next_is_what_its_program_was_given() {
    let mut timeline = run("cluster brokers=1\ntopic t partitions=1\nproducer p max.block.ms=9000\n\
                            send p nowhere value=first\nsend p t value=scripted");
    step_to(&mut timeline, "waits for");
    by_hand(&mut timeline, "send p t value=byhand");
    let client = timeline.simulation().client("p").expect("it is there").id;
    let next = |timeline: &Timeline, number| {
        let followed = Some(RecordId { client, number });
        let view = View::of(timeline, &Lens { followed, ..Lens::default() });
        match &view.producers.producers[0].stations[0].body {
            StationBody::Record { value, .. } => value.clone(),
            other => format!("{other:?}"),
        }
    };
    assert_eq!((next(&timeline, 0).as_str(), next(&timeline, 1).as_str()), ("first", "byhand"));
    step_to(&mut timeline, "Record 2 becomes bytes");
    assert_eq!(next(&timeline, 1), "byhand");
}

#[test]
fn a_connection_closed_for_idleness_names_its_setting() {
    let told = all_told(
        "cluster brokers=1\ntopic t partitions=1\nproducer p connections.max.idle.ms=3000\nsend p t value=1\n\
         flush p\nsleep 8000",
    );
    let closed: Vec<&String> = told.iter().filter(|text| text.contains("is closed")).collect();
    assert!(!closed.is_empty(), "{told:?}");
    for text in closed {
        assert!(text.contains("Nothing was in flight") && text.contains("connections.max.idle.ms=3000"), "{text}");
    }
}

/// Two batches: one that a leader keeps refusing until its time is over, and one that is too large.
const ENDINGS: [(&str, &str); 2] = [
    (
        "topic t partitions=1\nproducer p delivery.timeout.ms=1500 request.timeout.ms=1000 linger.ms=0\n\
         send p t value=1\nsleep 200\nanswer-error broker-1 Produce NOT_LEADER_OR_FOLLOWER times=100\nsend p t value=2",
        "given up",
    ),
    (
        "topic t partitions=1 max.message.bytes=150\nproducer p linger.ms=50\nsend p t value=aaaaaaaaaaaaaaaa times=12",
        "it is split into",
    ),
];

#[test]
fn the_way_of_a_batch_is_told_by_the_events_that_happened_to_it() {
    for (lines, ending) in ENDINGS {
        let mut timeline = run(&format!("cluster brokers=1\n{lines}"));
        while timeline.position() < MOST && timeline.forward() {}
        let names = timeline.simulation().names();
        let events = timeline.events_of(1, timeline.position());
        let client = timeline.simulation().client("p").expect("it is there").id;
        let mut told = Vec::new();
        for number in 0..timeline.observers().index().batches_made(client) {
            let batch = BatchId { client, number };
            let view = View::of(&timeline, &Lens { selected: Selection::Batch(batch), ..Lens::default() });
            let chain = view.inspector.chain.iter().flat_map(|party| &party.causes);
            let chain = chain.map(|cause| (cause.number.expect("it has happened"), cause.text.clone()));
            let chain: Vec<(u64, String)> = chain.collect();
            let said = |(number, event): &(u64, Event)| (*number, plain(names, event));
            for cause in &chain {
                assert!(events.iter().any(|event| said(event) == *cause), "{cause:?} did not happen");
            }
            let is_its_own = |event: &Event| {
                let place = event.kind.facts().place;
                place.batch == Some(batch) && place.record.is_none()
            };
            let own = events.iter().filter(|(_, event)| is_its_own(event)).map(said);
            let missing: Vec<(u64, String)> = own.filter(|event| !chain.contains(event)).collect();
            assert!(missing.is_empty(), "{missing:?} happened, and is not in {chain:?}");
            told.extend(chain);
        }
        assert!(told.iter().any(|(_, text)| text.contains(ending)), "{told:?}");
    }
}

/// Every call of a consumer and a producer that a script can make, by its method in Kafka's Java client.
#[test]
fn a_call_is_told_by_its_own_name() {
    let lines = [
        ("subscribe c1 t", "subscribe()"),
        ("unsubscribe c1", "unsubscribe()"),
        ("assign c1 t-0", "assign()"),
        ("seek c1 t-0=0", "seek()"),
        ("seek-to-beginning c1 t-0", "seekToBeginning()"),
        ("seek-to-end c1 t-0", "seekToEnd()"),
        ("poll c1 times=1 timeout_ms=5", "poll()"),
        ("commit c1 sync t-0=0", "commitSync()"),
        ("commit c1 async t-0=0", "commitAsync()"),
        ("position c1 t-0", "position()"),
        ("committed c1 t-0", "committed()"),
        ("pause c1 t-0", "pause()"),
        ("resume c1 t-0", "resume()"),
        ("current-lag c1 t-0", "currentLag()"),
        ("beginning-offsets c1 t-0", "beginningOffsets()"),
        ("end-offsets c1 t-0", "endOffsets()"),
        ("offsets-for-times c1 t-0=5", "offsetsForTimes()"),
        ("partitions-for c1 t", "partitionsFor()"),
        ("subscribe c2 t", "subscribe()"),
        ("enforce-rebalance c2", "enforceRebalance()"),
        ("close c1", "close()"),
        ("send p1 t value=a", "send()"),
        ("flush p1", "flush()"),
        ("partitions-for p1 t", "partitionsFor()"),
        ("close p1", "close()"),
    ];
    let script: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    let mut timeline = run(&format!(
        "cluster brokers=1\ntopic t\nconsumer c1 group.id=g\nconsumer c2 group.id=h\nproducer p1\n{script}"
    ));
    let (mut called, mut returned) = (Vec::new(), Vec::new());
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {
        for event in timeline.events() {
            let told = plain(timeline.simulation().names(), event);
            match event.kind {
                EventKind::CallStarted { .. } => called.push(told),
                EventKind::CallReturned { .. } => returned.push(told),
                _ => {}
            }
        }
    }
    assert_eq!(timeline.simulation().progress(), Progress::Ended);
    let client = |line: &str| line.split(' ').nth(1).unwrap_or_default().to_owned();
    let of = |words: &dyn Fn(&str, &str) -> String| -> Vec<String> {
        lines.iter().map(|(line, method)| words(&client(line), method)).collect()
    };
    assert_eq!(called, of(&|client, method| format!("{client}'s program calls {method}.")));
    assert_eq!(returned, of(&|client, method| format!("{method} returns to {client}'s program.")));
}

/// There is no next move: what the last one made stays told.
#[test]
fn a_run_at_its_end_still_knows_what_led_there() {
    let mut timeline = run("cluster brokers=1\ntopic t\nwait leader t-0 = 7 timeout_ms=10\n");
    let mut last = Vec::new();
    while timeline.forward() {
        last = timeline.events().to_vec();
    }
    assert!(matches!(last[..], [.., Event { kind: EventKind::ScriptStopped { line: 3 }, .. }]), "{last:?}");
    assert!(!timeline.forward());
    assert_eq!(timeline.events(), last);
}
