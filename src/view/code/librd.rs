//! A program of librdkafka's clients: in Python (`confluent-kafka`) or in Rust (`rdkafka`). Settings, the client, its calls,
//! and the file around them.

use super::jvm_values::SERIALIZATION;
use super::librd_calls::Calls;
use super::librd_settings::settings;
use super::librd_values::usize_of;
use super::out::{CodeText, Out, Part, uses};
use super::tree::{Program, Step};
use crate::application::SendMode;
use crate::lang::Lang;
use crate::script::{Call, Statement};

/// One of the two, where they differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Librd {
    pub rust: bool,
    /// Of its comments.
    pub lang: Lang,
}

impl Librd {
    /// What is written in Python, or in Rust.
    pub fn of<'s>(self, python: &'s str, rust: &'s str) -> &'s str {
        if self.rust { rust } else { python }
    }

    /// A comment.
    pub fn comment(self, words: &str) -> String {
        format!("{} {words}", self.of("#", "//"))
    }
}

/// The whole program.
pub(super) fn text(program: &Program<'_>, librd: Librd) -> CodeText {
    let mut out = Out::default();
    functions(program, librd, &mut out);
    made(program, librd, &mut out);
    let close =
        program.steps.iter().rfind(|step| matches!(step.statement, Statement::Call { call: Call::Close { .. }, .. }));
    let ends = program.steps.last().is_some_and(|step| !is_endless(step.statement));
    // Python's block that closes the client whatever comes; what comes to its end needs none.
    let guarded = !(librd.rust || program.exits || program.is_producer && ends);
    let calls = Calls { program, librd, ends_at: close.map(|step| step.written) };
    if awaits(program, librd) {
        out.line("let mut callbacks = tokio::task::JoinSet::new();");
    }
    let body = |out: &mut Out| {
        left_out(program.left_out.0, librd, out);
        for number in 0..program.steps.len() {
            calls.step(number, out);
        }
        left_out(program.left_out.1, librd, out);
    };
    if guarded {
        out.line("try:");
        out.inside(|out| {
            let before = out.lines.len();
            body(out);
            if out.lines[before..].iter().all(|line| line.text.starts_with('#')) {
                out.line("pass");
            }
        });
        out.line("finally:");
        out.inside(|out| end(program, librd, close, out));
    } else {
        body(&mut out);
        if !program.exits {
            end(program, librd, close, &mut out);
        }
    }
    let (head, foot) = file(program, librd, ends || program.is_producer, &out);
    let (inset, blanks) = (u8::from(librd.rust), 4);
    CodeText { head, lines: out.lines, foot, inset, blanks, places: Vec::new() }
}

/// Whether the program waits at its end for its callbacks, which are tasks of their own.
pub(super) fn awaits(program: &Program<'_>, librd: Librd) -> bool {
    let ends = program.steps.last().is_some_and(|step| !is_endless(step.statement));
    librd.rust && ends && !program.exits && program.sends(SendMode::Async)
}

/// Whether the program never comes behind a statement by itself.
fn is_endless(statement: &Statement) -> bool {
    match statement {
        Statement::ConsumeLoop(_) | Statement::Call { call: Call::Loop | Call::Exit, .. } => true,
        Statement::ProduceLoop(of) => of.count.is_none(),
        _ => false,
    }
}

fn left_out(statements: usize, librd: Librd, out: &mut Out) {
    if statements > 0 {
        out.line(librd.comment(&super::jvm::more(statements, librd.lang)));
    }
}

