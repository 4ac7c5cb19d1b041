//! Long names: what tells them apart mostly stands at their end, so they are cut in the middle.

use leptos::prelude::*;

/// Letters of a name that is never cut, and of the end that is always shown.
const SHORT: usize = 10;
const END: usize = 5;
/// Letters of the numbers at the end that are kept together.
const MOST: usize = 16;

/// A name that gives way in its middle where there is no room for all of it. Wants a place of a limited width.
pub fn name(full: &str) -> AnyView {
    let letters = full.chars().count();
    if letters <= SHORT {
        return full.to_owned().into_any();
    }
    let at = full.char_indices().nth(letters - END).map_or(0, |(at, _)| at).min(numbers(full));
    let (begin, end) = (full[..at].to_owned(), full[at..].to_owned());
    view! { <span class="mid"><span class="cut">{begin}</span><span>{end}</span></span> }.into_any()
}

/// Where the numbers of partitions and offsets begin that a text ends with: `orders-0@12`, `orders-0 1 2`. They are never cut.
fn numbers(full: &str) -> usize {
    let is_number = |c: char| c.is_ascii_digit() || c == '@' || c == ' ';
    match full.rfind('-') {
        Some(at) if full.len() - at <= MOST && full[at + 1..].chars().all(is_number) => at,
        _ => full.len(),
    }
}
