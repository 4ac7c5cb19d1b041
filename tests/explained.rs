//! What promises and numbers say of themselves, what the inspector knows of records that failed or lie twice in a log.

mod played;

use partita::explain::Span;
use partita::ids::{ClientId, RecordId};
use partita::lang::Lang;
use partita::timeline::Timeline;
use partita::view::{Counts, Explained, Inspector, Lens, MarkKind, PromiseState, Selection, View};
use played::{played, ready};

fn lens(lang: Lang) -> Lens {
    Lens { lang, ..Lens::default() }
}

fn explained(timeline: &Timeline, lang: Lang, what: &str) -> Explained {
    Explained::of(timeline, &lens(lang), what).unwrap_or_else(|| panic!("{what} explains itself"))
}

fn inspected(timeline: &Timeline, selected: Selection) -> Inspector {
    let view = View::of(timeline, &Lens { selected, ..Lens::default() });
    (*view.inspector).clone()
}

fn field(of: &Inspector, name: &str) -> String {
    of.fields.iter().find(|field| field.name == name).map(|field| field.value.plain()).unwrap_or_default()
}

#[test]
fn a_record_that_a_full_buffer_refused_still_has_its_key_and_value() {
    let timeline = played(&format!(
        "cluster brokers=1\ntopic t partitions=1\nproducer p buffer.memory=20000 max.block.ms=100\n\
         send p t key=kai value=first\nwait sent p\npause-process broker-1\n\
         send p t key=kai value={} partition=0 times=9\nsleep 2000\n",
        "x".repeat(3_000)
    ));
    let failed = explained(&timeline, Lang::En, "failed");
    let (_, found) = failed.found.expect("some were refused");
    let refused = found.iter().find(|found| found.of.as_deref() == Some("BufferExhaustedException"));
    let of = inspected(&timeline, refused.expect("the buffer was full").select);
    let shown = format!("{}…, 3\u{202f}000 B", "x".repeat(160));
    assert_eq!((field(&of, "Key"), field(&of, "Value")), ("\"kai\", 3 B".to_owned(), shown));
    let timeline = ready("full-buffer");
    let failed = explained(&timeline, Lang::En, "failed");
    let (_, found) = failed.found.expect("one was refused");
    assert_eq!(found[0].of.as_deref(), Some("BufferExhaustedException"));
    let of = inspected(&timeline, found[0].select);
    assert_eq!(field(&of, "Key"), "\"mia\", 3 B");
    assert!(field(&of, "Value").starts_with("{\"order\":1052"), "{}", field(&of, "Value"));
}

/// A retry that the broker does not know for one: the record lies at two offsets, and each group reads it at both.
const TWICE: &str = "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1
topic t partitions=1
producer p enable.idempotence=false acks=1 request.timeout.ms=1000 delivery.timeout.ms=10000 linger.ms=0
consumer c group.id=g auto.offset.reset=earliest
consumer d group.id=h auto.offset.reset=earliest
subscribe c t
subscribe d t
consume-loop c poll_ms=100
consume-loop d poll_ms=100
send p t key=k value=a
wait sent p
drop-response broker-1 Produce
send p t key=k value=b
wait sent p
sleep 500
";

#[test]
fn a_record_that_lies_twice_in_the_log_is_read_twice_by_every_group() {
    let timeline = played(TWICE);
    let twice = explained(&timeline, Lang::En, "written-once");
    let (label, found) = twice.found.expect("it was written twice");
    assert_eq!((label.as_str(), found.len(), found[0].text.as_str()), ("Broken by", 1, "t-0@1, 2"));
    let of = inspected(&timeline, found[0].select);
    let read = of.fields.iter().find(|field| field.name == "Read by").expect("it was read");
    let text = read.value.plain();
    assert_eq!(text.matches("g: c @1 at ").count(), 1, "{text}");
    assert_eq!(text.matches("; h: d @1 at ").count(), 1, "{text}");
    assert_eq!((text.matches(", c @2 at ").count(), text.matches(", d @2 at ").count()), (1, 1), "{text}");
    let links = read.value.spans().iter().filter(|span| matches!(span, Span::Link { .. })).count();
    assert_eq!(links, 4, "each is a way to its poll");
}

fn rows(of: &Explained) -> Vec<&str> {
    of.rows.iter().map(|(label, _)| label.as_str()).collect()
}

