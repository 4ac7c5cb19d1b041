//! Code as people write it.

use super::super::part::RecordPart;
use super::super::problem::{Problem, What};
use super::described::*;
use super::gap::Gap;
use super::limits::Limit;
use super::read;
use crate::script::{CommitEvery, CommitMode, Payload, SendMode, Subscription};

fn properties(code: &Code) -> Vec<(&str, &str, u32)> {
    code.properties.iter().map(|p| (p.found.name.as_str(), p.found.value.as_str(), p.found.line)).collect()
}

fn sends(code: &Code) -> Producing {
    code.producer().cloned().expect("a program that sends")
}

fn consumed(text: &str) -> Consuming {
    read(text).consumer().cloned().expect("a program that reads")
}

fn places(code: &Code) -> Vec<(u32, u32)> {
    code.problems.iter().map(|problem| (problem.line, problem.column)).collect()
}

const CONSUMER: &str = r#"
public class AutoCommitConsumer {
	private final KafkaConsumer<String, String> consumer;

	public AutoCommitConsumer() {
		Properties props = new Properties();
		props.put("bootstrap.servers", "kafka01:9092,kafka02:9092,kafka03:9092");
		props.put("group.id", "consumer01");
		props.put("enable.auto.commit", "true");
		props.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");

		consumer = new KafkaConsumer<>(props);
		consumer.subscribe(Arrays.asList("topic01"));
	}

	public void run() {
		try {
			while(true) {
				ConsumerRecords<String, String> records = consumer.poll(1000);
				for (ConsumerRecord<String, String> record : records) {
					// handle record
				}
			}
		} finally {
			consumer.close();
		}
	}
}"#;

#[test]
fn a_consumer_that_commits_by_itself() {
    let code = read(CONSUMER);
    assert_eq!(code.problems, [Problem::new(25, 13, Gap::NotClosed)]);
    assert_eq!(properties(&code)[0], ("bootstrap.servers", "kafka01:9092,kafka02:9092,kafka03:9092", 7));
    assert_eq!(code.properties.len(), 4);
    assert!(code.properties.iter().all(|p| p.role == Some(Role::Consumer)));
    let consumer = code.consumer().unwrap();
    assert_eq!(consumer.reads, Reads::Subscribed(Subscription::Topics(vec!["topic01".into()])));
    assert_eq!((consumer.poll_ms, consumer.commit), (Some(1000), CommitMode::Auto));
    assert_eq!(code.producer(), None);
}

#[test]
fn commits_by_hand() {
    let batch = CONSUMER.replace("// handle record\n\t\t\t\t}", "}\n consumer.commitSync();");
    let consumer = consumed(&batch);
    assert_eq!((consumer.commit, consumer.every), (CommitMode::Sync, CommitEvery::Batch));
    let each = CONSUMER.replace("// handle record", "consumer.commitAsync((offsets, e) -> { log(e); });");
    let consumer = consumed(&each);
    assert_eq!((consumer.commit, consumer.every), (CommitMode::Async, CommitEvery::Record));
    let none = CONSUMER.replace("commit\", \"true", "commit\", \"false");
    assert_eq!(consumed(&none).commit, CommitMode::None);
}

#[test]
fn three_ways_to_send() {
    for (line, mode) in [
        ("producer.send(record);", SendMode::FireAndForget),
        ("RecordMetadata metadata = producer.send(record).get();", SendMode::Sync),
        ("producer.send(record, AsynchronousProducerCallback())", SendMode::Async),
        ("producer.send(record, (metadata, e) -> { if (e != null) log(e); });", SendMode::Async),
        ("producer.send(record) { metadata, e -> println(e) }", SendMode::Async),
        (
            "producer.send(record, new Callback() { public void onCompletion(RecordMetadata m, Exception e) {} });",
            SendMode::Async,
        ),
        ("Future<RecordMetadata> f = producer.send(record);\n f.get(5, TimeUnit.SECONDS);", SendMode::Sync),
        ("producer.send(new ProducerRecord<String, String>(\"t\", \"v\"));", SendMode::FireAndForget),
        ("producer.send(record, null);", SendMode::FireAndForget),
    ] {
        let code = read(&format!("Producer<String, String> producer;\n{line}"));
        assert_eq!(code.producer().map(|p| p.mode), Some(mode), "{line}");
    }
    // Of two ways the first, and the other is told.
    let both = read("RecordMetadata m = producer.send(record).get()\nproducer.send(record, Done())");
    assert_eq!(both.producer().map(|p| (p.line, p.mode)), Some((1, SendMode::Sync)));
    assert_eq!(
        both.problems.iter().map(|of| (of.line, &of.what)).collect::<Vec<_>>(),
        [(2, &What::Program(Gap::SecondMode { first: 1 }))]
    );
}

