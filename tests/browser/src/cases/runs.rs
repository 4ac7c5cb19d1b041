//! The reader's own runs: each has a place of its own, and the dialog that opens runs lists them.

use super::acting::{closed, command};
use super::branches::put;
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

/// Where the run stands.
fn place(page: &Page) -> String {
    page.text(".clock")
}

/// Opens the dialog and waits for so many runs of the reader's own; gives their names.
#[track_caller]
fn listed(page: &Page, count: usize) -> Vec<String> {
    page.press("u");
    page.wait_for(&format!("{count} runs"), |page| {
        let names = page.texts("dialog .ur-n");
        (page.visible("dialog .ru") && names.len() == count && (count > 0 || page.visible("dialog .ru-e")))
            .then_some(names)
    })
}

#[track_caller]
fn close(page: &Page) {
    page.press("Escape");
    closed(page);
}

#[track_caller]
fn reload(page: &Page) {
    page.wait_stored();
    page.reload();
    page.wait_text(".clock", "ms");
    page.wait_visible(".outline");
}

/// Whether the script of the run that is open has this in it.
#[track_caller]
fn holds(page: &Page, part: &str) -> bool {
    page.wait_stored();
    page.evaluate("return partita.run.script").as_str().is_some_and(|script| script.contains(part))
}

pub fn two_windows_do_not_overwrite_each_other(page: &Page) {
    opened(page);
    command(page, "send producer-2 orders value=first");
    page.wait_stored();
    // The second window goes on in the run that was open last.
    let (first, second) = page.open_window();
    page.resize(1440, 900);
    page.open("");
    page.wait_text(".clock", "ms");
    page.wait_visible(".outline");
    assert!(holds(page, "value=first"));
    command(page, "send producer-2 orders value=of-the-second");
    page.wait_stored();
    assert!(!page.text(".notices").contains("Another window"), "nobody has changed it before");
    // The first knows nothing of that; its change goes on beside it.
    page.go_on_in(&first);
    command(page, "send producer-2 orders value=of-the-first");
    page.wait_text(".notices", "Another window has changed this run. You go on in a copy of your own.");
    page.shot("runs-copy");
    page.wait_stored();
    // Once is enough.
    command(page, "send producer-2 orders value=again");
    page.wait_stored();
    assert_eq!(listed(page, 2).len(), 2);
    close(page);
    for (window, own, others) in [(&first, "of-the-first", "of-the-second"), (&second, "of-the-second", "of-the-first")]
    {
        page.go_on_in(window);
        reload(page);
        command(page, "topic more");
        assert!(holds(page, own) && holds(page, "value=first") && !holds(page, others), "the window of {own}");
        assert!(!page.text(".notices").contains("Another window"), "each has a run of its own by now");
    }
    assert_eq!(listed(page, 2).len(), 2);
}

/// Two windows look at the same run at two places.
pub fn a_window_comes_back_where_it_stood(page: &Page) {
    opened(page);
    command(page, "send producer-2 orders value=first");
    page.wait_stored();
    let (first, second) = page.open_window();
    page.resize(1440, 900);
    page.open("");
    page.wait_text(".clock", "ms");
    page.wait_visible(".outline");
    press_on(page, "Home");
    page.wait_stored();
    page.go_on_in(&first);
    press_on(page, "ArrowRight");
    press_on(page, "ArrowRight");
    let there = place(page);
    page.wait_stored();
    page.go_on_in(&second);
    let start = place(page);
    assert_ne!(start, there);
    reload(page);
    page.wait_for("the start", |page| (place(page) == start).then_some(()));
    page.go_on_in(&first);
    reload(page);
    page.wait_for("the place of the first window", |page| (place(page) == there).then_some(()));
    // Looking is no change: there is one run still.
    assert_eq!(listed(page, 1).len(), 1);
}

