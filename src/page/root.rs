//! The part of the page that belongs to one session: look-ups begin here, ids carry its prefix, keys act on the one that
//! had the focus last. So any number of sessions live in one page, and none knows of another.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
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
}

impl Root {
    /// Makes an element a session's. Needs an owner.
    pub fn of(element: HtmlElement, number: u16) -> Root {
        let _ = element.set_attribute(ROOT, &number.to_string());
        let activated = Closure::<dyn FnMut()>::new({
            let element = element.clone();
            move || activate(&element)
        });
        for event in ["focusin", "pointerdown"] {
            let _ = element.add_event_listener_with_callback(event, activated.as_ref().unchecked_ref());
        }
        // It lives as long as the page, as its element does.
        activated.forget();
        Root { number, element: StoredValue::new_local(element) }
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
