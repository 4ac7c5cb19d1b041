//! What this is, and the list of what the model simplifies: the project's own, which the site holds as a file in each
//! language.

use leptos::prelude::*;
use partita::lang::Lang;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use crate::page::preferences::{Preferences, say};
use crate::page::root::own;

#[wasm_bindgen]
extern "C" {
    /// The loader's object: `partita.about`.
    type Addresses;
    #[wasm_bindgen(thread_local_v2, js_namespace = partita, js_name = about)]
    static ADDRESSES: Addresses;
    #[wasm_bindgen(method, getter)]
    fn en(this: &Addresses) -> String;
    #[wasm_bindgen(method, getter)]
    fn ko(this: &Addresses) -> String;
}

/// The list on its way.
#[derive(Clone)]
enum List {
    Awaited,
    /// HTML, written when the site was built.
    Here(String),
    /// It cannot be had.
    Missing,
}

pub fn body() -> impl IntoView {
    let lang = Preferences::get().lang_untracked();
    let list = RwSignal::new(List::Awaited);
    spawn_local(async move {
        let fetched = fetched(lang).await;
        // The dialog may be closed by now.
        let _ = list.try_set(fetched.map_or(List::Missing, List::Here));
    });
    view! {
        <p class="dlg-p">
            {say(
                "A small Kafka 4.3 cluster with its Java clients, computed in this page and measured against the real one. Nothing leaves your browser.",
                "이 페이지에서 계산하는 작은 Kafka 4.3 클러스터와 Java 클라이언트입니다. 실제 Kafka와 비교하여 확인했습니다. 아무것도 브라우저를 떠나지 않습니다.",
            )}
        </p>
        <div class="about" id=own("omissions") tabindex="0" role="group" aria-label=say("What the model simplifies", "모델이 단순화한 것")>
            {move || list.get().view()}
        </div>
        <p class="hint">
            {say(
                "Apache Kafka is a trademark of the Apache Software Foundation. Partita is not affiliated with it.",
                "Apache Kafka는 Apache Software Foundation의 상표입니다. Partita는 이 재단과 관련이 없습니다.",
            )}
        </p>
    }
}

impl List {
    fn view(self) -> AnyView {
        let told = match self {
            List::Here(html) => return view! { <div inner_html=html></div> }.into_any(),
            List::Awaited => say("The list is being loaded.", "목록을 불러오는 중입니다."),
            List::Missing => say(
                "The list of what the model simplifies could not be loaded from this site. Close this window and open it again to try once more.",
                "모델이 단순화한 것의 목록을 이 사이트에서 불러오지 못했습니다. 이 창을 닫고 다시 열면 다시 시도합니다.",
            ),
        };
        view! { <p class="dlg-p" role="status">{told}</p> }.into_any()
    }
}

/// The list in this language.
async fn fetched(lang: Lang) -> Result<String, JsValue> {
    let address = ADDRESSES.with(|of| lang.pick(of.en(), of.ko()));
    let response: Response = JsFuture::from(window().fetch_with_str(&address)).await?.unchecked_into();
    if !response.ok() {
        return Err(response.status().into());
    }
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
