//! The first playable's page, beside which this one's times are measured: built once from its commit, and kept.

use std::path::PathBuf;
use std::process::Command;

use xtask::{paths, process};

/// The commit that it was.
const COMMIT: &str = "9344639081456de35decf9e2223eac2641ca079e";

/// Its site's folder. Builds it when it is not there; a clone without that commit says so.
pub fn site() -> Result<PathBuf, String> {
    let home = paths::target().join("first-playable");
    let source = home.join("source");
    let site = source.join("dist");
    // Written last, so that a build that was ended begins anew.
    let done = home.join("built");
    if done.is_file() {
        return Ok(site);
    }
    println!("Building the first playable's page, once");
    let _ = std::fs::remove_dir_all(&source);
    let cannot = |error: String| {
        format!(
            "the first playable's page (commit {COMMIT}) cannot be built here: {error}. Times are measured beside it."
        )
    };
    let git = |words: &[&str]| {
        let mut command = Command::new("git");
        command.args(words);
        command
    };
    process::run(git(&["clone", "--quiet", "--shared", "--no-checkout"]).arg(paths::root()).arg(&source))
        .and_then(|()| process::run(git(&["checkout", "--quiet", "--detach", COMMIT]).current_dir(&source)))
        .map_err(cannot)?;
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.current_dir(&source).args(["xtask", "dist"]).env("CARGO_TARGET_DIR", home.join("target"));
    process::run(&mut build).map_err(cannot)?;
    std::fs::write(&done, "").map_err(|error| cannot(error.to_string()))?;
    Ok(site)
}
