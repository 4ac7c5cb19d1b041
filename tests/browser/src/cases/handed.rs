//! Runs that an embed is handed, hands on, or cannot have; what it keeps to itself, and what it leaves alone.

use serde_json::Value;

use super::acting::command;
use super::embed::{FRAME, heard, wait_state, wait_step};
use super::first::hold;
use crate::page::Page;

/// The frame that stands in the page around by itself.
const PLAIN: &str = "document.querySelector('iframe')";

fn framed(page: &Page, fragment: &str) {
    page.evaluate(&format!("frame({fragment:?})"));
    heard(page, "poster");
}

fn told(page: &Page) -> (String, bool) {
    let told = heard(page, "error");
    (told["message"].as_str().unwrap_or_default().to_owned(), told["fatal"] == true)
}

/// Whatever went wrong before, a run that it is handed is shown; and it is not lost when one begins again.
pub fn an_embed_shows_the_run_that_it_is_handed(page: &Page) {
    page.resize(900, 700);
    page.open_around();
    // Nothing was fetched yet: what is wrong with all else is told again.
    framed(page, "scenario=ackz&color=red&lang=en&start=now");
    let (message, is_fatal) = told(page);
    assert!(is_fatal && message.contains("`scenario=ackz`") && message.contains("`color`"), "{message}");
    page.evaluate("heard.length = 0; ask({ partita: 1, type: 'load', scenario: 'acks', step: 20 })");
    assert_eq!(heard(page, "ready")["step"], 20);
    let (message, is_fatal) = told(page);
    assert!(!is_fatal && message.contains("`color`") && !message.contains("ackz"), "{message}");
    // Here the program was, and said that it cannot read the run.
    framed(page, "run=1.AAAA!&lang=en&start=now");
    assert!(told(page).1);
    page.evaluate("heard.length = 0; ask({ partita: 1, type: 'load', scenario: 'journey', step: 12 })");
    assert_eq!(heard(page, "ready")["step"], 12);
    // A run that came as a text is still there when it broke and one begins again.
    framed(page, "scenario=journey&lang=en&start=click");
    page.evaluate(
        "heard.length = 0; return fetch('run.txt').then((answer) => answer.text()).then((text) => ask({ partita: 1, type: 'load', text, step: 2 }))",
    );
    page.evaluate("ask({ partita: 1, type: 'theme', theme: 'dark' }); ask({ partita: 1, type: 'play' })");
    heard(page, "ready");
    page.evaluate("ask({ partita: 1, type: 'pause' })");
    page.go_into(PLAIN);
    page.evaluate("partita.crash('a test broke it')");
    wait_state(page, "error");
    page.leave_frame();
    assert!(told(page).1);
    page.evaluate("heard.length = 0");
    page.go_into(PLAIN);
    page.click(".em-broke button");
    page.leave_frame();
    heard(page, "ready");
    page.go_into(PLAIN);
    assert_eq!(page.text("h1"), "A run of your own");
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("dark"));
    page.leave_frame();
}

/// *Open in Partita* leads to this run at its step, from the poster and from the program's first moment on.
pub fn an_embed_leads_to_its_own_run_in_the_whole_page(page: &Page) {
    page.open("embed.html#scenario=acks&step=20&start=click&lang=en");
    page.wait_text("#poster-says", "producer-1 has acks=0");
    assert_eq!(page.attribute("#poster-open", "href").as_deref(), Some("./#scenario=acks&at=20"));
    page.open("#scenario=acks&at=20");
    page.wait_text(".tb-name", "acks=0, 1 and all");
    let clock = page.text(".clock");
    let packed = page.fragment("cluster brokers=1 seed=3\ntopic t\nproducer p1\nsend p1 t\n", None);
    page.open(&format!("embed.html{packed}&start=click&lang=en"));
    page.wait_text("h1", "A run");
    assert_eq!(page.attribute("#poster-open", "href").as_deref(), Some(&*format!("./{packed}")));
    page.open("embed.html#scenario=acks&step=20&start=now&lang=en");
    let link = page.wait_for("the program's link", |page| page.attribute("#leave", "href"));
    assert!(link.starts_with("./#") && link.ends_with("&at=20"), "{link}");
    // The page is at that step.
    page.open(link.trim_start_matches("./"));
    page.wait_text(".tb-name", "acks=0, 1 and all");
    assert_eq!(page.text(".clock"), clock);
    // An id that is none is told, also where objects of the browser know such a name.
    page.open("#scenario=constructor");
    page.wait_text(".notices", "takes the id of a ready scenario, and constructor is none");
}

