//! Icons and key glyphs, from the sprite that stands in the page.

use leptos::prelude::*;

/// One of the sprite's `i-…` symbols, 16 px, in the colour of the text around it.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! { <svg class="ic" aria-hidden="true"><use href=format!("#i-{name}")></use></svg> }
}
