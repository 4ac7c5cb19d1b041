//! Where the reader stands in the story: the chapter, the step, whom one follows, and what was counted on the way.

use super::lens::Lens;
use super::model::{ChapterMark, ChapterState};
use super::scene::Scene;
use crate::explain;
use crate::ids::{ClientId, EventId, RecordId};
use crate::lang::Lang;
use crate::script::Chapter;
use crate::time::Instant;
use crate::timeline::{Folded, Moves, Steps, Subject, Timeline, Told};

/// Microseconds within a chapter that are worth their number beside it.
const LONG_US: u64 = 10_000_000;

/// A chapter that has begun, as far as the run is computed.
#[derive(Clone, Debug)]
struct Begun {
    line: u32,
    number: u64,
    /// The moves of its steps, and how many of them are behind the reader.
    steps: Vec<u64>,
    passed: u64,
}

/// See the module.
#[derive(Clone, Debug, Default)]
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
    begun: Vec<Begun>,
    before: Vec<u64>,
}

/// The event of the move that the lens asks for, if the move has it.
pub(super) fn asked(timeline: &Timeline, lens: &Lens) -> Option<EventId> {
    let first = timeline.moves().first_event(timeline.position());
    let last = first.0 + u32::try_from(timeline.events().len()).unwrap_or(0);
    lens.told.filter(|event| *event >= first && event.0 < last)
}

impl StoryPlace {
    pub fn of(timeline: &Timeline, lens: &Lens) -> StoryPlace {
        let position = timeline.position();
        let asked = asked(timeline, lens);
        let is_behind = |told: &Told| {
            let number = u64::from(told.number);
            number < position || number == position && asked.is_none_or(|asked| told.event <= asked)
        };
        let mut place = StoryPlace { told: asked, ..StoryPlace::default() };
        let mut steps = Steps::new(lens.reader());
        for told in timeline.moves().story().told() {
            let is_step = steps.take(told);
            let is_behind = is_behind(told);
            if is_behind {
                place.followed = steps.followed();
                place.awaited = steps.awaited();
            }
            place.count(told, is_step, is_behind);
            if is_step && is_behind && u64::from(told.number) == position && asked.is_none_or(|it| it == told.event) {
                place.told = Some(told.event);
                place.folded = steps.folded().to_vec();
            }
        }
        place
    }

    fn count(&mut self, told: &Told, is_step: bool, is_behind: bool) {
        if let Subject::Chapter { line, .. } = told.subject {
            self.begun.push(Begun { line, number: u64::from(told.number), steps: Vec::new(), passed: 0 });
            if is_behind {
                (self.chapter, self.step_of_chapter) = (self.begun.len(), 0);
            }
        }
        if !is_step {
            return;
        }
        self.steps += 1;
        match self.begun.last_mut() {
            Some(chapter) => {
                chapter.steps.push(told.number.into());
                chapter.passed += u64::from(is_behind);
            }
            None => self.before.push(told.number.into()),
        }
        if is_behind {
            self.step = self.steps;
            self.step_of_chapter += 1;
        }
    }

    /// Chapters that have begun behind an instant, up to here; none where no chapter has begun.
    pub fn chapters_since(&self, moves: &Moves, at: Instant) -> Option<usize> {
        let begun = &self.begun[..self.chapter];
        (!begun.is_empty()).then(|| begun.iter().filter(|chapter| moves.at(chapter.number) > at).count())
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
        for (index, (line, chapter)) in scene.timeline.branch().scenario.chapters().enumerate() {
            let begun = self.begun.get(index).filter(|begun| begun.line == line.number);
            // Behind the last step nothing is told, however far the run is computed.
            let last = begun.and_then(|begun| begun.steps.last().copied()).unwrap_or(0).max(scene.timeline.position());
            let ends = self.begun.get(index + 1).map_or(last, |next| next.number);
            let state = match (index + 1).cmp(&self.chapter) {
                std::cmp::Ordering::Less => ChapterState::Past,
                std::cmp::Ordering::Equal => ChapterState::Now,
                std::cmp::Ordering::Greater => ChapterState::Ahead,
            };
            marks.push(ChapterMark {
                number: u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1),
                title: chapter.title.pick(scene.lang).to_string(),
                state,
                begins: begun.map(|begun| begun.number),
                ends: begun.map(|_| ends),
                steps: begun.map(|begun| begun.steps.clone()).unwrap_or_default(),
                passed: begun.map_or(0, |begun| begun.passed),
                waits: begun.and_then(|begun| waits(begun.number, ends)),
            });
        }
        if !marks.is_empty() {
            let title = scene.t("Getting ready", "준비");
            let state = if self.chapter == 0 { ChapterState::Now } else { ChapterState::Past };
            let ends = self.begun.first().map(|begun| begun.number);
            let (begins, steps) = (Some(0), self.before.clone());
            let passed = if self.chapter == 0 { self.step_of_chapter } else { steps.len() as u64 };
            marks.insert(0, ChapterMark { number: 0, title, state, begins, ends, steps, passed, waits: None });
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
