//! What explains itself when it is pointed at or pressed: a promise, a number. One at a time; what stands in it comes with the
//! second part of the program.

use std::time::Duration;

use leptos::ev;
use leptos::ev::{FocusEvent, MouseEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use super::dialog::Under;
use super::preferences::Preferences;
use super::rest::{Arrival, Part, Rest};
use super::root::{listens, own};
use super::session::Session;

/// How long the pointer rests before what is under it explains itself, and how long it may be away from it.
const REST: Duration = Duration::from_millis(400);
const AWAY: Duration = Duration::from_millis(250);

/// What is explained: a promise or a number by its name in markup, or all promises.
pub const PROMISES: &str = "promises";

#[derive(Clone, Copy, PartialEq)]
struct Asked {
    what: &'static str,
    /// By a press; else the pointer rests on it.
    pressed: bool,
}

/// See the module. One in the context of each session.
#[derive(Clone, Copy)]
pub struct Explaining {
    session: Session,
    rest: Rest,
    asked: RwSignal<Option<Asked>>,
    /// What was pressed or pointed at: it gets the focus back. With the name by which it is found when it is drawn anew.
    by: StoredValue<Option<HtmlElement>, LocalStorage>,
    by_name: StoredValue<String>,
    /// What the pointer rests on until it explains itself.
    pointed: StoredValue<Option<&'static str>>,
    /// The window has another size.
    resized: Trigger,
    /// Which turn of the pointer a timer belongs to.
    turn: StoredValue<u32>,
}

impl Explaining {
    /// Its Esc is heard before that of the scene's keys, which are listened to afterwards.
    pub fn provide(session: Session) {
        let (asked, by) = (RwSignal::new(None), StoredValue::new_local(None));
        let explaining = Explaining {
            session,
            rest: Rest::get(),
            asked,
            by,
            by_name: StoredValue::new(String::new()),
            pointed: StoredValue::new(None),
            resized: Trigger::new(),
            turn: StoredValue::new(0),
        };
        provide_context(explaining);
        listens(window_event_listener(ev::resize, move |_| {
            if explaining.is_open() {
                explaining.resized.notify();
            }
        }));
        listens(window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" && explaining.is_open() && !session.has_dialog() {
                event.prevent_default();
                explaining.leave();
            }
        }));
        listens(window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
            if explaining.is_open() && !explaining.is_within(target.as_ref()) {
                explaining.close();
            }
        }));
    }

    pub fn get() -> Explaining {
        expect_context()
    }

    fn is_open(self) -> bool {
        self.asked.get_untracked().is_some()
    }

    /// Whether this is what is explained.
    pub fn is_of(self, what: &str) -> bool {
        self.asked.with(|asked| asked.is_some_and(|asked| asked.what == what))
    }

    fn is_within(self, target: Option<&Node>) -> bool {
        let holds = |element: &HtmlElement| element.contains(target);
        let popover = self.session.root.by_id("explained").and_then(|found| found.dyn_into::<HtmlElement>().ok());
        popover.as_ref().is_some_and(holds) || self.by.with_value(|by| by.as_ref().is_some_and(holds))
    }

    /// Pressed: it opens with the focus in it, or closes.
    pub fn press(self, what: &'static str, event: &MouseEvent) {
        let Some(by) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        self.next_turn();
        if self.asked.get_untracked().is_some_and(|asked| asked.what == what && asked.pressed) {
            self.leave();
        } else {
            self.open(what, &by, true);
        }
    }

    /// Whether it was pressed, not only pointed at.
    pub fn is_pressed(self) -> bool {
        self.asked.get_untracked().is_some_and(|asked| asked.pressed)
    }

    /// The pointer moves on something. What only comes to lie under a pointer that rests was not pointed at.
    pub fn points(self, what: &'static str, event: &PointerEvent) {
        let Some(by) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let asked = self.asked.get_untracked();
        let is_known = self.pointed.get_value() == Some(what);
        if event.pointer_type() != "mouse" || is_known || asked.is_some_and(|asked| asked.pressed) {
            return;
        }
        self.later(REST, move || {
            if by.is_connected() && !self.session.has_dialog() {
                self.open(what, &by, false);
            }
        });
        self.pointed.set_value(Some(what));
    }

    /// The pointer has left it, or the popover: what was only pointed at closes in a moment.
    pub fn leaves(self) {
        self.pointed.set_value(None);
        self.later(AWAY, move || {
            if self.asked.get_untracked().is_some_and(|asked| !asked.pressed) {
                self.close();
            }
        });
    }

    /// In the popover another thing is asked for.
    pub fn asks(self, what: &'static str) {
        self.asked.update(|asked| {
            if let Some(asked) = asked {
                (asked.what, asked.pressed) = (what, true);
            }
        });
    }

    fn open(self, what: &'static str, by: &Element, pressed: bool) {
        self.rest.fetch();
        self.by.set_value(by.clone().dyn_into().ok());
        self.by_name.set_value(name_of(by));
        self.asked.set(Some(Asked { what, pressed }));
    }

    /// Where what is explained stands now; none, when it has no place any more.
    fn under(self) -> Option<Under> {
        let name = self.by_name.get_value();
        let is_there = |by: &HtmlElement| by.is_connected() && by.offset_width() > 0 && name_of(by) == name;
        if !self.by.with_value(|by| by.as_ref().is_some_and(is_there)) {
            // It was drawn anew, or has no room of its own any more.
            let find = |name: &str| self.session.root.find(&format!("[data-explains='{name}']:not(.pp.ex *)"));
            let found = find(&name).or_else(|| find(PROMISES))?;
            self.by_name.set_value(name_of(&found));
            self.by.set_value(found.dyn_into().ok());
        }
        self.by.with_value(|by| by.as_ref().map(|by| Under::of(by)))
    }

    pub fn close(self) {
        self.next_turn();
        if self.is_open() {
            self.asked.set(None);
        }
    }

    /// Closes, and gives the focus back if it was in here.
    pub fn leave(self) {
        let had_focus = self.session.root.focused().is_some_and(|focused| self.is_within(Some(&focused)));
        let pressed = self.asked.get_untracked().is_some_and(|asked| asked.pressed);
        self.close();
        if let Some(by) = self.by.get_value().filter(|_| had_focus || pressed) {
            let _ = by.focus();
        }
    }

    fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.turn.get_value()
    }

    fn later(self, after: Duration, act: impl FnOnce() + 'static) {
        let turn = self.next_turn();
        let act = move || {
            if self.session.lives() && self.turn.get_value() == turn {
                act();
            }
        };
        set_timeout(act, after);
    }
}

