//! Two runs in one page: each is stepped alone, has ids and a place in the storage of its own.

use super::acting::{hold_the_storage, release};
use super::moving::opened;
use crate::page::Page;

/// The second run's part of the page, and what its ids begin with.
const SECOND: &str = "[data-run]";
const PREFIX: &str = "run1-";

/// Puts a place for a second run into every page that is opened from now on.
fn with_a_second(page: &Page) {
    page.before_load(
        "addEventListener('DOMContentLoaded', () => {
           const place = document.createElement('div');
           place.dataset.run = 'synchronous';
           document.body.append(place);
         });",
    );
}

/// What the transports of both show.
fn clocks(page: &Page) -> [String; 2] {
    ["#app .clock".to_owned(), format!("{SECOND} .clock")].map(|clock| page.text(&clock))
}

/// Does something and waits until the clock of the first or the second run, and of no other, shows something else.
#[track_caller]
fn moves_only(page: &Page, which: usize, what: &str, act: impl Fn()) {
    let before = clocks(page);
    act();
    page.wait_for(&format!("another clock after {what}"), |page| (clocks(page)[which] != before[which]).then_some(()));
    assert_eq!(clocks(page)[1 - which], before[1 - which], "{what}: the other run stays");
}

/// What is stored under keys that begin so.
fn stored(page: &Page, key: &str) -> String {
    let script = format!(
        "return new Promise((done) => {{
           const open = indexedDB.open('partita', 1);
           open.onsuccess = () => {{
             const range = IDBKeyRange.bound('{key}', '{key}~');
             const all = open.result.transaction('runs').objectStore('runs').getAll(range);
             all.onsuccess = () => {{ open.result.close(); done(all.result.join('\\n')); }};
           }};
         }});"
    );
    page.evaluate(&script).as_str().unwrap_or_default().to_owned()
}

fn has_focus(page: &Page, selector: &str) -> bool {
    page.evaluate_with("return document.activeElement.matches(arguments[0])", vec![selector.into()]) == true
}

pub fn two_runs_live_in_one_page(page: &Page) {
    with_a_second(page);
    opened(page);
    page.wait_text(&format!("{SECOND} .nr"), "Press →");
    page.wait_visible(&format!("{SECOND} .outline"));
    assert_eq!(page.text("#app .tb-name"), "The response is lost");
    assert_eq!(page.text(&format!("{SECOND} .tb-name")), "get() or a callback");
    let unique = "const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
        return ids.filter((id, place) => ids.indexOf(id) !== place)";
    assert_eq!(page.evaluate(unique), serde_json::json!([]), "ids that stand twice");
    // Keys go to the page's own run until the other one has the focus.
    moves_only(page, 0, "→", || page.press("ArrowRight"));
    moves_only(page, 1, "the second step button", || page.click(&format!("#{PREFIX}step")));
    moves_only(page, 1, "→ in the second", || page.press("ArrowRight"));
    page.press("i");
    page.wait_for("the second inspector", |page| {
        has_focus(page, &format!("#{PREFIX}inspector, #{PREFIX}inspector *")).then_some(())
    });
    page.press("Escape");
    assert!(has_focus(page, &format!("#{PREFIX}scene")), "back to its own scene");
    // So do dialogs, and what is said in them.
    page.press("n");
    page.wait_visible(&format!("{SECOND} dialog #{PREFIX}key"));
    assert_eq!(page.count("#app dialog"), 0);
    page.fill(&format!("#{PREFIX}value"), "only-in-the-second");
    page.press("Enter");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    page.wait_for("the second run to be stored", |page| {
        stored(page, "run1-branches/").contains("only-in-the-second").then_some(())
    });
    assert!(!stored(page, "branches/").contains("only-in-the-second"), "the first run is stored apart");
    // Terms explain themselves in the tip of their own run.
    page.hover(&format!("{SECOND} .st h3 .term"));
    page.wait_visible(&format!("#{PREFIX}tip.on"));
    assert!(!page.visible("#app #tip.on"));
    // The first one takes the keys back.
    moves_only(page, 0, "the first step button", || page.click("#step"));
    moves_only(page, 0, "→ in the first", || page.press("ArrowRight"));
    // The language is the reader's: the whole page's.
    page.click("#language");
    page.wait_text("#app .tb-name", "사라진 응답");
    page.wait_text(&format!("{SECOND} .tb-name"), "get() 또는 콜백");
    // Both come back, each as it was left.
    page.wait_for("the first place to be stored", |page| stored(page, "state/").contains("%position").then_some(()));
    page.reload();
    page.wait_text("#app .tb-name", "사라진 응답");
    page.wait_text(&format!("{SECOND} .tb-name"), "get() 또는 콜백");
    assert!(stored(page, "run1-branches/").contains("only-in-the-second"));
}

