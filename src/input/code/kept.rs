//! The text of a client's program, to be kept with the run, with the lines on which its parts stand.

use std::sync::Arc;

use super::described::{Code, CodeClient, Program};
use super::source::Source;
use crate::script::{CodePart, MAX_CODE_BYTES, PastedCode, Statement, print_statement};

impl Code {
    /// The line of a script that keeps the text for a client that is called so here. None when the client does nothing,
    /// or the text is longer than a run keeps.
    pub fn kept(&self, text: &str, client: usize, name: &str) -> Option<String> {
        let of = self.clients.get(client)?;
        let program = of.program.as_ref()?;
        if text.len() > MAX_CODE_BYTES {
            return None;
        }
        let source = Source::new(text, &mut Vec::new());
        let found = Finder { source: &source, client: of };
        let mut parts = match program {
            Program::Produces(producing) => found.producing(producing.line),
            Program::Consumes(_) => found.consuming(),
        };
        parts.push((CodePart::Make, of.line));
        let parts = CodePart::ALL.iter().filter_map(|(_, part)| parts.iter().find(|(of, _)| of == part).copied());
        let code = PastedCode {
            client: Arc::from(name),
            text: Arc::from(text),
            kotlin: source.is_kotlin,
            parts: parts.collect(),
        };
        Some(print_statement(&Statement::Code(code)))
    }
}

struct Finder<'s, 'a> {
    source: &'s Source<'a>,
    client: &'s CodeClient,
}

impl Finder<'_, '_> {
    fn line(&self, at: usize) -> u32 {
        self.source.place(at).0
    }

    /// The first call of one of these methods from a token on: on the client by its name, else on anything.
    fn call(&self, methods: &[&str], from: usize) -> Option<usize> {
        let source = self.source;
        let is_call = |i: &usize| {
            let named = source.word(*i).is_some_and(|word| methods.contains(&word));
            named && matches!(source.sign(i.wrapping_sub(1)), "." | "?.") && source.is(i + 1, "(")
        };
        let on_client = |i: &usize| source.word(i.wrapping_sub(2)) == Some(self.client.name.as_str());
        let calls = || (from..source.len()).filter(is_call);
        calls().find(on_client).or_else(|| calls().next())
    }

    /// The line of what is done first behind an arrow or in braces, from a token on up to another.
    fn first_of_block(&self, from: usize, to: usize) -> Option<u32> {
        let arrow = (from..to).find(|i| self.source.sign(*i) == "->")?;
        let first = if self.source.is(arrow + 1, "{") { arrow + 2 } else { arrow + 1 };
        Some(self.line(first))
    }

    fn producing(&self, line: u32) -> Vec<(CodePart, u32)> {
        let source = self.source;
        let sends = (0..source.len()).filter(|i| source.word(*i) == Some("send") && source.is(i + 1, "("));
        let send = sends.clone().find(|i| self.line(*i) == line).or_else(|| self.call(&["send"], 0));
        let Some(send) = send else { return vec![(CodePart::Call, line)] };
        let closing = source.closing(send + 1);
        let mut parts = vec![(CodePart::Call, self.line(send))];
        // Kotlin's last lambda stands behind the parentheses.
        let end = if source.is(closing + 1, "{") { source.closing(closing + 1) } else { closing };
        if let Some(callback) = self.first_of_block(send + 1, end) {
            parts.push((CodePart::Callback, callback));
        } else if let Some(method) = (send..end).find(|i| source.word(*i) == Some("onCompletion")) {
            let opens = (method..end).find(|i| source.is(*i, "{"));
            parts.push((CodePart::Callback, self.line(opens.map_or(method, |opens| opens + 1))));
        }
        if let Some(get) = self.call(&["get", "join"], end) {
            parts.push((CodePart::Get, self.line(get)));
        }
        let pauses =
            |i: &usize| source.word(*i).is_some_and(|word| matches!(word, "sleep" | "delay")) && source.is(i + 1, "(");
        // A loop sleeps behind its send, or before it.
        let sleep = (send..source.len()).find(pauses).or_else(|| (0..send).rev().find(pauses));
        parts.extend(sleep.map(|sleep| (CodePart::Sleep, self.line(sleep))));
        parts
    }

    fn consuming(&self) -> Vec<(CodePart, u32)> {
        let source = self.source;
        let mut parts = Vec::new();
        if let Some(subscribe) = self.call(&["subscribe", "assign"], 0) {
            parts.push((CodePart::Subscribe, self.line(subscribe)));
        }
        let Some(poll) = self.call(&["poll"], 0) else {
            // A listener of a framework: its method is all there is.
            parts.push((CodePart::Process, self.client.line));
            return parts;
        };
        parts.push((CodePart::Call, self.line(poll)));
        let each = (poll..source.len()).find(|i| matches!(source.word(*i), Some("for" | "forEach")));
        let process = each.map(|each| {
            let opens = if source.is(each + 1, "(") { each + 1 } else { each };
            let closing = source.closing(opens);
            match source.word(each) {
                Some("for") if source.is(closing + 1, "{") => self.line(closing + 2),
                Some("for") => self.line(closing + 1),
                // Kotlin's block behind the name.
                _ if source.is(each + 1, "{") => {
                    let end = source.closing(each + 1);
                    self.first_of_block(each + 1, end).unwrap_or_else(|| self.line(each + 2))
                }
                _ => self.first_of_block(opens, closing).unwrap_or_else(|| self.line(each)),
            }
        });
        parts.push((CodePart::Process, process.unwrap_or_else(|| self.line(poll))));
        let commits = ["commitSync", "commitAsync"];
        // A listener may commit before the loop does.
        if let Some(commit) = self.call(&commits, poll).or_else(|| self.call(&commits, 0)) {
            parts.push((CodePart::Commit, self.line(commit)));
        }
        parts
    }
}
