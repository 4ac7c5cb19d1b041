//! The run in the browser's IndexedDB: written before each command is applied, read when the page opens.
//!
//! Its branches and the place where its reader stands lie under two keys: a step changes only the place, and the branches
//! of a run with a file of records in it are some megabytes.

use js_sys::Promise;
use leptos::prelude::window;
use partita::script::stored::with_state;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

const DATABASE: &str = "partita";
const STORE: &str = "runs";
const BRANCHES: &str = "current";
const STATE: &str = "state";

/// An open database, and the keys of one session's run in it. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: IdbDatabase,
    branches: JsValue,
    state: JsValue,
}

impl Store {
    /// The prefix is the session's: no other one's run lies under the same keys. An error when the browser forbids
    /// storage.
    pub async fn open(prefix: &str) -> Result<Store, JsValue> {
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
        let key = |name: &str| JsValue::from(format!("{prefix}{name}"));
        Ok(Store { database: database.unchecked_into(), branches: key(BRANCHES), state: key(STATE) })
    }

    /// Replaces the stored run, in one transaction. Await it before the command is applied.
    pub async fn save(&self, branches: &str, state: &str) -> Result<(), JsValue> {
        let store = self.store(IdbTransactionMode::Readwrite)?;
        let first = store.put_with_key(&branches.into(), &self.branches)?;
        let second = store.put_with_key(&state.into(), &self.state)?;
        outcome(&first).await?;
        outcome(&second).await.map(|_| ())
    }

    /// Replaces the place where the reader stands.
    pub async fn save_state(&self, state: &str) -> Result<(), JsValue> {
        let request = self.store(IdbTransactionMode::Readwrite)?.put_with_key(&state.into(), &self.state)?;
        outcome(&request).await.map(|_| ())
    }

    /// The stored run, if there is one.
    pub async fn load(&self) -> Result<Option<String>, JsValue> {
        let store = self.store(IdbTransactionMode::Readonly)?;
        let (branches, state) = (store.get(&self.branches)?, store.get(&self.state)?);
        let branches = outcome(&branches).await?.as_string();
        let state = outcome(&state).await?.as_string().unwrap_or_default();
        Ok(branches.map(|branches| with_state(&branches, &state)))
    }

    fn store(&self, mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
        self.database.transaction_with_str_and_mode(STORE, mode)?.object_store(STORE)
    }
}

/// Waits for a request's event, or takes its result when it has come already.
async fn outcome(request: &IdbRequest) -> Result<JsValue, JsValue> {
    if request.ready_state() == web_sys::IdbRequestReadyState::Pending {
        let promise = Promise::new(&mut |resolve, reject| {
            let fulfilled = Closure::once_into_js(move || resolve.call0(&JsValue::NULL));
            let refused = Closure::once_into_js(move || reject.call0(&JsValue::NULL));
            request.set_onsuccess(Some(fulfilled.unchecked_ref()));
            request.set_onerror(Some(refused.unchecked_ref()));
        });
        let _ = JsFuture::from(promise).await;
        request.set_onsuccess(None);
        request.set_onerror(None);
    }
    match request.error()? {
        None => request.result(),
        Some(error) => Err(error.into()),
    }
}
