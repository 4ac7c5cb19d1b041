//! Every kind of call has a line in every language: while a client is in it, that line is lit.

use partita::event::{CallKind, EventKind};
use partita::lang::Lang;
use partita::script::parse;
use partita::simulation::Progress;
use partita::timeline::Timeline;
use partita::view::code::{self, Language};
use partita::view::{Lens, Selection, View};

/// Two clients that make calls of every kind.
const RUN: &str = "\
cluster brokers=1 seed=4 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1
topic orders partitions=2
producer p acks=1 linger.ms=20
partitions-for p orders
send p orders key=k value=v partition=0 times=4
flush p
close p
consumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false
subscribe c orders
poll c assigned=orders-0,orders-1
poll c until=4
commit c sync
commit c async
commit c sync orders-0=2
commit c async orders-0=3
pause c orders-0
resume c orders-0
position c orders-0
committed c orders-0
current-lag c orders-0
beginning-offsets c orders-0
end-offsets c orders-0
offsets-for-times c orders-0=1000
enforce-rebalance c
poll c times=1 timeout_ms=30
seek c orders-0=1
seek-to-beginning c orders-0
seek-to-end c orders-0
unsubscribe c
assign c orders-0
poll c for_ms=50
close c
sleep 10
";

/// What a call's line holds in Java and Kotlin, in Python and in Rust.
fn line_of(kind: CallKind, of_producer: bool) -> [&'static str; 3] {
    match kind {
        CallKind::Send => [".send(", ".produce(", ".send_result("],
        CallKind::Flush => [".flush()", ".flush()", ".flush(Timeout::Never)?;"],
        CallKind::Close if of_producer => ["// producer.close()", "# close()", "// close()"],
        CallKind::Close => ["// consumer.close()", "consumer.close()", "drop(consumer); // close()"],
        CallKind::PartitionsFor => {
            [".partitionsFor(\"orders\")", ".list_topics(\"orders\")", ".fetch_metadata(Some(\"orders\")"]
        }
        CallKind::Subscribe => {
            ["consumer.subscribe(", "consumer.subscribe([\"orders\"])", "consumer.subscribe(&[\"orders\"])?;"]
        }
        CallKind::Unsubscribe => ["consumer.unsubscribe()"; 3],
        CallKind::Assign => ["consumer.assign(", "consumer.assign([", "consumer.assign(&partitions(&["],
        CallKind::Poll => {
            ["consumer.poll(Duration.ofMillis(", "consumer.consume(500, timeout=", "poll(&consumer, Duration::"]
        }
        CallKind::CommitSync => ["consumer.commitSync(", "asynchronous=False)", "CommitMode::Sync)?;"],
        CallKind::CommitAsync => ["consumer.commitAsync(", "asynchronous=True)", "CommitMode::Async)?;"],
        CallKind::Seek => [
            "consumer.seek(",
            "consumer.seek(TopicPartition(\"orders\", 0, 1))",
            "consumer.seek(\"orders\", 0, Offset::Offset(1)",
        ],
        CallKind::SeekToBeginning => ["consumer.seekToBeginning(", "OFFSET_BEGINNING", "Offset::Beginning"],
        CallKind::SeekToEnd => ["consumer.seekToEnd(", "OFFSET_END", "Offset::End"],
        CallKind::Position => ["consumer.position(", "consumer.position([", "consumer.position()?;"],
        CallKind::Committed => ["consumer.committed(", "consumer.committed([", "consumer.committed_offsets("],
        CallKind::Pause => ["consumer.pause(", "consumer.pause([", "consumer.pause(&partitions("],
        CallKind::Resume => ["consumer.resume(", "consumer.resume([", "consumer.resume(&partitions("],
        CallKind::BeginningOffsets => ["consumer.beginningOffsets(", "get_watermark_offsets(", "fetch_watermarks("],
        CallKind::EndOffsets => ["consumer.endOffsets(", "get_watermark_offsets(", "fetch_watermarks("],
        CallKind::OffsetsForTimes => ["consumer.offsetsForTimes(", "offsets_for_times([", "offsets_for_times(offsets("],
        // What librdkafka's clients lack is said in its place.
        CallKind::CurrentLag => {
            ["consumer.currentLag(", "# currentLag(): librdkafka has no", "// currentLag(): librdkafka has no"]
        }
        CallKind::EnforceRebalance => [
            "consumer.enforceRebalance(",
            "# enforceRebalance(): librdkafka has no",
            "// enforceRebalance(): librdkafka has no",
        ],
    }
}

/// How many kinds there are: [`line_of`] names each.
const KINDS: usize = 22;

