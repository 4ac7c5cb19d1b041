//! The line that says where a client's program is, at each step of runs of every way to send, to commit and to end.

use partita::event::EventKind;
use partita::ids::EventId;
use partita::lang::Lang;
use partita::script::parse;
use partita::simulation::Progress;
use partita::timeline::Timeline;
use partita::view::{Lens, Selection, Tone, View};

const CLUSTER: &str = "cluster brokers=1 seed=4 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1\n\
                       topic orders partitions=1\n";

/// The different lines of a client in the order in which they come, each with whether it is what is told now.
#[track_caller]
fn lines(text: &str, client: &str, lang: Lang) -> Vec<(String, Tone)> {
    let (script, errors) = parse(&format!("{CLUSTER}{text}"));
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    let lens = Lens { lang, ..Lens::default() };
    let mut seen: Vec<(String, Tone)> = Vec::new();
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) {
        assert!(timeline.forward(), "a line is to come");
        let view = View::of(&timeline, &lens);
        let producer = view.producers.producers.iter().find(|one| one.name == client).map(|one| &one.program);
        let mut groups = view.groups.groups.iter().flat_map(|group| &group.members).chain(&view.groups.alone);
        let member = groups.find(|one| one.name == client).map(|one| &one.program);
        let Some(line) = producer.or(member) else { continue };
        assert!(line.pieces.iter().all(|piece| !piece.text.is_empty() && !piece.text.contains('`')));
        let line = (line.plain(), line.tone);
        if seen.last() != Some(&line) {
            seen.push(line);
        }
    }
    seen
}

/// Whether these come in this order, others between them.
#[track_caller]
fn come(lines: &[(String, Tone)], wanted: &[(&str, Tone)]) {
    let mut rest = lines.iter();
    for (text, tone) in wanted {
        let found = rest.by_ref().any(|(line, of)| line == text && of == tone);
        assert!(found, "{text} {tone:?} is not in its place among {lines:#?}");
    }
}

const SENT: &str = "producer p acks=1\n";

#[test]
fn one_that_does_not_look_says_so() {
    let seen = lines(&format!("{SENT}send p orders key=k value=v\nsleep 50\n"), "p", Lang::En);
    come(
        &seen,
        &[
            ("between two calls", Tone::Plain),
            ("in send(), waiting for metadata, record 1", Tone::Plain),
            ("in send(), record 1", Tone::Now),
            ("nobody looks at the future of record 1", Tone::Plain),
            ("nobody looks at the future of record 1", Tone::Now),
        ],
    );
    assert!(seen.iter().all(|(line, _)| !line.contains("get()") && !line.contains("callback")), "{seen:#?}");
}

#[test]
fn one_that_waits_says_what_its_future_gave() {
    let seen = lines(
        &format!("{SENT}send-sync p orders key=k value=v\nsend-sync p orders value=w\nsleep 50\n"),
        "p",
        Lang::En,
    );
    come(
        &seen,
        &[
            ("in send(), record 1", Tone::Now),
            ("waiting in send().get(), record 1", Tone::Plain),
            ("get() returned orders-0@0", Tone::Now),
            ("waiting in send().get(), record 2", Tone::Plain),
            ("get() returned orders-0@1", Tone::Now),
        ],
    );
    let failed =
        "answer-error broker-1 Produce MESSAGE_TOO_LARGE times=1 client=p\nsend-sync p orders value=v\nsleep 50\n";
    let seen = lines(&format!("{SENT}{failed}"), "p", Lang::Ko);
    come(&seen, &[("get() 예외: ExecutionException: RecordTooLargeException", Tone::Now)]);
}

#[test]
fn a_callback_shows_its_arguments() {
    let failed =
        "answer-error broker-1 Produce MESSAGE_TOO_LARGE times=1 client=p\nsend p orders value=w callback=yes\n";
    let text = format!("{SENT}send p orders value=v callback=yes\nwait sent p\n{failed}sleep 50\n");
    come(
        &lines(&text, "p", Lang::En),
        &[
            ("1 callback is still to come", Tone::Plain),
            ("in the callback of record 1: (orders-0@0, null)", Tone::Now),
            ("in the callback of record 2: (orders-0@-1, RecordTooLargeException)", Tone::Now),
        ],
    );
    come(&lines(&text, "p", Lang::Ko), &[("레코드 1 콜백 실행 중: (orders-0@0, null)", Tone::Now)]);
}

#[test]
fn a_loop_says_where_it_is_whatever_is_done_besides() {
    let text = format!(
        "{SENT}produce-loop p orders interval_ms=30 count=3 key=k{{i}} mode=sync\nsleep 20\nsend p orders value=by-hand\n\
         sleep 200\n"
    );
    come(
        &lines(&text, "p", Lang::En),
        &[
            ("waiting in send().get(), record 1", Tone::Plain),
            ("nobody looks at the future of record 2", Tone::Now),
            ("waiting in send().get(), record 3", Tone::Plain),
            ("get() returned orders-0@2", Tone::Now),
        ],
    );
}

#[test]
fn a_reader_says_what_it_processes_and_commits() {
    let text = "producer p acks=1\nconsumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false\n\
                send p orders value=v times=2\nwait sent p\nsubscribe c orders\n\
                consume-loop c poll_ms=100 process_us=2500 commit=sync commit-every=record\nsleep 400\nclose c\nsleep 100\n";
    come(
        &lines(text, "c", Lang::En),
        &[
            ("in poll(), 100 ms at most", Tone::Plain),
            ("processing orders-0@0, 2.5 ms left", Tone::Plain),
            ("processed orders-0@0", Tone::Now),
            ("in commitSync()", Tone::Plain),
            ("processed orders-0@1", Tone::Now),
            ("in close()", Tone::Plain),
        ],
    );
}

