//! What pasted texts become.

use super::*;

/// With what stands for the answers that nobody has given.
fn pasted(text: &str, whom: &Whom) -> Pasted {
    super::pasted(text, whom, &Answers::default())
}

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
fn a_client_that_runs_is_changed_before_its_program_begins() {
    let whom = whom("c1", ClientKind::Consumer, false);
    let code = "props.put(\"max.poll.records\", 5);\nc = new KafkaConsumer<>(props);\nc.subscribe(List.of(\"a\", \"b\"));\n\
                while (true) { c.poll(Duration.ofMillis(50)); c.commitSync(); }";
    let read = pasted(code, &whom);
    let expected = [
        "set c1 max.poll.records=5 from=now",
        "subscribe c1 a,b",
        "consume-loop c1 poll_ms=50 process_us=0 commit=sync commit-every=batch",
    ];
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

/// A constructor that is left out names no serializers: which the client gets is told.
#[test]
fn the_serializers_that_code_does_not_name_are_told() {
    let left_out = "KafkaProducer<String, String> p = ...;\np.send(new ProducerRecord<>(\"t\", \"k\", \"v\"));";
    let read = pasted(left_out, &whom("p1", ClientKind::Producer, true));
    let note = read.note.expect("which serializers it gets");
    assert!(note.en.contains("`key.serializer` and `value.serializer`"), "{note:?}");
    assert!(note.en.contains("`ByteArraySerializer`") && note.ko.contains("`ByteArraySerializer`"), "{note:?}");
    // One that runs already has its own.
    assert_eq!(pasted(left_out, &whom("p1", ClientKind::Producer, false)).note, None);
    let named = left_out.replace("...", "new KafkaProducer<>(q, new StringSerializer(), new StringSerializer())");
    assert_eq!(pasted(&named, &whom("p1", ClientKind::Producer, true)).note, None);
}

#[test]
fn what_the_code_does_not_say_is_asked() {
    let new = whom("c1", ClientKind::Consumer, true);
    let code = "KafkaConsumer<String, String> c = new KafkaConsumer<>(new Properties());\nwhile (true) c.poll(Duration.ofMillis(5));";
    let read = pasted(code, &new);
    assert_eq!(read.asks, Asks { topic: true, times: false, group: true });
    assert_eq!(read.lines(&new, true)[..2], ["consumer c1 group.id=group-1", "subscribe c1 orders"]);
    let answers = Answers { topic: "payments".into(), group: "billing".into(), ..Answers::default() };
    let read = super::pasted(code, &new, &answers);
    assert_eq!(read.lines(&new, true)[..2], ["consumer c1 group.id=billing", "subscribe c1 payments"]);
    // Who runs already has its group.
    assert!(!pasted(code, &whom("c1", ClientKind::Consumer, false)).asks.group);
    let many = "KafkaProducer p;\nfor (String o : all) p.send(new ProducerRecord<>(\"t\", o));";
    let read =
        super::pasted(many, &whom("p1", ClientKind::Producer, true), &Answers { times: 3, ..Answers::default() });
    assert!(read.asks.times && read.program[0].contains("interval_ms=0 count=3 "), "{:?}", read.program);
}

#[test]
fn each_client_of_a_text_has_its_own() {
    let code = "Properties a = new Properties();\na.put(\"client.id\", \"one\");\nProducer p = new KafkaProducer<>(a);\n\
                Properties b = new Properties();\nb.put(\"client.id\", \"two\");\nProducer q = new KafkaProducer<>(b);\n\
                p.send(new ProducerRecord<>(\"t\", \"x\"));\nq.send(new ProducerRecord<>(\"t\", \"y\")).get();";
    let new = whom("p1", ClientKind::Producer, true);
    let one = pasted(code, &new);
    let names: Vec<&str> = one.choices.iter().map(|(_, name)| &*name.en).collect();
    assert_eq!(names, ["p, line 3", "q, line 6"]);
    assert_eq!((one.taken.len(), &*one.taken[0].value), (1, "one"));
    let two = super::pasted(code, &new, &Answers { client: Some(1), ..Answers::default() });
    assert_eq!(two.lines(&new, true)[0], "producer p1 client.id=two");
    assert!(two.program[0].ends_with("value=y mode=sync"), "{:?}", two.program);
    assert!(two.left_out[0].en.contains("to another client, `p`"), "{:?}", two.left_out);
    let nameless =
        "make(new KafkaProducer<>(Map.of(\"acks\", \"0\")));\nmake(new KafkaProducer<>(Map.of(\"acks\", \"1\")));";
    let told = &pasted(nameless, &new).left_out[0];
    assert!(told.en.ends_with("gives `acks` to another client, that of line 2."), "{told:?}");
    assert!(told.ko.contains("(2행)") && !told.ko.contains("``"), "{told:?}");
}

#[test]
fn what_cannot_be_made_here_is_left_out_and_the_rest_is_taken() {
    let new = whom("p1", ClientKind::Producer, true);
    for text in [
        "security.protocol=SASL_SSL\nacks=1\nvalue.serializer=com.acme.OrderSerializer\ntransactional.id=tx",
        "props.put(\"security.protocol\", \"SASL_SSL\"); props.put(\"acks\", 1);\n\
         props.put(\"value.serializer\", OrderSerializer.class); props.put(\"transactional.id\", \"tx\");",
    ] {
        let read = pasted(text, &new);
        assert_eq!(read.lines(&new, true), ["producer p1 acks=1"], "{text}");
        assert_eq!(read.left_out.len(), 3, "{:?}", read.left_out);
    }
    // What Kafka says of a name without a package is better than any sentence of ours.
    assert_eq!(pasted("key.serializer=StringSerializer", &new).taken.len(), 1);
}

#[test]
fn a_listener_that_commits_makes_such_a_consumer() {
    let code = "KafkaConsumer<String, String> c = new KafkaConsumer<>(Map.of(\"group.id\", \"g\"));\n\
                c.subscribe(List.of(\"t\"), new ConsumerRebalanceListener() {\n\
                public void onPartitionsRevoked(Collection<TopicPartition> p) { c.commitSync(offsets); }\n\
                public void onPartitionsAssigned(Collection<TopicPartition> p) { } });\n\
                while (true) c.poll(Duration.ofMillis(5));";
    let new = whom("c1", ClientKind::Consumer, true);
    assert_eq!(pasted(code, &new).lines(&new, false), ["consumer c1 group.id=g on-revoked=commit-sync"]);
    let old = whom("c1", ClientKind::Consumer, false);
    let read = pasted(code, &old);
    assert_eq!(read.lines(&old, false), ["set c1 group.id=g from=now"]);
    assert!(read.left_out.iter().any(|told| told.en.contains("Only a new consumer")), "{:?}", read.left_out);
}

const SPRING: &str = "\
# of the service
spring.application.name=orders
spring.kafka.bootstrap-servers=${KAFKA:localhost:9092}
spring.kafka.client-id=orders
spring.kafka.consumer.group-id=billing
spring.kafka.consumer.auto-offset-reset=earliest
spring.kafka.consumer.fetchMaxWait=2s
spring.kafka.consumer.client-id=orders-in
spring.kafka.consumer.isolation-level=READ-UNCOMMITTED
spring.kafka.consumer.properties.max.poll.interval.ms=60000
spring.kafka.listener.ack-mode=manual
spring.kafka.producer.acks=all
spring.kafka.producer.batch-size=32KB
spring.kafka.producer.transaction-id-prefix=tx-
spring.kafka.producer.properties.linger.sm=5
spring.kafka.properties.request.timeout.ms=${TIMEOUT}
";

#[test]
fn springs_names_are_taken_for_kafkas() {
    let consumer = whom("c1", ClientKind::Consumer, true);
    let read = pasted(SPRING, &consumer);
    let expected = "consumer c1 bootstrap.servers=broker-1:9092 group.id=billing auto.offset.reset=earliest fetch.max.wait.ms=2000 \
                    client.id=orders-in isolation.level=read_uncommitted max.poll.interval.ms=60000 \
                    key.deserializer=org.apache.kafka.common.serialization.StringDeserializer \
                    value.deserializer=org.apache.kafka.common.serialization.StringDeserializer";
    assert_eq!(read.lines(&consumer, true), [expected]);
    let note = read.note.expect("what was taken for what");
    for part in ["`spring.kafka.consumer.fetchMaxWait` → `fetch.max.wait.ms`", "`localhost:9092` → `broker-1`"] {
        assert!(note.en.contains(part) && note.ko.contains(part), "{note:?}");
    }
    let told: Vec<&str> = read.left_out.iter().map(|of| &*of.en).collect();
    let expected = [
        "Line 2, column 1: `spring.application.name` is a setting of Spring itself",
        "Line 4, column 1: another value of `client.id` holds, that of line 8.",
        "Line 11, column 1: `spring.kafka.listener.ack-mode` is a setting of Spring itself",
        "Line 12, column 1: the text gives `acks` to a producer.",
        "Line 13, column 1: the text gives `batch.size` to a producer.",
        "Line 14, column 1: `spring.kafka.producer.transaction-id-prefix` is a setting of Spring itself",
        "Line 15, column 1: the text gives `linger.sm` to a producer.",
        "Line 16, column 1: the value of `spring.kafka.properties.request.timeout.ms`, `${TIMEOUT}`, is known only",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    assert!(told.iter().zip(expected).all(|(told, begins)| told.starts_with(begins)), "{told:#?}");
    assert_eq!(read.for_another.map(|other| other.kind), Some(ClientKind::Producer));
    let producer = whom("p1", ClientKind::Producer, true);
    let read = pasted(SPRING, &producer);
    let expected = "producer p1 bootstrap.servers=broker-1:9092 client.id=orders acks=all batch.size=32768 \
                    key.serializer=org.apache.kafka.common.serialization.StringSerializer \
                    value.serializer=org.apache.kafka.common.serialization.StringSerializer";
    assert_eq!(read.lines(&producer, true), [expected]);
    assert!(
        read.left_out.iter().any(|of| of.en.ends_with("`linger.sm`. Did you mean `linger.ms`?")),
        "{:?}",
        read.left_out
    );
}

#[test]
fn keys_within_keys_are_the_same_names() {
    let yaml = "---\nspring:\n  kafka:\n    bootstrap-servers:\n      - a:9092 # one\n      - b:9092\n    consumer:\n      group-id: \"billing\"\n      \
                properties:\n        \"[max.poll.records]\": 5\n        isolation.level: read_uncommitted\n    producer: { acks: all }\n    \
                listener:\n      ack-mode: manual\n";
    let consumer = whom("c1", ClientKind::Consumer, true);
    let read = pasted(yaml, &consumer);
    let expected = "consumer c1 bootstrap.servers=broker-1:9092,broker-2:9092 group.id=billing max.poll.records=5 isolation.level=read_uncommitted \
                    key.deserializer=org.apache.kafka.common.serialization.StringDeserializer \
                    value.deserializer=org.apache.kafka.common.serialization.StringDeserializer";
    assert_eq!(read.lines(&consumer, true), [expected]);
    assert!(
        read.note
            .is_some_and(|note| note.en.contains("`key.deserializer` is not given, so Spring gives its own: texts."))
    );
    let told: Vec<&str> = read.left_out.iter().map(|of| &*of.en).collect();
    assert!(
        matches!(told[..], [given, listener] if given == "Line 12, column 5: the text gives `acks` to a producer."
        && listener.starts_with("Line 14, column 7: `spring.kafka.listener.ack-mode`")),
        "{told:?}"
    );
}

#[test]
fn other_frameworks_names_are_taken_too() {
    for (text, of_consumer, of_producer) in [
        (
            "kafka.bootstrap.servers=broker-1:9092\nmp.messaging.incoming.orders.connector=smallrye-kafka\n\
             mp.messaging.incoming.orders.auto.offset.reset=earliest\n%dev.mp.messaging.incoming.\"a.b\".group.id=g\n\
             mp.messaging.outgoing.bills.acks=1",
            "bootstrap.servers=broker-1:9092 auto.offset.reset=earliest group.id=g",
            "bootstrap.servers=broker-1:9092 acks=1",
        ),
        (
            "group.id=connect\nconsumer.max.poll.records=7\nproducer.linger.ms=3\nproducer.override.linger.ms=4\nadmin.retries=2",
            "group.id=connect max.poll.records=7",
            "linger.ms=4",
        ),
        (
            "source.cluster.producer.acks=1\nsource.cluster.bootstrap.servers=broker-2:9092",
            "bootstrap.servers=broker-2:9092",
            "acks=1 bootstrap.servers=broker-2:9092",
        ),
        ("kafka.consumers.default.max.poll.records=3\nkafka.producers.all.acks=0", "max.poll.records=3", "acks=0"),
        ("SPRING_KAFKA_CONSUMER_AUTO_OFFSET_RESET=latest", "auto.offset.reset=latest", ""),
    ] {
        for (kind, name, expected) in
            [(ClientKind::Consumer, "consumer", of_consumer), (ClientKind::Producer, "producer", of_producer)]
        {
            let whom = whom("x", kind, true);
            let expected = format!("{name} x {expected}");
            assert_eq!(
                pasted(text, &whom).lines(&whom, true)[0].replace(" group.id=group-1", ""),
                expected.trim_end(),
                "{text}"
            );
        }
    }
    // Of two channels the later holds, and the other is told; what stands outside of a profile holds over what is in one.
    let consumer = whom("c1", ClientKind::Consumer, true);
    let two = "mp.messaging.incoming.a.group.id=one\nmp.messaging.incoming.b.group.id=two";
    let read = pasted(two, &consumer);
    assert_eq!(read.lines(&consumer, true), ["consumer c1 group.id=two"]);
    assert!(read.left_out[0].en.ends_with("another value of `group.id` holds, that of line 2."), "{:?}", read.left_out);
    let profiles = "mp.messaging.incoming.a.group.id=one\n%dev.mp.messaging.incoming.a.group.id=two";
    assert_eq!(pasted(profiles, &consumer).lines(&consumer, true), ["consumer c1 group.id=one"]);
}

/// What one consumer and one producer get of a text, without their verbs and with what stands for a group that is not said.
fn of_both(text: &str) -> [String; 2] {
    [ClientKind::Consumer, ClientKind::Producer].map(|kind| {
        let whom = whom("x", kind, true);
        let line = pasted(text, &whom).lines(&whom, true).swap_remove(0);
        let line = line.replace(" group.id=group-1", "");
        // Spring's own serializers stand behind whatever a text of Spring's says.
        let is_said = |word: &&str| !word.contains("serializer=org.apache.kafka.");
        line.split(' ').skip(2).filter(is_said).collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn only_springs_typed_names_have_units() {
    for (text, of_consumer, of_producer) in [
        (
            "spring.kafka.consumer.heartbeat-interval=3S\nspring.kafka.consumer.max-poll-interval=1d\n\
             spring.kafka.consumer.fetch-min-size=1KB\nspring.kafka.producer.buffer-memory=2MB",
            "heartbeat.interval.ms=3000 max.poll.interval.ms=86400000 fetch.min.bytes=1024",
            "buffer.memory=2097152",
        ),
        // Spring reads a size as no duration, and the other way round; Kafka then says what is wrong.
        ("spring.kafka.producer.batch-size=5s\nspring.kafka.producer.retries=2m", "", "batch.size=5s retries=2m"),
        (
            "spring.kafka.consumer.properties.heartbeat.interval.ms=3s\nspring.kafka.properties.retry.backoff.ms=1s\n\
             spring.kafka.consumer.properties.isolation.level=READ-UNCOMMITTED",
            "heartbeat.interval.ms=3s retry.backoff.ms=1s isolation.level=READ-UNCOMMITTED",
            "retry.backoff.ms=1s",
        ),
        (
            "producer.linger.ms=5ms\nproducer.override.batch.size=1KB\nconsumer.override.heartbeat.interval.ms=3s",
            "heartbeat.interval.ms=3s",
            "linger.ms=5ms batch.size=1KB",
        ),
        (
            "mp.messaging.incoming.a.heartbeat.interval.ms=3s\nmp.messaging.outgoing.b.batch.size=1KB\n\
             kafka.consumers.default.max.poll.interval.ms=5m",
            "heartbeat.interval.ms=3s max.poll.interval.ms=5m",
            "batch.size=1KB",
        ),
    ] {
        assert_eq!(of_both(text), [of_consumer, of_producer], "{text}");
    }
}

#[test]
fn what_a_config_provider_gives_is_known_only_when_the_program_runs() {
    for text in [
        "producer.client.id=${file:/secrets.properties:id}",
        "producer.override.client.id=${env:ID}",
        "source.cluster.producer.client.id=a-${file:/secrets.properties:id}",
        "consumer.max.poll.records=5\nclient.id=${file:/secrets.properties:id}",
        "config.providers=file\nclient.id=${file:/secrets.properties:id}",
    ] {
        let producer = whom("p1", ClientKind::Producer, true);
        let read = pasted(text, &producer);
        assert!(!read.lines(&producer, true)[0].contains("client.id"), "{text}");
        let told = read.left_out.last().expect("what is left out");
        assert!(told.en.contains("}`, is known only when the program runs"), "{told:?}");
    }
    // Where none is named, Kafka takes the text as it stands; a default is Spring's and Quarkus's.
    assert_eq!(of_both("client.id=${HOST}")[1], "client.id=${HOST}");
    assert_eq!(
        of_both("kafka.client.id=${HOST:a}\nspring.kafka.properties.retries=${N:4}")[1],
        "client.id=a retries=4"
    );
}

#[test]
fn the_value_that_holds_is_named_by_each_that_does_not() {
    let lines_of_holder =
        |text: &str, whom: &Whom| -> Vec<String> { pasted(text, whom).left_out.into_iter().map(|of| of.en).collect() };
    let consumer = whom("c1", ClientKind::Consumer, true);
    let three = "mp.messaging.incoming.a.group.id=one\nmp.messaging.incoming.b.group.id=two\nmp.messaging.incoming.c.group.id=three";
    let told = lines_of_holder(three, &consumer);
    let expected = [1, 2].map(|n| format!("Line {n}, column 1: another value of `group.id` holds, that of line 3."));
    assert_eq!(told, expected);
    let told = lines_of_holder("group.id=a\ngroup.id=b\ngroup.id=c", &consumer);
    let expected = [1, 2].map(|n| {
        format!("Line 3, column 1: `group.id` stands on line {n} already; this later value holds, as in Java.")
    });
    assert_eq!(told, expected);
}

#[test]
fn the_nearer_name_holds_wherever_it_stands() {
    for (text, expected) in [
        ("spring.kafka.consumer.properties.group.id=b\nspring.kafka.consumer.group-id=a", "group.id=b"),
        ("spring.kafka.properties.client.id=b\nspring.kafka.client-id=a", "client.id=b"),
        ("spring.kafka.consumer.client-id=b\nspring.kafka.properties.client.id=a", "client.id=b"),
        (
            "spring.cloud.stream.kafka.binder.configuration.client.id=b\nspring.kafka.consumer.properties.client.id=a",
            "client.id=b",
        ),
        (
            "spring.cloud.stream.kafka.bindings.in.consumer.configuration.client.id=c\n\
             spring.cloud.stream.kafka.binder.consumer-properties.client.id=b",
            "client.id=c",
        ),
        ("consumer.override.client.id=b\nconsumer.client.id=a", "client.id=b"),
        ("main.consumer.client.id=b\nconsumer.client.id=a\nrestore.consumer.client.id=c", "client.id=b"),
        ("client.id=a\nglobal.consumer.client.id=c", "client.id=a"),
        ("mp.messaging.connector.smallrye-kafka.client.id=b\nkafka.client.id=a", "client.id=b"),
        // What always holds comes before what a profile has, however near.
        ("kafka.client.id=a\n%dev.mp.messaging.incoming.o.client.id=b", "client.id=a"),
    ] {
        assert_eq!(of_both(text)[0], expected, "{text}");
    }
}

#[test]
fn a_document_for_a_profile_does_not_override_the_others() {
    let consumer = whom("c1", ClientKind::Consumer, true);
    for (text, line) in [
        (
            "spring:\n  kafka:\n    client-id: a\n    consumer:\n      group-id: one\n---\nspring:\n  config:\n    activate:\n      \
             on-profile: dev.eu\n  kafka:\n    consumer:\n      group-id: two\n      client-id: b\n      max-poll-records: 5\n",
            13,
        ),
        (
            "spring.kafka.client-id=a\nspring.kafka.consumer.group-id=one\n#---\nspring.config.activate.on-profile=dev.eu\n\
             spring.kafka.consumer.group-id=two\nspring.kafka.consumer.client-id=b\nspring.kafka.consumer.max-poll-records=5",
            5,
        ),
    ] {
        let read = pasted(text, &consumer);
        let made = &read.lines(&consumer, true)[0];
        assert!(
            made.starts_with("consumer c1 client.id=a group.id=one max.poll.records=5 key.deserializer="),
            "{text}"
        );
        let told: Vec<&str> = read.left_out.iter().map(|of| &*of.en).collect();
        let has = |part: &str| told.iter().any(|told| told.contains(part));
        assert!(has("`%dev-eu.spring.config.activate.on-profile` is a setting of Spring"), "{told:#?}");
        assert!(has("another value of `group.id` holds") && has(&format!("Line {line},")), "{told:#?}");
        let note = read.note.expect("what was taken for what");
        assert!(note.en.contains("`%dev-eu.spring.kafka.consumer.max-poll-records` → `max.poll.records`"), "{note:?}");
    }
    // A later document without a profile holds, its lists too.
    let two = "spring:\n  kafka:\n    bootstrap-servers:\n    - broker-1:9092\n---\nspring:\n  kafka:\n    bootstrap-servers:\n    - broker-2:9092\n";
    assert_eq!(of_both(two)[0], "bootstrap.servers=broker-2:9092");
}

#[test]
fn springs_names_of_stores_are_kafkas() {
    let text = "spring.kafka.ssl.trust-store-location=a\nspring.kafka.ssl.trustStoreType=b\nspring.kafka.ssl.trust-store-password=c\n\
                spring.kafka.ssl.trust-store-certificates=d\nspring.kafka.ssl.key-store-location=e\nspring.kafka.ssl.key-store-type=f\n\
                spring.kafka.ssl.key-store-password=g\nspring.kafka.ssl.key-store-certificate-chain=h\nspring.kafka.ssl.key-store-key=i\n\
                spring.kafka.ssl.key-password=j\nspring.kafka.ssl.protocol=TLSv1.3\nspring.kafka.security.protocol=PLAINTEXT";
    let expected = "ssl.truststore.location=a ssl.truststore.type=b ssl.truststore.password=c ssl.truststore.certificates=d \
                    ssl.keystore.location=e ssl.keystore.type=f ssl.keystore.password=g ssl.keystore.certificate.chain=h \
                    ssl.keystore.key=i ssl.key.password=j ssl.protocol=TLSv1.3 security.protocol=PLAINTEXT";
    assert_eq!(of_both(text), [expected, expected]);
    let nearer = "SPRING_KAFKA_CONSUMER_SSL_TRUST_STORE_TYPE=JKS\nSPRING_KAFKA_CONSUMER_PROPERTIES_MAX_POLL_RECORDS=7";
    assert_eq!(of_both(nearer)[0], "ssl.truststore.type=JKS max.poll.records=7");
}

#[test]
fn a_hostile_text_of_keys_within_keys_is_told() {
    let consumer = whom("c1", ClientKind::Consumer, true);
    let nested = |n: usize| format!("a:\n  b: {}{}\n  group.id: g", "[".repeat(n), "]".repeat(n));
    let deep: String = (0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    // Without a limit the names of these lines together have 20 GB.
    let long = format!("{}:\n{}", "a".repeat(400_000), "  b: 1\n".repeat(50_000));
    for (text, told) in [
        (nested(2), "Line 2, column 3: this is read neither"),
        (nested(300_000), "Line 2, column 3: this is read neither"),
        (format!("a:\n  b: [x, {}]", "[".repeat(300_000)), "Line 2, column 3: this is read neither"),
        (format!("{deep}{}b: 1", " ".repeat(1000)), "Line 1001, column 1001: this is read neither"),
        (long, "Line 2, column 3: this is read neither"),
        ("a:\n  b: 1\n- x".to_owned(), "Kafka has no property `a`"),
        ("a:\n  b: 1\nc: 2\n- x".to_owned(), "Line 4, column 1: this is read neither"),
    ] {
        let read = pasted(&text, &consumer);
        assert!(read.left_out.iter().any(|of| of.en.contains(told)), "{told}: {:?}", read.left_out.get(..3));
    }
    assert_eq!(
        of_both("a:\n  b: 1\nbootstrap.servers: [broker-1:9092, \"broker-2:9092\"]")[0],
        "bootstrap.servers=broker-1:9092,broker-2:9092"
    );
}

#[test]
fn the_kind_of_client_that_a_text_is_for() {
    let kind = |text: &str| PastedText::read(text).and_then(|text| text.kind());
    for (text, expected) in [
        ("group.id=g\nbootstrap.servers=a:9092", Some(ClientKind::Consumer)),
        ("linger.ms=5\nclient.id=a", Some(ClientKind::Producer)),
        ("spring.kafka.consumer.group-id=g", Some(ClientKind::Consumer)),
        ("client.id=a", None),
        ("  ", None),
        ("c = new KafkaConsumer<>(props);", Some(ClientKind::Consumer)),
        ("props.put(\"acks\", 1);", Some(ClientKind::Producer)),
        ("c = new KafkaConsumer<>(p); q = new KafkaProducer<>(p);", None),
    ] {
        assert_eq!(kind(text), expected, "{text}");
    }
}
