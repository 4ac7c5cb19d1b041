//! The driver: which of the script's lines is being played, and what it waits for.

use std::sync::Arc;

use super::awaited::Awaited;
use super::command::CommandError;
use crate::application::TaskId;
use crate::script::{Line, Script, Statement};
use crate::time::Instant;

/// Milliseconds between the end of a line and the start of the next.
pub(super) const BETWEEN_LINES_MS: u64 = 1;

/// What the driver is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Doing {
    /// The next line begins then.
    Between(Instant),
    /// The line is being performed: what it comes to is not known yet.
    Begun,
    Task(TaskId),
    /// The administrator's request is under way.
    Admin,
    /// Until the condition holds; in vain at the deadline, the script ends.
    Waiting {
        awaited: Awaited,
        deadline: Instant,
    },
    Sleeping(Instant),
    /// Until so many moves with something worth telling have been made.
    Stepping(u32),
    Ended,
    /// The line could not be done, or waited in vain.
    Failed(CommandError),
    /// The script was stopped while no line was under way: none is to blame.
    Full(CommandError),
}

/// How far the script is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// In this line, by its number; 0 before the first.
    Playing(u32),
    Ended,
    /// At this line, by its number; none where no line is to blame.
    Failed(Option<u32>, CommandError),
}

#[derive(Clone, Debug)]
pub(super) struct Driver {
    script: Arc<Script>,
    /// Index of the next line.
    next: usize,
    pub(super) doing: Doing,
    /// When the line began.
    pub(super) begun_at: Instant,
    /// When something worth telling happened last.
    pub(super) told_at: Instant,
    /// Moves since the start of the script, and since something worth telling.
    pub(super) moves: u64,
    pub(super) quiet_moves: u64,
    /// Whether an attempt to connect has failed since something else worth telling happened.
    pub(super) is_refused: bool,
}

impl Driver {
    pub(super) fn new(script: Arc<Script>) -> Driver {
        Driver {
            script,
            next: 0,
            doing: Doing::Between(Instant::from_millis(BETWEEN_LINES_MS)),
            begun_at: Instant::ZERO,
            told_at: Instant::ZERO,
            moves: 0,
            quiet_moves: 0,
            is_refused: false,
        }
    }

    /// The line that is being played, or was played last.
    pub(super) fn line(&self) -> Option<&Line> {
        self.next.checked_sub(1).and_then(|i| self.script.lines.get(i)).map(|line| &**line)
    }

    /// Its number; 0 before the first.
    pub(super) fn line_number(&self) -> u32 {
        self.line().map_or(0, |line| line.number)
    }

    /// The lines that have not begun.
    pub(super) fn lines_to_come(&self) -> &[Arc<Line>] {
        &self.script.lines[self.next..]
    }

    /// The next line that does something within the run.
    pub(super) fn take_line(&mut self) -> Option<Arc<Line>> {
        while let Some(line) = self.script.lines.get(self.next) {
            self.next += 1;
            if !matches!(*line.statement, Statement::Nothing | Statement::Cluster(_) | Statement::Try(_)) {
                return Some(line.clone());
            }
        }
        None
    }

    /// When the driver has something to do by itself; a line waits for a client that is frozen until then.
    pub(super) fn next_timeout(&self, frozen_until: Option<Instant>) -> Option<Instant> {
        match &self.doing {
            Doing::Between(at) | Doing::Sleeping(at) => Some(*at),
            Doing::Waiting { deadline, .. } => Some(*deadline),
            Doing::Task(_) => frozen_until,
            Doing::Begun | Doing::Admin | Doing::Stepping(_) | Doing::Ended | Doing::Failed(_) | Doing::Full(_) => None,
        }
    }

    /// Whether a line is being played, or one is to come.
    pub(super) const fn is_playing(&self) -> bool {
        !matches!(self.doing, Doing::Ended | Doing::Failed(_) | Doing::Full(_))
    }
}
