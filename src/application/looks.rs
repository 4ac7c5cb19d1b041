//! What is asked of a program, and what it is told, between its calls.

use super::{Application, Callback, Collected, Loop, ProgramThread, SeenRecord, Whose, task};
use crate::ids::TopicPartition;
use crate::sorted::SortedMap;
use crate::time::Instant;

impl Application {
    /// Whether the running task needs to know what the consumer owns before its next call.
    pub fn watches_assignment(&self) -> bool {
        self.active.as_ref().is_some_and(task::Active::watches_assignment)
    }

    /// What the consumer owns now, sorted, and whether it has looked up what its group has committed for them.
    pub fn note_assignment(&mut self, assignment: Vec<TopicPartition>, looked_up: bool) {
        if let Some(active) = self.active.as_mut() {
            active.note_assignment(assignment, looked_up);
        }
    }

    /// Callbacks of sends that have not run.
    pub const fn pending(&self) -> u32 {
        self.pending
    }

    /// The callbacks since last asked.
    pub fn callbacks(&self) -> &[Callback] {
        &self.callbacks
    }

    pub fn take_callbacks(&mut self) -> Vec<Callback> {
        std::mem::take(&mut self.callbacks)
    }

    /// What loops have read and nobody has asked for yet.
    pub const fn collected(&self) -> &SortedMap<TopicPartition, Collected> {
        &self.collected
    }

    pub fn take_collected(&mut self) -> SortedMap<TopicPartition, Vec<SeenRecord>> {
        let collected = std::mem::take(&mut self.collected);
        collected.into_iter().map(|(partition, records)| (partition, records.iter().cloned().collect())).collect()
    }

    /// Whether the thread is within a call of its loop.
    pub fn is_in_loop_call(&self) -> bool {
        matches!(self.thread, ProgramThread::InCall(_)) && self.whose == Whose::Program
    }

    pub const fn is_looping(&self) -> bool {
        self.program.is_some()
    }

    /// Microseconds that processing one record takes.
    pub fn process_us(&self) -> u64 {
        match (&self.program, self.slowed_us) {
            (_, Some(us)) => us,
            (Some(Loop::Consuming(consuming)), None) => consuming.program().process_us,
            _ => 0,
        }
    }

    /// Whether the user made its work slower than its own loop is, by `slow`.
    pub fn is_slowed(&self) -> bool {
        let own = match &self.program {
            Some(Loop::Consuming(consuming)) => consuming.program().process_us,
            _ => 0,
        };
        self.slowed_us.is_some_and(|slowed| slowed > own)
    }

    /// The record being processed, and until when.
    pub fn processing(&self) -> Option<(TopicPartition, u64, Instant)> {
        match (&self.program, &self.thread) {
            (Some(Loop::Consuming(consuming)), ProgramThread::Processing(until)) => {
                consuming.current().map(|(partition, offset)| (partition, offset, *until))
            }
            _ => None,
        }
    }

    /// Records returned by `poll` that are not processed yet.
    pub fn unprocessed(&self) -> u32 {
        match &self.program {
            Some(Loop::Consuming(consuming)) => consuming.left(),
            _ => 0,
        }
    }

    /// Whether a task is running or waits.
    pub fn has_tasks(&self) -> bool {
        self.active.is_some() || !self.tasks.is_empty()
    }
}
