//! An embed that ends before its run does: whatever leads behind its last step comes to that step.

use js_sys::Promise;
use leptos::prelude::*;
use partita::lang::{Sentence, both};
use wasm_bindgen_futures::JsFuture;

use super::notice::{About, PageNotice};
use super::run::WayGoal;
use super::{EMBED_MS, Session};

impl Session {
    /// From now on it does not go behind this step of the story, unless its reader changes what lies ahead.
    pub fn ends_at(self, until: Option<u64>) {
        self.with_held(|held| held.until = until.map(|until| (until, held.run.future())));
        self.reach.update(|reach| reach.until = until);
        self.changed();
    }

    /// Whether the place is reached with which the run was opened.
    pub fn is_opened(self) -> bool {
        self.with_held(|held| !held.is_opening())
    }

    /// Comes back when it is reached, or a question is open on the way. An embed out of sight has no frames to wait for.
    pub async fn has_opened(self) {
        while self.lives() && !self.is_opened() {
            pause().await;
            if self.lives() && !self.is_opened() {
                self.set_out(EMBED_MS);
            }
        }
        if self.lives() {
            self.redraw();
        }
    }

    /// Before a picture: one that would lie behind the last step is that step's.
    pub(super) fn stay_within(self) {
        let Some((until, of)) = self.with_held(|held| held.until.filter(|_| held.is_stale && !held.is_going())) else {
            return;
        };
        let until = self.with_run(|run| (run.future() == of).then_some(until));
        if until != self.reach.get_untracked().until {
            self.reach.update(|reach| (reach.until, reach.at_limit) = (until, false));
        }
        let Some(until) = until else { return };
        let step = self.with_run(|run| run.step_of_story());
        if step > until {
            self.with_run(|run| {
                run.lens.opened = None;
                run.lens.ended = false;
                let mut way = run.way(WayGoal::StepOf(until));
                // It is computed: the way is no longer than a look.
                run.go(&mut way, || true);
                if until == 0 {
                    run.stand_at(None);
                }
            });
        }
        let at_limit = step >= until;
        if at_limit != self.is_at_limit() {
            self.reach.update(|reach| reach.at_limit = at_limit);
        }
        if at_limit && self.playing.get_untracked().is_some() {
            self.halt();
        }
    }

    /// Whether a step forward would lead behind the last one.
    pub(super) fn is_at_limit(self) -> bool {
        self.reach.get_untracked().at_limit
    }

    /// It stands at the last step that is shown: for views.
    pub fn at_limit(self) -> bool {
        self.reach.get().at_limit
    }

    /// The last step that is shown, where that is not the run's own end.
    pub fn last_step(self) -> Option<u64> {
        self.reach.get().until
    }

    /// How many steps the story has, once all of it is computed.
    pub fn all_steps(self) -> Option<u64> {
        self.reach.get().all_steps
    }

    /// Sentences of what was asked for and cannot be shown: beside those with which the run was opened.
    pub fn tell_problems(self, told: Vec<Sentence>) {
        let before = self.problems();
        let strong = both("Not all of it could be opened.", "일부는 열지 못했습니다.");
        let text = both("What is valid is here. What is not:", "올바른 부분은 그대로 있습니다. 열지 못한 것:");
        let notice = PageNotice::new(About::Problems, "hint", strong, text);
        self.tell(notice.listing(before.into_iter().chain(told).collect()));
    }

    /// What could not be read of what was opened.
    pub fn problems(self) -> Vec<Sentence> {
        let of =
            |all: &Vec<PageNotice>| all.iter().find(|one| one.about == About::Problems).map(|one| one.list.clone());
        self.notices.with_untracked(of).unwrap_or_default()
    }
}

/// Lets the browser do what it wants.
async fn pause() {
    let passed = Promise::new(&mut |done, _| {
        let _ = window().set_timeout_with_callback(&done);
    });
    let _ = JsFuture::from(passed).await;
}
