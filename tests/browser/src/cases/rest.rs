//! The second part of the program: the page goes without it, and what asks for it waits or is told.

use super::acting::closed;
use super::moving::{press_on, step};
use crate::axe;
use crate::page::Page;

/// From now on pages get the second part only when `letGo()` is called, and nothing of its name while `window.gone` is set.
#[track_caller]
fn hold(page: &Page) {
    page.before_load(
        "const real = window.fetch;
         const held = [];
         let isHeld = true;
         window.letGo = () => { isHeld = false; held.forEach((go) => go()); };
         window.fetch = async (address, ...more) => {
           if (!String(address).includes('/rest-')) return real(address, ...more);
           window.asked = true;
           if (isHeld) await new Promise((go) => held.push(go));
           return real(window.gone ? String(address) + '.gone' : address, ...more);
         };",
    );
}

/// Opens the page without its second part, which is asked for by then.
#[track_caller]
fn opened_without(page: &Page) {
    page.open("");
    is_without(page);
}

#[track_caller]
fn is_without(page: &Page) {
    page.wait_text(".clock", "step ");
    page.wait_visible(".outline");
    page.wait_true("the second part to be asked for", "return window.asked");
    assert_eq!(stage(page), "awaited");
}

fn stage(page: &Page) -> String {
    page.attribute("html", "data-rest").unwrap_or_default()
}

#[track_caller]
fn wait_stage(page: &Page, word: &str) {
    page.wait_for(&format!("the second part to be {word}"), |page| (stage(page) == word).then_some(()));
}

#[track_caller]
fn has_focus(page: &Page, id: &str) {
    page.wait_for(&format!("the focus to be in #{id}"), |page| {
        (page.evaluate("return document.activeElement.id") == id).then_some(())
    });
}

pub fn the_page_plays_without_its_second_part(page: &Page) {
    hold(page);
    opened_without(page);
    let first = step(page);
    press_on(page, "ArrowRight");
    press_on(page, "ArrowLeft");
    press_on(page, "Shift+ArrowRight");
    press_on(page, "Home");
    press_on(page, "End");
    assert!(step(page) > first);
    page.press("/");
    has_focus(page, "find-setting");
    page.type_text("linger.ms");
    page.wait_visible("#cfg-linger\\.ms");
    page.press("Escape");
    page.press("o");
    page.wait_true("the outline", "return !!document.activeElement.closest('[role=tree]')");
    assert_eq!(stage(page), "awaited");
    let asked = |page: &Page| page.requests().iter().filter(|file| file.contains("/rest-")).count();
    assert_eq!(asked(page), 0);
    // It comes of itself, once and for all.
    page.evaluate("letGo()");
    wait_stage(page, "there");
    page.press("?");
    page.wait_visible("dialog .keys");
    assert_eq!(asked(page), 1);
    let of_embeds = page.requests().into_iter().find(|file| file.contains("/embed-"));
    assert_eq!(of_embeds, None, "the page does without what only embeds need");
}

pub fn what_is_typed_before_a_dialog_is_there_goes_into_it(page: &Page) {
    hold(page);
    page.open_script("cluster brokers=1 seed=3\ntopic t1\nproducer producer-1\nproducer producer-2\n", Some(3));
    is_without(page);
    let (first, notices) = (step(page), page.text(".notices"));
    // Letters and arrows of a dialog on its way are none of the scene's.
    page.press("n");
    has_focus(page, "typed-early");
    page.wait_text("dialog h2", "Send a record");
    axe::check(page, "a dialog that is awaited");
    page.shot("dialog-awaited");
    for typed in ["producer-2", "t1", "ana b", "7"] {
        page.type_text(typed);
        if typed != "7" {
            page.press("Tab");
        }
    }
    assert_eq!((step(page), page.text(".notices")), (first, notices));
    page.evaluate("letGo()");
    page.wait_text("dialog .lines", "send producer-2 t1 key=\"ana b\" value=7");
    has_focus(page, "value");
    page.type_text("7");
    page.wait_text("dialog .lines", "value=77");
    page.press("Escape");
    closed(page);
    // Enter, and a menu's choice.
    for (keys, there) in [
        ("g0\n", "return document.querySelector('.clock').textContent.startsWith('0.0 ms')"),
        ("a\n", "return document.activeElement.id === 'producer'"),
    ] {
        opened_without(page);
        page.press(&keys[..1]);
        has_focus(page, "typed-early");
        for key in keys[1..].chars() {
            page.press(if key == '\n' { "Enter" } else { "0" });
        }
        page.evaluate("letGo()");
        page.wait_true(&format!("what {keys:?} does"), there);
    }
    // One that is closed again is not there when the second part comes, and the focus is where it was.
    opened_without(page);
    page.evaluate("document.querySelector('#share').focus()");
    page.press("l");
    has_focus(page, "typed-early");
    page.press("Escape");
    closed(page);
    has_focus(page, "share");
    page.evaluate("letGo()");
    wait_stage(page, "there");
    closed(page);
}

