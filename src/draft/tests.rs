//! What forms write, and what changed settings become.

use super::*;
use crate::script::{ClientKind, Property, Script, Statement, parse};
use crate::simulation::{Simulation, Sink};

fn of<const N: usize>(texts: [&str; N]) -> [String; N] {
    texts.map(str::to_owned)
}

#[test]
fn a_record_is_sent_by_hand() {
    let [verb, producer, topic, times] = of(["send", "p1", "orders", "1"]);
    let form = SendForm { verb, producer, topic, times, ..SendForm::default() };
    assert_eq!(form.lines(), ["send p1 orders"]);
    let [value, headers, partition] = of(["\"\"", "trace=a b\nnone\n\n", " 2 "]);
    let form = SendForm { value, headers, partition, times: "3".to_owned(), is_new: true, ..form };
    let lines = form.lines();
    assert!(lines[0].starts_with("producer p1 key.serializer="), "{lines:?}");
    assert_eq!(lines[1], "send p1 orders value= partition=2 header.trace=\"a b\" header.none times=3");
}

#[test]
fn clients_are_made_with_a_program_or_without() {
    let [name, topic, value, program] = of(["p1", "orders", "v{i}", NO_PROGRAM]);
    let form = ProducerForm { name, program, topic, value, ..ProducerForm::default() };
    assert_eq!(form.lines(), ["producer p1"]);
    let form = ProducerForm { program: "sync".to_owned(), every: " 5".to_owned(), ..form };
    assert_eq!(form.lines(), ["producer p1", "produce-loop p1 orders interval_ms=5 value=v{i} mode=sync"]);

    let [name, group, topic, program, work] = of(["c1", "g", "a,b", "sync", "1.5"]);
    let form = ConsumerForm { name, group, topic, program, work, ..ConsumerForm::default() };
    let lines = form.lines();
    assert_eq!(lines[0], "consumer c1 group.id=g enable.auto.commit=false", "its own commits are the only ones");
    assert_eq!(lines[1..], ["subscribe c1 a,b", "consume-loop c1 process_us=1500 commit=sync"]);
    let own = ConsumerForm { properties: "enable.auto.commit=true".to_owned(), ..form.clone() };
    assert_eq!(own.lines()[0], "consumer c1 group.id=g enable.auto.commit=true");
    let by_hand = ConsumerForm { program: NO_PROGRAM.to_owned(), topic: " ".to_owned(), ..form };
    assert_eq!(by_hand.lines(), ["consumer c1 group.id=g"]);
}

/// Every call of the list is a line of the grammar, for a client whose it is.
#[test]
fn every_call_is_a_line() {
    let (script, errors) = parse("cluster brokers=1\ntopic t\nproducer p\nconsumer c group.id=g\n");
    assert!(errors.is_empty());
    let [topic, partitions, offsets, times, limit] = of(["t", "t-0", "t-0=5", "2", "100"]);
    let [work, commit, every, keys, value] = of(["0.25", "auto", "10", "3", "v"]);
    let filled = Call { topic, partitions, offsets, times, limit, work, commit, every, keys, value, ..Call::default() };
    for (call, kind, words) in CALLS {
        let client = if kind == Some(ClientKind::Producer) { "p" } else { "c" };
        let line = Call { call: call.to_owned(), client: client.to_owned(), ..filled.clone() }.line();
        let mut context = crate::script::ScriptContext::after(&script);
        let read = crate::script::parse_line(&line, 1, &mut context);
        assert!(read.is_ok(), "{}: {line}: {read:?}", words.en);
        let fields = takes(call).iter().filter(|field| **field != "count").count();
        assert!(line.split(' ').count() >= 2 + fields, "{line} has what its form asks for");
    }
    let poll = Call { call: "poll".to_owned(), client: "c".to_owned(), ..filled };
    assert_eq!(poll.line(), "poll c times=2 timeout_ms=100");
}

#[test]
fn places_are_read_as_people_write_them() {
    let instant = |us| Some(There::Instant(crate::time::Instant(us)));
    for (text, expected) in [
        ("4198.0", instant(4_198_000)),
        ("4 198 ms", instant(4_198_000)),
        ("0.25", instant(250)),
        ("step 412", Some(There::Step(412))),
        ("#412", Some(There::Step(412))),
        ("스텝 412", Some(There::Step(412))),
        ("31536000000", instant(31_536_000_000_000)),
        ("step 8000000", Some(There::Step(8_000_000))),
        ("", None),
        ("1.2345", None),
        ("-5", None),
        ("step", None),
    ] {
        assert_eq!(There::read(text).ok(), expected, "{text}");
    }
}

