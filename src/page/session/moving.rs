//! What a user may want of time: steps, moves, marks, stages, instants, play.

use leptos::prelude::*;
use partita::ids::{EventId, PartitionNo, RecordId};
use partita::lang::{Sentence, both, grouped};
use partita::time::Instant;
use partita::timeline::{Flags, Opened};
use partita::view::{Selection, SettingsOf};

use super::notice::{About, PageNotice};
use super::playing::{PACES, Play, Playing, Reading};
use super::run::{Way, WayEnd, WayGoal};
use super::{Session, asking, slice};
use crate::page::{crash, text};

impl Session {
    /// To the next step.
    pub fn step_forward(self) {
        self.in_turn(|session| session.look_for(WayGoal::Step));
    }

    fn look_for(self, goal: WayGoal) {
        self.leave_hint();
        self.go(goal);
    }

    /// To the step before this one.
    pub fn step_back(self) {
        self.in_turn(|session| session.leap(super::Run::step_back));
    }

    /// To the next event, whatever it is.
    pub fn move_forward(self) {
        self.in_turn(|session| {
            session.leave_hint();
            session.leap(|run| {
                run.event_on();
            });
        });
    }

    /// Tells what repeated itself one by one, or not any more.
    pub fn open_or_fold(self, opens: Option<Opened>) {
        self.at_once();
        self.leap(move |run| match opens {
            Some(opened) => run.open(opened),
            None => run.fold(),
        });
    }

    pub fn move_back(self) {
        self.in_turn(|session| session.leap(super::Run::event_back));
    }

    /// To the next chapter of the story; computes until it begins.
    pub fn next_chapter(self) {
        self.in_turn(|session| {
            if session.with_run(|run| run.timeline.branch().scenario.chapters().next().is_none()) {
                session.leave_hint();
                return session.say(both("This run has no chapters.", "이 실행에는 챕터가 없습니다."));
            }
            session.look_for(WayGoal::Chapter);
        });
    }

    /// To the beginning of this chapter, or of the one before.
    pub fn previous_chapter(self) {
        self.in_turn(|session| session.leap(super::Run::chapter_back));
    }

    /// To the chapter of this number, from 1; 0 is what comes before the first.
    pub fn go_to_chapter(self, number: u32) {
        self.at_once();
        self.leave_hint();
        match number {
            0 => self.leap(|run| run.stand_at(None)),
            _ => self.go(WayGoal::ChapterOf(number)),
        }
    }

    /// To the next stage of the followed record; computes until there is one.
    pub fn next_stage(self) {
        self.in_turn(|session| session.look_for(WayGoal::Stage));
    }

    pub fn previous_stage(self) {
        self.in_turn(|session| session.leap(super::Run::stage_back));
    }

    /// To the next fault or alarm; computes until there is one.
    pub fn next_mark(self) {
        self.in_turn(|session| session.look_for(WayGoal::Mark));
    }

    pub fn previous_mark(self) {
        self.in_turn(|session| {
            session.leap(|run| {
                let marks = Flags::FAULT.with(Flags::ALARM);
                if let Some(number) = run.timeline.moves().find(run.timeline.position(), marks, false) {
                    run.stand_behind(number, None);
                }
            });
        });
    }

    /// To the start of the run.
    pub fn home(self) {
        self.in_turn(Session::start);
    }

    pub(super) fn start(self) {
        self.leap(|run| run.stand_at(None));
    }

    /// To the last step of what the reader has come to.
    pub fn end(self) {
        self.in_turn(|session| {
            session.leap(|run| {
                run.go_to_last_step();
            });
        });
    }

    /// To the place behind a move that has been computed.
    pub fn go_to_move(self, number: u64) {
        self.at_once();
        self.leap(move |run| run.stand_behind(number, None));
    }

    /// To the move in which a promise was broken; what it was broken with is selected.
    pub fn go_to_alarm(self, number: u64) {
        self.at_once();
        self.leap(move |run| {
            run.stand_behind(number, None);
            run.lens.selected = partita::view::broken_with(&run.timeline).unwrap_or(run.lens.selected);
        });
    }

    /// To the move in which an event happened.
    pub fn go_to_event(self, event: EventId) {
        self.at_once();
        self.leap(move |run| run.go_to_event(event));
    }

