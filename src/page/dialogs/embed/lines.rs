//! The lines to copy, in the language of the document.

use leptos::prelude::*;
use partita::draft::embed::{Embedded, Form, Once};
use partita::explain::grouped;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::chosen::Chosen;
use crate::page::link::LONG_LINK;
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;

/// What was copied last, by its place among the blocks.
type Copied = RwSignal<Option<usize>>;

#[component]
pub fn Lines(chosen: Chosen) -> impl IntoView {
    let preferences = Preferences::get();
    let form = RwSignal::new(Form::Html);
    let copied: Copied = RwSignal::new(None);
    let choose = move |event| {
        let name = event_target_value(&event);
        copied.set(None);
        form.set(Form::ALL.into_iter().find(|form| form.name() == name).unwrap_or(Form::Html));
    };
    let here = Memo::new(move |_| chosen.embed.with(|embed| Some(embed.as_ref()?.lines(form.get(), &site()))));
    let once = Memo::new(move |_| form.get().once(&site()));
    let length = Memo::new(move |_| {
        chosen.embed.with(|embed| match &embed.as_ref()?.run {
            Embedded::Run(data) if data.len() > LONG_LINK => Some(data.len()),
            _ => None,
        })
    });
    let long = move || {
        let count = grouped(length.get()? as u64);
        let told = preferences.lang().pick(
            format!("The run has {count} characters in the lines. A script file, exported under Share and laid beside your page, can stand in its place: src=\"run.partita.txt\"."),
            format!("줄 안의 실행이 {count}자입니다. 공유에서 내보낸 스크립트 파일을 페이지 옆에 두고 src=\"run.partita.txt\"로 대신할 수 있습니다."),
        );
        Some(view! { <p class="hint">{told}</p> })
    };
    view! {
        <h3>{say("Lines to copy", "복사할 줄")}</h3>
        <div class="fld">
            <label for=own("embed-form")>{say("Written in", "문서 형식")}</label>
            <select id=own("embed-form") class="inp" on:change=choose>
                {Form::ALL.into_iter().map(|form| view! { <option value=form.name()>{form.name()}</option> }).collect_view()}
            </select>
        </div>
        {move || once.get().into_iter().enumerate().map(|(index, Once { file, lines })| view! {
            <Block index=index + 1 lines=Signal::stored(lines) copied>
                {match file {
                    Some(file) => view! { {say("Once, in ", "한 번만: ")} <code>{file}</code> }.into_any(),
                    None => say("Once, in the head of the page", "한 번만: 페이지의 head").into_any(),
                }}
            </Block>
        }).collect_view()}
        {move || here.with(Option::is_some).then(|| view! {
            <Block index=0 lines=Signal::derive(move || here.get().unwrap_or_default()) copied>
                {say("Where the run is to stand", "실행을 둘 자리")}
            </Block>
        })}
        {long}
    }
}

/// Some lines with a button that copies them.
#[component]
fn Block(index: usize, lines: Signal<String>, copied: Copied, children: Children) -> impl IntoView {
    let copy = move |_| {
        let text = lines.get_untracked();
        spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            let _ = copied.try_set(written.is_ok().then_some(index));
        });
    };
    let is_copied = move || copied.get() == Some(index);
    let label = own(&format!("embed-label-{index}"));
    view! {
        <div class="emb-b">
            <p id=label.clone()>{children()}</p>
            <button type="button" class="btn o" id=own(&format!("embed-copy-{index}")) aria-describedby=label.clone() on:click=copy>
                {move || if is_copied() { say("Copied", "복사함").into_any() } else { say("Copy", "복사").into_any() }}
            </button>
            <pre class="lines" id=own(&format!("embed-lines-{index}")) tabindex="0" role="group" aria-labelledby=label>{move || lines.get()}</pre>
        </div>
    }
}

/// Where Partita lies, with the `/` at its end.
fn site() -> String {
    let address = window().location().href().unwrap_or_default();
    let bare = address.split(['#', '?']).next().unwrap_or_default();
    bare.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}
