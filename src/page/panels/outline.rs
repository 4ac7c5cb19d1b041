//! The outline: the whole scene as a tree of texts, one tab stop, for readers that do not see the picture.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use partita::sorted::SortedSet;
use partita::view::{Node, Outline, Selection};
use wasm_bindgen::JsCast;

use super::ring::Pointed;
use crate::page::lazy_rows::lazy_rows;
use crate::page::preferences::say;
use crate::page::root::{Root, own};
use crate::page::rows::Key;
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

/// The rows that can be seen, in order, each with its id.
#[derive(Debug, Default, PartialEq)]
struct Shown(Vec<(String, ShownNode)>);

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
    let tree = Tree { session, pointed: Pointed::get(), rows, closed, current: RwSignal::new(String::new()) };
    view! {
        <section class="outline" id=own("outline") aria-label=say("Outline", "개요")>
            <ul
                role="tree"
                aria-label=say("Outline of the scene", "장면의 개요")
                on:keydown=move |event| tree.walk(&event)
                on:focusin=move |event| tree.reach(&event)
                on:focusout=move |_| tree.pointed.at(Selection::Nothing)
                on:click=move |event| tree.choose(tree.item_of(&event).as_deref())
            >
                {lazy_rows(move || tree.items(), item)}
            </ul>
        </section>
    }
}

/// An item: its id, what it is, and whether it is the one tab stop. What is done to it is heard by the tree.
type Item = (String, ShownNode, bool);

fn item((id, row, is_stop): &Item) -> impl IntoView + use<> {
    view! {
        <li
            role="treeitem"
            id=own(&format!("outline-{id}"))
            class=row.now.then_some("now")
            tabindex=if *is_stop { "0" } else { "-1" }
            attr:aria-level=row.level.to_string()
            attr:aria-posinset=row.place.to_string()
            attr:aria-setsize=row.of.to_string()
            aria-expanded=row.open.map(|open| open.to_string())
            aria-current=row.now.then_some("true")
        >
            {row.text.clone()}
        </li>
    }
}

impl Tree {
    /// One tab stop: the item that had the focus last, or the first one.
    fn items(self) -> Vec<(Key, Item)> {
        let current = self.current.get();
        self.rows.with(|rows| {
            let stop = rows.place(&current).unwrap_or(0);
            let item = |(at, (id, row)): (usize, &(String, ShownNode))| {
                ((0, id.clone()), (id.clone(), row.clone(), at == stop))
            };
            rows.0.iter().enumerate().map(item).collect()
        })
    }

    /// The item to which something was done.
    fn item_of(self, event: &web_sys::Event) -> Option<String> {
        let target: web_sys::Element = event.target()?.dyn_into().ok()?;
        let item = target.closest("[role=treeitem]").ok()??;
        item.id().strip_prefix(&self.session.root.id("outline-")).map(str::to_owned)
    }

    /// The focus has come to an item: the shape that it stands for is ringed.
    fn reach(self, event: &web_sys::Event) {
        let Some(id) = self.item_of(event) else { return };
        let select = self.rows.with_untracked(|rows| rows.get(&id).map(|row| row.select));
        if self.current.with_untracked(|current| *current != id) {
            self.current.set(id);
        }
        self.pointed.at(select.unwrap_or_default());
    }

    /// Opens or closes an item, and inspects what it stands for.
    fn choose(self, id: Option<&str>) {
        let Some(id) = id else { return };
        let Some(row) = self.rows.with_untracked(|rows| rows.get(id).cloned()) else { return };
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
        let at = self.current.with_untracked(|current| rows.place(current)).unwrap_or(0);
        let Some((id, row)) = rows.0.get(at) else { return };
        let open = row.open;
        let last = rows.0.len() - 1;
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
                self.choose(Some(id));
                at
            }
            _ => return,
        };
        // The tree's keys are the tree's: the page's own shortcuts do not act on them.
        event.prevent_default();
        event.stop_propagation();
        focus(self.session.root, &rows.0[to].0);
    }
}

fn focus(root: Root, id: &str) {
    if let Some(item) = root.by_id(&format!("outline-{id}")) {
        let _ = item.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

impl Shown {
    fn place(&self, id: &str) -> Option<usize> {
        self.0.iter().position(|(of, _)| of == id)
    }

    fn get(&self, id: &str) -> Option<&ShownNode> {
        self.place(id).map(|at| &self.0[at].1)
    }

    fn level(&self, at: usize) -> usize {
        self.0[at].1.level
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
        let inside = (at..self.0.len()).take_while(|other| self.level(*other) >= self.level(at));
        let last = inside.filter(|other| self.level(*other) == self.level(at)).last().unwrap_or(at);
        if last == at { self.0.len() - 1 } else { last }
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
        all.0.push((node.id.clone(), ShownNode { text, select, now, level, place, of, open }));
        if open == Some(true) {
            add(&node.children, level + 1, closed, all);
        }
    }
}
