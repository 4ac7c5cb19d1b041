//! The run is kept in the browser: before each command is applied, and a moment after the last step.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::Session;

/// Milliseconds after the last change until position and look are stored.
const SAVE_AFTER: Duration = Duration::from_millis(400);

impl Session {
    /// Does something as soon as nothing is being stored: at once, mostly.
    pub(super) fn when_free(self, act: impl FnOnce() + 'static) {
        let mut act: Option<Box<dyn FnOnce()>> = Some(Box::new(act));
        self.with_held(|held| {
            if held.is_storing {
                held.waiting.extend(act.take());
            }
        });
        if let Some(act) = act {
            act();
        }
    }

    /// Stores a run's text, and then does something.
    pub(super) fn store_then(self, text: String, act: impl FnOnce() + 'static) {
        super::super::crash::keep_script(&text);
        let Some(store) = self.with_held(|held| held.store.clone()) else {
            act();
            return;
        };
        self.with_held(|held| held.is_storing = true);
        spawn_local(async move {
            // Storage that fails must not keep anybody from going on; it is said once, when the page opens.
            let _ = store.save(&text).await;
            self.with_held(|held| held.is_storing = false);
            act();
            while let Some(next) = self.with_held(|held| if held.is_storing { None } else { held.waiting.pop_front() })
            {
                next();
            }
        });
    }

    /// Stores the place where the run stands, when nothing has changed for a moment.
    pub(super) fn save_soon(self) {
        set_timeout(move || self.save_if_at_rest(), SAVE_AFTER);
    }

    fn save_if_at_rest(self) {
        let at_rest =
            self.with_held(|held| held.is_unsaved && held.way.is_none() && held.play.is_none() && !held.is_storing);
        if at_rest {
            self.save_now();
        }
    }

    /// Stores the run as it is.
    pub fn save_now(self) {
        let (store, text) = self.with_held(|held| {
            held.is_unsaved = false;
            (held.store.clone(), held.run.text())
        });
        super::super::crash::keep_script(&text);
        if let Some(store) = store {
            spawn_local(async move {
                let _ = store.save(&text).await;
            });
        }
    }
}
