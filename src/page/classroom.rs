//! The stage for a projector: sentences and tapes as large as the last row needs them, and keys that are shown as they are
//! pressed. The loader enters it before the first picture, where the address has `stage=class`; the key M enters and leaves.

use std::time::Duration;

use leptos::prelude::*;
use web_sys::Event;

use super::keys::KEYS;
use super::live::live;
use super::preferences::Preferences;
use super::session::Session;

/// At the document's root, for the style sheet.
const STAGE: &str = "data-stage";
const CLASS: &str = "class";

/// How long a key stays in sight that nobody presses again.
const SHOWN: Duration = Duration::from_millis(2_400);

pub fn is_entered() -> bool {
    document().document_element().and_then(|root| root.get_attribute(STAGE)).is_some_and(|stage| stage == CLASS)
}

/// A link may ask for it.
pub fn enter() {
    put(true);
}

fn put(on: bool) {
    if let Some(root) = document().document_element() {
        let _ = if on { root.set_attribute(STAGE, CLASS) } else { root.remove_attribute(STAGE) };
    }
    // Whoever measures the page listens for a window of another size.
    if let Ok(event) = Event::new("resize") {
        let _ = window().dispatch_event(&event);
    }
}

impl Session {
    /// Enters or leaves the classroom's size.
    pub fn switch_classroom(self) {
        put(!is_entered());
        self.pressed.set(None);
    }

    /// A key has acted: a class sees which.
    pub fn shows_key(self, place: usize) {
        if !is_entered() {
            return;
        }
        let count = self.pressed.get_untracked().map_or(0, |(_, count)| count + 1);
        self.pressed.set(Some((place, count)));
        set_timeout(
            move || {
                if self.lives() && self.pressed.get_untracked() == Some((place, count)) {
                    self.pressed.set(None);
                }
            },
            SHOWN,
        );
    }
}

/// The key that was pressed, and what it does. Who hears the page hears what has happened instead.
#[component]
pub fn PressedKey() -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get();
    live(move || {
        let (place, _) = session.pressed.get()?;
        let key = &KEYS[place];
        Some(view! {
            <p class="pressed" aria-hidden="true"><kbd>{key.shown}</kbd><span>{*key.does.pick(lang.lang())}</span></p>
        })
    })
}