/// What is called back.
fn functions(program: &Program<'_>, librd: Librd, out: &mut Out) {
    let sends = |mode: SendMode| program.sends(mode);
    if !librd.rust {
        if sends(SendMode::Async) {
            out.line("def on_delivery(err, msg):");
            out.inside(|out| out.shared(Part::Callback, "print(err or (msg.topic(), msg.partition(), msg.offset()))"));
            out.line("");
        }
        if sends(SendMode::Sync) {
            out.line("def checked(err, msg):");
            out.inside(|out| {
                out.line("if err:");
                let comes_out = librd.lang.pick("flush() throws it", "flush()에서 던집니다");
                out.inside(|out| out.line(format!("raise KafkaException(err)  # {comes_out}")));
            });
            out.line("");
        }
    }
    if !program.commits_on_revoked {
        return;
    }
    let nothing = librd.lang.pick("nothing was read", "읽은 것이 없음");
    if librd.rust {
        out.line("struct OnRevoke;");
        out.line("impl ClientContext for OnRevoke {}");
        out.line("impl ConsumerContext for OnRevoke {");
        out.inside(|out| {
            out.line("fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {");
            out.inside(|out| {
                out.line("if let Rebalance::Revoke(_) = rebalance {");
                out.inside(|out| {
                    let line = "if let Err(error) = consumer.commit_consumer_state(CommitMode::Sync) {";
                    out.shared(Part::Listener, line);
                    out.inside(|out| out.line(format!("println!(\"{{error}}\"); // NoOffset: {nothing}")));
                    out.line("}");
                });
                out.line("}");
            });
            out.line("}");
        });
        out.line("}");
        return;
    }
    out.line("def on_revoke(consumer, partitions):");
    out.inside(|out| {
        out.line("try:");
        out.inside(|out| out.shared(Part::Listener, "consumer.commit(asynchronous=False)"));
        out.line("except KafkaException as e:");
        out.inside(|out| {
            out.line(format!("if e.args[0].code() != KafkaError._NO_OFFSET:  # {nothing}"));
            out.inside(|out| out.line("raise"));
        });
    });
    out.line("");
}

/// The client, with its settings.
fn made(program: &Program<'_>, librd: Librd, out: &mut Out) {
    let at = program.made;
    match (librd.rust, program.is_producer, program.commits_on_revoked) {
        (true, true, _) => out.at(at, Part::Make, "let producer: FutureProducer = ClientConfig::new()"),
        (true, false, true) => out.at(at, Part::Make, "let consumer: BaseConsumer<OnRevoke> = ClientConfig::new()"),
        (true, false, false) => out.at(at, Part::Make, "let consumer: BaseConsumer = ClientConfig::new()"),
        (false, true, _) => out.at(at, Part::Make, "producer = Producer({"),
        (false, false, _) => out.at(at, Part::Make, "consumer = Consumer({"),
    }
    out.inside(|out| {
        for of in settings(program, librd) {
            let Some((name, value)) = of.set else {
                out.line(librd.comment(&of.note));
                continue;
            };
            let set = match librd.rust {
                true => format!(".set({}, {})", librd.text(name), librd.text(&value)),
                false => format!("{}: {},", librd.text(name), python_setting(librd, &value)),
            };
            let note = match of.note.as_str() {
                "" => String::new(),
                note => format!("{}{}", librd.of("  ", " "), librd.comment(note)),
            };
            out.line(set + &note);
        }
        let own = |class: &&String| !class.starts_with(SERIALIZATION);
        for class in program.serializers.iter().filter(own) {
            out.line(librd.comment(&super::librd_settings::none(class, librd.lang)));
        }
        match program.commits_on_revoked {
            _ if !librd.rust => {}
            true => out.line(".create_with_context(OnRevoke)?;"),
            false => out.line(".create()?;"),
        }
    });
    if !librd.rust {
        out.line("})");
    }
}

/// A number, a truth or a text of a dictionary.
fn python_setting(librd: Librd, value: &str) -> String {
    match value {
        "true" => "True".to_owned(),
        "false" => "False".to_owned(),
        value if value.parse::<i64>().is_ok_and(|n| n.to_string() == value) => value.to_owned(),
        value => librd.text(value),
    }
}

/// How the client is closed.
pub(super) fn end(program: &Program<'_>, librd: Librd, close: Option<&Step<'_>>, out: &mut Out) {
    let (timeout_ms, operation) = match close.map(|step| step.statement) {
        Some(Statement::Call { call: Call::Close { timeout_ms, operation }, .. }) => (*timeout_ms, *operation),
        _ => (None, None),
    };
    if operation.is_some() {
        let how = super::librd_settings::none("CloseOptions.groupMembershipOperation", librd.lang);
        out.line(librd.comment(&how));
    }
    let line = match (program.is_producer, librd.rust, timeout_ms) {
        (true, true, None) => "producer.flush(Timeout::Never)?; // close()".to_owned(),
        (true, true, Some(ms)) => format!("producer.flush({})?; // close()", librd.ms(ms)),
        (true, false, None) => "producer.flush()  # close()".to_owned(),
        (true, false, Some(ms)) => format!("producer.flush({})  # close()", librd.ms(ms)),
        (false, _, timeout) => {
            if let Some(ms) = timeout {
                let of = format!("close(Duration.ofMillis({ms}))");
                out.line(librd.comment(&super::librd_settings::none(&of, librd.lang)));
            }
            librd.of("consumer.close()", "drop(consumer); // close()").to_owned()
        }
    };
    match close {
        Some(step) => out.at(step.written, Part::Call, line),
        // At the end of its block Rust drops a consumer by itself.
        None if librd.rust && !program.is_producer => {}
        None => out.line(line),
    }
    if awaits(program, librd) {
        out.line("callbacks.join_all().await;");
    }
}

