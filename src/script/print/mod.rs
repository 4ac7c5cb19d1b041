//! Writes the canonical text of a script: what it writes is read as the same script.

mod admin;
mod calls;
mod clients;
mod code;
mod cluster;
mod condition;
mod faults;
mod out;
mod sends;
mod story;

use std::sync::Arc;

use super::ast::{Anchor, Line, Script, Statement};
use out::Out;

pub use out::{escape, quoted_value, quoted_word};

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
    let mut out = Out::default();
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
        out.comment(comment);
    }
    out.end()
}

/// One statement alone.
pub fn print_statement(statement: &Statement) -> String {
    let mut out = Out::default();
    print_to(statement, &mut out);
    out.end()
}

/// The verb, and behind it what the statement's family has to say.
fn print_to(statement: &Statement, out: &mut Out) {
    if *statement != Statement::Nothing {
        out.word(statement.verb());
    }
    match statement {
        Statement::Nothing | Statement::Step(1) => {}
        Statement::Cluster(of) => cluster::print_cluster(of, out),
        Statement::Topic(of) => cluster::print_topic(of, out),
        Statement::Client(of) => clients::print_client(of, out),
        Statement::Send(of) => sends::print_send(of, out),
        Statement::Call { client, call } => calls::print_call(client, call, out),
        Statement::ProduceLoop(of) => sends::print_loop(of, out),
        Statement::ConsumeLoop(of) => clients::print_consume_loop(of, out),
        Statement::Admin(of) => admin::print_admin(of, out),
        Statement::Fault(of) => faults::print_fault(of, out),
        Statement::Wait(of) => condition::print_wait(of, out),
        Statement::RunUntil(of) => {
            out.word("until");
            condition::print_wait(of, out);
        }
        Statement::RunUntilInstant(at) => {
            out.word("until");
            condition::print_instant(*at, out);
        }
        Statement::Step(n) => out.word(&n.to_string()),
        Statement::Sleep(ms) => out.word(&ms.to_string()),
        Statement::Set(of) => cluster::print_set(of, out),
        Statement::Code(of) => code::print_code(of, out),
        Statement::Chapter(of) => story::print_chapter(of, out),
        Statement::Try(of) => story::print_try(of, out),
    }
}

impl Line {
    /// Whether it was written, or is printed, like this.
    pub fn is_written(&self, text: &str) -> bool {
        *self.text == *text || print_line(self) == *text
    }

    /// A line made by a program (a button, a loop) rather than read from a text: its text is the printed one.
    pub fn made(number: u32, anchor: Option<Anchor>, statement: Arc<Statement>) -> Line {
        let mut line = Line {
            number,
            row: number,
            anchor,
            statement,
            messages: true,
            comment: None,
            text: Arc::from(""),
            is_broken: false,
        };
        line.text = Arc::from(print_line(&line));
        line
    }
}