    /// To the last thing at or before an instant; computes what is missing.
    pub fn go_to_instant(self, at: Instant) {
        self.at_once();
        self.reach(at);
    }

    pub(super) fn reach(self, at: Instant) {
        let goes_on = self.with_run(|run| {
            let computed = run.timeline.moves().len();
            if run.timeline.moves().at(computed) > at {
                let to = run.timeline.moves().last_at(at);
                run.timeline.seek(to);
                return false;
            }
            run.timeline.seek(computed);
            true
        });
        if goes_on { self.go(WayGoal::Instant(at)) } else { self.leap(|_| ()) }
    }

    /// To the step of this number; computes what is missing.
    pub fn go_to_step(self, step: u64) {
        self.at_once();
        match step {
            0 => self.start(),
            _ => self.go(WayGoal::StepOf(step)),
        }
    }

    /// From step to step at the pace of a reader, or not any more.
    pub fn play_or_pause(self) {
        self.in_turn(|session| {
            session.play(|session| Play::steps(PACES[session.pace.get_untracked().min(PACES.len() - 1)]));
        });
    }

    /// Virtual time passes at a speed, or not any more.
    pub fn run_or_pause(self) {
        self.in_turn(|session| {
            session.play(|session| {
                Play::time(session.speed.get_untracked(), session.with_run(|run| run.timeline.simulation().now().at))
            });
        });
    }

    fn play(self, how: impl FnOnce(Session) -> Play) {
        let plays = self.playing.get_untracked().is_some();
        self.halt();
        if plays || self.is_at_limit() || self.with_run(|run| run.lens.ended) {
            return;
        }
        self.leave_hint();
        let play = how(self);
        let what = play.what();
        let speed = self.speed.get_untracked();
        self.with_held(|held| {
            held.last_frame = super::now_ms();
            held.run.lens.playing = (what == Playing::Run).then_some(speed);
            held.play = Some(play);
        });
        self.playing.set(Some(what));
        self.changed();
    }

    /// Play, Run and every way end where they are; who looks for a step, or the like, is back where that began.
    pub(super) fn halt(self) {
        if self.with_held(|held| std::mem::take(&mut held.opens)) {
            // What waits for the run to be open is done with the next frame.
            self.ask_frame();
        }
        let went = self.with_held(|held| {
            held.run.lens.playing = None;
            let (way, play) = (held.way.take(), held.play.take());
            let ahead = way.as_ref().filter(|way| way.goal.is_looked_for());
            if let Some(way) = ahead.or(play.as_ref().and_then(Play::looks_ahead)) {
                held.run.leave(way);
            }
            way.is_some() | play.is_some()
        });
        // Whether to go on with a way is asked no more.
        self.forget_notice(About::Going);
        if self.going.get_untracked().is_some() {
            self.going.set(None);
        }
        if self.playing.get_untracked().is_some() {
            self.playing.set(None);
        }
        if went {
            self.changed();
        }
    }

    pub fn set_speed(self, to: u32) {
        self.speed.set(to);
        self.with_held(|held| {
            if let Some(Play::Time { speed, .. }) = &mut held.play {
                *speed = to;
                held.run.lens.playing = Some(to);
            }
        });
    }

    /// The pace of Play, by its place among [`PACES`].
    pub fn set_pace(self, place: usize) {
        self.pace.set(place);
        self.with_held(|held| {
            if let Some(Play::Steps { pace, .. }) = &mut held.play {
                *pace = PACES[place.min(PACES.len() - 1)];
            }
        });
    }

    /// Follows a record through its stages.
    pub fn follow(self, record: RecordId) {
        let is_counted_anew = self.with_run(|run| {
            let before = run.step_shown();
            run.follow(record);
            run.step_shown() != before
        });
        if is_counted_anew {
            self.say(both(text::STEPS_COUNTED.en, text::STEPS_COUNTED.ko));
        }
        self.changed();
    }

    /// Follows the record that is selected, or the one of the place that is.
    pub fn follow_selected(self) {
        let record = self.with_run(|run| {
            let index = run.timeline.observers().index();
            match run.lens.selected {
                Selection::Record(record) => Some(record),
                Selection::Offset(partition, offset) => index.at(partition, offset),
                Selection::Batch(batch) => index.record_in(batch, 0),
                Selection::Client(client) => index.last_record(client),
                _ => None,
            }
        });
        match record {
            Some(record) => self.follow(record),
            None => self.say(both("Select a record or one of its cells first.", "먼저 레코드나 그 칸을 고르십시오.")),
        }
    }