#[test]
fn a_text_that_is_no_place_is_told_what_is_allowed() {
    let (neither, behind) = ("is no time and no step.", "is behind the end of any run.");
    let long = "9".repeat(5_000_000);
    for (text, said) in [
        ("soon", neither),
        ("-5", neither),
        ("NaN", neither),
        ("infinity", neither),
        ("1e5", neither),
        ("step -1", neither),
        ("step 1.5", neither),
        ("31536000000.001", behind),
        ("99999999999999999999", behind),
        ("step 8000001", behind),
        ("#99999999999999999999", behind),
        (&long, behind),
    ] {
        let told = There::read(text).expect_err("it is no place");
        assert!(told.en.contains(said) && told.en.len() < 400, "{told:?}");
        for allowed in ["31,536,000,000", "8,000,000", "4198.0"] {
            assert!(told.en.contains(allowed) && told.ko.contains(allowed), "{told:?}");
        }
    }
}

#[test]
fn a_setting_is_tried_and_written() {
    let (script, errors) = parse("cluster brokers=1\ntopic t\nproducer \"p 1\" acks=1 linger.ms=5\n");
    assert!(errors.is_empty());
    let mut simulation = Simulation::new(script.clone().into()).expect("a cluster");
    let mut sink = Sink::default();
    for _ in 0..400 {
        simulation.step(&mut sink);
    }
    let target = Target::Client("p 1".to_owned());
    let new = |value: &str| [Property::new("linger.ms", value)];
    assert_eq!(target.set_now(&new("7")), "set \"p 1\" linger.ms=7 from=now");
    assert!(matches!(trial(&simulation, &script, &target, &new("7")), Trial::Fine(_)));
    let refused = trial(&simulation, &script, &target, &new("soon"));
    assert!(matches!(&refused, Trial::Refused(sentence) if sentence.en.contains("linger.ms")), "{refused:?}");
    let changed = edited(&script, &target, &new("7")).expect("a line makes it");
    assert_eq!(&*changed.lines[2].text, "producer \"p 1\" acks=1 linger.ms=7");
    let taken = edited(&script, &target, &new("")).expect("a line makes it");
    assert_eq!(&*taken.lines[2].text, "producer \"p 1\" acks=1");
    assert!(edited(&script, &Target::Client("other".to_owned()), &new("7")).is_none());
    assert_eq!(Target::Topic("t".to_owned()).set_now(&new("a b")), "set topic t linger.ms=\"a b\" from=now");
    let topic = trial(&simulation, &script, &Target::Topic("t".to_owned()), &[Property::new("retention.ms", "x")]);
    assert!(matches!(topic, Trial::Refused(_)), "{topic:?}");
}

/// What Kafka takes and the model does not play: the panel says of it what playing its line says.
#[test]
fn what_playing_refuses_the_panel_refuses() {
    let (script, _) = parse("cluster brokers=1\ntopic t\nproducer p\nconsumer c group.id=g\n");
    let mut simulation = Simulation::new(script.clone().into()).expect("a cluster");
    let mut sink = Sink::default();
    for _ in 0..400 {
        simulation.step(&mut sink);
    }
    let topic = || Target::Topic("t".to_owned());
    let client = |name: &str| Target::Client(name.to_owned());
    for (target, name, value, is_refused) in [
        (topic(), "compression.type", "zstd", true),
        (topic(), "unclean.leader.election.enable", "true", true),
        (topic(), "compression.type", "gzip", false),
        (client("p"), "compression.type", "lz4", true),
        (client("c"), "isolation.level", "read_committed", true),
        (Target::Cluster, "compression.type", "snappy", true),
        (Target::Cluster, "num.partitions", "101", true),
        (Target::Cluster, "num.partitions", "100", false),
    ] {
        let new = [Property::new(name, value)];
        let tried = trial(&simulation, &script, &target, &new);
        assert_eq!(matches!(tried, Trial::Refused(_)), is_refused, "{name}={value}: {tried:?}");
        if let (Target::Topic(_), Trial::Refused(said)) = (&target, &tried) {
            let mut context = crate::script::ScriptContext::after(&script);
            let line = crate::script::parse_line(&target.set_now(&new), 1, &mut context).expect("a line");
            let refused = simulation.check(&line.statement).expect_err("the line is refused as well");
            assert!(refused.why.en.contains(&said.en) && refused.why.ko.contains(&said.ko), "{refused} {said:?}");
        }
    }
}

#[test]
fn names_that_are_free_are_found() {
    let (script, _) =
        parse("cluster brokers=1\ntopic orders partitions=2\nproducer producer-1\nconsumer c1 group.id=g\n");
    let mut simulation = Simulation::new(script.into()).expect("a cluster");
    let mut sink = Sink::default();
    for _ in 0..400 {
        simulation.step(&mut sink);
    }
    assert_eq!(free_client(&simulation, "producer-"), "producer-2");
    assert_eq!(free_client(&simulation, "c"), "c2");
    assert_eq!(free_topic(&simulation), "payments");
    assert_eq!(partitions(&simulation), ["orders-0", "orders-1"]);
    assert_eq!(groups(&simulation), ["g"]);
    assert_eq!(clients(&simulation, ClientKind::Producer), ["producer-1"]);
}

