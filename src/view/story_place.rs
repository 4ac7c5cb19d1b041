//! Where the reader stands in the story: the chapter, the step, whom one follows, and what was counted on the way.

use std::sync::Arc;

use super::lens::Lens;
use super::model::{ChapterMark, ChapterState};
use super::scene::Scene;
use crate::explain;
use crate::ids::{ClientId, EventId, RecordId};
use crate::lang::Lang;
use crate::script::Chapter;
use crate::time::Instant;
use crate::timeline::{Course, Folded, Moves, Timeline};

/// Microseconds within a chapter that are worth their number beside it.
const LONG_US: u64 = 10_000_000;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct StoryPlace {
    /// The record that the story follows here.
    pub followed: Option<RecordId>,
    /// The producer whose next record it will follow.
    pub awaited: Option<ClientId>,
    /// The step that is told here.
    pub told: Option<EventId>,
    /// What was counted before it.
    pub folded: Vec<Folded>,
    /// Steps up to here, and as far as the run is computed.
    pub step: u64,
    pub steps: u64,
    /// Chapters begun up to here, and the steps since the last of them.
    chapter: usize,
    step_of_chapter: u64,
    course: Arc<Course>,
}

/// The event of the move that the lens asks for, if the move has it.
pub(super) fn asked(timeline: &Timeline, lens: &Lens) -> Option<EventId> {
    let first = timeline.moves().first_event(timeline.position());
    let last = first.0 + u32::try_from(timeline.events().len()).unwrap_or(0);
    lens.told.filter(|event| *event >= first && event.0 < last)
}

/// The event that is told here: the one that the lens asks for, or the last of the move that is a step; and the index of the
/// step that it is.
pub(super) fn told(timeline: &Timeline, lens: &Lens, course: &Course) -> (Option<EventId>, Option<usize>) {
    let asked = asked(timeline, lens);
    let last = course.steps_to(upto(timeline, asked)).checked_sub(1);
    let is_told = |event| asked.is_none_or(|asked| asked == event);
    let step = last.map(|index| (index, course.steps()[index]));
    let step = step.filter(|(_, step)| step.number == timeline.position() && is_told(step.event));
    (asked.or(step.map(|(_, step)| step.event)), step.map(|(index, _)| index))
}

/// What is behind the reader: this move, up to an event of it.
fn upto(timeline: &Timeline, asked: Option<EventId>) -> (u64, EventId) {
    (timeline.position(), asked.unwrap_or(EventId(u32::MAX)))
}

impl StoryPlace {
    pub fn of(timeline: &Timeline, lens: &Lens) -> StoryPlace {
        let story = timeline.moves().story();
        let course = story.course(lens.reader());
        let (told, index) = told(timeline, lens, &course);
        let upto = upto(timeline, asked(timeline, lens));
        let (followed, awaited) = course.followed_at(upto);
        let (step, chapter) = (course.steps_to(upto), course.chapters_to(upto));
        let before = chapter.checked_sub(1).map_or(0, |last| course.chapters()[last].steps);
        StoryPlace {
            followed,
            awaited,
            told,
            folded: index.map(|index| story.folded(&course, index)).unwrap_or_default(),
            step: step as u64,
            steps: course.steps().len() as u64,
            chapter,
            step_of_chapter: (step - before) as u64,
            course,
        }
    }

    /// Chapters that have begun behind an instant, up to here; none where no chapter has begun.
    pub fn chapters_since(&self, moves: &Moves, at: Instant) -> Option<usize> {
        let begun = &self.course.chapters()[..self.chapter];
        (!begun.is_empty()).then(|| begun.iter().filter(|chapter| moves.at(chapter.place.0) > at).count())
    }

    /// Steps of the run up to a move, all its events.
    pub fn steps_to(&self, number: u64) -> u64 {
        self.course.steps_to((number, EventId(u32::MAX))) as u64
    }

    /// Which chapter this is, from 1; 0 before the first.
    pub const fn chapter(&self) -> usize {
        self.chapter
    }

    /// The chapter of the script that stands at a line.
    pub fn chapter_at(timeline: &Timeline, line: u32) -> Option<&Chapter> {
        timeline.branch().scenario.chapters().find(|(at, _)| at.number == line).map(|(_, chapter)| chapter)
    }

