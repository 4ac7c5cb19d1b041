//! From a red mark to the chain that explains it: how a record came to where it is, in sight, with the keyboard at its heading.

use leptos::prelude::*;
use partita::view::Selection;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::screen::once_laid_out;
use super::session::{Run, Session};

/// Frames that the chain is waited for: the run may be on its way to storage, and goes there then.
const FRAMES: u32 = 240;

/// Shows how a thing came to where it is.
pub fn show(session: Session, select: Selection) {
    session.select(select);
    arrive(session, FRAMES, true, move |run| run.lens.selected == select);
}

/// The same beside a list that has the keyboard.
pub fn show_beside(session: Session, select: Selection) {
    session.select(select);
    arrive(session, FRAMES, false, move |run| run.lens.selected == select);
}

/// Goes to the move in which a promise was broken, and shows how that came to be.
pub fn show_alarm(session: Session, number: u64) {
    session.go_to_alarm(number);
    arrive(session, FRAMES, true, move |run| run.timeline.position() == number);
}

fn arrive(session: Session, frames: u32, focuses: bool, is_there: impl Fn(&mut Run) -> bool + 'static) {
    request_animation_frame(move || {
        if frames == 0 || !session.lives() {
            return;
        }
        if !session.with_run(&is_there) {
            arrive(session, frames - 1, focuses, is_there);
            return;
        }
        // With the frame that follows it is drawn at the latest.
        request_animation_frame(move || {
            if session.lives() {
                open_drawer(session);
                once_laid_out(move || to_heading(session, focuses));
            }
        });
    });
}

/// In a narrow window the column is a drawer.
fn open_drawer(session: Session) {
    let column: Option<HtmlElement> = session.root.find(".right").and_then(|column| column.dyn_into().ok());
    if column.is_some_and(|column| column.offset_width() == 0) {
        session.drawer.set(true);
    }
}

fn to_heading(session: Session, focuses: bool) {
    let Some(heading) = session.root.by_id("how-title").and_then(|heading| heading.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    if focuses {
        let _ = heading.focus();
    }
    let place = ScrollIntoViewOptions::new();
    place.set_block(ScrollLogicalPosition::Start);
    heading.scroll_into_view_with_scroll_into_view_options(&place);
}
