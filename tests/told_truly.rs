//! Sentences, numbers and the picture say what is so at the very event that is told, and what became of what was lost.

mod played;

use partita::event::EventName::{self, *};
use partita::explain;
use partita::ids::{ClientId, RecordId};
use partita::lang::Lang;
use partita::timeline::{Reader, Step, Timeline};
use partita::view::{Counts, Direction, Explained, Lens, Selection, StationBody, View};
use played::{played, ready};

fn steps(timeline: &Timeline) -> Vec<Step> {
    timeline.moves().story().steps(Reader::default()).collect()
}

fn at(timeline: &mut Timeline, step: Step, lang: Lang) -> View {
    timeline.seek(step.number);
    View::of(timeline, &Lens { lang, told: Some(step.event), ..Lens::default() })
}

/// What the stations of sending and of the result say.
fn sent(view: &View) -> (String, String) {
    let open = view.producers.producers.iter().find(|one| !one.stations.is_empty()).expect("one is followed");
    let StationBody::Send { rows } = &open.stations[4].body else { panic!("it sends") };
    let requests =
        rows.iter().flat_map(|row| &row.requests).map(|line| line.text.clone()).collect::<Vec<_>>().join("; ");
    let result = match &open.stations[5].body {
        StationBody::Result { tries, result, .. } => {
            let tries: Vec<&str> = tries.iter().map(|piece| piece.text.as_str()).collect();
            format!("{} {}", tries.join(", "), result.as_deref().unwrap_or_default()).trim().to_owned()
        }
        _ => String::new(),
    };
    (requests, result)
}

/// A broker reads, writes and answers within one instant.
#[test]
fn the_picture_is_that_of_the_told_event_not_of_a_later_one_of_its_instant() {
    let mut timeline = ready("linger-and-batch");
    let all = steps(&timeline);
    let from = all.iter().position(|step| step.name == ChapterBegan).expect("it has chapters");
    let named = |name: EventName| *all[from..].iter().find(|step| step.name == name).expect("it happens");
    let mut seen = |name| sent(&at(&mut timeline, named(name), Lang::En));
    let (arrived, written) = (named(RequestArrived), named(BatchAppended));
    assert_eq!(arrived.number, written.number, "all in one move");
    assert_eq!(seen(RequestArrived), ("#8 orders-1, at the broker".to_owned(), "try 1 in flight".to_owned()));
    let metadata = "RecordMetadata orders-1@1";
    assert_eq!(
        seen(BatchAppended),
        ("#8 orders-1, at the broker".to_owned(), format!("try 1 written, answer to come {metadata}"))
    );
    assert_eq!(
        seen(ResponseSent),
        ("#8 orders-1, answered".to_owned(), format!("try 1 written, answer on its way {metadata}"))
    );
    let answered = ("#8 orders-1, answer arrived".to_owned(), format!("try 1 written, answer arrived {metadata}"));
    assert_eq!(seen(ResponseArrived), answered);
    assert_eq!(seen(RecordAcknowledged).1, format!("try 1 acknowledged {metadata}"));
    let token = |view: &View| {
        let token = view.wires.tokens.iter().find(|token| token.label == "#8").expect("it is drawn");
        (token.direction, token.way)
    };
    assert_eq!(token(&at(&mut timeline, arrived, Lang::En)), (Direction::Request, 1000));
    assert_eq!(token(&at(&mut timeline, named(ResponseSent), Lang::En)), (Direction::Response, 0));
    assert_eq!(token(&at(&mut timeline, named(ResponseArrived), Lang::En)), (Direction::Response, 1000));
}

/// What the inspector says of a record's way, and one field of it.
fn way(view: &View) -> Vec<&str> {
    view.inspector.chain.iter().flat_map(|party| &party.causes).map(|cause| cause.text.as_str()).collect()
}

fn field(view: &View, name: &str) -> Option<String> {
    view.inspector.fields.iter().find(|field| field.name == name).map(|field| field.value.plain())
}

