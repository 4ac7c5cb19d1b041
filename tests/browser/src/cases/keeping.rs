//! Keeping and handing on: reload, links, files, scenarios, and what is broken of them.

use super::acting::{closed, command};
use super::moving::{opened, opened_untold, press_on, step, told_here};
use super::real_input::choose_file;
use crate::axe;
use crate::page::{Page, Scheme};
use crate::servers;

/// The ready scenarios; the page opens with the first.
pub const SCENARIOS: [&str; 14] = [
    "journey",
    "linger-and-batch",
    "full-buffer",
    "acks",
    "fire-and-forget",
    "get-or-callback",
    "lost-response",
    "auto-commit",
    "commit-sync-or-async",
    "offset-reset",
    "four-consumers",
    "slow-work",
    "broker-crash",
    "long-pause",
];

/// Waits until the last change has been stored.
#[track_caller]
fn stored(page: &Page, part: &str) {
    let script = format!(
        "return new Promise((done) => {{
           const open = indexedDB.open('partita', 1);
           open.onsuccess = () => {{
             const all = open.result.transaction('runs').objectStore('runs').getAll();
             all.onsuccess = () => {{ open.result.close(); done(all.result.some((text) => text.includes({part:?}))); }};
           }};
         }});"
    );
    page.wait_true(&format!("`{part}` to be stored"), &script);
}

pub fn a_reload_brings_the_run_back(page: &Page) {
    opened(page);
    for _ in 0..4 {
        press_on(page, "ArrowRight");
    }
    command(page, "send producer-2 orders key=leo value=77");
    stored(page, "send producer-2 orders key=leo value=77");
    press_on(page, "ArrowRight");
    page.wait_stored();
    let (clock, there) = (page.text(".clock"), step(page));
    page.reload();
    page.wait_text(".clock", "step ");
    page.wait_for("the same place", |page| (step(page) == there).then_some(()));
    assert_eq!(page.text(".clock").split(" of ").next(), clock.split(" of ").next());
    assert_eq!(page.text(".tb-name"), "The response is lost");
    page.press("Home");
    page.reload();
    page.wait_text(".clock", "step ");
}

/// Opens a run that takes long to be opened, behind so many records, and gives the step at which it stands.
fn opened_far(page: &Page, records: u64) -> u64 {
    // The run has more steps than that: each record is followed through its stages, ten steps; here it chooses its partition.
    let there = 10 * (records - 100) - 2;
    let script =
        format!("cluster brokers=1\ntopic t\nproducer p\nsend-sync p t value=a times={records}\nwait sent p\n");
    page.open_script(&script, Some(there));
    page.wait_text(".clock", "step ");
    page.wait_for("the step of the link", |page| (step(page) == there).then_some(()));
    there
}

/// A run that takes long to be opened is on its way when the first key comes: the dialog opens, the place stays.
pub fn a_key_that_comes_while_a_run_is_opened_leaves_its_place(page: &Page) {
    let there = opened_far(page, 2_000);
    let next = told_here(page);
    page.press("ArrowLeft");
    page.wait_for("the step before", |page| (step(page) == there - 1).then_some(()));
    page.wait_stored();
    page.before_load(
        "new MutationObserver((_, observer) => {
           if (!document.querySelector('.clock')) return;
           observer.disconnect();
           for (const key of ['ArrowRight', 'n']) {
             requestAnimationFrame(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
           }
         }).observe(document, { childList: true, subtree: true });",
    );
    page.reload();
    page.wait_text("dialog h2", "Send a record");
    page.wait_for("the step after the place", |page| (told_here(page) == next).then_some(()));
    page.press("Escape");
    closed(page);
    assert_eq!(told_here(page), next);
}

