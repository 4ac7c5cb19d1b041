//! How the promises stand: whether each held, what was looked at so far, and each thing that broke one.

use super::super::chunks::Chunks;
use super::PromiseKind;
use crate::ids::{BatchId, ClientId, EventId, PartitionNo};

/// How a promise stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PromiseState {
    /// Nothing has happened yet that could keep or break it.
    #[default]
    NotChecked,
    Kept,
    /// So many records (batches, for the order), and the events at which it was broken first and last.
    Broken {
        count: u64,
        first: EventId,
        last: EventId,
    },
}

/// What took a batch of which its producer believes that it is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Took {
    /// Its broker crashed while it was on its way.
    Crash,
    /// Its broker was not running.
    Absence,
    /// Its connection was closed.
    Closing,
    /// An error that the user injected was the answer.
    Error,
    /// Its broker refused it.
    Refusal,
    Unknown,
}

/// What it was that a promise was broken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Broke {
    /// All records of a batch.
    Batch(BatchId),
    /// All records of a batch, which is in no log.
    Lost(BatchId, Took),
    /// The records from `first` up to `end`, for the group that `reader` is of.
    Offsets { reader: ClientId, partition: PartitionNo, first: u64, end: u64 },
    /// A partition has a second owner.
    Owner { client: ClientId, partition: PartitionNo },
}

/// A promise was broken once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Break {
    pub kind: PromiseKind,
    pub event: EventId,
    pub what: Broke,
}

/// What the promises were checked with so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Checked {
    /// Records that a broker acknowledged.
    pub acknowledged: u64,
    /// Records that counted as sent without an answer (`acks=0`), and of which it is known what became of them.
    pub unanswered: u64,
    /// Those of them that are in no log.
    pub unanswered_lost: u64,
    /// Times that a broker came back.
    pub restarts: u64,
    /// Batches and records that were appended, and batches that were sent again and were there already.
    pub batches: u64,
    pub written: u64,
    pub duplicates: u64,
    /// Records that programs have processed, each time counted.
    pub processed: u64,
    pub commits: u64,
}

impl Checked {
    /// It is known what became of records that their producer takes for sent, and how many of them are in no log.
    pub(super) fn take(&mut self, is_answered: bool, records: u64, lost: u64) {
        match is_answered {
            true => self.acknowledged += records,
            false => {
                self.unanswered += records;
                self.unanswered_lost += lost;
            }
        }
    }
}

/// The promises' states, what they were checked with, what broke them, and whether the last move did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Ledger {
    states: [PromiseState; 6],
    pub(super) checked: Checked,
    breaks: Chunks<Break, 32>,
    last: [Option<Break>; 6],
    alarmed: bool,
}

impl Ledger {
    pub(super) const fn state(&self, kind: PromiseKind) -> PromiseState {
        self.states[kind as usize]
    }

    pub(super) const fn alarmed(&self) -> bool {
        self.alarmed
    }

    pub(super) fn begin(&mut self) {
        self.alarmed = false;
    }

    pub(super) fn breaks(&self) -> impl DoubleEndedIterator<Item = &Break> {
        (0..self.breaks.len()).filter_map(|i| self.breaks.get(i))
    }

    /// What took a batch that left its deque in an event.
    pub(super) fn lost(&self, batch: BatchId, drained: EventId) -> Option<(EventId, Took)> {
        let from = self.breaks.partition_point(|found| found.event < drained);
        (from..self.breaks.len()).filter_map(|i| self.breaks.get(i)).find_map(|found| match found.what {
            Broke::Lost(lost, took) if lost == batch => Some((found.event, took)),
            _ => None,
        })
    }

    pub(super) const fn last(&self, kind: PromiseKind) -> Option<Break> {
        self.last[kind as usize]
    }

    /// An occasion to break the promise came, and it was not taken.
    pub(super) fn kept(&mut self, kind: PromiseKind) {
        let state = &mut self.states[kind as usize];
        if *state == PromiseState::NotChecked {
            *state = PromiseState::Kept;
        }
    }

    /// The promise is broken in an event by so many more.
    pub(super) fn broken(&mut self, kind: PromiseKind, more: u64, event: EventId, what: Broke) {
        self.alarmed = true;
        let found = Break { kind, event, what };
        self.breaks.push(found);
        self.last[kind as usize] = Some(found);
        let state = &mut self.states[kind as usize];
        *state = match *state {
            PromiseState::Broken { count, first, .. } => {
                PromiseState::Broken { count: count + more, first, last: event }
            }
            _ => PromiseState::Broken { count: more, first: event, last: event },
        };
    }
}
