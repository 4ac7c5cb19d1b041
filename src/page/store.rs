//! Runs in the browser's IndexedDB: written before each command is applied, read when the page opens.
//!
//! Each run has a place of its own, three records: what a list says of it, its branches, and where its reader stands. A
//! step changes only the last, and the branches of a run with a file of records in it are some megabytes. Who writes asks
//! in the same transaction whether somebody else has written there since ([`Home::may_write`]).

use js_sys::{Array, Date, Math, Promise};
use partita::script::stored::{Home, NoRoom, OwnRun, outlived, room, with_state};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

#[wasm_bindgen]
extern "C" {
    /// The opened database with its one store, or why there is none: the loader (`www/first.js`) asks for it while the
    /// program comes.
    #[wasm_bindgen(thread_local_v2, js_namespace = partita, js_name = database)]
    static DATABASE: Promise;
}

const STORE: &str = "runs";
/// Behind the prefix of a session: what begins the keys of each kind of record.
const INDEX: &str = "index/";
const BEHIND_INDEX: &str = "index0";
const BRANCHES: &str = "branches/";
const STATE: &str = "state/";
/// The keys under which the one run lay that there was once.
const FORMER: [&str; 2] = ["current", "state"];

/// An open database, and what the keys of one session's runs begin with. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: IdbDatabase,
    prefix: String,
}

/// A run that was read.
pub struct Found {
    pub run: OwnRun,
    pub branches: String,
    pub state: String,
}

impl Found {
    pub fn whole(&self) -> String {
        with_state(&self.branches, &self.state)
    }
}

/// Where a run was stored.
pub struct Saved {
    pub run: OwnRun,
    /// Somebody else had written to its place: this one goes on beside it.
    pub is_copy: bool,
    /// It should have been kept as its reader's own, and there is no room for that.
    pub refused: Option<NoRoom>,
}

/// What became of the place where a reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedState {
    Stored,
    /// Somebody else has changed the run; this window remembers by itself where it stands.
    Others,
    /// The run is not there: it has to be stored as a whole.
    NoRun,
}

/// Milliseconds since 1970.
pub fn now() -> u64 {
    Date::now() as u64
}

/// A name that nobody else has.
pub fn token() -> String {
    let part = || (Math::random() * 4_294_967_296.0) as u32;
    format!("{:x}{:08x}{:08x}", now(), part(), part())
}

impl Store {
    /// The prefix is the session's: no other one's runs lie under the same keys. An error when the browser forbids
    /// storage.
    pub async fn open(prefix: &str) -> Result<Store, JsValue> {
        let database = JsFuture::from(DATABASE.with(Promise::clone)).await?;
        Ok(Store { database: database.unchecked_into(), prefix: prefix.to_owned() })
    }

    fn key(&self, kind: &str, id: &str) -> JsValue {
        format!("{}{kind}{id}", self.prefix).into()
    }

    fn begin(&self, mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
        let transaction = self.database.transaction_with_str_and_mode(STORE, mode)?;
        let store = transaction.object_store(STORE)?;
        Ok((transaction, store))
    }

    async fn all_in(&self, store: &IdbObjectStore) -> Result<Vec<OwnRun>, JsValue> {
        let range = IdbKeyRange::bound(&self.key(INDEX, ""), &self.key(BEHIND_INDEX, ""))?;
        let found: Array = outcome(&store.get_all_with_key(&range)?).await?.unchecked_into();
        Ok(found.iter().filter_map(|text| OwnRun::decode(&text.as_string()?)).collect())
    }

    /// What is said of every run that lies there.
    pub async fn all(&self) -> Result<Vec<OwnRun>, JsValue> {
        let (_, store) = self.begin(IdbTransactionMode::Readonly)?;
        self.all_in(&store).await
    }

    /// The run at a place, if one is there.
    pub async fn load(&self, id: &str) -> Result<Option<Found>, JsValue> {
        let (_, store) = self.begin(IdbTransactionMode::Readonly)?;
        let [run, branches, state] = [INDEX, BRANCHES, STATE].map(|kind| store.get(&self.key(kind, id)));
        let (run, branches, state) = (run?, branches?, state?);
        let text = outcome(&run).await?.as_string();
        let branches = outcome(&branches).await?.as_string();
        let state = outcome(&state).await?.as_string().unwrap_or_default();
        let run = text.and_then(|text| OwnRun::decode(&text));
        Ok(run.zip(branches).map(|(run, branches)| Found { run, branches, state }))
    }

    /// Stores a whole run, in one transaction: at its place, or beside it. Await it before the command is applied.
    /// `told` says of the run what its list shall say.
    pub async fn save(&self, home: &Home, told: OwnRun, branches: &str, state: &str) -> Result<Saved, JsValue> {
        let (transaction, store) = self.begin(IdbTransactionMode::Readwrite)?;
        let all = self.all_in(&store).await?;
        let stored = all.iter().find(|run| run.id == home.id);
        let is_copy = !home.may_write(stored);
        let before = if is_copy { all.iter().find(|run| run.id == home.spare) } else { stored };
        let mut run = OwnRun {
            id: if is_copy { home.spare.clone() } else { home.id.clone() },
            revision: before.map_or(1, |run| run.revision + 1),
            writer: home.writer.clone(),
            name: stored.and_then(|run| run.name.clone()).or(told.name),
            changed: now(),
            seen: now(),
            size: (branches.len() + state.len()) as u64,
            ..told
        };
        let refused = if run.is_kept { room(&all, &run.id, run.size).err() } else { None };
        run.is_kept &= refused.is_none();
        store.put_with_key(&run.encode().into(), &self.key(INDEX, &run.id))?;
        store.put_with_key(&branches.into(), &self.key(BRANCHES, &run.id))?;
        store.put_with_key(&state.into(), &self.key(STATE, &run.id))?;
        for id in outlived(&all, run.seen).iter().filter(|id| **id != run.id) {
            self.take_away(&store, id)?;
        }
        ended(&transaction).await?;
        Ok(Saved { run, is_copy, refused })
    }