/// What waits for a run to be opened is of that run: another one that is opened meanwhile is not stepped by it.
pub fn what_waits_for_a_run_is_not_done_in_another(page: &Page) {
    let there = opened_far(page, 4_000);
    page.wait_stored();
    // An arrow that waits, and another scenario, while the run that was stored is on its way to its place.
    page.before_load(
        "new MutationObserver((_, observer) => {
           const scenario = document.querySelector('[data-scenario=\"get-or-callback\"]');
           if (document.querySelector('.clock') && !window.waits) {
             window.waits = true;
             for (const key of ['ArrowRight', 'u']) {
               requestAnimationFrame(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
             }
           }
           if (scenario) {
             observer.disconnect();
             window.left = document.querySelector('.clock').textContent;
             scenario.click();
           }
         }).observe(document, { childList: true, subtree: true });",
    );
    page.reload();
    page.wait_text(".tb-name", "get() or a callback");
    page.wait_text(".nr", "Press →");
    let left = page.evaluate("return window.left").to_string().replace('\u{202f}', "");
    assert!(!left.contains(&format!("step {there}")), "the first run was still on its way: {left}");
    let waited = step(page);
    page.press("u");
    page.click("[data-scenario='fire-and-forget']");
    page.wait_text(".tb-name", "Fire and forget");
    page.press("u");
    page.click("[data-scenario='get-or-callback']");
    page.wait_text(".tb-name", "get() or a callback");
    page.wait_text(".nr", "Press →");
    assert_eq!(waited, step(page), "the step at which the scenario opens");
}

pub fn a_link_hands_the_run_on(page: &Page) {
    opened(page);
    for _ in 0..3 {
        press_on(page, "ArrowRight");
    }
    command(page, "send producer-2 orders key=leo value=78");
    let clock = page.text(".clock");
    page.click("#share");
    page.wait_true("a link", "return document.querySelector('#link')?.value.includes('#run=1.')");
    page.shot("share");
    axe::check(page, "sharing");
    let link = page.evaluate("return document.querySelector('#link').value");
    let link = link.as_str().expect("a link").to_string();
    let fragment = link.split_once('#').expect("a fragment").1.to_string();
    // Another origin shares no storage.
    page.open_on(servers::ROOT, "");
    page.wait_text(".clock", "step ");
    page.evaluate(&format!("location.hash = {fragment:?}"));
    page.wait_for("the run of the link", |page| {
        (page.text(".clock").split("step").next() == clock.split("step").next()).then_some(())
    });
    page.wait_true("an address without the run", "return location.hash === ''");
    page.press("End");
    page.press(":");
    page.wait_visible("#command");
}

pub fn broken_links_open_as_far_as_they_are_valid(page: &Page) {
    opened(page);
    let script = "partita 1\n%colour blue\ncluster brokers=1 seed=3\ntopic orders partitions=1\nsned p1 orders\nproducer p1\nsend p1 orders value=1\n";
    page.open_script(script, None);
    page.wait_text(".notices", "Not all of it could be opened.");
    let told = page.text(".notices ul");
    assert!(told.contains("Line 2, column 1") && told.contains("Line 5, column 1"), "{told}");
    page.shot("broken-link");
    let whole = page.fragment("cluster brokers=2\ntopic orders\n", None);
    for (fragment, said) in [
        ("#run=9.abc".to_string(), "version is 9"),
        ("#run=1.!!!!".to_string(), "Nothing of the link could be opened."),
        ("#run=abc".to_string(), "no version and . stand before abc"),
        ("#run=".to_string(), "a version and a run's data are missing here"),
        (format!("{}!", &whole[..whole.len() - 4]), "letters, digits, - and _"),
        (whole[..whole.len() - 6].to_string(), "ends early"),
        (whole[..whole.find('.').expect("data") + 3].to_string(), "Nothing of the link could be opened."),
        (whole[..whole.find('.').expect("data") + 3].to_string(), "The run that was open here before is shown."),
        ("#run=1.AwA".to_string(), "The link's run is empty."),
        ("#run=1.-_-PAQA".to_string(), "Nothing of the link could be opened."),
        (page.fragment("cluster brokers=1\n", Some(3000)), "There is no step 3,000: the run has "),
        (format!("{whole}&at=5&at=9"), "at is given twice, and the first one counts"),
        (format!("{whole}&foo=9"), "foo=9 is not understood"),
        ("#at=soon".to_string(), "a whole number from 0 on"),
        ("#foo=bar".to_string(), "foo=bar is not understood"),
        ("#runs".to_string(), ": runs is not understood"),
    ] {
        page.evaluate(&format!("location.hash = {fragment:?}"));
        page.wait_text(".notices", said);
        assert!(page.text(".clock").contains("step "));
    }
}

