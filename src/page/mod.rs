//! The Leptos page: the only code that knows a browser.

mod crash;
mod dialogs;
mod focus;
mod frame;
mod icon;
mod keys;
mod lazy;
mod link;
mod name;
mod notices;
mod panels;
mod preferences;
mod scene;
mod screen;
mod session;
mod settings;
mod store;
mod stream;
mod text;
mod told;
mod topbar;
mod transport;

use leptos::prelude::*;
use partita::lang::{Sentence, both};
use partita::script::link::is_link;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use session::{Session, asked};
use store::Store;

/// Takes the place of the loading line, as soon as it is known which run to open.
pub fn mount() {
    crash::install_hook();
    let place = document().get_element_by_id("app").expect("index.html has a place for the page");
    spawn_local(async move {
        let (store, stored, refused) = stored().await;
        let fragment = window().location().hash().unwrap_or_default();
        let opening = asked(&fragment, stored).await.noting(refused);
        forget_link();
        place.set_text_content(None);
        let page = move || {
            preferences::Preferences::provide();
            let session = Session::provide(opening, store);
            keys::listen(session);
            watch_links(session);
            watch_drops(session);
            watch_leaving(session);
            frame::Frame()
        };
        mount_to(place.unchecked_into(), page).forget();
    });
}

/// The browser's storage and the run in it; a sentence when it has none.
async fn stored() -> (Option<Store>, Option<String>, Option<Sentence>) {
    let refused = || {
        Some(both(
            "This browser forbids storage: the run is lost when the page is closed. Export or share it to keep it.",
            "이 브라우저는 저장을 허용하지 않습니다. 페이지를 닫으면 실행이 사라지므로 내보내거나 공유하십시오.",
        ))
    };
    let Ok(store) = Store::open().await else { return (None, None, refused()) };
    match store.load().await {
        Ok(stored) => (Some(store), stored, None),
        Err(_) => (None, None, refused()),
    }
}

/// Takes a run out of the address: what is changed from now on lies in the storage, and a reload brings that.
fn forget_link() {
    let location = window().location();
    let is_link = location.hash().is_ok_and(|hash| is_link(&hash));
    if let (true, Ok(path), Ok(search), Ok(history)) =
        (is_link, location.pathname(), location.search(), window().history())
    {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("{path}{search}")));
    }
}

/// A link that is pasted into the address of the open page opens its run.
fn watch_links(session: Session) {
    window_event_listener(leptos::ev::hashchange, move |_| {
        let hash = window().location().hash().unwrap_or_default();
        if !is_link(&hash) {
            return;
        }
        let current = session.with_run(|run| run.texts().whole());
        spawn_local(async move {
            let opening = asked(&hash, Some(current)).await;
            forget_link();
            session.open_run(opening);
        });
    });
}

/// What has changed in the last moment is stored when the page is left.
fn watch_leaving(session: Session) {
    window_event_listener(leptos::ev::Custom::<web_sys::Event>::new("pagehide"), move |_| session.save_now());
}

/// A file may be dropped anywhere on the page.
fn watch_drops(session: Session) {
    window_event_listener(leptos::ev::dragover, |event| event.prevent_default());
    window_event_listener(leptos::ev::drop, move |event| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            dialogs::read(file, move |name, bytes| dialogs::dropped(session, name, bytes));
        }
    });
}
