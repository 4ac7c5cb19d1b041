//! The steps that a story has, counted while nothing else is to be done: a line of all of it needs to know its end.

use std::time::Duration;

use leptos::prelude::*;
use partita::simulation::Progress;
use partita::timeline::{STEP_AHEAD_MS, Stand};

use super::run::Run;
use super::{Future, Session, slice};

/// Milliseconds of a slice, and the pause before it, in which the browser does what it wants.
const SLICE_MS: f64 = 8.0;
const PAUSE: Duration = Duration::from_millis(30);
/// So many moves are computed for that, and no more: a run without an end has no number of steps.
const MOST: u64 = 200_000;
/// Moves between two looks at whether it has ended.
const LOOK_EVERY: u64 = 64;

impl Run {
    pub fn future(&self) -> Future {
        (self.timeline.current(), self.timeline.branch().commands().len())
    }
}

/// How far one has come.
#[derive(Clone, Debug)]
struct Counted {
    of: Future,
    made: u64,
    /// Where the last slice ended: the next one goes on from there without making a way again.
    end: Option<Stand>,
}

/// What is counted; none when there is nothing more.
type Counting = StoredValue<Option<Counted>, LocalStorage>;

impl Session {
    /// Counts the steps of the future that is shown, and of each that is shown later, while it is in sight.
    pub fn count_steps(self, is_seen: ReadSignal<bool>) {
        let counted: Counting = StoredValue::new_local(None);
        let rests = StoredValue::new(true);
        let shown = Memo::new(move |_| {
            self.view.track();
            self.with_run(|run| run.future())
        });
        Effect::new(move |before: Option<Future>| {
            let of = shown.get();
            if before != Some(of) {
                counted.set_value(Some(Counted { of, made: 0, end: None }));
                if self.reach.get_untracked().all_steps.is_some() {
                    self.reach.update(|reach| reach.all_steps = None);
                }
            }
            let has_more = counted.with_value(Option::is_some);
            if is_seen.get() && has_more && rests.get_value() {
                rests.set_value(false);
                self.count_on(counted, rests, is_seen);
            }
            of
        });
    }

    fn count_on(self, counted: Counting, rests: StoredValue<bool>, is_seen: ReadSignal<bool>) {
        set_timeout(
            move || {
                if !self.lives() {
                    return;
                }
                if is_seen.get_untracked() && self.count_slice(counted) {
                    self.count_on(counted, rests, is_seen);
                } else {
                    rests.set_value(true);
                }
            },
            PAUSE,
        );
    }

    /// True while there is more to count.
    fn count_slice(self, counted: Counting) -> bool {
        let is_busy =
            self.with_held(|held| held.is_stale || !held.is_free() || held.way.is_some() || held.play.is_some());
        let Some(mut at) = counted.get_value() else { return false };
        if is_busy || self.with_run(|run| run.future()) != at.of {
            return true;
        }
        let is_over = slice(SLICE_MS);
        let ended = self.with_run(|run| {
            let here = run.timeline.leave();
            let position = run.timeline.position();
            let is_back = at.end.take().is_some_and(|end| run.timeline.stand_again(end));
            if !is_back {
                run.timeline.seek(run.timeline.moves().len());
            }
            let ended = count_from(run, &mut at, is_over);
            at.end = Some(run.timeline.leave());
            run.timeline.stand_again(here);
            if ended {
                // What was computed in vain is no future that a change would leave behind.
                run.timeline.forget_behind(last_step(run).max(position));
            }
            ended
        });
        let is_more = !ended && at.made < MOST;
        counted.set_value(is_more.then_some(at));
        if ended {
            let steps = self.with_run(|run| run.timeline.moves().story().course(run.lens.reader()).steps().len());
            self.reach.update(|reach| reach.all_steps = Some(steps as u64));
        }
        is_more
    }
}

/// Goes on until the time is over. True when all that can be told has been computed.
fn count_from(run: &mut Run, at: &mut Counted, is_over: impl Fn() -> bool) -> bool {
    // What its reader has gone to meanwhile is computed already.
    while at.made < MOST {
        let is_look = at.made.is_multiple_of(LOOK_EVERY);
        if is_look && is_over() {
            return false;
        }
        if is_look && is_told(run) || !run.timeline.forward() {
            return true;
        }
        at.made += 1;
    }
    false
}

/// Whether the script has ended, and nothing worth telling came for long.
fn is_told(run: &Run) -> bool {
    let simulation = run.timeline.simulation();
    if matches!(simulation.progress(), Progress::Playing(_)) {
        return false;
    }
    simulation.now().at > run.timeline.moves().at(last_step(run)).plus_millis(STEP_AHEAD_MS)
}

/// The move of the last step that is computed; 0 when there is none.
fn last_step(run: &Run) -> u64 {
    let course = run.timeline.moves().story().course(run.lens.reader());
    course.steps().last().map_or(0, |step| step.number)
}
