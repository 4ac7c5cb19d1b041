//! Texts as spans.

use crate::ids::EventId;
use crate::time::Instant;

/// A setting in the value that is in force.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Chip {
    pub setting: &'static str,
    /// As it would stand in a properties file; empty when nobody's value is known.
    pub value: String,
    /// Another value than Kafka's default.
    pub changed: bool,
    /// Whose setting it is: a client's name, or `cluster`.
    pub of: String,
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Target {
    Move(u64),
    /// Microseconds of virtual time.
    Instant(u64),
    Event(u32),
}

impl From<EventId> for Target {
    fn from(id: EventId) -> Target {
        Target::Event(id.0)
    }
}

impl From<Instant> for Target {
    fn from(at: Instant) -> Target {
        Target::Instant(at.micros())
    }
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Span {
    Words(String),
    Strong(String),
    /// An offset, a code, a name of Kafka's: set in the fixed-width face.
    Mono(String),
    Chip(Chip),
    Link {
        text: String,
        to: Target,
    },
}

impl Span {
    /// The words of the span.
    pub fn push_plain(&self, out: &mut String) {
        match self {
            Span::Words(text) | Span::Strong(text) | Span::Mono(text) | Span::Link { text, .. } => out.push_str(text),
            Span::Chip(chip) if chip.value.is_empty() => out.push_str(chip.setting),
            Span::Chip(chip) => {
                out.push_str(chip.setting);
                out.push('=');
                out.push_str(&chip.value);
            }
        }
    }
}

/// A sentence or a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Spans(pub Vec<Span>);

impl Spans {
    pub fn words(text: impl Into<String>) -> Spans {
        Spans(vec![Span::Words(text.into())])
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has room in one line of the page's largest size, which holds 118 letters of Latin or 74 of Hangul.
    pub fn fits_one_line(&self) -> bool {
        const LATIN: usize = 5;
        const HANGUL: usize = 8;
        const LINE: usize = 118 * LATIN + 2;
        let width = |letter| if ('가'..='힣').contains(&letter) { HANGUL } else { LATIN };
        self.plain().chars().map(width).sum::<usize>() <= LINE
    }

    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Adds a span; words join words before them.
    pub fn push(&mut self, span: Span) {
        match (self.0.last_mut(), &span) {
            (Some(Span::Words(before)), Span::Words(more)) | (Some(Span::Strong(before)), Span::Strong(more)) => {
                before.push_str(more);
            }
            _ => self.0.push(span),
        }
    }

    /// The text without its marks.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for span in &self.0 {
            span.push_plain(&mut out);
        }
        out
    }

    /// The chips in it.
    pub fn chips(&self) -> impl Iterator<Item = &Chip> {
        self.0.iter().filter_map(|span| match span {
            Span::Chip(chip) => Some(chip),
            _ => None,
        })
    }
}

impl std::fmt::Display for Spans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.plain())
    }
}
