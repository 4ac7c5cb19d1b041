//! The line of code that runs now, for each kind of call and in each language: its text, and what it works on.

use partita::input;
use partita::lang::Lang;
use partita::script::{MAX_CODE_BYTES, parse};
use partita::simulation::Progress;
use partita::timeline::Timeline;
use partita::view::code::{self, Language};
use partita::view::{Lens, Selection, View};

const CLUSTER: &str = "cluster brokers=1 seed=4 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1\n\
                       topic orders partitions=2\n";
const STRINGS: &str = "key.serializer=org.apache.kafka.common.serialization.StringSerializer \
                       value.serializer=org.apache.kafka.common.serialization.StringSerializer";
const READER: &str = "consumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false\n";

const RUST_SYNC: &str = "producer.send(FutureRecord::to(\"orders\").partition(1).key(\"k\").payload(\"w\"), \
                         Duration::from_millis(60000)).await.map_err(|(error, _)| error)?;";

/// The different lines that were lit in a client's program, in the order in which they came, each with what it works on.
#[track_caller]
fn lit(text: &str, client: &str, language: Language) -> Vec<(String, String)> {
    let (script, errors) = parse(&format!("{CLUSTER}{text}"));
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    let mut seen: Vec<(String, String)> = Vec::new();
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) {
        assert!(timeline.forward(), "a line is to come");
        let Some(process) = timeline.simulation().client(client) else { continue };
        let lens = Lens { lang: Lang::En, selected: Selection::Client(process.id), ..Lens::default() };
        let view = View::of(&timeline, &lens);
        assert_eq!(view.code.name, client);
        let Some(now) = &view.code.lit else { continue };
        let text =
            code::text(&timeline, view.code.client.expect("the client"), (language, Lang::En), Some(now.written));
        let at = text.lit(now).unwrap_or_else(|| panic!("no line for {now:?} in {:#?}", text.lines));
        let found = (text.lines[at].text.clone(), now.on.clone());
        if seen.last() != Some(&found) {
            seen.push(found);
        }
    }
    seen
}

/// Whether these lines were lit in this order, others between them; what a line works on where it is said.
#[track_caller]
fn come(text: &str, client: &str, language: Language, wanted: &[(&str, &str)]) {
    let lines = lit(text, client, language);
    let mut rest = lines.iter();
    for (line, on) in wanted {
        let found = rest.by_ref().any(|(text, of)| text == line && (on.is_empty() || of == on));
        assert!(found, "{line} ({on}) is not lit in its place among {lines:#?}");
    }
}

/// The same calls in each language: its line, and what it works on.
#[track_caller]
fn each(text: &str, client: &str, wanted: &[(&str, [&str; 4])]) {
    for (i, language) in Language::ALL.into_iter().enumerate() {
        let wanted: Vec<(&str, &str)> = wanted.iter().map(|(on, lines)| (lines[i], *on)).collect();
        come(text, client, language, &wanted);
    }
}

#[test]
fn the_three_ways_to_send() {
    let text = format!(
        "producer p acks=1 {STRINGS}\nsend p orders key=k value={{\"n\":{{i}}}} times=2\nwait sent p\n\
         send-sync p orders key=k value=w partition=1\nsend p orders value=x callback=yes\nwait sent p\nflush p\nclose p\nsleep 20\n"
    );
    each(
        &text,
        "p",
        &[
            (
                "record 1",
                [
                    "producer.send(new ProducerRecord<>(\"orders\", \"k\", \"{\\\"n\\\":\" + i + \"}\"));",
                    "producer.send(ProducerRecord(\"orders\", \"k\", \"{\\\"n\\\":${i}}\"))",
                    "producer.produce(\"orders\", key=\"k\", value=f\"{{\\\"n\\\":{i}}}\")",
                    "let _ = producer.send_result(FutureRecord::to(\"orders\").key(\"k\").payload(&format!(\"{{\\\"n\\\":{i}}}\")));",
                ],
            ),
            (
                "record 3",
                [
                    "producer.send(new ProducerRecord<>(\"orders\", 1, \"k\", \"w\")).get();",
                    "producer.send(ProducerRecord(\"orders\", 1, \"k\", \"w\")).get()",
                    "producer.produce(\"orders\", key=\"k\", value=\"w\", partition=1, on_delivery=checked)",
                    RUST_SYNC,
                ],
            ),
            (
                "orders-1@0",
                [
                    "producer.send(new ProducerRecord<>(\"orders\", 1, \"k\", \"w\")).get();",
                    "producer.send(ProducerRecord(\"orders\", 1, \"k\", \"w\")).get()",
                    "producer.flush()",
                    RUST_SYNC,
                ],
            ),
            (
                "record 4",
                [
                    "producer.send(new ProducerRecord<>(\"orders\", \"x\"), (metadata, e) -> {",
                    "producer.send(ProducerRecord(\"orders\", \"x\")) { metadata, e ->",
                    "producer.produce(\"orders\", value=\"x\", on_delivery=on_delivery)",
                    "let delivery = producer.send_result(FutureRecord::<(), _>::to(\"orders\").payload(\"x\")).map_err(|(error, _)| error)?;",
                ],
            ),
            (
                "",
                [
                    "System.out.println(e != null ? e : metadata);",
                    "println(e ?: metadata)",
                    "print(err or (msg.topic(), msg.partition(), msg.offset()))",
                    "println!(\"{:?}\", delivery.await);",
                ],
            ),
        ],
    );
}