/// What the file has before and behind the lines that are shown.
fn file(program: &Program<'_>, librd: Librd, ends: bool, out: &Out) -> (String, String) {
    let body: String = out.lines.iter().map(|line| format!("{}\n", line.text)).collect();
    let mut functions = helpers(program, librd, &body);
    let stops = program.stops_loops();
    if stops && librd.rust {
        functions.push_str("\nstatic RUNNING: AtomicBool = AtomicBool::new(true);\n");
    }
    let mut head = String::new();
    let all = format!("{body}{functions}");
    imports(librd, &all, &mut head);
    if !librd.rust {
        head.push_str(&functions);
        head.push_str(if stops { "\nrunning = True\n\n" } else { "\n" });
        return (head, String::new());
    }
    head.push_str(if program.is_producer { "\n#[tokio::main]\nasync " } else { "\n" });
    head.push_str("fn main() -> Result<(), Box<dyn std::error::Error>> {\n");
    let foot = if ends && !program.exits { "    Ok(())\n}\n" } else { "}\n" };
    (head, format!("{foot}{functions}"))
}

/// The functions that the program calls and that are not worth looking at.
fn helpers(program: &Program<'_>, librd: Librd, body: &str) -> String {
    let mut text = String::new();
    if body.contains("process(") {
        let (seconds, us) = (librd.seconds(program.process_us), program.process_us);
        match librd.rust {
            true => {
                text.push_str("\nfn process(record: &BorrowedMessage<'_>) {\n");
                if us > 0 {
                    text.push_str(&format!("    std::thread::sleep({});\n", librd.us(us)));
                }
                text.push_str("    println!(\"{record:?}\");\n}\n");
            }
            false => {
                text.push_str("\ndef process(msg):\n    if msg.error():\n        raise KafkaException(msg.error())\n");
                if us > 0 {
                    text.push_str(&format!("    time.sleep({seconds})\n"));
                }
                text.push_str("    print(msg.topic(), msg.partition(), msg.offset(), msg.key(), msg.value())\n");
            }
        }
    }
    if body.contains("commit_new(") {
        text.push_str(&commit_new(librd));
    }
    if !librd.rust {
        return text;
    }
    if body.contains("poll(&consumer") {
        let most = program.most_records(librd);
        text.push_str(&format!(
            "\nfn poll<C: ConsumerContext>(consumer: &BaseConsumer<C>, timeout: Duration) -> KafkaResult<Vec<BorrowedMessage<'_>>> {{\n    \
             let first = consumer.poll(timeout);\n    let more = std::iter::from_fn(|| consumer.poll(Duration::ZERO));\n    \
             first.into_iter().chain(more).take({most}).collect()\n}}\n"
        ));
    }
    if body.contains("partitions(&[") {
        text.push_str(
            "\nfn partitions(of: &[(&str, i32)]) -> TopicPartitionList {\n    let mut list = TopicPartitionList::new();\n    \
             for (topic, partition) in of {\n        list.add_partition(topic, *partition);\n    }\n    list\n}\n",
        );
    }
    if body.contains("offsets(&[") {
        text.push_str(
            "\nfn offsets(of: &[(&str, i32, Offset)], metadata: &str) -> KafkaResult<TopicPartitionList> {\n    \
             let mut list = TopicPartitionList::new();\n    for (topic, partition, offset) in of {\n        \
             let mut added = list.add_partition(topic, *partition);\n        added.set_offset(*offset)?;\n        \
             added.set_metadata(metadata);\n    }\n    Ok(list)\n}\n",
        );
    }
    text
}

