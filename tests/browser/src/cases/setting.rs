//! A setting, edited under its chip, and where one stands when the run has begun again with another value.

use super::acting::closed;
use super::moving::{opened, press_on};
use crate::axe;
use crate::page::Page;

const CHIP: &str = ".st .chip[data-setting='linger.ms']";

/// Steps until the followed record lies in its batch, and opens the editor at the station.
#[track_caller]
fn at_accumulate(page: &Page) {
    for _ in 0..12 {
        if page.count(".st.now .chip[data-setting='linger.ms']") > 0 {
            break;
        }
        press_on(page, "Shift+ArrowRight");
    }
    page.wait_visible(CHIP);
    page.click(CHIP);
    page.wait_visible("dialog #set-value");
}

#[track_caller]
fn stands_under_its_chip(page: &Page) {
    page.wait_true(
        "the whole value to be selected, in the field",
        "const f = document.activeElement;
         return f.id === 'set-value' && f.selectionStart === 0 && f.selectionEnd === f.value.length && f.value !== ''",
    );
    page.wait_true(
        "the nib at the chip",
        &format!(
            "const chip = document.querySelector({CHIP:?}).getBoundingClientRect();
             const dialog = document.querySelector('dialog'), box = dialog.getBoundingClientRect();
             const nib = box.left + parseFloat(getComputedStyle(dialog).getPropertyValue('--nib'));
             const gap = box.top > chip.top ? box.top - chip.bottom : chip.top - box.bottom;
             return nib >= chip.left && nib <= chip.right && gap >= 4 && gap <= 12 && box.right <= innerWidth
               && box.bottom <= innerHeight && box.left >= 0 && box.top >= 0"
        ),
    );
}

pub fn a_setting_is_edited_under_its_chip(page: &Page) {
    opened(page);
    at_accumulate(page);
    stands_under_its_chip(page);
    page.wait_text("dialog", "in this run;");
    // Kafka's refusal stands between the field and the buttons, which cannot be pressed.
    page.type_text("-5");
    page.wait_text("dialog .msg", "Value must be at least 0");
    page.wait_text("dialog .msg", "Not applied: the run still uses");
    page.wait_true(
        "the refusal in its place",
        "const [f, m, b] = ['#set-value', 'dialog .msg', '.ch2 button'].map((s) => document.querySelector(s).getBoundingClientRect());
         return f.bottom <= m.top && m.bottom <= b.top && [...document.querySelectorAll('.ch2 button')].every((b) => b.disabled)",
    );
    page.shot("setting-popover-refused");
    axe::check(page, "a refused setting under its chip");
    page.fill("#set-value", "200");
    page.wait_text(".ch2 > div:first-child", "The same commands run again with 200. You stand at Accumulate of record");
    page.wait_text(".ch2 > div:last-child", "made anew");
    assert!(page.text(".ch2 > div:first-child button").contains("From the start"));
    page.shot("setting-popover");
    axe::check(page, "a setting under its chip");
    let stage = page.text(".st.now .st-n");
    page.press("Enter");
    closed(page);
    page.wait_text(".notices", "linger.ms");
    page.wait_true("the new value", &format!("return document.querySelector({CHIP:?}).textContent.includes('=200')"));
    // The same stage, and the first difference is a link.
    assert_eq!(page.text(".st.now .st-n"), stage);
    let clock = page.text(".clock");
    page.click(".nl .nl-g");
    page.wait_for("another place", |page| (page.text(".clock") != clock).then_some(()));
    // Esc closes it and gives the focus back to its chip.
    page.click(CHIP);
    page.wait_visible("dialog #set-value");
    page.press("Escape");
    closed(page);
    page.wait_true("the focus on the chip", "return document.activeElement.classList.contains('chip')");
}

pub fn a_setting_is_edited_in_korean(page: &Page) {
    opened(page);
    page.click("#language");
    at_accumulate(page);
    stands_under_its_chip(page);
    page.fill("#set-value", "200");
    page.wait_text(".ch2 > div:first-child", "같은 명령을 새 값으로 다시 실행합니다. 값: 200.");
    page.wait_text(".ch2 > div:last-child", "새로 만듭니다.");
    page.shot("setting-popover-ko");
    let stage = page.text(".st.now .st-n");
    page.click(".ch2 [data-from='start']");
    closed(page);
    page.wait_text(".notices", "같은 명령을 다시 실행했습니다.");
    assert_eq!(page.text(".st.now .st-n"), stage);
}
