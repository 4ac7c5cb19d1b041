//! The keyboard alone, where the focus is, and the Korean page.

use super::acting::closed;
use super::keeping::SCENARIOS;
use super::looks::dressed;
use super::moving::{opened, press_on};
use crate::page::{Page, Scheme};

#[track_caller]
fn has_focus(page: &Page, selector: &str) -> bool {
    page.evaluate_with("return document.activeElement.matches(arguments[0])", vec![selector.into()]) == true
}

/// Presses a key until something that matches has the focus.
#[track_caller]
fn go_to(page: &Page, key: &str, selector: &str) {
    for _ in 0..120 {
        if has_focus(page, selector) {
            return;
        }
        page.press(key);
    }
    let there = page.evaluate("return document.activeElement.outerHTML.slice(0, 200)");
    panic!("{key} does not lead to `{selector}`; the focus is at {there}");
}

#[track_caller]
fn tab_to(page: &Page, selector: &str) {
    go_to(page, "Tab", selector);
}

/// Replaces the text of the field that Tab leads to.
#[track_caller]
fn write(page: &Page, selector: &str, text: &str) {
    tab_to(page, selector);
    page.press("Control+a");
    page.type_text(text);
}

/// Opens the n-th thing that can be added.
#[track_caller]
fn add(page: &Page, number: u32, field: &str) {
    page.press("a");
    page.wait_visible("dialog .fpal");
    tab_to(page, &format!("dialog .fpal li:nth-child({number}) button"));
    page.press("Enter");
    page.wait_visible(field);
}

/// The tabs of the code are one stop of Tab; arrow keys, Home and End choose among them, and the run stays where it is.
pub fn the_tabs_of_the_code_go_by_keys(page: &Page) {
    opened(page);
    page.wait_visible(".tabl [role=tab]");
    let clock = page.text(".clock");
    page.evaluate("document.querySelector('.tabl [role=tab]').focus(); return true");
    let ways = [
        ("ArrowRight", "Kotlin"),
        ("ArrowRight", "Python"),
        ("End", "Rust"),
        ("ArrowRight", "Java"),
        ("ArrowLeft", "Rust"),
        ("Home", "Java"),
    ];
    for (key, name) in ways {
        page.press(key);
        page.wait_text(".tabl [aria-selected=true]", name);
        assert!(has_focus(page, ".tabl [aria-selected=true]"), "{name} has the focus");
        assert_eq!(page.count(".tabl [tabindex='0']"), 1);
    }
    assert_eq!(page.text(".clock"), clock);
    // Who chooses by pointer goes on to step.
    page.click(".tabl [role=tab]:nth-child(2)");
    page.wait_text(".tabl [aria-selected=true]", "Kotlin");
    press_on(page, "ArrowRight");
    assert_eq!(page.text(".tabl [aria-selected=true]"), "Kotlin");
}

