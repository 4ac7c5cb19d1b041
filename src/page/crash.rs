//! When the program breaks: what the panel of `index.html` shows.
//!
//! After a panic the wasm instance is dead, so all that the panel needs lies outside it beforehand.

use std::panic;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The loader's object: `partita.run`.
    type Run;
    #[wasm_bindgen(thread_local_v2, js_namespace = partita, js_name = run)]
    static RUN: Run;
    #[wasm_bindgen(method, setter)]
    fn set_step(this: &Run, step: f64);
    #[wasm_bindgen(method, setter)]
    fn set_script(this: &Run, script: &str);

    /// Fills the panel and shows it.
    #[wasm_bindgen(js_namespace = partita, js_name = crash)]
    fn show(message: &str);
}

/// A panic is written to the console and opens the panel.
pub fn install_hook() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show(&info.to_string());
    }));
}

/// Call it with the run's text before a command is applied.
pub fn keep_script(script: &str) {
    RUN.with(|run| run.set_script(script));
}

/// Call it before a step is taken: the panel names it, and reloads at the one before.
pub fn keep_step(step: u64) {
    RUN.with(|run| run.set_step(step as f64));
}
