//! The page as one file, opened from a disk: no server, and no other file.

use std::fs;

use serde_json::json;
use xtask::{budget, paths};

use super::acting::{closed, command};
use super::moving::{press_on, step};
use crate::axe;
use crate::page::Page;
use crate::servers;

/// What the page asked for beside itself.
const ASKED: &str = "return performance.getEntriesByType('resource').map((one) => one.name)";

#[track_caller]
fn opened(page: &Page, fragment: &str) {
    let file = paths::target().join("one-file").join(servers::ALONE);
    let size = fs::metadata(&file).map(|file| file.len());
    let size =
        size.unwrap_or_else(|_| panic!("the site has no partita.html: `cargo xtask dist --single` lays it there"));
    assert!((1_000_000..=budget::ONE_FILE).contains(&size), "{size} bytes");
    page.open_on(servers::ONE_FILE, fragment);
    page.wait_text(".clock", "step ");
}

pub fn one_file_is_the_whole_page(page: &Page) {
    opened(page, "");
    let first = step(page);
    press_on(page, "ArrowRight");
    press_on(page, "ArrowRight");
    assert!(step(page) > first);
    axe::check(page, "the page as one file");
    page.shot("one-file");
    // A dialog of the second part, and what it sends.
    page.press("n");
    page.wait_visible("#key");
    page.fill("#key", "usb");
    page.press("Enter");
    closed(page);
    press_on(page, "ArrowRight");
    let clock = page.text(".clock");
    page.wait_stored();
    page.reload();
    page.wait_text(".clock", "step ");
    assert_eq!(page.text(".clock"), clock, "the run is there again");
    assert!(page.text(".col-p").contains("usb"), "{}", page.text(".col-p"));
    page.press("l");
    page.wait_text("dialog", "a command of yours");
    page.press("Escape");
    closed(page);
    // Its own pages, in both languages.
    for heading in ["What the model simplifies", "모델이 단순화한 것"] {
        page.press("?");
        page.click("#about");
        page.wait_text("dialog", heading);
        page.press("Escape");
        closed(page);
        page.click("#language");
    }
    assert_eq!(page.evaluate(ASKED), json!([]), "it asks for nothing");
}

pub fn one_file_hands_a_run_on(page: &Page) {
    opened(page, "");
    press_on(page, "ArrowRight");
    command(page, "send producer-1 orders key=usb value=1");
    let clock = page.text(".clock");
    page.click("#share");
    page.wait_text("#link-hint", "on this computer only");
    page.wait_text("#no-embed", "this one is a single file");
    assert!(!page.visible("#embed"));
    axe::check(page, "sharing from one file");
    let link = page.evaluate("return document.querySelector('#link').value");
    let (file, fragment) = link.as_str().and_then(|link| link.split_once('#')).expect("a link");
    assert!(file.starts_with("file:///"), "{file}");
    page.forget();
    opened(page, &format!("#{fragment}"));
    assert_eq!(page.text(".clock"), clock);
    page.wait_true("an address without the run", "return location.hash === ''");
    page.click("#language");
    page.click("#share");
    page.wait_text("#link-hint", "이 컴퓨터에서만 열립니다");
}

pub fn one_file_comes_back_when_it_broke(page: &Page) {
    opened(page, "");
    page.evaluate("partita.run.step = 7; partita.crash('so it broke')");
    page.wait_text("#crash-message", "so it broke");
    page.click("#crash-back");
    page.wait_true("the page anew", "return !!document.querySelector('#crash[hidden]')");
    page.wait_text(".clock", "step 6");
}
