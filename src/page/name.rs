//! Long names: what tells them apart mostly stands at their end, so they are cut in the middle.

use leptos::prelude::*;

/// Letters of a name that is never cut, and of the end that is always shown.
const SHORT: usize = 10;
const END: usize = 5;

/// A name that gives way in its middle where there is no room for all of it. Wants a place of a limited width.
pub fn name(full: &str) -> AnyView {
    let letters = full.chars().count();
    if letters <= SHORT {
        return full.to_owned().into_any();
    }
    let at = full.char_indices().nth(letters - END).map_or(0, |(at, _)| at);
    let (begin, end) = (full[..at].to_owned(), full[at..].to_owned());
    view! { <span class="mid"><span class="cut">{begin}</span><span>{end}</span></span> }.into_any()
}
