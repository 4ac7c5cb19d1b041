//! The dialog in which an author makes the lines of an embed, and what the lines hold.

use super::acting::{closed, command};
use crate::axe;
use crate::page::Page;

/// Into the preview's frame.
const PREVIEW: &str = "return document.querySelector('dialog iframe')";

#[track_caller]
fn lines(page: &Page) -> String {
    page.wait_visible("#embed-lines-0");
    page.text("#embed-lines-0")
}

/// Opens the dialog by keys.
#[track_caller]
fn opened(page: &Page) {
    page.evaluate("document.querySelector('#share').focus()");
    page.press("Enter");
    page.wait_visible("#link");
    for _ in 0..3 {
        page.press("Tab");
    }
    page.press("Enter");
    page.wait_visible("#embed-preview");
}

#[track_caller]
fn ready(page: &Page) {
    page.wait_true("the embed to be ready", "return document.documentElement.dataset.embed === 'ready'");
}

/// By keyboard alone, from the top bar to the lines and back.
pub fn an_author_makes_lines_that_hold(page: &Page) {
    page.open("");
    page.wait_visible(".outline");
    page.press("u");
    page.click("[data-scenario='lost-response']");
    page.wait_text(".tb-name", "The response is lost");
    closed(page);
    page.press("g");
    page.wait_visible("#goto");
    page.type_text("step 61");
    page.press("Enter");
    page.wait_text("#narration", "too long");
    opened(page);
    // The title, where it opens, where it ends: the last of what can be chosen is a step of one's own.
    page.press("Tab");
    page.press("Tab");
    page.press("End");
    page.press("Tab");
    page.type_text("61");
    page.wait_text("dialog .probs", "It would end at step 61, where it opens or before.");
    page.press("Control+a");
    page.type_text("63");
    page.wait_true("nothing to be wrong", "return document.querySelector('dialog [role=alert]').hidden");
    // Stations, partitions, and away with the groups.
    for _ in 0..3 {
        page.press("Tab");
    }
    page.press("Space");
    for _ in 0..5 {
        page.press("Tab");
    }
    page.type_text("orders-1");
    let values = "scenario=\"lost-response\" step=\"61\" until=\"63\" show=\"stations partition narration scrubber controls\" \
                  partition=\"orders-1\"";
    page.wait_for("the lines", |page| lines(page).contains(&format!("<partita-run {values}><a href=")).then_some(()));
    assert!(
        page.text("#embed-lines-1").ends_with("partita-embed.js\" async></script>"),
        "{}",
        page.text("#embed-lines-1")
    );
    axe::check(page, "the dialog that makes embeds");
    page.shot("embedding");
    // The preview is the embed: it opens there, ends there, and shows that. It follows when typing pauses: who is in its frame
    // before that is in one that goes.
    let follows = "return document.querySelector('#embed-preview')?.getAttribute('src').includes('partition=orders-1')";
    page.wait_true("the preview of these lines", follows);
    page.enter(PREVIEW);
    ready(page);
    assert_eq!(
        [".em-p", ".em-c", ".em-x", ".grp", ".em-k"].map(|part| page.visible(part)),
        [true, true, true, false, false]
    );
    page.enter("return null");
    page.click("#embed-preview");
    page.press("ArrowRight");
    page.wait_text("#embed-end-here", "End at step 62");
    page.press("ArrowRight");
    page.enter(PREVIEW);
    page.wait_true("the end", "return document.documentElement.dataset.embed === 'ended'");
    page.wait_text(".nr", "REQUEST_TIMED_OUT");
    page.enter("return null");
    page.wait_text("#embed-end-here", "End at step 63");
    // On a phone nothing is cut.
    page.resize(390, 844);
    page.wait_frames(2);
    let wide = "const box = document.querySelector('dialog'); return box.scrollWidth <= box.clientWidth && box.getBoundingClientRect().right <= innerWidth";
    assert_eq!(page.evaluate(wide), true);
    page.shot("embedding-390");
    page.resize(1440, 900);
    // Keys in the frame are the embed's.
    page.click("#embed-title");
    page.press("Escape");
    closed(page);
    // A run that was changed is in the lines itself.
    command(page, "send producer-1 orders value=mine");
    opened(page);
    page.wait_for("a run of one's own", |page| lines(page).starts_with("<partita-run run=\"1.").then_some(()));
    page.press("Escape");
    closed(page);
}
