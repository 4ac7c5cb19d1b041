//! What a newcomer reads and sees explains itself: when Kafka promises something, what short names mean, names that fit, and
//! nothing said before it is so.

mod played;

use partita::explain::glossary;
use partita::ids::{EventId, PartitionNo, TopicNo};
use partita::invariant::{Broke, PromiseKind};
use partita::lang::Lang;
use partita::script::{ScriptContext, parse_line, print_line};
use partita::simulation::{Command, Progress};
use partita::view::{Explained, Lens, Selection, View};
use played::{played, ready, run};

#[test]
fn every_promise_says_when_kafka_gives_it_and_when_not() {
    let timeline = ready("acks");
    let conditions: [(&str, &[&str], [&str; 2]); 6] = [
        (
            "acknowledged-kept",
            &["acks=all", "acks=1", "acks=0", "min.insync.replicas"],
            ["log is lost", "로그가 사라지"],
        ),
        ("order-kept", &["enable.idempotence=true", "max.in.flight.requests.per.connection=1"], ["with", "보장"]),
        ("written-once", &["enable.idempotence=true", "send"], ["new record", "새 레코드"]),
        ("one-owner", &[], ["always. But who was removed", "항상 보장합니다. 다만 제외된"]),
        ("processed-once", &[], ["never by itself", "저절로는 보장하지 않습니다"]),
        ("none-skipped", &["latest"], ["only after its work", "작업 뒤에만"]),
    ];
    for (id, named, words) in conditions {
        for lang in [Lang::En, Lang::Ko] {
            let of = Explained::of(&timeline, &Lens { lang, ..Lens::default() }, id).expect("it explains itself");
            let label = lang.pick("Kafka promises it", "카프카의 보장");
            let (_, said) = of.rows.iter().find(|(known, _)| known == label).expect("it says when");
            assert!(named.iter().all(|name| said.contains(name)), "{id}: {said}");
            assert!(said.contains(lang.pick(words[0], words[1])), "{id}: {said}");
        }
    }
}

#[test]
fn short_names_are_terms_and_their_titles_say_both() {
    for (id, short) in [("leo", "LEO"), ("high-watermark", "HW"), ("lso", "LSO"), ("isr", "ISR")] {
        for lang in [Lang::En, Lang::Ko] {
            let term = glossary::term(id, lang).expect("it is explained");
            assert_eq!(term.short, short);
            assert!(!term.name.contains(short) && term.title() == format!("{} ({short})", term.name), "{}", term.name);
        }
    }
    assert_eq!(glossary::term("future", Lang::En).map(|term| term.title()).as_deref(), Some("future"));
}

