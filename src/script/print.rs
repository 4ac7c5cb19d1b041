//! Writes the canonical text of a script: what it writes is read as the same script.

use std::fmt::{Display, Write};

use crate::ids::TopicPartition;

use super::ast::{Line, Property, Script, Statement};
use super::lexer::is_blank;
use super::{admin, calls, cluster, condition, faults, sends};

/// The whole script, each line ended by a line feed.
pub fn print(script: &Script) -> String {
    let mut text = String::new();
    if let Some(about) = &script.about {
        let about = about.replace(['\n', '\r'], " ");
        text.push_str(format!("# about: {about}").trim_end());
        text.push('\n');
    }
    for line in &script.lines {
        text.push_str(&print_line(line));
        text.push('\n');
    }
    text
}

/// One line without its line feed.
pub fn print_line(line: &Line) -> String {
    if line.is_broken {
        return line.text.to_string();
    }
    let mut out = Out(String::new());
    if let Some(anchor) = line.anchor {
        let at = anchor.at.micros();
        match anchor.moves {
            Some(moves) => out.word(&format!("@{at}+{moves}")),
            None => out.word(&format!("@{at}")),
        }
    }
    print_to(&line.statement, &mut out);
    if !line.messages {
        out.option("messages", "no");
    }
    if let Some(comment) = &line.comment {
        if !out.0.is_empty() {
            out.0.push(' ');
        }
        out.0.push_str(comment);
    }
    out.0
}

/// One statement alone.
pub fn print_statement(statement: &Statement) -> String {
    let mut out = Out(String::new());
    print_to(statement, &mut out);
    out.0
}

fn print_to(statement: &Statement, out: &mut Out) {
    match statement {
        Statement::Nothing => {}
        Statement::Cluster(of) => cluster::print_cluster(of, out),
        Statement::Topic(of) => cluster::print_topic(of, out),
        Statement::Client(of) => calls::print_client(of, out),
        Statement::Send(of) => sends::print_send(of, out),
        Statement::Call { client, call } => calls::print_call(client, call, out),
        Statement::ProduceLoop(of) => sends::print_loop(of, out),
        Statement::ConsumeLoop(of) => calls::print_consume_loop(of, out),
        Statement::Admin(of) => admin::print_admin(of, out),
        Statement::Fault(of) => faults::print_fault(of, out),
        Statement::Wait(of) => {
            out.word("wait");
            condition::print_wait(of, out);
        }
        Statement::RunUntil(of) => {
            out.words(&["run", "until"]);
            condition::print_wait(of, out);
        }
        Statement::RunUntilInstant(at) => {
            out.words(&["run", "until"]);
            condition::print_instant(*at, out);
        }
        Statement::Step(1) => out.word("step"),
        Statement::Step(n) => out.words(&["step", &n.to_string()]),
        Statement::Sleep(ms) => out.words(&["sleep", &ms.to_string()]),
        Statement::Set(of) => cluster::print_set(of, out),
    }
}

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

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
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
pub(super) struct Out(String);

impl Out {
    pub fn word(&mut self, word: &str) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(&quoted_word(word));
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