/// The commit of all that was read: Java's does nothing where there is nothing new, librdkafka's fails.
fn commit_new(librd: Librd) -> String {
    let nothing = librd.lang.pick("nothing new", "새로 읽은 것이 없음");
    match librd.rust {
        true => format!(
            "\nfn commit_new<C: ConsumerContext>(consumer: &BaseConsumer<C>, mode: CommitMode) -> KafkaResult<()> {{\n    \
             match consumer.commit_consumer_state(mode) {{\n        \
             Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => Ok(()), // {nothing}\n        \
             result => result,\n    }}\n}}\n"
        ),
        false => format!(
            "\ndef commit_new(consumer, asynchronous):\n    try:\n        consumer.commit(asynchronous=asynchronous)\n    \
             except KafkaException as e:\n        if e.args[0].code() != KafkaError._NO_OFFSET:  # {nothing}\n            \
             raise\n"
        ),
    }
}

/// What a file begins with: where the client comes from, and the names that it uses.
fn imports(librd: Librd, all: &str, head: &mut String) {
    const PYTHON: [(&str, &[&str]); 1] = [(
        "confluent_kafka",
        &["OFFSET_BEGINNING", "OFFSET_END", "Consumer", "KafkaError", "KafkaException", "Producer", "TopicPartition"],
    )];
    const RUST: [(&str, &[&str]); 10] = [
        ("rdkafka::client", &["ClientContext"]),
        ("rdkafka::config", &["ClientConfig"]),
        ("rdkafka::consumer", &["BaseConsumer", "CommitMode", "Consumer", "ConsumerContext", "Rebalance"]),
        ("rdkafka::error", &["KafkaError", "KafkaResult", "RDKafkaErrorCode"]),
        ("rdkafka::message", &["BorrowedMessage", "Header", "OwnedHeaders"]),
        ("rdkafka::producer", &["FutureProducer", "FutureRecord", "Producer"]),
        ("rdkafka", &["Offset", "TopicPartitionList"]),
        ("rdkafka::util", &["Timeout"]),
        ("std::sync::atomic", &["AtomicBool", "Ordering"]),
        ("std::time", &["Duration", "Instant", "SystemTime", "UNIX_EPOCH"]),
    ];
    if librd.rust {
        head.push_str("// Cargo.toml: rdkafka = \"0.39\"");
        head.push_str(if all.contains("tokio::") || all.contains("FutureProducer") {
            ", tokio = { version = \"1\", features = [\"full\"] }\n\n"
        } else {
            "\n\n"
        });
    } else {
        head.push_str("# pip install confluent-kafka\n\n");
        for module in ["itertools", "os", "struct", "time"] {
            if uses(all, module) {
                head.push_str(&format!("import {module}\n"));
            }
        }
        if head.contains("import") {
            head.push('\n');
        }
    }
    let packages: &[(&str, &[&str])] = if librd.rust { &RUST } else { &PYTHON };
    for (package, names) in packages {
        // A trait of Rust is used by its methods.
        let is_there = |name: &&&str| match **name {
            "Consumer" if librd.rust => all.contains("consumer."),
            "Producer" if librd.rust => [".flush(", ".client()", "_transaction"].iter().any(|of| all.contains(of)),
            name => uses(all, name),
        };
        let names: Vec<&str> = names.iter().filter(is_there).copied().collect();
        match (names.as_slice(), librd.rust) {
            ([], _) => {}
            (names, false) => head.push_str(&format!("from {package} import {}\n", names.join(", "))),
            ([name], true) => head.push_str(&format!("use {package}::{name};\n")),
            (names, true) => head.push_str(&format!("use {package}::{{{}}};\n", names.join(", "))),
        }
    }
}

/// Records that Python's `consume` takes at once; it throws a `ValueError` when it is asked for more.
pub(super) const MOST_CONSUMED: usize = 1_000_000;

impl Program<'_> {
    /// Whether it sends so.
    pub fn sends(&self, mode: SendMode) -> bool {
        self.has(|statement| match statement {
            Statement::Send(send) => send.mode == mode,
            Statement::ProduceLoop(of) => of.mode == mode,
            _ => false,
        })
    }

    /// How many records its client takes at once, as Java's `poll` does.
    pub fn most_records(&self, librd: Librd) -> usize {
        let most = usize_of(&self.value("max.poll.records"), 500);
        if librd.rust { most } else { most.min(MOST_CONSUMED) }
    }

    /// Whether it has a group.
    pub fn has_group(&self) -> bool {
        !matches!(self.value("group.id").as_str(), "" | "null")
    }

    /// Whether its client commits by itself.
    pub fn lets_commit(&self) -> bool {
        self.value("enable.auto.commit") == "true" && self.has_group()
    }
}
