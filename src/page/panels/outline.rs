//! The outline: the whole scene as a tree of texts, one tab stop, for readers that do not see the picture.

use std::collections::BTreeSet;

use leptos::prelude::*;
use partita::view::{Node, Outline, Selection};
use wasm_bindgen::JsCast;

use crate::page::preferences::said;
use crate::page::session::Session;

/// A node that can be seen, with its place among its neighbours.
#[derive(Clone, PartialEq)]
struct Row {
    id: String,
    text: String,
    select: Selection,
    now: bool,
    level: usize,
    place: usize,
    of: usize,
    /// None: it has no children.
    open: Option<bool>,
}

#[component]
pub fn OutlineTree() -> impl IntoView {
    let session = Session::get();
    let outline = session.panel(|view| &view.outline);
    let closed = RwSignal::new(BTreeSet::<String>::new());
    let current = RwSignal::new(String::new());
    let rows = Memo::new(move |_| closed.with(|closed| rows(&outline.get(), closed)));
    let keys = move |event: leptos::ev::KeyboardEvent| walk(&event, rows, closed, current, session);
    view! {
        <div class="outline" id="outline">
            <ul role="tree" aria-label=said(super::OUTLINE) on:keydown=keys>
                <For each=move || rows.get() key=|row| row.id.clone() let:row>
                    <Item id=row.id.clone() rows=rows current=current closed=closed/>
                </For>
            </ul>
        </div>
    }
}

#[component]
fn Item(
    id: String,
    rows: Memo<Vec<Row>>,
    current: RwSignal<String>,
    closed: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let session = Session::get();
    let row = {
        let id = id.clone();
        Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.id == id).cloned()))
    };
    let with = move |read: fn(&Row) -> String| move || row.with(|row| row.as_ref().map(read));
    // One tab stop: the current item, or the first one.
    let tab = {
        let id = id.clone();
        move || {
            let is_current = current.with(|current| *current == id);
            let is_first = rows.with(|rows| {
                rows.first().is_some_and(|row| row.id == id)
                    && current.with(|current| rows.iter().all(|row| row.id != *current))
            });
            if is_current || is_first { "0" } else { "-1" }
        }
    };
    let focused = id.clone();
    let clicked = move |_| {
        if let Some(row) = row.get_untracked() {
            if row.open.is_some() {
                toggle(closed, &row.id);
            }
            if row.select != Selection::Nothing {
                session.select(row.select);
            }
        }
    };
    view! {
        <li
            role="treeitem"
            id=format!("outline-{id}")
            tabindex=tab
            attr:aria-level=with(|row| row.level.to_string())
            attr:aria-posinset=with(|row| row.place.to_string())
            attr:aria-setsize=with(|row| row.of.to_string())
            aria-expanded=move || row.with(|row| row.as_ref().and_then(|row| row.open).map(|open| open.to_string()))
            class:now=move || row.with(|row| row.as_ref().is_some_and(|row| row.now))
            data-level=with(|row| row.level.to_string())
            on:focus=move |_| current.set(focused.clone())
            on:click=clicked
        >
            {with(|row| row.text.clone())}
        </li>
    }
}

fn toggle(closed: RwSignal<BTreeSet<String>>, id: &str) {
    closed.update(|closed| {
        if !closed.remove(id) {
            closed.insert(id.to_owned());
        }
    });
}

fn rows(outline: &Outline, closed: &BTreeSet<String>) -> Vec<Row> {
    let mut all = Vec::new();
    add(&outline.roots, 1, closed, &mut all);
    all
}

fn add(nodes: &[Node], level: usize, closed: &BTreeSet<String>, all: &mut Vec<Row>) {
    for (i, node) in nodes.iter().enumerate() {
        let open = (!node.children.is_empty()).then(|| !closed.contains(&node.id));
        all.push(Row {
            id: node.id.clone(),
            text: node.text.clone(),
            select: node.select,
            now: node.now,
            level,
            place: i + 1,
            of: nodes.len(),
            open,
        });
        if open == Some(true) {
            add(&node.children, level + 1, closed, all);
        }
    }
}

/// Arrow keys move, open and close; Home and End jump; Enter inspects.
fn walk(
    event: &leptos::ev::KeyboardEvent,
    rows: Memo<Vec<Row>>,
    closed: RwSignal<BTreeSet<String>>,
    current: RwSignal<String>,
    session: Session,
) {
    let all = rows.get_untracked();
    let at = current.with_untracked(|current| all.iter().position(|row| row.id == *current)).unwrap_or(0);
    let Some(row) = all.get(at) else { return };
    let to = match event.key().as_str() {
        "ArrowDown" => (at + 1).min(all.len() - 1),
        "ArrowUp" => at.saturating_sub(1),
        "Home" => 0,
        "End" => all.len() - 1,
        "ArrowRight" if row.open == Some(false) => {
            toggle(closed, &row.id);
            at
        }
        "ArrowRight" if row.open == Some(true) => at + 1,
        "ArrowLeft" if row.open == Some(true) => {
            toggle(closed, &row.id);
            at
        }
        "ArrowLeft" => all[..at].iter().rposition(|other| other.level < row.level).unwrap_or(at),
        "Enter" | " " => {
            if row.select != Selection::Nothing {
                session.select(row.select);
            }
            at
        }
        _ => return,
    };
    // The tree's keys are the tree's: the page's own shortcuts do not act on them.
    event.prevent_default();
    event.stop_propagation();
    let id = all[to.min(all.len() - 1)].id.clone();
    if let Some(item) = document().get_element_by_id(&format!("outline-{id}")) {
        let _ = item.unchecked_into::<web_sys::HtmlElement>().focus();
    }
    current.set(id);
}