#[test]
fn a_text_that_grows_beyond_its_bound_is_not_known() {
    let text = "x".repeat(15_000);
    for call in ["String.join(s, s, s, s)", "String.format(\"%s%s\", s, s)", "String.join(\",\", List.of(s, s))"] {
        let code = read(&format!("Properties p = new Properties();\nString s = \"{text}\";\np.put(\"acks\", {call});"));
        let told: Vec<&What> = code.problems.iter().map(|of| &of.what).collect();
        assert!(matches!(told[..], [What::ValueNotKnown { .. }]), "{call}: {told:?}");
        assert_eq!(code.properties, [], "{call}");
    }
}

#[test]
fn constants_and_values() {
    let code = read(
        r#"
import org.apache.kafka.common.serialization.StringSerializer;
import com.example.OrderSerializer;
class A {
  static final String SERVERS = "a:1," + "b:2";
  void f() {
    Properties p = new Properties();
    p.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SERVERS);
    p.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(16 * 1024));
    p.put(ProducerConfig.LINGER_MS_CONFIG, 5L);
    p.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    p.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1_0);
    p.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
    p.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, OrderSerializer.class);
    p.put(CommonClientConfigs.RETRIES_CONFIG, (int) 3);
    p.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) Duration.ofSeconds(30).toMillis());
    p.put(LINGER_MS_CONFIG, -1);
    producer = new KafkaProducer<>(p);
    producer.send(new ProducerRecord<>("orders", 2, "k" + 1, "v"));
  }
}"#,
    );
    let twice = What::GivenTwice { name: "linger.ms".to_owned(), first: 10 };
    assert_eq!(code.problems, [Problem::new(17, 11, twice)]);
    assert_eq!(
        properties(&code),
        [
            ("bootstrap.servers", "a:1,b:2", 8),
            ("batch.size", "16384", 9),
            ("linger.ms", "-1", 17),
            ("enable.idempotence", "true", 11),
            ("max.in.flight.requests.per.connection", "10", 12),
            ("key.serializer", "org.apache.kafka.common.serialization.StringSerializer", 13),
            ("value.serializer", "com.example.OrderSerializer", 14),
            ("retries", "3", 15),
            ("delivery.timeout.ms", "30000", 16),
        ]
    );
    let record = sends(&code).record.unwrap();
    assert_eq!((record.topic.as_deref(), record.partition), (Some("orders"), Some(2)));
    let literal = |text: &str| Some(Payload::literal(text.as_bytes()));
    assert_eq!((&record.key, &record.value), (&literal("k1"), &literal("v")));
}

#[test]
fn kotlin() {
    let code = read(
        r#"
package shop
const val TOPIC: String = "orders"
val props = Properties().apply {
    put(ProducerConfig.ACKS_CONFIG, "all")
    this["linger.ms"] = 5
    setProperty("key.serializer", StringSerializer::class.java.name)
}
val more = mapOf(
    "group.id" to "billing",
    ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG to StringDeserializer::class.java,
    ConsumerConfig.MAX_POLL_RECORDS_CONFIG to 10,
)
val producer = KafkaProducer<String, String>(props)
props["client.id"] = "x"
val consumer = KafkaConsumer<String, String>(more)
fun run() {
    consumer.subscribe(listOf(TOPIC, "other"))
    while (true) {
        val records = consumer.poll(Duration.ofMillis(250))
        records.forEach { record -> process(record); consumer.commitSync() }
    }
}"#,
    );
    assert_eq!(code.problems, [Problem::new(21, 63, Gap::CommitsAllAtFirst { call: "commitSync".into() })]);
    let roles: Vec<_> =
        code.properties.iter().map(|p| (p.found.name.as_str(), p.found.value.as_str(), p.role)).collect();
    let (p, c) = (Some(Role::Producer), Some(Role::Consumer));
    assert_eq!(
        roles,
        [
            ("acks", "all", p),
            ("linger.ms", "5", p),
            ("key.serializer", "org.apache.kafka.common.serialization.StringSerializer", p),
            ("group.id", "billing", c),
            ("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer", c),
            ("max.poll.records", "10", c),
            ("client.id", "x", p),
        ]
    );
    let consumer = code.consumer().unwrap();
    assert_eq!(consumer.reads, Reads::Subscribed(Subscription::Topics(vec!["orders".into(), "other".into()])));
    assert_eq!((consumer.poll_ms, consumer.commit, consumer.every), (Some(250), CommitMode::Sync, CommitEvery::Record));
    let direct = read(
        "val p = KafkaProducer<String, String>(mapOf(\"client.id\" to \"a\"))\nval q = Map.of(\"group.id\", \"g\");",
    );
    assert_eq!(direct.properties[0].role, p);
    assert_eq!(direct.properties[1].role, c);
}

