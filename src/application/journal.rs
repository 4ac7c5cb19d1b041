//! Which statement a program is at: what it is doing, and which of its statements made which record.

use super::{Application, Loop, ProgramThread, Whose};
use crate::ids::{CallId, RecordId, TopicPartition};
use crate::time::Instant;

/// Where the statement stands that a program is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Written {
    /// The scenario's line of this number.
    Line(u32),
    /// The user's command of this number, from 0, among those of the branch.
    Command(u32),
}

/// What a program's thread is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nothing: it waits to be told what comes next.
    Nothing,
    InCall(CallId),
    /// Waiting for the future of this record.
    Waiting(RecordId),
    /// Processing this record, until then.
    Processing(TopicPartition, u64, Instant),
    /// Pausing until then.
    Pausing(Instant),
    /// Between two calls.
    Between,
}

/// What is remembered of a program besides what it is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Journal {
    /// The newest call, and the one before it: a move in which one comes back may begin the next.
    calls: [Option<(CallId, Written)>; 2],
    /// Which statement sent the records from this number on.
    sent: Vec<(u32, Written)>,
}

impl Journal {
    pub(super) fn called(&mut self, call: CallId, written: Option<Written>) {
        self.calls = [written.map(|written| (call, written)), self.calls[0]];
    }

    pub(super) fn made(&mut self, record: RecordId, written: Option<Written>) {
        let Some(written) = written else { return };
        if self.sent.last().is_none_or(|(_, last)| *last != written) {
            self.sent.push((record.number, written));
        }
    }

    fn first_sent_by(&self, statement: Written, behind: usize) -> Option<u32> {
        self.sent.get(behind..)?.iter().find(|(_, written)| *written == statement).map(|(first, _)| *first)
    }
}

impl Application {
    /// The statement that the thread is at, or was at last.
    pub(super) fn written(&self) -> Option<Written> {
        match (self.whose, &self.active) {
            (Whose::Task, Some(active)) => Some(active.written),
            _ => self.loop_written(),
        }
    }

    /// The statement that began the loop that runs.
    pub fn loop_written(&self) -> Option<Written> {
        match self.program.as_ref()? {
            Loop::Producing(producing) => Some(producing.written),
            Loop::Consuming(consuming) => Some(consuming.written),
        }
    }

    /// The statement that made a call: one of the newest two.
    pub fn written_of_call(&self, call: CallId) -> Option<Written> {
        self.journal.calls.iter().flatten().find(|(of, _)| *of == call).map(|(_, written)| *written)
    }

    /// The statement that sent a record, and which of its records it is, from 0.
    pub fn written_of_record(&self, number: u32) -> Option<(Written, u32)> {
        let behind = self.journal.sent.partition_point(|(first, _)| *first <= number);
        let (first, written) = self.journal.sent[..behind].last()?;
        Some((*written, number - first))
    }

    /// The first record that a statement sent, looked for behind so many changes of the statement that sends.
    pub fn first_sent_by(&self, statement: Written, behind: usize) -> Option<u32> {
        self.journal.first_sent_by(statement, behind)
    }

    /// How often the statement that sends has changed.
    pub fn sending_changed(&self) -> usize {
        self.journal.sent.len()
    }

    /// What the thread is doing, and the statement that it is at.
    pub fn doing(&self) -> (Doing, Option<Written>) {
        match &self.thread {
            ProgramThread::Idle => (Doing::Nothing, None),
            ProgramThread::InCall(call) => (Doing::InCall(*call), self.written_of_call(*call)),
            ProgramThread::AwaitingFuture(record) => {
                (Doing::Waiting(*record), self.written_of_record(record.number).map(|(written, _)| written))
            }
            ProgramThread::Processing(until) => match &self.program {
                Some(Loop::Consuming(consuming)) => match consuming.current() {
                    Some((partition, offset)) => {
                        (Doing::Processing(partition, offset, *until), Some(consuming.written))
                    }
                    None => (Doing::Between, None),
                },
                _ => (Doing::Between, None),
            },
            ProgramThread::Pausing(until) => (Doing::Pausing(*until), self.loop_written()),
            ProgramThread::Resting(_) => (Doing::Between, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Journal, Written};
    use crate::ids::{ClientId, RecordId};

    #[test]
    fn what_was_looked_through_is_not_looked_through_again() {
        let mut journal = Journal::default();
        for (number, line) in [(0, 1), (1, 1), (2, 2), (3, 1)] {
            journal.made(RecordId { client: ClientId(1), number }, Some(Written::Line(line)));
        }
        let first = |line, behind| journal.first_sent_by(Written::Line(line), behind);
        assert_eq!((first(1, 0), first(1, 1), first(1, 3)), (Some(0), Some(3), None));
        assert_eq!((first(2, 1), first(2, 2), first(2, 9)), (Some(2), None, None));
    }
}
