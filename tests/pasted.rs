//! Pasted code as people write it: what becomes of each is a file beside it, and every line that is made runs.
//!
//! `PARTITA_BLESS=1 cargo test --test pasted` writes the files anew; whoever does reads what changed.

mod kept_text;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use partita::config::Side;
use partita::event::EventKind;
use partita::input::code::{Answers, Code, Kind, Role, Whom, assign_code, detect, pasted, read};
use partita::lang::Lang;
use partita::script::{self, ClientKind};
use partita::time::Instant;
use partita::timeline::Timeline;

use kept_text::same_as_kept;

fn texts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pasted");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of texts")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|of| of != "txt"))
        .collect();
    all.sort();
    all
}

/// What a text becomes, as the dialog shows it.
fn outcome(text: &str) -> String {
    let mut out = String::new();
    if detect(text) == Kind::Properties {
        for kind in [ClientKind::Producer, ClientKind::Consumer] {
            let whom = Whom { name: "x".to_owned(), kind, is_new: true, brokers: 3 };
            let pasted = pasted(text, &whom, &Answers::default());
            for line in pasted.lines(&whom, true) {
                let _ = writeln!(out, "{line}");
            }
            for told in pasted.note.iter().chain(&pasted.left_out) {
                let _ = writeln!(out, "- {}", told.en);
            }
        }
        return out;
    }
    let code = read(text);
    for (i, client) in code.clients.iter().enumerate() {
        let kind = if client.role == Role::Producer { "producer" } else { "consumer" };
        let _ = writeln!(out, "{kind} {:?}, line {}", client.name, client.line);
        for property in code.properties.iter().filter(|p| p.client == Some(i)) {
            let _ = writeln!(out, "  {}={}", property.found.name, property.found.value);
        }
        if client.commits_on_revoked {
            out.push_str("  on-revoked=commit-sync\n");
        }
        for line in client.lines("x", &Answers::default()) {
            let _ = writeln!(out, "  | {line}");
        }
        let asks = code.asks(i);
        for (asked, what) in [(asks.topic, "topic"), (asks.times, "times"), (asks.group, "group")] {
            out.push_str(&if asked { format!("  asks for the {what}\n") } else { String::new() });
        }
    }
    for property in code.properties.iter().filter(|p| p.client.is_none()) {
        let _ = writeln!(out, "{:?}: {}={}", property.role, property.found.name, property.found.value);
    }
    for problem in &code.problems {
        let _ = writeln!(out, "- {}", problem.sentence(Lang::En));
    }
    out
}

#[test]
fn texts_become_what_stands_beside_them() {
    let all = texts();
    assert!(all.len() >= 12, "{all:?}");
    for path in all {
        let text = std::fs::read_to_string(&path).expect("a text");
        same_as_kept(&path.with_extension("txt"), &outcome(&text));
    }
}

/// The script of one client of a text, as the dialog makes it.
fn script_of(code: &Code, client: usize) -> String {
    let of = &code.clients[client];
    let (side, verb) = match of.role {
        Role::Producer => (Side::Producer, "producer"),
        Role::Consumer => (Side::Consumer, "consumer"),
    };
    let mut line = format!("{verb} x1");
    let assigned = assign_code(code, side, Some(client), 3);
    for found in &assigned.accepted {
        let _ = write!(line, " {}={}", script::quoted_word(&found.name), script::quoted_value(&found.value));
    }
    if code.asks(client).group {
        line.push_str(" group.id=group-1");
    }
    if of.commits_on_revoked {
        line.push_str(" on-revoked=commit-sync");
    }
    let lines = of.lines("x1", &Answers::default()).join("\n");
    format!("cluster brokers=3\ntopic orders partitions=3\n{line}\n{lines}\n")
}

