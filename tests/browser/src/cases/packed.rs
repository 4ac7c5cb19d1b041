//! What travels from servers that pack nothing, or pack what is packed already.

use serde_json::Value;
use xtask::budget;

use super::embed::wait_state;
use super::moving::{press_on, step};
use crate::page::Page;
use crate::servers;

/// What may travel before the first step works, in bytes.
const MOST: u64 = budget::PLAIN;

/// From now on pages get what comes behind the first step when `letGo()` is called. `?ko` is Korean.
fn hold(page: &Page) {
    page.before_load(
        "const real = window.fetch;
         const held = new Promise((go) => { window.letGo = go; });
         window.fetch = async (address, ...more) => {
           if (String(address).includes('/rest-')) await held;
           return real(address, ...more);
         };
         if (location.search === '?ko') localStorage.setItem('partita.lang', 'ko');",
    );
}

/// What has travelled for the page that is open: each file with its bytes on the way, heads included, and unpacked.
fn travelled(page: &Page) -> Vec<(String, u64, u64)> {
    let entries = page.evaluate(
        "const all = ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind));
         return all.map((one) => [one.name.split('/').pop(), one.transferSize, one.decodedBodySize]);",
    );
    let number = |value: &Value| value.as_f64().expect("a number of bytes") as u64;
    let entries = entries.as_array().expect("a list").iter();
    entries.map(|one| (one[0].as_str().unwrap_or_default().to_owned(), number(&one[1]), number(&one[2]))).collect()
}

fn holds_the_budget(page: &Page, what: &str) {
    let files = travelled(page);
    let sum: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    assert!(sum <= MOST, "{what}: {sum} bytes travelled: {files:?}");
    // Chromium's own figures are there: a program cannot be less.
    let program: Vec<u64> = files.iter().filter(|file| file.0.ends_with(".wasm")).map(|file| file.1).collect();
    assert!(program.iter().sum::<u64>() > 300_000, "{what}: {files:?}");
    // What is sent packed is unpacked nowhere but in the loader.
    assert!(files.iter().all(|(_, bytes, unpacked)| *bytes == 0 || bytes >= unpacked), "{what}: {files:?}");
    let mut names: Vec<&String> = files.iter().filter(|file| file.1 > 0).map(|file| &file.0).collect();
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all, "{what}: a file came twice: {files:?}");
}

pub fn a_server_that_packs_nothing_sends_little(page: &Page) {
    hold(page);
    for language in ["", "?ko"] {
        page.forget();
        page.open_on(servers::PLAIN, language);
        let first = step(page);
        press_on(page, "ArrowRight");
        assert!(step(page) > first);
        holds_the_budget(page, &format!("the page{language}"));
    }
    page.evaluate("letGo()");
    page.press("n");
    page.wait_visible("dialog #key");
    page.forget();
    page.open_on(servers::PLAIN, "embed.html#scenario=acks&start=now");
    wait_state(page, "ready");
    holds_the_budget(page, "an embed");
}

pub fn a_server_that_sends_gzip_is_understood(page: &Page) {
    page.open_on(servers::ZIPPING, "");
    let first = step(page);
    press_on(page, "ArrowRight");
    assert!(step(page) > first);
    page.press("n");
    page.wait_visible("dialog #key");
    let parts: Vec<_> = travelled(page).into_iter().filter(|file| file.0.ends_with(".wasm")).collect();
    assert!(parts.len() > 1 && parts.iter().all(|(_, bytes, unpacked)| bytes < unpacked), "{parts:?}");
}