/// What cannot be had is told in one sentence, and what stands in an address is nothing but text.
pub fn what_an_embed_cannot_have_is_told(page: &Page) {
    page.resize(900, 700);
    page.open_around();
    for (fragment, parts) in [
        ("scenario=constructor&lang=en", &["`scenario=constructor`: there is no such ready scenario"][..]),
        ("scenario=__proto__&lang=en", &["`scenario=__proto__`: there is no such ready scenario"]),
        ("src=run.txt&lang=en", &["`src=run.txt`", "only the element partita-run"]),
        ("src=run.txt&lang=ko", &["`src=run.txt`", "partita-run 요소만"]),
    ] {
        page.evaluate(&format!("frame({fragment:?})"));
        let (message, is_fatal) = told(page);
        assert!(is_fatal && parts.iter().all(|part| message.contains(part)), "{fragment}: {message}");
    }
    // Ends of lines and tabs in a value part no sentences.
    framed(page, "scenario=acks&lang=en&start=now&step=1%0A2%09%603&until=x");
    let (message, is_fatal) = told(page);
    assert!(!is_fatal && message.contains("`step=1 2 '3` is no step") && message.contains("`until=x`"), "{message}");
    // The element fetches from its own site, without being led elsewhere, and not without end.
    page.evaluate("document.getElementById('place').replaceChildren(); heard.length = 0; return include()");
    page.evaluate("element({ src: 'https://partita.invalid/run.txt', lang: 'en', start: 'now' })");
    let (message, _) = told(page);
    assert!(message.contains("lies on another site than the page around"), "{message}");
    page.evaluate(
        "heard.length = 0; window.asked = []; window.fetch = async (address, how) => {
           asked.push(how.mode, how.redirect);
           return new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(100_000).fill(65)) }));
         };
         document.querySelector('partita-run').setAttribute('src', 'endless.txt')",
    );
    let (message, is_fatal) = told(page);
    assert!(is_fatal && message.contains("`src=endless.txt` is longer") && message.contains("1000000"), "{message}");
    assert_eq!(page.evaluate("return asked.join()"), "same-origin,error");
}

/// The element takes nothing for a message of its frame that has not that shape; and says once what is wrong.
pub fn an_element_looks_at_what_its_frame_tells(page: &Page) {
    page.resize(900, 700);
    page.open_around();
    page.evaluate("element({ scenario: 'acks', step: 20, theme: 'drak', lang: 'fr', start: 'now' }); return include()");
    heard(page, "ready");
    let count = "return heard.filter((one) => one.type === 'error').length";
    page.wait_true("the complaint", "return last('error') !== null");
    let (message, is_fatal) = told(page);
    assert!(!is_fatal && message.matches("theme=drak").count() == 1 && message.contains("lang=fr"), "{message}");
    assert_eq!(page.evaluate(count), 1, "it is told once");
    assert_eq!(page.evaluate("return document.querySelector('partita-run').dataset.state"), "ready");
    page.go_into(FRAME);
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("light"), "the theme of the page around");
    page.evaluate(
        "for (const one of [{ type: 'step', step: 'x', time: '', text: '' }, { type: 'ended', partita: 2 }, { type: 'toString' },
           { type: 'step', step: 1 }, { type: 'error', message: 'x' }, { type: 'resize', height: 9 }])
           parent.postMessage({ partita: 1, ...one }, '*')",
    );
    page.leave_frame();
    page.wait_true("the last of them", "return last('resize')?.height === 9");
    assert_eq!(
        page.evaluate("return heard.filter((one) => one.step === 'x' || one.step === 1 || one.message === 'x').length"),
        0
    );
    assert_eq!(page.evaluate("return document.querySelector('partita-run').dataset.state"), "ready");
    // Nothing that stayed as it is is told again.
    page.go_into(FRAME);
    page.evaluate(
        "globalThis.told = []; addEventListener('message', ({ data }) => told.push(data.type));
         new MutationObserver(() => told.push('drawn')).observe(document.documentElement, { attributeFilter: ['lang', 'data-theme'] })",
    );
    page.leave_frame();
    page.evaluate("document.body.className = 'other'; document.documentElement.className = 'another'");
    page.evaluate("document.querySelector('partita-run').seek(21)");
    wait_step(page, 21);
    page.go_into(FRAME);
    assert_eq!(page.evaluate("return told.join()"), "seek");
    page.leave_frame();
}

/// It goes no further than it was asked to, starts where a low window shows a part of it, and fetches what it shows alone.
pub fn an_embed_goes_as_far_as_it_was_asked(page: &Page) {
    page.resize(900, 330);
    page.open_around();
    page.evaluate("element({ scenario: 'acks', step: 20, until: 22, height: 2000 }); return include()");
    heard(page, "ready");
    page.evaluate("document.querySelector('partita-run').seek(100000000)");
    wait_step(page, 22);
    heard(page, "ended");
    page.resize(900, 700);
    framed(page, "scenario=journey&start=now&lang=en&step=100000000");
    heard(page, "ready");
    page.go_into(PLAIN);
    page.click(".em-h h1");
    page.press("ArrowRight");
    wait_state(page, "ended");
    page.wait_visible(".nr .cnt");
    assert_eq!(page.count(".tryl"), 0, "an embed tries nothing out");
    assert_eq!(page.attribute("html", "data-rest"), None, "the second part is not asked for");
    page.leave_frame();
}

