//! The steps that a story has, counted while nothing else is to be done: a line of all of it needs to know its end.

use std::time::Duration;

use leptos::prelude::*;
use partita::simulation::Progress;
use partita::timeline::STEP_AHEAD_MS;

use super::run::Run;
use super::{Session, slice};

/// Milliseconds of a slice, and the pause before it, in which the browser does what it wants.
const SLICE_MS: f64 = 8.0;
const PAUSE: Duration = Duration::from_millis(30);
/// So many moves are computed for that, and no more: a run without an end has no number of steps.
const MOST: u64 = 200_000;
/// Moves between two looks at whether it has ended.
const LOOK_EVERY: u64 = 64;

/// How far one has come.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    branch: usize,
    made: u64,
}

impl Session {
    /// Counts the steps of the branch that is shown, and of each that is shown later.
    pub fn count_steps(self) {
        let counted = StoredValue::new(None::<Counted>);
        let branch = self.part(|view| view.lanes.branches.iter().position(|branch| branch.shown).unwrap_or_default());
        Effect::new(move |_| {
            let branch = branch.get();
            let is_begun = counted.get_value().is_some();
            counted.set_value(Some(Counted { branch, made: 0 }));
            if self.reach.get_untracked().all_steps.is_some() {
                self.reach.update(|reach| reach.all_steps = None);
            }
            if !is_begun {
                self.count_on(counted);
            }
        });
    }

    fn count_on(self, counted: StoredValue<Option<Counted>>) {
        set_timeout(
            move || {
                if self.lives() {
                    self.count_slice(counted);
                }
            },
            PAUSE,
        );
    }

    fn count_slice(self, counted: StoredValue<Option<Counted>>) {
        let is_busy =
            self.with_held(|held| held.is_stale || !held.is_free() || held.way.is_some() || held.play.is_some());
        let Some(mut at) = counted.get_value() else { return };
        if is_busy || self.with_run(|run| run.timeline.current()) != at.branch {
            return self.count_on(counted);
        }
        let is_over = slice(SLICE_MS);
        let ended = self.with_run(|run| {
            let position = run.timeline.position();
            run.timeline.seek(run.timeline.moves().len());
            let mut ended = false;
            while !ended && at.made < MOST && !(at.made.is_multiple_of(LOOK_EVERY) && is_over()) {
                ended = at.made.is_multiple_of(LOOK_EVERY) && is_told(run) || !run.timeline.forward();
                at.made += 1;
            }
            run.timeline.seek(position);
            if ended {
                // What was computed in vain is no future that a change would leave behind.
                run.timeline.forget_behind(last_step(run).max(position));
            }
            ended
        });
        counted.set_value(Some(at));
        if ended {
            let steps = self.with_run(|run| run.timeline.moves().story().course(run.lens.reader()).steps().len());
            self.reach.update(|reach| reach.all_steps = Some(steps as u64));
        }
        if ended || at.made >= MOST {
            counted.set_value(None);
        } else {
            self.count_on(counted);
        }
    }
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
