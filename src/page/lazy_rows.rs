//! Rows that are each made again only when their data change, and stay in place while others come and go.
//!
//! [`rows`](super::rows::rows) makes a row once, which then hears of its own changes: a signal and what hangs on it for each row,
//! all of which are asked with each step. Here one view hears of the step, and compares. What [`lazy`] asks of a view holds
//! for these.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::Rndr;
use leptos::tachys::renderer::types::{Element, Node, Placeholder};
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

use super::lazy::{Lazy, LazyState, lazy};
use super::live::live;
use super::rows::Key;

/// A row for each item, by its key.
pub fn lazy_rows<T, V>(items: impl Fn() -> Vec<(Key, T)> + Send + 'static, view: fn(&T) -> V) -> AnyView
where
    T: PartialEq + Send + Sync + 'static,
    V: IntoAny + 'static,
{
    live(move || LazyRows(items().into_iter().map(|(key, item)| (key, lazy(item, view))).collect()))
}

/// See [`lazy_rows`].
struct LazyRows(Vec<(Key, Lazy)>);

/// The rows that stand in the page, and what stands behind the last.
struct LazyRowsState {
    rows: Vec<(Key, LazyState)>,
    end: Placeholder,
}

impl Render for LazyRows {
    type State = LazyRowsState;

    fn build(self) -> LazyRowsState {
        let rows = self.0.into_iter().map(|(key, row)| (key, row.build())).collect();
        LazyRowsState { rows, end: Rndr::create_placeholder() }
    }

    fn rebuild(self, state: &mut LazyRowsState) {
        let is_same = |((now, _), (before, _)): (&(Key, Lazy), &(Key, LazyState))| now == before;
        if self.0.len() == state.rows.len() && self.0.iter().zip(&state.rows).all(is_same) {
            self.0.into_iter().zip(&mut state.rows).for_each(|((_, row), (_, stands))| row.rebuild(stands));
        } else {
            state.arrange(self.0);
        }
    }
}

impl LazyRowsState {
    /// Rows come, go, or stand in another order: those that stand behind each other as before are not touched.
    fn arrange(&mut self, wanted: Vec<(Key, Lazy)>) {
        let mut known: Vec<Option<(Key, LazyState)>> = self.rows.drain(..).map(Some).collect();
        let mut places = Vec::with_capacity(wanted.len());
        for (key, row) in wanted {
            let place = known.iter().position(|one| one.as_ref().is_some_and(|(of, _)| *of == key));
            let stands = match place.and_then(|place| known[place].take()) {
                Some((_, mut stands)) => {
                    row.rebuild(&mut stands);
                    stands
                }
                None => row.build(),
            };
            places.push(place);
            self.rows.push((key, stands));
        }
        known.into_iter().flatten().for_each(|(_, mut gone)| gone.unmount());
        // From the end: what stands before the row behind it stays.
        let mut behind = usize::MAX;
        for at in (0..self.rows.len()).rev() {
            match places[at] {
                Some(place) if place < behind => behind = place,
                _ => {
                    let (before, after) = self.rows.split_at_mut(at + 1);
                    let row = &mut before[at].1;
                    match after.first() {
                        Some((_, next)) => next.insert_before_this(row),
                        None => self.end.insert_before_this(row),
                    };
                }
            }
        }
    }
}

impl Mountable for LazyRowsState {
    fn unmount(&mut self) {
        self.rows.iter_mut().for_each(|(_, row)| row.unmount());
        self.end.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.rows.iter_mut().for_each(|(_, row)| row.mount(parent, marker));
        self.end.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.rows.first() {
            Some((_, first)) => first.insert_before_this(child),
            None => self.end.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<Element> {
        self.rows.iter().flat_map(|(_, row)| row.elements()).collect()
    }
}

impl AddAnyAttr for LazyRows {
    type Output<SomeNewAttr: Attribute> = LazyRows;

    /// Nobody gives attributes to rows from outside.
    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> LazyRows {
        self
    }
}

// As with `Lazy`: the page is never written as HTML by a server.
impl RenderHtml for LazyRows {
    type AsyncOutput = LazyRows;
    type Owned = LazyRows;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> LazyRows {
        self
    }

    fn to_html_with_buf(
        self,
        buffer: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attributes: Vec<AnyAttribute>,
    ) {
        for (_, row) in self.0 {
            row.to_html_with_buf(buffer, position, escape, mark_branches, extra_attributes.clone());
        }
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> LazyRowsState {
        let rows = self.0.into_iter().map(|(key, row)| (key, row.hydrate::<FROM_SERVER>(cursor, position))).collect();
        LazyRowsState { rows, end: cursor.next_placeholder(position) }
    }

    fn into_owned(self) -> LazyRows {
        self
    }
}