    pub fn select(self, selection: Selection) {
        // What was chosen beside the scene holds until the next click in it.
        self.look(|lens| (lens.selected, lens.settings_of) = (selection, SettingsOf::Nearest));
    }

    /// Opens a folded partition and selects it; it is folded again when the run goes on.
    pub fn unfold(self, partition: PartitionNo) {
        self.with_run(|run| run.lens.unfolded = Some((run.timeline.position(), partition)));
        self.select(Selection::Partition(partition));
    }

    /// Goes somewhere at once.
    fn leap(self, there: impl FnOnce(&mut super::Run) + 'static) {
        self.when_free(move || {
            self.halt();
            self.with_run(|run| {
                there(run);
                run.follow_stored();
                run.lens.ended = false;
                run.lens.center = None;
            });
            self.changed();
        });
    }

    /// Sets out for a goal: the first slice now, the others with the frames that follow.
    pub(super) fn go(self, goal: WayGoal) {
        self.go_by(goal, move |run| run.way(goal));
    }

    /// Sets out for a goal by this way.
    pub(super) fn go_by(self, goal: WayGoal, way: impl FnOnce(&super::Run) -> Way + 'static) {
        self.when_free(move || {
            // Whether to go on was the question: who wants the same again says yes.
            if self.with_held(|held| held.way.as_ref().is_some_and(|way| way.asks() && way.goal == goal)) {
                self.forget_notice(About::Going);
                return self.go_on();
            }
            self.halt();
            // The story has been told: going on is a choice of its own.
            let is_told = self.with_run(|run| run.lens.ended) || self.is_at_limit();
            if is_told && matches!(goal, WayGoal::Step | WayGoal::Chapter | WayGoal::Stage) {
                return;
            }
            self.with_held(|held| {
                held.run.lens.center = None;
                held.run.lens.ended = false;
                held.way = Some(way(&held.run));
            });
            self.set_out(super::SLICE_MS);
        });
    }

    /// The user wants more moves computed.
    pub(super) fn go_on(self) {
        self.with_held(|held| {
            if let Some(way) = &mut held.way {
                way.limit += partita::timeline::MOVES_AT_A_TIME;
            }
        });
        self.set_out(super::SLICE_MS);
    }

    /// The first slice of a way.
    pub(super) fn set_out(self, slice_ms: f64) {
        self.advance(0.0, slice_ms);
        if self.with_held(|held| held.is_going()) {
            self.ask_frame();
        }
    }

    /// A slice of the way, or of play.
    pub(super) fn advance(self, passed_ms: f64, slice_ms: f64) {
        crash::works_on(self.root);
        // Only Play asks how long there is to read.
        let plays = self.playing.get_untracked() == Some(Playing::Play);
        let reading = if plays { self.reading() } else { Reading::default() };
        let outcome = self.with_held(|held| {
            let super::Held { run, way: asked, play: playing, is_stale, .. } = held;
            if let Some(way) = asked {
                // A question is open.
                if way.asks() {
                    return None;
                }
                // No picture on the way: only where it leads is drawn.
                let arrived = run.go(way, slice(slice_ms));
                return Some((arrived, Some(way.clone())));
            }
            let play = playing.as_mut()?;
            let (before, looked) = ((run.timeline.position(), run.lens.told), play.looks_ahead().is_some());
            let arrived = play.tick(run, passed_ms, reading, slice(slice_ms));
            // Nor while Play looks for its next step.
            let moved = looked || (run.timeline.position(), run.lens.told) != before;
            *is_stale |= moved && play.looks_ahead().is_none();
            if arrived == WayEnd::Asks {
                // Play ends, and whether to go on is asked of its way.
                *asked = playing.take().and_then(Play::into_way);
                return Some((arrived, asked.clone()));
            }
            Some((arrived, None))
        });
        match outcome {
            None | Some((WayEnd::NotYet, None)) => {}
            Some((WayEnd::NotYet, Some(way))) => self.going.set(Some(way.made)),
            Some((arrived, way)) => self.arrived(arrived, way.as_ref()),
        }
    }