#[test]
fn a_loop_that_sends_and_sleeps() {
    let text = format!(
        "producer p acks=1 {STRINGS}\nproduce-loop p orders interval_ms=20 count=3 keys=2 value=v{{i}}\nsleep 100\n"
    );
    each(
        &text,
        "p",
        &[
            (
                "record 1",
                [
                    "producer.send(new ProducerRecord<>(\"orders\", \"key-\" + i % 2, \"v\" + i));",
                    "producer.send(ProducerRecord(\"orders\", \"key-${i % 2}\", \"v${i}\"))",
                    "producer.produce(\"orders\", key=f\"key-{i % 2}\", value=f\"v{i}\")",
                    "let _ = producer.send_result(FutureRecord::to(\"orders\").key(&format!(\"key-{}\", i % 2)).payload(&format!(\"v{i}\")));",
                ],
            ),
            (
                "",
                [
                    "Thread.sleep(20);",
                    "Thread.sleep(20)",
                    "time.sleep(0.02)",
                    "tokio::time::sleep(Duration::from_millis(20)).await;",
                ],
            ),
            (
                "record 2",
                [
                    "producer.send(new ProducerRecord<>(\"orders\", \"key-\" + i % 2, \"v\" + i));",
                    "producer.send(ProducerRecord(\"orders\", \"key-${i % 2}\", \"v${i}\"))",
                    "producer.produce(\"orders\", key=f\"key-{i % 2}\", value=f\"v{i}\")",
                    "let _ = producer.send_result(FutureRecord::to(\"orders\").key(&format!(\"key-{}\", i % 2)).payload(&format!(\"v{i}\")));",
                ],
            ),
        ],
    );
}

#[test]
fn what_waits_in_flush_and_close_is_lit() {
    let text = format!(
        "producer p acks=1 linger.ms=30 {STRINGS}\nsend p orders value=v\nflush p\nsend p orders value=w\nclose p\nsleep 20\n"
    );
    each(
        &text,
        "p",
        &[
            ("", ["producer.flush();", "producer.flush()", "producer.flush()", "producer.flush(Timeout::Never)?;"]),
            (
                "",
                [
                    "} // producer.close()",
                    "} // producer.close()",
                    "producer.flush()  # close()",
                    "producer.flush(Timeout::Never)?; // close()",
                ],
            ),
        ],
    );
}

/// A run with records in its topic, and then these lines of a reader.
fn reading(lines: &str) -> String {
    format!("producer p acks=1\nsend p orders value=v partition=0 times=4\nwait sent p\n{READER}{lines}sleep 200\n")
}

