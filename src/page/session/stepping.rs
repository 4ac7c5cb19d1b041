//! Where a run can be stood at: steps, chapters, stages, single events.

use partita::event::EventName;
use partita::ids::EventId;
use partita::simulation::Progress;
use partita::timeline::{Opened, Reader, Seeker, Step, Told};
use partita::view::{Selection, told_event};

use super::run::{Run, Way, WayGoal};

/// Virtual milliseconds in which the next event is looked for, whatever it is: longer than every timeout of Kafka's
/// defaults.
const EVENT_AHEAD_MS: u64 = 15 * 60_000;

/// Moves to the end of a story's script that are made at once: from its last step there are few, but behind a reload its own
/// run is computed from the start.
const SCRIPTS_END: u64 = 100_000;

/// What is shown of a run: the branch, the move, the event that is told, whether the story has ended.
pub(super) type ShownPlace = (usize, u64, Option<EventId>, bool);

impl Run {
    /// The event behind which the next step lies: the one that is told, where the lens asks for it, or else the last of the
    /// move; of a move without events the number that its first would have.
    pub(super) fn last_told(&self) -> EventId {
        let first = self.timeline.moves().first_event(self.timeline.position());
        let behind = self.behind_move();
        let asked = self.lens.told.filter(|event| (first..behind).contains(event));
        asked.unwrap_or(EventId(behind.0.saturating_sub(1).max(first.0)))
    }

    /// The number of the first event behind this move.
    fn behind_move(&self) -> EventId {
        let first = self.timeline.moves().first_event(self.timeline.position());
        EventId(first.0 + u32::try_from(self.timeline.events().len()).unwrap_or(0))
    }

    /// The event that is told here, or the place between two events.
    fn here(&self) -> EventId {
        told_event(&self.timeline, &self.lens).unwrap_or_else(|| EventId(self.last_told().0 + 1))
    }

    /// To the step before this one; to the start when there is none.
    pub fn step_back(&mut self) {
        self.back_to(|_| true);
    }

    /// To the beginning of this chapter, or of the one before when it stands there.
    pub fn chapter_back(&mut self) {
        self.back_to(is_chapter);
    }

    /// To the stage of the followed record before this place.
    pub fn stage_back(&mut self) {
        self.back_to(Step::is_stage);
    }

    fn back_to(&mut self, is_it: impl Fn(&Step) -> bool) {
        let step = self.timeline.moves().story().step_before(
            self.lens.reader(),
            (self.timeline.position(), self.here()),
            is_it,
        );
        self.stand_at(step);
    }

    /// To the event after the one that is told, whatever it is; computes on until there is one. False: there is none.
    pub fn event_on(&mut self) -> bool {
        let told = told_event(&self.timeline, &self.lens).filter(|_| !self.timeline.events().is_empty());
        let next = told.map_or_else(|| self.behind_move(), |event| EventId(event.0 + 1));
        let (before, told) = (self.timeline.position(), self.lens.told);
        if self.timeline.moves().holds(next) {
            self.go_to_event(next);
            return true;
        }
        let latest = self.timeline.moves().at(before).plus_millis(EVENT_AHEAD_MS);
        self.timeline.seek(self.timeline.moves().len());
        while self.timeline.simulation().now().at <= latest && self.timeline.forward() {
            if !self.timeline.events().is_empty() {
                self.lens.told = Some(next);
                return true;
            }
        }
        self.timeline.seek(before);
        self.lens.told = told;
        false
    }

    /// Opens what repeated itself on the way here: each time is a step, and the first is told.
    pub fn open(&mut self, opened: Opened) {
        self.lens.opened = Some(opened);
        self.go_to_event(opened.first);
    }

    /// Folds it again, and goes on to the step behind it.
    pub fn fold(&mut self) {
        if let Some(opened) = self.lens.opened.take() {
            let step = self.timeline.moves().story().steps(self.lens.reader()).find(|step| step.event > opened.last);
            if step.is_some() {
                self.stand_at(step);
            }
        }
    }

    /// To the event before the one that is told; to the start when there is none.
    pub fn event_back(&mut self) {
        match self.here().0.checked_sub(1).filter(|event| *event > 0) {
            Some(event) => self.go_to_event(EventId(event)),
            None => self.stand_at(None),
        }
    }

    /// To an event that is computed, which is told then.
    pub fn go_to_event(&mut self, event: EventId) {
        if let Some(number) = self.timeline.moves().move_of(event) {
            self.stand_behind(number, Some(event));
        }
    }

    /// Behind a move, where this event of it is told.
    pub(super) fn stand_behind(&mut self, number: u64, told: Option<EventId>) {
        self.timeline.seek(number);
        self.lens.told = told;
    }

    /// Stands at a step; none: at the start.
    pub(super) fn stand_at(&mut self, step: Option<Step>) {
        self.stand_behind(step.map_or(0, |step| step.number), step.map(|step| step.event));
    }

    /// Back to where a way began, or to what is nearest to what it looked for: that is not there. Who looks for a chapter
    /// or a step behind the last one comes to the last step.
    pub(super) fn turn_back(&mut self, way: &Way) {
        if matches!(way.goal, WayGoal::Chapter | WayGoal::StepOf(_)) {
            self.go_to_last_step();
            self.timeline.forget_behind(self.timeline.position().max(way.known));
            return;
        }
        if way.goal == WayGoal::Step && self.stand_at_last_result(way.from) {
            self.timeline.forget_behind(self.timeline.position().max(way.known));
            return;
        }
        match way.seeker.as_ref().and_then(Seeker::nearest) {
            Some(nearest) => {
                self.stand_at(Some(nearest));
                self.timeline.forget_behind(way.known);
            }
            None => self.leave(way),
        }
    }