/// A group reads everything, commits nothing, and begins anew: all that it reads is read again, however much it is.
#[test]
fn all_that_is_read_again_is_counted_however_much_it_is() {
    let mut timeline = run("cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1
topic t partitions=1
producer p
consumer a group.id=g auto.offset.reset=earliest enable.auto.commit=false max.poll.records=5000
send p t key=k value=v times=2500
wait sent p
subscribe a t
poll a until=2500
close a
consumer b group.id=g auto.offset.reset=earliest enable.auto.commit=false max.poll.records=5000
subscribe b t
poll b until=2500
sleep 10
");
    let mut again = Vec::new();
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {
        let said = View::of(&timeline, &Lens::default()).story.happened.plain();
        again.extend(said.contains(" of them again").then_some(said));
    }
    let [one] = &*again else { panic!("{again:?}") };
    let one = one.replace('\u{202f}', " ");
    assert!(
        one.starts_with("b has processed 2 500 records of t-0, 2 500 of them again: a had done t-0@0 at "),
        "{one}"
    );
}

/// The group is set ahead by its administrator while it is empty: who comes next begins behind records that nobody has read.
const AHEAD: &str = "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1
topic t partitions=2
producer p
send p t value={i} partition=0 times=3
send p t value={i} partition=1 times=3
wait sent p
consumer a group.id=g auto.offset.reset=earliest
subscribe a t
poll a until=6
close a
send p t value={i} partition=0 times=3
send p t value={i} partition=1 times=3
wait sent p
alter-offsets g t-0=5 t-1=5
consumer b group.id=g
subscribe b t
poll b until=2
";

#[test]
fn a_record_is_passed_over_only_when_its_group_has_gone_on_behind_it() {
    let mut timeline = played(AHEAD);
    let found: Vec<(EventId, PartitionNo, u64)> = timeline
        .observers()
        .promises()
        .breaks()
        .filter(|found| found.kind == PromiseKind::NoneSkipped)
        .filter_map(|found| match found.what {
            Broke::Offsets { partition, first, .. } => Some((found.event, partition, first)),
            _ => None,
        })
        .collect();
    let (event, partition, offset) = *found.last().expect("records were passed over");
    let number = timeline.moves().move_of(event).expect("it happened in a move");
    timeline.seek(number);
    let selected = Selection::Offset(partition, offset);
    let first = timeline.moves().first_event(number);
    let said = |told: EventId| {
        let view = View::of(&timeline, &Lens { selected, told: Some(told), ..Lens::default() });
        let texts: Vec<&str> =
            view.inspector.chain.iter().flat_map(|it| &it.causes).map(|it| it.text.as_str()).collect();
        (texts.contains(&"processed: never, it was passed over"), texts.contains(&"read: not yet"))
    };
    assert!(found.len() == 2 && first < event, "the other partition's position is set before it in the same instant");
    for before in first.0..event.0 {
        assert_eq!(said(EventId(before)), (false, true), "{before} is before {event:?}");
    }
    assert_eq!(said(event), (true, false));
}

/// A broker reads, writes and answers within one instant.
#[test]
fn a_partition_in_the_inspector_is_that_of_the_told_event() {
    let mut timeline = ready("linger-and-batch");
    let at = PartitionNo { topic: TopicNo(0), partition: 1 };
    let mut checked = 0;
    for number in 1..timeline.moves().len() {
        timeline.seek(number);
        let first = timeline.moves().first_event(number).0;
        let events: Vec<_> = timeline.events().iter().map(|event| event.kind).collect();
        let written = events.iter().position(
            |kind| matches!(kind, partita::event::EventKind::BatchAppended { partition, .. } if *partition == at),
        );
        if written.is_none_or(|at| at == 0) {
            continue;
        }
        checked += 1;
        if checked > 2 {
            break;
        }
        let field = |told: usize, name: &str| {
            let told = Some(EventId(first + told as u32));
            let lens = Lens { selected: Selection::Partition(at), told, ..Lens::default() };
            let view = View::of(&timeline, &lens);
            let of = |field: &&partita::view::Field| field.name == name;
            view.inspector.fields.iter().find(of).map(|field| field.value.plain()).unwrap_or_default()
        };
        let ends = |field: &str| -> Vec<u64> { field.split(", ").filter_map(|part| part.parse().ok()).collect() };
        let (before, after) = (ends(&field(0, "LEO, HW")), ends(&field(events.len() - 1, "LEO, HW")));
        assert!(before[0] < after[0] && before[1] < after[1], "{before:?} {after:?}");
        assert_eq!(before[0], before[1], "one replica: what is written is read");
        assert_eq!(field(0, "LSO"), before[1].to_string());
        assert_ne!(field(0, "Holds"), field(events.len() - 1, "Holds"));
        assert_ne!(field(0, "Size"), field(events.len() - 1, "Size"));
        assert_ne!(field(0, "Producer"), field(events.len() - 1, "Producer"));
    }
    assert!(checked > 1, "{checked}");
}

#[test]
fn a_branch_with_a_long_name_fits_and_keeps_it_whole() {
    let mut timeline =
        played("cluster brokers=1\ntopic t partitions=1\nproducer p\nsend p t value=a\nwait sent p\nsleep 50\n");
    timeline.seek(timeline.moves().len() - 4);
    let line = format!("send p t key=a-long-key value={}", "x".repeat(120));
    let mut context = ScriptContext::default();
    for line in &timeline.script().lines {
        let _ = parse_line(&print_line(line), line.number, &mut context);
    }
    let line = parse_line(&line, 1, &mut context).expect("a valid line");
    timeline.act(Command(line.statement)).expect("it can be done");
    let rows = View::of(&timeline, &Lens::default()).lanes.branches.clone();
    let row = rows.last().expect("acting in the past forks");
    assert!(row.name.chars().count() > 60 && row.text.starts_with(&row.name), "{row:?}");
    assert!(row.short.chars().count() <= 37 && row.short.ends_with('…'), "{}", row.short);
}