#[test]
fn the_same_name_for_two_clients() {
    let code = read(
        "Properties props = new Properties();\nprops.put(\"client.id\", \"a\");\np = new KafkaProducer<>(props);\n\
         props = new Properties();\nprops.put(\"client.id\", \"b\");\nc = new KafkaConsumer<>(props);",
    );
    let roles: Vec<_> = code.properties.iter().map(|p| (p.found.value.as_str(), p.role)).collect();
    assert_eq!(roles, [("a", Some(Role::Producer)), ("b", Some(Role::Consumer))]);
}

#[test]
fn what_is_not_understood_is_listed() {
    let code = read(
        "props.put(\"acks\", System.getenv(\"ACKS\"));\nprops.put(name, \"1\");\nprops.put(ProducerConfig.ACK_CONFIG, 1);\n\
         props.putAll(other);\nprops.put(\"asks\", \"1\");\nconsumer.seek(p, 5);\nconsumer.subscribe(topics);\nmap.put(a, b);\n\
         consumer.poll(timeout);\nval x = \"group-$n\"\nprops[\"group.id\"] = \"g-$n\"",
    );
    assert_eq!(places(&code), [(1, 19), (2, 11), (3, 11), (4, 1), (6, 10), (7, 20), (9, 10), (9, 15), (11, 21)]);
    assert_eq!(properties(&code), [("asks", "1", 5)]);
    let said = |i: usize| code.problems[i].sentence(crate::lang::Lang::En);
    assert!(said(0).contains("System.getenv(\"ACKS\")"), "{}", said(0));
    assert!(said(2).contains("ACKS_CONFIG"), "{}", said(2));
    assert_eq!(read("hello").problems[0].what, What::NothingFound);
    assert_eq!(places(&read("props.put(\"a.b\", \"x\n)")), [(1, 18)]);
}

#[test]
fn kotlin_s_trailing_lambdas() {
    let code =
        read("val c: KafkaConsumer<String, String>\nc.poll(Duration.ofMillis(5))\nc.commitAsync { o, e -> log(e) }");
    assert_eq!(code.consumer().unwrap().commit, CommitMode::Async);
    let code = read("val p: KafkaProducer<String, String>\np.send(ProducerRecord(\"t\", \"v\")) { m, e -> log(e) }");
    assert_eq!(sends(&code).mode, SendMode::Async);
    let code = read("val c: KafkaConsumer<String, String>\nc.poll(100).forEach { r -> c.commitAsync { o, e -> } }");
    let consumer = code.consumer().unwrap();
    assert_eq!((consumer.commit, consumer.every), (CommitMode::Async, CommitEvery::Record));
}

#[test]
fn constant_expressions() {
    for (expression, value) in [
        ("Integer.MAX_VALUE", "2147483647"),
        ("java.lang.Integer.MIN_VALUE", "-2147483648"),
        ("Long.MAX_VALUE", "9223372036854775807"),
        ("Int.MAX_VALUE.toString()", "2147483647"),
        ("-Integer.MAX_VALUE", "-2147483647"),
        ("Integer.MAX_VALUE + 1", "-2147483648"),
        ("1 << 14", "16384"),
        ("1 shl 14", "16384"),
        ("1L << 40", "1099511627776"),
        ("1 << 40", "256"),
        ("1 + 1 << 2", "8"),
        ("(32 + 2 * 16) * 1024 - 1", "65535"),
        ("10 - 2 - 3", "5"),
        ("10 - -2", "12"),
        ("64 / 8 / 2 % 3", "1"),
        ("32 * 1024 * 1024L", "33554432"),
        ("Integer.toString(1 << 4)", "16"),
        ("String.valueOf(32 * 1024)", "32768"),
        ("(1 << 4).toString()", "16"),
        ("\"\" + 5", "5"),
        ("\"\" + 5 * 2", "10"),
        ("1 + 2 + \"a\" + 1 + 2", "3a12"),
        ("1 / 0", "?"),
        ("Integer.MAX", "?"),
        ("n + 1", "7"),
        ("m + 1", "?"),
    ] {
        let code =
            read(&format!("int n = 5; n++; int m = 5; while (more()) m++;\nprops.put(\"linger.ms\", {expression});"));
        let found = code.properties.first().map_or("?", |property| property.found.value.as_str());
        assert_eq!(found, value, "{expression}");
    }
}

