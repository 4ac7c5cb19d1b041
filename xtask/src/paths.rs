//! Where things lie.

use std::path::{Path, PathBuf};

/// The workspace's root: the folder with `index.html`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies inside the workspace").to_path_buf()
}

/// Cargo's target folder: `CARGO_TARGET_DIR`, or `target`. Every cargo that xtask starts is told this one.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}