#[test]
fn every_promise_says_what_it_means_when_it_breaks_and_what_was_checked() {
    for scenario in partita::scenarios::all() {
        let timeline = played(&scenario.script);
        let view = View::of(&timeline, &Lens::default());
        assert_eq!(view.top.promises.len(), 6);
        for promise in &view.top.promises {
            for (lang, labels) in [
                (Lang::En, ["Means", "Kafka promises it", "Breaks when", "Checked"]),
                (Lang::Ko, ["뜻", "카프카의 보장", "깨질 때", "확인한 것"]),
            ] {
                let of = explained(&timeline, lang, promise.id);
                assert_eq!(rows(&of), labels, "{}", scenario.id);
                assert!(of.rows.iter().all(|(_, text)| !text.is_empty()), "{}: {of:?}", scenario.id);
                let has_korean = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
                assert!(
                    of.rows.iter().all(|(_, text)| has_korean(text) == (lang == Lang::Ko)),
                    "{}: {of:?}",
                    scenario.id
                );
                let is_broken = promise.state == PromiseState::Broken;
                assert_eq!(of.found.is_some(), is_broken, "{}: {of:?}", scenario.id);
                assert_eq!(promise.why != Selection::Nothing, is_broken, "{}: {promise:?}", scenario.id);
                assert_eq!(of.latest, promise.why, "{}: {of:?}", scenario.id);
            }
        }
    }
}

fn checked(timeline: &Timeline, promise: &str) -> String {
    explained(timeline, Lang::En, promise).rows[3].1.clone()
}

#[test]
fn what_was_checked_is_counted() {
    let all = |id: &str| {
        let timeline = ready(id);
        let promises =
            ["acknowledged-kept", "order-kept", "written-once", "one-owner", "processed-once", "none-skipped"];
        promises.map(|promise| checked(&timeline, promise))
    };
    assert_eq!(all("auto-commit")[..2], ["6 records, 2 partitions", "3 batches, 2 partitions"]);
    assert_eq!(all("auto-commit")[2..4], ["6 records", "3 generations of billing. A struck member is in none."]);
    assert_eq!(all("auto-commit")[4..], ["9 processings by 1 group", "9 processings, 71 committed offsets"]);
    assert_eq!(all("acks")[0], "6 records, 2 of them without an answer, 2 partitions, 1 restart");
    assert_eq!(all("acks")[3..], ["nothing yet"; 3]);
    let lost = all("lost-response");
    assert_eq!(lost[2], "5 records, 1 batch that came again and was not written");
    assert_eq!(lost[3..5], ["2 generations of billing, 1 of audit", "10 processings by 2 groups"]);
    let alone =
        played(&format!("{AHEAD}consumer alone auto.offset.reset=earliest\nassign alone t-0\npoll alone until=3\n"));
    assert!(
        checked(&alone, "processed-once").ends_with(" by 1 group, 1 consumer without a group"),
        "{}",
        checked(&alone, "processed-once")
    );
}

#[test]
fn what_broke_a_promise_is_listed_with_where_and_when() {
    let timeline = ready("auto-commit");
    let once = explained(&timeline, Lang::En, "processed-once");
    assert_eq!(once.title, "Processed once");
    let (label, found) = once.found.as_ref().expect("records were processed twice");
    let listed: Vec<(&str, &str)> =
        found.iter().map(|one| (one.text.as_str(), one.at.as_ref().map_or("", |(_, time)| time.as_str()))).collect();
    assert_eq!(label, "Broken by");
    let at = ["51\u{202f}115.0", "51\u{202f}117.0", "51\u{202f}119.0"];
    assert_eq!(listed, [("orders-1@2", at[0]), ("orders-1@3", at[1]), ("orders-1@4", at[2])]);
    assert_eq!((once.more.as_deref(), once.latest), (None, found[2].select));
    let promised = "never by itself: a program that commits after its work does it again after a crash.";
    assert!(once.rows[1].1.starts_with(promised) && once.note.is_none(), "{once:?}");
    assert_eq!(explained(&timeline, Lang::En, "processed-twice"), once, "the number is of the same records");
}

#[test]
fn a_long_list_says_how_many_more_there_are() {
    let many = AHEAD.replace("times=3", "times=12");
    let left = played(&format!("{many}kill c\n"));
    let of = explained(&left, Lang::En, "never-processed");
    let (_, found) = of.found.expect("nobody is left to read them");
    assert_eq!((found.len(), of.more.as_deref()), (8, Some("and 3 more")));
    assert_eq!(explained(&left, Lang::Ko, "never-processed").more.as_deref(), Some("외 3건"));
    assert_eq!(of.latest, Selection::Record(RecordId { client: ClientId(1), number: 11 }));
}

