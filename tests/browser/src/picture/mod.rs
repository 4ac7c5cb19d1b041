//! The page's first picture: what the program draws of the opening run, taken once when the site is built, so that it stands
//! in `index.html` as HTML and is there before the program.

use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::server::Server;

use crate::driver::Driver;
use crate::page::Page;

/// Runs in the page; see there.
const TAKE: &str = include_str!("take.js");
const BOTH: &str = include_str!("both.js");

/// Widths between which it is looked for windows in which the program makes other elements, in pixels: those of phones,
/// whose tapes have as many cells as there is room for, and wider ones.
const PHONES: (u64, u64) = (320, 719);
const WIDTHS: (u64, u64) = (720, 2_640);
/// Windows that are narrower or lower than any edge are taken as these, in pixels, where there is room up to the edge.
const NARROW: u64 = 390;
const LOW: u64 = 720;

/// The first picture, which holds both languages, as a `template` element for `index.html`.
pub fn of(site: &Path) -> Result<String, String> {
    let start = || Server::start(site, "/", 0).map_err(|error| format!("{}: {error}", site.display()));
    // A server for each language: they share no storage.
    let (english, korean) = (start()?, start()?);
    let driver = Driver::start()?;
    let page = Page::new(&driver, vec![english.url(), korean.url()], PathBuf::new())?;
    // The second part draws what the first picture does not wait for.
    page.before_load(&format!(
        "const real = window.fetch;
         window.fetch = (address, ...more) => String(address).includes('/rest-') ? new Promise(() => {{}}) : real(address, ...more);
         if (location.href.startsWith('{}')) localStorage.setItem('partita.lang', 'ko');",
        korean.url()
    ));
    page.open("");
    let english = taken(&page);
    page.open_on(1, "");
    let korean = taken(&page);
    page.evaluate(BOTH);
    let both = page.evaluate_with("return both(...arguments)", vec![english.into(), korean.into()]);
    Ok(both.as_str().expect("HTML").to_owned())
}

/// The picture of the page that is open, in its language.
fn taken(page: &Page) -> String {
    page.wait_visible(".outline");
    page.wait_stored();
    page.evaluate(TAKE);
    let mut widths = edges(&page.evaluate("return picture.looks('width')"));
    for ((from, to), width, measures) in [(PHONES, NARROW, true), (WIDTHS, 1440, false)] {
        page.resize(u32::try_from(width).expect("a window's size"), 900);
        page.wait_frames(4);
        let found = vec![from.into(), to.into(), measures.into()];
        widths.extend(edges(&page.evaluate_with("return picture.edges(...arguments)", found)));
    }
    let (widths, heights) = (sorted(widths), sorted(edges(&page.evaluate("return picture.looks('height')"))));
    for (w, width) in sizes(&widths, NARROW) {
        for (h, height) in sizes(&heights, LOW) {
            page.resize(width, height);
            page.wait_frames(4);
            page.evaluate_with("picture.take(...arguments)", vec![w.into(), h.into()]);
        }
    }
    let html = page.evaluate_with("return picture.html(...arguments)", vec![widths.into(), heights.into()]);
    html.as_str().expect("HTML").to_owned()
}

fn edges(found: &Value) -> Vec<u64> {
    found.as_array().expect("edges").iter().filter_map(Value::as_u64).collect()
}

/// From nothing on, each once.
fn sorted(mut edges: Vec<u64>) -> Vec<u64> {
    edges.push(0);
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// A size for each class, with its number.
fn sizes(edges: &[u64], first: u64) -> impl Iterator<Item = (u64, u32)> {
    let next = edges.get(1).map_or(first, |next| first.min(next - 1));
    let size = move |edge: u64| u32::try_from(if edge == 0 { next } else { edge }).expect("a window's size");
    (0..).zip(edges).map(move |(number, edge)| (number, size(*edge)))
}
