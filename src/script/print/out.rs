//! The text of a line in the making, quoted where the grammar wants it.

use std::fmt::{Display, Write};

use crate::ids::TopicPartition;
use crate::script::ast::Property;
use crate::script::lexer::is_blank;

/// A plain word as a script writes it: in quotes when it would be read as something else without them.
pub fn quoted_word(word: &str) -> String {
    let opens = word.starts_with(['"', '#']) || word.split_once('=').is_some_and(|(_, v)| v.starts_with('"'));
    if word.is_empty() || opens || needs_quotes(word) { quoted(word) } else { word.to_string() }
}

/// The part behind a first `=` as a script writes it.
pub fn quoted_value(value: &str) -> String {
    if value.starts_with('"') || needs_quotes(value) { quoted(value) } else { value.to_string() }
}

fn needs_quotes(text: &str) -> bool {
    text.chars().any(|c| is_blank(c) || c.is_control())
}

/// How a character is written between double quotes that is not written as it is, in scripts as in JSON.
pub const fn escape(c: char) -> Option<&'static str> {
    Some(match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => return None,
    })
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            c if let Some(escape) = escape(c) => out.push_str(escape),
            c if c != ' ' && (c.is_control() || is_blank(c)) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The text of a line in the making: words parted by single spaces.
#[derive(Default)]
pub(super) struct Out(String);

impl Out {
    pub fn word(&mut self, word: &str) {
        self.part();
        self.0.push_str(&quoted_word(word));
    }

    /// A text that people read: always in quotes, so that a `=` in it makes no option of it.
    pub fn title(&mut self, text: &str) {
        self.part();
        self.0.push_str(&quoted(text));
    }

    /// A comment is written as it is.
    pub fn comment(&mut self, comment: &str) {
        self.part();
        self.0.push_str(comment);
    }

    fn part(&mut self) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
    }

    pub fn end(self) -> String {
        self.0
    }

    pub fn words(&mut self, words: &[&str]) {
        for word in words {
            self.word(word);
        }
    }

    pub fn option(&mut self, name: &str, value: impl Display) {
        self.word(name);
        self.0.push('=');
        self.0.push_str(&quoted_value(&value.to_string()));
    }

    pub fn some(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.option(name, value);
        }
    }

    pub fn properties(&mut self, properties: &[Property]) {
        for property in properties {
            self.option(&property.name, &property.value);
        }
    }

    pub fn partitions(&mut self, partitions: &[TopicPartition]) {
        for partition in partitions {
            self.word(&partition.to_string());
        }
    }

    pub fn numbers(&mut self, numbers: &[(TopicPartition, i64)]) {
        for (partition, number) in numbers {
            self.word(&format!("{partition}={number}"));
        }
    }
}

/// `orders-0,orders-1`, or `none`.
pub(super) fn joined(partitions: &[TopicPartition]) -> String {
    match partitions {
        [] => "none".to_string(),
        _ => partitions.iter().map(TopicPartition::to_string).collect::<Vec<_>>().join(","),
    }
}
