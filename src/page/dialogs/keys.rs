//! All keys, and the switch for those that are letters.

use leptos::prelude::*;

use crate::page::keys::{KEYS, switch_letters};
use crate::page::preferences::{said, say};
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
                <input type="checkbox" id="letters" prop:checked=on on:change=move |_| switch_letters(session)/>
                {say("Letters and signs act as keys. Arrows and Space always do.", "글자와 기호 키 사용. 화살표와 Space는 항상 작동합니다.")}
            </label>
        </p>
        <p class="hint">
            {say(
                "What is simplified is listed in OMISSIONS.md of the project; what a property does not do here stands beside it in Settings.",
                "단순화한 것은 프로젝트의 OMISSIONS.md에 있습니다. 여기서 효과가 없는 속성은 설정에 그 이유와 함께 표시됩니다.",
            )}
        </p>
    }
}
