//! What a run tells: the events that may be steps, kept as they happen, and from them the steps of who follows a record.
//!
//! A run's story is longer than its telling. What concerns the record that one follows is a step each time; so are the
//! user's deeds, broken promises, commits and the changes of a group; what follows from these is a step once; everything
//! else is passed, and counted where it repeats itself. Which events there are is known when they happen ([`Told`]); which
//! of them are steps depends on whom one follows, and is worked out by a fold over them ([`Steps`]), which is kept ([`Course`]).

mod alike;
mod course;
mod journey;
mod steps;
mod told;
mod walker;

use super::index::Flags;
use crate::event::{Event, EventName};
use crate::ids::EventId;
use crate::invariant::Tally;
use course::Courses;

pub use alike::{Alike, Seeker};
pub use course::{Begun, Course};
pub use steps::{Folded, Opened, Reader, Steps};
pub use told::{Subject, Told, Worth};
pub use walker::Walker;

/// A step: the move, and the event of it that is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub number: u64,
    pub event: EventId,
    pub name: EventName,
}

impl Step {
    pub fn of(told: &Told) -> Step {
        Step { number: told.number.into(), event: told.event, name: told.name }
    }

    /// Its place in the run: the move, and the event of it.
    pub const fn place(&self) -> (u64, EventId) {
        (self.number, self.event)
    }
}

/// What can be told of a branch, in order.
#[derive(Clone, Debug, Default)]
pub struct Story {
    told: Vec<Told>,
    /// How much of it there was when each chapter had begun, and what the run had counted.
    chapters: Vec<(usize, Tally)>,
    courses: Courses,
}

impl Story {
    /// All that can be told, in order.
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// What could be told when a chapter had begun, by its number from 1, and what the run had counted; none where it is not
    /// computed as far.
    pub fn up_to_chapter(&self, chapter: usize) -> Option<(&[Told], Tally)> {
        let (told, tally) = self.chapters.get(chapter.checked_sub(1)?)?;
        Some((&self.told[..*told], *tally))
    }

    /// What can be told of a move.
    pub fn of_move(&self, number: u64) -> &[Told] {
        let from = self.told.partition_point(|told| u64::from(told.number) < number);
        let to = self.told.partition_point(|told| u64::from(told.number) <= number);
        &self.told[from..to]
    }

    /// Takes in what happened in a move; `alarms` are the events at which it broke a promise.
    pub(super) fn push(
        &mut self,
        number: u64,
        first: EventId,
        events: &[Event],
        flags: Flags,
        alarms: &[EventId],
        tally: Tally,
    ) {
        let before = self.told.len();
        for (id, event) in (first.0..).map(EventId).zip(events) {
            self.told.extend(Told::of(number, id, event, alarms.contains(&id)));
        }
        if flags.has(Flags::COMMAND) {
            self.command(before, number, first);
        }
        if self.told[before..].iter().any(|told| told.name == EventName::ChapterBegan) {
            self.chapters.push((self.told.len(), tally));
        }
    }

    /// What the user does is a step for every reader, whatever it makes happen.
    fn command(&mut self, before: usize, number: u64, first: EventId) {
        let here = &mut self.told[before..];
        if here.iter().any(|told| told.worth == Worth::Step) {
            return;
        }
        match here.first_mut() {
            Some(told) => told.worth = Worth::Step,
            None => self.told.push(Told::of_command(number, first)),
        }
    }

    /// Forgets what came after a move.
    pub(super) fn truncate(&mut self, len: u64) {
        let keep = self.told.partition_point(|told| u64::from(told.number) <= len);
        self.told.truncate(keep);
        self.chapters.retain(|(told, _)| *told <= keep);
        self.courses.truncate(keep);
    }

    /// The bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.told.len() * size_of::<Told>() + self.chapters.len() * size_of::<(usize, Tally)>() + self.courses.bytes()
    }
}
