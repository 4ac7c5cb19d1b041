//! Mounts the page.

#[cfg(target_arch = "wasm32")]
mod page;

#[cfg(target_arch = "wasm32")]
fn main() {
    page::mount();
}

/// The page is made for a browser: `cargo xtask serve` compiles it for one.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("This is the page's binary; `cargo xtask serve` shows it in a browser.");
}
