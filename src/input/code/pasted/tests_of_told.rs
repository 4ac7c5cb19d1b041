//! What is told of pasted texts: characters that nobody sees, long lists, for whom a text is.

use super::*;

fn pasted(text: &str, whom: &Whom) -> Pasted {
    super::pasted(text, whom, &Answers::default())
}

fn whom(name: &str, kind: ClientKind, is_new: bool) -> Whom {
    Whom { name: name.to_owned(), kind, is_new, brokers: 3 }
}

#[test]
fn characters_that_nobody_sees_are_named() {
    let whom = whom("p1", ClientKind::Producer, true);
    let text = "\u{200b}acks=1\nlinger\u{a0}.ms=2\nclient.id=a\0b\n\u{feff}\u{feff}retries=3\nbatch.size=5";
    let told: Vec<String> = pasted(text, &whom).left_out.into_iter().map(|told| told.en).collect();
    let more = "`<U+…>` stands for a character that nobody sees, or that passes for another: write it anew.";
    assert_eq!(
        told,
        [
            format!("Line 1, column 1: Kafka has no property `<U+200B>acks`. Did you mean `acks`? {more}"),
            format!("Line 2, column 1: Kafka has no property `linger<U+00A0>.ms`. Did you mean `linger.ms`? {more}"),
            "Line 3, column 1: the value of `client.id` has characters that nobody sees or that pass for others, \
             and is taken with them: \
             `a<U+0000>b`."
                .to_owned(),
            format!(
                "Line 4, column 1: Kafka has no property `<U+FEFF><U+FEFF>retries`. Did you mean `retries`? {more}"
            ),
        ]
    );
    let code = "props.put(\"acks\\u200b\", 1); props.put(\"client.id\", \"a\\u0001\"); new KafkaProducer<>(props);";
    let told: String = pasted(code, &whom).left_out.into_iter().map(|told| told.ko).collect();
    assert!(told.contains("`acks<U+200B>`") && told.contains("`a<U+0001>`"), "{told}");
    let yaml = "spring:\n  kafka:\n    producer:\n      acks\u{200b}: 1\n";
    let told: String = pasted(yaml, &whom).left_out.into_iter().map(|told| told.en).collect();
    assert!(told.contains("<U+200B>"), "{told}");
}

#[test]
fn what_is_left_out_is_listed_as_far_as_anybody_reads() {
    let producer = whom("p1", ClientKind::Producer, true);
    let text: String = (0..90_000).map(|n| format!("n{n:05}=1\n")).collect();
    let told = pasted(&text, &producer).left_out;
    assert_eq!(told.len(), 301);
    assert!(told[299].en.starts_with("Line 300, column 1: Kafka has no property `n00299`."), "{:?}", told[299]);
    assert_eq!((&*told[300].en, &*told[300].ko), ("and 89,700 more", "그 밖에 89,700개"));
    let told = pasted(&format!("{}=1", "x".repeat(5_000)), &producer).left_out;
    assert_eq!(told[0].en, format!("Line 1, column 1: Kafka has no property `{}…`.", "x".repeat(60)));
}

#[test]
fn a_text_for_both_kinds_is_known_as_such() {
    let is_for_both = |text: &str| PastedText::read(text).expect("no text of blanks").is_for_both();
    assert!(is_for_both("c = new KafkaConsumer<>(p); q = new KafkaProducer<>(p);"));
    assert!(!is_for_both("c = new KafkaConsumer<>(p);"));
    assert!(is_for_both("spring.kafka.consumer.group-id=g\nspring.kafka.producer.acks=1"));
    assert!(!is_for_both("spring.kafka.producer.acks=1\nspring.kafka.bootstrap-servers=a:1"));
    assert!(!is_for_both("acks=1\ngroup.id=g"));
}

#[test]
fn blanks_and_digits_that_pass_for_others_are_named_in_values() {
    let producer = whom("p1", ClientKind::Producer, true);
    let told = |text: &str| pasted(text, &producer).left_out.into_iter().map(|told| told.en).collect::<String>();
    assert!(told("linger.ms=５").contains("`<U+FF15>`"));
    assert!(told("client.id=a\u{202e}b").contains("`a<U+202E>b`"));
    assert!(told("spring:\n  kafka:\n    producer:\n      client-id: a\u{a0}\n").contains("`a<U+00A0>`"));
}

/// A limit that cuts what a text says is told at the place of what is cut.
#[test]
fn what_is_cut_by_a_limit_is_told_at_its_place() {
    let producer = whom("p1", ClientKind::Producer, true);
    let told = |loops: &str| {
        let text = format!("val p = KafkaProducer<String, String>(mapOf(\"acks\" to \"1\"))\n{loops}\n");
        let of = pasted(&text, &producer);
        (of.program, of.left_out.into_iter().map(|told| told.en).collect::<Vec<_>>())
    };
    let (program, sentences) = told("repeat(1000000000) { p.send(ProducerRecord(\"t\", \"v\")) }");
    assert!(program[0].contains("count=20000000"), "{program:?}");
    let many = "Line 2, column 1: this sends 1,000,000,000 times. A line of a program here counts to 20,000,000 at most, and \
                the program here sends that many.";
    assert_eq!(sentences, [many]);
    let (program, sentences) = told("repeat(20000000) { p.send(ProducerRecord(\"t\", \"v\")) }");
    assert!(program[0].contains("count=20000000") && sentences.is_empty(), "{program:?} {sentences:?}");
    let (_, sentences) = told("repeat(2) {\n repeat(1000000000) {\n p.send(ProducerRecord(\"t\", \"v\")) } }");
    assert!(
        sentences.iter().any(|told| told.starts_with("Line 3") && told.contains("sends 2,000,000,000 times")),
        "{sentences:?}"
    );
    let (program, sentences) = told("repeat(3) { p.send(ProducerRecord(\"t\", \"v\")); Thread.sleep(Long.MAX_VALUE) }");
    assert!(program[0].contains("interval_ms=2592000000"), "{program:?}");
    assert!(
        sentences[0].starts_with("Line 2") && sentences[0].contains("pauses for 2,592,000,000 ms at most"),
        "{sentences:?}"
    );
    let (_, sentences) =
        told(&format!("repeat(3) {{ p.send(ProducerRecord(\"t\", \"v\")) }}\n// {}", "x".repeat(100_000)));
    assert!(sentences[0].starts_with("Line 1, column 1: the text has more than the 100,000 bytes"), "{sentences:?}");
    let consumer = whom("c1", ClientKind::Consumer, true);
    let reads = "val c = KafkaConsumer<String, String>(props)\nc.subscribe(listOf(\"t\"))\nwhile (true) {\n for (r in c.poll(10)) {\n\
                 Thread.sleep(9999999999)\n}\n}\n";
    let of = pasted(reads, &consumer);
    assert!(
        of.left_out.iter().any(|told| told.en.starts_with("Line 5") && told.en.contains("pauses for")),
        "{:?}",
        of.left_out
    );
}
