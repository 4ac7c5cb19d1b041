//! Handing a run on: as a link, or as a file. And reading files.

use js_sys::{Array, Uint8Array};
use leptos::ev::Event;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, HtmlInputElement, Url};

use crate::page::link;
use crate::page::preferences::{Preferences, say};
use crate::page::session::Session;

pub fn body() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let (text, step) = session.with_run(|run| (run.text(), run.step_of_move(run.timeline.position())));
    let address: RwSignal<Option<String>> = RwSignal::new(None);
    let copied = RwSignal::new(false);
    let packed = text.clone();
    spawn_local(async move {
        let base = window().location().href().unwrap_or_default();
        let base = base.split('#').next().unwrap_or_default().to_owned();
        let fragment = link::fragment(&packed, Some(step)).await;
        address.set(Some(fragment.map(|fragment| format!("{base}{fragment}")).unwrap_or_default()));
    });
    let copy = move |_| {
        let Some(address) = address.get_untracked() else { return };
        spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&address)).await;
            copied.set(written.is_ok());
        });
    };
    let said = move || match (address.get(), copied.get()) {
        (None, _) => preferences.lang().pick("Packing the run.", "실행을 압축하는 중입니다.").to_owned(),
        (Some(address), _) if address.is_empty() => {
            let (en, ko) = (
                "This browser cannot pack links: export a file.",
                "이 브라우저는 링크를 만들 수 없습니다. 파일로 내보내십시오.",
            );
            preferences.lang().pick(en, ko).to_owned()
        }
        (Some(_), true) => preferences.lang().pick("Copied.", "복사했습니다.").to_owned(),
        (Some(address), false) => {
            let length = partita::explain::grouped(address.len() as u64);
            preferences.lang().pick(
                format!("{length} characters. Nothing is sent anywhere: the run is in the link."),
                format!("{length}자. 어디에도 전송되지 않으며 실행은 링크 안에 들어 있습니다."),
            )
        }
    };
    let save = move |_| download(&text, "run.partita.txt");
    view! {
        <div class="fld">
            <label for="link">{say("Link", "링크")}</label>
            <input id="link" class="inp wide" type="text" readonly autofocus prop:value=move || address.get().unwrap_or_default()/>
            <p class="hint" role="status">{said}</p>
        </div>
        <p class="act">
            <button type="button" class="btn p" id="copy-link" on:click=copy>{say("Copy the link", "링크 복사")}</button>
            <button type="button" class="btn o" id="export" on:click=save>{say("Export a script file", "스크립트 파일로 내보내기")}</button>
        </p>
        <p class="hint">{say("A file is opened with the run's name at the top left.", "파일은 왼쪽 위 실행 이름에서 열 수 있습니다.")}</p>
    }
}

/// Hands a text to the browser as a file to keep.
fn download(text: &str, name: &str) {
    let attempt = || -> Result<(), JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type("text/plain;charset=utf-8");
        let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
        let address = Url::create_object_url_with_blob(&blob)?;
        let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
        Url::revoke_object_url(&address)
    };
    // A browser that forbids downloads says so itself.
    let _ = attempt();
}

/// Reads the file that an input was given.
pub fn read_file(event: &Event, then: impl FnOnce(String, Vec<u8>) + 'static) {
    let input: HtmlInputElement = event_target(event);
    let file = input.files().and_then(|files| files.get(0));
    input.set_value("");
    if let Some(file) = file {
        read(file, then);
    }
}

/// Reads a file's name and bytes.
pub fn read(file: File, then: impl FnOnce(String, Vec<u8>) + 'static) {
    spawn_local(async move {
        let name = file.name();
        if let Ok(buffer) = JsFuture::from(file.array_buffer()).await {
            then(name, Uint8Array::new(&buffer).to_vec());
        }
    });
}
