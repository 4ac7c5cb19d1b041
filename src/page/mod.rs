//! The Leptos page: the only code that knows a browser.

mod crash;
mod frame;
mod icon;
mod link;
mod preferences;
mod store;
mod stream;
mod text;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Takes the place of the loading line.
pub fn mount() {
    crash::install_hook();
    let place = document().get_element_by_id("app").expect("index.html has a place for the page");
    place.set_text_content(None);
    mount_to(place.unchecked_into(), frame::Frame).forget();
}
