//! The Leptos page: the only code that knows a browser.

mod allowed;
mod chain;
mod classroom;
mod crash;
mod dialog;
mod dialogs;
mod embed;
mod explaining;
mod file;
mod focus;
mod frame;
mod icon;
mod keys;
mod lazy;
mod lazy_rows;
mod letters;
mod link;
mod live;
mod modal;
mod name;
mod notices;
mod panels;
mod preferences;
mod promises;
mod remembered;
mod scene;
mod rest;
mod root;
mod rows;
mod screen;
mod session;
mod settings;
mod store;
mod stream;
mod text;
mod told;
mod topbar;
mod transport;

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use partita::lang::{Sentence, both};
use partita::scenarios::Scenario;
use partita::script::stored::{OwnRun, newest};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use dialog::{Dialog, DroppedFile};
use preferences::Preferences;
use remembered::Remembered;
use rest::Rest;
use root::{Root, listens};
use session::{Opening, Session, asked, home_of};
use store::Store;

/// Takes the place of the loading line, as soon as it is known which run to open.
///
/// A page may hold more than its own run: each element with `data-run=SCENARIO` gets a session of its own, which opens
/// with that ready scenario. The reader's language and theme are the whole page's.
pub fn mount() {
    crash::install_hook();
    let place = document().get_element_by_id("app").expect("index.html has a place for the page");
    let reader = Owner::new();
    reader.with(|| {
        Preferences::provide();
        Rest::provide();
    });
    if allowed::is_embed() {
        embed::mount(&reader, place.unchecked_into());
        std::mem::forget(reader);
        return;
    }
    mount_in(&reader, place.unchecked_into(), 0, None);
    let more = document().query_selector_all("[data-run]").ok();
    let more = more.iter().flat_map(|more| (0..more.length()).filter_map(|i| more.get(i)?.dyn_into().ok()));
    for (place, number) in more.zip(1..) {
        let place: HtmlElement = place;
        let scenario = place.get_attribute("data-run").and_then(|id| Scenario::by_id(&id));
        mount_in(&reader, place, number, scenario);
    }
    // It lives as long as the page.
    std::mem::forget(reader);
}

/// Mounts a session in its part of the page. One that is not the page's own opens with its scenario, or as it was left.
fn mount_in(reader: &Owner, place: HtmlElement, number: u16, scenario: Option<Scenario>) {
    let own = reader.child();
    let root = own.with(|| Root::of(place, number));
    spawn_local(async move {
        let (store, stored, refused) = stored(root).await;
        let opening = match (root.is_the_pages(), stored, scenario) {
            (true, stored, _) => {
                let opening = asked(&link::fragment_of_address(), stored).await;
                link::forget();
                opening
            }
            (false, Some(stored), _) => stored.known(),
            (false, None, Some(scenario)) => Opening::of_scenario(scenario),
            (false, None, None) => Opening::usual(),
        };
        let made = Rc::new(Cell::new(None));
        let given = made.clone();
        let page = move || {
            let session = Session::provide(root, opening, store);
            given.set(Some(session));
            if let Some(refused) = refused {
                session.tell_unstored(refused);
            }
            explaining::Explaining::provide(session);
            keys::listen(session);
            if root.is_the_pages() {
                watch_links(session);
            }
            watch_drops(session);
            watch_leaving(session);
            frame::Frame()
        };
        let place = root.emptied();
        let mounted = own.with(|| mount_to(place.clone(), page));
        is_there(&place);
        root.ends_with(move || {
            // What is not stored yet is kept for the next time.
            if let Some(session) = made.get() {
                Session::save_now(session);
            }
            drop(mounted);
            own.cleanup();
        });
    });
}

/// Says so to the loader (`www/first.js`): the first picture has given way, and what was pressed meanwhile can be done.
fn is_there(place: &HtmlElement) {
    if let Ok(event) = web_sys::Event::new("partita-live") {
        let _ = place.dispatch_event(&event);
    }
}

/// The browser's storage and the run with which this window goes on; a sentence when it has none.
async fn stored(root: Root) -> (Option<Store>, Option<Opening>, Option<Sentence>) {
    let refused = || {
        Some(both(
            "This browser forbids storage: the run is lost when the page is closed. Export or share it to keep it.",
            "이 브라우저는 저장을 허용하지 않습니다. 페이지를 닫으면 실행이 사라지므로 내보내거나 공유하십시오.",
        ))
    };
    let Ok(store) = Store::open(&root.prefix()).await else { return (None, None, refused()) };
    match found(root, &store).await {
        Ok(opening) => (Some(store), opening, None),
        Err(_) => (None, None, refused()),
    }
}

/// The run that this window had open, or else the one that somebody was in last.
async fn found(root: Root, store: &Store) -> Result<Option<Opening>, JsValue> {
    store.take_over().await?;
    let all = store.all().await?;
    let remembered = Remembered::of(root);
    let is_own = |run: &&OwnRun| remembered.as_ref().is_some_and(|own| own.id == run.id) && run.deleted.is_none();
    let own = all.iter().find(is_own);
    let Some(run) = own.or_else(|| newest(&all)) else { return Ok(None) };
    let Some(mut found) = store.load(&run.id).await? else { return Ok(None) };
    let known = Some((found.run.revision, found.run.writer.clone()));
    if let (Some(_), Some(remembered)) = (own, remembered.filter(|own| own.known == known)) {
        found.state = remembered.state;
    }
    let opening = Opening::of_text(&found.whole()).known();
    // What another window only looks at is that window's.
    let is_shared = own.is_some() || found.run.is_kept;
    Ok(Some(if is_shared {
        opening.at_home(home_of(&found.run), found.run.name)
    } else {
        opening.from(found.run.source)
    }))
}

/// A link that is pasted into the address of the open page opens its run.
fn watch_links(session: Session) {
    listens(window_event_listener(leptos::ev::hashchange, move |_| {
        let fragment = link::fragment_of_address();
        if fragment.trim_start_matches('#').is_empty() {
            return;
        }
        let current = session.as_opening();
        spawn_local(async move {
            let opening = asked(&fragment, Some(current)).await;
            if session.lives() {
                link::forget();
                session.open_run(opening);
            }
        });
    }));
}

/// What has changed in the last moment is stored when the page is left.
fn watch_leaving(session: Session) {
    let left = leptos::ev::Custom::<web_sys::Event>::new("pagehide");
    listens(window_event_listener(left, move |_| session.save_now()));
}

/// A file may be dropped anywhere on the page; where it falls says for which session it is.
fn watch_drops(session: Session) {
    listens(window_event_listener(leptos::ev::dragover, |event| event.prevent_default()));
    listens(window_event_listener(leptos::ev::drop, move |event| {
        event.prevent_default();
        let target = event.target().and_then(|target| target.dyn_into().ok());
        if !session.root.is_meant(target.as_ref()) {
            return;
        }
        let files = event.data_transfer().and_then(|data| data.files());
        let others = files.as_ref().map_or(0, |files| files.length().saturating_sub(1));
        if let Some(file) = files.and_then(|files| files.get(0)) {
            file::read(session, file, move |name, bytes| {
                if others > 0 {
                    session.say(both(
                        format!("Of several files the first is read, {name}: drop the others by themselves."),
                        format!("여러 파일 가운데 첫 파일 {name}만 읽습니다. 나머지는 따로 놓으세요."),
                    ));
                }
                session.open(Dialog::Dropped(DroppedFile { name, bytes: bytes.into() }));
            });
        }
    }));
}