#[test]
fn the_inspector_is_of_the_told_event_not_of_a_later_one_of_its_instant() {
    let mut timeline = ready("linger-and-batch");
    let all = steps(&timeline);
    let from = all.iter().position(|step| step.name == ChapterBegan).expect("it has chapters");
    let named = |name: EventName| *all[from..].iter().find(|step| step.name == name).expect("it happens");
    let (arrived, written) = (named(RequestArrived), named(BatchAppended));
    assert_eq!(arrived.number, written.number, "all in one move");
    let appended = "appended as orders-1@1 on ";
    let has = |view: &View| way(view).iter().any(|text| text.starts_with(appended));
    let view = at(&mut timeline, arrived, Lang::En);
    assert!(!view.inspector.name.contains('@'), "{}", view.inspector.name);
    assert_eq!((field(&view, "Offset"), field(&view, "Result").as_deref()), (None, Some("not yet")));
    assert!(!has(&view) && field(&view, "Read by").is_none(), "{:?}", way(&view));
    assert!(view.inspector.bytes.is_some(), "as its producer has built it");
    let Selection::Record(record) = view.inspector.select else { panic!("a record is followed") };
    let batch = view.inspector.fields.iter().find(|field| field.name == "Batch").expect("it lies in one").select;
    let view = at(&mut timeline, written, Lang::En);
    assert_eq!((view.inspector.name.as_str(), field(&view, "Offset").as_deref()), ("orders-1@1", Some("1")));
    assert_eq!(field(&view, "Result").as_deref(), Some("not yet"));
    assert!(has(&view), "{:?}", way(&view));
    let view = at(&mut timeline, named(RecordAcknowledged), Lang::En);
    assert_eq!(field(&view, "Result").as_deref(), Some("RecordMetadata orders-1@1"));
    for (step, stored) in [(arrived, false), (written, true)] {
        timeline.seek(step.number);
        let lens = Lens { told: Some(step.event), followed: Some(record), selected: batch, ..Lens::default() };
        let view = View::of(&timeline, &lens);
        assert_eq!(field(&view, "Stored on").is_some_and(|on| on != "no broker yet"), stored);
        assert_eq!(view.inspector.name.contains('@'), stored, "{}", view.inspector.name);
        assert_eq!(way(&view).iter().any(|text| text.contains(" writes ")), stored, "{:?}", way(&view));
    }
}

#[test]
fn a_record_that_counts_as_sent_does_so_when_that_is_told() {
    let mut timeline = ready("acks");
    let all = steps(&timeline);
    let lost = all.iter().position(|step| step.name == BrokerCrashed).expect("it crashes");
    let drained = all[..lost].iter().rposition(|step| step.name == BatchDrained).expect("it left");
    let (before, counted) = (at(&mut timeline, all[drained], Lang::En), at(&mut timeline, all[drained + 1], Lang::En));
    assert_eq!(all[drained + 1].name, RecordAcknowledged);
    assert_eq!(sent(&before).1, "try 1 in flight");
    assert_eq!(sent(&counted).1, "try 1 left, no answer asked for RecordMetadata orders-1@-1");
    // Its request is on its way to its partition as long as nobody waits for it any more, and is lost where it is.
    let crashed = at(&mut timeline, all[lost], Lang::En);
    for (view, is_lost) in [(&before, false), (&counted, false), (&crashed, true)] {
        let token = view.wires.tokens.iter().find(|token| token.api == "Produce").expect("it is under way");
        let partition = token.partition.map(|of| of.partition);
        assert_eq!((partition, token.glyphs.len(), token.dark), (Some(1), 1, is_lost), "{token:?}");
        assert_eq!(token.text.contains("lost: broker 2 is gone"), is_lost, "{}", token.text);
    }
}