/// What is told of code, each with its line.
fn told(code: &str) -> Vec<(u32, What)> {
    read(&format!("KafkaProducer<String, String> p;\n{code}"))
        .problems
        .into_iter()
        .map(|of| (of.line, of.what))
        .collect()
}

#[test]
fn loops_within_loops_send_as_often_as_both() {
    let send = "p.send(new ProducerRecord<>(\"t\", \"k\" + j, \"v\"))";
    let code = format!("for (int i = 0; i < 4; i++)\n for (int j = 0; j < 3; j++)\n  {send};");
    assert_eq!(sent(&code), ("k{i}".into(), "v".into(), Some(3), Some(12), None));
    assert_eq!(told(&code), [(4, What::NestedLoops { times: Some(12) })]);
    let code = format!("while (true) {{\n for (int j = 0; j < 3; j++) {{ {send}; }}\n Thread.sleep(300); }}");
    let producing = sends(&read(&format!("KafkaProducer p;\n{code}")));
    // A burst and a pause is no pace: the burst is sent once, and the pause is told.
    assert_eq!(producing.repeat, Some(Repeat { times: Some(3), endless: false, pause_ms: None }));
    assert_eq!(told(&code), [(4, What::Program(Gap::OuterPause { ms: 300 }))]);
    // A value cannot begin anew, nor can a key that goes round otherwise.
    let value =
        "for (int i = 0; i < 4; i++) for (int j = 0; j < 3; j++) p.send(new ProducerRecord<>(\"t\", \"v\" + j));";
    let lost = |what: &(u32, What), lost| matches!(what.1, What::PartNotCarried { part, .. } if part == lost);
    assert!(told(value).iter().any(|of| lost(of, RecordPart::Value)), "{:?}", told(value));
    let key = code.replace("\"k\" + j", "\"k\" + (j % 2)");
    assert!(told(&key).iter().any(|of| lost(of, RecordPart::Key)), "{:?}", told(&key));
}

#[test]
fn a_null_value_stays_null() {
    for (code, value) in [
        ("p.send(new ProducerRecord<>(\"t\", \"k\", null));", None),
        ("p.send(new ProducerRecord<>(\"t\", null));", None),
        ("p.send(new ProducerRecord<>(\"t\", null, \"v\"));", Some("v")),
        ("p.send(new ProducerRecord<>(\"t\", \"k\", order()));", Some("message-{i}")),
    ] {
        let producing = sends(&read(&format!("KafkaProducer<String, String> p;\n{code}")));
        assert_eq!(producing.value().as_deref(), value, "{code}");
    }
}