pub fn a_file_brings_the_run_back(page: &Page) {
    page.before_load(
        "URL.createObjectURL = (blob) => { blob.text().then((text) => (window.kept = text)); return 'data:,'; };
         HTMLAnchorElement.prototype.click = function () { window.keptName = this.download; };",
    );
    opened(page);
    press_on(page, "ArrowRight");
    command(page, "send producer-2 orders key=leo value=79");
    let clock = page.text(".clock");
    page.click("#share");
    page.click("#export");
    page.wait_true("a file", "return window.kept?.includes('value=79')");
    let text = page.evaluate("return window.kept");
    let text = text.as_str().expect("a text").to_string();
    assert!(text.starts_with("partita 1\n"), "{text}");
    page.press("Escape");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    page.press("u");
    page.click("dialog #empty");
    page.click("dialog [data-brokers='1']");
    page.wait_text(".tb-name", "A run of your own");
    page.press("u");
    page.wait_visible("dialog .ru");
    choose_file(page, "#script-file", "run.txt", &text);
    page.wait_for("the run of the file", |page| {
        (page.text(".clock").split("step").next() == clock.split("step").next()).then_some(())
    });
    page.press("u");
    page.wait_visible("dialog .ru");
    choose_file(page, "#script-file", "run.txt", "nothing of a script\n");
    page.wait_text(".notices", "nothing is no verb");
    page.wait_text(".notices", "no cluster line");
}

/// The notice that another run is open goes away; the way back does not.
pub fn the_run_before_is_opened_again(page: &Page) {
    opened(page);
    command(page, "send producer-2 orders key=leo value=81");
    page.press("u");
    page.click("dialog #empty");
    page.click("dialog [data-brokers='1']");
    page.wait_text(".tb-name", "A run of your own");
    page.wait_text(".notices", "Another run is open.");
    page.click(".notices [data-about=Opened] .nl-x");
    page.wait_true("no notice", "return !document.querySelector('.notices').innerText.includes('Another run')");
    page.press("u");
    page.click("[data-own] .ur-n");
    page.wait_text(".tb-name", "The response is lost");
    stored(page, "send producer-2 orders key=leo value=81");
}

/// A storage that takes its time moves nothing under a hand that reaches for it.
pub fn what_stands_under_ones_runs_stays_where_it_is(page: &Page) {
    page.before_load(
        "const all = IDBObjectStore.prototype.getAll;
         IDBObjectStore.prototype.getAll = function (...of) {
           const asked = all.apply(this, of);
           let answer;
           Object.defineProperty(asked, 'onsuccess', { set: (heard) => { answer = heard; }, get: () => answer });
           window.answered = false;
           const late = (event) => {
             if (!window.lets) { setTimeout(late, 20, event); return; }
             window.answered = true;
             answer?.call(asked, event);
           };
           asked.addEventListener('success', late);
           return asked;
         };
         window.lets = true;",
    );
    opened(page);
    command(page, "send producer-2 orders key=leo value=82");
    stored(page, "send producer-2 orders key=leo value=82");
    page.evaluate("window.lets = false; return true");
    page.press("u");
    page.wait_visible("dialog .ru");
    page.wait_frames(3);
    assert_eq!(page.count("[data-own]"), 0, "the storage has not answered yet");
    assert!(!page.visible("dialog #empty"), "it would move");
    page.evaluate("window.lets = true; return true");
    page.wait_visible("[data-own]");
    page.wait_visible("dialog #empty");
}

