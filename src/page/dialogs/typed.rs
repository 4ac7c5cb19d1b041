//! Keys that were typed before there was a field for them: done as the browser would have done them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, EventInit, HtmlButtonElement, HtmlDocument, HtmlElement, HtmlInputElement, HtmlSelectElement,
};

/// What Tab goes to.
const STOPS: &str = "input, select, textarea, button, a[href], [tabindex='0']";

/// Types a text into what has the focus in the dialog. A tab goes on to what stands behind it, a line's end is Enter.
pub fn typed(dialog: &HtmlElement, text: &str) {
    for part in text.split_inclusive(['\t', '\n']) {
        let words = part.trim_end_matches(['\t', '\n']);
        let Some(focused) = document().active_element().filter(|focused| dialog.contains(Some(focused))) else {
            return;
        };
        if !words.is_empty() {
            write(&focused, words);
        }
        match &part[words.len()..] {
            "\t" => go_on(dialog, &focused),
            "\n" => enter(&focused),
            _ => {}
        }
    }
}

fn write(focused: &Element, words: &str) {
    if let Some(select) = focused.dyn_ref::<HtmlSelectElement>() {
        choose(select, words);
    } else if focused.tag_name() == "BUTTON" {
        if words.contains(' ') {
            press(focused);
        }
    } else {
        // The one way in which a browser takes a text as typed, with its events and its undo.
        let _ =
            document().unchecked_into::<HtmlDocument>().exec_command_with_show_ui_and_value("insertText", false, words);
    }
}

/// The first choice that begins so.
fn choose(select: &HtmlSelectElement, words: &str) {
    let options = select.options();
    let begins = |i: &u32| {
        let text = options.item(*i).and_then(|option| option.text_content()).unwrap_or_default();
        text.trim().to_ascii_lowercase().starts_with(&words.to_ascii_lowercase())
    };
    if let Some(found) = (0..options.length()).find(begins) {
        select.set_selected_index(found as i32);
        let bubbling = EventInit::new();
        bubbling.set_bubbles(true);
        if let Ok(event) = Event::new_with_event_init_dict("change", &bubbling) {
            let _ = select.dispatch_event(&event);
        }
    }
}

fn enter(focused: &Element) {
    if let Some(form) = focused.dyn_ref::<HtmlInputElement>().and_then(|input| input.form()) {
        let _ = form.request_submit();
    } else if focused.tag_name() == "TEXTAREA" {
        write(focused, "\n");
    } else {
        press(focused);
    }
}

fn press(focused: &Element) {
    if let Some(button) = focused.dyn_ref::<HtmlButtonElement>() {
        button.click();
    }
}

fn go_on(dialog: &HtmlElement, focused: &Element) {
    let Ok(stops) = dialog.query_selector_all(STOPS) else { return };
    let shown = |element: &HtmlElement| element.offset_parent().is_some() && element.tab_index() >= 0;
    let stops = (0..stops.length()).filter_map(|i| stops.get(i)?.dyn_into::<HtmlElement>().ok()).filter(shown);
    if let Some(next) = stops.skip_while(|stop| **stop != *focused).nth(1) {
        let _ = next.focus();
        if let Some(input) = next.dyn_ref::<HtmlInputElement>() {
            input.select();
        }
    }
}
