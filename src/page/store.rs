//! The run's text in the browser's IndexedDB: written before each command is applied, read when the page opens.

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

const DATABASE: &str = "partita";
const STORE: &str = "runs";
const KEY: &str = "current";

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Store(IdbDatabase);

impl Store {
    /// An error when the browser forbids storage.
    pub async fn open() -> Result<Store, JsValue> {
        let factory = window().indexed_db()?.ok_or("no indexedDB")?;
        let request = factory.open_with_u32(DATABASE, 1)?;
        let upgraded = request.clone();
        let upgrade = Closure::once(move || {
            let database: IdbDatabase = upgraded.result()?.unchecked_into();
            database.create_object_store(STORE).map(|_| ())
        });
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let database = outcome(&request).await?;
        request.set_onupgradeneeded(None);
        Ok(Store(database.unchecked_into()))
    }

    /// Replaces the stored text. Await it before the command is applied.
    pub async fn save(&self, text: &str) -> Result<(), JsValue> {
        let request = self.store(IdbTransactionMode::Readwrite)?.put_with_key(&text.into(), &KEY.into())?;
        outcome(&request).await.map(|_| ())
    }

    /// The stored text, if there is one.
    pub async fn load(&self) -> Result<Option<String>, JsValue> {
        let request = self.store(IdbTransactionMode::Readonly)?.get(&KEY.into())?;
        outcome(&request).await.map(|value| value.as_string())
    }

    fn store(&self, mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
        self.0.transaction_with_str_and_mode(STORE, mode)?.object_store(STORE)
    }
}

/// Waits for a request's event.
async fn outcome(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        let fulfilled = Closure::once_into_js(move || resolve.call0(&JsValue::NULL));
        let refused = Closure::once_into_js(move || reject.call0(&JsValue::NULL));
        request.set_onsuccess(Some(fulfilled.unchecked_ref()));
        request.set_onerror(Some(refused.unchecked_ref()));
    });
    let answered = JsFuture::from(promise).await;
    request.set_onsuccess(None);
    request.set_onerror(None);
    match answered {
        Ok(_) => request.result(),
        Err(_) => Err(request.error()?.map_or(JsValue::NULL, JsValue::from)),
    }
}
