//! A view that is left as it is while its data are the same.
//!
//! A panel that changes is built again as a whole, and then every element of it is told its attributes again, which makes
//! the browser work out its style again. Most of a panel is the same from step to step: [`lazy`] stands around the parts
//! (rows, lanes, lines) that change apart from each other. It is what Elm calls `lazy`.
//!
//! Such a view must be a function of its data alone: it reads no signal while it is built (the panel around it would not
//! hear of a change), and makes none (the panel that is built again would end it).

use std::any::Any;
use std::sync::Arc;

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

/// `view` of `data`, made again only when the data are others.
pub fn lazy<T, V>(data: T, view: impl FnOnce(&T) -> V + Send + 'static) -> Lazy
where
    T: PartialEq + Send + Sync + 'static,
    V: IntoAny,
{
    let data = Arc::new(data);
    let known = Arc::clone(&data);
    Lazy { data, view: Box::new(move || view(&known).into_any()) }
}

/// See [`lazy`]. One type for all, so that the page holds its code once.
pub struct Lazy {
    data: Arc<dyn Data>,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

trait Data: Any + Send + Sync {
    fn is_same(&self, other: &dyn Data) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Data for T {
    fn is_same(&self, other: &dyn Data) -> bool {
        (other as &dyn Any).downcast_ref::<T>().is_some_and(|other| self == other)
    }
}

/// What stands in the page, and the data that it was made of.
pub struct LazyState {
    data: Arc<dyn Data>,
    view: AnyViewState,
}

impl Render for Lazy {
    type State = LazyState;

    fn build(self) -> LazyState {
        LazyState { view: (self.view)().build(), data: self.data }
    }

    fn rebuild(self, state: &mut LazyState) {
        if !self.data.is_same(&*state.data) {
            state.data = self.data;
            (self.view)().rebuild(&mut state.view);
        }
    }
}

impl Mountable for LazyState {
    fn unmount(&mut self) {
        self.view.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.view.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.view.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.view.elements()
    }
}

impl AddAnyAttr for Lazy {
    type Output<SomeNewAttr: Attribute> = <AnyView as AddAnyAttr>::Output<SomeNewAttr>;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        (self.view)().add_any_attr(attr)
    }
}

// The page is never written as HTML by a server; what a view has to say to that, the view inside says.
impl RenderHtml for Lazy {
    type AsyncOutput = AnyView;
    type Owned = Lazy;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> AnyView {
        (self.view)()
    }

    fn to_html_with_buf(
        self,
        buffer: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attributes: Vec<AnyAttribute>,
    ) {
        (self.view)().to_html_with_buf(buffer, position, escape, mark_branches, extra_attributes);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> LazyState {
        LazyState { view: (self.view)().hydrate::<FROM_SERVER>(cursor, position), data: self.data }
    }

    fn into_owned(self) -> Lazy {
        self
    }
}
