//! The wires' layer over the scene. Where its ends are, only the browser knows, so it is drawn after the page, from measured
//! places, outside the reactive graph: nothing here writes a signal.

mod anchors;
mod links;
mod motion;
mod path;
mod room;
mod shapes;
mod tokens;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::svg::G;
use partita::view::View;

use super::stage::Stage;
use crate::page::screen::{Behind, behind_layout, is_phone, wants_less_motion};
use anchors::{Anchors, reveal, reveal_below};
use motion::{Motion, RunWent};
use room::Folding;
use shapes::{Drawn, Shape};

/// Real milliseconds below which a hop is not drawn while it plays.
const TOO_SHORT: f64 = 60.0;

#[derive(Default)]
struct Layer {
    wires: Drawn,
    now: Drawn,
    motion: Motion,
    folding: Folding,
    /// Move and branch of the last picture.
    stood: Option<u64>,
    scheduled: bool,
    /// The last picture.
    shown: Option<Arc<View>>,
}

#[component]
pub fn Wires(place: NodeRef<Div>, scrolled: RwSignal<()>) -> impl IntoView {
    let stage = Stage::get();
    let (links, now, tokens) = (NodeRef::<G>::new(), NodeRef::<G>::new(), NodeRef::<Div>::new());
    let layer = Rc::new(RefCell::new(Layer::default()));
    let draw = {
        let layer = Rc::clone(&layer);
        move || {
            // The scene may be gone when its turn comes.
            let scene = place.try_get_untracked().flatten();
            let group = |node: NodeRef<G>| node.try_get_untracked().flatten();
            let groups = (group(links), group(now), tokens.try_get_untracked().flatten());
            let view = stage.view.try_get_untracked();
            if let (Some(scene), (Some(links), Some(now), Some(tokens)), Some(view)) = (scene, groups, view) {
                let mut layer = layer.borrow_mut();
                layer.scheduled = false;
                layer.draw(&view, stage.playing.get_untracked(), &scene, [&links, &now, &tokens]);
            }
        }
    };
    let schedule = move || {
        if !std::mem::replace(&mut layer.borrow_mut().scheduled, true) {
            let draw = draw.clone();
            behind_layout(Behind::Changes, draw);
        }
    };
    let schedule = StoredValue::new_local(schedule);
    let again = move || schedule.with_value(|schedule| schedule());
    Effect::new(move |_| {
        stage.view.track();
        scrolled.track();
        again();
    });
    let resized = window_event_listener(ev::resize, move |_| again());
    on_cleanup(move || resized.remove());
    view! {
        <svg class="wires" aria-hidden="true">
            <g node_ref=links></g>
            <g node_ref=now></g>
        </svg>
        <div class="toks" aria-hidden="true" node_ref=tokens></div>
    }
}

impl Layer {
    /// Whether it is a picture that is new, not a column that the reader scrolls.
    fn is_new(&mut self, view: &Arc<View>) -> bool {
        let is_new = self.shown.as_ref().is_none_or(|shown| !Arc::ptr_eq(shown, view));
        if is_new {
            self.shown = Some(Arc::clone(view));
        }
        is_new
    }

    fn draw(
        &mut self,
        view: &Arc<View>,
        playing: Option<u32>,
        scene: &web_sys::Element,
        groups: [&web_sys::Element; 3],
    ) {
        if is_phone() {
            // One column is shown at a time, and has nothing to be joined with.
            if self.is_new(view) {
                reveal_below(scene);
            }
            return;
        }
        let at = view.transport.move_number;
        self.folding.fit(scene, view);
        if self.is_new(view) {
            reveal(scene);
        }
        let Some(anchors) = Anchors::measure(scene) else { return };
        let went = match self.stood.replace(at) {
            Some(before) if before < at => RunWent::Forward,
            Some(before) if before > at => RunWent::Back,
            _ => RunWent::Elsewhere,
        };
        let still = wants_less_motion();
        let went = if playing.is_some() || still { RunWent::Elsewhere } else { went };
        let mut drawings = tokens::drawings(view, &anchors, still);
        if let Some(speed) = playing {
            let hop = view.wires.tokens.first().map_or(0, |token| token.arrives_us - token.sent_us);
            if (hop as f64) / f64::from(speed.max(1)) < TOO_SHORT {
                drawings.clear();
            }
        }
        self.wires.show(groups[0], links::shapes(view, &anchors));
        let path = drawings.iter().find(|drawing| drawing.now).map(|drawing| {
            let line = Shape::path("now".to_owned(), "w now", drawing.wire.clone(), Some("ah-now"));
            [Some(line), still.then(|| began(drawing.from))].into_iter().flatten().collect()
        });
        self.now.show(groups[1], path.unwrap_or_default());
        self.motion.show(groups[2], drawings, went);
    }
}

/// A hollow ring where the message of a picture without motion began.
fn began(from: path::Point) -> Shape {
    let at = |value: f64| format!("{value:.1}");
    let attributes = vec![("cx", at(from.0)), ("cy", at(from.1)), ("r", "4".to_owned())];
    Shape { key: "from".to_owned(), tag: "circle", class: "w now from", attributes, inner: String::new() }
}