#[test]
fn partition_timestamp_and_headers_are_carried_or_told() {
    use RecordPart::{Headers, Partition, Timestamp};
    for (arguments, carried, lost) in [
        ("2, \"k\", \"v\"", (Some(2), None), vec![]),
        ("null, \"k\", \"v\"", (None, None), vec![]),
        ("1, 1700000000000L, \"k\", \"v\"", (Some(1), Some(1_700_000_000_000)), vec![]),
        ("1, null, \"k\", \"v\"", (Some(1), None), vec![]),
        ("1, System.currentTimeMillis(), \"k\", \"v\"", (Some(1), None), vec![]),
        ("1, eventTime, \"k\", \"v\"", (Some(1), None), vec![Timestamp]),
        ("key.hashCode() % 3, \"k\", \"v\"", (None, None), vec![Partition]),
        ("1, \"k\", \"v\", headers", (Some(1), None), vec![Headers]),
        ("1, 5L, \"k\", \"v\", List.of(h)", (Some(1), Some(5)), vec![Headers]),
        ("1, 5L, \"k\", \"v\", null", (Some(1), Some(5)), vec![]),
    ] {
        let code = read(&format!("KafkaProducer p;\np.send(new ProducerRecord<>(\"t\", {arguments}));"));
        let record = sends(&code).record.unwrap();
        let text = |of: &Option<Payload>| of.as_ref().map(Payload::to_string);
        assert_eq!((text(&record.key), text(&record.value)), (Some("k".into()), Some("v".into())), "{arguments}");
        assert_eq!((record.partition, record.timestamp), carried, "{arguments}");
        let of = |problem: &Problem| match problem.what {
            What::PartNotCarried { part, .. } => Some(part),
            _ => None,
        };
        let told: Vec<_> = code.problems.iter().map(of).collect();
        assert_eq!(told, lost.into_iter().map(Some).collect::<Vec<_>>(), "{arguments}: {:?}", code.problems);
    }
    let added = |value: &str| {
        format!(
            "KafkaProducer<String, String> p;\nProducerRecord<String, String> r = new ProducerRecord<>(\"t\", \"v\");\n\
             r.headers().add(\"trace\", {value});\np.send(r);"
        )
    };
    let known = read(&added("\"a\".getBytes()"));
    assert_eq!(sends(&known).record.unwrap().headers, [("trace".to_owned(), Some("a".to_owned()))]);
    assert_eq!(known.problems, []);
    let text = "headers().add(\"trace\",id.getBytes())".to_owned();
    assert_eq!(read(&added("id.getBytes()")).problems[0].what, What::PartNotCarried { part: Headers, text });
}

#[test]
fn methods_are_followed() {
    let value = |value: &str| {
        format!("for (int i = 0; i < 5; i++) {{\n String v = {value};\n p.send(new ProducerRecord<>(\"t\", v)); }}")
    };
    assert_eq!(sent(&value("String.format(\"v-%d\", i)")).1, "v-{i}");
    let lost = value("UUID.randomUUID().toString()");
    assert!(matches!(&told(&lost)[..], [(4, What::PartNotCarried { part: RecordPart::Value, text })] if text == "v"));
    let class = |calls: &str| {
        format!(
            "class A {{\n void one(String v) {{\n  p.send(new ProducerRecord<>(\"t\", v));\n }}\n void main() {{\n  {calls}\n }} }}"
        )
    };
    let times = |calls: &str| (sent(&class(calls)).3, sent(&class(calls)).1);
    assert_eq!(times("for (int i = 0; i < 5; i++) one(\"a\" + i);"), (Some(5), "a{i}".to_owned()));
    assert_eq!(times("one(\"a\");\n  this.one(\"a\");"), (Some(2), "a".to_owned()));
    assert_eq!(told(&class("one(\"a\");")), []);
    assert!(matches!(told(&class("one(\"a\"); one(\"b\");"))[..], [(4, What::SecondRecord { first: 4 })]));
    let kotlin = "fun one() {\n p.send(ProducerRecord(\"t\", \"v\"))\n}\nfun main() { repeat(3) { one() } }";
    assert_eq!(sent(kotlin).3, Some(3));
}

/// Key, value, keys, times, pause of what code sends.
fn sent(code: &str) -> (String, String, Option<u32>, Option<u64>, Option<u32>) {
    let producing = sends(&read(&format!("KafkaProducer<String, String> p;\n{code}")));
    let record = producing.record.clone().unwrap_or_default();
    let text = |payload: Option<Payload>| payload.map(|payload| payload.to_string()).unwrap_or_default();
    let repeat = producing.repeat.unwrap_or_default();
    (text(record.key), text(record.value), record.keys, repeat.times, repeat.pause_ms)
}