    /// What there is to read where the run stands.
    fn reading(self) -> Reading {
        let (letters, is_korean) = self.view.with_untracked(|view| {
            let letters = [&view.story.happened, &view.story.meaning].map(|text| text.plain().chars().count());
            (letters.into_iter().sum(), view.story.happened.plain().chars().any(|c| c >= '\u{ac00}'))
        });
        Reading { letters, is_korean, is_stage: self.with_run(|run| run.is_at_stage()) }
    }

    fn arrived(self, arrived: WayEnd, way: Option<&Way>) {
        if arrived == WayEnd::Asks {
            self.going.set(None);
            self.playing.set(None);
            // What was pressed before the question was seen answers nothing.
            self.forget_presses();
            if let Some(goal) = way.map(|way| way.goal) {
                let at = |run: &mut super::Run| (run.timeline.simulation().now().at, run.timeline.moves().len());
                let (now, held) = self.with_run(at);
                self.tell(asking::question(goal, now, held));
            }
            return;
        }
        let goal = way.map(|way| way.goal);
        let has_played = way.is_none() && self.playing.get_untracked() == Some(Playing::Play);
        if let (WayEnd::Ended | WayEnd::InVain, Some(way)) = (arrived, way) {
            self.with_run(|run| run.turn_back(way));
        }
        self.with_held(|held| held.way = None);
        self.halt();
        match (arrived, goal) {
            (WayEnd::There, Some(WayGoal::Pasted)) => self.tell_passed(way),
            (WayEnd::There | WayEnd::Asks | WayEnd::NotYet, _) => {}
            (_, Some(WayGoal::StepOf(step))) => self.tell_last_step(step),
            // Play comes to it as well.
            (_, Some(WayGoal::Step | WayGoal::Chapter) | None) => self.with_run(|run| run.lens.ended = true),
            (_, Some(WayGoal::Stage)) => self.say(both(
                "No record that is followed has a further stage.",
                "따라가는 레코드에 다음 단계가 없습니다.",
            )),
            (_, Some(WayGoal::Mark)) => {
                self.say(both("There is no further fault or alarm.", "더 이상 고장이나 경보가 없습니다."));
            }
            (_, Some(WayGoal::Pasted)) => self.say(both(
                "None of the pasted lines runs in what comes: their client ends before, or waits.",
                "앞으로 붙여 넣은 코드의 줄이 실행되지 않습니다. 그 전에 클라이언트가 끝나거나 계속 기다립니다.",
            )),
            (_, Some(WayGoal::ChapterOf(_) | WayGoal::Instant(_) | WayGoal::Place(_) | WayGoal::Alike)) => {}
        }
        if let Some(beyond) = self.with_run(super::Run::stand_as_stored) {
            self.say(beyond);
        }
        if has_played && arrived == WayEnd::There && self.with_run(|run| run.is_at_chapter()) {
            self.say(both(
                "Play stops at each chapter: Space goes on.",
                "재생은 챕터마다 멈춥니다. Space 키로 계속합니다.",
            ));
        }
        self.changed();
    }

    /// Behind a change from now, the client is closed before the pasted program begins: what that passed can be gone to.
    fn tell_passed(self, way: Option<&Way>) {
        let way = way.filter(|way| way.from > 0);
        let passed = way.and_then(|way| self.with_run(|run| run.passed_on(way)));
        if let Some((count, first)) = passed {
            let at = self.with_run(|run| run.timeline.moves().at(first));
            self.tell(asking::passed(count as u64, first, at));
        }
    }

    /// Lets time go on behind the end of the story: a choice, not what a key does.
    pub fn let_time_go_on(self) {
        self.with_run(|run| run.lens.ended = false);
        self.run_or_pause();
    }

    /// There is no step of this number: the last one is shown.
    fn tell_last_step(self, step: u64) {
        let last = self.with_run(super::Run::go_to_last_step);
        let [step, steps] = [step, last].map(grouped);
        let unit = if last == 1 { "step" } else { "steps" };
        self.say(both(
            format!("There is no step {step}: the run has {steps} {unit}, and this is the last."),
            format!("스텝 {step}: 없습니다. 이 실행의 스텝은 {steps}개이고, 여기가 마지막입니다."),
        ));
    }

    /// A short remark.
    pub fn say(self, text: Sentence) {
        self.tell(PageNotice::new(About::Said, "hint", both("", ""), text));
    }

    fn leave_hint(self) {
        self.forget_notice(About::Hint);
        self.forget_notice(About::Said);
    }
}
