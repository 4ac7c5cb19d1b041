//! The outline: the whole scene as a tree of texts, one tab stop, for readers that do not see the picture.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use partita::sorted::{SortedMap, SortedSet};
use partita::view::{Node, Outline, Selection};
use wasm_bindgen::JsCast;

use super::ring::Pointed;
use crate::page::preferences::say;
use crate::page::root::{Root, own};
use crate::page::rows::rows as list;
use crate::page::session::Session;

/// A node that can be seen, with its place among its neighbours.
#[derive(Clone, Debug, PartialEq)]
struct ShownNode {
    text: String,
    select: Selection,
    now: bool,
    level: usize,
    place: usize,
    of: usize,
    /// None: it has no children.
    open: Option<bool>,
}

/// The rows that can be seen: their ids in order, and each by its id.
#[derive(Debug, Default, PartialEq)]
struct Shown {
    ids: Vec<String>,
    by_id: SortedMap<String, ShownNode>,
}

#[derive(Clone, Copy)]
struct Tree {
    session: Session,
    pointed: Pointed,
    rows: Memo<Arc<Shown>>,
    closed: RwSignal<SortedSet<String>>,
    /// The one tab stop.
    current: RwSignal<String>,
}

#[component]
pub fn OutlineTree() -> impl IntoView {
    let session = Session::get();
    let outline = session.panel(|view| &view.outline);
    let closed = RwSignal::new(SortedSet::<String>::new());
    let rows = Memo::new(move |_| closed.with(|closed| outline.with(|outline| Arc::new(rows(outline, closed)))));
    let ids = Memo::new(move |_| rows.with(|rows| rows.ids.clone()));
    let tree = Tree { session, pointed: Pointed::get(), rows, closed, current: RwSignal::new(String::new()) };
    view! {
        <section class="outline" id=own("outline") aria-label=say("Outline", "개요")>
            <ul role="tree" aria-label=say("Outline of the scene", "장면의 개요") on:keydown=move |event| tree.walk(&event)>
                {list(move || ids.get(), |id| (0, id.clone()), move |id| view! { <Item tree id/> })}
            </ul>
        </section>
    }
}

#[component]
fn Item(tree: Tree, id: String) -> impl IntoView {
    let row = {
        let id = id.clone();
        Memo::new(move |_| tree.rows.with(|rows| rows.by_id.get(&id).cloned()))
    };
    let read = move |of: fn(&ShownNode) -> Option<String>| move || row.with(|row| row.as_ref().and_then(of));
    let tab = {
        let id = id.clone();
        move || if tree.is_stop(&id) { "0" } else { "-1" }
    };
    let (focused, clicked) = (id.clone(), id.clone());
    view! {
        <li
            role="treeitem"
            id=own(&format!("outline-{id}"))
            tabindex=tab
            attr:aria-level=read(|row| Some(row.level.to_string()))
            attr:aria-posinset=read(|row| Some(row.place.to_string()))
            attr:aria-setsize=read(|row| Some(row.of.to_string()))
            aria-expanded=read(|row| row.open.map(|open| open.to_string()))
            aria-current=read(|row| row.now.then(|| "true".to_owned()))
            class:now=move || row.with(|row| row.as_ref().is_some_and(|row| row.now))
            on:focus=move |_| tree.reach(&focused)
            on:blur=move |_| tree.pointed.at(Selection::Nothing)
            on:click=move |_| tree.choose(&clicked)
        >
            {read(|row| Some(row.text.clone()))}
        </li>
    }
}

impl Tree {
    /// One tab stop: the item that had the focus last, or the first one.
    fn is_stop(self, id: &str) -> bool {
        self.current.with(|current| {
            self.rows.with(|rows| match rows.by_id.contains_key(current) {
                true => current == id,
                false => rows.ids.first().is_some_and(|first| first == id),
            })
        })
    }

