//! Steps ahead of a place and behind it: which event comes next for who follows a record.

use super::{Reader, Step, Story};
use crate::event::EventName;
use crate::ids::EventId;

/// Goes from step to step through what is told, as it is computed.
#[derive(Clone, Debug)]
pub struct Walker {
    reader: Reader,
    /// The index of the next step, of all of the reader's.
    next: usize,
    /// Steps gone, and the move of the last.
    gone: u64,
    last: u64,
}

impl Walker {
    /// Stands behind an event of a move.
    pub fn behind(story: &Story, reader: Reader, place: (u64, EventId)) -> Walker {
        Walker { reader, next: story.course(reader).steps_to(place), gone: 0, last: 0 }
    }

    /// The next step of what is computed.
    pub fn step_on(&mut self, story: &Story) -> Option<Step> {
        self.next_of(story, |_| true)
    }

    /// How many steps it has gone.
    pub const fn gone(&self) -> u64 {
        self.gone
    }

    /// The move of the last step it came to.
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// The next beginning of a chapter.
    pub fn next_chapter(&mut self, story: &Story) -> Option<Step> {
        self.next_of(story, |step| step.name == EventName::ChapterBegan)
    }

    /// The beginning of the chapter of this number, from 1, behind here.
    pub fn chapter(&mut self, story: &Story, number: u32) -> Option<Step> {
        let chapter = story.course(self.reader).chapters().get(number.saturating_sub(1) as usize).copied()?;
        self.next_of(story, |step| step.place() >= chapter.place)
    }

    /// The next stage of the record that is followed then.
    pub fn next_stage(&mut self, story: &Story) -> Option<Step> {
        self.next_of(story, Step::is_stage)
    }

    /// The step of this number, from 1, of those it goes.
    pub fn step(&mut self, story: &Story, number: u64) -> Option<Step> {
        while self.gone + 1 < number {
            self.step_on(story)?;
        }
        self.step_on(story)
    }

    fn next_of(&mut self, story: &Story, is_it: impl Fn(&Step) -> bool) -> Option<Step> {
        let course = story.course(self.reader);
        for step in course.steps().get(self.next..).unwrap_or_default() {
            (self.next, self.gone, self.last) = (self.next + 1, self.gone + 1, step.number);
            if is_it(step) {
                return Some(*step);
            }
        }
        None
    }
}

impl Story {
    /// The last step before an event of a move that is so.
    pub fn step_before(&self, reader: Reader, place: (u64, EventId), is_it: impl Fn(&Step) -> bool) -> Option<Step> {
        let course = self.course(reader);
        let before = course.steps().partition_point(|step| step.place() < place);
        course.steps()[..before].iter().rfind(|step| is_it(step)).copied()
    }

    /// How many steps of a reader there are up to an event of a move, and whether the last of them is that event.
    pub fn step_at(&self, reader: Reader, place: (u64, EventId)) -> (u64, bool) {
        let course = self.course(reader);
        let steps = course.steps_to(place);
        let is_there = steps.checked_sub(1).is_some_and(|last| course.steps()[last].place() == place);
        (steps as u64, is_there)
    }
}

impl Step {
    /// Whether it is a record's coming into one of the six stages. Those of records that nobody follows are no steps.
    pub fn is_stage(&self) -> bool {
        use EventName::*;
        let stages =
            [SendCalled, Serialized, Partitioned, Appended, BatchDrained, RecordAcknowledged, RecordFailed, SendFailed];
        stages.contains(&self.name)
    }
}
