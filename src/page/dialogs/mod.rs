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
use web_sys::{HtmlDialogElement, HtmlElement};

pub use records::dropped;
pub use share::read;

use super::focus::Focus;
use super::icon::Icon;
use super::preferences::{said, say};
use super::session::Session;
use super::text::{Text, text};
use crate::page::root::own;

/// What can be open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Scenarios, an empty run, files.
    Open,
    /// What can be added.
    Add,
    Send,
    Topic,
    Producer,
    Consumer,
    /// The calls of a client by hand, of this one or the first.
    Client(Option<String>),
    /// With a text that was dropped.
    Paste(Option<String>),
    Records(Option<records::Dropped>),
    /// What a fault can act on; its key.
    Faults(char),
    Share,
    Keys,
    /// What this is, and what the model simplifies.
    About,
    GoTo,
    Branches,
    Events,
    Command,
    /// A setting of a client or topic, edited where it acts.
    Setting {
        of: String,
        name: String,
    },
}

impl Dialog {
    const fn title(&self) -> Text {
        match self {
            Dialog::Open => text("Open a run", "실행 열기"),
            Dialog::Add => text("Add", "추가"),
            Dialog::Send => text("Send a record", "레코드 보내기"),
            Dialog::Topic => text("Add a topic", "토픽 추가"),
            Dialog::Producer => text("Add a producer", "프로듀서 추가"),
            Dialog::Consumer => text("Add a consumer", "컨슈머 추가"),
            Dialog::Client(_) => text("A client's calls, by hand", "클라이언트 호출 직접 하기"),
            Dialog::Paste(_) => text("Paste configuration or code", "설정 또는 코드 붙여넣기"),
            Dialog::Records(_) => text("A file of records", "레코드 파일"),
            Dialog::Faults(_) => text("Break something", "고장 내기"),
            Dialog::Share => text("Share and keep", "공유와 보관"),
            Dialog::Keys => text("All keys", "모든 키"),
            Dialog::About => text("About Partita", "Partita에 대하여"),
            Dialog::GoTo => text("Go to a time or a step", "시각 또는 스텝으로 가기"),
            Dialog::Branches => text("Branches", "브랜치"),
            Dialog::Events => text("Events as a list", "이벤트 목록"),
            Dialog::Command => text("A line of the script grammar", "스크립트 문법 한 줄"),
            Dialog::Setting { .. } => text("Setting", "설정"),
        }
    }

    fn body(self) -> AnyView {
        match self {
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
            {dialog.body()}
        </dialog>
    }
}

impl Session {
    fn opened(self) -> Option<HtmlDialogElement> {
        self.root.find("dialog[open]")?.dyn_into().ok()
    }

    /// Whether a dialog is open.
    pub fn has_dialog(self) -> bool {
        self.opened().is_some()
    }

    /// Closes the dialog and gives the focus back.
    pub fn close(self) {
        if let Some(dialog) = self.opened() {
            dialog.close();
        }
    }
}
