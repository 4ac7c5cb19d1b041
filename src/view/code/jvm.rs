//! A program in Java or in Kotlin: properties, the client, its calls, and the file around them.

use super::jvm_values::{Jvm, RecordOf, SERIALIZATION, fits, simple, sleep, type_of};
use super::out::{CodeText, Out, Part, uses};
use super::tree::Program;
use crate::lang::Lang;
use crate::script::{Call, Statement};

/// The whole program.
pub(super) fn text(program: &Program<'_>, kotlin: bool) -> CodeText {
    let jvm = Jvm { kotlin };
    let mut out = Out::default();
    properties(program, jvm, &mut out);
    let (class, name) = match program.is_producer {
        true => ("KafkaProducer", "producer"),
        false => ("KafkaConsumer", "consumer"),
    };
    let made = made(program, jvm, class);
    let mut make = |line: String| out.at(program.made, Part::Make, line);
    match (kotlin, program.exits) {
        (true, true) => make(format!("val {name} = {made}")),
        (true, false) => make(format!("{made}.use {{ {name} ->")),
        (false, true) => make(format!("var {name} = {made};")),
        (false, false) => make(format!("try (var {name} = {made}) {{")),
    }
    let body = |out: &mut Out| {
        left_out(program.left_out.0, program.lang, out);
        for step in &program.steps {
            super::jvm_calls::step(program, jvm, step, out);
        }
        left_out(program.left_out.1, program.lang, out);
    };
    if program.exits {
        body(&mut out);
    } else {
        out.inside(body);
        // Leaving the block closes the client.
        let plain = |statement: &Statement| {
            matches!(statement, Statement::Call { call: Call::Close { timeout_ms: None, operation: None }, .. })
        };
        match program.steps.iter().rev().find(|step| plain(step.statement)) {
            Some(step) => out.at(step.written, Part::Call, format!("}} // {name}.close()")),
            None => out.line("}"),
        }
    }
    let body: String = out.lines.iter().map(|line| format!("{}\n", line.text)).collect();
    let (head, foot, inset) = file(program, jvm, &body);
    CodeText { head, lines: out.lines, foot, inset, blanks: 2, places: Vec::new() }
}

/// That statements are left out.
pub(super) fn more(statements: usize, lang: Lang) -> String {
    lang.pick(format!("… {statements} more …"), format!("… {statements}개 더 …"))
}

fn left_out(statements: usize, lang: Lang, out: &mut Out) {
    if statements > 0 {
        out.line(format!("// {}", more(statements, lang)));
    }
}

fn properties(program: &Program<'_>, jvm: Jvm, out: &mut Out) {
    out.line(if jvm.kotlin {
        "val props = Properties()".to_owned()
    } else {
        "var props = new Properties();".to_owned()
    });
    let mut put = |name: &str, value: &str| {
        let (name, value) = (jvm.text(name), jvm.text(value));
        out.line(match jvm.kotlin {
            true => format!("props[{name}] = {value}"),
            false => format!("props.put({name}, {value});"),
        });
    };
    for (name, value) in &program.properties {
        put(name, value);
    }
    if !are_kafkas(program) {
        let side = if program.is_producer { "serializer" } else { "deserializer" };
        for (of, class) in ["key", "value"].into_iter().zip(&program.serializers) {
            put(&format!("{of}.{side}"), class);
        }
    }
}

/// Whether the serializers are Kafka's own: they are handed to the constructor, which knows the types by them.
fn are_kafkas(program: &Program<'_>) -> bool {
    program.serializers.iter().all(|class| class.starts_with(SERIALIZATION)) && are_of_their_types(program)
}

/// Whether all that is sent is what its serializer takes.
fn are_of_their_types(program: &Program<'_>) -> bool {
    let other = |statement: &Statement| match statement {
        Statement::Send(send) => !fits(&RecordOf::send(send), &program.serializers),
        Statement::ProduceLoop(of) => !fits(&RecordOf::of_loop(of), &program.serializers),
        _ => false,
    };
    !program.has(other)
}