/// With `acks=0` nobody has acknowledged what was lost, and with both kinds it is not said of all.
#[test]
fn nobody_acknowledges_with_acks_0() {
    let timeline = ready("acks");
    let top = |lang| (*View::of(&timeline, &lens(lang)).top).clone();
    assert_eq!(
        (top(Lang::En).promises[0].text.as_str(), top(Lang::Ko).promises[0].text.as_str()),
        ("1 sent, lost", "보낸 1건 유실")
    );
    let of = explained(&timeline, Lang::En, "acknowledged-kept");
    assert_eq!(of.title, "Acked and sent records kept");
    assert!(of.note.as_deref().is_some_and(|note| note.starts_with("With acks=0 no broker answers")), "{of:?}");
    let (_, found) = of.found.expect("one was lost");
    assert_eq!((found.len(), found[0].text.as_str()), (1, "producer-1, record 2"));
    let marks = &View::of(&timeline, &lens(Lang::En)).lanes.strip.marks;
    assert!(marks.iter().any(|mark| mark.kind == MarkKind::Alarm && mark.text == "sent, lost"), "{marks:?}");
    let counts = Counts::of(&timeline);
    assert_eq!((counts.acknowledged, counts.unanswered, counts.lost, counts.lost_unanswered), (4, 2, 1, 1));
    let ended = View::of(&timeline, &Lens { ended: true, ..lens(Lang::En) });
    let said = ended.story.happened.plain();
    let lost = "1 record, sent without asking for an answer, was lost, and no program was told.";
    assert_eq!(said, format!("The story ends here. {lost} Those that were acknowledged are kept."));
    let numbers = &ended.story.ending.as_ref().expect("it has ended").counts;
    let number =
        |id: &str| numbers.iter().find(|count| count.id == id).map(|count| (count.value.as_str(), count.lists));
    assert_eq!(number("acknowledged"), Some(("4", false)));
    assert_eq!((number("unanswered"), number("lost")), (Some(("2", false)), Some(("1", true))));
}

#[test]
fn numbers_list_their_records() {
    let timeline = ready("fire-and-forget");
    let top = View::of(&timeline, &Lens::default()).top.clone();
    assert_eq!(top.never_sent.as_deref(), Some("1 never sent"));
    let korean = View::of(&timeline, &lens(Lang::Ko)).top.clone();
    assert_eq!(korean.never_sent.as_deref(), Some("전송 안 됨 1건"));
    let of = explained(&timeline, Lang::En, "never-sent");
    let (label, found) = of.found.expect("one was never sent");
    assert_eq!((of.title.as_str(), label.as_str(), found.len()), ("1 never sent", "Which", 1));
    assert_eq!(
        inspected(&timeline, of.latest).chain[0].causes.last().map(|cause| cause.text.as_str()),
        Some("ended by itself, never sent")
    );

    let passed = played(&format!(
        "{AHEAD}commit c sync t-0=3\nkill c\nconsumer d group.id=g auto.offset.reset=earliest\nsubscribe d t\nconsume-loop d poll_ms=100\nwait assigned-count d = 1 timeout_ms=60000\nsleep 500\n"
    ));
    let of = explained(&passed, Lang::En, "never-processed");
    let (_, found) = of.found.expect("two were passed over");
    let listed: Vec<(&str, Option<&str>)> = found.iter().map(|one| (one.text.as_str(), one.of.as_deref())).collect();
    assert_eq!((of.title.as_str(), listed), ("2 never processed", vec![("t-0@1", Some("g")), ("t-0@2", Some("g"))]));
    assert!(found.iter().all(|one| one.at.is_some()), "{found:?}");
}

/// Three records; a consumer processes one.
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
fn a_chain_has_main_steps_and_none_of_an_answer_waits() {
    let timeline = ready("auto-commit");
    let twice = explained(&timeline, Lang::En, "processed-once");
    let chain = inspected(&timeline, twice.latest).chain;
    let main = |party: usize| -> Vec<&str> {
        chain[party].causes.iter().filter(|cause| !cause.minor).map(|cause| cause.text.as_str()).collect()
    };
    let folded = chain[0].folded.as_ref().expect("what every record goes through waits");
    assert_eq!((folded.text.as_str(), folded.steps.as_str()), ("send() to acknowledged", "3 steps"));
    assert_eq!(main(0), ["appended as orders-1@4 on B2"]);
    assert_eq!(main(1), ["processed by c1", "c1 killed, 4 never committed"]);
    assert_eq!(main(2), ["c2 begins at committed 2", "processed by c2", "committed 5, was 2"]);
    let lost = ready("lost-response");
    let records = (0..5).map(|number| Selection::Record(RecordId { client: ClientId(1), number }));
    let ways = records.filter_map(|record| Some(inspected(&lost, record).chain.into_iter().next()?.causes));
    let retried: Vec<_> = ways.filter(|way| way.iter().any(|cause| cause.text.starts_with("a duplicate"))).collect();
    let main: Vec<&str> = retried[0].iter().filter(|cause| !cause.minor).map(|cause| cause.text.as_str()).collect();
    assert!(main.iter().any(|text| text.starts_with("try 2, request #")), "{main:?}");
    assert_eq!(main.last(), Some(&"acknowledged"), "the retry that saved it is a main step");
}