#[test]
fn every_line_that_is_made_is_read_and_runs() {
    for path in texts() {
        let text = std::fs::read_to_string(&path).expect("a text");
        if detect(&text) == Kind::Properties {
            continue;
        }
        let code = read(&text);
        for client in 0..code.clients.len() {
            let text = script_of(&code, client);
            let (script, errors) = script::parse(&text);
            let told: Vec<_> = errors.iter().map(|error| error.sentence(Lang::En)).collect();
            assert!(errors.is_empty(), "{}\n{text}\n{told:?}", path.display());
            let printed: Vec<_> = script.statements().map(|line| script::print_statement(&line.statement)).collect();
            for line in code.clients[client].lines("x1", &Answers::default()) {
                assert!(printed.contains(&line), "{line} is read as something else: {printed:?}");
            }
            let mut timeline =
                Timeline::new(&script).unwrap_or_else(|error| panic!("{}\n{text}\n{error:?}", path.display()));
            let until = Instant::from_millis(20_000);
            let mut moves = 0;
            while moves < 20_000 && timeline.simulation().now().at < until && timeline.forward() {
                moves += 1;
            }
            assert!(moves > 10, "{}: the program does nothing in {moves} moves\n{text}", path.display());
            let stopped = timeline.simulation().stopped_at();
            assert_eq!(stopped, None, "{}: this line cannot be carried out\n{text}", path.display());
        }
    }
}

/// What "Apply from now" does to a client that runs: every line is a command, at one place of the run. What happens then.
fn applied_from_now(scenario: &str, name: &str, kind: ClientKind, text: &str) -> Vec<EventKind> {
    let (script, errors) = script::parse(scenario);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("the cluster can be made");
    timeline.run_until(Instant::from_millis(5_000));
    let whom = Whom { name: name.to_owned(), kind, is_new: false, brokers: 1 };
    let lines = pasted(text, &whom, &Answers::default()).lines(&whom, true);
    let mut context = script::ScriptContext::after(&script);
    let mut read = |line: &String| script::parse_line(line, 1, &mut context).expect("a line of the grammar").statement;
    let statements = lines.iter().map(|line| Arc::unwrap_or_clone(read(line))).collect();
    timeline.act_all(statements).expect("it can be done");
    let mut happened = Vec::new();
    while timeline.simulation().now().at < Instant::from_millis(20_000) && timeline.forward() {
        happened.extend(timeline.events().iter().map(|event| event.kind));
    }
    happened
}

const TWELVE: &str = "Properties props = new Properties();
props.put(\"acks\", \"1\");
KafkaProducer<String, String> producer = new KafkaProducer<>(props);
for (int i = 0; i < 12; i++) {
    producer.send(new ProducerRecord<>(\"orders\", \"k\", \"v\" + i));
}
";

/// The client is made anew for its settings, and its program begins in the new one, once.
#[test]
fn a_program_applied_from_now_runs_once() {
    let cluster = "cluster brokers=1 seed=1\ntopic orders\n";
    for own in ["", "produce-loop p1 orders interval_ms=300\n", "produce-loop p1 orders count=2000\n"] {
        let happened = applied_from_now(&format!("{cluster}producer p1\n{own}"), "p1", ClientKind::Producer, TWELVE);
        let closed = happened.iter().position(|of| matches!(of, EventKind::ClientClosed { .. })).expect("it closes");
        let sent = happened[closed..].iter().filter(|of| matches!(of, EventKind::SendCalled { .. }));
        assert_eq!(sent.count(), 12, "{own:?}");
    }
}

/// What a consumer reads from now on is what the code says, for the client that is made anew.
#[test]
fn a_consumer_applied_from_now_reads_what_its_code_says() {
    let code = "props.put(\"max.poll.records\", \"3\");
KafkaConsumer<String, String> consumer = new KafkaConsumer<>(props);
consumer.assign(List.of(new TopicPartition(\"orders\", 0)));
consumer.seek(new TopicPartition(\"orders\", 0), 4);
while (true) { for (var r : consumer.poll(Duration.ofMillis(100))) handle(r); }
";
    let scenario = "cluster brokers=1 seed=1\ntopic orders\ntopic other\nproducer p1\nsend p1 orders value=v{i} times=10\nwait sent p1\n\
                    consumer c1 group.id=g\nsubscribe c1 other\nconsume-loop c1\n";
    let happened = applied_from_now(scenario, "c1", ClientKind::Consumer, code);
    let read = |of: &EventKind| match of {
        EventKind::RecordsProcessed { first, last, .. } => Some((*first, *last)),
        _ => None,
    };
    let all: Vec<(u64, u64)> = happened.iter().filter_map(read).collect();
    assert_eq!(all, [(4, 6), (7, 9)]);
}