#[test]
fn loops_that_read_process_and_commit() {
    let java =
        ["var records = consumer.poll(Duration.ofMillis(100));", "val records = consumer.poll(Duration.ofMillis(100))"];
    let many =
        ["msgs = consumer.consume(500, timeout=0.1)", "let records = poll(&consumer, Duration::from_millis(100))?;"];
    let one =
        ["msg = consumer.poll(0.1)", "let Some(record) = consumer.poll(Duration::from_millis(100)) else { continue };"];
    let poll = |of: [&'static str; 2]| [java[0], java[1], of[0], of[1]];
    let process = |rust| ["process(record);", "process(record)", "process(msg)", rust];
    let subscribed = "subscribe c orders\nconsume-loop c poll_ms=100 process_us=2000 ";
    for (mode, java, python, rust) in [("sync", "Sync", "False", "Sync"), ("async", "Async", "True", "Async")] {
        let all = [
            format!("if (!records.isEmpty()) consumer.commit{java}();"),
            format!("if (!records.isEmpty) consumer.commit{java}()"),
            format!("consumer.commit(asynchronous={python})"),
            format!("consumer.commit_consumer_state(CommitMode::{rust})?;"),
        ];
        each(
            &reading(&format!("{subscribed}commit={mode}\n")),
            "c",
            &[
                ("", poll(many)),
                ("orders-0@0", process("process(record);")),
                ("orders-0@3", process("process(record);")),
                ("", all.each_ref().map(String::as_str)),
                ("", poll(many)),
            ],
        );
        let callback = if mode == "async" { ", null" } else { "" };
        let record = [
            format!(
                "consumer.commit{java}(Map.of(new TopicPartition(record.topic(), record.partition()), \
                 new OffsetAndMetadata(record.offset() + 1)){callback});"
            ),
            format!(
                "consumer.commit{java}(mapOf(TopicPartition(record.topic(), record.partition()) to \
                 OffsetAndMetadata(record.offset() + 1)){callback})"
            ),
            format!("consumer.commit(message=msg, asynchronous={python})"),
            format!("consumer.commit_message(&record, CommitMode::{rust})?;"),
        ];
        each(
            &reading(&format!("{subscribed}commit={mode} commit-every=record\n")),
            "c",
            &[
                ("", poll(one)),
                ("orders-0@0", process("process(&record);")),
                ("", record.each_ref().map(String::as_str)),
                ("orders-0@1", process("process(&record);")),
            ],
        );
    }
    each(
        &reading(&format!("{subscribed}commit=auto\n")),
        "c",
        &[("", poll(one)), ("orders-0@2", process("process(&record);")), ("", poll(one))],
    );
}

#[test]
fn of_two_lines_with_the_same_text_the_right_one_is_lit() {
    let text = format!(
        "{CLUSTER}producer p acks=1 {STRINGS}\nsend-sync p orders value=v\nsend-sync p orders value=v\nsleep 20\n"
    );
    let (script, _) = parse(&text);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    let mut places = Vec::new();
    while timeline.forward() && matches!(timeline.simulation().progress(), Progress::Playing(_)) {
        let view = View::of(&timeline, &Lens::default());
        let Some(lit) = &view.code.lit else { continue };
        let text = code::text(&timeline, view.code.client.expect("the producer"), (Language::Java, Lang::En), None);
        let at = text.lit(lit).expect("a line");
        if places.last() != Some(&at) {
            places.push(at);
        }
    }
    // The constructor, and one after the other.
    assert_eq!(places, [3, 4, 5]);
}

#[test]
fn what_was_done_by_hand_stands_where_it_was_done_and_the_file_is_whole() {
    let (script, errors) = parse(&format!(
        "{CLUSTER}producer p acks=1 {STRINGS}\nsend p orders value=first\nsleep 5000\nsend p orders value=last\nsleep 50\n\
         @3000000 send-sync p orders value=by-hand\n"
    ));
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    while timeline.forward() && matches!(timeline.simulation().progress(), Progress::Playing(_)) {}
    let client = timeline.simulation().client("p").expect("the producer").id;
    let file = code::text(&timeline, client, (Language::Java, Lang::En), None).file();
    let wanted = "import java.util.*;\nimport org.apache.kafka.clients.producer.*;\n\
                  import org.apache.kafka.common.serialization.*;\n\npublic class P {\n  \
                  public static void main(String[] args) throws Exception {\n    var props = new Properties();\n    \
                  props.put(\"bootstrap.servers\", \"broker-1:9092\");\n    props.put(\"acks\", \"1\");\n    \
                  try (var producer = new KafkaProducer<>(props, new StringSerializer(), new StringSerializer())) {\n      \
                  producer.send(new ProducerRecord<>(\"orders\", \"first\"));\n      \
                  producer.send(new ProducerRecord<>(\"orders\", \"by-hand\")).get();\n      \
                  producer.send(new ProducerRecord<>(\"orders\", \"last\"));\n    }\n  }\n}\n";
    assert_eq!(file, wanted);
}

/// The text that is pasted, and for its only client the lines of it that were lit in a run, in order.
#[track_caller]
fn lit_of_pasted(pasted: &str, before: &str, made: &str, name: &str) -> Vec<(String, String)> {
    let code = input::code::read(pasted);
    let answers = input::code::Answers::default();
    let program = code.clients[0].lines(name, &answers).join("\n");
    let kept = code.kept(pasted, 0, name).expect("it does something");
    let text = format!("{before}{made}\n{program}\n{kept}\nsleep 400\n");
    let lines = lit(&text, name, Language::Pasted);
    assert!(!lines.is_empty());
    lines
}

#[test]
fn of_pasted_code_its_own_line_is_lit() {
    let java = "class Shop {\n  void run(Properties p) throws Exception {\n    \
                KafkaProducer<String, String> producer = new KafkaProducer<>(p);\n    for (int i = 0; i < 3; i++) {\n      \
                // producer.send(nothing)\n      producer.send(new ProducerRecord<>(\"orders\", \"k\", \"v\" + i),\n          \
                (metadata, e) -> {\n            System.out.println(metadata);\n          });\n      Thread.sleep(40);\n    \
                }\n  }\n}\n";
    let lines = lit_of_pasted(java, "", "producer p acks=1", "p");
    let texts: Vec<&str> = lines.iter().map(|(line, _)| line.trim()).collect();
    let send = "producer.send(new ProducerRecord<>(\"orders\", \"k\", \"v\" + i),";
    let expected = ["producer.send", "Thread.sleep(40);", "System.out.println(metadata);", "Thread.sleep(40);"];
    let mut rest = texts.iter();
    for wanted in expected {
        assert!(rest.by_ref().any(|text| text.starts_with(wanted)), "{wanted} is not in its place: {texts:#?}");
    }
    assert!(texts.contains(&send), "{texts:#?}");
    let (_, on) = lines.iter().find(|(line, _)| line.contains("println(metadata)")).expect("its callback");
    assert!(on.starts_with("(orders-") && on.ends_with("@0, null)"), "{on}");

    let sync = "fun main() {\n  val producer = KafkaProducer<String, String>(props)\n  repeat(2) {\n    \
                val future = producer.send(ProducerRecord(\"orders\", \"v\"))\n    println(future.get())\n  }\n}\n";
    let lines = lit_of_pasted(sync, "", "producer p acks=1", "p");
    let texts: Vec<&str> = lines.iter().map(|(line, _)| line.trim()).collect();
    let send = "val future = producer.send(ProducerRecord(\"orders\", \"v\"))";
    assert!(
        texts.starts_with(&[
            "val producer = KafkaProducer<String, String>(props)",
            send,
            "println(future.get())",
            send
        ]),
        "{texts:#?}"
    );
}

#[test]
fn of_a_pasted_reader_poll_processing_and_commit_are_lit() {
    let java = "var consumer = new KafkaConsumer<String, String>(props);\nconsumer.subscribe(List.of(\"orders\"));\n\
                while (true) {\n  ConsumerRecords<String, String> all = consumer.poll(Duration.ofMillis(50));\n  \
                for (ConsumerRecord<String, String> one : all) {\n    bill(one);\n    Thread.sleep(3);\n  }\n  \
                consumer.commitSync();\n}\n";
    let before = "producer p acks=1\nsend p orders value=v partition=0 times=2\nwait sent p\n";
    let lines = lit_of_pasted(java, before, READER.trim(), "c");
    let texts: Vec<(&str, &str)> = lines.iter().map(|(line, on)| (line.trim(), on.as_str())).collect();
    let wanted = [
        ("ConsumerRecords<String, String> all = consumer.poll(Duration.ofMillis(50));", ""),
        ("bill(one);", "orders-0@0"),
        ("bill(one);", "orders-0@1"),
        ("consumer.commitSync();", ""),
        ("ConsumerRecords<String, String> all = consumer.poll(Duration.ofMillis(50));", ""),
    ];
    let mut rest = texts.iter();
    for of in wanted {
        assert!(rest.by_ref().any(|found| *found == of), "{of:?} is not in its place: {texts:#?}");
    }
}

#[test]
fn a_text_that_is_too_long_is_not_kept() {
    let java =
        "KafkaProducer<String, String> p = new KafkaProducer<>(c);\np.send(new ProducerRecord<>(\"orders\", \"v\"));\n";
    let long = format!("{java}// {}", "x".repeat(MAX_CODE_BYTES));
    assert!(input::code::read(java).kept(java, 0, "p").is_some());
    assert_eq!(input::code::read(&long).kept(&long, 0, "p"), None);
}

/// Python's `consume` takes at most a million records at once, and throws when it is asked for more.
#[test]
fn more_records_than_python_takes_at_once_are_not_asked_for() {
    let of = |most: &str| {
        let text = reading("subscribe c orders\npoll c\n")
            .replace(READER.trim_end(), &format!("{} {most}", READER.trim_end()));
        let (script, errors) = parse(&format!("{CLUSTER}{text}"));
        assert_eq!(errors, []);
        let mut timeline = Timeline::new(&script).expect("it can be played");
        while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {}
        let client = timeline.simulation().client("c").expect("it is made").id;
        let text = code::text(&timeline, client, (Language::Python, Lang::En), None);
        text.lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>().join("\n")
    };
    let python = of("max.poll.records=2147483647");
    assert!(python.contains("consumer.consume(1000000, "), "{python}");
    assert!(
        python.contains("max.poll.records=2147483647: an argument below; consume() takes at most 1,000,000"),
        "{python}"
    );
    let within = of("max.poll.records=1000000");
    assert!(within.contains("consumer.consume(1000000, ") && !within.contains("takes at most"), "{within}");
}
