//! What a pasted text is.

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Properties,
    Code,
}

/// Whether a pasted text is client code or a properties text.
pub fn detect(text: &str) -> Kind {
    let is_code = |line: &str| {
        let line = line.trim();
        const STARTS: &[&str] = &[
            "import ", "package ", "public ", "private ", "class ", "val ", "var ", "fun ", "final ", "//", "/*", "@",
        ];
        const HOLDS: &[&str] = &[
            ".put(",
            ".setProperty(",
            "mapOf(",
            "Map.of(",
            "KafkaProducer",
            "KafkaConsumer",
            "ProducerConfig.",
            "ConsumerConfig.",
            ".send(",
            ".poll(",
            "new Properties",
        ];
        let index = line.split_once("[\"").is_some_and(|(_, rest)| rest.contains("\"]"));
        STARTS.iter().any(|start| line.starts_with(start)) || HOLDS.iter().any(|part| line.contains(part)) || index
    };
    let told = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '!']);
    if text.lines().filter(told).any(is_code) { Kind::Code } else { Kind::Properties }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pasted() {
        for (text, expected) in [
            ("acks=all\n# props.put(\nlinger.ms: 5", Kind::Properties),
            ("", Kind::Properties),
            ("props.put(\"acks\", \"all\");", Kind::Code),
            ("  props[\"acks\"] = \"all\"", Kind::Code),
            ("val c = KafkaConsumer<String, String>(p)", Kind::Code),
        ] {
            assert_eq!(detect(text), expected, "{text}");
        }
    }
}