/// The expression that makes the client.
fn made(program: &Program<'_>, jvm: Jvm, class: &str) -> String {
    if !are_kafkas(program) {
        return format!("{}{class}<{}>(props)", jvm.made(), types(program, jvm));
    }
    let [key, value] = &program.serializers;
    let (key, value) = (simple(key), simple(value));
    if jvm.kotlin {
        return format!("KafkaConsumer(props, {key}(), {value}())").replace("KafkaConsumer", class);
    }
    format!("new {class}<>(props, new {key}(), new {value}())")
}

/// `String, byte[]`
fn types(program: &Program<'_>, jvm: Jvm) -> String {
    if !are_of_their_types(program) {
        return if jvm.kotlin { "Any, Any" } else { "Object, Object" }.to_owned();
    }
    let one = |class: &String| match (type_of(class), jvm.kotlin) {
        ("ByteArray", false) => "byte[]".to_owned(),
        ("Integer", true) => "Int".to_owned(),
        (name, _) => name.to_owned(),
    };
    program.serializers.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What the file has before and behind the lines that are shown, and how far they stand in.
fn file(program: &Program<'_>, jvm: Jvm, body: &str) -> (String, String, u8) {
    let end = jvm.end();
    let side = if program.is_producer { "producer" } else { "consumer" };
    let mut head = String::new();
    // Each with a word that stands where it is used.
    let packages = [
        ("java.nio.ByteBuffer", "ByteBuffer"),
        ("java.time.Duration", "Duration."),
        ("java.time.Instant", "Instant."),
        ("java.util.*", "Properties"),
        (&format!("org.apache.kafka.clients.{side}.*"), "Kafka"),
        ("org.apache.kafka.common.TopicPartition", "TopicPartition("),
        ("org.apache.kafka.common.header.Header", "<Header>"),
        ("org.apache.kafka.common.header.internals.RecordHeader", "RecordHeader("),
        ("org.apache.kafka.common.serialization.*", "erializer()"),
    ];
    for (package, word) in packages {
        if body.contains(word) {
            head.push_str(&format!("import {package}{end}\n"));
        }
    }
    let (stops, reads) = (program.stops_loops(), program.has(reads));
    if uses(body, "Bytes") || reads && uses(&types(program, jvm), "Bytes") {
        head.push_str(&format!("import org.apache.kafka.common.utils.Bytes{end}\n"));
    }
    let mut foot = String::new();
    if jvm.kotlin {
        head.push_str("\nfun main() {\n");
        foot.push_str("}\n");
        if stops {
            foot.push_str("\n@Volatile\nvar running = true\n");
        }
        if reads {
            foot.push_str(&format!("\nfun process(record: ConsumerRecord<{}>) {{\n", types(program, jvm)));
            if program.process_us > 0 {
                foot.push_str(&format!("  {}\n", sleep(program.process_us, jvm)));
            }
            foot.push_str("  println(record)\n}\n");
        }
        return (head, foot, 1);
    }
    if body.contains("UTF_8") {
        head.push_str("\nimport static java.nio.charset.StandardCharsets.UTF_8;\n");
    }
    head.push_str(&format!(
        "\npublic class {} {{\n  public static void main(String[] args) throws Exception {{\n",
        class_name(program.name)
    ));
    foot.push_str("  }\n");
    if stops {
        foot.push_str("\n  static volatile boolean running = true;\n");
    }
    if reads {
        let types = types(program, jvm);
        foot.push_str(&format!("\n  static void process(ConsumerRecord<{types}> record) throws Exception {{\n"));
        if program.process_us > 0 {
            foot.push_str(&format!("    {}\n", sleep(program.process_us, jvm)));
        }
        foot.push_str("    System.out.println(record);\n  }\n");
    }
    foot.push_str("}\n");
    (head, foot, 2)
}

/// Whether a statement hands records to `process`.
fn reads(statement: &Statement) -> bool {
    matches!(statement, Statement::ConsumeLoop(_) | Statement::Call { call: Call::Loop | Call::Poll(_), .. })
}

/// `producer-1` as `Producer1`
pub(super) fn class_name(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let name: String = words.map(capital).collect();
    if name.starts_with(|letter: char| letter.is_ascii_alphabetic()) { name } else { format!("Client{name}") }
}
