//! Steps ahead of a place and behind it: which event comes next for who follows a record.

use super::{Reader, Step, Steps, Story};
use crate::event::EventName;
use crate::ids::EventId;

/// Goes from step to step through what is told, as it is computed.
#[derive(Clone, Debug)]
pub struct Walker {
    steps: Steps,
    /// How much of what can be told was taken in.
    taken: usize,
    /// Steps gone, and the move of the last.
    gone: u64,
    last: u64,
}

impl Walker {
    /// Stands behind an event of a move.
    pub fn behind(story: &Story, reader: Reader, place: (u64, EventId)) -> Walker {
        let mut walker = Walker { steps: Steps::new(reader), taken: 0, gone: 0, last: 0 };
        while let Some(told) = story.told().get(walker.taken).filter(|told| told.place() <= place) {
            walker.steps.take(told);
            walker.taken += 1;
        }
        walker
    }

    /// The next step of what is computed.
    pub fn step_on(&mut self, story: &Story) -> Option<Step> {
        while let Some(told) = story.told().get(self.taken) {
            self.taken += 1;
            if self.steps.take(told) {
                (self.gone, self.last) = (self.gone + 1, told.number.into());
                return Some(Step::of(told));
            }
        }
        None
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

    /// The beginning of the chapter of this number, from 1.
    pub fn chapter(&mut self, story: &Story, number: u32) -> Option<Step> {
        while self.steps.chapters() + 1 < number {
            self.next_chapter(story)?;
        }
        self.next_chapter(story)
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
        loop {
            let step = self.step_on(story)?;
            if is_it(&step) {
                return Some(step);
            }
        }
    }
}

impl Story {
    /// The last step before an event of a move that is so.
    pub fn step_before(&self, reader: Reader, place: (u64, EventId), is_it: impl Fn(&Step) -> bool) -> Option<Step> {
        self.steps(reader).take_while(|step| (step.number, step.event) < place).filter(is_it).last()
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