#[test]
fn a_call_of_every_kind_has_its_line_in_every_language() {
    let (script, errors) = parse(RUN);
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    let mut seen: Vec<CallKind> = Vec::new();
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {
        let begun = timeline.events().iter().find_map(|event| match event.kind {
            EventKind::CallStarted { client, kind, .. } => Some((client, kind)),
            _ => None,
        });
        let Some((client, kind)) = begun else { continue };
        let view = View::of(&timeline, &Lens { selected: Selection::Client(client), ..Lens::default() });
        let lit = view.code.lit.as_ref().unwrap_or_else(|| panic!("{kind:?} lights nothing"));
        let [java, python, rust] = line_of(kind, view.code.name == "p");
        for (language, wanted) in Language::ALL.into_iter().zip([java, java, python, rust]) {
            let text = code::text(&timeline, client, (language, Lang::En), None);
            let at = text.lit(lit).unwrap_or_else(|| panic!("{kind:?} has no line in {language:?}"));
            let line = &text.lines[at].text;
            assert!(line.contains(wanted), "{kind:?} in {language:?}: {wanted:?} is not in {line:?}");
        }
        if !seen.contains(&kind) {
            seen.push(kind);
        }
    }
    seen.sort();
    assert_eq!(seen.len(), KINDS, "{seen:?}");
}

#[test]
fn the_listener_of_a_rebalance_is_lit_while_it_commits() {
    let text = "cluster brokers=1 seed=4 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1\n\
                topic orders partitions=2\nproducer p acks=1\nsend p orders value=v partition=0 times=4\nwait sent p\n\
                consumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false on-revoked=commit-sync\n\
                subscribe c orders\nloop c\nwait count c = 4\nconsumer d group.id=g\nsubscribe d orders\nloop d\nsleep 9000\n";
    let (script, errors) = parse(text);
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    let mut seen = [0; 4];
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {
        let Some(process) = timeline.simulation().client("c") else { continue };
        let view = View::of(&timeline, &Lens { selected: Selection::Client(process.id), ..Lens::default() });
        let Some(lit) = view.code.lit.clone().filter(|lit| lit.part == code::Part::Listener) else { continue };
        let wanted = [
            "consumer.commitSync();",
            "consumer.commitSync()",
            "consumer.commit(asynchronous=False)",
            "if let Err(error) = consumer.commit_consumer_state(CommitMode::Sync) {",
        ];
        for (i, language) in Language::ALL.into_iter().enumerate() {
            let text = code::text(&timeline, process.id, (language, Lang::En), None);
            let at = text.lit(&lit).expect("the listener's line");
            assert_eq!(text.lines[at].text, wanted[i]);
            seen[i] += 1;
        }
    }
    assert!(seen.iter().all(|seen| *seen > 0), "{seen:?}");
}

#[test]
fn the_constructor_is_lit_when_a_client_is_made() {
    let text =
        "cluster brokers=1 seed=4\ntopic orders partitions=1\nproducer p acks=1\nconsumer c group.id=g\nsleep 10\n";
    let (script, _) = parse(text);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    let mut seen = Vec::new();
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {
        let made = timeline.events().iter().find_map(|event| match event.kind {
            EventKind::ClientStarted { client, .. } => Some(client),
            _ => None,
        });
        let Some(client) = made else { continue };
        let view = View::of(&timeline, &Lens::default());
        let lit = view.code.lit.clone().expect("its constructor");
        for language in Language::ALL {
            let text = code::text(&timeline, client, (language, Lang::En), None);
            seen.push(text.lines[text.lit(&lit).expect("a line")].text.clone());
        }
    }
    assert_eq!(
        seen,
        [
            "try (var producer = new KafkaProducer<>(props, new ByteArraySerializer(), new ByteArraySerializer())) {",
            "KafkaProducer(props, ByteArraySerializer(), ByteArraySerializer()).use { producer ->",
            "producer = Producer({",
            "let producer: FutureProducer = ClientConfig::new()",
            "try (var consumer = new KafkaConsumer<>(props, new StringDeserializer(), new StringDeserializer())) {",
            "KafkaConsumer(props, StringDeserializer(), StringDeserializer()).use { consumer ->",
            "consumer = Consumer({",
            "let consumer: BaseConsumer = ClientConfig::new()",
        ]
    );
}

/// The whole file of a client at the end of its run.
#[track_caller]
fn file(lines: &str, client: &str, language: Language) -> String {
    let text = format!("cluster brokers=1 seed=4\ntopic orders partitions=2\n{lines}sleep 10\n");
    let (script, errors) = parse(&text);
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    while timeline.forward() && matches!(timeline.simulation().progress(), Progress::Playing(_)) {}
    let client = timeline.simulation().client(client).expect("the client").id;
    code::text(&timeline, client, (language, Lang::En), None).file()
}

/// Whether a file has all of these.
#[track_caller]
fn has(file: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(file.contains(wanted), "{wanted:?} is not in\n{file}");
    }
}

#[test]
fn a_loop_that_sends_and_forgets_empties_the_queue_of_python() {
    let loops = ["send p orders value=v times=3\n", "produce-loop p orders interval_ms=1 count=4 value=v\n"];
    for line in loops {
        let file = file(&format!("producer p acks=1\n{line}"), "p", Language::Python);
        has(&file, &["producer.produce(\"orders\", value=\"v\")\n    producer.poll(0)  # what"]);
    }
    let once = file("producer p acks=1\nsend p orders value=v\n", "p", Language::Python);
    assert!(!once.contains("poll(0)"), "{once}");
}

