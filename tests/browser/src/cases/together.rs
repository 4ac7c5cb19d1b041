//! Two runs in one page: each is stepped alone, has ids and a place in the storage of its own.

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

/// What is stored under a key.
fn stored(page: &Page, key: &str) -> String {
    let script = format!(
        "return new Promise((done) => {{
           const open = indexedDB.open('partita', 1);
           open.onsuccess = () => {{
             const get = open.result.transaction('runs').objectStore('runs').get('{key}');
             get.onsuccess = () => {{ open.result.close(); done(get.result ?? ''); }};
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
    page.wait_text(&format!("{SECOND} .notices"), "Press →");
    page.wait_visible(&format!("{SECOND} .outline"));
    assert_eq!(page.text("#app .tb-name"), "Lost response, safe retry");
    assert_eq!(page.text(&format!("{SECOND} .tb-name")), "Synchronous send");
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
        stored(page, "run1-current").contains("only-in-the-second").then_some(())
    });
    assert!(!stored(page, "current").contains("only-in-the-second"), "the first run is stored apart");
    // Terms explain themselves in the tip of their own run.
    page.hover(&format!("{SECOND} .st h3 .term"));
    page.wait_visible(&format!("#{PREFIX}tip.on"));
    assert!(!page.visible("#app #tip.on"));
    // The first one takes the keys back.
    moves_only(page, 0, "the first step button", || page.click("#step"));
    moves_only(page, 0, "→ in the first", || page.press("ArrowRight"));
    // The language is the reader's: the whole page's.
    page.click("#language");
    page.wait_text("#app .tb-name", "사라진 응답, 안전한 재시도");
    page.wait_text(&format!("{SECOND} .tb-name"), "동기 전송");
    // Both come back, each as it was left.
    page.wait_for("the first place to be stored", |page| stored(page, "state").contains("%position").then_some(()));
    page.reload();
    page.wait_text("#app .tb-name", "사라진 응답, 안전한 재시도");
    page.wait_text(&format!("{SECOND} .tb-name"), "동기 전송");
    assert!(stored(page, "run1-current").contains("only-in-the-second"));
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
    let listening = |page: &Page| page.evaluate("return window.listening").as_i64().unwrap_or_default();
    with_a_second(page);
    opened(page);
    page.wait_visible(&format!("{SECOND} .outline"));
    let both = listening(page);
    assert!(both >= 2 && both % 2 == 0, "{both} listen to keys");
    // It plays when it goes.
    page.click(&format!("#{PREFIX}play"));
    page.evaluate("document.querySelector('[data-run]').remove()");
    page.press("ArrowRight");
    page.wait_for("what listened to be gone", |page| (listening(page) == both / 2).then_some(()));
    page.wait_frames(30);
    page.wait_for("the first to go on", |page| {
        let before = page.text("#app .clock");
        page.press("ArrowRight");
        page.wait_frames(2);
        (page.text("#app .clock") != before).then_some(())
    });
    assert!(stored(page, "run1-current").contains("cluster"), "it is kept for the next time");
}
