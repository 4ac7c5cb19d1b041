//! The part of the page that belongs to one session: look-ups begin here, ids carry its prefix, keys act on the one that
//! had the focus last. So any number of sessions live in one page, and none knows of another.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The attribute of every root, with its number, and of the one that had the focus or the pointer last.
const ROOT: &str = "data-session";
const ACTIVE: &str = "data-active";

/// See the module. Copied freely; in the context of everything that belongs to a session.
#[derive(Clone, Copy)]
pub struct Root {
    /// 0 for the page's own; the others are numbered in the order in which they stand in the page.
    number: u16,
    element: StoredValue<HtmlElement, LocalStorage>,
    /// Takes down what stands in it; none before it does.
    end: StoredValue<Option<Box<dyn FnOnce()>>, LocalStorage>,
}

impl Root {
    /// Makes an element a session's. What it makes belongs to the owner that is in charge.
    pub fn of(element: HtmlElement, number: u16) -> Root {
        let _ = element.set_attribute(ROOT, &number.to_string());
        let root = Root { number, element: StoredValue::new_local(element), end: StoredValue::new_local(None) };
        listens(window_event_listener(ev::focusin, move |event| root.activate_if_in(event.target())));
        listens(window_event_listener(ev::pointerdown, move |event| root.activate_if_in(event.target())));
        root
    }

    fn activate_if_in(self, target: Option<web_sys::EventTarget>) {
        let target: Option<Element> = target.and_then(|target| target.dyn_into().ok());
        if target.is_some_and(|target| self.holds(&target)) {
            self.element.with_value(activate);
        }
    }

    /// What is to be done once its element has left the page.
    pub fn ends_with(self, end: impl FnOnce() + 'static) {
        self.end.set_value(Some(Box::new(end)));
    }

    /// Whether its element has left the page: then all that stands in it is taken down. Whoever is called by the page, or
    /// by the time, asks first.
    pub fn has_left(self) -> bool {
        if self.element.with_value(|element| element.is_connected()) {
            return false;
        }
        if let Some(end) = self.end.try_update_value(Option::take).flatten() {
            // Not under the feet of who asks.
            set_timeout(end, Duration::ZERO);
        }
        true
    }

    pub fn get() -> Root {
        expect_context()
    }

    /// The element, without what said that the page is loading.
    pub fn emptied(self) -> HtmlElement {
        let element = self.element.get_value();
        element.set_text_content(None);
        element
    }

    /// The session that a page's own address, links and storage are for.
    pub fn is_the_pages(self) -> bool {
        self.number == 0
    }

    /// Goes before ids and before names in the browser's storage; nothing for the page's own session.
    pub fn prefix(self) -> String {
        if self.is_the_pages() { String::new() } else { format!("run{}-", self.number) }
    }

    /// An id that no other session has.
    pub fn id(self, name: &str) -> String {
        self.prefix() + name
    }

    /// The first element of the session that matches.
    pub fn find(self, selector: &str) -> Option<Element> {
        self.element.with_value(|element| element.query_selector(selector).ok().flatten())
    }

    /// The element with an id of this session; the name may have any letters.
    pub fn by_id(self, name: &str) -> Option<Element> {
        document().get_element_by_id(&self.id(name)).filter(|found| self.holds(found))
    }

    pub fn holds(self, element: &Element) -> bool {
        self.element.with_value(|own| own.contains(Some(element)))
    }

    /// What has the focus, if it is in this session.
    pub fn focused(self) -> Option<Element> {
        document().active_element().filter(|element| self.holds(element))
    }

    /// Whether a key or a file that came to this element is meant for this session: it came into it, or into none while
    /// this one is the active one.
    pub fn is_meant(self, target: Option<&Element>) -> bool {
        let inside = target.and_then(|target| target.closest(&format!("[{ROOT}]")).ok().flatten());
        self.element.with_value(|own| match inside {
            Some(root) => root == **own,
            None => active().is_some_and(|root| root == **own),
        })
    }
}

/// Listens as long as what is in charge here stands.
pub fn listens(handle: WindowListenerHandle) {
    on_cleanup(move || handle.remove());
}

/// An id of the session in whose view this is called.
pub fn own(name: &str) -> String {
    Root::get().id(name)
}

fn activate(element: &HtmlElement) {
    if element.has_attribute(ACTIVE) {
        return;
    }
    if let Some(other) = active() {
        let _ = other.remove_attribute(ACTIVE);
    }
    let _ = element.set_attribute(ACTIVE, "");
}

/// The root that had the focus or the pointer last, or else the first one.
fn active() -> Option<Element> {
    let found = |selector: &str| document().query_selector(selector).ok().flatten();
    found(&format!("[{ROOT}][{ACTIVE}]")).or_else(|| found(&format!("[{ROOT}]")))
}