/// Nothing in here clicks, and nothing but keys moves the focus.
pub fn the_eight_points_by_keyboard_alone(page: &Page) {
    // 1: the page opens, and a record is followed through its stages.
    opened(page);
    for key in ["ArrowRight", "ArrowRight", "ArrowLeft", "Shift+ArrowRight", "Shift+ArrowRight", "]", "["] {
        press_on(page, key);
    }
    page.press("i");
    page.wait_for("the inspector", |page| has_focus(page, "#inspector, #inspector *").then_some(()));
    page.press("Escape");
    // 2: a record of one's own.
    page.press("n");
    page.wait_visible("#key");
    write(page, "#key", "ana");
    write(page, "#value", "keyboard");
    page.press("Enter");
    closed(page);
    press_on(page, "Shift+ArrowRight");
    // 3: the configuration of a real client, and a file's records.
    add(page, 6, "#pasted");
    write(page, "#pasted", "acks=all\nlinger.ms=30\n");
    page.wait_text("#taken", "linger.ms=30");
    tab_to(page, "#paste-now");
    page.press("Enter");
    closed(page);
    add(page, 7, "#records-text");
    write(page, "#records-text", "kai\t1\nmia\t2\n");
    page.wait_text("#records-sum", "2 records");
    tab_to(page, "#send-records");
    page.press("Enter");
    closed(page);
    // 4: the scene as an outline: groups, members, partitions.
    page.press("o");
    page.wait_true("the outline", "return !!document.activeElement.closest('[role=tree]')");
    let item = page.evaluate("return document.activeElement.textContent");
    page.press("ArrowDown");
    page.wait_for("another item", |page| {
        (page.evaluate("return document.activeElement.textContent") != item).then_some(())
    });
    page.press("Escape");
    // 5: one more consumer, and one killed.
    add(page, 4, "#group");
    write(page, "#name", "c9");
    page.press("Enter");
    closed(page);
    page.press("k");
    page.wait_visible("dialog .fpal");
    tab_to(page, "dialog .fpal .fb:not([aria-disabled])");
    page.press("Enter");
    closed(page);
    press_on(page, "ArrowRight");
    // 6: a setting, from now and from the start, and back to the old future.
    page.press("/");
    page.wait_for("the field that finds a setting", |page| has_focus(page, "#find-setting").then_some(()));
    page.type_text("linger.ms");
    write(page, "#cfg-linger\\.ms", "40");
    page.wait_visible(".cr-a");
    page.press("Shift+Enter");
    page.wait_true("the draft to be gone", "return !document.querySelector('.cr-a')");
    write(page, "#cfg-linger\\.ms", "60");
    page.wait_visible(".cr-a");
    page.press("Enter");
    page.wait_text(".notices", "→ 60");
    page.press("Escape");
    page.press("y");
    page.wait_visible("dialog [data-branch='1']");
    tab_to(page, "dialog [data-branch='0']");
    page.press("Enter");
    closed(page);
    press_on(page, "ArrowRight");
    // 7: something is broken, and mended.
    page.press("b");
    page.wait_visible("dialog .fpal");
    tab_to(page, "dialog .fpal li:nth-child(3) .fb");
    page.press("Enter");
    closed(page);
    page.wait_visible(".bk.down");
    page.press("b");
    tab_to(page, "dialog .hzchip button");
    page.press("Enter");
    closed(page);
    // 8: another scenario, and the run handed on.
    page.press("u");
    page.wait_visible("dialog .ru");
    tab_to(page, "dialog [data-scenario='commit-sync-or-async']");
    page.press("Enter");
    closed(page);
    page.wait_text(".nr", "Press →");
    press_on(page, "ArrowRight");
    page.press("Escape");
    go_to(page, "Shift+Tab", "#share");
    page.press("Enter");
    page.wait_true("a link", "return document.querySelector('#link')?.value.includes('#run=1.')");
    tab_to(page, "#copy-link");
    page.press("Escape");
    closed(page);
    page.wait_true("the focus to be back", "return document.activeElement.id === 'share'");
}

pub fn the_focus_stays_and_comes_back(page: &Page) {
    opened(page);
    press_on(page, "ArrowRight");
    // On a chip of the narration, which a step draws anew.
    for _ in 0..8 {
        if page.count("#narration .chip") > 0 {
            break;
        }
        press_on(page, "ArrowRight");
    }
    tab_to(page, "#narration .chip");
    let chip = page.evaluate("return document.activeElement.dataset.setting");
    page.press("Enter");
    page.wait_visible("dialog .cr");
    page.press("Escape");
    closed(page);
    page.wait_for("the chip to have the focus", |page| {
        (page.evaluate("return document.activeElement.dataset.setting") == chip).then_some(())
    });
    for _ in 0..4 {
        press_on(page, "ArrowRight");
        page.wait_true("the focus in the narration", "return !!document.activeElement.closest('#narration')");
    }
    // Each dialog gives it back to the button that opened it.
    let buttons = ["#open", "#add", "#share", "#keys", "[data-fault=B]", "[data-fault=K]", "#events-list"];
    for button in buttons {
        page.evaluate_with("document.querySelector(arguments[0]).focus()", vec![button.into()]);
        page.press("Enter");
        page.wait_visible("dialog h2");
        assert!(
            page.evaluate("return !!document.activeElement.closest('dialog')") == true,
            "{button}: the focus goes in"
        );
        page.press("Escape");
        closed(page);
        page.wait_for(&format!("{button} to have the focus"), |page| has_focus(page, button).then_some(()));
    }
    // A dialog that leads to another one, and one that opens another run.
    page.evaluate("document.querySelector('#add').focus()");
    page.press("Enter");
    page.wait_visible("dialog .fpal");
    tab_to(page, "dialog .fpal li:nth-child(2) button");
    page.press("Enter");
    page.wait_visible("#partitions");
    page.press("Escape");
    closed(page);
    page.wait_for("the first button", |page| has_focus(page, "#add").then_some(()));
    page.evaluate("document.querySelector('#open').focus()");
    page.press("Enter");
    page.wait_visible("dialog .ru");
    tab_to(page, "dialog [data-scenario='get-or-callback']");
    page.press("Enter");
    closed(page);
    page.wait_for("the run's name to have the focus", |page| has_focus(page, "#open").then_some(()));
}

