//! What follows something else: popovers what they stand under, settings who acts, stations the room that there is, and the
//! words that are spoken the reader's language.

use super::acting::command;
use super::looks::dressed;
use super::moving::{choose_story, opened, opened_first};
use super::promises::{leads_to_chain, told_to_its_end};
use crate::page::{Page, Scheme};

/// How far the popover is from what it stands under, in pixels: aside, and up or down.
const AWAY: &str = "
    const [popover, by] = [arguments[0], arguments[1]].map((one) => document.querySelector(one).getBoundingClientRect());
    const nib = parseFloat(document.querySelector(arguments[0]).style.getPropertyValue('--nib'));
    const aside = Math.abs(popover.left + nib - (by.left + by.width / 2));
    return aside < 3 && Math.min(Math.abs(popover.top - by.bottom), Math.abs(by.top - popover.bottom)) < 14;";

pub fn popovers_stay_with_what_they_stand_under(page: &Page) {
    opened_first(page);
    page.wait_true("the second part", "return document.documentElement.dataset.rest === 'there'");
    let (badge, chip) = ("[data-promise=acknowledged-kept] .prom-b", ".st [data-setting=acks]");
    page.resize(1920, 1080);
    page.wait_frames(3);
    for (by, popover) in [(badge, ".pp.ex"), (chip, "dialog.pp")] {
        page.click(by);
        page.wait_visible(popover);
        for (width, height) in [(1920, 1080), (1440, 900), (1680, 1000)] {
            page.resize(width, height);
            page.wait_for(&format!("{popover} under {by} at {width} pixels"), |page| {
                (page.evaluate_with(AWAY, vec![popover.into(), by.into()]) == true).then_some(())
            });
        }
        page.press("Escape");
        page.wait_for("no popover", |page| (page.count(popover) == 0).then_some(()));
        page.resize(1920, 1080);
        page.wait_frames(3);
    }
}

pub fn what_comes_under_a_pointer_at_rest_is_silent(page: &Page) {
    opened_first(page);
    page.wait_true("the second part", "return document.documentElement.dataset.rest === 'there'");
    page.resize(1440, 900);
    page.wait_frames(2);
    page.hover(".tb > .sp");
    // The badges come to lie under it, as they do when their words change.
    page.evaluate(
        "const [badge, rest] = ['[data-promise=acknowledged-kept] .prom-b', '.tb > .sp'].map((one) => document.querySelector(one));
         const middle = (one) => { const box = one.getBoundingClientRect(); return box.left + box.width / 2; };
         window.entered = 0;
         badge.addEventListener('pointerenter', () => { window.entered += 1; });
         const list = document.querySelector('.promises');
         list.style.position = 'relative';
         list.style.right = `${middle(badge) - middle(rest)}px`;",
    );
    page.wait_true("the badge under the pointer", "return window.entered > 0");
    // Far more frames than a pointer rests that asks for something.
    page.wait_frames(60);
    assert_eq!(page.count(".pp.ex"), 0, "the pointer has not moved");
    page.hover("[data-promise=acknowledged-kept] .prom-b svg");
    page.wait_visible(".pp.ex dl");
}

pub fn what_is_spoken_is_in_the_readers_language(page: &Page) {
    opened_first(page);
    dressed(page, Scheme::Light, "en");
    told_to_its_end(page, "auto-commit");
    let spoken = "return [...document.querySelectorAll('[aria-live], [role=alert], [role=status]')]
        .map((one) => one.textContent.trim()).filter((text) => text)";
    let said = page.evaluate(spoken).to_string();
    assert!(said.contains("processed twice"), "{said}");
    dressed(page, Scheme::Light, "ko");
    page.wait_frames(3);
    let said = page.evaluate(spoken);
    let texts = said.as_array().cloned().unwrap_or_default();
    assert!(!texts.is_empty(), "the end is spoken");
    for text in texts {
        let text = text.as_str().unwrap_or_default();
        assert!(text.contains(|c: char| ('가'..='힣').contains(&c)), "{text}");
        assert!(!text.contains("twice"), "{text}");
    }
}

pub fn the_keyboard_comes_to_the_pairs_of_lines(page: &Page) {
    opened_first(page);
    page.resize(1440, 900);
    told_to_its_end(page, "auto-commit");
    assert_eq!(page.count(".ln-2"), 1, "one stop for all offsets of a stretch");
    page.evaluate("document.querySelector('#scene').focus()");
    let mut presses = 0;
    while page.evaluate("return document.activeElement.matches('.ln-2')") != true {
        page.press("Tab");
        presses += 1;
        assert!(presses < 60, "Tab does not lead to the pair of lines");
    }
    let name = page.attribute(".ln-2", "aria-label").unwrap_or_default();
    assert!(name.contains("billing") && name.contains("2–4"), "{name}");
    page.press("Enter");
    leads_to_chain(page);
}

