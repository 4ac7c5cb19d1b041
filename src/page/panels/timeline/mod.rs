//! The timeline: the whole run as a strip, and a window of it as lanes.

mod canvas;
mod chapters;
mod ink;
mod labels;
mod lanes;
mod rows;
mod strip;

use leptos::prelude::*;

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
