//! The programs that the helper finds, or fetches where the system offers them.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::process;

pub const WASM: &str = "wasm32-unknown-unknown";

/// Adds the wasm target to the toolchain when it is missing.
pub fn wasm_target() -> Result<(), String> {
    let asked = process::output(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if PathBuf::from(asked.trim()).is_dir() {
        return Ok(());
    }
    println!("Adding the {WASM} target");
    process::run(Command::new("rustup").args(["target", "add", WASM])).map_err(|error| {
        format!("Rust's {WASM} target is missing and could not be added ({error}). Add it, then run this again.")
    })
}

/// A browser to test in, and the driver that WebDriver speaks to.
#[derive(Clone, Debug)]
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// Finds Chromium and chromedriver: `CHROMIUM` and `CHROMEDRIVER`, else PATH, else installs Debian's packages as root.
pub fn browser() -> Result<Browser, String> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    if install_browser().is_ok()
        && let Some(found) = find_browser()
    {
        return Ok(found);
    }
    Err("Chromium and chromedriver are needed for the page's first picture and for tests in a browser: \
         install them (Debian and Ubuntu: `apt-get install chromium chromium-driver`), \
         or name them in the variables CHROMIUM and CHROMEDRIVER."
        .into())
}

fn find_browser() -> Option<Browser> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|file| file.is_file());
    let chromium = named("CHROMIUM").or_else(|| {
        process::find(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"])
    })?;
    let driver = named("CHROMEDRIVER").or_else(|| process::find(&["chromedriver", "chromium.chromedriver"]))?;
    Some(Browser { chromium, driver })
}

fn install_browser() -> Result<(), String> {
    let me = process::output(Command::new("id").arg("-u"))?;
    if me.trim() != "0" || process::find(&["apt-get"]).is_none() {
        return Err("not root, or no apt-get".into());
    }
    println!("Installing chromium and chromium-driver");
    let install = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        command.args(["install", "-y", "--no-install-recommends", "chromium", "chromium-driver", "fonts-noto-cjk"]);
        process::run(&mut command)
    };
    install().or_else(|_| {
        process::run(Command::new("apt-get").arg("update").stdout(Stdio::null()))?;
        install()
    })
}

/// Opens the address in the user's browser, where there is one.
pub fn open(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let has_screen = cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|variable| std::env::var_os(variable).is_some());
    if !has_screen || process::find(&[opener]).is_none() {
        return;
    }
    // Its failure is no failure of ours: the address stands in the terminal.
    let _ = Command::new(opener).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}
