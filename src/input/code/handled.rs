//! Whether a program commits before it handles the records that a poll returned.

use super::arguments::Arguments;
use super::found::{FoundCommit, FoundPlace, FoundPoll, Handled};
use super::gap::Aside;
use super::reading::Reading;
use super::round::Over;
use super::value::Value;

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

impl Reading<'_, '_, '_> {
    /// Where the records are handled that a commit comes before, in the loop of that poll; None: it comes behind.
    pub fn handled_behind(&self, commit: &FoundCommit, poll: &FoundPoll, round: Option<usize>) -> Option<usize> {
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