    /// All chapters of the script with what is known of them, getting ready first; none where the script has none.
    pub fn marks(&self, scene: &Scene<'_>) -> Vec<ChapterMark> {
        let moves = scene.timeline.moves();
        let mut marks = Vec::new();
        let waits = |from: u64, to: u64| {
            let us = moves.at(to).since(moves.at(from));
            (us >= LONG_US).then(|| format!("+{} s", us / 1_000_000))
        };
        let chapters = self.course.chapters();
        for (index, (line, chapter)) in scene.timeline.branch().scenario.chapters().enumerate() {
            let begun = chapters.get(index).filter(|begun| begun.line == line.number).map(|begun| begun.place.0);
            let steps = begun.map_or(&[][..], |_| self.course.steps_of(index + 1));
            // Behind the last step nothing is told, however far the run is computed.
            let last = steps.last().map_or(0, |step| step.number).max(scene.timeline.position());
            let ends = chapters.get(index + 1).map_or(last, |next| next.place.0);
            let (state, passed) = match (index + 1).cmp(&self.chapter) {
                std::cmp::Ordering::Less => (ChapterState::Past, steps.len() as u64),
                std::cmp::Ordering::Equal => (ChapterState::Now, self.step_of_chapter),
                std::cmp::Ordering::Greater => (ChapterState::Ahead, 0),
            };
            marks.push(ChapterMark {
                number: u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1),
                title: chapter.title.pick(scene.lang).to_string(),
                state,
                begins: begun,
                ends: begun.map(|_| ends),
                passed: begun.map_or(0, |_| passed),
                before: chapters.get(index).filter(|_| begun.is_some()).map_or(0, |begun| begun.steps as u64),
                steps: steps.len() as u64,
                waits: begun.and_then(|begun| waits(begun, ends)),
            });
        }
        if !marks.is_empty() {
            let title = scene.t("Getting ready", "준비");
            let steps = self.course.steps_of(0).len() as u64;
            let (state, passed) = match self.chapter {
                0 => (ChapterState::Now, self.step_of_chapter),
                _ => (ChapterState::Past, steps),
            };
            let ends = chapters.first().map(|begun| begun.place.0);
            let begins = Some(0);
            let ready = ChapterMark { number: 0, title, state, begins, ends, before: 0, steps, passed, waits: None };
            marks.insert(0, ready);
        }
        marks
    }

    /// `chapter 4 of 5, step 9`, `getting ready, step 3`, `step 12`; nothing at the start.
    pub fn text(&self, scene: &Scene<'_>) -> String {
        let all = scene.timeline.branch().scenario.chapters().count();
        if all == 0 {
            let step = explain::grouped(self.step);
            return scene.t(&format!("step {step}"), &format!("스텝 {step}"));
        }
        let step = explain::grouped(self.step_of_chapter);
        let (chapter, lang) = (self.chapter, scene.lang);
        match (chapter, lang) {
            (0, Lang::En) => format!("getting ready, step {step}"),
            (0, Lang::Ko) => format!("준비, 스텝 {step}"),
            (_, Lang::En) => format!("chapter {chapter} of {all}, step {step}"),
            (_, Lang::Ko) => format!("챕터 {chapter}/{all}, 스텝 {step}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::View;
    use super::*;
    use crate::script::parse;
    use crate::timeline::Reader;

    /// The chapters share all steps among them, and a mark says how many steps lead to it.
    #[test]
    fn chapters_count_their_steps() {
        let (script, errors) = parse(
            "cluster brokers=2 seed=3\ntopic t\nproducer p\nchapter \"One\" says=\"a\"\nsend p t value=1\nwait sent p\n\
             chapter \"Two\" says=\"b\"\ncrash broker-2\nsleep 500\nstart broker-2\nchapter \"Three\" says=\"c\"\n\
             send p t value=2\nwait sent p\n",
        );
        assert_eq!(errors, []);
        let mut timeline = Timeline::new(&script).expect("it can be played");
        while timeline.position() < 3_000 && timeline.forward() {}
        let view = View::of(&timeline, &Lens::default());
        let (chapters, steps) = (&view.transport.chapters, timeline.moves().story().course(Reader::default()));
        let own = |mark: &ChapterMark| {
            let begins = mark.begins.unwrap_or(u64::MAX);
            steps.steps().iter().filter(|step| step.number >= begins).count() as u64
        };
        assert!(chapters.len() > 2 && chapters[1].steps > 0);
        let mut before = 0;
        for mark in chapters.iter().filter(|mark| mark.begins.is_some()) {
            assert_eq!(mark.before, before);
            assert_eq!(own(mark), steps.steps().len() as u64 - before, "{}", mark.title);
            before += mark.steps;
        }
        assert_eq!(before, view.transport.steps);
        let marks = &view.lanes.strip.marks;
        assert!(!marks.is_empty());
        for mark in marks {
            let upto = steps.steps().iter().filter(|step| step.number <= mark.number).count() as u64;
            assert_eq!(mark.steps, upto, "{}", mark.text);
        }
    }
}
