//! Lines of code, and which statement each belongs to.

use crate::application::Written;
use crate::lang::is_hidden;

/// Which part of a statement a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Part {
    /// The constructor.
    Make,
    /// The call itself.
    Call,
    /// Waiting for the future.
    Get,
    Callback,
    /// What is done with a record that was read.
    Process,
    /// The commit of a loop.
    Commit,
    Sleep,
    /// The rebalance listener.
    Listener,
}

/// The line that runs now.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Lit {
    pub written: Written,
    pub part: Part,
    /// What it works on: `orders-2@7`
    pub on: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLine {
    /// Steps of two blanks.
    pub indent: u8,
    pub text: String,
    /// Of which statement, and which part of it: no statement means that the part is the same of all.
    pub at: Option<(Option<Written>, Part)>,
}

/// A program in a language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeText {
    /// What a file has before the lines that are shown: it is copied with them.
    pub head: String,
    pub lines: Vec<CodeLine>,
    pub foot: String,
    /// Of a text that was pasted: which of its lines the parts of statements are.
    pub places: Vec<(Written, Part, usize)>,
    /// Steps by which the lines stand further in, in the file.
    pub inset: u8,
    /// Blanks of a step, in the file.
    pub blanks: u8,
}

impl CodeText {
    /// The line that is lit: the one of the very part, else of the statement's call.
    pub fn lit(&self, lit: &Lit) -> Option<usize> {
        let find = |part: Part| {
            let is_it = |line: &CodeLine| {
                line.at.is_some_and(|(written, of)| of == part && written.is_none_or(|written| written == lit.written))
            };
            let placed = self.places.iter().find(|(written, of, _)| (*written, *of) == (lit.written, part));
            placed.map(|(.., at)| *at).or_else(|| self.lines.iter().position(is_it))
        };
        find(lit.part).or_else(|| find(Part::Call))
    }

    /// All of it, as a file that compiles.
    pub fn file(&self) -> String {
        let mut out = self.head.clone();
        for line in &self.lines {
            let indent = usize::from(line.indent + self.inset) * usize::from(self.blanks);
            if !line.text.is_empty() {
                out.extend(std::iter::repeat_n(' ', indent));
            }
            out.push_str(&line.text);
            out.push('\n');
        }
        out.push_str(&self.foot);
        out
    }
}

/// Collects lines.
#[derive(Debug, Default)]
pub(super) struct Out {
    pub lines: Vec<CodeLine>,
    indent: u8,
}

impl Out {
    pub fn line(&mut self, text: impl Into<String>) {
        self.lines.push(CodeLine { indent: self.indent, text: text.into(), at: None });
    }

    /// A line of a statement.
    pub fn at(&mut self, written: Written, part: Part, text: impl Into<String>) {
        self.lines.push(CodeLine { indent: self.indent, text: text.into(), at: Some((Some(written), part)) });
    }

    /// A line that is the same part of every statement.
    pub fn shared(&mut self, part: Part, text: impl Into<String>) {
        self.lines.push(CodeLine { indent: self.indent, text: text.into(), at: Some((None, part)) });
    }

    /// Further in, what is written inside.
    pub fn inside(&mut self, write: impl FnOnce(&mut Out)) {
        self.indent += 1;
        write(self);
        self.indent -= 1;
    }
}

/// A text as it stands between quotes; `own` is what a language writes in its own way.
pub(super) fn escaped(text: &str, own: &dyn Fn(char) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' => out.extend(['\\', letter]),
            _ => match own(letter) {
                Some(own) => out.push_str(&own),
                None if is_hidden(letter) => out.push_str(&format!("\\u{:04x}", letter as u32)),
                None => out.push(letter),
            },
        }
    }
    out
}

/// Whether a name stands in a text as a word of its own.
pub(super) fn uses(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(|letter| is_part(letter) || letter == '.')
            && !text[at + name.len()..].starts_with(is_part)
    })
}
