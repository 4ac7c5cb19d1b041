//! A file that was dropped on the page: a run is opened, records are shown, other texts are read as configuration or code.

use leptos::prelude::*;
use partita::input;

use crate::page::dialog::{Dialog, DroppedFile};
use crate::page::session::Session;

/// Nothing is shown: another dialog takes its place, or the run.
pub fn body(file: DroppedFile) -> AnyView {
    let session = Session::get();
    // What is being drawn is not changed on the way.
    queue_microtask(move || {
        if session.lives() {
            sort(session, file);
        }
    });
    ().into_any()
}

fn sort(session: Session, file: DroppedFile) {
    let text = || String::from_utf8_lossy(&file.bytes).into_owned();
    match input::Dropped::of(&file.name, &file.bytes) {
        input::Dropped::Run => session.open_text(&text()),
        input::Dropped::Pasted => session.open(Dialog::Paste(Some(text()))),
        input::Dropped::Records => session.open(Dialog::Records(Some(file))),
    }
}
