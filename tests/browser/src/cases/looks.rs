//! Every dialog, popover and notice in both themes and both languages, as axe-core and a reader of pictures see them.

use super::acting::{closed, command};
use super::moving::{opened, press_on};
use crate::axe;
use crate::page::{Page, Scheme};

/// A text with what is taken, what is left out, and a note.
const PROPERTIES: &str = "bootstrap.servers=kafka01:9092\nacks=1\nlinger.ms : 20\nasks=all\nsasl.mechanism=PLAIN\n";
const RECORDS: &str = "{\"key\":\"kai\",\"value\":1}\n{\"value\": broken\n";

/// The page in a theme and a language.
#[track_caller]
pub fn dressed(page: &Page, scheme: Scheme, lang: &str) {
    page.prefer(scheme, false);
    if page.attribute("html", "lang").as_deref() != Some(lang) {
        page.click("#language");
        page.wait_true("the other language", &format!("return document.documentElement.lang === '{lang}'"));
    }
}

#[track_caller]
fn look(page: &Page, name: &str, scheme: Scheme, lang: &str) {
    let name = format!("{name}-{lang}-{scheme:?}").to_lowercase();
    page.shot(&format!("look-{name}"));
    axe::check(page, &name);
}

/// Opens the n-th thing that can be added.
#[track_caller]
fn open_added(page: &Page, number: u32) {
    page.press("a");
    page.wait_visible("dialog .fpal");
    page.click(&format!("dialog .fpal li:nth-child({number}) button"));
}

fn dialogs(page: &Page, scheme: Scheme, lang: &str) {
    let keys = ["n", "a", "t", "u", "?", "y", "l", "g", ":", "b", "d", "e", "p", "k", "w"];
    for key in keys {
        page.press(key);
        page.wait_visible("dialog h2");
        let name = match key {
            "?" => "keys",
            ":" => "command",
            other => other,
        };
        look(page, &format!("dialog-{name}"), scheme, lang);
        page.press("Escape");
        closed(page);
    }
    for (number, name) in [(2, "topic"), (3, "producer"), (4, "consumer"), (6, "paste"), (7, "records")] {
        open_added(page, number);
        page.wait_visible("dialog .fld");
        match name {
            "paste" => {
                page.fill("#pasted", PROPERTIES);
                page.wait_visible("#left-out");
            }
            "records" => {
                page.fill("#records-text", RECORDS);
                page.wait_visible("#refused");
            }
            "consumer" => {
                page.fill("#properties", "auto.offset.reset=earlyest");
                page.click("dialog button[type=submit]");
                page.wait_visible(".probs");
            }
            _ => {}
        }
        look(page, &format!("dialog-{name}"), scheme, lang);
        page.press("Escape");
        closed(page);
    }
    page.press("?");
    page.click("#about");
    page.wait_visible("#omissions li");
    look(page, "dialog-about", scheme, lang);
    page.press("Escape");
    closed(page);
    page.click("#share");
    page.wait_true("a link", "return document.querySelector('#link')?.value.includes('#run=1.')");
    look(page, "dialog-share", scheme, lang);
    page.click("#embed");
    page.wait_visible("#embed-lines-0");
    look(page, "dialog-embed", scheme, lang);
    page.press("Escape");
    closed(page);
    page.click("main .st[data-station='4'] .chip");
    page.wait_visible("dialog .cr");
    page.fill("dialog .cr input", "-5");
    page.wait_visible("dialog .msg");
    look(page, "dialog-setting", scheme, lang);
    page.press("Escape");
    page.press("Escape");
    closed(page);
}

