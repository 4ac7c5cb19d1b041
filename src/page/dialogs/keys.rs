//! All keys, and the switch for those that are letters.

use leptos::prelude::*;

use crate::page::dialog::Dialog;
use crate::page::keys::{KEYS, switch_letters};
use crate::page::preferences::{said, say};
use crate::page::root::own;
use crate::page::session::Session;

pub fn body() -> impl IntoView {
    let session = Session::get();
    let rows = KEYS.iter().map(|key| {
        view! {
            <div>
                <dt><kbd>{key.shown}</kbd></dt>
                <dd>{said(key.does)}</dd>
            </div>
        }
    });
    let on = move || session.letters.get();
    view! {
        <dl class="keys">{rows.collect_view()}</dl>
        <p class="act">
            <label class="check">
                <input type="checkbox" id=own("letters") prop:checked=on on:change=move |_| switch_letters(session)/>
                {say("Letters and signs act as keys. Arrows and Space always do.", "글자와 기호 키 사용. 화살표와 Space는 항상 작동합니다.")}
            </label>
        </p>
        <p class="act">
            <button type="button" class="btn o" id=own("about") on:click=move |_| session.dialog.set(Some(Dialog::About))>
                {say("About Partita, and what it simplifies", "Partita에 대하여, 단순화한 것")}
            </button>
            <button type="button" class="btn o" id=own("all-lines") on:click=move |_| session.dialog.set(Some(Dialog::Grammar))>
                {say("All lines of the grammar", "문법의 모든 줄")}
            </button>
        </p>
    }
}