pub fn a_link_leaves_the_readers_own_run_alone(page: &Page) {
    opened(page);
    // What is only looked at is no run of one's own.
    press_on(page, "ArrowRight");
    page.wait_stored();
    assert_eq!(listed(page, 0), Vec::<String>::new());
    close(page);
    command(page, "send producer-2 orders value=mine");
    page.wait_stored();
    page.open_script("cluster brokers=2 seed=5\ntopic linked\nproducer p\nsend p linked value=1\n", Some(3));
    page.wait_text(".pt-h", "linked");
    page.wait_visible(".outline");
    reload(page);
    page.wait_text(".pt-h", "linked");
    assert_eq!(listed(page, 1), ["The response is lost"]);
    page.shot("runs-own");
    axe::check(page, "the dialog that opens runs");
    close(page);
    // The first change keeps it.
    command(page, "topic mine");
    page.wait_stored();
    assert_eq!(listed(page, 2), ["From a link", "The response is lost"]);
    assert!(page.text("dialog .ur[aria-current]").contains("From a link"), "{}", page.text("dialog .urs"));
    page.click("dialog .ur:not([aria-current]) .ur-n");
    closed(page);
    page.wait_text(".tb-name", "The response is lost");
    assert!(holds(page, "value=mine"));
    reload(page);
    assert_eq!(page.text(".tb-name"), "The response is lost");
    command(page, "topic more");
    assert!(holds(page, "value=mine") && holds(page, "topic more"));
}

pub fn a_run_is_named(page: &Page) {
    opened(page);
    command(page, "send producer-2 orders value=mine");
    page.wait_stored();
    listed(page, 1);
    page.wait_true("the focus on the run that is open", "return document.activeElement.className === 'ur-n'");
    page.press("Tab");
    page.press("Enter");
    page.wait_true("the field", "return document.activeElement.matches('.ur input')");
    page.press("Control+a");
    page.type_text("Nobody's");
    // Esc leaves the name, and the dialog open.
    page.press("Escape");
    page.wait_true("the button again", "return document.activeElement.matches('.ur .btn')");
    assert_eq!(page.texts("dialog .ur-n"), ["The response is lost"]);
    page.press("Enter");
    page.wait_true("the field", "return document.activeElement.matches('.ur input')");
    page.press("Control+a");
    page.type_text("Lecture 3, \"four\" readers");
    page.shot("runs-rename");
    axe::check(page, "a run that is being named");
    page.press("Enter");
    page.wait_true("the button again", "return document.activeElement.matches('.ur .btn')");
    assert_eq!(page.texts("dialog .ur-n"), ["Lecture 3, \"four\" readers"]);
    close(page);
    page.wait_text(".tb-name", "Lecture 3, \"four\" readers");
    // It stays when the run is changed, and over a reload.
    command(page, "topic more");
    reload(page);
    page.wait_text(".tb-name", "Lecture 3, \"four\" readers");
    assert_eq!(listed(page, 1), ["Lecture 3, \"four\" readers"]);
    // No name is the old one.
    page.press("Tab");
    page.press("Enter");
    page.wait_true("the field", "return document.activeElement.matches('.ur input')");
    page.press("Control+a");
    page.press("Delete");
    page.press("Enter");
    page.wait_text("dialog .ur-n", "The response is lost");
}

pub fn a_run_is_deleted_and_had_back(page: &Page) {
    opened(page);
    command(page, "send producer-2 orders value=mine");
    page.wait_stored();
    listed(page, 1);
    page.click("dialog [data-scenario='get-or-callback']");
    closed(page);
    page.wait_text(".tb-name", "get() or a callback");
    command(page, "send producer-1 orders value=sync");
    page.wait_stored();
    assert_eq!(listed(page, 2), ["get() or a callback", "The response is lost"]);
    let bin = "dialog .ur:not([aria-current]) .btn:last-of-type";
    page.click(bin);
    page.wait_text("dialog .ur.del", "The response is lost");
    page.wait_text("dialog h3 small", "1 run,");
    page.wait_true("the focus on the way back", "return document.activeElement.matches('.ur.del .lk')");
    page.shot("runs-deleted");
    axe::check(page, "a run that was deleted");
    page.press("Enter");
    page.wait_true("no deleted run", "return !document.querySelector('.ur.del')");
    close(page);
    assert_eq!(listed(page, 2).len(), 2);
    // When the dialog is closed, it is gone.
    page.click(bin);
    page.wait_visible("dialog .ur.del");
    close(page);
    assert_eq!(listed(page, 1), ["get() or a callback"]);
    page.wait_true(
        "nothing of it in the storage",
        &format!("return {STORED}.then((all) => !all.includes('value=mine'))"),
    );
    // Who deletes the run that is open goes on looking at it, and has it again with the next change.
    page.click("dialog .ur .btn:last-of-type");
    page.wait_visible("dialog .ur.del");
    close(page);
    assert_eq!(listed(page, 0).len(), 0);
    close(page);
    reload(page);
    page.wait_text(".tb-name", "get() or a callback");
    command(page, "topic more");
    page.wait_stored();
    assert_eq!(listed(page, 1), ["get() or a callback"]);
}