pub fn every_scenario_opens(page: &Page) {
    opened(page);
    page.press("u");
    page.wait_visible("dialog .ru");
    page.shot("scenarios");
    axe::check(page, "the scenarios");
    page.press("Escape");
    for id in SCENARIOS {
        page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
        page.press("u");
        page.wait_visible(&format!("[data-scenario='{id}']"));
        let title = page.text(&format!("[data-scenario='{id}'] b, :has(> [data-scenario='{id}']) > b"));
        page.click(&format!("[data-scenario='{id}']"));
        page.wait_text(".tb-name", &title);
        page.wait_text(".nr", "Press →");
        let first = step(page);
        press_on(page, "ArrowRight");
        assert_eq!(step(page), first + 1, "{id}");
        for _ in 0..6 {
            let before = page.text(".clock");
            page.press("Shift+ArrowRight");
            let is_last = page.wait_for("a stage, or that there is none", |page| match page.text(".notices") {
                said if said.contains("has a further stage") => Some(true),
                _ => (page.text(".clock") != before).then_some(false),
            });
            if is_last {
                break;
            }
        }
        page.shot(&format!("scenario-{id}"));
    }
}

pub fn a_panic_of_the_model_names_the_step(page: &Page) {
    // A browser without random numbers: the seed of a new run cannot be had, and that is no state to go on from.
    page.before_load("crypto.getRandomValues = () => { throw new Error('none') };");
    page.expect_error("a browser has random numbers");
    page.expect_error("unreachable");
    opened_untold(page);
    for _ in 0..3 {
        press_on(page, "ArrowRight");
    }
    command(page, "send producer-2 orders key=leo value=80");
    let told = told_here(page);
    let there = page.evaluate("return partita.run.step").as_u64().expect("a number");
    page.press("u");
    page.click("dialog #empty");
    page.click("dialog [data-brokers='3']");
    page.wait_visible("#crash");
    assert!(
        page.text("#crash-where").contains(&format!("It happened at step {there}.")),
        "{}",
        page.text("#crash-where")
    );
    assert!(page.text("#crash-script").contains("send producer-2 orders key=leo value=80"));
    page.click("#crash-back");
    page.wait_for("the step before", |page| {
        (page.text(".clock").contains("step ") && told_here(page) == told).then_some(())
    });
}

pub fn korean_once_through(page: &Page) {
    opened(page);
    page.click("#language");
    page.wait_text(".clock", "스텝");
    page.wait_text(".tb-name", "사라진 응답");
    page.press("n");
    page.wait_text("dialog h2", "레코드 보내기");
    page.shot("send-korean");
    axe::check(page, "the send dialog in Korean");
    page.fill("#times", "0");
    page.click("dialog button[type=submit]");
    page.wait_text(".probs", "쓸 수 있는 것");
    page.press("Escape");
    for (key, heading) in
        [("u", "실행 열기"), ("?", "모든 키"), ("b", "고장 내기"), ("g", "시각 또는 스텝으로 가기"), ("a", "추가")]
    {
        page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
        page.press(key);
        page.wait_text("dialog h2", heading);
        page.shot(&format!("korean-{}", if key == "?" { "keys" } else { key }));
        page.press("Escape");
    }
    page.prefer(Scheme::Dark, false);
    page.shot("korean-page-dark");
    page.resize(1024, 768);
    page.shot("korean-page-narrow");
    axe::check(page, "the narrow page in Korean, dark");
}

/// Whoever steps and steps comes back near to where they were: steps are stored while others follow.
pub fn steps_without_a_rest_are_kept(page: &Page) {
    opened(page);
    page.wait_stored();
    let stored = |page: &Page| page.attribute("#transport", "data-stored");
    let (first, before) = (step(page), stored(page));
    page.wait_for("a step to be stored while others follow", |page| {
        press_on(page, "ArrowRight");
        (stored(page) != before).then_some(())
    });
    page.reload();
    page.wait_text(".clock", "step ");
    page.wait_for("a step beyond the first", |page| (step(page) > first).then_some(()));
}