/// The name in markup of what explains itself.
fn name_of(by: &Element) -> String {
    by.get_attribute("data-explains").unwrap_or_default()
}

/// The popover.
#[component]
pub fn Explained() -> impl IntoView {
    let (session, explaining, rest) = (Session::get(), Explaining::get(), Rest::get());
    let lang = Preferences::get();
    // A dialog stands over everything.
    Effect::new(move |_| {
        if session.dialog.with(Option::is_some) {
            explaining.close();
        }
    });
    move || {
        let asked = explaining.asked.get()?;
        let body = match rest.arrival() {
            Arrival::There => rest.make(Part::Explained(asked.what)),
            Arrival::Awaited | Arrival::Missing => None,
        };
        lang.lang();
        Some(body.map(|body| popover(asked, body)))
    }
}

fn popover(asked: Asked, body: AnyView) -> impl IntoView {
    let explaining = Explaining::get();
    let node = NodeRef::<html::Div>::new();
    let place = move || {
        let Some(popover) = node.try_get_untracked().flatten() else { return };
        match explaining.under() {
            Some(under) => under.put(&popover),
            None => explaining.close(),
        }
    };
    node.on_load(move |popover| {
        place();
        if asked.pressed {
            let _ = popover.focus();
        }
    });
    let view = explaining.session.view();
    // It stays with its badge, whatever moves that.
    Effect::new(move |before: Option<()>| {
        explaining.resized.track();
        view.track();
        if before.is_some() {
            request_animation_frame(place);
        }
    });
    // Whoever goes on with Tab has left it.
    let left = move |event: FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        if to.is_some() && !explaining.is_within(to.as_ref()) {
            explaining.close();
        }
    };
    view! {
        <div
            id=own("explained")
            class="pp ex nib"
            role="dialog"
            tabindex="-1"
            aria-labelledby=own("explained-title")
            node_ref=node
            on:focusout=left
            on:pointerenter=move |_| { explaining.next_turn(); }
            on:pointerleave=move |_| explaining.leaves()
        >
            {body}
        </div>
    }
}
