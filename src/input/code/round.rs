//! A loop that was entered.

/// A loop that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Round<'a> {
    pub at: usize,
    /// None: known only when the program runs.
    pub times: Option<u64>,
    pub endless: bool,
    /// Each time it is left again: a retry that went well.
    pub leaves: bool,
    /// Where it is left under a condition.
    pub leaves_if: Option<usize>,
    pub over: Over,
    /// How many conditions were around it, and how many questions whether a poll returned something.
    pub conditions: u32,
    pub asked: u32,
    /// How many `try` were around it, and how many of them with a `catch`.
    pub tries: u32,
    pub caught: u32,
    /// How many places the walk had come by when a poll that returned nothing ended the round.
    pub skips_empty: Option<u32>,
    /// How many loops had been entered by then, itself counted.
    pub entered: u32,
    /// It ends when this name has this value.
    pub flag: Option<(&'a str, bool)>,
    /// Milliseconds from one time to the next, when what calls it says so.
    pub pace_ms: Option<u32>,
}

/// For what a loop goes round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Over {
    /// Not known: within a loop that polls it is taken for one over the records.
    #[default]
    Other,
    /// The records of a poll.
    Records,
    /// The partitions of what a poll returned.
    Partitions,
    /// It does the same again: `repeat(3)`.
    Again,
}

impl Round<'_> {
    pub fn at(at: usize, conditions: u32) -> Round<'static> {
        Round {
            at,
            times: None,
            endless: false,
            leaves: false,
            leaves_if: None,
            over: Over::Other,
            conditions,
            asked: 0,
            tries: 0,
            caught: 0,
            skips_empty: None,
            entered: 0,
            flag: None,
            pace_ms: None,
        }
    }

    /// How often it goes round in a program that goes well.
    pub fn rounds(&self) -> Option<u64> {
        if self.leaves { Some(1) } else { self.times.filter(|_| self.leaves_if.is_none()) }
    }

    /// Whether it goes round once for each record, where it stands in a loop that polls.
    pub fn is_for_records(&self) -> bool {
        matches!(self.over, Over::Records | Over::Other) && !self.endless
    }

    /// Whether it only does the same again, where it stands in a loop that polls.
    pub fn is_again(&self) -> bool {
        self.over == Over::Again || self.endless
    }

    pub fn is_endless(&self) -> bool {
        self.endless && !self.leaves && self.leaves_if.is_none()
    }
}
