//! A run in a page of another origin: its poster, its keys, what it stores, and what passes between it and the page.

use serde_json::Value;

use crate::axe;
use crate::page::{Page, Scheme};

/// The frame of the first element.
pub(super) const FRAME: &str = "(document.querySelector('partita-run')?.shadowRoot?.querySelector('iframe') ?? null)";

pub(super) fn wait_state(page: &Page, state: &str) {
    page.wait_for(&format!("an embed that is {state}"), |page| {
        (page.attribute("html", "data-embed").as_deref() == Some(state)).then_some(())
    });
}

/// What a page around has heard of a kind last.
pub(super) fn heard(page: &Page, kind: &str) -> Value {
    page.wait_for(&format!("a message `{kind}`"), |page| {
        Some(page.evaluate(&format!("return last('{kind}')"))).filter(|found| !found.is_null())
    })
}

pub(super) fn wait_step(page: &Page, step: u64) {
    page.wait_true(&format!("step {step}"), &format!("return (last('step') ?? last('ready'))?.step === {step}"));
}

/// Boxes that may not move when the program takes over: header, narration, the button that plays.
fn boxes(page: &Page) -> Value {
    page.evaluate(
        "return ['.em-h', '.nr', '.tr', '.tr .go', '.st .st-n'].map((selector) => {
           const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
           return [x, y, width, height].map(Math.round);
         });",
    )
}

const FETCHED: &str =
    "return performance.getEntriesByType('resource').filter((one) => one.name.includes('.wasm')).length";

pub fn a_poster_is_drawn_without_the_program(page: &Page) {
    page.resize(720, 440);
    page.open("embed.html#scenario=acks&start=click&lang=en&theme=light&edit=acks");
    page.wait_text("#poster-says", "producer-1 has acks=0");
    assert_eq!(page.text("h1"), "acks=0, 1 and all");
    assert_eq!(page.evaluate(FETCHED), 0, "a poster fetches no program");
    axe::check(page, "a poster");
    let before = boxes(page);
    // What is pressed now waits for the program.
    page.press("ArrowRight");
    wait_state(page, "ready");
    page.wait_text(".clock", "chapter 1 of 4, step 2");
    assert_eq!(boxes(page), before, "nothing moves when the program takes over");
    assert_eq!(page.text("h1"), "acks=0, 1 and all");
    axe::check(page, "an embed, 720 by 440");
    page.shot("embed-720");
    page.resize(390, 500);
    page.wait_frames(3);
    axe::check(page, "an embed, 390 by 500");
    page.shot("embed-390");
    // A link leads on in the whole page.
    let link = page.wait_for("the link of the run", |page| {
        page.attribute("#leave", "href").filter(|link| link.contains("run=1."))
    });
    assert!(link.starts_with("./#run=1.") && link.ends_with("&at=19"), "{link}");
    // Of a run that is handed over as a link, too, the poster knows the name.
    let fragment = link.trim_start_matches("./#").replace("&at=19", "");
    page.evaluate(&format!("location.hash = '{fragment}&start=click&lang=ko&theme=dark'"));
    page.wait_text("#poster-says", "producer-1은 acks=0입니다");
    assert_eq!(page.text("h1"), "acks=0, 1, all");
    assert_eq!(page.evaluate(FETCHED), 0);
    axe::check(page, "a poster, Korean and dark");
    assert!(page.visible(".em-go .btn") && !page.visible(".tr .go"), "one button plays");
    page.click(".em-go .btn");
    wait_state(page, "ready");
    page.wait_text("#play", "멈춤");
    page.press("Space");
    page.wait_text("#play", "재생");
    axe::check(page, "an embed, Korean and dark");
}

/// What only embeds need is asked for together with the program; without it the embed says so and can begin again.
pub fn an_embed_without_its_part_says_so(page: &Page) {
    page.before_load(
        "const real = window.fetch;
         window.fetch = (address, ...more) => {
           if (!String(address).includes('/embed-')) return real(address, ...more);
           window.early ??= [...document.querySelectorAll('link[rel=preload]')].some((link) => link.href === String(address));
           return real(address + '.gone', ...more);
         };",
    );
    page.expect_error("404");
    page.open("embed.html#scenario=acks&start=now&lang=en");
    page.wait_visible(".em-broke button");
    assert_eq!(page.evaluate("return window.early"), true, "it was asked for with the first part");
    page.wait_text(".em-broke pre", "A part of the program could not be loaded from the site.");
    assert_eq!(page.attribute("html", "data-embed").as_deref(), Some("error"));
}

