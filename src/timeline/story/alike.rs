//! The step at which one stood, found again in a run that began otherwise: the same thing of the same record, or else the same
//! thing of the same chapter.

use super::journey::Journey;
use super::{Reader, Step, Steps, Story, Told};
use crate::event::EventName;
use crate::ids::{EventId, RecordId};

/// What a step is known by in another run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The record that it concerns, of those that are followed.
    pub record: Option<RecordId>,
    pub name: EventName,
    /// The chapters that have begun.
    pub chapter: u32,
    chosen: Option<RecordId>,
    actor: i32,
    /// Which of its kind it is, and which of all: of the record's steps, or else of the chapter's, from 1.
    nth: u32,
    index: u32,
}

impl Alike {
    /// What the last step up to an event of a move is known by; none where none has been.
    pub fn of(story: &Story, chosen: Option<RecordId>, place: (u64, EventId)) -> Option<Alike> {
        let behind = || story.told().iter().take_while(|told| told.place() <= place);
        let mut steps = Steps::new(reader(chosen));
        let mut journeys: Vec<Journey> = chosen.map(Journey::new).into_iter().collect();
        let mut last = None;
        for told in behind() {
            let is_step = steps.take(told);
            if let Some(record) = steps.followed()
                && journeys.last().is_none_or(|journey| journey.record() != record)
            {
                journeys.push(Journey::new(record));
            }
            let mut concerned = None;
            for journey in &mut journeys {
                if journey.take(told) {
                    concerned = Some(journey.record());
                }
            }
            if is_step {
                last = Some((told, concerned, steps.chapters()));
            }
        }
        let (told, record, chapter) = last?;
        let (name, actor) = (told.name, told.actor);
        let alike = Alike { record, name, chapter, chosen, actor, nth: u32::MAX, index: u32::MAX };
        let mut seeker = Seeker::new(alike);
        let upto = told.place();
        behind().take_while(|told| told.place() <= upto).for_each(|told| {
            seeker.take(told);
        });
        Some(Alike { nth: seeker.seen, index: seeker.index, ..alike })
    }
}

/// What was opened is another run's.
const fn reader(follows: Option<RecordId>) -> Reader {
    Reader { follows, opened: None }
}

/// Looks for the step in what is computed, as it is computed.
#[derive(Clone, Debug)]
pub struct Seeker {
    of: Alike,
    steps: Steps,
    journey: Option<Journey>,
    taken: usize,
    /// Those of its kind so far, and all that count.
    seen: u32,
    index: u32,
    nearest: Option<Step>,
}

impl Seeker {
    pub fn new(of: Alike) -> Seeker {
        let journey = of.record.map(Journey::new);
        Seeker { of, steps: Steps::new(reader(of.chosen)), journey, taken: 0, seen: 0, index: 0, nearest: None }
    }

    /// The step, once it is among what is told.
    pub fn find(&mut self, story: &Story) -> Option<Step> {
        while let Some(told) = story.told().get(self.taken) {
            self.taken += 1;
            if self.take(told) {
                return Some(Step::of(told));
            }
        }
        None
    }

    /// The step that is nearest to it, of what was looked at.
    pub const fn nearest(&self) -> Option<Step> {
        self.nearest
    }

    /// Whether it cannot come any more.
    pub const fn is_past(&self) -> bool {
        self.journey.is_none() && self.steps.chapters() > self.of.chapter
    }

    fn take(&mut self, told: &Told) -> bool {
        let is_step = self.steps.take(told);
        let concerns = self.journey.as_mut().is_none_or(|journey| journey.take(told));
        let is_before = self.journey.is_none() && self.steps.chapters() < self.of.chapter;
        if !is_step || !concerns || self.is_past() {
            return false;
        }
        if is_before {
            self.nearest = Some(Step::of(told));
            return false;
        }
        self.index += 1;
        if self.index <= self.of.index {
            self.nearest = Some(Step::of(told));
        }
        self.seen += u32::from(told.name == self.of.name && (self.journey.is_some() || told.actor == self.of.actor));
        self.seen == self.of.nth
    }
}
