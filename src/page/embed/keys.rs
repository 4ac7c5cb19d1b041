//! The three keys of an embed, which come only while it has the focus: every other key is the page's around it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::page::root::listens;
use crate::page::session::Session;

pub fn listen(session: Session) {
    listens(window_event_listener(leptos::ev::keyup, move |_| session.let_go()));
    listens(window_event_listener(leptos::ev::keydown, move |event| {
        let is_other = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        if event.default_prevented() || event.is_composing() || is_other || session.has_dialog() {
            return;
        }
        let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        let is_on = |what: &str| target.as_ref().is_some_and(|of| of.closest(what).is_ok_and(|of| of.is_some()));
        let act: fn(Session) = match event.key().as_str() {
            "ArrowRight" if !is_on("input, [role=tab]") => |session| session.step_forward(),
            "ArrowLeft" if !is_on("input, [role=tab]") => |session| session.step_back(),
            " " if !is_on("button, a, input, summary") => |session| session.play_or_pause(),
            _ => return,
        };
        event.prevent_default();
        let is_switch = event.key() == " ";
        if !(is_switch && event.repeat() || session.is_behind(event.repeat())) {
            act(session);
        }
    }));
}
