//! The reader's own runs: what the dialog that opens runs lists of them, and does with them.

use std::sync::Arc;

use partita::lang::both;
use partita::script::stored::OwnRun;
use partita::sorted::InOrder;
use wasm_bindgen_futures::spawn_local;

use super::opening::home_of;
use super::{Opening, Session};
use crate::page::store::{Store, now};

impl Session {
    fn store(self) -> Option<Store> {
        self.with_held(|held| held.store.clone())
    }

    /// Whether the browser stores anything.
    pub fn has_store(self) -> bool {
        self.store().is_some()
    }

    /// Whether the run that is open is one of its reader's own.
    pub fn is_own(self) -> bool {
        self.with_held(|held| held.home.is_kept)
    }

    /// The name in the storage of the run that is open.
    pub fn open_now(self) -> String {
        self.with_held(|held| held.home.id.clone())
    }

    /// The reader's own runs, the one that was changed last first.
    pub async fn own_runs(self) -> Vec<OwnRun> {
        let Some(store) = self.store() else { return Vec::new() };
        let mut runs = store.all().await.unwrap_or_default();
        runs.retain(OwnRun::is_listed);
        runs.order_by_key(|run| u64::MAX - run.changed);
        runs
    }

    /// Opens one of them.
    pub fn open_own(self, id: String) {
        let Some(store) = self.store() else { return };
        spawn_local(async move {
            let found = store.load(&id).await;
            if !self.lives() {
                return;
            }
            match found {
                Ok(Some(found)) => {
                    let opening = Opening::of_text(&found.whole()).known();
                    self.open_run(opening.at_home(home_of(&found.run), found.run.name));
                }
                _ => self.say(both(
                    "This run is not in the browser's storage any more.",
                    "이 실행은 브라우저 저장 공간에 더 이상 없습니다.",
                )),
            }
        });
    }

    /// Gives one of them a name; an empty one takes it away.
    pub fn rename_own(self, id: &str, name: &str) {
        let name: Option<Arc<str>> = (!name.trim().is_empty()).then(|| name.trim().into());
        if self.open_now() == id {
            let name = name.clone();
            self.with_run(|run| run.call(name, run.lens.lang));
            self.changed();
        }
        self.change_own(id, |run| run.name = name);
    }

    /// Deletes one of them, or brings it back: it is there until the window that offers that is closed.
    pub fn delete_own(self, id: &str, is_deleted: bool) {
        self.change_own(id, move |run| run.deleted = is_deleted.then(now));
    }

    fn change_own(self, id: &str, change: impl FnOnce(&mut OwnRun) + 'static) {
        let (Some(store), id) = (self.store(), id.to_owned()) else { return };
        spawn_local(async move {
            // A storage that fails is told when the run is stored next.
            let _ = store.change(&id, change).await;
        });
    }

    /// What was deleted cannot be had back any more.
    pub fn forget_deleted(self, ids: Vec<String>) {
        self.forget_former(&ids);
        let Some(store) = self.store() else { return };
        spawn_local(async move {
            let is_gone = store.remove_deleted(&ids).await.is_ok();
            if is_gone && self.lives() && ids.contains(&self.open_now()) {
                // What is open stays open: it is looked at, and no run of one's own.
                self.changed();
            }
        });
    }
}
