//! A file of the site that is shown in a dialog, in the reader's language: fetched when it is asked for.

use js_sys::Promise;
use leptos::prelude::*;
use partita::lang::Lang;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use crate::page::preferences::{Preferences, say};

#[wasm_bindgen]
extern "C" {
    /// The file of the site that holds a text, in each language.
    pub type Names;
    #[wasm_bindgen(method, getter)]
    fn en(this: &Names) -> String;
    #[wasm_bindgen(method, getter)]
    fn ko(this: &Names) -> String;

    /// The loader's own: `partita.about`, `partita.grammar`.
    #[wasm_bindgen(thread_local_v2, js_namespace = partita, js_name = about)]
    static ABOUT: Names;
    #[wasm_bindgen(thread_local_v2, js_namespace = partita, js_name = grammar)]
    static GRAMMAR: Names;

    /// Asks for a file of the site, wherever that is.
    #[wasm_bindgen(js_namespace = partita, js_name = file)]
    fn file(name: &str) -> Promise;
}

/// Which text it is.
#[derive(Clone, Copy)]
pub enum Sheet {
    /// What the model simplifies.
    About,
    /// Every line of the grammar.
    Grammar,
}

/// A text on its way.
#[derive(Clone)]
enum Text {
    Awaited,
    /// HTML, written when the site was built.
    Here(String),
    /// It cannot be had.
    Missing,
}

/// The text, as soon as it is there.
pub fn sheet(of: Sheet) -> impl Fn() -> AnyView {
    let lang = Preferences::get().lang_untracked();
    let text = RwSignal::new(Text::Awaited);
    spawn_local(async move {
        let fetched = fetched(of, lang).await;
        // The dialog may be closed by now.
        let _ = text.try_set(fetched.map_or(Text::Missing, Text::Here));
    });
    move || {
        let told = match text.get() {
            Text::Here(html) => return view! { <div inner_html=html></div> }.into_any(),
            Text::Awaited => say("The list is being loaded.", "목록을 불러오는 중입니다."),
            Text::Missing => say(
                "The list could not be loaded from this site. Close this window and open it again to try once more.",
                "이 사이트에서 목록을 불러오지 못했습니다. 이 창을 닫고 다시 열면 다시 시도합니다.",
            ),
        };
        view! { <p class="dlg-p" role="status">{told}</p> }.into_any()
    }
}

async fn fetched(of: Sheet, lang: Lang) -> Result<String, JsValue> {
    let name = |of: &Names| lang.pick(of.en(), of.ko());
    let name = match of {
        Sheet::About => ABOUT.with(name),
        Sheet::Grammar => GRAMMAR.with(name),
    };
    let response: Response = JsFuture::from(file(&name)).await?.unchecked_into();
    if !response.ok() {
        return Err(response.status().into());
    }
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