#[test]
fn the_end_says_what_went_with_it() {
    let told = |end: &str, lang| {
        let text = format!("producer p acks=1 linger.ms=5000\nsend p orders value=v times=2\n{end}\nsleep 10\n");
        lines(&text, "p", lang).pop().expect("a line")
    };
    assert_eq!(told("kill p", Lang::En), ("gone: its 2 unsent records went with it".to_owned(), Tone::Fault));
    assert_eq!(told("kill p", Lang::Ko), ("사라짐: 미전송 레코드 2건 포함".to_owned(), Tone::Fault));
    let (exited, tone) = told("exit p", Lang::En);
    assert_eq!(exited, "main() returned: its 2 unsent records went with it");
    assert_eq!(tone, Tone::Plain);
    let (closed, tone) = told("close p", Lang::En);
    assert!(closed.starts_with("ended: close() returned at "), "{closed}");
    assert_eq!(tone, Tone::Plain);
    let (frozen, tone) = told("pause-process p", Lang::En);
    assert!(frozen.starts_with("stands still since "), "{frozen}");
    assert_eq!(tone, Tone::Fault);
}

/// What a callback's metadata and exception are, as a real cluster gave them.
#[test]
fn a_callback_hears_of_a_failure_what_kafka_tells_it() {
    let topic = "add-partitions orders 3\nalter topic orders max.message.bytes=500\n";
    let made = "producer p acks=1 max.request.size=2000 max.block.ms=500 request.timeout.ms=500 delivery.timeout.ms=1500 linger.ms=0\n";
    let knows = "send p orders key=k value=v\nwait sent p\n";
    let full = "producer p acks=1 buffer.memory=40000 max.block.ms=500 linger.ms=0 request.timeout.ms=3000 delivery.timeout.ms=4000\n\
                send p orders key=k value=v\nwait sent p\npause-process broker-1\nsend p orders key=k value-size=16000 times=2\n";
    let cases = [
        // Too large for the client: before a partition is told to the callback.
        (
            format!("{made}{knows}send p orders key=k value-size=3000 callback=yes\n"),
            "orders--1@-1",
            "RecordTooLargeException",
        ),
        (
            format!("{made}{knows}send p orders key=k partition=1 value-size=3000 callback=yes\n"),
            "orders-1@-1",
            "RecordTooLargeException",
        ),
        // Too large for the broker.
        (
            format!("{made}{knows}send p orders key=k value-size=1000 callback=yes\n"),
            "orders-2@-1",
            "RecordTooLargeException",
        ),
        // No such partition, no such topic.
        (format!("{made}{knows}send p orders partition=7 value=x callback=yes\n"), "orders-7@-1", "TimeoutException"),
        // The broker does not answer.
        (
            format!("{made}{knows}pause-process broker-1\nsend p orders key=k value=late callback=yes\n"),
            "orders-2@-1",
            "TimeoutException",
        ),
        // The broker is gone.
        (
            format!("{made}{knows}crash broker-1\nsend p orders key=k value=late callback=yes\n"),
            "orders-2@-1",
            "TimeoutException",
        ),
        // No memory: the accumulator has a partition for it.
        (
            format!("{full}send p orders key=k value-size=16000 callback=yes\n"),
            "orders-2@-1",
            "BufferExhaustedException",
        ),
        (
            format!("{full}send p orders partition=1 value-size=16000 callback=yes\n"),
            "orders-1@-1",
            "BufferExhaustedException",
        ),
    ];
    for (text, metadata, class) in cases {
        let seen = lines(&format!("{topic}{text}sleep 6000\n"), "p", Lang::En);
        let wanted = format!("({metadata}, {class})");
        let found =
            seen.iter().any(|(line, _)| line.starts_with("in the callback of record") && line.ends_with(&wanted));
        assert!(found, "{wanted} is not among {seen:#?} of\n{text}");
    }
}

/// `commitAsync()` has come back within the same move: while its commit is told, the program is in it.
#[test]
fn one_whose_commit_is_told_is_in_that_call() {
    let text = "producer p\nsend p orders value=v times=4\n\
                consumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false\nsubscribe c orders\n\
                poll c until=4\ncommit c async orders-0=3\npoll c times=1 timeout_ms=30\ncommit c sync orders-0=4\n";
    let (script, errors) = parse(&format!("{CLUSTER}{text}"));
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    let mut seen = Vec::new();
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {
        let first = timeline.moves().first_event(timeline.position());
        let commits = timeline.events().iter().position(|event| matches!(event.kind, EventKind::CommitStarted { .. }));
        let Some(place) = commits else { continue };
        let told = Some(EventId(first.0 + u32::try_from(place).expect("few")));
        let view = View::of(&timeline, &Lens { told, selected: selected(&timeline), ..Lens::default() });
        let line = &view.groups.groups[0].members[0].program;
        seen.push((line.plain(), line.tone, view.code.lit.is_some()));
    }
    let wanted = ["in commitAsync()", "in commitSync()"].map(|line| (line.to_owned(), Tone::Now, true));
    assert_eq!(seen, wanted);
}

fn selected(timeline: &Timeline) -> Selection {
    Selection::Client(timeline.simulation().client("c").expect("the consumer").id)
}
