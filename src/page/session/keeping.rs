//! The run is kept in the browser: before each command is applied, and a moment after the last step.

use std::time::Duration;

use leptos::prelude::*;
use partita::lang::{Sentence, both};
use wasm_bindgen_futures::spawn_local;

use super::Session;
use super::notice::{About, NoticeDeed, PageNotice};
use super::run::Texts;
use crate::page::crash;
use crate::page::store::Store;

/// How long after a change position and look are stored.
const SAVE_AFTER: Duration = Duration::from_millis(400);

impl Session {
    /// Does something as soon as nothing is being stored, and the run stands where it was opened: at once, mostly.
    pub(super) fn when_free(self, act: impl FnOnce() + 'static) {
        let mut act: Option<Box<dyn FnOnce()>> = Some(Box::new(act));
        self.with_held(|held| {
            if !held.is_free() {
                held.waiting.extend(act.take());
            }
        });
        if let Some(act) = act {
            crash::works_on(self.root);
            act();
        }
    }

    /// Stores the whole run, and then does something.
    pub(super) fn store_then(self, texts: Texts, act: impl FnOnce() + 'static) {
        crash::keep_script(self.root, &texts.whole());
        let Some(store) = self.with_held(|held| held.store.clone()) else {
            act();
            return;
        };
        self.with_held(|held| held.is_storing = true);
        spawn_local(async move {
            if self.save_whole(&store, &texts).await.is_none() {
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

    /// What was wanted while the run was being stored or opened is done, in its order.
    pub(super) fn do_waiting(self) {
        while let Some(next) = self.with_held(|held| if held.is_free() { held.waiting.pop_front() } else { None }) {
            crash::works_on(self.root);
            next();
        }
    }

    /// Storage that fails keeps nobody from going on; it is said. True when it did not fail; none when the session has
    /// ended meanwhile.
    async fn save_whole(self, store: &Store, texts: &Texts) -> Option<bool> {
        let is_stored = store.save(&texts.branches, &texts.state).await.is_ok();
        if !self.lives() {
            return None;
        }
        if is_stored {
            self.forget_notice(About::Unkept);
        } else {
            self.tell(unkept());
        }
        Some(is_stored)
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
        let (store, is_unsaved, whole) = self.with_held(|held| {
            let is_unsaved = std::mem::take(&mut held.is_unsaved);
            (held.store.clone(), is_unsaved, std::mem::take(&mut held.is_tree_unsaved))
        });
        let change = self.changes.get_untracked().made;
        if whole {
            let texts = self.with_run(|run| run.texts());
            crash::keep_script(self.root, &texts.whole());
            if let Some(store) = store {
                spawn_local(async move {
                    if self.save_whole(&store, &texts).await == Some(true) {
                        self.stored(change);
                    }
                });
            }
        } else if let (true, Some(store)) = (is_unsaved, store) {
            let state = self.with_run(|run| run.state_text());
            spawn_local(async move {
                // The next whole one says so if nothing can be stored any more.
                if store.save_state(&state).await.is_ok() && self.lives() {
                    self.stored(change);
                }
            });
        }
    }
}

fn unkept() -> PageNotice {
    let strong = both("The run could not be stored.", "실행을 저장하지 못했습니다.");
    let text = both(
        "The browser's storage is full or closed: a reload brings an older state. Export the run to keep it.",
        "브라우저 저장 공간이 가득 찼거나 닫혔습니다. 새로고침하면 이전 상태로 돌아가므로 실행을 파일로 내보내십시오.",
    );
    PageNotice::new(About::Unkept, "hint", strong, text).with(NoticeDeed::Share, both("Export", "내보내기"))
}