    /// Stands at the last result of any record that lies behind a move: what is no step is counted at the end all the same.
    /// False: there is none.
    fn stand_at_last_result(&mut self, from: u64) -> bool {
        let is_result = |told: &&Told| matches!(told.name, EventName::RecordAcknowledged | EventName::RecordFailed);
        let last = self.timeline.moves().story().told().iter().rfind(is_result).map(Told::place);
        let last = last.filter(|(number, _)| *number > from);
        if let Some((number, event)) = last {
            self.stand_behind(number, Some(event));
        }
        last.is_some()
    }

    /// Back to where a way began that is not gone any further.
    pub(super) fn leave(&mut self, way: &Way) {
        self.stand_behind(way.from, way.told);
        // What was computed in vain is no future that a change would leave behind.
        self.timeline.forget_behind(way.known);
    }

    /// Whether the followed record has just come into a stage.
    pub(super) fn is_at_stage(&self) -> bool {
        self.tells(Step::is_stage)
    }

    /// Whether a chapter begins here.
    pub(super) fn is_at_chapter(&self) -> bool {
        self.tells(is_chapter)
    }

    /// Whether what is told here is so.
    fn tells(&self, is_it: impl Fn(&Step) -> bool) -> bool {
        let here = self.here();
        let mut steps = self.timeline.moves().story().of_move(self.timeline.position()).iter();
        steps.any(|told| told.event == here && is_it(&Step::of(told)))
    }

    /// The number of the step that is told here, of those of the story's own: what a link names.
    pub fn step_of_story(&self) -> u64 {
        self.storys_step().0
    }

    /// The number of the step that is shown here, counted from the chapter for the record that is followed.
    pub(super) fn step_shown(&self) -> usize {
        let here = (self.timeline.position(), self.here());
        let course = self.timeline.moves().story().course(self.lens.reader());
        let begun = course.chapters_to(here).checked_sub(1).map_or(0, |last| course.chapters()[last].steps);
        course.steps_to(here) - begun
    }

    /// Steps between where a way began and here, as they were told then, and the move of the first.
    pub(super) fn passed_on(&self, way: &Way) -> Option<(usize, u64)> {
        let (from, here) = (way.from, (self.timeline.position(), self.here()));
        let course = self.timeline.moves().story().course(way.reader);
        let behind = &course.steps()[course.steps_to((from, EventId(u32::MAX)))..];
        let passed = behind.partition_point(|step| step.place() < here);
        behind.first().filter(|_| passed > 0).map(|first| (passed, first.number))
    }

    /// The same where that step is what is told: then the number leads here again, whoever opens it. Elsewhere, and where
    /// another record is followed than the story's, the place itself does.
    pub fn own_step(&self) -> Option<u64> {
        let is_own = self.lens.reader() == Reader::default() && self.to_follow.is_none();
        let (number, is_told) = self.storys_step();
        (is_own && is_told || self.timeline.position() == 0).then_some(number)
    }

    fn storys_step(&self) -> (u64, bool) {
        self.timeline.moves().story().step_at(Reader::default(), (self.timeline.position(), self.here()))
    }

    /// To the last step of the story's own run, from a branch of it, as far as that is computed. What was sent in the branch
    /// alone is followed no more. False: nothing of it is computed.
    pub fn go_to_own_end(&mut self) -> bool {
        if self.timeline.current() == 0 {
            return true;
        }
        self.switch(0);
        self.go_to_last_step();
        let index = self.timeline.observers().index();
        if self.lens.followed.is_some_and(|record| index.record(record).is_none()) {
            (self.lens.followed, self.lens.selected) = (None, Selection::Nothing);
            self.go_to_last_step();
        }
        self.timeline.position() > 0
    }

    /// To where the script has been carried out, which may lie behind the last step: what is done before it would be in the
    /// way of the lines that are left. False: that is too far to be computed at once.
    pub fn go_to_scripts_end(&mut self) -> bool {
        let mut made = 0;
        let is_playing = |run: &Run| matches!(run.timeline.simulation().progress(), Progress::Playing(_));
        while is_playing(self) && made < SCRIPTS_END && self.timeline.forward() {
            made += 1;
        }
        self.lens.told = None;
        !is_playing(self)
    }

    pub(super) fn shown_place(&self) -> ShownPlace {
        (self.timeline.current(), self.timeline.position(), self.lens.told, self.lens.ended)
    }

    /// Back to what was shown.
    pub(super) fn show_place(&mut self, (branch, position, told, ended): ShownPlace) {
        if branch != self.timeline.current() {
            self.switch(branch);
        }
        self.timeline.seek(position);
        (self.lens.told, self.lens.ended) = (told, ended);
    }

    /// To the last step that there is; its number.
    pub fn go_to_last_step(&mut self) -> u64 {
        let course = self.timeline.moves().story().course(self.lens.reader());
        self.stand_at(course.steps().last().copied());
        course.steps().len() as u64
    }
}

fn is_chapter(step: &Step) -> bool {
    step.name == EventName::ChapterBegan
}