    /// The focus has come to an item: the shape that it stands for is ringed.
    fn reach(self, id: &str) {
        if self.current.with_untracked(|current| current != id) {
            self.current.set(id.to_owned());
        }
        let select = self.rows.with_untracked(|rows| rows.by_id.get(id).map(|row| row.select));
        self.pointed.at(select.unwrap_or_default());
    }

    /// Opens or closes an item, and inspects what it stands for.
    fn choose(self, id: &str) {
        let Some(row) = self.rows.with_untracked(|rows| rows.by_id.get(id).cloned()) else { return };
        match row.select {
            Selection::Nothing if row.open.is_some() => self.toggle(id),
            Selection::Nothing => {}
            select => self.session.select(select),
        }
    }

    fn toggle(self, id: &str) {
        self.closed.update(|closed| {
            if !closed.remove(id) {
                closed.insert(id.to_owned());
            }
        });
    }

    /// Arrow keys move, open and close; Home and End jump in a level, then in the tree; Enter inspects.
    fn walk(self, event: &KeyboardEvent) {
        let rows = self.rows.get_untracked();
        let at = self.current.with_untracked(|current| rows.ids.iter().position(|id| id == current)).unwrap_or(0);
        let Some(id) = rows.ids.get(at) else { return };
        let open = rows.by_id.get(id).and_then(|row| row.open);
        let last = rows.ids.len() - 1;
        let to = match (event.key().as_str(), open) {
            ("ArrowDown", _) => (at + 1).min(last),
            ("ArrowUp", _) => at.saturating_sub(1),
            ("ArrowRight", Some(true)) => (at + 1).min(last),
            ("ArrowRight", Some(false)) | ("ArrowLeft", Some(true)) => {
                self.toggle(id);
                at
            }
            ("ArrowRight", None) => at,
            ("ArrowLeft", _) => rows.parent(at).unwrap_or(at),
            ("Home", _) => rows.first_of_level(at),
            ("End", _) => rows.last_of_level(at),
            ("Enter" | " ", _) => {
                self.choose(id);
                at
            }
            _ => return,
        };
        // The tree's keys are the tree's: the page's own shortcuts do not act on them.
        event.prevent_default();
        event.stop_propagation();
        focus(self.session.root, &rows.ids[to]);
    }
}

fn focus(root: Root, id: &str) {
    if let Some(item) = root.by_id(&format!("outline-{id}")) {
        let _ = item.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

impl Shown {
    fn level(&self, at: usize) -> usize {
        self.by_id[&self.ids[at]].level
    }

    fn parent(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|other| self.level(*other) < self.level(at))
    }

    fn first_of_level(&self, at: usize) -> usize {
        let from = self.parent(at).map_or(0, |parent| parent + 1);
        let first = (from..=at).find(|other| self.level(*other) == self.level(at)).unwrap_or(at);
        if first == at { 0 } else { first }
    }

    fn last_of_level(&self, at: usize) -> usize {
        let inside = (at..self.ids.len()).take_while(|other| self.level(*other) >= self.level(at));
        let last = inside.filter(|other| self.level(*other) == self.level(at)).last().unwrap_or(at);
        if last == at { self.ids.len() - 1 } else { last }
    }
}

fn rows(outline: &Outline, closed: &SortedSet<String>) -> Shown {
    let mut all = Shown::default();
    add(&outline.roots, 1, closed, &mut all);
    all
}

fn add(nodes: &[Node], level: usize, closed: &SortedSet<String>, all: &mut Shown) {
    for (node, place) in nodes.iter().zip(1..) {
        let open = (!node.children.is_empty()).then(|| !closed.contains(&node.id));
        let (text, select, now, of) = (node.text.clone(), node.select, node.now, nodes.len());
        all.ids.push(node.id.clone());
        all.by_id.insert(node.id.clone(), ShownNode { text, select, now, level, place, of, open });
        if open == Some(true) {
            add(&node.children, level + 1, closed, all);
        }
    }
}
