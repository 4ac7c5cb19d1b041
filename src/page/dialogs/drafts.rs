//! What was typed into a dialog that was closed without doing it: it stands there again when the dialog is opened.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use crate::page::modal::Drafts;

/// What a reader fills in; what only looks something up, a file and a text to be copied are none of that.
const FIELDS: &str = ":is(input, select, textarea)[id]:not([type=file]):not([readonly])";

/// Keeps what stands in the fields of a dialog.
pub fn keep(dialog: &HtmlElement, key: &str, drafts: Drafts) {
    let Ok(fields) = dialog.query_selector_all(FIELDS) else { return };
    let fields = (0..fields.length()).filter_map(|at| fields.get(at)?.dyn_into::<Element>().ok());
    let values = fields.filter_map(|field| Some((field.id(), value(&field)?))).collect();
    drafts.update_value(|drafts| {
        drafts.retain(|(other, _)| other != key);
        drafts.push((key.to_owned(), values));
    });
}

/// Fills the fields of a dialog as they were. A field may come to be by what stands in another one, so it is done twice.
pub fn restore(dialog: &HtmlElement, key: &str, drafts: Drafts) {
    let find = |drafts: &Vec<(String, Vec<(String, String)>)>| drafts.iter().find(|(other, _)| other == key).cloned();
    let Some((_, values)) = drafts.with_value(find) else { return };
    fill(dialog, &values);
    let dialog = dialog.clone();
    // The fields are drawn anew by what was filled in.
    queue_microtask(move || {
        if dialog.is_connected() {
            fill(&dialog, &values);
        }
        // What is typed now takes the place of what was: from the next key on, so no timer may lie between.
        if let Some(field) = document().active_element().and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            field.select();
        }
    });
}

fn fill(dialog: &HtmlElement, values: &[(String, String)]) {
    for (id, old) in values {
        let Some(field) = document().get_element_by_id(id).filter(|field| dialog.contains(Some(field))) else {
            continue;
        };
        if value(&field).as_ref() == Some(old) {
            continue;
        }
        if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
            select.set_value(old);
        } else if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            match input.type_().as_str() {
                "checkbox" | "radio" => input.set_checked(old == "on"),
                _ => input.set_value(old),
            }
        } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
            area.set_value(old);
        }
        let bubbling = EventInit::new();
        bubbling.set_bubbles(true);
        for kind in ["input", "change"] {
            if let Ok(event) = Event::new_with_event_init_dict(kind, &bubbling) {
                let _ = field.dispatch_event(&event);
            }
        }
    }
}

fn value(field: &Element) -> Option<String> {
    if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        return Some(select.value());
    }
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        return Some(area.value());
    }
    let input = field.dyn_ref::<HtmlInputElement>()?;
    Some(match input.type_().as_str() {
        "checkbox" | "radio" => if input.checked() { "on" } else { "off" }.to_owned(),
        _ => input.value(),
    })
}
