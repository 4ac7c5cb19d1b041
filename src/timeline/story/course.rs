//! The course of a story for its reader: which of what can be told are steps, as far as it is computed. It is kept beside what
//! can be told and only goes on, so that a picture takes in no more than what is new.

use std::cell::RefCell;
use std::sync::Arc;

use super::steps::{Folded, Reader, Steps};
use super::told::{Subject, Told, Worth};
use super::{Step, Story};
use crate::ids::{ClientId, EventId, RecordId};

/// A move and an event of it.
type Place = (u64, EventId);

/// A chapter that has begun: the script's line, the place, and the steps before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    pub line: u32,
    pub place: Place,
    pub steps: usize,
}

/// Whom the story follows from a place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Followed {
    from: Place,
    record: Option<RecordId>,
    awaited: Option<ClientId>,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Course {
    reader: Reader,
    fold: Steps,
    taken: usize,
    steps: Vec<Step>,
    chapters: Vec<Begun>,
    followed: Vec<Followed>,
}

impl Course {
    fn new(reader: Reader) -> Course {
        let (steps, chapters, followed) = (Vec::new(), Vec::new(), Vec::new());
        Course { reader, fold: Steps::new(reader), taken: 0, steps, chapters, followed }
    }

    /// All steps so far, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The chapters that have begun.
    pub fn chapters(&self) -> &[Begun] {
        &self.chapters
    }

    /// How many steps there are up to a place.
    pub fn steps_to(&self, place: Place) -> usize {
        self.steps.partition_point(|step| step.place() <= place)
    }

    /// How many chapters have begun up to a place.
    pub fn chapters_to(&self, place: Place) -> usize {
        self.chapters.partition_point(|begun| begun.place <= place)
    }

    /// The steps of a chapter, by its number from 1; of 0, those before the first.
    pub fn steps_of(&self, chapter: usize) -> &[Step] {
        let begins = |chapter: usize| self.chapters.get(chapter).map_or(self.steps.len(), |begun| begun.steps);
        let from = chapter.checked_sub(1).map_or(0, begins);
        &self.steps[from..begins(chapter)]
    }

    /// The record that is followed at a place, and the producer whose next record will be.
    pub fn followed_at(&self, place: Place) -> (Option<RecordId>, Option<ClientId>) {
        let behind = self.followed.partition_point(|followed| followed.from <= place);
        let last = behind.checked_sub(1).map(|at| self.followed[at]);
        last.map_or((None, None), |last| (last.record, last.awaited))
    }

    fn go_on(&mut self, told: &[Told]) {
        for told in &told[self.taken..] {
            let is_step = self.fold.take(told);
            let (from, record, awaited) = (told.place(), self.fold.followed(), self.fold.awaited());
            if self.followed.last().is_none_or(|last| (last.record, last.awaited) != (record, awaited)) {
                self.followed.push(Followed { from, record, awaited });
            }
            if let Subject::Chapter { line, .. } = told.subject {
                self.chapters.push(Begun { line, place: from, steps: self.steps.len() });
            }
            if is_step {
                self.steps.push(Step::of(told));
            }
        }
        self.taken = told.len();
    }
}

/// Courses that were asked for: the story's own, and that of the last reader who follows another record or has opened
/// something. What is in it follows from what can be told alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Courses(RefCell<[Option<Arc<Course>>; 2]>);

impl Courses {
    fn of(&self, reader: Reader, told: &[Told]) -> Arc<Course> {
        let mut kept = self.0.borrow_mut();
        let place = &mut kept[usize::from(reader != Reader::default())];
        let course = match place {
            Some(course) if course.reader == reader => course,
            _ => place.insert(Arc::new(Course::new(reader))),
        };
        if course.taken < told.len() {
            Arc::make_mut(course).go_on(told);
        }
        course.clone()
    }

    /// The bytes that what only grows of them takes.
    pub(super) fn bytes(&self) -> usize {
        let of = |course: &Arc<Course>| {
            course.steps.len() * size_of::<Step>()
                + course.chapters.len() * size_of::<Begun>()
                + course.followed.len() * size_of::<Followed>()
        };
        self.0.borrow().iter().flatten().map(of).sum()
    }

    /// Forgets those that have taken in more than so much of what can be told.
    pub(super) fn truncate(&mut self, told: usize) {
        for place in self.0.get_mut() {
            place.take_if(|course| course.taken > told);
        }
    }
}

impl Story {
    /// A reader's course through what is computed.
    pub fn course(&self, reader: Reader) -> Arc<Course> {
        self.courses.of(reader, &self.told)
    }

    /// The steps of a reader, in order.
    pub fn steps(&self, reader: Reader) -> impl Iterator<Item = Step> + use<> {
        let course = self.course(reader);
        (0..course.steps.len()).map(move |at| course.steps[at])
    }

    /// What was counted between the step of this index and the one before it.
    pub fn folded(&self, course: &Course, index: usize) -> Vec<Folded> {
        let behind = |place: Place| self.told.partition_point(|told| told.place() <= place);
        let before = index.checked_sub(1).map(|before| behind(course.steps[before].place()));
        let last = before.map(|behind| self.told[behind - 1].here());
        let upto = behind(course.steps[index].place()) - 1;
        let mut folded: Vec<Folded> = Vec::new();
        for told in &self.told[before.unwrap_or(0)..upto] {
            // What is told of a move once is not counted beside it.
            if told.worth == Worth::Own || last == Some(told.here()) {
                continue;
            }
            let Told { name, actor, event, .. } = *told;
            match folded.iter_mut().find(|folded| (folded.name, folded.actor) == (name, actor)) {
                Some(folded) => (folded.count, folded.last) = (folded.count + 1, event),
                None => folded.push(Folded { name, actor, count: 1, first: event, last: event }),
            }
        }
        folded
    }
}