pub fn an_embed_lives_in_a_page_of_another_origin(page: &Page) {
    page.prefer(Scheme::Dark, false);
    page.resize(900, 700);
    page.open_around();
    // The elements are there before their script, which comes twice.
    page.evaluate(
        "for (let i = 0; i < 10; i++) element({ scenario: 'acks', step: 20, until: 22 }, '<a href=\"#\">acks</a>')",
    );
    page.evaluate("return include().then(include)");
    page.wait_true("the first embed", "return document.querySelector('partita-run').dataset.state === 'ready'");
    assert_eq!(heard(page, "ready")["step"], 20);
    assert_eq!(page.evaluate(&format!("return {FRAME}.title")), "acks");
    // The page is light though the system is dark.
    page.go_into(FRAME);
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("light"));
    page.leave_frame();
    let started =
        "return [...document.querySelectorAll('partita-run')].filter((one) => one.dataset.state !== 'poster').length";
    assert_eq!(page.evaluate(started), 1, "embeds out of view have not begun");
    page.shot("embed-around");
    // Without the focus its keys are the page's around it.
    page.press("ArrowRight");
    page.press("Space");
    page.wait_true("the page's own keys", "return keys.join() === 'ArrowRight, '");
    assert_eq!(page.evaluate("return last('step')"), Value::Null);
    page.wait_for("the page at its beginning", |page| {
        (page.evaluate("scrollTo(0, 0); return scrollY === 0") == true).then_some(())
    });
    page.go_into(FRAME);
    page.click(".em-h h1");
    for key in ["n", "ArrowRight", "r", "?"] {
        page.press(key);
    }
    page.wait_text(".clock", "chapter 1 of 4, step 4");
    assert_eq!(page.count("dialog"), 0, "letters are not bound");
    page.press("ArrowLeft");
    page.wait_text(".clock", "chapter 1 of 4, step 3");
    page.press("Space");
    page.wait_text("#play", "Pause");
    page.press("Space");
    for _ in 0..4 {
        page.press("ArrowRight");
    }
    wait_state(page, "ended");
    assert_eq!(page.attribute("#step", "aria-disabled").as_deref(), Some("true"));
    let stored = "return indexedDB.databases().then((all) => all.length + localStorage.length + sessionStorage.length)";
    assert_eq!(page.evaluate(stored), 0, "an embed stores nothing");
    page.leave_frame();
    wait_step(page, 22);
    assert_eq!(page.evaluate("return document.querySelector('partita-run').dataset.state"), "ended");
    // It follows the page around it.
    page.evaluate("document.documentElement.dataset.theme = 'dark'; document.documentElement.lang = 'ko-KR'");
    page.go_into(FRAME);
    page.wait_true("the dark theme", "return document.documentElement.dataset.theme === 'dark'");
    page.wait_text("#play", "재생");
    page.leave_frame();
    // Taken out and put back, it stands where it stood.
    page.evaluate(
        "heard.length = 0; const one = document.querySelector('partita-run'); one.remove(); document.getElementById('place').prepend(one)",
    );
    assert_eq!(heard(page, "ready")["step"], 22);
    page.evaluate("document.querySelector('partita-run').seek(21)");
    wait_step(page, 21);
    // Another run in the same element; the height is its attribute's.
    page.evaluate(
        "heard.length = 0; const one = document.querySelector('partita-run'); one.setAttribute('scenario', 'journey');
         one.removeAttribute('step'); one.removeAttribute('until'); one.setAttribute('height', '500')",
    );
    assert_eq!(heard(page, "ready")["ended"], false);
    assert_eq!(page.evaluate(&format!("return {FRAME}.getBoundingClientRect().height")), 500);
    // The wheel is the page's around it, wherever it is turned.
    page.wheel(300, 300, 100);
    page.wait_true("the page to scroll", "return scrollY > 0");
}

