//! The same runs, natively and in WebAssembly: each line is a digest of a run so far.
//!
//! Natively the lines are printed; in a browser the page beside calls `lines` and shows them.

use partita::rng::Rng;

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    print!("{}", digests());
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    pub fn lines() -> String {
        super::digests()
    }
}

fn digests() -> String {
    generator()
}

/// The generator's first thousand draws, folded a hundred at a time.
fn generator() -> String {
    let mut rng = Rng::new(42);
    let mut digest = 0_u64;
    let mut text = String::new();
    for draw in 1..=1000 {
        digest = digest.rotate_left(5) ^ rng.below(u64::MAX - draw) ^ u64::from(rng.positive_i32().unsigned_abs());
        if draw % 100 == 0 {
            text.push_str(&format!("generator {draw} {digest:016x}\n"));
        }
    }
    text
}
