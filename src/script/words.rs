//! A line in the making: what forms and readers of real input write, quoted where the grammar wants it.

use super::ClientKind;
use super::print::{quoted_value, quoted_word};

/// The properties that make bytes of keys and values, or the other way round, and the class that the playground gives a client
/// whose user names none: Kafka does not make a client without one.
pub const fn serdes_given(kind: ClientKind) -> [(&'static str, &'static str); 2] {
    const BYTES: &str = "org.apache.kafka.common.serialization.ByteArraySerializer";
    const STRINGS: &str = "org.apache.kafka.common.serialization.StringDeserializer";
    match kind {
        ClientKind::Producer => [("key.serializer", BYTES), ("value.serializer", BYTES)],
        _ => [("key.deserializer", STRINGS), ("value.deserializer", STRINGS)],
    }
}

/// The serializers that the ready scenarios give their producers, so that bytes read as text.
pub const STRING_SERIALIZERS: &str = "key.serializer=org.apache.kafka.common.serialization.StringSerializer\n\
    value.serializer=org.apache.kafka.common.serialization.StringSerializer";

/// A line that is being written: its verb, then words and options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(String);

/// Begins a line with its verb.
pub fn line(verb: &str) -> Words {
    Words(verb.to_owned())
}

impl Words {
    #[must_use]
    pub fn word(mut self, word: &str) -> Words {
        self.0.push(' ');
        self.0.push_str(&quoted_word(word.trim()));
        self
    }

    /// Each word of a text.
    #[must_use]
    pub fn words(self, words: &str) -> Words {
        words.split_whitespace().fold(self, Words::word)
    }

    /// An option, when it is filled in.
    #[must_use]
    pub fn option(self, name: &str, value: &str) -> Words {
        if value.trim().is_empty() { self } else { self.given(name, value) }
    }

    /// An option, empty or not. `""` alone is an empty text.
    #[must_use]
    pub fn given(self, name: &str, value: &str) -> Words {
        self.exact(name, if value.trim() == "\"\"" { "" } else { value })
    }

    /// An option with exactly this value.
    #[must_use]
    pub fn exact(mut self, name: &str, value: &str) -> Words {
        self.0.push_str(&format!(" {}={}", quoted_word(name), quoted_value(value)));
        self
    }

    /// Options from lines `name=value`; what has no `=` stays as it is, so that the grammar says what is wrong.
    #[must_use]
    pub fn properties(mut self, lines: &str) -> Words {
        for row in lines.lines().map(str::trim).filter(|row| !row.is_empty()) {
            self = match row.split_once('=') {
                Some((name, value)) => self.given(name.trim(), value.trim()),
                None => self.word(row),
            };
        }
        self
    }

    pub fn end(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{ScriptContext, Statement, parse, parse_line};

    #[test]
    fn what_is_written_is_read_as_it_was_meant() {
        let of = line("send").word(" p1 ").word("orders").option("key", "").given("value", "a b\n\"c\" #d");
        let written = of.option("partition", " 2").end();
        assert_eq!(written, "send p1 orders value=\"a b\\n\\\"c\\\" #d\" partition=\" 2\"");
        assert_eq!(
            line("set").word("p1").properties("acks = all\n\n linger.ms=5 \nbroken").end(),
            "set p1 acks=all linger.ms=5 broken"
        );
        assert_eq!(line("send").word("").given("value", "\"\"").end(), "send \"\" value=");
        let (script, _) = parse("cluster brokers=1\nproducer p1\ntopic orders\n");
        let mut context = ScriptContext::after(&script);
        let written = line("send").word("p1").words("orders").given("key", "=\"#").given("value", "\"\"").end();
        let read = parse_line(&written, 1, &mut context).expect("a line of the grammar");
        let Statement::Send(send) = &*read.statement else { panic!("{written}") };
        assert_eq!(send.key.as_ref().map(ToString::to_string).as_deref(), Some("=\"#"));
    }
}
