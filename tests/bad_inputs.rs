//! Bad input of every kind: each row names the line and column that the sentence must name, and a word it must contain.

use std::path::Path;

use partita::input::code::property_of_constant;
use partita::input::records::Format;
use partita::input::{self, Problem};
use partita::lang::Lang;
use partita::script::{self, link, stored};
use proptest::prelude::*;

/// Place and sentences of everything that is wrong with an input.
type Told = Vec<(u32, u32, String, String)>;

/// It sends as often as no number says.
const UNCOUNTED: &str = "KafkaProducer<String, String> p;
for (int a = 0; a < 2000000000; a++) for (int b = 0; b < 2000000000; b++) for (int c = 0; c < 2000000000; c++)
  p.send(new ProducerRecord<>(\"t\", \"v\"));";

#[derive(Clone, Copy, Debug)]
enum Kind {
    Script,
    Stored,
    /// A link's fragment, which is one line.
    Link,
    Properties,
    Code,
    Lines(&'static str),
}

fn told(kind: Kind, text: &str) -> Told {
    let of = |problems: Vec<Problem>| -> Told {
        let one = |p: &Problem| (p.line, p.column, p.sentence(Lang::En), p.sentence(Lang::Ko));
        problems.iter().map(one).collect()
    };
    match kind {
        Kind::Script => {
            let one = |e: &script::ScriptError| (e.line, e.column, e.sentence(Lang::En), e.sentence(Lang::Ko));
            script::parse(text).1.iter().map(one).collect()
        }
        Kind::Stored => {
            let one = |n: &stored::StoredNote| (n.line(), n.column(), n.sentence(Lang::En), n.sentence(Lang::Ko));
            stored::decode(text).1.iter().map(one).collect()
        }
        Kind::Link => {
            // A link has no lines: its sentences name the character.
            let one = |p: &link::LinkProblem| {
                let (en, ko) = (p.sentence(Lang::En), p.sentence(Lang::Ko));
                let digits = en.split_once("Character ").and_then(|(_, rest)| rest.split_once([' ', ':']));
                let column = digits.and_then(|(digits, _)| digits.parse().ok()).unwrap_or(1);
                (1, column, format!("Line 1, column {column}: {en}"), format!("1행 {column}열: {ko}"))
            };
            link::read(text).problems.iter().map(one).collect()
        }
        Kind::Properties => of(input::code::properties::read(text).problems),
        Kind::Code => of(input::code::read(text).problems),
        Kind::Lines(format) => of(input::records::read(text.as_bytes(), format_of(format)).refused),
    }
}

fn format_of(name: &str) -> Option<Format> {
    match name {
        "json" => Some(Format::Json { objects: Some(input::records::Objects::Records) }),
        "csv" => Some(Format::Csv { separator: ',', roles: None }),
        "tab" => Some(Format::KeyValue { separator: "\t".into() }),
        "lines" => Some(Format::Lines),
        _ => None,
    }
}

const C: &str = "cluster brokers=3\nproducer p1\nconsumer c1 group.id=g\n";

/// Kind, text (of a script: behind the three lines above), line, column, a part of the English sentence.
const ROWS: &[(Kind, &str, u32, u32, &str)] = &[
    // Scripts: words.
    (Kind::Script, "@0 cluster brokers=3", 4, 4, "has one cluster"),
    (Kind::Script, "sned p1 t", 4, 1, "Did you mean `send`?"),
    (Kind::Script, "  fluhs p1", 4, 3, "Did you mean `flush`?"),
    (Kind::Script, "주문 p1", 4, 1, "`주문` is no verb"),
    (Kind::Script, "send p1", 4, 8, "`send` lacks TOPIC"),
    (Kind::Script, "flush p1 now", 4, 10, "one word too many"),
    (Kind::Script, "send p1 t vlaue=x", 4, 11, "Did you mean `value`?"),
    (Kind::Script, "send p1 t value=a value=b", 4, 19, "given twice"),
    (Kind::Script, "send p1 t value=a value-size=3", 4, 19, "exclude each other"),
    (Kind::Script, "send p1 t value=\"a b", 4, 17, "not closed"),
    (Kind::Script, "send p1 t value=\"a\\qb\"", 4, 19, "`\\q` is no escape"),
    (Kind::Script, "send p1 t value=\"\\u{110000}\"", 4, 18, "is no escape"),
    (Kind::Script, "send p1 t value=hex:0g", 4, 17, "two hexadecimal digits"),
    (Kind::Script, "send p1 t times=0", 4, 17, "from 1 to 1,000,000"),
    (Kind::Script, "send p1 t times=ten", 4, 17, "from 1 to 1,000,000"),
    (Kind::Script, "send p1 t timestamp=yesterday", 4, 21, "milliseconds since 1970"),
    (Kind::Script, "send p1 t show=everything", 4, 16, "`spread`"),
    (Kind::Script, "send p1 t value-size=1048577", 4, 22, "from 0 to 1,048,576"),
    (Kind::Script, "send p2 t value=x", 4, 6, "no client `p2`"),
    (Kind::Script, "send c1 t value=x", 4, 6, "`c1` is a consumer"),
    (Kind::Script, "consumer broker-1", 4, 10, "a name of the cluster's own"),
    // Scripts: values.
    (Kind::Script, "topic t partitions=101", 4, 20, "from 1 to 100"),
    (Kind::Script, "topic t replication-factor=4", 4, 28, "one replica here"),
    (Kind::Script, "topic t partition=3", 4, 9, "Did you mean `partitions`?"),
    (Kind::Script, "topic t partition=3", 4, 9, "`messages`; or a property by its name in Kafka"),
    (Kind::Script, "topic t mesages=no", 4, 9, "Did you mean `messages`?"),
    (Kind::Script, "flush p1 mesages=no", 4, 10, "Did you mean `messages`?"),
    (Kind::Script, "send p1 t mesages=no", 4, 11, "Did you mean `messages`?"),
    (Kind::Script, "send p1 t header=no", 4, 11, "`header.NAME`"),
    (Kind::Script, "send p1 t partition=x", 4, 21, "from -2,147,483,648 to 2,147,483,647"),
    (Kind::Script, "topic t replicas=1;4", 4, 18, "such as `1;2`"),
    (Kind::Script, "topic t replicas", 4, 9, "[replicas=1;2]"),
    (Kind::Script, "set p1 form=now acks=1", 4, 8, "Did you mean `from`?"),
    (Kind::Script, "topic t replicas=1,2;2,4", 4, 18, "numbers of this cluster's brokers"),
    (Kind::Script, "topic t partitions=2 replicas=1;2", 4, 22, "exclude"),
    (Kind::Script, "assign c1 t", 4, 11, "`orders-0`"),
    (Kind::Script, "assign c1 t-0,t", 4, 15, "`orders-0`"),
    (Kind::Script, "seek c1 t-0", 4, 9, "`orders-0=5`"),
    (Kind::Script, "poll c1 until=2 for_ms=5", 4, 17, "exclude"),
    (Kind::Script, "commit c1 later", 4, 11, "`sync` or `async`"),
    (Kind::Script, "crash broker-4", 4, 7, "no `broker-4`"),
    (Kind::Script, "crash p1", 4, 7, "`broker-1`"),
    (Kind::Script, "drop-response broker-1 Produced", 4, 24, "Did you mean `Produce`?"),
    (
        Kind::Script,
        "answer-error broker-1 Produce NOT_LEADER_OF_FOLLOWER",
        4,
        31,
        "Did you mean `NOT_LEADER_OR_FOLLOWER`?",
    ),
    (Kind::Script, "slow c1", 4, 8, "process_us=N"),
    (Kind::Script, "slow c1 process_us", 4, 9, "`slow ID process_us=N`"),
    (Kind::Script, "produce-loop p1 t rate=fast", 4, 24, "such as `2/s`"),
    (Kind::Script, "produce-loop p1 t rate=2/s interval_ms=5", 4, 28, "exclude"),
    (Kind::Script, "consume-loop c1 commit=later", 4, 24, "`auto`, `sync`, `async` or `none`"),
    (Kind::Script, "set p1 from=now", 4, 16, "lacks name=value"),
    (Kind::Script, "set p1 acks=1 from=then", 4, 20, "`start` or `now`"),
    (Kind::Script, "wait leadr t-0 = 1", 4, 6, "Did you mean `leader`?"),
    (Kind::Script, "wait leader t-0 1", 4, 17, "`=`"),
    (Kind::Script, "wait acknowledged p1", 4, 6, "`run until` only"),
    (Kind::Script, "wait group g state Stabel", 4, 20, "Did you mean `Stable`?"),
    (Kind::Script, "run for 5", 4, 5, "`until`"),
    (Kind::Script, "run until 5.0001", 4, 11, "three decimals"),
    (Kind::Script, "run until -1", 4, 11, "milliseconds since the start of the run from 0 to 31,535,999,999"),
    (Kind::Script, "run until 31535999999.001", 4, 11, "(a year but for one)"),
    (Kind::Script, "run until leadr t-0 = 1", 4, 11, "or milliseconds since the start"),
    (Kind::Script, "step -1", 4, 6, "from 1 to 20,000,000"),
    (Kind::Script, "step 20000001", 4, 6, "from 1 to 20,000,000"),
    (Kind::Script, "sleep 2592000001", 4, 7, "milliseconds from 0 to 2,592,000,000 (30 days)"),
    (Kind::Script, "wait sent p1 timeout_ms=9007199254740992", 4, 25, "(30 days)"),
    (Kind::Script, "poll c1 for_ms=-1", 4, 16, "milliseconds from 0"),
    (Kind::Script, "poll c1 until=20000001", 4, 15, "to 20,000,000"),
    (Kind::Script, "poll c1 timeout_ms=9223372036854775808", 4, 20, "(30 days)"),
    (Kind::Script, "close p1 timeout_ms=2592000001", 4, 21, "(30 days)"),
    (Kind::Script, "consume-loop c1 poll_ms=2592000001", 4, 25, "(30 days)"),
    (Kind::Script, "slow c1 process_us=2592000000001", 4, 20, "microseconds from 0 to 2,592,000,000,000 (30 days)"),
    (Kind::Script, "produce-loop p1 t interval_ms=4000000000", 4, 31, "(30 days)"),
    (Kind::Script, "produce-loop p1 t count=9007199254740992", 4, 25, "from 1 to 20,000,000"),
    (Kind::Script, "wait count c1 = 20000001", 4, 17, "from 0 to 20,000,000"),
    (Kind::Script, "@9223372036854775+0 step", 4, 1, "behind the end of a run. Allowed: `@MICROSECONDS`"),
    (Kind::Script, "@18446744073709551616 step", 4, 1, "at most 31,536,000,000,000 microseconds"),
    (Kind::Script, "@5+8000001 step", 4, 1, "8,000,000 moves"),
    (Kind::Script, "\u{feff}step", 4, 1, "`\\u{feff}step` is no verb"),
    (Kind::Script, "sleep", 4, 6, "lacks MS"),
    (Kind::Script, "@12+ step", 4, 1, "is no anchor"),
    (Kind::Script, "@12", 4, 4, "lacks VERB"),
    (Kind::Script, "cluster brokers=1", 4, 1, "one cluster"),
    (Kind::Script, "describe toppic t", 4, 10, "Did you mean `topic`?"),
    (Kind::Script, "acknowledge c1 accept t-0 0", 4, 13, "`c1` is a consumer"),
    (Kind::Script, "send p1 t messages=maybe", 4, 20, "`yes` or `no`"),
    (Kind::Script, "sleep 1.5", 4, 7, "Allowed: whole milliseconds from 0"),
    (Kind::Script, "producer admin", 4, 10, "any name but `admin`"),
    (Kind::Script, "alter-offsets g t-0=5 t-1=1 t-0=6", 4, 29, "`t-0` is given twice. Allowed: each partition once"),
    (Kind::Script, "offsets-for-times c1 a", 4, 22, "milliseconds since 1970, such as `orders-0=1700000000000`"),
    (Kind::Script, "list-offsets t -2", 4, 16, "milliseconds since 1970 from 0"),
    (
        Kind::Script,
        "answer-error broker-1 Produced REQUEST_TIMED_OUT",
        4,
        23,
        "`InitProducerId` or `OffsetForLeaderEpoch`.",
    ),
    // Stored runs and links: the whole text.
    (Kind::Stored, "partita 1\n%position @5\n%position @6\ncluster brokers=1", 3, 1, "`%position` is given twice"),
    (Kind::Stored, "partita 1\n%followed p9 1\ncluster brokers=1", 2, 11, "no client `p9`"),
    (Kind::Link, "#run=1.AAAA&at=5&at=9", 1, 18, "`at` is given twice"),
    (Kind::Stored, "partita 2\ncluster brokers=1", 1, 9, "version `2`"),
    (Kind::Stored, "cluster brokers=1", 1, 1, "read as a script"),
    (Kind::Stored, "", 1, 1, "does not begin with"),
    (Kind::Stored, "partita 1\n%position @5 told=last\ncluster brokers=1", 2, 14, "`told=last`"),
    (Kind::Stored, "partita 1\n%position @5 told=1 2\ncluster brokers=1", 2, 21, "`2`"),
    (Kind::Stored, "partita 1\n%position here\ncluster brokers=1", 2, 11, "`here`"),
    (Kind::Stored, "partita 1\n%position @5\n%followed p1 x\ncluster brokers=1", 3, 14, "`x`"),
    (Kind::Stored, "partita 1\n%colour blue\ncluster brokers=1", 2, 1, "`%colour`"),
    (Kind::Stored, "partita 1\n%page a=b\ncluster brokers=1\nsend p1", 4, 6, "no client `p1`"),
    (Kind::Stored, "partita 1\nproducer p1\n", 2, 1, "before the cluster"),
    (Kind::Stored, "partita 1\ncluster brokers=10\nproducer p1\n", 2, 17, "from 1 to 9"),
    (Kind::Stored, "partita 1\n@5+1 cluster brokers=1 start=yesterday\n", 2, 30, "2026-01-01T00:00:00Z"),
    (Kind::Stored, "\u{0}\u{1}\u{2}", 1, 1, "does not begin with"),
    (Kind::Stored, "partita 1\ncluster brokers=1\n%branch\nproducer p1\n", 3, 8, "opens no branch"),
    (
        Kind::Stored,
        "partita 1\n%position @31536000000001+0\ncluster brokers=1\n",
        2,
        11,
        "at most 31,536,000,000,000 microseconds",
    ),
    (Kind::Stored, "partita 1\n%change 1 @5+8000001 fork\ncluster brokers=1\n", 2, 11, "(a year) and 8,000,000 moves"),
    (
        Kind::Stored,
        "partita 1\ncluster brokers=1\n%branch 2 of=1 at=@99999999999999999999\n",
        3,
        16,
        "at most 31,536,000,000,000 mi",
    ),
    (Kind::Stored, "partita 1\ncluster brokers=1\n%branch two\n", 3, 9, "`two`"),
    (Kind::Stored, "partita 1\ncluster brokers=1\n%branch 1\n", 3, 9, "each number once"),
    (Kind::Stored, "partita 1\ncluster brokers=1\n%branch 2 like=3 lines=1\n", 3, 11, "`like=3`"),
    (Kind::Stored, "partita 1\ncluster brokers=1\n%branch 2 of=1 at=noon\n", 3, 16, "`at=noon`"),
    (Kind::Stored, "partita 1\ncluster brokers=1\n%branch 2 like=1 lines=1\nsned p1\n", 4, 1, "Did you mean `send`?"),
    (Kind::Stored, "partita 1\n%branch 2 of=1\n%branch 3\ncluster brokers=1\n", 3, 1, "`%branch`"),
    // Links: the fragment of the address.
    (Kind::Link, "#run=9.abc", 1, 6, "version is `9`"),
    (Kind::Link, "#run=abc", 1, 6, "no version and `.` stand before `abc`"),
    (Kind::Link, "#run=", 1, 6, "a version and a run's data are missing here"),
    (Kind::Link, "#run=1.ab!c", 1, 10, "letters, digits, - and _"),
    (Kind::Link, "run=1.ab+c", 1, 9, "`+`"),
    (Kind::Link, "#run=1.abcd&at=soon", 1, 16, "a whole number from 0 on"),
    (Kind::Link, "#at=-1", 1, 5, "`-1`"),
    // Properties.
    (Kind::Properties, "acks=all\nclient.id=\\u00g1", 2, 11, "four hexadecimal digits"),
    (Kind::Properties, "acks=all\nacks=1", 2, 1, "on line 1 already"),
    (Kind::Properties, "# first\n=5", 2, 1, "without a name"),
    // Code.
    (Kind::Code, "props.put(\"acks\", ACKS);", 1, 19, "known only when the program runs"),
    (Kind::Code, "props.put(key(), \"1\");", 1, 11, "known only when the program runs"),
    (Kind::Code, "props.put(ProducerConfig.LINGER_CONFIG, 5);", 1, 11, "Did you mean `LINGER_MS_CONFIG`?"),
    (Kind::Code, "props.put(\"acks\", \"all);", 1, 19, "does not end"),
    (Kind::Code, "/* never closed\nprops.put(\"acks\", \"1\");", 1, 1, "`*/`"),
    (Kind::Code, "props.load(reader);", 1, 1, "from elsewhere"),
    (Kind::Code, "consumer.subscribe(topics());", 1, 20, "the topic `topics()`"),
    (Kind::Code, "producer.beginTransaction();", 1, 10, "`beginTransaction`"),
    (Kind::Code, "new ProducerRecord<>(\"t\", user.id(), \"v\")", 1, 27, "The program here sends no key"),
    (Kind::Code, UNCOUNTED, 2, 91, "this sends more than 20,000,000 times."),
    (Kind::Code, "for (int i = 1; i < 3; i++) new ProducerRecord<>(\"t\", \"v\" + i);", 1, 55, "counts 0, 1, 2"),
    (Kind::Code, "new ProducerRecord<>(\"t\", \"a\");\nnew ProducerRecord<>(\"t\", \"b\");", 2, 5, "that of line 1"),
    (Kind::Code, "KafkaProducer p;\nfor (String s : all) p.send(r);", 2, 1, "The program here sends 10 times"),
    (Kind::Code, "print(\"hello\")", 1, 1, "no call of a Kafka client"),
    // Records.
    (Kind::Lines("json"), "{\"value\":1}\n{\"value\":1", 2, 11, "closing bracket"),
    (Kind::Lines("json"), "{\"value\":1,}", 1, 12, "a name in double quotes"),
    (Kind::Lines("json"), "{\"vlaue\":1}", 1, 2, "no field `vlaue`"),
    (Kind::Lines("json"), "[]", 1, 1, "no document"),
    (Kind::Lines("json"), "[1]", 1, 2, "an object"),
    (Kind::Lines("json"), "[{\"value\":1},", 1, 14, "whole or not at all"),
    (Kind::Lines("json"), "{\"key\":1}", 1, 1, "no field `value`"),
    (Kind::Lines("json"), "{\"value\":\"a\\x\"}", 1, 12, "an escape"),
    (Kind::Lines("json"), "{\"value\":1,\"partition\":-1}", 1, 24, "from 0"),
    (Kind::Lines("json"), "{\"value\":1,\"headers\":[1]}", 1, 22, "names and texts"),
    (Kind::Lines("json"), "{\"value\":01}", 1, 11, "Expected"),
    (Kind::Lines("csv"), "key,value\na,b\nc", 3, 1, "1 cell, and the header has 2"),
    (Kind::Lines("json"), "{\"value\":\"a\\ud83d\"}", 1, 18, "half of a surrogate pair"),
    (Kind::Lines("csv"), "key,value\na,\"b\nc", 2, 3, "closing quote"),
    (Kind::Lines("csv"), "key,value\n\"a\"b,c", 2, 4, "behind a closing quote"),
    (Kind::Lines("csv"), "key,value,colour\n", 1, 1, "no row below a header"),
    (Kind::Lines("csv"), "value,partition\na,one", 2, 3, "`one` does not fit `partition`"),
    (Kind::Lines("csv"), "key,key\n", 1, 5, "stands twice"),
    (Kind::Lines("tab"), "a\tb\nno tab", 2, 7, "no `TAB`"),
];

#[test]
fn every_bad_input_names_its_place() {
    assert!(ROWS.len() >= 40);
    let mut wrong = Vec::new();
    for (kind, text, line, column, part) in ROWS {
        let text = if matches!(kind, Kind::Script) { format!("{C}{text}") } else { text.to_string() };
        let told = told(*kind, &text);
        let fits = told.iter().any(|(l, c, en, ko)| {
            let place = (format!("Line {l}, column {c}:"), format!("{l}행 {c}열:"));
            (l, c) == (line, column)
                && en.contains(part)
                && en.starts_with(&place.0)
                && ko.starts_with(&place.1)
                && en != ko
        });
        if !fits {
            wrong.push(format!("{kind:?} {text:?}: wanted {line}:{column} {part:?}, told {told:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// What a refused line would have made counts for nothing: neither against a limit of the run, nor for a later line.
#[test]
fn a_refused_line_registers_nothing() {
    let refused = |text: &str| -> Vec<u32> { script::parse(text).1.iter().map(|error| error.line).collect() };
    let many =
        |line: &dyn Fn(u32) -> String, from: u32, to: u32| (from..=to).map(|n| line(n) + "\n").collect::<String>();
    let clients = format!("cluster brokers=1\n{}", many(&|n| format!("producer p{n}"), 2, 60));
    assert_eq!(refused(&clients), (52..=60).collect::<Vec<_>>(), "the 51st client and those behind it");
    let topics = format!("{C}{}", many(&|n| format!("topic t{n}"), 4, 52));
    let lines = format!("{topics}subscribe c1 a,b\nsend p1 c value=x\nsend p1 a value=x\n");
    assert_eq!(refused(&lines), [53, 55], "the 50th topic is the one that a line which is played names");
    let groups = format!("{C}{}", many(&|n| format!("alter-offsets g{n} t-0=1"), 4, 1002));
    let lines = format!("{groups}consumer c2 group.id=h\nproducer c2\nsend c2 t\npoll c2\nconsumer c1\n");
    assert_eq!(refused(&lines), [1003, 1006], "c2 is the producer of the line that was not refused");
    let lines = format!("{groups}alter-offsets h u-0=1\n{}", many(&|n| format!("topic u{n}"), 1004, 1053));
    assert_eq!(refused(&lines), [1003, 1053], "the topic of a line whose group is one too many");
    assert_eq!(refused("cluster brokers=1\ncluster brokers=3\ncrash broker-3\n"), [2, 3]);
    // A branch goes on with the broken line of the one it is like.
    let text =
        "partita 1\n%branch 1\ncluster brokers=1\nproducer p1 acks=1 acks=0\n%branch 2 like=1 lines=2\nsend p1 t\n";
    let rows: Vec<u32> = stored::decode(text).1.iter().map(|note| note.line()).collect();
    assert_eq!(rows, [4]);
}

#[test]
fn what_is_valid_stays() {
    let (script, errors) = script::parse(&format!("{C}sned p1 t\nsend p1 t value=x\nsend p1\nflush p1"));
    assert_eq!((script.statements().count(), errors.len()), (5, 2));
    // A client whose own line is broken is not missed by the lines after it.
    let (_, errors) =
        script::parse("cluster brokers=1\nproducer p1 acks=\"1\nsend p1 t value=x\nconsumer c1 on-revoked=no\npoll c1");
    assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn a_property_is_found_again_in_its_line() {
    let (script, _) = script::parse(&format!("{C}@5 producer p2 acks=1 client.id=\"주 문\" linger.ms=5\n"));
    let columns: Vec<_> = ["acks", "linger.ms", "no"].iter().map(|name| script.lines[3].option_columns(name)).collect();
    assert_eq!(columns, [Some((16, 21)), Some((39, 49)), None]);
}

/// The cluster is there before anything happens: a line with an anchor would be a command, and its brokers would be missing.
#[test]
fn the_cluster_has_no_anchor() {
    let (_, errors) = script::parse("@0 cluster brokers=3\ncrash broker-3\n");
    let told: Vec<_> = errors.iter().map(|e| (e.line, e.column, e.sentence(Lang::En))).collect();
    assert_eq!((told.len(), told[0].0, told[0].1), (1, 1, 4), "{told:?}");
    assert!(told[0].2.contains("no anchor"), "{told:?}");
}

/// A mark of the encoding is no part of the first line, whatever the text is.
#[test]
fn a_mark_of_the_encoding_is_read_over() {
    let (script, errors) = script::parse(&format!("\u{feff}{C}send p1 t value=x\n"));
    assert_eq!((errors, script.statements().count()), (Vec::new(), 4));
    assert_eq!(stored::decode("\u{feff}cluster brokers=1\n").0.script().statements().count(), 1);
    for text in ["\u{feff}\u{feff}cluster brokers=1\n", "\u{feff}\u{feff}partita 1\ncluster brokers=1\n"] {
        assert_eq!(stored::decode(text).0.script().statements().count(), 1);
    }
    assert_eq!(script::parse("\u{feff}\u{feff}cluster brokers=1\n").1, []);
}

/// The seed has an upper bound too, which is told.
#[test]
fn the_cluster_line_tells_what_is_allowed() {
    for (line, column, part) in [
        ("cluster brokers=1 seed=-1", 24, "a whole number from 0 to 9,223,372,036,854,775,807"),
        ("cluster brokers=1 seed=9223372036854775808", 24, "a whole number from 0 to 9,223,372,036,854,775,807"),
        ("cluster broker=3", 9, "Did you mean `brokers`?"),
        ("cluster sede=3", 9, "Did you mean `seed`?"),
    ] {
        let (_, errors) = script::parse(line);
        let told: Vec<_> = errors.iter().map(|e| (e.line, e.column, e.sentence(Lang::En))).collect();
        assert!(told.len() == 1 && told[0].0 == 1 && told[0].1 == column && told[0].2.contains(part), "{told:?}");
    }
    // These are Kafka's own names without a dot.
    assert_eq!(script::parse(&format!("{C}set p1 acks=1 retries=3\ntopic t preallocate=true\n")).1, []);
}

#[test]
fn every_constant_of_kafka_is_known() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_inputs/constants.tsv");
    let table = std::fs::read_to_string(path).expect("the table of constants");
    let mut count = 0;
    for row in table.lines() {
        let (constant, property) = row.split_once('\t').expect("two columns");
        assert_eq!(property_of_constant(constant).as_deref(), Some(property), "{constant}");
        count += 1;
    }
    assert!(count > 130);
    for constant in ["ACKS", "ACK_CONFIG", "acks_CONFIG", "KEY_SERIALIZER_CONFIG", "LINGER_CONFIG", "_CONFIG", ""] {
        assert_eq!(property_of_constant(constant), None, "{constant}");
    }
}

fn nothing_panics_on(text: &str) {
    for kind in [Kind::Script, Kind::Stored, Kind::Properties, Kind::Code] {
        for (line, column, en, ko) in told(kind, text) {
            assert!(line >= 1 && column >= 1 && !en.is_empty() && !ko.is_empty());
        }
    }
    for format in ["json", "csv", "tab", "lines", "as it seems"] {
        told(Kind::Lines(format), text);
    }
    input::code::detect(text);
    input::code::bootstrap(text, 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        nothing_panics_on(&text);
    }

    #[test]
    fn no_scrap_panics(scraps in prop::collection::vec(prop::sample::select(&[
        "props", ".", "put", "(", ")", "\"", "'", ",", ";", "\n", " ", "=", "new", "KafkaProducer", "KafkaConsumer", "<", ">", "{", "}",
        "[", "]", "to", "mapOf", "Map", "of", "send", "poll", "subscribe", "commitSync", "for", ":", "in", "forEach", "class", "::",
        "ProducerConfig", "ACKS_CONFIG", "1", "+", "*", "-", "Duration", "ofMillis", "ProducerRecord", "import", "\\", "\\u", "$", "/*",
        "*/", "//", "\"\"\"", "key", "value", "\t", "\r", "{\"value\":", "null", "@5", "%page", "cluster", "wait", "t-0", "주", "\u{feff}",
    ][..]), 0..60)) {
        nothing_panics_on(&scraps.concat());
        nothing_panics_on(&scraps.join(" "));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in ["json", "csv", "tab", "lines", "as it seems"] {
            input::records::read(&bytes, format_of(format));
        }
        nothing_panics_on(&String::from_utf8_lossy(&bytes));
    }

    /// Every valid line of a script, cut or with a character exchanged, still gives either a line or a sentence.
    #[test]
    fn no_broken_line_panics(row in 0..ROWS.len(), at in 0usize..60, c in any::<char>()) {
        let line: String = ROWS[row].1.chars().enumerate().map(|(i, old)| if i == at { c } else { old }).collect();
        nothing_panics_on(&format!("{C}{line}"));
    }
}

/// What is answered in place of a text that does not say how often it sends is held to what a line may count.
#[test]
fn an_answer_above_what_a_line_counts_is_refused() {
    let code = partita::input::code::read("KafkaProducer p;\nfor (String s : all) p.send(r);");
    for (times, is_right) in [(1, true), (20_000_000, true), (20_000_001, false), (0, false)] {
        let answers = partita::input::code::Answers { times, ..Default::default() };
        let lines = code.clients[0].lines("p", &answers).join("\n");
        let (_, errors) = partita::script::parse(&format!("cluster brokers=1\ntopic orders\nproducer p\n{lines}\n"));
        let said: Vec<String> = errors.iter().map(|error| error.sentence(Lang::En)).collect();
        let is_told = said.iter().any(|said| said.contains("from 1 to 20,000,000"));
        assert_eq!((said.is_empty(), is_told), (is_right, !is_right), "{times}: {said:?}");
    }
}
