//! The run is kept in the browser: before each command is applied, and a moment after the last step.

use std::time::Duration;

use leptos::prelude::*;
use partita::lang::{Sentence, both};
use partita::script::stored::{Home, MAX_OWN_RUNS, NoRoom, OwnRun};
use wasm_bindgen_futures::spawn_local;

use super::notice::{About, NoticeDeed, PageNotice};
use super::opening::new_home;
use super::pressing::Waiting;
use super::run::Texts;
use super::{Held, Session};
use crate::page::crash;
use crate::page::remembered::Remembered;
use crate::page::store::{Saved, SavedState, Store, token};

/// How long after a change position and look are stored.
const SAVE_AFTER: Duration = Duration::from_millis(400);

impl Session {
    /// Does something as soon as nothing is being stored, and the run stands where it was opened: at once, mostly.
    pub(super) fn when_free(self, act: impl FnOnce() + 'static) {
        if self.with_held(|held| held.is_free()) {
            crash::works_on(self.root);
            act();
        } else {
            self.with_held(|held| held.waiting.push_back(Waiting::deed(Box::new(act))));
        }
    }

    /// Stores the whole run, and then does something.
    pub(super) fn store_then(self, texts: Texts, act: impl FnOnce() + 'static) {
        crash::keep_script(self.root, &texts.whole());
        let Some(store) = self.with_held(|held| held.store.clone()) else {
            act();
            return;
        };
        let (home, told) = self.with_held(|held| {
            held.is_storing = true;
            (held.home.clone(), held.told())
        });
        spawn_local(async move {
            if self.save_whole(&store, home, told, &texts).await.is_none() {
                return;
            }
            self.with_held(|held| {
                held.is_storing = false;
                held.is_tree_unsaved = false;
            });
            act();
            self.do_waiting();
        });
    }

    /// The reader changes something: from now on the run is one of their own.
    pub(super) fn becomes_own(self) {
        self.with_held(|held| held.home.is_kept = true);
    }

    /// Storage that fails keeps nobody from going on; it is said. True when it did not fail; none when the session has
    /// ended meanwhile.
    async fn save_whole(self, store: &Store, home: Home, told: OwnRun, texts: &Texts) -> Option<bool> {
        let saved = store.save(&home, OwnRun { is_kept: home.is_kept, ..told }, &texts.branches, &texts.state).await;
        if !self.lives() {
            return None;
        }
        let is_stored = saved.is_ok();
        let wrong = match saved {
            Ok(saved) => self.saved(&home, saved),
            Err(_) => Some(unkept()),
        };
        match wrong {
            Some(wrong) => {
                if !self.with_held(|held| std::mem::replace(&mut held.is_unkept_told, true)) {
                    self.tell(wrong);
                }
            }
            None => {
                self.with_held(|held| held.is_unkept_told = false);
                self.forget_notice(About::Unkept);
            }
        }
        Some(is_stored)
    }

    /// The run lies where it was stored; says what was not as one would think.
    fn saved(self, home: &Home, saved: Saved) -> Option<PageNotice> {
        let Saved { run, is_copy, refused } = saved;
        // Another run may have been opened meanwhile.
        let is_here = self.with_held(|held| {
            let is_here = held.home.id == home.id;
            if is_here {
                held.home.known = Some((run.revision, run.writer));
                if is_copy {
                    held.home.id = run.id;
                    held.home.spare = token();
                }
            }
            is_here
        });
        if is_here {
            self.remember();
            if is_copy {
                self.tell(copied());
            }
        }
        refused.map(no_room)
    }

    /// This window remembers by itself which run it has open, and where its reader stands.
    fn remember(self) {
        let remembered = self.with_held(|held| Remembered {
            id: held.home.id.clone(),
            known: held.home.known.clone(),
            state: held.run.state_text(),
        });
        remembered.keep(self.root);
    }

    /// The place where the reader stands was stored, or why not.
    fn state_saved(self, change: u64, home: &Home, outcome: SavedState) {
        if outcome != SavedState::NoRun {
            self.stored(change);
            return;
        }
        // Its reader has deleted it: what is open is only looked at until it is changed again.
        let is_here = self.with_held(|held| {
            let is_here = held.home.id == home.id;
            if is_here {
                held.home = new_home(home.source);
                (held.is_unsaved, held.is_tree_unsaved) = (true, true);
            }
            is_here
        });
        if is_here {
            self.save_now();
        }
    }

    /// Nothing of this run will be stored, and why; it can still be exported.
    pub fn tell_unstored(self, why: Sentence) {
        let strong = both("Nothing is stored here.", "여기서는 저장하지 않습니다.");
        let notice = PageNotice::new(About::Unkept, "hint", strong, why);
        self.tell(notice.with(NoticeDeed::Share, both("Export", "내보내기")));
    }

