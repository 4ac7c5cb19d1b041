//! Handing a run on: as a link, or as a file. And reading files.

use js_sys::Array;
use leptos::ev::Event;
use leptos::prelude::*;
use partita::explain::grouped;
use partita::lang::Lang;
use partita::script::MAX_LINK;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlInputElement, Url};

use crate::page::dialog::Dialog;
use crate::page::file;
use crate::page::link::{self, LONG_LINK};
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;
use crate::page::session::Session;

/// What became of the link.
#[derive(Clone, PartialEq)]
enum Packed {
    Packing,
    /// The browser cannot.
    Impossible,
    /// So many characters: more than browsers open.
    TooLong(usize),
    Link(String),
}

impl Packed {
    fn of(fragment: Option<String>) -> Packed {
        let Some(fragment) = fragment else { return Packed::Impossible };
        let address = window().location().href().unwrap_or_default();
        let address = format!("{}{fragment}", address.split('#').next().unwrap_or_default());
        if address.len() > MAX_LINK { Packed::TooLong(address.len()) } else { Packed::Link(address) }
    }

    fn address(&self) -> Option<String> {
        if let Packed::Link(address) = self { Some(address.clone()) } else { None }
    }

    fn sentence(&self, lang: Lang) -> String {
        let words = |en: &str, ko: &str| lang.pick(en, ko).to_owned();
        match self {
            Packed::Packing => words("Packing the run.", "실행을 압축하는 중입니다."),
            Packed::Impossible => words(
                "This browser cannot pack links: export a file.",
                "이 브라우저는 링크를 만들 수 없습니다. 파일로 내보내십시오.",
            ),
            Packed::TooLong(length) => {
                let (length, longest) = (grouped(*length as u64), grouped(MAX_LINK as u64));
                lang.pick(
                    format!("The link would have {length} characters, and browsers open {longest}. Export a script file instead."),
                    format!("링크가 {length}자가 되는데 브라우저는 {longest}자까지 엽니다. 대신 스크립트 파일로 내보내십시오."),
                )
            }
            Packed::Link(address) if address.starts_with("file:") => words(
                "This page is a file, and the link opens it on this computer only. To hand the run on, export a script file.",
                "이 페이지는 파일이므로 링크는 이 컴퓨터에서만 열립니다. 실행을 건네려면 스크립트 파일로 내보내십시오.",
            ),
            Packed::Link(address) => {
                let length = grouped(address.len() as u64);
                let said = lang.pick(
                    format!("{length} characters. Nothing is sent anywhere: the run is in the link."),
                    format!("{length}자. 어디에도 전송되지 않으며 실행은 링크 안에 들어 있습니다."),
                );
                let more = match address.len() > LONG_LINK {
                    true => words(
                        " Some programs cut links this long: a file is safer.",
                        " 이렇게 긴 링크는 잘리기도 하므로 파일이 더 안전합니다.",
                    ),
                    false => String::new(),
                };
                said + &more
            }
        }
    }
}

pub fn body() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let (text, step) = session.with_run(|run| (run.shown_text(), run.own_step()));
    let has_branches = session.with_run(|run| run.timeline.branches().len() > 1);
    let packed = RwSignal::new(Packed::Packing);
    let copied = RwSignal::new(false);
    let packing = text.clone();
    spawn_local(async move { packed.set(Packed::of(link::fragment(&packing, step).await)) });
    let copy = move |_| {
        let Some(address) = packed.with_untracked(Packed::address) else { return };
        spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&address)).await;
            copied.set(written.is_ok());
        });
    };
    let said = move || match copied.get() {
        true => preferences.lang().pick("Copied.", "복사했습니다.").to_owned(),
        false => packed.with(|packed| packed.sentence(preferences.lang())),
    };
    let save = move |_| download(&text, "run.partita.txt");
    // Its lines need a site beside the document.
    let is_one_file = document().document_element().is_some_and(|root| root.has_attribute("data-one"));
    let off = move || packed.with(|packed| packed.address().is_none()).then_some("true");
    view! {
        <div class="fld">
            <label for=own("link")>{say("Link", "링크")}</label>
            <input id=own("link") class="inp wide" type="text" readonly autofocus aria-describedby=own("link-hint")
                prop:value=move || packed.with(Packed::address).unwrap_or_default()/>
            <p class="hint" id=own("link-hint") role="status">{said}</p>
        </div>
        <p class="act">
            <button type="button" class="btn p" id=own("copy-link") aria-disabled=off on:click=copy>{say("Copy the link", "링크 복사")}</button>
            <button type="button" class="btn o" id=own("export") on:click=save>{say("Export a script file", "스크립트 파일로 내보내기")}</button>
            {(!is_one_file).then(|| view! {
                <button type="button" class="btn o" id=own("embed") on:click=move |_| session.dialog.set(Some(Dialog::Embed))>{say("Embed", "문서에 넣기")}</button>
            })}
        </p>
        {is_one_file.then(|| view! {
            <p class="hint" id=own("no-embed")>{say(
                "To embed the run in a document, open it in a Partita that lies on a server: this one is a single file.",
                "실행을 문서에 넣으려면 서버에 있는 Partita에서 여십시오. 지금 연 것은 파일 하나로 된 Partita입니다.",
            )}</p>
        })}
        {has_branches.then(|| view! {
            <p class="hint">{say("Link and file hold the branch that is shown.", "링크와 파일에는 지금 보이는 브랜치가 담깁니다.")}</p>
        })}
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

/// A button that lets choose a file. The browser's own speaks the browser's language rather than the page's.
#[component]
pub fn FileButton(
    id: &'static str,
    accept: &'static str,
    /// The id of what says which file.
    label: &'static str,
    chosen: impl Fn(Event) + 'static,
) -> impl IntoView {
    view! {
        <label class="btn o file">
            <input type="file" id=own(id) class="sr" accept=accept aria-labelledby=own(label) on:change=chosen/>
            {say("Choose a file", "파일 고르기")}
        </label>
    }
}

/// Reads the file that an input was given.
pub fn read_file(session: Session, event: &Event, then: impl FnOnce(String, Vec<u8>) + 'static) {
    let input: HtmlInputElement = event_target(event);
    let file = input.files().and_then(|files| files.get(0));
    input.set_value("");
    if let Some(file) = file {
        file::read(session, file, then);
    }
}
