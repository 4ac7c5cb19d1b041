//! The ring of the keyboard's focus around the shape that the outline's current item stands for.

use leptos::html::Div;
use leptos::prelude::*;
use partita::view::Selection;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::page::root::Root;
use crate::page::scene::at;
use crate::page::screen::once_laid_out;
use crate::page::session::Session;

/// Pixels between the shape and its ring.
const GAP: f64 = 2.0;

/// The thing of the scene that the keyboard points at.
#[derive(Clone, Copy)]
pub struct Pointed(RwSignal<Selection>);

impl Pointed {
    pub fn provide() {
        provide_context(Pointed(RwSignal::new(Selection::Nothing)));
    }

    pub fn get() -> Pointed {
        expect_context()
    }

    pub fn at(self, selection: Selection) {
        if self.0.get_untracked() != selection {
            self.0.set(selection);
        }
    }
}

/// The ring: where the shape is can only be measured once the scene is drawn.
#[component]
pub fn Ring() -> impl IntoView {
    let session = Session::get();
    let view = session.view();
    let pointed = Pointed::get();
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        let selection = pointed.0.get();
        view.track();
        let Some(ring) = place.get() else { return };
        if selection == Selection::Nothing {
            ring.set_hidden(true);
        } else {
            once_laid_out(move || surround(session.root, &ring, selection));
        }
    });
    view! { <div class="point" aria-hidden="true" hidden node_ref=place></div> }
}

fn surround(root: Root, ring: &HtmlElement, selection: Selection) {
    let shape = selector(selection).and_then(|selector| root.find(&selector));
    let area = shape.map(|shape| shape.get_bounding_client_rect()).filter(|area| area.width() > 0.0);
    ring.set_hidden(area.is_none());
    let Some(area) = area else { return };
    let style = ring.unchecked_ref::<HtmlElement>().style();
    let put = |name: &str, pixels: f64| {
        let _ = style.set_property(name, &format!("{pixels:.0}px"));
    };
    put("left", area.left() - GAP);
    put("top", area.top() - GAP);
    put("width", area.width() + 2.0 * GAP);
    put("height", area.height() + 2.0 * GAP);
}

/// Where a thing is drawn.
fn selector(selection: Selection) -> Option<String> {
    let drawn_at = |name: String| format!("[data-at=\"{name}\"]");
    let ringed = |name: String| format!("[data-ring=\"{name}\"]");
    Some(match selection {
        Selection::Broker(id) => drawn_at(at::broker(id)),
        Selection::Client(id) => format!("{}, {}", drawn_at(at::producer(id)), drawn_at(at::member(id))),
        Selection::Partition(id) => drawn_at(at::tape(id)),
        Selection::Offset(id, offset) => format!("{} [data-offset=\"{offset}\"]", drawn_at(at::tape(id))),
        Selection::Batch(id) => ringed(at::batch(id)),
        Selection::Request(connection, id) => ringed(at::request(connection, id)),
        Selection::Group(id) => ringed(at::group(id)),
        Selection::Record(_) | Selection::Nothing => return None,
    })
}