#[test]
fn loops_are_carried_over() {
    let record = "p.send(new ProducerRecord<>(\"t\", \"k\" + i, \"v\" + i))";
    let template = "p.send(ProducerRecord(\"t\", \"k$i\", \"v${i}\"))";
    for code in [
        format!("for (int i = 0; i < 5; i++) {record};"),
        format!("for (int i = 0; i <= 4; ++i) {{ {record}; }}"),
        format!("for (i in 0 until 5) {{ {template} }}"),
        format!("for (i in 0..4) {template}"),
        format!("for (i in 0..<5) {{\n {template}\n}}"),
        format!("repeat(5) {{ i -> {template} }}"),
        format!("IntStream.range(0, 5).forEach(i -> {record});"),
    ] {
        assert_eq!(sent(&code), ("k{i}".into(), "v{i}".into(), None, Some(5), None), "{code}");
    }
    let it = sent("repeat(3) {\n p.send(ProducerRecord(\"t\", it.toString(), \"v\"))\n delay(250)\n}");
    assert_eq!(it, ("{i}".into(), "v".into(), None, Some(3), Some(250)));
    let round =
        sent("for (int i = 0; i < 9; i++) p.send(new ProducerRecord<>(\"t\", \"k\" + (i % 3), String.valueOf(i)));");
    assert_eq!(round, ("k{i}".into(), "{i}".into(), Some(3), Some(9), None));
    let endless =
        read("KafkaProducer p;\nwhile (true) { p.send(new ProducerRecord<>(\"t\", \"v\")); Thread.sleep(1000); }");
    let repeat = Repeat { times: None, endless: true, pause_ms: Some(1000) };
    assert_eq!(sends(&endless).repeat, Some(repeat));
    // What `{i}` cannot say is told.
    for lost in ["i + 1", "1 + i", "\"v\" + i * 2", "\"v\" + user(i)", "\"v{i}\" + i", "\"v\" + (i % 3)"] {
        let code = format!("for (int i = 0; i < 5; i++) p.send(new ProducerRecord<>(\"t\", {lost}));");
        let problems = read(&format!("KafkaProducer p;\n{code}")).problems;
        let told =
            matches!(&problems[..], [Problem { what: What::PartNotCarried { part: RecordPart::Value, .. }, .. }]);
        assert!(told, "{lost}: {problems:?}");
    }
    let from_one = sent("for (int i = 1; i <= 3; i++) p.send(new ProducerRecord<>(\"t\", \"k\", \"v\" + i));");
    assert_eq!(from_one, ("k".into(), String::new(), None, Some(3), None));
    assert_eq!(sent("p.send(new ProducerRecord<>(\"t\", \"v{i}\"));").1, "hex:767b697d");
}

#[test]
fn what_lies_beyond_a_limit_is_told_with_the_limit() {
    let limits = |text: &str| -> Vec<Limit> {
        let limit = |of: Problem| if let What::Program(Gap::Beyond(limit)) = of.what { Some(limit) } else { None };
        read(text).problems.into_iter().filter_map(limit).collect()
    };
    let send = "p.send(new ProducerRecord<>(\"t\", \"v\"));";
    let deep = format!("KafkaProducer p;\n{}{send}{}", "if (a) {".repeat(70), "}".repeat(70));
    assert_eq!(limits(&deep), [Limit::Depth]);
    assert_eq!(limits(&format!("KafkaProducer p; x = {}f{};", "(".repeat(70), ")".repeat(70))), [Limit::Depth]);
    assert_eq!(limits(&format!("KafkaProducer p; x = a{};", " + a".repeat(300))), [Limit::Height]);
    assert_eq!(limits(&format!("KafkaProducer p; {}{send}", "if (a) b(); else ".repeat(40))), []);
    let calls: String = (0..200).map(|n| format!("void m{n}() {{ m{}(); }}\n", n + 1)).collect();
    assert_eq!(limits(&format!("class A {{ KafkaProducer p;\n{calls} void m200() {{ {send} }} }}")), [Limit::Calls]);
    let doubled: String = (0..30).map(|n| format!("void m{n}() {{ m{0}(); m{0}(); }}\n", n + 1)).collect();
    let steps = limits(&format!("class A {{ KafkaProducer p;\n{doubled} void m30() {{ {send} }} }}"));
    assert!(matches!(steps[..], [Limit::Steps(10_001..)]), "{steps:?}");
    let many = (0..21).map(|n| format!("class C{n} {{ void run() {{ }} }}\n")).collect::<String>();
    assert_eq!(limits(&format!("KafkaProducer p;\n{many}")), []);
    assert_eq!(limits(&format!("KafkaProducer p;\n{many} run();")), [Limit::Methods]);
    let puts = "p.put(\"acks\", 1);".repeat(100);
    let copies = "q = new Properties(p); p = new Properties(q); p.putAll(q);".repeat(300);
    assert_eq!(limits(&format!("Properties p = new Properties();\n{puts}\n{copies}")), [Limit::Copies]);
    for lang in [crate::lang::Lang::En, crate::lang::Lang::Ko] {
        let told = read(&deep).problems.iter().map(|of| of.sentence(lang)).collect::<String>();
        assert!(told.contains("60"), "{told}");
    }
}
