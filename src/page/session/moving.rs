//! What a user may want of time: steps, moves, marks, stages, instants, play.

use leptos::prelude::*;
use partita::ids::{EventId, RecordId};
use partita::lang::{Sentence, both, grouped};
use partita::time::Instant;
use partita::timeline::Flags;
use partita::view::Selection;

use super::idle::NEEDS;
use super::notice::{About, NoticeDeed, PageNotice};
use super::playing::Play;
use super::run::{WayEnd, WayGoal};
use super::{Session, slice};
use crate::page::crash;
use crate::page::screen::wants_less_motion;

impl Session {
    /// To the next event worth telling.
    pub fn step_forward(self) {
        self.leave_hint();
        self.go(WayGoal::Tellings(1));
    }

    /// To the event worth telling before this one.
    pub fn step_back(self) {
        self.leap(|run| run.timeline.step_back());
    }

    /// One move, whatever it is.
    pub fn move_forward(self) {
        self.leave_hint();
        self.leap(|run| {
            run.timeline.forward();
        });
    }

    pub fn move_back(self) {
        self.leap(|run| {
            let to = run.timeline.position().saturating_sub(1);
            run.timeline.seek(to);
        });
    }

    /// To the next stage of the followed record; computes until there is one.
    pub fn next_stage(self) {
        self.leave_hint();
        let goal = self.with_run(|run| {
            let record = run.followed()?;
            Some(WayGoal::Stage(record, run.timeline.observers().index().stage(record)))
        });
        match goal {
            Some(goal) => self.go(goal),
            None => self.say(both(
                "There is no record to follow yet: press N to send one.",
                "아직 따라갈 레코드가 없습니다. N을 눌러 보내십시오.",
            )),
        }
    }

    pub fn previous_stage(self) {
        self.leap(|run| {
            if let Some(number) = run.stage_before() {
                run.timeline.seek(number);
            }
        });
    }

    /// To the next fault or alarm; computes until there is one.
    pub fn next_mark(self) {
        self.leave_hint();
        let known = self.with_run(|run| {
            let marks = Flags::FAULT.with(Flags::ALARM);
            run.timeline.moves().find(run.timeline.position(), marks, true)
        });
        match known {
            Some(number) => self.go_to_move(number),
            None => {
                // What is computed has none: it is looked for behind it.
                self.with_run(|run| run.timeline.seek(run.timeline.moves().len()));
                self.go(WayGoal::Mark);
            }
        }
    }

    pub fn previous_mark(self) {
        self.leap(|run| {
            let marks = Flags::FAULT.with(Flags::ALARM);
            if let Some(number) = run.timeline.moves().find(run.timeline.position(), marks, false) {
                run.timeline.seek(number);
            }
        });
    }

    /// To the start of the run.
    pub fn home(self) {
        self.go_to_move(0);
    }

    /// To the last step that is computed.
    pub fn end(self) {
        self.leap(|run| run.timeline.seek(run.timeline.moves().len()));
    }

    /// To the place behind a move that has been computed.
    pub fn go_to_move(self, number: u64) {
        self.leap(move |run| run.timeline.seek(number));
    }

    /// To the move in which an event happened.
    pub fn go_to_event(self, event: EventId) {
        self.leap(move |run| {
            if let Some(number) = run.timeline.moves().move_of(event) {
                run.timeline.seek(number);
            }
        });
    }

    /// To the last thing at or before an instant; computes what is missing.
    pub fn go_to_instant(self, at: Instant) {
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
        let known = self.with_run(|run| run.move_of_step(step));
        match known {
            Some(number) => self.go_to_move(number),
            None => {
                let left = self.with_run(|run| {
                    let computed = run.timeline.moves().len();
                    run.timeline.seek(computed);
                    step - run.step_of_move(computed)
                });
                self.go(WayGoal::Step { step, left });
            }
        }
    }

    pub fn play_or_pause(self) {
        if self.is_playing.get_untracked() || self.going.get_untracked().is_some() {
            self.stop();
            return;
        }
        self.leave_hint();
        let speed = self.speed.get_untracked();
        let by_steps = wants_less_motion();
        self.with_held(|held| {
            held.way = None;
            held.play = Some(Play::new(speed, by_steps, held.run.timeline.simulation().now().at));
            held.last_frame = super::now_ms();
            held.run.lens.playing = Some(speed);
        });
        self.is_playing.set(true);
        self.changed();
    }

    /// Play and every way end where they are.
    pub fn stop(self) {
        if self.with_held(|held| std::mem::take(&mut held.opens)) {
            // What waits for the run to be open is done with the next frame.
            self.ask_frame();
        }
        let went = self.with_held(|held| {
            held.run.lens.playing = None;
            held.way.take().is_some() | held.play.take().is_some()
        });
        // Whether to go on with a way is asked no more.
        self.forget_notice(About::Going);
        if self.going.get_untracked().is_some() {
            self.going.set(None);
        }
        if self.is_playing.get_untracked() {
            self.is_playing.set(false);
        }
        if went {
            self.changed();
        }
    }

    pub fn set_speed(self, speed: u32) {
        self.speed.set(speed);
        self.with_held(|held| {
            if let Some(play) = &mut held.play {
                play.speed = speed;
                held.run.lens.playing = Some(speed);
            }
        });
    }