pub fn an_embed_speaks_with_the_page_around_it(page: &Page) {
    page.resize(900, 700);
    page.open_around();
    page.evaluate("frame('scenario=journey&start=click&lang=en')");
    heard(page, "poster");
    // What is no message of this protocol is passed over, what has another shape is answered.
    page.evaluate(
        "for (const one of ['x', 7, null, { partita: 2, type: 'play' }, { partita: 1, type: 'toString' }]) ask(one)",
    );
    page.evaluate("ask({ partita: 1, type: 'seek', step: -1 })");
    let wrong = heard(page, "error");
    assert!(wrong["message"].as_str().unwrap_or_default().contains("`seek`"), "{wrong}");
    assert_eq!(page.evaluate("return heard.map((one) => one.type).join()"), "poster,error");
    page.evaluate("ask({ partita: 1, type: 'seek', step: 30 }); ask({ partita: 1, type: 'play' })");
    heard(page, "ready");
    page.evaluate("ask({ partita: 1, type: 'pause' }); ask({ partita: 1, type: 'seek', step: 33 })");
    wait_step(page, 33);
    let step = heard(page, "step");
    assert!(step["time"].as_str().unwrap_or_default().ends_with("ms") && step["text"] != "", "{step}");
    page.evaluate("ask({ partita: 1, type: 'lang', lang: 'ko' }); ask({ partita: 1, type: 'theme', theme: 'dark' })");
    page.go_into("document.querySelector('iframe')");
    page.wait_text("#play", "재생");
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("dark"));
    // Only the page around is heard.
    page.evaluate("postMessage({ partita: 1, type: 'lang', lang: 'en' }, '*')");
    page.wait_frames(3);
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("ko"));
    page.leave_frame();
    page.evaluate("heard.length = 0; fetch('run.txt').then((answer) => answer.text()).then((text) => ask({ partita: 1, type: 'load', text, step: 2 }))");
    assert_eq!(heard(page, "ready")["step"], 2);
    what_cannot_be_shown_is_told(page);
    a_script_of_the_page_around_is_shown(page);
}

fn what_cannot_be_shown_is_told(page: &Page) {
    for (fragment, state, parts) in [
        ("scenario=ackz&lang=en", "error", &["`scenario=ackz`", "journey, "][..]),
        ("lang=ko", "error", &["보여 줄 실행이 없습니다"]),
        ("run=1.AAAA!&lang=en&start=now", "error", &["Character 11 of the link"]),
        (
            "scenario=acks&lang=en&start=now&step=x&height=9&show=tapes&partition=nope-1&edit=lingr.ms,acks&color=red",
            "ready",
            &["`step=x`", "`height=9`", "`tapes`", "`partition=nope-1`", "`linger.ms`", "`color`"],
        ),
    ] {
        page.evaluate(&format!("frame('{fragment}')"));
        let told = heard(page, "error");
        let message = told["message"].as_str().unwrap_or_default();
        assert!(parts.iter().all(|part| message.contains(part)), "{fragment}: {message}");
        page.go_into("document.querySelector('iframe')");
        wait_state(page, state);
        let shown = page.text("#app");
        let first = parts[0].trim_matches('`');
        assert!(state == "ready" || shown.contains(first), "{fragment}: {shown}");
        page.leave_frame();
    }
    // What its author allows can be changed, and nothing else.
    page.go_into("document.querySelector('iframe')");
    page.wait_text(".em-e", "acks=0");
    assert_eq!(page.count(".nr a.chip"), 0);
    page.click(".em-e .chip");
    page.wait_visible("dialog[open] #set-value");
    page.leave_frame();
}

fn a_script_of_the_page_around_is_shown(page: &Page) {
    page.expect_error("404");
    page.evaluate("document.getElementById('place').replaceChildren(); heard.length = 0; element({ src: 'run.txt', start: 'now' })");
    page.evaluate("return include()");
    assert_eq!(heard(page, "ready")["ended"], false);
    page.go_into(FRAME);
    page.wait_text(".nr", "Two payments are sent.");
    page.leave_frame();
    page.evaluate("heard.length = 0; document.querySelector('partita-run').setAttribute('src', 'none.txt')");
    let told = heard(page, "error");
    assert!(told["message"].as_str().unwrap_or_default().contains("`src=none.txt` could not be had (`404`)"), "{told}");
}