pub fn a_second_part_that_does_not_come_is_told(page: &Page) {
    hold(page);
    page.expect_error("404");
    opened_without(page);
    page.evaluate("window.gone = true; letGo()");
    wait_stage(page, "missing");
    // Asked for again with each dialog that is opened.
    page.evaluate("document.querySelector('#share').focus()");
    page.press("n");
    page.wait_text("dialog [role=alert]", "This window could not be loaded from the site");
    has_focus(page, "rest-again");
    page.shot("dialog-missing");
    axe::check(page, "a dialog that is missing");
    page.press("Enter");
    page.wait_text("dialog [role=alert]", "Try again, or reload the page.");
    has_focus(page, "rest-again");
    page.press("Escape");
    closed(page);
    has_focus(page, "share");
    // The keys go on.
    press_on(page, "ArrowRight");
    page.click("#language");
    page.wait_text(".col-p", "프로듀서");
    page.press("n");
    page.wait_text("dialog [role=alert]", "창을 사이트에서 불러오지 못했습니다.");
    axe::check(page, "a dialog that is missing, Korean");
    page.evaluate("window.gone = false");
    has_focus(page, "rest-again");
    page.press("Enter");
    has_focus(page, "producer");
    assert_eq!(stage(page), "there");
    page.press("Escape");
    closed(page);
}

pub fn a_file_that_is_dropped_early_is_read(page: &Page) {
    hold(page);
    let drop = "
        const data = new DataTransfer();
        data.items.add(new File([arguments[0]], arguments[1]));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));";
    let files = [
        ("key,value\na,1\n", "table.csv", "#records-sum", "Read as CSV"),
        ("acks=all\nlinger.ms=30\n", "a.properties", "#taken", "linger.ms=30"),
        ("cluster brokers=1\ntopic early partitions=1\n", "run.txt", "#open", "A run of your own"),
    ];
    for (text, name, place, part) in files {
        opened_without(page);
        page.evaluate_with(drop, vec![text.into(), name.into()]);
        page.wait_text("dialog h2", "A file");
        page.evaluate("letGo()");
        page.wait_text(place, part);
    }
    closed(page);
    // Nothing had the focus before, so nothing has it now.
    page.wait_frames(2);
    assert_eq!(page.evaluate("return document.activeElement.tagName"), "BODY");
    page.expect_error("404");
    opened_without(page);
    page.evaluate("window.gone = true; letGo()");
    page.evaluate_with(drop, vec![files[0].0.into(), files[0].1.into()]);
    has_focus(page, "rest-again");
    page.evaluate("window.gone = false");
    page.press("Enter");
    page.wait_text("#records-sum", "Read as CSV");
}

pub fn a_second_part_of_another_type_is_taken(page: &Page) {
    page.before_load(
        "const real = window.fetch;
         window.fetch = async (...asked) => {
           const { body } = await real(...asked);
           return new Response(body, { headers: { 'Content-Type': 'text/plain' } });
         };",
    );
    page.open("");
    wait_stage(page, "there");
    page.press("n");
    page.wait_visible("#key");
}

pub fn a_second_part_that_ends_early_is_none(page: &Page) {
    page.expect_error("aborted");
    page.before_load(
        "const real = window.fetch;
         window.fetch = async (address, ...more) => {
           const answer = await real(address, ...more);
           if (!String(address).includes('/rest-') || window.whole) return answer;
           const bytes = await answer.arrayBuffer();
           return new Response(bytes.slice(0, bytes.byteLength / 2));
         };",
    );
    page.open("");
    wait_stage(page, "missing");
    page.evaluate("window.whole = true");
    page.press("n");
    page.wait_visible("#key");
}
