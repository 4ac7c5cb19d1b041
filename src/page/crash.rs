//! When the program breaks: what the panel of `index.html` shows.
//!
//! After a panic the wasm instance is dead, so all that the panel needs lies outside it beforehand.

use std::panic;

use wasm_bindgen::prelude::wasm_bindgen;

use super::root::Root;

#[wasm_bindgen]
extern "C" {
    /// What the loader keeps of a session.
    type Run;
    /// That of the session with this prefix, which from now on is the one that the panel would tell of.
    #[wasm_bindgen(js_namespace = partita, js_name = worksOn)]
    fn run_of(prefix: &str) -> Run;
    #[wasm_bindgen(method, setter)]
    fn set_step(this: &Run, step: f64);
    #[wasm_bindgen(method, setter)]
    fn set_script(this: &Run, script: &str);

    /// Fills the panel and shows it.
    #[wasm_bindgen(js_namespace = partita, js_name = crash)]
    pub fn show(message: &str);
}

/// A panic is written to the console and opens the panel.
pub fn install_hook() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show(&info.to_string());
    }));
}

/// Call it before a session's run goes on: if that breaks, the panel tells of this one.
pub fn works_on(root: Root) {
    run_of(&root.prefix());
}

/// Call it with the run's text before a command is applied.
pub fn keep_script(root: Root, script: &str) {
    run_of(&root.prefix()).set_script(script);
}

/// Call it before a step is taken: the panel names it, and reloads at the one before.
pub fn keep_step(root: Root, step: u64) {
    run_of(&root.prefix()).set_step(step as f64);
}
