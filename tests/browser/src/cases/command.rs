//! A line of the grammar that is typed; what is typed into a dialog and left; what the page says and keeps.

use super::acting::{closed, command};
use super::moving::press_on;
use crate::axe;
use crate::page::Page;

/// Opens the page with a ready scenario that has two producers.
#[track_caller]
fn opened(page: &Page) {
    page.open("");
    page.wait_visible(".outline");
    page.press("u");
    page.click("[data-scenario='lost-response']");
    page.wait_text(".tb-name", "The response is lost");
    closed(page);
}

fn line(page: &Page) -> String {
    page.evaluate("return document.querySelector('#command').value").as_str().unwrap_or_default().to_owned()
}

#[track_caller]
fn wait_line(page: &Page, expected: &str) {
    page.wait_for(&format!("the line `{expected}`"), |page| (line(page) == expected).then_some(()));
}

pub fn a_line_is_completed_by_keyboard(page: &Page) {
    opened(page);
    page.press(":");
    page.wait_visible("#command");
    assert_eq!(page.attribute("#command", "aria-expanded").as_deref(), Some("false"));
    page.type_text("sen");
    page.wait_text("#command-list", "send-sync");
    page.press("Tab");
    wait_line(page, "send ");
    page.wait_text("#command-form", "send ID TOPIC");
    page.wait_text("#command-list", "producer-1");
    // Arrows choose, Enter takes: the form is not sent.
    page.press("ArrowDown");
    page.press("ArrowDown");
    let active = page.attribute("#command", "aria-activedescendant").expect("one of the list");
    assert_eq!(page.attribute(&format!("#{active}"), "aria-selected").as_deref(), Some("true"));
    axe::check(page, "the list of a line");
    page.shot("command-list");
    page.press("Enter");
    wait_line(page, "send producer-2 ");
    page.type_text("or");
    page.press("Tab");
    wait_line(page, "send producer-2 orders ");
    page.type_text("val");
    page.press("Tab");
    wait_line(page, "send producer-2 orders value=");
    page.type_text("7");
    // Esc closes the list first, then the window.
    page.type_text(" par");
    page.wait_text("#command-list", "partition=");
    page.press("Escape");
    page.wait_true("no list", "return document.querySelector('#command-list').hidden");
    assert!(page.visible("#command"));
    for _ in 0..4 {
        page.press("Backspace");
    }
    wait_line(page, "send producer-2 orders value=7");
    page.wait_frames(10);
    // With no list open Esc would close the window.
    if page.visible("#command-list") {
        page.press("Escape");
    }
    page.press("Enter");
    closed(page);
    page.wait_true("the record", "return partita.run.script.includes('send producer-2 orders value=7')");
    // Names of properties, with their form.
    page.press(":");
    page.wait_visible("#command");
    page.type_text("set producer-1 linger");
    page.wait_text("#command-list", "LONG [0,...], default 5");
    page.press("Tab");
    wait_line(page, "set producer-1 linger.ms=");
    page.press("Control+a");
    page.press("Delete");
    page.press("Escape");
    if page.visible("#command") {
        page.press("Escape");
    }
    closed(page);
}

pub fn the_grammar_has_a_page(page: &Page) {
    opened(page);
    page.press(":");
    page.click("#grammar");
    page.wait_text("#grammar-page", "drop-response broker-N API");
    page.shot("grammar");
    axe::check(page, "the page of the grammar");
    page.press("Escape");
    closed(page);
    page.click("#language");
    page.press("?");
    page.click("#all-lines");
    page.wait_text("#grammar-page", "응답이 도중에 사라집니다");
}

pub fn what_was_typed_stands_there_again(page: &Page) {
    opened(page);
    page.press("n");
    page.wait_visible("#key");
    page.fill("#key", "ana");
    page.fill("#value", "seven");
    page.press("Escape");
    closed(page);
    page.press("n");
    page.wait_text("dialog .lines", "key=ana value=seven");
    // What was done is done.
    page.click("dialog button[type=submit]");
    closed(page);
    page.press("n");
    page.wait_visible("#key");
    assert!(!page.text("dialog .lines").contains("ana"), "{}", page.text("dialog .lines"));
    page.press("Escape");
    closed(page);
    // What is typed again takes its place.
    page.press("g");
    page.wait_visible("#goto");
    page.type_text("soon");
    page.press("Escape");
    closed(page);
    // It is chosen before another key can come: nothing but microtasks lies between.
    let chosen = "
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'g', code: 'KeyG', bubbles: true }));
        const pass = (times) => (times > 0 ? Promise.resolve().then(() => pass(times - 1)) : undefined);
        return pass(1000).then(() => {
          const { value, selectionStart, selectionEnd } = document.querySelector('#goto') ?? {};
          return [value, selectionStart, selectionEnd];
        });";
    assert_eq!(page.evaluate(chosen), serde_json::json!(["soon", 0, 4]));
    page.type_text("0");
    page.wait_true("what is typed", "return document.querySelector('#goto').value === '0'");
    page.press("Enter");
    closed(page);
    page.press("a");
    page.click("dialog .fpal li:nth-child(6) button");
    page.wait_visible("#pasted");
    page.fill("#pasted", "linger.ms=30");
    page.wait_text("#taken", "linger.ms=30");
    page.press("Escape");
    closed(page);
    page.press("a");
    page.click("dialog .fpal li:nth-child(6) button");
    page.wait_text("#taken", "linger.ms=30");
}

/// A notice goes when it is no longer true; the list of events has it still. What was only computed ahead is no past.
pub fn what_was_said_can_be_read_again(page: &Page) {
    opened(page);
    for _ in 0..3 {
        press_on(page, "ArrowRight");
    }
    press_on(page, "ArrowLeft");
    command(page, "send producer-2 orders value=1");
    page.wait_text(".notices", "You changed the past.");
    assert_eq!(page.count(".nr .notices"), 1, "it stands in the narration");
    page.shot("notice-line");
    page.press("y");
    page.click("dialog [data-branch='0']");
    closed(page);
    page.wait_true(
        "it to be gone",
        "return !document.querySelector('.notices').textContent.includes('You changed the past.')",
    );
    page.press("l");
    page.wait_text("#noted", "You changed the past.");
    page.shot("noted");
    axe::check(page, "the list with notices");
}