/// Three notices at once, with a list and with buttons; the drawer of a narrow window.
fn notices_and_drawer(page: &Page, scheme: Scheme, lang: &str) {
    press_on(page, "ArrowLeft");
    command(page, "send producer-2 orders value=1");
    page.wait_visible(".nl .nl-d");
    page.evaluate("location.hash = '#at=soon'");
    page.wait_visible(".nl .nl-m");
    look(page, "notices", scheme, lang);
    page.resize(1024, 768);
    page.press("i");
    page.wait_true("the drawer", "return document.querySelector('#drawer').ariaExpanded === 'true'");
    look(page, "drawer", scheme, lang);
    page.press("s");
    page.wait_visible("aside .cf");
    look(page, "drawer-settings", scheme, lang);
    page.press("Escape");
    page.press("n");
    page.wait_visible("dialog h2");
    look(page, "narrow-send", scheme, lang);
    page.press("Escape");
    closed(page);
    page.resize(1440, 900);
}

fn all(page: &Page, scheme: Scheme, lang: &str) {
    opened(page);
    dressed(page, scheme, lang);
    for _ in 0..4 {
        press_on(page, "ArrowRight");
    }
    page.wait_visible("main .st[data-station='4'] .chip");
    dialogs(page, scheme, lang);
    notices_and_drawer(page, scheme, lang);
}

pub fn every_dialog_in_english_and_light(page: &Page) {
    all(page, Scheme::Light, "en");
}

pub fn every_dialog_in_english_and_dark(page: &Page) {
    all(page, Scheme::Dark, "en");
}

pub fn every_dialog_in_korean_and_light(page: &Page) {
    all(page, Scheme::Light, "ko");
}

pub fn every_dialog_in_korean_and_dark(page: &Page) {
    all(page, Scheme::Dark, "ko");
}

/// No backquote stands anywhere but in fields, scripts and what Kafka logs; the code of these elements.
#[track_caller]
fn codes(page: &Page, of: &str) -> Vec<String> {
    let strays = "
        const found = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const { parentElement: around, data } = walker.currentNode;
          if (data.includes('`') && !around.closest('pre, textarea, script, .mono')) found.push(data);
        }
        for (const element of document.querySelectorAll('*')) {
          for (const { name, value } of element.attributes) if (value.includes('`')) found.push(name + ': ' + value);
        }
        return found;";
    assert_eq!(page.evaluate(strays), serde_json::json!([]), "backquotes beside {of}");
    page.texts(&format!("{of} code"))
}

pub fn what_stands_in_backquotes_is_shown_as_code(page: &Page) {
    for (scheme, lang) in [(Scheme::Light, "en"), (Scheme::Dark, "ko")] {
        page.open("");
        page.wait_visible(".clock");
        dressed(page, scheme, lang);
        page.press("u");
        page.click("dialog [data-scenario='lost-response']");
        closed(page);
        page.press(":");
        page.wait_visible("#command");
        page.type_text("sned producer-1 orders");
        page.press("Enter");
        page.wait_visible("dialog .probs code");
        let shown = codes(page, "dialog .probs");
        assert_eq!(shown[..2], ["sned", "send"]);
        assert!(shown.contains(&"produce-loop".to_string()), "{shown:?}");
        let font = "return getComputedStyle(document.querySelector('.probs code')).fontFamily";
        assert!(page.evaluate(font).as_str().is_some_and(|font| font.contains("JetBrains Mono")));
        look(page, "code-command", scheme, lang);
        page.press("Escape");
        closed(page);
        open_added(page, 6);
        page.wait_visible("#pasted");
        page.fill("#pasted", PROPERTIES);
        page.wait_visible("#left-out code");
        assert!(codes(page, "#left-out").contains(&"acks".to_string()));
        page.press("Escape");
        closed(page);
        page.fill("#find-setting", "asks");
        page.wait_visible(".cf-rows code");
        assert_eq!(codes(page, ".cf-rows"), ["asks", "acks"]);
        page.press("Escape");
        page.open_script("partita 1\n%colour blue\nproducer p1\nsned p1\n", None);
        page.wait_visible(".nl .sr ul code");
        let shown = codes(page, ".nl .sr ul");
        assert!(shown.starts_with(&["%colour".to_string()]) && shown.contains(&"cluster".to_string()), "{shown:?}");
        look(page, "code-notice", scheme, lang);
    }
}
