//! Dialogs: one at a time, native, modal; the focus goes in, and Esc gives it back.

mod about;
mod branches;
mod client;
mod command;
mod creating;
mod events;
mod faults;
mod form;
mod goto;
mod keys;
mod menus;
mod paste;
mod records;
mod send;
mod setting;
mod share;

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

pub use records::dropped;
pub use share::read;

use super::dialog::Dialog;
use super::focus::Focus;
use super::icon::Icon;
use super::preferences::{said, say};
use super::session::Session;
use crate::page::root::own;

fn body(dialog: Dialog) -> AnyView {
    match dialog {
        Dialog::Open => menus::open().into_any(),
        Dialog::Add => menus::add().into_any(),
        Dialog::Send => send::body(),
        Dialog::Topic => creating::topic(),
        Dialog::Producer => creating::producer(),
        Dialog::Consumer => creating::consumer(),
        Dialog::Client(name) => client::body(name),
        Dialog::Paste(dropped) => paste::body(dropped).into_any(),
        Dialog::Records(dropped) => records::body(dropped).into_any(),
        Dialog::Faults(key) => faults::body(key).into_any(),
        Dialog::Share => share::body().into_any(),
        Dialog::Keys => keys::body().into_any(),
        Dialog::About => about::body().into_any(),
        Dialog::GoTo => goto::body().into_any(),
        Dialog::Branches => branches::body().into_any(),
        Dialog::Events => events::body().into_any(),
        Dialog::Command => command::body().into_any(),
        Dialog::Setting { of, name } => setting::body(of, name).into_any(),
    }
}

/// What gets the focus when a dialog opens: the first of these that is there.
const FIRST: [&str; 3] = [
    "[autofocus]",
    ".fld:not([hidden]) :is(input, select, textarea)",
    ":is(.menu, .fpal) button:not([aria-disabled=true]), .keys + .act input",
];

/// The dialog that is open, if one is.
#[component]
pub fn Dialogs() -> impl IntoView {
    let session = Session::get();
    // What had the focus before the first dialog of a chain opened; it gets it back when the last one is gone.
    let before: StoredValue<Option<Focus>, LocalStorage> = StoredValue::new_local(None);
    move || match session.dialog.get() {
        Some(dialog) => {
            if before.with_value(Option::is_none) {
                before.set_value(Focus::now(session.root));
            }
            Some(view! { <Shell dialog/> })
        }
        None => {
            if let Some(focus) = before.try_update_value(Option::take).flatten() {
                set_timeout(
                    move || {
                        if session.lives() && !session.has_dialog() {
                            focus.give_back();
                        }
                    },
                    Duration::ZERO,
                );
            }
            None
        }
    }
}

#[component]
fn Shell(dialog: Dialog) -> impl IntoView {
    let session = Session::get();
    let node = NodeRef::<html::Dialog>::new();
    node.on_load(|dialog| {
        let _ = dialog.show_modal();
        // Into the first field, or onto the first thing to choose: the button that closes comes before them.
        let first = |selector: &&str| dialog.query_selector(selector).ok().flatten()?.dyn_into::<HtmlElement>().ok();
        if let Some(first) = FIRST.iter().find_map(first) {
            let _ = first.focus();
        }
    });
    let closed = move |event: leptos::ev::Event| {
        // Another dialog may have taken its place before the browser tells that this one was closed.
        if event_target::<HtmlElement>(&event).is_connected() {
            session.dialog.set(None);
        }
    };
    session.dialog_is_built();
    // On the way down: behind a button that opens another dialog it would be said of that one.
    let touched = move || session.dialog_stays();
    let title = dialog.title();
    let class = match &dialog {
        Dialog::Setting { .. } => "dlg small",
        Dialog::Paste(_) | Dialog::Records(_) | Dialog::Events | Dialog::Keys | Dialog::About | Dialog::Open => {
            "dlg wide"
        }
        _ => "dlg",
    };
    view! {
        <dialog class=class node_ref=node aria-labelledby=own("dialog-title") on:close=closed
            on:input=move |_| touched() on:change=move |_| touched() on:click:capture=move |_| touched()>
            <div class="dlg-h">
                <h2 id=own("dialog-title")>{said(title)}</h2>
                <button type="button" class="btn i q" aria-label=say("Close (Esc)", "닫기 (Esc)") on:click=move |_| session.close()>
                    <Icon name="x"/>
                </button>
            </div>
            {body(dialog)}
        </dialog>
    }
}
