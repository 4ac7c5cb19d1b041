//! Where the keyboard is: what is drawn anew, or a dialog that closes, must not take it away.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::root::Root;

/// What may have the focus.
const FOCUSABLE: &str = "a[href], button, input, select, textarea, summary, [tabindex]";

/// Elements around it that are remembered.
const AROUND: usize = 2;

/// What had the focus, and how to find its like when it is gone.
#[derive(Clone)]
pub struct Focus {
    root: Root,
    element: Element,
    /// What it says of itself.
    words: String,
    /// Elements around it that have an id, the nearest first: the id, and its number among what can be focused there.
    around: Vec<(String, usize)>,
}

impl Focus {
    /// None when nothing in this session has it.
    pub fn now(root: Root) -> Option<Focus> {
        let element = root.focused()?;
        let mut around = Vec::new();
        let mut outer = element.parent_element();
        while let Some(parent) = outer {
            let id = parent.id();
            if !id.is_empty() && around.len() < AROUND {
                let place = inside(&parent).iter().position(|other| *other == element);
                around.push((id, place.unwrap_or(0)));
            }
            outer = parent.parent_element();
        }
        Some(Focus { root, words: words(&element), element, around })
    }

    /// Whether anything in particular has it.
    pub fn is_anywhere() -> bool {
        document().active_element().is_some_and(|element| element.tag_name() != "BODY")
    }

    /// The element, where it is in sight.
    pub fn shown(&self) -> Option<Element> {
        Some(&self.element).filter(|element| element.get_bounding_client_rect().width() > 0.0).cloned()
    }

    /// Gives the focus back if it was lost because its element was drawn anew.
    pub fn keep(&self) {
        if !self.element.is_connected() && !Focus::is_anywhere() {
            self.give_back();
        }
    }

    /// To the same element; to one that says the same, or stands in the same place, when it was drawn anew.
    pub fn give_back(&self) {
        if self.element.is_connected() {
            focus(&self.element);
            return;
        }
        for (id, place) in &self.around {
            let Some(outer) = document().get_element_by_id(id).filter(|outer| self.root.holds(outer)) else { continue };
            let all = inside(&outer);
            let like = all.iter().find(|other| words(other) == self.words && !self.words.is_empty());
            let like = like.or_else(|| outer.has_attribute("tabindex").then_some(&outer));
            if let Some(like) = like.or_else(|| all.get(*place)).or_else(|| all.last()) {
                focus(like);
                return;
            }
        }
    }
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    } else if let Some(element) = element.dyn_ref::<web_sys::SvgElement>() {
        let _ = element.focus();
    }
}

/// The element's name in a few words.
fn words(element: &Element) -> String {
    let name = element.get_attribute("data-setting").or_else(|| element.get_attribute("aria-label"));
    name.unwrap_or_else(|| element.text_content().unwrap_or_default())
}

fn inside(outer: &Element) -> Vec<Element> {
    let Ok(found) = outer.query_selector_all(FOCUSABLE) else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect()
}