    /// Replaces the place where the reader stands.
    pub async fn save_state(&self, home: &Home, state: &str, told: OwnRun) -> Result<SavedState, JsValue> {
        let (transaction, store) = self.begin(IdbTransactionMode::Readwrite)?;
        let index = self.key(INDEX, &home.id);
        let stored = outcome(&store.get(&index)?).await?.as_string().and_then(|text| OwnRun::decode(&text));
        let Some(stored) = stored else { return Ok(SavedState::NoRun) };
        if !home.may_write(Some(&stored)) {
            return Ok(SavedState::Others);
        }
        let OwnRun { steps, branch, branches, change, .. } = told;
        let run = OwnRun { seen: now(), steps, branch, branches, change, ..stored };
        store.put_with_key(&run.encode().into(), &index)?;
        store.put_with_key(&state.into(), &self.key(STATE, &home.id))?;
        ended(&transaction).await?;
        Ok(SavedState::Stored)
    }

    /// Changes what is said of a run.
    pub async fn change(&self, id: &str, change: impl FnOnce(&mut OwnRun)) -> Result<(), JsValue> {
        let (transaction, store) = self.begin(IdbTransactionMode::Readwrite)?;
        let index = self.key(INDEX, id);
        let stored = outcome(&store.get(&index)?).await?.as_string().and_then(|text| OwnRun::decode(&text));
        if let Some(mut run) = stored {
            change(&mut run);
            store.put_with_key(&run.encode().into(), &index)?;
            ended(&transaction).await?;
        }
        Ok(())
    }

    /// Takes runs away that are deleted still.
    pub async fn remove_deleted(&self, ids: &[String]) -> Result<(), JsValue> {
        let (transaction, store) = self.begin(IdbTransactionMode::Readwrite)?;
        let all = self.all_in(&store).await?;
        let mut deleted = all.iter().filter(|run| run.deleted.is_some() && ids.contains(&run.id)).peekable();
        if deleted.peek().is_none() {
            return Ok(());
        }
        for run in deleted {
            self.take_away(&store, &run.id)?;
        }
        ended(&transaction).await
    }

    fn take_away(&self, store: &IdbObjectStore, id: &str) -> Result<(), JsValue> {
        for kind in [INDEX, BRANCHES, STATE] {
            store.delete(&self.key(kind, id))?;
        }
        Ok(())
    }

    /// Gives the one run that was stored once, in the form of that time, a place of its own.
    pub async fn take_over(&self) -> Result<(), JsValue> {
        let [branches, state] = FORMER.map(|name| JsValue::from(format!("{}{name}", self.prefix)));
        let (_, store) = self.begin(IdbTransactionMode::Readonly)?;
        if outcome(&store.get_key(&branches)?).await?.is_undefined() {
            return Ok(());
        }
        let (transaction, store) = self.begin(IdbTransactionMode::Readwrite)?;
        let (text, place) = (store.get(&branches)?, store.get(&state)?);
        let Some(text) = outcome(&text).await?.as_string() else { return Ok(()) };
        let place = outcome(&place).await?.as_string().unwrap_or_default();
        let count = text.lines().filter(|line| line.starts_with("%branch")).count().max(1) as u64;
        let run = OwnRun {
            id: token(),
            revision: 1,
            // Who looked at a ready scenario has changed nothing of it.
            is_kept: count > 1 || text.lines().any(|line| line.starts_with('@')),
            changed: now(),
            seen: now(),
            size: (text.len() + place.len()) as u64,
            branch: 1,
            branches: count,
            scenario: place.lines().find_map(|line| line.strip_prefix("%page scenario=")).map(Into::into),
            ..OwnRun::default()
        };
        store.put_with_key(&run.encode().into(), &self.key(INDEX, &run.id))?;
        store.put_with_key(&text.into(), &self.key(BRANCHES, &run.id))?;
        store.put_with_key(&place.into(), &self.key(STATE, &run.id))?;
        store.delete(&branches)?;
        store.delete(&state)?;
        ended(&transaction).await
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

/// Waits until a transaction is done: a full storage is told only then. Ask it with its last request, before it can be
/// over.
async fn ended(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move || resolve.call0(&JsValue::NULL));
        let refused = Closure::once_into_js(move || reject.call0(&JsValue::NULL));
        transaction.set_oncomplete(Some(done.unchecked_ref()));
        transaction.set_onabort(Some(refused.unchecked_ref()));
    });
    let ended = JsFuture::from(promise).await.map(|_| ());
    transaction.set_oncomplete(None);
    transaction.set_onabort(None);
    ended
}
