//! What the parts of the page's program may weigh.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use xtask::budget;
use xtask::figure::Figure;

use crate::embed;

pub fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

/// All files of the site together, as a host sends them, beside their budget.
pub fn whole(files: &[(String, [usize; 3])]) -> Figure {
    let all: usize = files.iter().map(|(_, [_, packed, _])| packed).sum();
    Figure::at_most("everything-with-brotli", kilobytes(all), "kB", 1000.0)
}

/// The figures of a file of the site: plain and with Brotli, each beside its budget. Only the parts of the program and the
/// embed's element have one.
///
/// A reader waits for the first part; the rest comes behind the first picture, and `embed` (with what it shares with the
/// rest) is fetched in embeds alone.
pub fn figures(file: &str, bytes: usize, brotli: usize) -> Vec<Figure> {
    if file == "partita-embed.js" {
        let most = kilobytes(embed::ELEMENT_BYTES);
        return vec![Figure::at_most("embed-element-with-brotli", kilobytes(brotli), "kB", most)];
    }
    let (name, most, most_packed) = match file {
        _ if !file.ends_with(".wasm") => return Vec::new(),
        _ if file.starts_with("partita-") => ("wasm-first-part", 2450.0, 800.0),
        _ if file.starts_with("rest-") => ("wasm-rest", 780.0, 264.0),
        _ if file.starts_with("embed-") => ("wasm-embed", 70.0, 28.0),
        _ => ("wasm-shared", 15.0, 7.0),
    };
    let packed = format!("{name}-with-brotli");
    vec![
        Figure::at_most(name, kilobytes(bytes), "kB", most),
        Figure::at_most(&packed, kilobytes(brotli), "kB", most_packed),
    ]
}

/// What a server that packs nothing sends before the first step works, beside its budget: `index.html`, and each file that it
/// names.
pub fn plain(site: &Path) -> Result<Figure, String> {
    let told = |file: &str, error: std::io::Error| format!("{}: {error}", site.join(file).display());
    let page = fs::read_to_string(site.join("index.html")).map_err(|error| told("index.html", error))?;
    let mut all = page.len() as u64;
    for name in named(&page) {
        all += fs::metadata(site.join(name)).map_err(|error| told(name, error))?.len();
    }
    Ok(Figure::at_most(
        "first-step-from-a-server-that-packs-nothing",
        kilobytes(all as usize),
        "kB",
        kilobytes(budget::PLAIN as usize),
    ))
}

/// The files of the site that a page names, each once.
pub fn named(page: &str) -> BTreeSet<&str> {
    let addresses = page.split("\"./").skip(1).filter_map(|behind| behind.split('"').next());
    addresses.map(|address| address.split('#').next().unwrap_or_default()).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_files() {
        let page = r#"<link rel="preload" href="./a.css"><link href="./a.css"><script src="./b.js"></script><a href="./#new">"#;
        assert_eq!(named(page).into_iter().collect::<Vec<_>>(), ["a.css", "b.js"]);
    }
}
