//! A part of the page that is made again when a signal changes that it reads.

use leptos::prelude::*;

/// What a function makes of signals. All of these are of one type, so that the page holds the code of an effect in a view
/// once: a closure by itself is a type of its own, and brings that code along with it each time.
pub fn live<V: IntoAny>(mut view: impl FnMut() -> V + Send + 'static) -> AnyView {
    let view: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || view().into_any());
    view.into_any()
}
