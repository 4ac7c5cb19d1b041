//! The run in the browser's IndexedDB: written before each command is applied, read when the page opens.

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

const DATABASE: &str = "partita";
const STORE: &str = "runs";
const KEY: &str = "current";
/// The version of what is stored.
const VERSION: u32 = 1;

/// A run as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub script: String,
    /// The step the reader stood at.
    pub at: u64,
}

/// What the storage holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    Nothing,
    Run(Stored),
    /// Written by a newer Partita: its version, and its script if there is one.
    Unknown {
        version: String,
        script: Option<String>,
    },
}

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

    /// Replaces the stored run. Done when it is done: await it before the command is applied, or leave it to
    /// `spawn_local`, since writes keep their order.
    pub async fn save(&self, script: &str, at: u64) -> Result<(), JsValue> {
        let value = Object::new();
        Reflect::set(&value, &"version".into(), &VERSION.into())?;
        Reflect::set(&value, &"script".into(), &script.into())?;
        Reflect::set(&value, &"at".into(), &(at as f64).into())?;
        let request = self.store(IdbTransactionMode::Readwrite)?.put_with_key(&value, &KEY.into())?;
        outcome(&request).await.map(|_| ())
    }

    pub async fn load(&self) -> Result<Loaded, JsValue> {
        let request = self.store(IdbTransactionMode::Readonly)?.get(&KEY.into())?;
        let value = outcome(&request).await?;
        if value.is_undefined() {
            return Ok(Loaded::Nothing);
        }
        let field = |name: &str| Reflect::get(&value, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let script = field("script").as_string();
        let version = field("version").as_f64();
        match (version, script) {
            (Some(version), Some(script)) if version == f64::from(VERSION) => {
                Ok(Loaded::Run(Stored { script, at: field("at").as_f64().map_or(0, |at| at as u64) }))
            }
            (version, script) => {
                let version = version.map_or_else(|| "?".to_string(), |version| version.to_string());
                Ok(Loaded::Unknown { version, script })
            }
        }
    }

    pub async fn forget(&self) -> Result<(), JsValue> {
        let request = self.store(IdbTransactionMode::Readwrite)?.delete(&KEY.into())?;
        outcome(&request).await.map(|_| ())
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