    /// Follows a record through its stages.
    pub fn follow(self, record: RecordId) {
        self.with_run(|run| run.follow(record));
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
        self.look(|lens| lens.selected = selection);
    }

    /// Goes somewhere at once.
    fn leap(self, there: impl FnOnce(&mut super::Run) + 'static) {
        self.when_free(move || {
            self.stop();
            self.forget_notice(About::Idle);
            self.with_run(|run| {
                there(run);
                run.lens.routine_passed = 0;
                run.lens.center = None;
            });
            self.with_held(|held| held.looks_ahead = true);
            self.changed();
        });
    }

    /// Sets out for a goal: the first slice now, the others with the frames that follow.
    pub(super) fn go(self, goal: WayGoal) {
        self.when_free(move || {
            self.stop();
            self.forget_notice(About::Idle);
            self.with_held(|held| {
                held.run.lens.center = None;
                held.run.lens.routine_passed = 0;
                held.way = Some(held.run.way(goal));
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
        if self.with_held(|held| held.way.is_some()) {
            self.ask_frame();
        }
    }

    /// A slice of the way, or of play.
    pub(super) fn advance(self, passed_ms: f64, slice_ms: f64) {
        crash::works_on(self.root);
        let outcome = self.with_held(|held| {
            let super::Held { run, way, play, is_stale, .. } = held;
            if let Some(way) = way {
                // A question is open.
                if way.made >= way.limit {
                    return None;
                }
                // No picture on the way: only where it leads is drawn.
                let arrived = run.go(way, slice(slice_ms));
                // A step counts what it passes; the way to a place does not.
                let counts = matches!(way.goal, WayGoal::Tellings(_) | WayGoal::Stage(..) | WayGoal::Mark);
                run.lens.routine_passed = if counts { way.passed } else { 0 };
                return Some((arrived, Some(*way)));
            }
            let play = play.as_mut()?;
            let before = run.timeline.position();
            let arrived = play.tick(run, passed_ms, slice(slice_ms));
            *is_stale |= run.timeline.position() != before;
            Some((arrived, None))
        });
        match outcome {
            None | Some((WayEnd::NotYet, None)) => {}
            Some((WayEnd::NotYet, Some(way))) => self.going.set(Some(way.made)),
            Some((arrived, way)) => self.arrived(arrived, way.map(|way| way.goal), way.map_or(0, |way| way.from)),
        }
    }

    fn arrived(self, arrived: WayEnd, goal: Option<WayGoal>, from: u64) {
        if arrived == WayEnd::Asks {
            self.going.set(None);
            let strong = both("2,000,000 moves were computed.", "이동 2,000,000개를 계산했습니다.");
            let text = both("Nothing of what you look for was among them.", "찾는 것이 그 안에 없었습니다.");
            let notice = PageNotice::new(About::Going, "clock", strong, text);
            self.tell(notice.with(NoticeDeed::GoOn, both("Go on", "계속")));
            return;
        }
        self.stop();
        match (arrived, goal) {
            (WayEnd::Ended | WayEnd::InVain, Some(WayGoal::Step { step, .. })) => self.tell_last_step(step),
            (WayEnd::Ended, _) => self.tell_end(),
            (WayEnd::InVain, _) => {
                self.with_run(|run| run.timeline.seek(from));
                self.say(in_vain(goal));
            }
            _ => {}
        }
        let is_opening = self.with_run(|run| run.then.is_some());
        self.with_held(|held| held.looks_ahead = !is_opening && arrived == WayEnd::There);
        self.arrived_at_opening();
        self.changed();
    }

    /// Nothing is scheduled any more.
    fn tell_end(self) {
        let (stopped, full) = self.with_run(|run| {
            let simulation = run.timeline.simulation();
            (simulation.stopped_at(), simulation.full().cloned())
        });
        if let Some(full) = full {
            return self.say(full.alone());
        }
        let (en, ko) = match stopped {
            Some(line) => {
                (format!("The script stopped at line {line}. "), format!("스크립트가 {line}행에서 멈췄습니다. "))
            }
            None => (String::new(), String::new()),
        };
        self.say(both(
            format!("{en}Nothing is scheduled any more. {}", NEEDS.en),
            format!("{ko}더 예정된 일이 없습니다. {}", NEEDS.ko),
        ));
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

/// Nothing of what was looked for is ahead.
fn in_vain(goal: Option<WayGoal>) -> Sentence {
    match goal {
        Some(WayGoal::Stage(..)) => {
            both("The followed record has no further stage.", "따라가는 레코드에 다음 단계가 없습니다.")
        }
        Some(WayGoal::Tellings(_)) => both(
            "Nothing but routine happens in the next 15 minutes: polls, fetches and heartbeats. Send a record, or break something; G leads to a later time.",
            "다음 15분 동안 poll, fetch, 하트비트 같은 일상적인 일만 일어납니다. 레코드를 보내거나 고장을 내 보십시오. G를 누르면 더 뒤의 시각으로 갑니다.",
        ),
        _ => both("There is no further fault or alarm.", "더 이상 고장이나 경보가 없습니다."),
    }
}
