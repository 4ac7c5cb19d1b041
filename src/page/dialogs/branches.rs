//! The branches of the run, and the way back to each.

use leptos::prelude::*;

use crate::page::icon::Icon;
use crate::page::preferences::say;
use crate::page::session::Session;

pub fn body() -> impl IntoView {
    let session = Session::get();
    let rows = session.view_now().lanes.branches.clone();
    let rows = rows.into_iter().map(|row| {
        let index = row.index;
        // The row's words begin with its name.
        let more = row.text.strip_prefix(&row.name).unwrap_or(&row.text).trim_start_matches([',', ' ']).to_owned();
        view! {
            <li>
                <button
                    type="button"
                    class="fb"
                    data-branch=index.to_string()
                    aria-current=row.shown.then_some("true")
                    on:click=move |_| { session.close(); session.switch_branch(index) }
                >
                    <Icon name="fork"/>
                    <span>{row.name}</span>
                    <small>{more}</small>
                </button>
            </li>
        }
    });
    view! {
        <p class="dlg-p">{say("A change before the end makes a branch. The old future stays.", "끝보다 앞에서 바꾸면 브랜치가 생깁니다. 이전의 미래는 남아 있습니다.")}</p>
        <ul class="fpal ink">{rows.collect_view()}</ul>
        <p class="act"><button type="button" class="btn o" on:click=move |_| { session.close(); session.undo() }>{say("Undo my last change (Z)", "내 마지막 변경 되돌리기 (Z)")}</button></p>
    }
}