#[test]
fn the_way_of_a_lost_record_names_what_took_it() {
    let timeline = ready("acks");
    let selected = Selection::Record(RecordId { client: ClientId(1), number: 1 });
    for (lang, words) in [(Lang::En, "lost: B2 crashed before it came there"), (Lang::Ko, "유실: 도착 전 B2 장애")]
    {
        let view = View::of(&timeline, &Lens { selected, lang, ..Lens::default() });
        let way: Vec<(&str, &str)> =
            view.inspector.chain[0].causes.iter().map(|cause| (cause.time.as_str(), cause.text.as_str())).collect();
        assert_eq!(way.last().copied(), Some(("364.0", words)), "{way:?}");
    }
    let selected = Selection::Record(RecordId { client: ClientId(1), number: 1 });
    let producer = "producer p acks=0 linger.ms=0\nsend p t value=a\nwait sent p\nsleep 1000\n";
    // What had been lost before it counted as sent, and what was refused.
    for (cluster, rest, words) in [
        (
            "cluster brokers=1 hop-us=50000\ntopic t partitions=1\n",
            "crash broker-1\nsend p t value=b\nwait sent p\nsleep 1000\n",
            "lost: B1 was down before it came there",
        ),
        (
            "cluster brokers=1\ntopic t partitions=1 max.message.bytes=200\n",
            "send p t value-size=500\nsleep 1000\n",
            "lost: refused by B1: MESSAGE_TOO_LARGE, nobody was told",
        ),
    ] {
        let timeline = played(&format!("{cluster}{producer}{rest}"));
        assert_eq!(Counts::of(&timeline).lost_unanswered, 1, "{words}");
        let view = View::of(&timeline, &Lens { selected, ..Lens::default() });
        let way = way(&view);
        assert_eq!(way.iter().filter(|text| text.contains("lost") || text.contains("refused")).count(), 1, "{way:?}");
        assert!(way.contains(&words), "{way:?}");
    }
    let closed = played(
        "cluster brokers=1 hop-us=2000\ntopic t\nproducer p acks=0 linger.ms=0\nsend p t value=1\nwait sent p\nsleep 100\n\
         send p t value=2\nsleep 1\nclose p timeout_ms=0\nsleep 100\n",
    );
    assert_eq!(Counts::of(&closed).lost, 0, "what has left arrives, though its producer is closed");
}

#[test]
fn a_story_in_which_nobody_sends_ends_with_a_sentence() {
    for (lang, words) in [
        (Lang::En, "The story ends here. Nobody sent a record."),
        (Lang::Ko, "이야기가 여기서 끝납니다. 레코드를 보낸 프로그램이 없습니다."),
    ] {
        let timeline = played("cluster brokers=1\ntopic t\nchapter \"One\"\nsleep 10\n");
        let view = View::of(&timeline, &Lens { ended: true, lang, ..Lens::default() });
        assert_eq!(view.story.happened.plain(), words);
    }
    let unanswered =
        played("cluster brokers=1\ntopic t\nproducer p acks=0\nsend p t value=1\nwait sent p\nsleep 100\n");
    let view = View::of(&unanswered, &Lens { ended: true, ..Lens::default() });
    let words = "Nothing more happens by itself. Nobody was asked for an answer, and no record was lost.";
    assert_eq!(view.story.happened.plain(), words);
    let open = played("cluster brokers=1\ntopic t\nproducer p linger.ms=60000\nsend p t value=1\nsleep 500\n");
    let view = View::of(&open, &Lens { ended: true, ..Lens::default() });
    assert_eq!(view.story.happened.plain(), "Nothing more happens by itself. 1 record has no result.");
}

#[test]
fn the_inspector_of_a_record_to_come_says_whose_it_is() {
    let mut timeline = ready("journey");
    let selected = Selection::Record(RecordId { client: ClientId(1), number: 0 });
    let note = |timeline: &Timeline, lang| {
        View::of(timeline, &Lens { selected, lang, ..Lens::default() }).inspector.note.clone().unwrap_or_default()
    };
    timeline.seek(0);
    assert!(note(&timeline, Lang::En).starts_with("Its producer is not made yet."));
    let made = steps(&timeline).into_iter().find(|step| step.name == ClientStarted).expect("it is made");
    timeline.seek(made.number);
    assert_eq!(
        note(&timeline, Lang::En),
        "producer-1 has not sent record 1 yet. Its way is told here as soon as it does."
    );
    assert!(note(&timeline, Lang::Ko).starts_with("producer-1의 레코드 1: 아직 보내지 않았습니다."));
}

