//! What is pressed to go somewhere, in its order: who presses faster than the page computes comes to where slow presses lead.

use partita::lang::both;

use super::{Held, Session};
use crate::page::crash;

/// So many presses wait, and no more.
pub const MAX_PRESSES: usize = 32;

/// What was wanted while something else was under way.
pub(super) struct Waiting {
    act: Box<dyn FnOnce()>,
    /// A press that goes somewhere, which may be forgotten; what is done to the run may not.
    is_press: bool,
}

impl Waiting {
    pub(super) fn deed(act: Box<dyn FnOnce()>) -> Waiting {
        Waiting { act, is_press: false }
    }
}

impl Held {
    /// On a way. While its question is open, the reader is free.
    pub(super) fn is_going(&self) -> bool {
        self.way.as_ref().is_some_and(|way| !way.asks())
    }

    fn presses(&self) -> usize {
        self.waiting.iter().filter(|waiting| waiting.is_press).count()
    }

    /// What is done next of what waits: a press goes from where the one before it has led.
    fn next_waiting(&mut self) -> Option<Waiting> {
        let is_press = self.waiting.front()?.is_press;
        let is_ready = self.is_free() && !(is_press && self.is_going());
        is_ready.then(|| self.waiting.pop_front()).flatten()
    }
}

impl Session {
    /// Goes where a key or a button of the transport leads, once the presses before it have led to their places.
    pub(super) fn in_turn(self, press: fn(Session)) {
        let (waits, is_full) = self.with_held(|held| {
            let waits = !held.is_free() || held.is_going() || !held.waiting.is_empty();
            (waits, waits && held.presses() >= MAX_PRESSES)
        });
        if is_full {
            self.with_held(|held| held.untaken += 1);
        } else if waits {
            let waiting = Waiting { act: Box::new(move || press(self)), is_press: true };
            self.with_held(|held| held.waiting.push_back(waiting));
            self.count_presses();
        } else {
            press(self);
        }
    }

    /// What was wanted while something was under way is done, in its order; of presses one with each frame, which is drawn.
    pub(super) fn do_waiting(self) {
        while let Some(next) = self.with_held(Held::next_waiting) {
            crash::works_on(self.root);
            (next.act)();
            if next.is_press && self.with_held(|held| held.presses() == held.waiting.len()) {
                break;
            }
        }
        self.count_presses();
        if self.with_held(|held| !held.waiting.is_empty() && !held.is_storing) {
            self.ask_frame();
        }
        let untaken = self.with_held(|held| {
            let is_done = held.waiting.is_empty() && !held.is_going();
            if is_done { std::mem::take(&mut held.untaken) } else { 0 }
        });
        if untaken > 0 {
            let presses = if untaken == 1 { "press was" } else { "presses were" };
            self.say(both(
                format!("{untaken} {presses} not taken: {MAX_PRESSES} wait at most while the page computes."),
                format!("입력 {untaken}번을 받지 않았습니다. 계산하는 동안 최대 {MAX_PRESSES}번까지 기다립니다."),
            ));
        }
    }

    /// How many presses wait: what is shown, and whoever must know that nothing does.
    fn count_presses(self) {
        use leptos::prelude::{GetUntracked, Set};
        let count = self.with_held(|held| held.presses());
        if self.presses.get_untracked() != count {
            self.presses.set(count);
        }
    }

    /// What was pressed to go somewhere and waits is not done any more.
    pub(super) fn forget_presses(self) {
        self.with_held(|held| {
            held.waiting.retain(|waiting| !waiting.is_press);
            held.untaken = 0;
        });
        self.count_presses();
    }

    /// The reader wants something else, here and now: the way ends, and what was pressed before.
    pub(super) fn at_once(self) {
        if self.with_held(|held| held.is_free()) {
            self.forget_presses();
        }
    }

    /// The reader wants the page to stand still.
    pub fn stand_still(self) {
        self.forget_presses();
        self.halt();
    }

    /// A key that is held repeats itself only when all that it led to has been drawn, so that nothing piles up. True: this
    /// press is none.
    pub fn is_behind(self, is_repeated: bool) -> bool {
        self.with_held(|held| {
            let is_behind = held.is_stale || held.way.is_some() || !held.is_free() || !held.waiting.is_empty();
            let is_none = is_repeated && is_behind;
            if !is_none {
                held.is_key_held = is_repeated;
            }
            is_none
        })
    }

    /// A key was let go: where it was held, the page stands still.
    pub fn let_go(self) {
        if self.with_held(|held| std::mem::take(&mut held.is_key_held) && held.is_going() && held.is_free()) {
            self.halt();
        }
    }
}
