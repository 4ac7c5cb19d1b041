//! Notices over the scene.

use leptos::prelude::*;

use super::icon::Icon;
use super::preferences::{Preferences, say};
use super::session::{PageNotice, Session};
use super::told::told;

/// The notices that are open, the newest below.
#[component]
pub fn Notices() -> impl IntoView {
    let session = Session::get();
    let going = move || session.going.get();
    view! {
        <div class="notices" role="status">
            {move || going().map(|made| view! { <Going made/> })}
            <For each=move || session.notices.get() key=|notice| format!("{notice:?}") let:notice>
                <Toast notice/>
            </For>
        </div>
    }
}

#[component]
fn Toast(notice: PageNotice) -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let PageNotice { about, icon, strong, text, list, deed } = notice;
    let has_strong = !strong.en.is_empty();
    let strong = move || told(&strong, preferences.lang());
    let text = move || told(&text, preferences.lang());
    let listed = (!list.is_empty()).then(|| {
        let rows = list.into_iter().map(|row| view! { <li>{move || told(&row, preferences.lang())}</li> });
        view! { <ul tabindex="0">{rows.collect_view()}</ul> }
    });
    let button = deed.map(|(deed, label)| {
        view! {
            <button class="btn o" on:click=move |_| session.do_deed(about, deed)>
                {move || told(&label, preferences.lang())}
            </button>
        }
    });
    view! {
        <div class="toast" data-about=format!("{about:?}")>
            <Icon name=icon/>
            <div class="toast-t">
                {has_strong.then(|| view! { <b>{strong}</b>" " })}
                {text}
                {listed}
            </div>
            {button}
            <button class="btn i q" aria-label=say("Close", "닫기") on:click=move |_| session.forget_notice(about)>
                <Icon name="x"/>
            </button>
        </div>
    }
}

/// A way that takes longer than a frame.
#[component]
fn Going(made: u64) -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let text = move || {
        let made = partita::explain::grouped(made);
        preferences.lang().pick(format!("Computing: {made} moves."), format!("계산 중: 이동 {made}개."))
    };
    view! {
        <div class="toast">
            <Icon name="clock"/>
            <div class="toast-t">{text}</div>
            <button class="btn o" on:click=move |_| session.stop()>{say("Stop", "멈추기")}</button>
        </div>
    }
}