/// Asked of Kafka 4.3.1: of each of these the future has failed, and the callback has run, when `send` returns. What a
/// serializer throws is thrown by `send`, before any callback is known to the accumulator.
#[test]
fn what_fails_within_send_is_told_by_who_hears_of_it() {
    let cluster = "cluster brokers=1\ntopic t partitions=1\n";
    let sends = [
        (
            "producer p max.request.size=100\n",
            "send p t value=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        ("producer p max.block.ms=300\n", "send p t value=1 partition=7"),
        ("producer p max.block.ms=300\n", "send p \"no such topic\" value=1"),
    ];
    let told = |script: &str, lang: Lang| {
        let mut timeline = played(script);
        let failed = steps(&timeline).into_iter().find(|step| step.name == SendFailed).expect("it fails");
        at(&mut timeline, failed, lang).story.meaning.plain()
    };
    for (producer, send) in sends {
        let by = |how: &str| told(&format!("{cluster}{producer}{}\nsleep 1000\n", send.replace("send", how)), Lang::En);
        assert!(
            by("send").starts_with("The future that send() returns has failed, and nobody looks: "),
            "{}",
            by("send")
        );
        let sync = by("send-sync");
        assert!(
            sync.contains("get() throws an ExecutionException, its cause ") && sync.contains("Exception: "),
            "{sync}"
        );
        let script = format!("{cluster}{producer}{send} callback=yes\nsleep 1000\n");
        let called = told(&script, Lang::En);
        assert!(called.starts_with("Still inside send(), the callback of p's program runs with "), "{called}");
        assert!(called.contains("The future has failed too"), "{called}");
        let called = told(&script, Lang::Ko);
        assert!(called.starts_with("아직 send() 안에서 p의 콜백이 실행되어 "), "{called}");
    }
    let serializer = "producer p value.serializer=org.apache.kafka.common.serialization.LongSerializer\n";
    let thrown = told(&format!("{cluster}{serializer}send p t value=many callback=yes\nsleep 100\n"), Lang::En);
    assert!(thrown.starts_with("send() throws it: ") && thrown.contains("The callback is not called"), "{thrown}");
}

const DELETED: &str = "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1\n\
    topic t partitions=1\nproducer p\nconsumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false\n\
    subscribe c t\nsend p t value=a times=3\nwait sent p\npoll c until=3\ncommit c sync\nclose c\n\
    send p t value=b times=4\nwait sent p\ndelete-records t-0 5\n";

#[test]
fn what_was_deleted_before_it_was_read_is_counted_apart() {
    let deleted = |rest: &str| {
        let timeline = played(&format!("{DELETED}{rest}"));
        let counts = Counts::of(&timeline);
        (counts.deleted_unread, counts.never_processed, timeline)
    };
    let another = |reset: &str| {
        format!(
            "consumer d group.id=g auto.offset.reset={reset} enable.auto.commit=false\nsubscribe d t\n\
             consume-loop d poll_ms=100\nwait assigned-count d = 1\nsleep 1000\n"
        )
    };
    let (unread, left, timeline) = deleted("sleep 10\n");
    assert_eq!((unread, left), (2, 2), "the group has no member: 3 and 4 are gone, 5 and 6 wait in vain");
    assert_eq!(deleted(&another("earliest")).0, 2);
    assert_eq!(deleted(&another("earliest")).1, 0);
    let view = View::of(&timeline, &Lens { ended: true, ..Lens::default() });
    let count = view.story.ending.as_ref().and_then(|end| end.counts.iter().find(|count| count.id == "deleted-unread"));
    let count = count.expect("it is counted").clone();
    assert_eq!((count.value.as_str(), count.label.as_str(), count.lists), ("2", "deleted unread", true));
    assert!(view.story.happened.plain().contains("2 records were deleted unread."), "{}", view.story.happened);
    let of = Explained::of(&timeline, &Lens::default(), "deleted-unread").expect("it explains itself");
    let listed: Vec<&str> = of.found.iter().flat_map(|(_, found)| found).map(|found| found.text.as_str()).collect();
    assert_eq!((of.title.as_str(), listed), ("2 deleted unread", vec!["t-0@3", "t-0@4"]));
    // Who goes back by hand had read them all the same.
    let back = played(
        "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1\ntopic t partitions=1\nproducer p\n\
         consumer c auto.offset.reset=earliest\nassign c t-0\nsend p t value=a times=3\nwait sent p\npoll c until=3\n\
         seek c t-0=0\ndelete-records t-0 3\nsleep 10\n",
    );
    assert_eq!(Counts::of(&back).deleted_unread, 0);
}

/// A gap is as long as it is: what was processed in it before somebody went back, and how many are counted of it.
#[test]
fn a_long_gap_is_counted_whole_and_leads_to_its_end() {
    let lines = "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1\ntopic t partitions=1\n\
         producer p\nconsumer c auto.offset.reset=earliest max.poll.records=1000\nassign c t-0\n\
         send p t value=a times=3000\nwait sent p\npoll c until=2500\nseek c t-0=0\ndelete-records t-0 3000\nsleep 10\n";
    let timeline = played(&lines.replace("until=2500", "until=3000"));
    assert_eq!(Counts::of(&timeline).deleted_unread, 0);
    let timeline = played(&lines.replace("poll c until=2500", "poll c\nseek c t-0=2990\npoll c"));
    let of = Explained::of(&timeline, &Lens::default(), "deleted-unread").expect("it explains itself");
    let unread = Counts::of(&timeline).deleted_unread;
    assert_eq!(of.title, format!("{} deleted unread", partita::explain::grouped(unread)));
    let (_, found) = of.found.expect("some were not read");
    let left = partita::explain::grouped(unread - found.len() as u64);
    assert!(unread > 1_000 && found.len() == 8, "{unread} {found:?}");
    assert_eq!(of.more, Some(format!("and {left} more")));
    assert_eq!(of.latest, Selection::Record(RecordId { client: ClientId(1), number: 2989 }));
}

/// Asked of Kafka 4.3.1: two seconds after the exception the member is still in its group, which is stable.
#[test]
fn a_loop_that_ends_by_an_exception_is_told_as_it_is() {
    let mut timeline = played(&format!(
        "{DELETED}consumer d group.id=g auto.offset.reset=none enable.auto.commit=false max.poll.interval.ms=20000 \
         session.timeout.ms=10000\nsubscribe d t\nconsume-loop d poll_ms=100\nsleep 40000\n"
    ));
    let all = steps(&timeline);
    let named = |name: EventName| *all.iter().rfind(|step| step.name == name).expect("it happens");
    let threw = at(&mut timeline, named(CallReturned), Lang::En).story.clone();
    assert!(threw.happened.plain().starts_with("poll() throws OffsetOutOfRangeException"), "{}", threw.happened);
    let words = "Its loop ends, and nothing calls close(): its heartbeats go on, so it keeps its partitions.";
    assert!(threw.meaning.plain().ends_with(words), "{}", threw.meaning);
    assert_eq!(threw.why.plain(), "It stays a member until max.poll.interval.ms=20000 is over.");
    let late = at(&mut timeline, named(PollIntervalExceeded), Lang::En).story.meaning.plain();
    assert_eq!(late, "Its program has not come back to poll(); its partitions go to others, if the group has any.");
    let mut slow = ready("slow-work");
    let passed = steps(&slow).into_iter().find(|step| step.name == PollIntervalExceeded).expect("it is too slow");
    let late = at(&mut slow, passed, Lang::En).story.meaning.plain();
    assert_eq!(late, "Its partitions go to others, though its program still works on their records.");
}

/// A consumer with `assign` has a `group.id`, and it commits; what it has of its group is no membership.
#[test]
fn who_has_only_assigned_itself_partitions_is_told_as_no_member() {
    let mut timeline = played(&format!(
        "{DELETED}consumer d group.id=g auto.offset.reset=none enable.auto.commit=false max.poll.interval.ms=20000\n\
         assign d t-0\ncommit d sync t-0=3\nconsume-loop d poll_ms=100\nsleep 40000\n"
    ));
    let threw = steps(&timeline).into_iter().rfind(|step| step.name == CallReturned).expect("its loop ends");
    for (lang, words) in [
        (Lang::En, "Its loop ends, and nothing calls close()."),
        (Lang::Ko, "루프가 끝나고 close()도 부르지 않습니다."),
    ] {
        let story = at(&mut timeline, threw, lang).story.clone();
        assert!(story.happened.plain().contains("OffsetOutOfRangeException"), "{}", story.happened);
        assert!(story.meaning.plain().ends_with(words), "{}", story.meaning);
        assert!(!story.why.plain().contains("max.poll.interval.ms"), "{}", story.why);
    }
}

/// Asked of Kafka 4.3.1: a static member that polls no more is in its group until its session is over, 3 s and 6 s here.
#[test]
fn a_static_member_that_polls_no_more_does_not_leave() {
    let mut timeline = played(&format!(
        "{DELETED}consumer d group.id=g group.instance.id=one auto.offset.reset=none enable.auto.commit=false \
         max.poll.interval.ms=3000 session.timeout.ms=6000 heartbeat.interval.ms=1000\nsubscribe d t\n\
         consume-loop d poll_ms=100\nsleep 40000\n"
    ));
    let all = steps(&timeline);
    let named = |name: EventName| *all.iter().rfind(|step| step.name == name).expect("it happens");
    let threw = at(&mut timeline, named(CallReturned), Lang::En).story.clone();
    assert!(threw.meaning.plain().ends_with("so it keeps its partitions."), "{}", threw.meaning);
    let words = "It stays a member until max.poll.interval.ms=3000 is over, and then session.timeout.ms=6000.";
    assert_eq!(threw.why.plain(), words);
    let (late, removed) = (named(PollIntervalExceeded), named(MemberRemoved));
    let since = timeline.moves().at(removed.number).since(timeline.moves().at(late.number));
    assert!((5_000_000..=6_100_000).contains(&since), "{since}");
    let told = at(&mut timeline, late, Lang::En).story.clone();
    assert_eq!(told.happened.plain(), "d has not polled for too long and sends group g no more heartbeats.");
    let words = "A static member does not leave: its partitions go to others only when its session is over.";
    assert_eq!(told.meaning.plain(), words);
    assert_eq!(told.why.plain(), "Because max.poll.interval.ms=3000 passed; the session is session.timeout.ms=6000.");
    let told = at(&mut timeline, late, Lang::Ko).story.clone();
    assert_eq!(told.happened.plain(), "d가 너무 오래 poll()하지 않아 그룹 g에 하트비트를 더 보내지 않습니다.");
    // The list of events knows no past: what it says is true of both kinds of members.
    let (_, event) = timeline.events_with(&[late.event]).pop().expect("it happened");
    let names = explain::Context::of_names(timeline.simulation().names());
    let listed = explain::narrate(&names, late.event, &event, Lang::En).happened.plain();
    assert_eq!(listed, "d has not polled for too long: it cannot stay in group g.");
}

/// A record that was written twice is read at both of its offsets: what leads to it and what is shown then name both.
#[test]
fn what_a_promise_leads_to_is_the_record_that_it_names() {
    let timeline = played(
        "cluster brokers=1 seed=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1\ntopic t partitions=1\n\
         producer p enable.idempotence=false acks=1 request.timeout.ms=1000\nsend p t value=a\nwait sent p\n\
         drop-response broker-1 Produce\nsend p t value=b\nwait sent p\n\
         consumer d group.id=g auto.offset.reset=earliest enable.auto.commit=false session.timeout.ms=6000\n\
         subscribe d t\nconsume-loop d poll_ms=100 commit=none\nsleep 5000\nkill d\n\
         consumer e group.id=g auto.offset.reset=earliest enable.auto.commit=false\n\
         subscribe e t\nconsume-loop e poll_ms=100 commit=none\nsleep 20000\n",
    );
    let of = Explained::of(&timeline, &Lens::default(), "processed-once").expect("it explains itself");
    let (_, found) = of.found.expect("some were processed twice");
    let written_twice = found.iter().filter(|one| one.text == "t-0@1" || one.text == "t-0@2").collect::<Vec<_>>();
    assert_eq!(written_twice.len(), 2, "{found:?}");
    for one in written_twice {
        let view = View::of(&timeline, &Lens { selected: one.select, ..Lens::default() });
        assert_eq!(view.inspector.name, "t-0@1, 2", "{one:?}");
    }
}
