//! Reading files that the browser hands over.

use js_sys::Uint8Array;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::session::Session;

/// Reads a file's name and bytes; nothing comes of it when the session has ended meanwhile.
pub fn read(session: Session, file: File, then: impl FnOnce(String, Vec<u8>) + 'static) {
    spawn_local(async move {
        let name = file.name();
        let read = JsFuture::from(file.array_buffer()).await;
        if let (Ok(buffer), true) = (read, session.lives()) {
            then(name, Uint8Array::new(&buffer).to_vec());
        }
    });
}
