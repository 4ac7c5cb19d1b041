//! The divider between inspector and settings: dragged, or moved by keys; its place is kept.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::page::preferences::{keep, kept, say};
use crate::page::root::own;

/// The inspector's share of the column, in hundredths: at least, at most, at first, and for each press of a key.
const LEAST: u8 = 20;
const MOST: u8 = 90;
const USUAL: u8 = 72;
const STEP: u8 = 4;

/// The inspector's share of the right column.
#[derive(Clone, Copy)]
pub struct Split(RwSignal<u8>);

impl Split {
    /// Where the reader left it.
    pub fn kept() -> Split {
        let share = kept("split").and_then(|share| share.parse().ok()).filter(|share| (LEAST..=MOST).contains(share));
        Split(RwSignal::new(share.unwrap_or(USUAL)))
    }

    /// For the column's style.
    pub fn percent(self) -> String {
        format!("{}%", self.0.get())
    }

    fn put(self, share: u8) {
        let share = share.clamp(LEAST, MOST);
        if self.0.get_untracked() != share {
            self.0.set(share);
            keep("split", &share.to_string());
        }
    }

    fn pressed(self, event: &KeyboardEvent) {
        let share = self.0.get_untracked();
        self.put(match event.key().as_str() {
            "ArrowUp" => share.saturating_sub(STEP),
            "ArrowDown" => share.saturating_add(STEP),
            "Home" => LEAST,
            "End" => MOST,
            _ => return,
        });
        event.prevent_default();
    }

    fn dragged(self, event: &PointerEvent) {
        let target = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(column) = target.and_then(|target| target.parent_element()) else { return };
        let column = column.get_bounding_client_rect();
        if event.buttons() & 1 == 1 && column.height() > 0.0 {
            let share = (f64::from(event.client_y()) - column.top()) / column.height() * 100.0;
            self.put(share.clamp(0.0, 100.0) as u8);
        }
    }
}

#[component]
pub fn Divider(split: Split) -> impl IntoView {
    let grabbed = move |event: PointerEvent| {
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        // No text is selected on the way.
        event.prevent_default();
    };
    view! {
        <div
            class="split"
            id=own("divider")
            role="separator"
            tabindex="0"
            aria-orientation="horizontal"
            aria-controls=own("inspector")
            aria-label=say("Height of the inspector", "인스펙터의 높이")
            aria-valuemin=LEAST.to_string()
            aria-valuemax=MOST.to_string()
            aria-valuenow=move || split.0.get().to_string()
            aria-valuetext=move || split.percent()
            on:keydown=move |event| split.pressed(&event)
            on:pointerdown=grabbed
            on:pointermove=move |event| split.dragged(&event)
        ></div>
    }
}