/// All texts of the database, as a promise.
const STORED: &str = "new Promise((done) => {
      const open = indexedDB.open('partita', 1);
      open.onsuccess = () => {
        const all = open.result.transaction('runs').objectStore('runs').getAll();
        all.onsuccess = () => { open.result.close(); done(all.result.join('\\n')); };
      };
    })";

pub fn the_one_run_of_former_times_is_taken_over(page: &Page) {
    opened(page);
    put(page, "partita 1\ncluster brokers=2 seed=3\ntopic former\nproducer p\n@60000+1 send p former value=kept\n");
    page.reload();
    page.wait_text(".tb-name", "A run of your own");
    page.wait_visible(".outline");
    assert_eq!(listed(page, 1), ["A run of your own"]);
    close(page);
    command(page, "topic more");
    assert!(holds(page, "value=kept") && holds(page, "topic more"));
    reload(page);
    // A command was still to come: what was done before it is a branch, whose name the run has.
    assert_eq!(listed(page, 1), ["topic more"]);
}

pub fn a_storage_that_fails_is_told_once(page: &Page) {
    page.before_load(
        "window.isFull = false;
         const put = IDBObjectStore.prototype.put;
         IDBObjectStore.prototype.put = function (...given) {
           if (window.isFull) throw new DOMException('full', 'QuotaExceededError');
           return put.apply(this, given);
         };",
    );
    opened(page);
    page.wait_stored();
    page.evaluate("window.isFull = true");
    command(page, "send producer-2 orders value=1");
    page.wait_text(".notices", "The run could not be stored.");
    assert!(page.text(".notices").contains("Export"), "the file is the way out");
    page.click(".notices [data-about=Unkept] .nl-x");
    page.wait_true("no notice", "return !document.querySelector('.notices').innerText.includes('could not be stored')");
    command(page, "send producer-2 orders value=2");
    page.wait_frames(30);
    assert!(!page.text(".notices").contains("could not be stored"), "once is enough");
    // When there is room again, it is stored as it is.
    page.evaluate("window.isFull = false");
    command(page, "send producer-2 orders value=3");
    reload(page);
    assert_eq!(listed(page, 1).len(), 1);
    close(page);
    command(page, "topic more");
    assert!(holds(page, "value=1") && holds(page, "value=2") && holds(page, "value=3"));
}

pub fn a_reload_stands_at_the_event_that_was_told(page: &Page) {
    page.open("");
    page.wait_visible(".outline");
    let told = |page: &Page| page.texts("#narration p.say");
    let go = |page: &Page, key: &str| {
        let before = told(page);
        page.press(key);
        page.wait_for("another sentence", |page| (told(page) != before).then_some(()));
    };
    // Until one stands at the first of several events of a move.
    for _ in 0..40 {
        go(page, "]");
        page.wait_stored();
        let state =
            page.evaluate("return sessionStorage['partita.run']").as_str().map(str::to_owned).unwrap_or_default();
        let at = place(page);
        if !state.contains(" told=0\n") {
            continue;
        }
        let said = told(page);
        go(page, "]");
        if place(page).split("ms").next() == at.split("ms").next() {
            go(page, "[");
            assert_eq!((place(page), told(page)), (at.clone(), said.clone()));
            reload(page);
            page.wait_for("the event that was told", |page| (place(page) == at && told(page) == said).then_some(()));
            return;
        }
    }
    panic!("no move of two events");
}