/// What is taken out of the page leaves nothing behind that listens or counts; the other run goes on.
pub fn a_run_that_is_taken_out_of_the_page_ends(page: &Page) {
    // How many of the window's listeners wait for keys.
    page.before_load(
        "window.listening = 0;
         for (const [name, by] of [['addEventListener', 1], ['removeEventListener', -1]]) {
           const known = window[name];
           window[name] = function (event, ...more) {
             if (event === 'keydown') window.listening += by;
             return known.call(this, event, ...more);
           };
         }",
    );
    with_a_second(page);
    opened(page);
    let both = opened_beside(page);
    // It plays when it goes.
    page.click(&format!("#{PREFIX}play"));
    take_the_second_out(page, both);
    page.wait_frames(30);
    the_first_goes_on(page);
    page.wait_for("the second run to be kept for the next time", |page| {
        stored(page, "run1-branches/").contains("cluster").then_some(())
    });
    // So it does when the storage answers it after its end.
    page.before_load(
        "window.saves = 0;
         const getAll = IDBObjectStore.prototype.getAll;
         IDBObjectStore.prototype.getAll = function (range, ...more) {
           if (String(range?.lower).startsWith('run1-index/')) window.saves += 1;
           return getAll.call(this, range, ...more);
         };",
    );
    let saves = "return window.saves";
    for held in ["a command", "the branches"] {
        page.reload();
        let both = opened_beside(page);
        page.click(&format!("#{PREFIX}step"));
        if held == "the branches" {
            send_in_the_second(page);
            page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
        }
        page.wait_true("both to be stored", ALL_STORED);
        hold_the_storage(page);
        let before = page.evaluate(saves);
        if held == "a command" {
            send_in_the_second(page);
        } else {
            page.press("z");
        }
        page.wait_for(&format!("{held} on the way to the storage"), |page| {
            (page.evaluate(saves) != before).then_some(())
        });
        take_the_second_out(page, both);
        release(page);
        page.wait_true("the first to be stored", ALL_STORED);
        the_first_goes_on(page);
    }
}

/// A run that is taken out before its settings are built ends as quietly.
pub fn a_run_that_is_taken_out_at_once_ends(page: &Page) {
    with_a_second(page);
    page.before_load(
        "new MutationObserver((_, observer) => {
           if (!document.querySelector('[data-run] .clock')) return;
           observer.disconnect();
           document.querySelector('[data-run]').remove();
           window.gone = true;
         }).observe(document, { childList: true, subtree: true });",
    );
    opened(page);
    page.wait_true("the second run to be gone", "return window.gone === true");
    page.wait_visible("#app .outline");
    page.wait_true("the second part of the program", "return document.documentElement.dataset.rest === 'there'");
    page.wait_frames(30);
    the_first_goes_on(page);
}

/// Whether the browser has stored all changes of the runs that are in the page.
const ALL_STORED: &str = "return [...document.querySelectorAll('[data-changes]')]
    .every(({ dataset }) => dataset.changes === dataset.stored)";

/// Waits until both runs are open, and tells how many listeners wait for keys.
fn opened_beside(page: &Page) -> i64 {
    for run in ["#app", SECOND] {
        page.wait_visible(&format!("{run} .outline"));
    }
    let both = listening(page);
    assert!(both >= 2 && both % 2 == 0, "{both} listen to keys");
    both
}

fn listening(page: &Page) -> i64 {
    page.evaluate("return window.listening").as_i64().unwrap_or_default()
}

/// Sends a record by hand in the second run, which has the focus.
fn send_in_the_second(page: &Page) {
    page.press("n");
    page.fill(&format!("#{PREFIX}value"), "v");
    page.press("Enter");
}

/// Takes the second run's place out of the page, and waits until nothing of it listens.
fn take_the_second_out(page: &Page, both: i64) {
    page.evaluate("document.querySelector('[data-run]').remove()");
    page.press("ArrowRight");
    page.wait_for("what listened to be gone", |page| (listening(page) == both / 2).then_some(()));
}

fn the_first_goes_on(page: &Page) {
    page.wait_for("another clock of the first", |page| {
        let before = page.text("#app .clock");
        page.press("ArrowRight");
        page.wait_frames(2);
        (page.text("#app .clock") != before).then_some(())
    });
}
