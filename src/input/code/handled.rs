//! Whether a program commits before it handles the records that a poll returned.

use super::arguments::Arguments;
use super::found::{FoundCommit, FoundPlace, FoundPoll, Handled};
use super::gap::{Aside, Gap};
use super::reading::ProgramReading;
use super::round::Over;
use super::tree::{Expr, Kind};
use super::value::Value;
use super::walk::Walk;

/// Calls that keep, look at or write down what they are given.
const LOOKS: &[&str] = &[
    "add",
    "addAll",
    "println",
    "print",
    "printf",
    "info",
    "debug",
    "trace",
    "warn",
    "error",
    "isNull",
    "nonNull",
    "isEmpty",
    "requireNonNull",
    "checkNotNull",
    "listOf",
    "of",
    "copyOf",
    "format",
    "valueOf",
];

/// Whether a call is given the records of a poll to handle them.
pub(super) fn is_given_records(name: &str, arguments: &Arguments) -> bool {
    !LOOKS.contains(&name) && arguments.values.iter().any(|of| matches!(of, Value::Polled))
}

impl<'t, 'a> Walk<'t, 'a> {
    /// Whether a call is given a record of a poll, or its value, to do something with it.
    pub fn is_given_record(&mut self, name: &str, arguments: &Arguments<'t, 'a>) -> bool {
        if LOOKS.contains(&name) {
            return false;
        }
        let of_value = |of: &Expr<'a>| match &of.kind {
            Kind::Call(call) if call.name == "value" => call.on.as_ref().and_then(Expr::name),
            Kind::Field(on, "value") => on.name(),
            _ => None,
        };
        let is_record = |value: &Value| matches!(value, Value::PolledRecord);
        arguments.values.iter().any(is_record)
            || arguments
                .of
                .iter()
                .filter_map(of_value)
                .any(|name| self.names.lookup(name).as_ref().is_some_and(is_record))
    }
}

impl ProgramReading<'_, '_, '_> {
    /// What is told of a commit that comes before what it commits is processed.
    pub fn early_commit(
        &self,
        commit: &FoundCommit,
        each: bool,
        poll: Option<&FoundPoll>,
        round: Option<usize>,
    ) -> Option<Gap> {
        let poll = poll?;
        let call = self.name_at(commit.place.at);
        let handled = match (each, commit.is_whole) {
            (true, true) => return Some(Gap::CommitsAllAtFirst { call }),
            (true, false) => self.used_behind(commit),
            // What lives longer than a round of the loop was filled in the rounds before, when its records had been handled.
            (false, false) if round.is_some_and(|round| commit.given_in < self.rounds[round].entered) => None,
            (false, _) => self.handled_behind(commit, poll, round),
        };
        handled.map(|handled| Gap::CommitsBefore { call, line: self.line(handled) })
    }

    /// Where a record is used that was committed before, in the same loop; None: it was used by then, or nobody knows.
    fn used_behind(&self, commit: &FoundCommit) -> Option<usize> {
        let given = commit.place.at..self.source.closing(commit.place.at + 1);
        let is_here = |of: &&FoundPlace| {
            of.aside.is_none() && !given.contains(&of.at) && of.around.starts_with(&commit.place.around)
        };
        let all = || self.found.used_records.iter().filter(is_here);
        if all().any(|of| of.turn < commit.place.turn) {
            return None;
        }
        all().min_by_key(|of| of.turn).map(|of| of.at)
    }

    /// Where the records are handled that a commit comes before, in the loop of that poll; None: it comes behind.
    fn handled_behind(&self, commit: &FoundCommit, poll: &FoundPoll, round: Option<usize>) -> Option<usize> {
        // From the poll on once around: what stands before it in the loop comes the next time.
        let turn = |of: &FoundPlace| (of.turn < poll.place.turn, of.turn);
        // What makes the offsets handles nothing.
        let given = commit.place.at..self.source.closing(commit.place.at + 1);
        let is_here = |of: &&Handled| {
            of.place.aside.is_none_or(|aside| aside == Aside::Finally)
                && !given.contains(&of.place.at)
                && round.is_none_or(|round| of.place.around.contains(&round))
        };
        let is_before = |of: &Handled| turn(&of.place) < turn(&commit.place);
        let all = || self.found.handled.iter().filter(is_here);
        if all().any(|of| is_before(of) && of.round.is_none_or(|round| self.rounds[round].is_for_records())) {
            return None;
        }
        let is_sure = |of: &&Handled| of.round.is_none_or(|round| self.rounds[round].over == Over::Records);
        all().filter(|of| !is_before(of)).filter(is_sure).min_by_key(|of| turn(&of.place)).map(|of| of.place.at)
    }
}
