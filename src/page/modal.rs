//! The frame of a dialog: one at a time, native, modal; the focus goes in, and Esc gives it back. What stands in it comes
//! with the second part of the program ([`Rest`]).

use std::time::Duration;

use leptos::ev::{self, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use super::dialog::{Dialog, Under};
use super::focus::Focus;
use super::icon::Icon;
use super::preferences::{Preferences, said, say};
use super::rest::{Arrival, Part, Rest};
use super::root::own;
use super::session::{DONE, Session};
use super::text::Text;
use crate::page::live::live;

/// What gets the focus when a dialog opens: the first of these that is there.
const FIRST: [&str; 3] = [
    "[autofocus]",
    ".fld:not([hidden]) :is(input, select, textarea)",
    ":is(.menu, .fpal) button:not([aria-disabled=true]), .keys + .act input",
];

/// What was typed into a dialog before the second part of the program came.
type Typed = StoredValue<String>;

/// What was typed into dialogs that were closed without doing it: by the dialog, each field's id and its value.
pub type Drafts = StoredValue<Vec<(String, Vec<(String, String)>)>>;

/// What had the focus before a dialog was opened.
type Before = StoredValue<Option<Focus>, LocalStorage>;

/// A popover stays with what was pressed for it while the window changes its size.
fn stays_with(before: Before, node: NodeRef<html::Dialog>) {
    let resized = window_event_listener(ev::resize, move |_| {
        request_animation_frame(move || {
            let by = before.try_with_value(|before| before.as_ref().and_then(Focus::shown)).flatten();
            if let (Some(by), Some(popover)) = (by, node.try_get_untracked().flatten()) {
                Under::of(&by).put(&popover);
            }
        });
    });
    on_cleanup(move || resized.remove());
}

/// The dialog that is open, if one is.
#[component]
pub fn Dialogs() -> impl IntoView {
    let session = Session::get();
    let rest = Rest::get();
    // What had the focus before the first dialog of a chain opened; it gets it back when the last one is gone.
    let before: Before = StoredValue::new_local(None);
    let is_open = StoredValue::new(false);
    let typed: Typed = StoredValue::new(String::new());
    let drafts: Drafts = StoredValue::new(Vec::new());
    move || match session.dialog.get() {
        Some(dialog) => {
            // Once for a chain of dialogs, not each time that one is drawn: by then it has the focus itself, and a second part that
            // does not come would be asked for for ever.
            if !is_open.get_value() {
                is_open.set_value(true);
                before.set_value(Focus::now(session.root));
                queue_microtask(move || rest.fetch());
            }
            Some(view! { <Shell dialog arrival=rest.arrival() typed drafts before/> })
        }
        None => {
            is_open.set_value(false);
            typed.set_value(String::new());
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
fn Shell(dialog: Dialog, arrival: Arrival, typed: Typed, drafts: Drafts, before: Before) -> impl IntoView {
    let session = Session::get();
    let rest = Rest::get();
    let node = NodeRef::<html::Dialog>::new();
    let key = StoredValue::new(draft_key(&dialog));
    let is_touched = StoredValue::new(false);
    let is_popover = matches!(dialog, Dialog::Setting { .. });
    let under = match &dialog {
        Dialog::Setting { under, .. } => *under,
        _ => None,
    };
    if under.is_some() {
        stays_with(before, node);
    }
    node.on_load(move |dialog| {
        if let Some(under) = under {
            under.put(&dialog);
        }
        let _ = dialog.show_modal();
        // Into the first field, or onto the first thing to choose: the button that closes comes before them.
        let first = |selector: &&str| dialog.query_selector(selector).ok().flatten()?.dyn_into::<HtmlElement>().ok();
        if let Some(first) = FIRST.iter().find_map(first) {
            let _ = first.focus();
            if let (true, Ok(field)) = (is_popover, first.dyn_into::<HtmlInputElement>()) {
                // Once it has its value, and before the next key.
                queue_microtask(move || field.select());
            }
        }
        let early = typed.get_value();
        if let (true, Some(key)) = (early.is_empty(), key.get_value()) {
            rest.make(Part::Restore(dialog.clone().unchecked_into(), key, drafts));
            is_touched.set_value(false);
        }
        if !early.is_empty() && rest.make(Part::Typed(dialog.unchecked_into(), early)).is_some() {
            typed.set_value(String::new());
        }
    });
    let closed = move |event: leptos::ev::Event| {
        // Another dialog may have taken its place before the browser tells that this one was closed.
        let dialog = event_target::<HtmlDialogElement>(&event);
        if !dialog.is_connected() {
            return;
        }
        // What was done is done; what was only typed stands there again.
        if let Some(key) = key.get_value() {
            if dialog.return_value() == DONE {
                drafts.update_value(|drafts| drafts.retain(|(other, _)| *other != key));
            } else if is_touched.get_value() {
                rest.make(Part::Keep(dialog.unchecked_into(), key, drafts));
            }
        }
        session.dialog.set(None);
    };
    session.dialog_is_built();
    // A press alone changes nothing: what chooses by a button says so itself.
    let touched = move || {
        is_touched.set_value(true);
        session.dialog_stays();
    };
    let title = dialog.title();
    let head = match &dialog {
        Dialog::Setting { of, name, .. } => name_of_setting(of, name),
        _ => head(session, title),
    };
    let class = match &dialog {
        Dialog::Setting { under: None, .. } => "dlg pp",
        Dialog::Setting { .. } => "dlg pp nib",
        Dialog::Open => "dlg runs",
        Dialog::Embed => "dlg embedding",
        Dialog::Paste(_)
        | Dialog::Records(_)
        | Dialog::Events
        | Dialog::Command
        | Dialog::Keys
        | Dialog::About
        | Dialog::Grammar => "dlg wide",
        _ => "dlg",
    };
    let body = match arrival {
        Arrival::There => rest.make(Part::Body(dialog)),
        Arrival::Awaited => Some(awaited(typed)),
        Arrival::Missing => Some(missing(rest)),
    };
    view! {
        <dialog class=class node_ref=node aria-labelledby=own("dialog-title") on:close=closed
            on:input=move |_| touched() on:change=move |_| touched()
            on:click=move |event| {
                // A press beside a popover closes it.
                if is_popover && event_target::<web_sys::Element>(&event).tag_name() == "DIALOG" {
                    session.leave_dialog();
                }
            }>
            {head}
            {body}
        </dialog>
    }
}

fn head(session: Session, title: Text) -> AnyView {
    view! {
        <div class="dlg-h">
            <h2 id=own("dialog-title")>{said(title)}</h2>
            <button type="button" class="btn i q" aria-label=say("Close (Esc)", "닫기 (Esc)") on:click=move |_| session.leave_dialog()>
                <Icon name="x"/>
            </button>
        </div>
    }
    .into_any()
}

/// A popover's heading is its setting, which stands at its field: only who hears the page needs whose it is.
fn name_of_setting(of: &str, name: &str) -> AnyView {
    let (en, ko) = (format!("{name} of {of}"), format!("{of}: {name}"));
    let preferences = Preferences::get();
    view! { <h2 id=own("dialog-title") class="sr">{live(move || preferences.lang().pick(en.clone(), ko.clone()))}</h2> }
        .into_any()
}

/// By which name what was typed into a dialog is kept; none where nothing is filled in, or something was handed in.
fn draft_key(dialog: &Dialog) -> Option<String> {
    match dialog {
        Dialog::Client(of) => Some(format!("{}{of:?}", dialog.title().en)),
        Dialog::Send | Dialog::Topic | Dialog::Producer | Dialog::Consumer | Dialog::GoTo | Dialog::Command => {
            Some(dialog.title().en.to_owned())
        }
        Dialog::Paste(None) | Dialog::Records(None) => Some(dialog.title().en.to_owned()),
        _ => None,
    }
}

/// Who opens a dialog by a key types on: that is kept for the dialog's own field, and Tab with it.
fn awaited(typed: Typed) -> AnyView {
    let keep = move |field: &HtmlTextAreaElement| typed.set_value(field.value());
    let tab = move |event: KeyboardEvent| {
        if event.key() == "Tab" && !event.shift_key() {
            event.prevent_default();
            let field: HtmlTextAreaElement = event_target(&event);
            field.set_value(&(field.value() + "\t"));
            keep(&field);
        }
    };
    view! {
        <p class="dlg-p" id=own("awaited") role="status">
            {say("This window is being loaded. What you type goes into it.", "창을 불러오는 중입니다. 입력하는 내용은 창에 들어갑니다.")}
        </p>
        <div class="fld">
            <textarea id=own("typed-early") class="inp" rows="1" autofocus spellcheck="false" aria-labelledby=own("awaited")
                prop:value=typed.get_value() on:keydown=tab on:input=move |event| keep(&event_target(&event))></textarea>
        </div>
    }
    .into_any()
}

fn missing(rest: Rest) -> AnyView {
    view! {
        <p class="dlg-p" role="alert">
            {say(
                "This window could not be loaded from the site: the network may be gone, or the site may hold a newer Partita. The run goes on without it. Try again, or reload the page.",
                "창을 사이트에서 불러오지 못했습니다. 네트워크가 끊겼거나 사이트의 Partita가 새 버전으로 바뀌었을 수 있습니다. 창 없이도 실행은 계속됩니다. 다시 시도하거나 페이지를 새로 고치십시오.",
            )}
        </p>
        <p class="act">
            <button type="button" class="btn p" id=own("rest-again") autofocus on:click=move |_| rest.fetch()>
                {say("Try again", "다시 시도")}
            </button>
        </p>
    }
    .into_any()
}
