//! What pasted texts become.

use super::*;

fn whom(name: &str, kind: ClientKind, is_new: bool) -> Whom {
    Whom { name: name.to_owned(), kind, is_new, brokers: 3 }
}

const CODE: &str = r#"
    props.put("acks", "all");
    props.put("group.id", "billing");
    props.put("linger.sm", 5);
    KafkaProducer<String, String> producer = new KafkaProducer<>(props);
    for (int i = 0; i < 7; i++) {
        producer.send(new ProducerRecord<>("payments", "k", "v"));
        Thread.sleep(20);
    }
"#;

#[test]
fn a_new_client_is_made_with_its_properties_and_its_program() {
    let whom = whom("p 1", ClientKind::Producer, true);
    let read = pasted(CODE, &whom);
    let loops = "produce-loop \"p 1\" payments interval_ms=20 count=7 key=k value=v mode=fire-and-forget";
    assert_eq!(read.lines(&whom, true), ["producer \"p 1\" acks=all", loops]);
    assert_eq!(read.lines(&whom, false), ["producer \"p 1\" acks=all"]);
    assert_eq!(read.branch_name(&whom), "p 1: acks");
    // What is left out is told in the order of the text.
    let told: Vec<&str> = read.left_out.iter().map(|sentence| &*sentence.en).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("Line 3") && told[1].contains("Did you mean `linger.ms`?"), "{told:?}");
}

#[test]
fn a_client_that_runs_is_changed_after_its_program_began() {
    let whom = whom("c1", ClientKind::Consumer, false);
    let code = "props.put(\"max.poll.records\", 5);\nc = new KafkaConsumer<>(props);\nc.subscribe(List.of(\"a\", \"b\"));\n\
                while (true) { c.poll(Duration.ofMillis(50)); c.commitSync(); }";
    let read = pasted(code, &whom);
    let expected = ["subscribe c1 a,b", "consume-loop c1 poll_ms=50 commit=sync", "set c1 max.poll.records=5 from=now"];
    assert_eq!(read.lines(&whom, true), expected);
    let before = [Property::new("group.id", "g"), Property::new("max.poll.records", "1")];
    let after = [Property::new("group.id", "g"), Property::new("max.poll.records", "5")];
    assert_eq!(read.with_those_of(&before), after);
}

#[test]
fn a_text_for_the_other_kind_says_so() {
    let producer = whom("p1", ClientKind::Producer, false);
    let alone = pasted("group.id=g\nauto.offset.reset=earliest", &producer);
    assert!(alone.is_empty());
    let other = alone.for_another.expect("it is a consumer's");
    assert_eq!(other.kind, ClientKind::Consumer);
    assert!(other.sentence.en.starts_with("This is for a consumer"), "{}", other.sentence.en);
    let both = pasted(
        "p = new KafkaProducer<>(Map.of(\"acks\", \"1\"));\nc = new KafkaConsumer<>(q);\n\
                       c.subscribe(List.of(\"t\"));\nwhile (true) c.poll(Duration.ofMillis(5));",
        &producer,
    );
    let part = both.for_another.expect("a part is a consumer's").sentence;
    assert!(part.en.starts_with("A part of this is for a consumer"), "{}", part.en);
    assert_eq!(pasted("acks=1", &producer).for_another, None);
    assert_eq!(pasted(" \n", &producer), Pasted::default());
}

#[test]
fn what_has_no_effect_here_is_taken_and_says_why() {
    let read =
        pasted("acks=1\nsend.buffer.bytes=5\nbootstrap.servers=kafka01:9092", &whom("p1", ClientKind::Producer, true));
    let silent: Vec<bool> = read.taken.iter().map(|taken| taken.no_effect.is_some()).collect();
    assert_eq!(silent, [false, true, false]);
    assert_eq!(read.taken[2].value, "broker-1:9092");
    let note = read.note.expect("a foreign host");
    assert!(note.en.contains("`kafka01:9092`") && note.ko.contains("`kafka01:9092`"), "{note:?}");
    let own = pasted("bootstrap.servers=broker-2:9092", &whom("p1", ClientKind::Producer, true));
    assert_eq!(own.note, None);
}
