//! The timeline: the whole run as a strip, and a window of it as lanes.

mod canvas;
mod chapters;
mod ink;
mod labels;
mod lanes;
mod rows;
mod strip;
mod words;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::page::preferences::said;
use crate::page::text;

use lanes::LanesView;
use strip::StripView;

#[component]
pub fn Timeline() -> impl IntoView {
    view! {
        <section class="tl" aria-label=said(text::TIMELINE)>
            <StripView/>
            <LanesView/>
        </section>
    }
}

/// How much larger than its own pixels an element is drawn: the page grows on a large screen.
fn zoom_of(element: &Element) -> f64 {
    let own = element.dyn_ref::<HtmlElement>().map_or_else(|| element.client_width(), HtmlElement::offset_width);
    if own > 0 { element.get_bounding_client_rect().width() / f64::from(own) } else { 1.0 }
}
