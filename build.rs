//! Makes the list of the ready scenarios from their folder, so that nobody keeps it by hand.

#[path = "src/scenarios/folder.rs"]
mod folder;

use std::path::Path;
use std::{env, fs, process};

fn main() {
    println!("cargo:rerun-if-changed=scenarios");
    println!("cargo:rerun-if-changed=src/scenarios/folder.rs");
    let root = env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package's folder");
    let out = env::var_os("OUT_DIR").expect("cargo names a folder for what is made");
    let listed = folder::listed(&Path::new(&root).join("scenarios")).and_then(|list| {
        fs::write(Path::new(&out).join("scenarios.rs"), list).map_err(|error| format!("the list of scenarios: {error}"))
    });
    if let Err(sentence) = listed {
        eprintln!("{sentence}");
        process::exit(1);
    }
}
