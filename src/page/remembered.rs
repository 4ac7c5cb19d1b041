//! What a window remembers of its run by itself, until it is closed: which one it is, and where its reader stands. Another
//! window that has the same run open stands somewhere else.

use leptos::prelude::window;
use web_sys::Storage;

use super::root::Root;

/// See the module.
pub struct Remembered {
    pub id: String,
    /// Revision and writer of the run for which the state holds.
    pub known: Option<(u64, String)>,
    pub state: String,
}

impl Remembered {
    pub fn of(root: Root) -> Option<Remembered> {
        let text = storage()?.get_item(&name(root)).ok()??;
        let (first, state) = text.split_once('\n')?;
        let mut words = first.split(' ');
        let id = words.next()?.to_owned();
        let known = words.next().and_then(|revision| Some((revision.parse().ok()?, words.next()?.to_owned())));
        Some(Remembered { id, known, state: state.to_owned() })
    }

    /// A window that may not remember comes back as another one would.
    pub fn keep(&self, root: Root) {
        let known = self.known.as_ref().map(|(revision, writer)| format!(" {revision} {writer}")).unwrap_or_default();
        if let Some(storage) = storage() {
            let _ = storage.set_item(&name(root), &format!("{}{known}\n{}", self.id, self.state));
        }
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}

fn name(root: Root) -> String {
    format!("partita.{}run", root.prefix())
}
