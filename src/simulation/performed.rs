//! Who wants a statement done, and what doing it came to.

use super::awaited::Awaited;
use super::command::CommandError;
use crate::application::{TaskId, Written};
use crate::time::Instant;

/// Who wants a statement done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Line(u32),
    /// The user's command of this number, from 0, among those of the run.
    Hand(u32),
}

impl By {
    pub(super) const fn line(self) -> u32 {
        match self {
            By::Line(line) => line,
            By::Hand(_) => 0,
        }
    }

    /// The statement that wants it.
    pub(super) const fn written(self) -> Written {
        match self {
            By::Line(line) => Written::Line(line),
            By::Hand(number) => Written::Command(number),
        }
    }
}

/// What performing a statement came to.
#[derive(Debug, PartialEq)]
pub(super) enum Performed {
    Done,
    /// A mark in the story, which takes no time.
    Mark,
    Task(TaskId),
    Admin,
    Wait(Awaited, u64),
    Sleep(u64),
    Steps(u32),
    Until(Instant),
    Failed(CommandError),
}