    /// All changes up to this one are stored.
    fn stored(self, change: u64) {
        self.changes.update(|changes| changes.stored = changes.stored.max(change));
    }

    /// The branches are not what was stored last.
    pub(super) fn tree_changed(self) {
        self.with_held(|held| held.is_tree_unsaved = true);
        self.changed();
    }

    /// Stores the place where the run stands a moment later, however often it changes until then.
    pub(super) fn save_soon(self) {
        if !self.with_held(|held| std::mem::replace(&mut held.awaits_save, true)) {
            let save = move || {
                if self.lives() {
                    self.save_if_at_rest();
                }
            };
            set_timeout(save, SAVE_AFTER);
        }
    }

    fn save_if_at_rest(self) {
        let at_rest = self.with_held(|held| {
            held.awaits_save = false;
            held.is_unsaved && held.way.is_none() && held.play.is_none() && !held.is_storing
        });
        if at_rest {
            self.save_now();
        }
    }

    /// Stores what has changed since the run was stored: all of it, or only the place where it stands.
    pub fn save_now(self) {
        let (store, is_unsaved, whole, home, told) = self.with_held(|held| {
            let is_unsaved = std::mem::take(&mut held.is_unsaved);
            let whole = std::mem::take(&mut held.is_tree_unsaved);
            (held.store.clone(), is_unsaved, whole, held.home.clone(), held.told())
        });
        let change = self.changes.get_untracked().made;
        if whole {
            let texts = self.with_run(|run| run.texts());
            crash::keep_script(self.root, &texts.whole());
            if let Some(store) = store {
                spawn_local(async move {
                    if self.save_whole(&store, home, told, &texts).await == Some(true) {
                        self.stored(change);
                    }
                });
            }
        } else if let (true, Some(store)) = (is_unsaved, store) {
            let state = self.with_run(|run| run.state_text());
            self.remember();
            spawn_local(async move {
                // The next whole one says so if nothing can be stored any more.
                let outcome = store.save_state(&home, &state, told).await;
                if let (Ok(outcome), true) = (outcome, self.lives()) {
                    self.state_saved(change, &home, outcome);
                }
            });
        }
    }
}

impl Held {
    /// What is said of the run in the list of its reader's own.
    fn told(&self) -> OwnRun {
        let timeline = &self.run.timeline;
        OwnRun {
            steps: self.steps,
            branch: timeline.current() as u64 + 1,
            branches: timeline.branches().len() as u64,
            source: self.home.source,
            scenario: self.run.scenario.as_ref().map(|of| of.id.clone()),
            change: timeline.branch().name.clone(),
            name: self.run.name.clone(),
            ..OwnRun::default()
        }
    }
}

fn copied() -> PageNotice {
    let strong = both("Another window has changed this run.", "다른 창에서 이 실행을 바꾸었습니다.");
    let text = both(
        "You go on in a copy of your own. Both are among your runs (U).",
        "이제부터 따로 만든 사본에서 계속합니다. 둘 다 내 실행에 있습니다(U).",
    );
    PageNotice::new(About::Copied, "fork", strong, text)
}

fn no_room(of: NoRoom) -> PageNotice {
    let strong = both("There is no room for this run.", "이 실행을 보존할 자리가 없습니다.");
    let text = match of {
        NoRoom::Runs => both(
            format!("{MAX_OWN_RUNS} runs are kept, and no more. Delete one (U), or export this one."),
            format!("실행은 {MAX_OWN_RUNS}개까지 보존합니다. 하나를 삭제하거나(U) 이 실행을 파일로 내보내십시오."),
        ),
        NoRoom::Bytes => both(
            "Your runs may hold 256 MB together. Delete one (U), or export this one.",
            "내 실행은 모두 합해 256 MB까지 보존합니다. 하나를 삭제하거나(U) 이 실행을 파일로 내보내십시오.",
        ),
    };
    PageNotice::new(About::Unkept, "hint", strong, text).with(NoticeDeed::Share, both("Export", "내보내기"))
}

fn unkept() -> PageNotice {
    let strong = both("The run could not be stored.", "실행을 저장하지 못했습니다.");
    let text = both(
        "The browser's storage is full or closed: a reload brings an older state. Export the run to keep it.",
        "브라우저 저장 공간이 가득 찼거나 닫혔습니다. 새로고침하면 이전 상태로 돌아가므로 실행을 파일로 내보내십시오.",
    );
    PageNotice::new(About::Unkept, "hint", strong, text).with(NoticeDeed::Share, both("Export", "내보내기"))
}
