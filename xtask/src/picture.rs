//! The first picture in `index.html`: what the program draws of the opening run, asked of a browser when the site is built.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::{paths, process, tools};

use crate::site::fingerprint;
use crate::test;

/// Where it goes in `index.html`. A page that is built without a browser keeps this, and shows that it loads.
const PLACE: &str = "<!-- The first picture -->";

/// What takes it, besides the site itself.
const TAKERS: [&str; 3] =
    ["tests/browser/src/picture/mod.rs", "tests/browser/src/picture/take.js", "tests/browser/src/picture/both.js"];

/// Puts the first picture into a site that is built. It is taken only when something of the site is another than when it
/// was taken last: that needs Chromium and chromedriver, and lasts some ten seconds.
pub fn put(site: &Path) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", site.display());
    let kept = paths::target().join("picture").join(format!("{}.html", key(site).map_err(told)?));
    let picture = match fs::read_to_string(&kept) {
        Ok(picture) => picture,
        Err(_) => {
            let browser = tools::browser()?;
            let taken = process::output(test::harness(&browser).arg("picture").arg(site))?;
            keep(&kept, &taken).map_err(|error| format!("{}: {error}", kept.display()))?;
            taken
        }
    };
    let page = site.join("index.html");
    let text = fs::read_to_string(&page).map_err(told)?;
    if text.matches(PLACE).count() != 1 {
        return Err(format!("index.html does not hold `{PLACE}` once"));
    }
    fs::write(page, text.replace(PLACE, picture.trim_end())).map_err(told)
}

/// Only the last one is kept.
fn keep(file: &Path, picture: &str) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(file);
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    fs::write(file, picture)
}

/// All that the picture may depend on, as one name.
fn key(site: &Path) -> std::io::Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(site)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files.extend(TAKERS.iter().map(|taker| paths::root().join(taker)));
    let prints: Vec<String> =
        files.iter().map(|file| fs::read(file).map(|content| fingerprint(&content))).collect::<Result<_, _>>()?;
    Ok(fingerprint(prints.concat().as_bytes()))
}
