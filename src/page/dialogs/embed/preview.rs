//! The embed itself, as its readers will see it, in a frame of the page.

use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use partita::draft::embed::{Embed, HEIGHT, LANGS, SANDBOX, THEMES};
use partita::lang::Lang;
use wasm_bindgen::JsValue;

use super::at_step;
use super::chosen::{Chosen, OTHER};
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;

/// How long nothing is typed before the frame shows it: each frame is a program that starts.
const PAUSE: Duration = Duration::from_millis(500);

/// The frame, and two buttons for the step that it shows.
#[component]
pub fn Preview(chosen: Chosen) -> impl IntoView {
    let preferences = Preferences::get();
    let frame = NodeRef::<html::Iframe>::new();
    let shown: RwSignal<Option<u64>> = RwSignal::new(None);
    let listening = window_event_listener(ev::message, move |event| {
        let of_the_frame = frame.get_untracked().and_then(|frame| frame.content_window());
        let is_ours = of_the_frame
            .is_some_and(|window| event.source().is_some_and(|source| js_sys::Object::is(&source, &window)));
        if let Some(step) = is_ours.then(|| step_told(&event.data())).flatten() {
            shown.set(Some(step));
        }
    });
    on_cleanup(move || listening.remove());
    // Theme and language of the page around are those of this page; how high it is, its frame says.
    let wanted = Memo::new(move |_| {
        let embed = chosen.embed.get()?;
        let lang = if embed.lang == LANGS[0] { preferences.lang().pick(LANGS[1], LANGS[2]) } else { embed.lang };
        let theme = if embed.theme == THEMES[0] { theme_of_page() } else { embed.theme };
        let embed = Embed { lang, theme, height: HEIGHT, title: String::new(), ..embed };
        Some(embed.address("./"))
    });
    let address = at_rest(wanted);
    let height = move || chosen.embed.with(|embed| embed.as_ref().map_or(HEIGHT, |embed| embed.height)).to_string();
    let title = say("Preview of the embed", "임베드 미리 보기");
    let take = move |place: RwSignal<String>, typed: RwSignal<String>| {
        if let Some(step) = shown.get_untracked() {
            typed.set(step.to_string());
            place.set(OTHER.to_owned());
        }
    };
    let fields = chosen.fields;
    let off = move || shown.with(Option::is_none).then_some("true");
    let step = move |lang: Lang| {
        shown.get().map_or_else(|| lang.pick("the step shown", "보이는 스텝").to_owned(), |step| at_step(step, lang))
    };
    let opens = move || {
        let lang = preferences.lang();
        lang.pick(format!("Open at {}", step(Lang::En)), format!("여는 위치: {}", step(Lang::Ko)))
    };
    let ends = move || {
        let lang = preferences.lang();
        lang.pick(format!("End at {}", step(Lang::En)), format!("끝나는 위치: {}", step(Lang::Ko)))
    };
    view! {
        <h3>{say("Preview", "미리 보기")}</h3>
        {move || address.get().map(|address| {
            // Another frame shows nothing yet.
            if shown.get_untracked().is_some() {
                shown.set(None);
            }
            view! {
                <iframe node_ref=frame id=own("embed-preview") class="emb-i" src=address title=title sandbox=SANDBOX height=height></iframe>
            }
        })}
        {move || chosen.impossible.get().then(|| view! {
            <p class="msg" role="alert">
                {say(
                    "This browser cannot pack the run: export its script file under Share, lay it beside your page, and name it in src.",
                    "이 브라우저는 실행을 압축할 수 없습니다. 공유에서 스크립트 파일로 내보내 페이지 옆에 두고 src에 적으십시오.",
                )}
            </p>
        })}
        <p class="act wrap">
            <button type="button" class="btn o" id=own("embed-open-here") aria-disabled=off on:click=move |_| take(fields.opens, fields.step)>{opens}</button>
            <button type="button" class="btn o" id=own("embed-end-here") aria-disabled=off on:click=move |_| take(fields.ends, fields.until)>{ends}</button>
        </p>
    }
}

/// What is wanted once typing pauses, a field is left, or something is chosen; the first of it at once.
fn at_rest(wanted: Memo<Option<String>>) -> ReadSignal<Option<String>> {
    let (resting, rest) = signal(wanted.get_untracked());
    let take = move || {
        if let Some(wanted) = wanted.try_get_untracked().filter(|wanted| resting.get_untracked() != *wanted) {
            rest.set(wanted);
        }
    };
    let waits = StoredValue::new(None::<TimeoutHandle>);
    let forget = move || {
        if let Some(timer) = waits.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    Effect::new(move |_| {
        let is_first = wanted.with(Option::is_some) && resting.with_untracked(Option::is_none);
        forget();
        if is_first {
            take();
        } else {
            waits.set_value(set_timeout_with_handle(take, PAUSE).ok());
        }
    });
    let left = window_event_listener(ev::change, move |_| take());
    on_cleanup(move || {
        left.remove();
        forget();
    });
    resting
}

/// The step that a message of the embed names.
fn step_told(message: &JsValue) -> Option<u64> {
    let get = |name: &str| js_sys::Reflect::get(message, &name.into()).ok();
    let is_step = get("type")?.as_string().is_some_and(|kind| kind == "step" || kind == "ready");
    let step = get("step")?.as_f64().filter(|step| *step >= 0.0)?;
    (is_step && get("partita")?.as_f64() == Some(1.0)).then_some(step as u64)
}

/// What the loader has put at the root.
fn theme_of_page() -> &'static str {
    let theme = document().document_element().and_then(|root| root.get_attribute("data-theme"));
    if theme.as_deref() == Some(THEMES[2]) { THEMES[2] } else { THEMES[1] }
}