/// `until` is the author's: what a reader has changed goes to its own end.
pub fn what_a_reader_changes_goes_on_behind_the_authors_end(page: &Page) {
    page.expect_error("Blocked autofocusing");
    page.resize(900, 700);
    page.open_around();
    framed(page, "scenario=acks&step=20&until=22&lang=en&start=now&edit=acks");
    heard(page, "ready");
    page.go_into(PLAIN);
    page.click(".em-h h1");
    page.press("ArrowRight");
    page.press("ArrowRight");
    page.wait_text(".nr", "What is shown here ends with this step.");
    let is_last = "return document.querySelector('#step').ariaDisabled === 'true'";
    assert_eq!(page.evaluate(is_last), true);
    page.press("ArrowLeft");
    changed_to_all(page);
    for _ in 0..4 {
        page.click("#step");
    }
    page.wait_true(
        "a step behind the author's last one",
        "return +document.querySelector('#scrubber').ariaValueNow > 22",
    );
    assert!(!page.text(".nr").contains("ends with this step"), "{}", page.text(".nr"));
    assert_eq!(page.evaluate(is_last), false);
    page.leave_frame();
    // Of two that are handed on at once the last one counts, whichever is packed sooner.
    page.evaluate(
        "heard.length = 0;
         ask({ partita: 1, type: 'load', text: 'cluster brokers=1\\ntopic mine\\n' });
         ask({ partita: 1, type: 'load', scenario: 'journey', step: 4 })",
    );
    let ready = heard(page, "ready");
    assert_eq!(ready["step"], 4, "{ready}");
}

/// The reader's change, in the frame.
fn changed_to_all(page: &Page) {
    page.click(".em-e .chip");
    page.wait_visible("dialog[open] #set-value");
    page.fill("#set-value", "all");
    page.press("Enter");
    page.wait_text(".em-e", "acks=all");
}

/// All that the browser keeps for the site, as text.
const KEPT: &str = "
    const open = await new Promise((done) => { const asked = indexedDB.open('partita'); asked.onsuccess = () => done(asked.result); });
    const kept = {};
    for (const name of open.objectStoreNames) {
      const store = open.transaction(name).objectStore(name);
      kept[name] = await Promise.all(['getAllKeys', 'getAll'].map((all) => new Promise((done) => { const asked = store[all](); asked.onsuccess = () => done(asked.result); })));
    }
    open.close();
    return JSON.stringify([kept, { ...localStorage }, { ...sessionStorage }]);";

fn kept(page: &Page) -> Value {
    page.evaluate(&format!("return (async () => {{ {KEPT} }})()"))
}

/// A reader's own run lies in the storage that the embed could reach, and stays as it is; where there is none, nothing is wrong.
pub fn an_embed_leaves_the_storage_alone(page: &Page) {
    // The browser gives no frame the focus that nobody set.
    page.expect_error("Blocked autofocusing");
    page.resize(900, 700);
    page.open("");
    page.wait_visible("#narration");
    command(page, "send producer-1 orders value=mine");
    page.wait_stored();
    let before = kept(page);
    assert!(before.as_str().is_some_and(|kept| kept.contains("value=mine")), "{before}");
    // The page around is of the same site: its frames share that storage.
    page.open_around_near();
    framed(page, "scenario=acks&step=20&lang=en&start=now&edit=acks");
    heard(page, "ready");
    page.go_into(PLAIN);
    changed_to_all(page);
    page.press("ArrowRight");
    page.wait_frames(3);
    assert_eq!(kept(page), before, "an embed writes nothing");
    page.leave_frame();
    page.before_load(
        "if (self !== top) for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])
           Object.defineProperty(self, name, { get() { throw new DOMException('forbidden', 'SecurityError'); } })",
    );
    framed(page, "scenario=acks&step=20&lang=en&start=now&edit=acks");
    heard(page, "ready");
    page.go_into(PLAIN);
    assert_eq!(page.evaluate("try { localStorage; return 'there' } catch { return 'forbidden' }"), "forbidden");
    changed_to_all(page);
    assert!(!page.text(".nr").contains("stor"), "{}", page.text(".nr"));
    page.leave_frame();
    assert_eq!(page.evaluate("return last('error')"), Value::Null);
}

/// Keys that wait for the program are the browser's again when it breaks before it is there.
pub fn keys_are_free_when_the_program_breaks_early(page: &Page) {
    hold(page);
    page.open_early("");
    page.wait_visible("#app.early");
    let passed = page.evaluate(
        "let passed = 0;
         addEventListener('keydown', () => passed++);
         const press = () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
         const held = press();
         partita.crash('a test broke it');
         return [held, passed, press(), passed].join();",
    );
    assert_eq!(passed, "false,0,true,1");
    page.expect_error("a test broke it");
}