/// Four words of Latin letters in a row, where no code stands.
const ENGLISH: &str = "
    const skipped = 'pre, code, kbd, .mono, script, style, [lang=en]:not(html), .msg, textarea, .lines, #taken';
    const english = /[A-Za-z]{2,}( [A-Za-z]{2,}){3,}/;
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement: around, data } = walker.currentNode;
      if (!around.closest(skipped) && around.checkVisibility() && english.test(data)) found.add(data.trim());
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      if (element.closest(skipped) || !element.checkVisibility()) continue;
      for (const name of ['aria-label', 'title', 'placeholder']) {
        const text = element.getAttribute(name);
        if (text && english.test(text)) found.add(name + ': ' + text);
      }
    }
    return [...found];";

#[track_caller]
fn speaks_korean(page: &Page, place: &str) {
    let found = page.evaluate(ENGLISH);
    assert_eq!(found, serde_json::json!([]), "English sentences in {place}");
}

pub fn korean_has_no_english_sentence(page: &Page) {
    opened(page);
    assert_ne!(page.evaluate(ENGLISH), serde_json::json!([]), "what finds English sentences finds some in English");
    dressed(page, Scheme::Light, "ko");
    speaks_korean(page, "the page");
    for _ in 0..8 {
        press_on(page, "ArrowRight");
        speaks_korean(page, &page.text(".clock"));
    }
    for key in ["n", "a", "t", "u", "?", "y", "l", "g", ":", "b", "d", "e", "p", "k", "w"] {
        page.press(key);
        page.wait_visible("dialog h2");
        speaks_korean(page, &format!("the dialog of {key}"));
        page.press("Escape");
        closed(page);
    }
    for number in [2, 3, 4, 6, 7] {
        page.press("a");
        page.click(&format!("dialog .fpal li:nth-child({number}) button"));
        page.wait_visible("dialog .fld");
        if number == 6 {
            page.fill(
                "#pasted",
                "bootstrap.servers=kafka01:9092\nacks=1\nasks=all\nsasl.mechanism=PLAIN\nretries=\\u00g\n",
            );
            page.wait_visible("#left-out");
        }
        speaks_korean(page, &format!("what is added as number {number}"));
        page.press("Escape");
        closed(page);
    }
    page.press("?");
    page.click("#about");
    page.wait_visible("#omissions li");
    speaks_korean(page, "the list of what is simplified");
    page.press("Escape");
    closed(page);
    page.click("#share");
    page.wait_true("a link", "return document.querySelector('#link')?.value.includes('#run=1.')");
    speaks_korean(page, "sharing");
    page.click("#embed");
    page.wait_visible("#embed-lines-0");
    speaks_korean(page, "embedding");
    page.press("Escape");
    closed(page);
    for setting in ["", "batch", "ssl", "metadata", "interceptor"] {
        page.fill("#find-setting", setting);
        speaks_korean(page, &format!("the settings found by `{setting}`"));
    }
    page.press("Escape");
    page.evaluate("location.hash = '#run=9.!&at=x'");
    page.wait_visible(".nl .sr ul");
    speaks_korean(page, "the notices");
    for id in &SCENARIOS[1..] {
        page.press("u");
        page.click(&format!("dialog [data-scenario='{id}']"));
        closed(page);
        page.wait_text(".nr", "→ 키");
        for _ in 0..3 {
            press_on(page, "ArrowRight");
        }
        speaks_korean(page, id);
    }
}

/// The outline and the settings are built behind the first picture: a key for them that comes before is kept.
pub fn a_key_that_comes_early_is_kept(page: &Page) {
    for (key, there) in [("o", "[role=tree]"), ("s", ".right")] {
        page.before_load(&format!(
            "new MutationObserver((_, observer) => {{
               if (!document.querySelector('.clock')) return;
               observer.disconnect();
               requestAnimationFrame(() => {{
                 window.isEarly ||= !document.querySelector('[role=tree]');
                 document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: {key:?}, bubbles: true }}));
               }});
             }}).observe(document, {{ childList: true, subtree: true }});"
        ));
        page.open("");
        page.wait_text(".clock", "step ");
        page.wait_true("an early key", "return window.isEarly");
        let inside = format!("return document.activeElement.closest({there:?}) !== null");
        page.wait_true(&format!("{key} to lead to `{there}`"), &inside);
    }
}
