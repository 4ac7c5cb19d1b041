//! What a pasted text is.

use super::yaml::is_yaml;

/// Properties or code, told by how a text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Properties,
    Code,
}

/// Whether a pasted text is client code, or properties on lines or as keys within keys. A line that is a property (a name, `=` or `:`, a value, and
/// no sign of code in the name) is none of code, whatever its value holds.
pub fn detect(text: &str) -> Kind {
    // JSON, or YAML on one line; a block of Java has no text for its first word.
    let is_json = text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']));
    if is_json || is_yaml(text) {
        return Kind::Properties;
    }
    let told = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '!']);
    let mut lines = text.lines().filter(told);
    if lines.any(|line| is_code(line.trim())) { Kind::Code } else { Kind::Properties }
}

fn is_code(line: &str) -> bool {
    const STARTS: &[&str] =
        &["import ", "package ", "public ", "private ", "class ", "val ", "var ", "fun ", "final ", "//", "/*", "@"];
    const HOLDS: &[&str] = &[
        ".put(",
        ".setProperty(",
        "mapOf(",
        "Map.of(",
        "KafkaProducer",
        "KafkaConsumer",
        "KafkaTemplate",
        "ProducerRecord",
        "ProducerConfig.",
        "ConsumerConfig.",
        ".send(",
        ".poll(",
        ".subscribe(",
        "new Properties",
    ];
    if STARTS.iter().any(|start| line.starts_with(start)) {
        return true;
    }
    if is_property(line) {
        return false;
    }
    let index = line.split_once("[\"").is_some_and(|(_, rest)| rest.contains("\"]"));
    HOLDS.iter().any(|part| line.contains(part)) || index || line.ends_with(");")
}

/// `name=value` or `name: value`, where the name is a path of plain words and the value no call that ends as code does.
fn is_property(line: &str) -> bool {
    let end = line.find(['=', ':', ' ', '\t']).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '%');
    if name.is_empty() || !name.chars().all(is_plain) || !rest.starts_with(['=', ':']) {
        return false;
    }
    // `p = new KafkaProducer<>(q)` and `val p: Producer = …` are code, though they begin so.
    let value = rest[1..].trim();
    let ends = line.ends_with(['{', '(', ',']) || line.ends_with(';') && !name.contains('.');
    let is_statement = ends || value.starts_with("new ") || value.starts_with(['{', '[']);
    let is_call = value.contains('(') && value.ends_with([')', '}']);
    !is_statement && !is_call && !value.contains("==")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pasted() {
        for (text, expected) in [
            ("spring:\n  kafka:\n    bootstrap-servers: [\"a:9092\", \"b:9092\"]", Kind::Properties),
            ("# of the service\n---\ntopics:\n- orders\n- payments", Kind::Properties),
            ("spring.kafka.consumer.value-deserializer=org.apache.KafkaConsumer", Kind::Properties),
            ("retry:\n  while (true) {\n    consumer.poll(timeout);\n  }", Kind::Code),
            ("switch (a) {\n  default:\n    producer.send(record);\n}", Kind::Code),
            ("acks=all\n# props.put(\nlinger.ms: 5", Kind::Properties),
            ("", Kind::Properties),
            ("props.put(\"acks\", \"all\");", Kind::Code),
            ("  props[\"acks\"] = \"all\"", Kind::Code),
            ("val c = KafkaConsumer<String, String>(p)", Kind::Code),
            ("acks=all\nlog4j.logger.org.apache.kafka.clients.consumer.KafkaConsumer=WARN", Kind::Properties),
            ("client.id=KafkaProducer of orders\nnote: ProducerConfig.ACKS_CONFIG", Kind::Properties),
            ("producer = new KafkaProducer<>(props);", Kind::Code),
            ("p = KafkaProducer(q)", Kind::Code),
            (
                "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=\"KafkaConsumer\";\nacks=1",
                Kind::Properties,
            ),
        ] {
            assert_eq!(detect(text), expected, "{text}");
        }
    }
}