/// A refusal stands alone in the page: it is a sentence, but for a name at its beginning, which is no word.
#[test]
fn a_refusal_is_a_sentence() {
    let (script, _) = parse("cluster brokers=1\ntopic t\nproducer orders\nproducer a\nconsumer the\n");
    let mut simulation = Simulation::new(script.clone().into()).expect("a cluster");
    let mut sink = Sink::default();
    for _ in 0..400 {
        simulation.step(&mut sink);
    }
    for (line, begins) in [
        ("set topic x retention.ms=1 from=now", "There is no topic x"),
        ("topic x compression.type=zstd", "Topic x: "),
        ("set cluster num.partitions=2 from=now", "Brokers read their properties"),
        ("producer orders", "orders is still running"),
        ("producer a", "a is still running"),
        ("resume-process the", "the is not frozen"),
        ("wait share-group s state Stable", "Share groups are not"),
        ("wait transaction T = CompleteCommit", "Transactions are not"),
        ("start broker-1", "broker-1 is running"),
    ] {
        let mut context = crate::script::ScriptContext::after(&script);
        let line = crate::script::parse_line(line, 1, &mut context).unwrap_or_else(|error| panic!("{line}: {error:?}"));
        let said = simulation.check(&line.statement).expect_err("it is refused").alone();
        assert!(said.en.starts_with(begins) && said.en.ends_with('.') && said.ko.ends_with('.'), "{begins}: {said:?}");
    }
    let cluster = trial(&simulation, &script, &Target::Cluster, &[Property::new("num.partition", "2")]);
    assert!(matches!(&cluster, Trial::Refused(said) if said.en.starts_with("Cluster: There is no broker property")));
}

/// Commands stay, and so do the lines of others.
#[test]
fn a_program_from_the_start_stands_in_place_of_the_clients_own() {
    let text = "cluster brokers=1\ntopic t\nproducer p\nconsumer c group.id=g\nsubscribe c t\nconsume-loop c\nsleep 5\n\
                produce-loop p t count=3\nsleep 7\n";
    let (script, errors) = parse(text);
    assert!(errors.is_empty(), "{errors:?}");
    let program = |lines: &str| {
        let (script, errors) =
            parse(&format!("cluster brokers=1\ntopic t\nproducer p\nconsumer c group.id=g\n{lines}"));
        assert!(errors.is_empty(), "{errors:?}");
        script.statements().skip(4).map(|line| Statement::clone(&line.statement)).collect::<Vec<_>>()
    };
    let lines = |script: &Script, from: usize| script.texts()[from..].join("; ");
    let of_p = with_program(script.clone(), "p", &program("produce-loop p t count=12\n"));
    assert!(lines(&of_p, 6).starts_with("sleep 5; produce-loop p t "), "{:?}", of_p.texts());
    assert!(lines(&of_p, 7).contains("count=12") && lines(&of_p, 7).ends_with("; sleep 7"), "{:?}", of_p.texts());
    let of_c = with_program(script.clone(), "c", &program("assign c t-0\nconsume-loop c commit=sync\n"));
    assert!(lines(&of_c, 4).starts_with("assign c t-0; consume-loop c "), "{:?}", of_c.texts());
    assert!(lines(&of_c, 6).starts_with("sleep 5; produce-loop p t"), "{:?}", of_c.texts());
    assert_eq!(of_c.lines.iter().map(|line| line.number).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
    assert_eq!(with_program(script.clone(), "p", &[]), script);
    // Without lines of its own it begins behind the line that makes the client.
    let (bare, _) = parse("cluster brokers=1\ntopic t\nproducer p\nsleep 7\n");
    let begun = with_program(bare, "p", &program("produce-loop p t count=12\n"));
    assert!(lines(&begun, 3).starts_with("produce-loop p t ") && lines(&begun, 4) == "sleep 7", "{:?}", begun.texts());
}

/// Kafka stops at the first that it refuses; whoever mends a text wants to know of all.
#[test]
fn everything_that_is_refused_is_named() {
    let (script, errors) = parse("cluster brokers=1\ntopic t\n");
    assert!(errors.is_empty());
    let simulation = Simulation::new(script.into()).expect("a cluster");
    let told = |properties: &[(&str, &str)]| {
        let properties: Vec<_> = properties.iter().map(|(name, value)| Property::new(name, value)).collect();
        let all = refusals(&simulation, ClientKind::Producer, "p1", &properties);
        all.into_iter().map(|of| of.en).collect::<Vec<_>>()
    };
    let all = told(&[("linger.ms", "soon"), ("acks", "1"), ("batch.size", "many"), ("client.id", "a")]);
    assert!(all.len() == 2 && all[0].contains("many") && all[1].contains("soon"), "{all:?}");
    // What two of them make together is one.
    let all = told(&[("acks", "1"), ("enable.idempotence", "true")]);
    assert!(all.len() == 1 && all[0].contains("acks"), "{all:?}");
    assert_eq!(told(&[("acks", "1")]), Vec::<String>::new());
}