#[test]
fn a_commit_with_nothing_new_does_not_fail() {
    let lines = "consumer c group.id=g\nsubscribe c orders\npoll c times=1\ncommit c sync\ncommit c async\n";
    let python = file(lines, "c", Language::Python);
    has(&python, &["def commit_new(consumer, asynchronous):", "if e.args[0].code() != KafkaError._NO_OFFSET:"]);
    has(&python, &["    commit_new(consumer, asynchronous=False)\n    commit_new(consumer, asynchronous=True)\n"]);
    has(&python, &["from confluent_kafka import Consumer, KafkaError, KafkaException\n"]);
    let rust = file(lines, "c", Language::Rust);
    has(&rust, &["    commit_new(&consumer, CommitMode::Sync)?;\n    commit_new(&consumer, CommitMode::Async)?;\n"]);
    has(&rust, &["Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => Ok(()),"]);
    has(&rust, &["use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};\n"]);
}

#[test]
fn a_pattern_is_one_of_the_whole_name() {
    let lines = "consumer c group.id=g\nsubscribe c \"pattern:a|b\\\\$\"\n";
    has(&file(lines, "c", Language::Python), &["consumer.subscribe([\"^(a|b\\\\$)$\"])"]);
    has(&file(lines, "c", Language::Rust), &["consumer.subscribe(&[\"^(a|b\\\\$)$\"])?;"]);
}

#[test]
fn the_callbacks_of_rust_are_awaited_where_the_program_ends() {
    let ends = file("producer p acks=1\nsend p orders value=v callback=yes\n", "p", Language::Rust);
    has(&ends, &["    let mut callbacks = tokio::task::JoinSet::new();\n", "    callbacks.spawn(async move {\n"]);
    has(&ends, &["    producer.flush(Timeout::Never)?; // close()\n    callbacks.join_all().await;\n    Ok(())\n"]);
}

#[test]
fn what_java_has_by_default_is_set_and_what_librdkafka_refuses_is_not() {
    let producer = file("producer p linger.ms=1000000\nsend p orders value=v\n", "p", Language::Python);
    has(
        &producer,
        &["\"linger.ms\": 900000,  # Java: linger.ms=1000000\n", "\"delivery.timeout.ms\": 1030000,  # as Java's"],
    );
    has(&producer, &["\"socket.timeout.ms\": 30000,  # as Java's", "\"batch.size\": 16384,  # as Java's"]);
    let given = file("producer p delivery.timeout.ms=200000\nsend p orders value=v\n", "p", Language::Python);
    has(&given, &["\"delivery.timeout.ms\": 200000,\n"]);
    assert_eq!(given.matches("delivery.timeout.ms").count(), 1, "{given}");
    let consumer = file("consumer c group.id=g fetch.min.bytes=0\nsubscribe c orders\n", "c", Language::Rust);
    has(&consumer, &[".set(\"fetch.min.bytes\", \"1\") // Java: fetch.min.bytes=0\n"]);
    has(
        &consumer,
        &[".set(\"isolation.level\", \"read_uncommitted\")", ".set(\"allow.auto.create.topics\", \"true\")"],
    );
}

#[test]
fn the_level_of_the_codec_in_use_is_the_only_one() {
    let lines =
        "producer p compression.type=gzip compression.gzip.level=3 compression.lz4.level=5\nsend p orders value=v\n";
    let python = file(lines, "p", Language::Python);
    has(&python, &["\"compression.level\": 3,  # Java: compression.gzip.level=3\n"]);
    has(&python, &["# compression.lz4.level=5: of another compression.type\n"]);
    assert_eq!(python.matches("\"compression.level\"").count(), 1, "{python}");
}

#[test]
fn two_polls_until_a_count_share_a_variable_of_kotlin() {
    let lines = "producer p acks=1\nsend p orders value=v times=4\nwait sent p\nconsumer c group.id=g \
                 auto.offset.reset=earliest\nsubscribe c orders\npoll c until=2\npoll c until=2\nsleep 5000\n";
    let kotlin = file(lines, "c", Language::Kotlin);
    assert_eq!((kotlin.matches("var n = 0\n").count(), kotlin.matches(" n = 0\n").count()), (1, 2), "{kotlin}");
}

#[test]
fn the_type_of_a_reader_is_imported() {
    let bytes = "key.deserializer=org.apache.kafka.common.serialization.BytesDeserializer \
                 value.deserializer=org.apache.kafka.common.serialization.BytesDeserializer";
    let lines = format!("consumer c group.id=g {bytes}\nsubscribe c orders\nloop c\n");
    let java = file(&lines, "c", Language::Java);
    has(&java, &["import org.apache.kafka.common.utils.Bytes;\n", "process(ConsumerRecord<Bytes, Bytes> record)"]);
}
