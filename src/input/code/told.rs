//! What is told of a text: each with its place in it.

use super::super::problem::{Problem, What};
use super::gap::Gap;
use super::limits::Limit;
use super::source::Source;

pub(super) struct ToldOfCode<'t, 'a> {
    source: &'t Source<'a>,
    pub problems: Vec<Problem>,
    /// The limits that were told.
    beyond: Vec<Limit>,
    /// More clients than are looked at, which is told once.
    has_too_many: bool,
}

impl<'t, 'a> ToldOfCode<'t, 'a> {
    pub const fn new(source: &'t Source<'a>) -> ToldOfCode<'t, 'a> {
        ToldOfCode { source, problems: Vec::new(), beyond: Vec::new(), has_too_many: false }
    }

    pub fn problem(&mut self, at: usize, what: impl Into<What>) {
        let (line, column) = self.source.place(at);
        self.problems.push(Problem { line, column, what: what.into() });
    }

    /// A call that loops here do not make.
    pub fn not_carried(&mut self, at: usize, call: &str) {
        self.problem(at, What::NotCarried { call: call.to_owned() });
    }

    /// Properties that come from elsewhere, at these tokens.
    pub fn loaded(&mut self, from: usize, to: usize) {
        self.problem(from, What::LoadedElsewhere { text: self.source.text(from, to) });
    }

    /// A topic that is not known, at these tokens.
    pub fn unknown_topic(&mut self, (from, to): (usize, usize)) {
        self.problem(from, What::TopicNotKnown { text: self.source.text(from, to) });
    }

    /// Tells of a limit that the text goes beyond, once.
    pub fn is_beyond(&mut self, limit: Limit, at: usize) {
        if !self.beyond.contains(&limit) {
            self.beyond.push(limit);
            self.problem(at, Gap::Beyond(limit));
        }
    }

    /// Tells of the first client that is not looked at.
    pub fn too_many_clients(&mut self, at: usize) {
        if !std::mem::replace(&mut self.has_too_many, true) {
            self.problem(at, Gap::TooManyClients);
        }
    }
}
