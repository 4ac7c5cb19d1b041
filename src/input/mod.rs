//! Real input: properties, client code, record files. Pure functions from text to what was understood, and a problem with
//! line and column for everything that was not.

mod assign;
mod bootstrap;
pub mod code;
mod csv;
mod json;
mod json_lines;
mod problem;
pub mod properties;
pub mod records;
mod tables;
mod unused;

pub use crate::script::Lang;
pub use assign::{Assigned, Reason, Refused, assign, assign_code, meant_for_another};
pub use bootstrap::{Bootstrap, bootstrap};
pub use problem::{Expected, Problem, RecordFault, RecordPart, What};
pub use unused::{is_unknown, unused};

/// Bytes of a pasted text or a dropped file: 5 MB.
pub const MAX_TEXT_BYTES: usize = 5 * 1_048_576;

fn too_large(bytes: usize) -> What {
    What::TextTooLarge { bytes: bytes as u64, limit: MAX_TEXT_BYTES as u64 }
}

/// A property that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Kafka's own name.
    pub name: String,
    pub value: String,
    /// From 1.
    pub line: u32,
    /// Of the name; from 1, in characters.
    pub column: u32,
}

/// What a pasted text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pasted {
    Properties,
    Code,
}

/// Whether a pasted text is client code or a properties text.
pub fn detect(text: &str) -> Pasted {
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
    if text.lines().filter(told).any(is_code) { Pasted::Code } else { Pasted::Properties }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pasted() {
        for (text, expected) in [
            ("acks=all\n# props.put(\nlinger.ms: 5", Pasted::Properties),
            ("", Pasted::Properties),
            ("props.put(\"acks\", \"all\");", Pasted::Code),
            ("  props[\"acks\"] = \"all\"", Pasted::Code),
            ("val c = KafkaConsumer<String, String>(p)", Pasted::Code),
        ] {
            assert_eq!(detect(text), expected, "{text}");
        }
    }
}