pub fn six_stations_have_room_beside_two_producers(page: &Page) {
    const OUT: &str = "
        const room = document.querySelector('.col-p .col-s').getBoundingClientRect();
        return [...document.querySelectorAll('.col-p .st, .col-p .pr-2, .col-p .pr-h')].filter((one) => {
          const box = one.getBoundingClientRect();
          return box.top < room.top - 1 || box.bottom > room.bottom + 1;
        }).map((one) => one.textContent);";
    opened_first(page);
    page.resize(1440, 900);
    page.wait_frames(3);
    assert_eq!(page.count(".col-p[data-fold]"), 0, "one producer has room");
    told_to_its_end(page, "broker-crash");
    page.wait_frames(3);
    assert_eq!(page.evaluate(OUT), serde_json::json!([]));
    page.shot("two-producers");
}

pub fn a_low_window_tells_of_a_broker_that_is_down(page: &Page) {
    const CUT: &str = "
        const cut = [];
        for (const tile of document.querySelectorAll('.bk')) {
          const [words, button] = ['.bk-t', '.pw'].map((one) => tile.querySelector(one));
          const area = document.createRange();
          area.selectNodeContents(words);
          const is_cut = words.scrollWidth > words.clientWidth + 1;
          const end = words.getBoundingClientRect().right - parseFloat(getComputedStyle(words).paddingRight);
          const is_seen = words.getBoundingClientRect().top < tile.getBoundingClientRect().bottom - 4;
          if (tile.matches('.down') && !is_seen) cut.push('hidden: ' + words.textContent);
          if (is_cut && is_seen) cut.push('cut: ' + words.textContent);
          const right = Math.min(end, area.getBoundingClientRect().right);
          if (right > button.getBoundingClientRect().left + 1) cut.push('covered: ' + words.textContent);
        }
        const row = document.querySelector('.flt').getBoundingClientRect();
        for (const button of document.querySelectorAll('.flt .btn')) {
          const box = button.getBoundingClientRect();
          if (box.left < row.left || box.right > row.right + 1) cut.push('outside: ' + button.title);
        }
        return cut;";
    opened_first(page);
    for language in ["en", "ko"] {
        dressed(page, Scheme::Light, language);
        choose_story(page, "broker-crash");
        stepped(page, "a broker that is down", |page| page.count(".bk.down") > 0);
        for (width, height) in [(1366, 657), (1280, 720)] {
            page.resize(width, height);
            page.wait_frames(3);
            assert_eq!(page.evaluate(CUT), serde_json::json!([]), "{language}, {width} pixels");
        }
    }
}

/// Goes on step by step until something is there.
fn stepped(page: &Page, what: &str, mut is_there: impl FnMut(&Page) -> bool) {
    let mut steps = 0;
    while !is_there(page) {
        steps += 1;
        assert!(steps < 120, "no step has {what}");
        page.press("ArrowRight");
        page.wait_frames(3);
    }
}

pub fn settings_follow_who_acts(page: &Page) {
    opened_first(page);
    page.wait_visible("#settings-of");
    let whose = |page: &Page| page.evaluate("return document.querySelector('#settings-of').value").to_string();
    // In a low window the reader unfolds them, which keeps nobody's.
    page.resize(1366, 657);
    page.wait_frames(3);
    page.click("#fold-settings");
    page.wait_true("the settings", "return document.querySelector('#fold-settings').ariaExpanded === 'true'");
    let unfolded = whose(page);
    stepped(page, "somebody else's settings", |page| whose(page) != unfolded);
    page.press("Home");
    page.resize(1440, 900);
    page.wait_frames(3);
    let mut seen = Vec::new();
    stepped(page, "the end", |page| {
        let (now, code) = (whose(page), page.text(".code .who"));
        assert!(code.is_empty() || now.contains(&code), "{now} beside the code of {code}");
        if !seen.contains(&now) {
            seen.push(now);
        }
        page.count(".nr.end") > 0
    });
    assert!(seen.len() > 1, "{seen:?}");
    // Who works in them keeps them.
    let before = whose(page);
    page.evaluate("document.querySelector('#find-setting').focus(); document.querySelector('#find-setting').blur();");
    for _ in 0..12 {
        page.press("ArrowLeft");
        page.wait_frames(3);
        assert_eq!(whose(page), before);
    }
}

/// Back in the run that was left, nothing says any more that another one is open.
pub fn a_run_that_is_open_is_no_other_one(page: &Page) {
    opened(page);
    command(page, "send producer-2 orders key=leo value=82");
    page.wait_stored();
    choose_story(page, "journey");
    page.wait_text(".notices", "Another run is open.");
    page.press("u");
    page.click("[data-own] .ur-n");
    page.wait_text(".tb-name", "The response is lost");
    page.wait_visible(".outline");
    page.wait_frames(3);
    assert!(!page.text(".notices").contains("Another run"), "{}", page.text(".notices"));
    // And none leads back to a run that is deleted.
    choose_story(page, "journey");
    page.wait_text(".notices", "Another run is open.");
    page.press("u");
    page.click("[data-own] [id*=delete]");
    page.wait_visible("dialog");
    page.press("Escape");
    page.wait_true("no notice", "return !document.querySelector('.notices').innerText.includes('Another run')");
}
