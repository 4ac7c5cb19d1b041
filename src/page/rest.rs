//! The second part of the page's program: the dialogs, and what only they need, such as the reader of pasted code. The
//! first picture does not wait for it: it is fetched once that is drawn, and at the latest when a dialog is asked for.
//!
//! `cargo xtask` cuts it out of the program: whatever [`made`] reaches and nothing else does lies in a file of its own.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use partita::draft::Trial;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use super::dialog::Dialog;
use super::dialogs;
use super::live::live;
use super::modal::Drafts;
use super::panels::Ended;
use super::preferences::say;
use super::settings::{Draft, Editing};

/// Where the second part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// On its way, or not asked for yet.
    Awaited,
    There,
    /// It did not come.
    Missing,
}

/// See the module. One for the whole page, whatever runs it holds.
#[derive(Clone, Copy)]
pub struct Rest {
    arrival: RwSignal<Arrival>,
    is_coming: StoredValue<bool>,
}

/// What the second part is asked for.
pub enum Part {
    /// What stands in a dialog.
    Body(Dialog),
    /// The code of the inspector, which is no part of the first picture.
    Code,
    /// The steps around this one, for a phone.
    Around,
    /// The narration at the end of a story.
    Ended,
    /// What there is to say about another value of a setting.
    Draft(Box<Editing>, Memo<Option<Trial>>),
    /// What a promise or a number says of itself, by its name in markup.
    Explained(&'static str),
    /// What was typed before there was a field for it, and the dialog that has one now.
    Typed(HtmlElement, String),
    /// What stands in the fields of a dialog that is closed is kept under its name.
    Keep(HtmlElement, String, Drafts),
    /// It stands there again.
    Restore(HtmlElement, String, Drafts),
}

impl Rest {
    pub fn provide() {
        provide_context(Rest { arrival: RwSignal::new(Arrival::Awaited), is_coming: StoredValue::new(false) });
    }

    pub fn get() -> Rest {
        expect_context()
    }

    pub fn arrival(self) -> Arrival {
        self.arrival.get()
    }

    /// Fetches it, unless it is there or on its way.
    pub fn fetch(self) {
        if self.arrival.get_untracked() == Arrival::There || self.is_coming.get_value() {
            return;
        }
        self.is_coming.set_value(true);
        self.becomes(Arrival::Awaited);
        spawn_local(async move {
            let found = load().await;
            self.is_coming.set_value(false);
            self.becomes(if found.is_ok() { Arrival::There } else { Arrival::Missing });
        });
    }

    /// A test, or whoever else must know, finds it at the document's root.
    fn becomes(self, arrival: Arrival) {
        if self.arrival.get_untracked() != arrival {
            self.arrival.set(arrival);
        }
        let word = match arrival {
            Arrival::Awaited => "awaited",
            Arrival::There => "there",
            Arrival::Missing => "missing",
        };
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-rest", word);
        }
    }

    /// What the second part makes, once it is there.
    pub fn make(self, part: Part) -> Option<AnyView> {
        if self.arrival.get_untracked() != Arrival::There {
            return None;
        }
        // Nothing is waited for any more: so the owner and its contexts are those of who asks.
        match pin!(made(part)).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(made) => made.ok(),
            Poll::Pending => None,
        }
    }
}

/// What the second part makes, as soon as it is there; when it does not come, a sentence, and a way to ask again.
pub fn later(part: impl Fn() -> Part + Send + 'static) -> AnyView {
    let rest = Rest::get();
    queue_microtask(move || rest.fetch());
    live(move || match rest.arrival() {
        Arrival::There => rest.make(part()),
        Arrival::Awaited => None,
        Arrival::Missing => Some(lacking(rest)),
    })
}

fn lacking(rest: Rest) -> AnyView {
    view! {
        <p class="msg" role="alert">
            {say("This could not be loaded from the site.", "이 부분을 사이트에서 불러오지 못했습니다.")}" "
            <button type="button" class="btn o" on:click=move |_| rest.fetch()>{say("Try again", "다시 시도")}</button>
        </p>
    }
    .into_any()
}

#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
fn made(part: Part) -> Result<AnyView, SplitLoaderError> {
    Ok(match part {
        Part::Body(dialog) => dialogs::body(dialog),
        Part::Code => view! { <dialogs::CodePanel/> }.into_any(),
        Part::Around => view! { <dialogs::Around/> }.into_any(),
        Part::Ended => view! { <Ended/> }.into_any(),
        Part::Draft(editing, trial) => view! { <Draft editing=*editing trial/> }.into_any(),
        Part::Explained(what) => dialogs::explained(what),
        Part::Typed(dialog, text) => {
            dialogs::typed(&dialog, &text);
            ().into_any()
        }
        Part::Keep(dialog, key, drafts) => {
            dialogs::keep(&dialog, &key, drafts);
            ().into_any()
        }
        Part::Restore(dialog, key, drafts) => {
            dialogs::restore(&dialog, &key, drafts);
            ().into_any()
        }
    })
}
