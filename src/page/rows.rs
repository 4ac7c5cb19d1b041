//! Rows of the page that stay what they are while others come and go.

use std::sync::Arc;

use leptos::prelude::*;
use partita::ids::PartitionNo;

/// What tells a row from the others: a number, or a text.
pub type Key = (i64, String);

/// The key of what has a number.
pub fn number(number: impl Into<i64>) -> Key {
    (number.into(), String::new())
}

/// The key of a partition.
pub fn partition(of: PartitionNo) -> Key {
    number(i64::from(of.topic.0) << 32 | i64::from(of.partition as u32))
}

/// A row for each item, made when an item of its key comes and kept until that goes. All lists of the page are one `For`:
/// each with types of its own would bring along its code once more.
pub fn rows<T: Send + 'static, V: IntoAny>(
    items: impl Fn() -> Vec<T> + Send + 'static,
    key: impl Fn(&T) -> Key + Send + 'static,
    view: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView {
    let view = Arc::new(view);
    let row = move |item: T| {
        let (key, view) = (key(&item), Arc::clone(&view));
        Row { key, view: Box::new(move || view(item).into_any()) }
    };
    list(Box::new(move || items().into_iter().map(&row).collect()))
}

struct Row {
    key: Key,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

fn list(rows: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    view! { <For each=rows key=|row| row.key.clone() children=|row| (row.view)()/> }.into_any()
}
