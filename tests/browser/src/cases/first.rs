//! The first picture, which stands in the page before the program: equal to what that draws, never of another run, and what
//! is pressed in it waits.

use super::moving::{press_on, step};
use crate::axe;
use crate::page::Page;

/// Inner sizes: a desk's, a laptop's, a phone's.
const SIZES: [(u32, u32); 3] = [(1440, 900), (1366, 657), (390, 844)];

/// From now on pages get the program only when `letGo()` is called, and its second part never. `?ko` is Korean, and what
/// moves without anybody's doing is kept in `moved`.
pub fn hold(page: &Page) {
    page.before_load(
        "const real = window.fetch;
         const held = new Promise((go) => { window.letGo = go; });
         window.fetch = async (address, ...more) => {
           if (String(address).includes('/rest-')) return new Promise(() => {});
           if (String(address).includes('.wasm')) await held;
           return real(address, ...more);
         };
         window.moved = [];
         new PerformanceObserver((list) => {
           for (const one of list.getEntries()) moved.push(...one.sources.map((source) => source.node?.outerHTML?.slice(0, 80)));
         }).observe({ type: 'layout-shift', buffered: true });
         if (location.search === '?ko') localStorage.setItem('partita.lang', 'ko');",
    );
}

/// All that is seen of the page, with its words and where it stands; without what is measured in the window (wires, canvas).
fn seen(page: &Page) -> Vec<String> {
    let script = "
        const elements = [...document.querySelectorAll('#app *')].filter((one) =>
          one.checkVisibility() && !one.closest('.wires, canvas, .point, .outline, .loading'));
        return elements.map((one) => {
          const area = one.getBoundingClientRect();
          const words = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('');
          const place = [area.x, area.y, area.width, area.height].map((value) => value.toFixed(1)).join(' ');
          return [one.tagName, one.getAttribute('class'), one.id, words.trim(), one.value, place].join(' | ');
        });";
    let seen = page.evaluate(script);
    seen.as_array().expect("a list").iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
}

/// The first picture of the opening run.
#[track_caller]
fn shown_first(page: &Page) {
    page.wait_visible("#app.early:not(.unknown) .say");
    page.wait_frames(2);
}

pub fn the_first_picture_is_what_the_program_draws(page: &Page) {
    hold(page);
    for (language, (width, height)) in ["", "?ko"].into_iter().flat_map(|one| SIZES.map(|size| (one, size))) {
        page.forget();
        page.resize(width, height);
        page.open_early(language);
        shown_first(page);
        let first = seen(page);
        page.shot(&format!("first-{width}x{height}{language}"));
        if width == 1440 {
            axe::check(page, "the first picture");
        }
        page.evaluate("letGo()");
        page.wait_live();
        page.wait_visible(".outline");
        page.wait_stored();
        page.wait_frames(2);
        let drawn = seen(page);
        assert!(first.len() > 100, "{width}x{height}{language} shows {} elements", first.len());
        for (first, drawn) in first.iter().zip(&drawn) {
            assert_eq!(first, drawn, "{width}x{height}{language}");
        }
        assert_eq!(first.len(), drawn.len(), "{width}x{height}{language}");
        assert_eq!(page.evaluate("return moved"), serde_json::json!([]), "{width}x{height}{language}");
    }
}

pub fn the_first_picture_is_seen_before_the_program_takes_over(page: &Page) {
    page.before_load(
        "window.paints = [];
         new PerformanceObserver((list) => {
           for (const { startTime } of list.getEntries()) window.paints.push(startTime);
         }).observe({ type: 'largest-contentful-paint', buffered: true });
         addEventListener('partita-live', () => { window.liveAt = performance.now(); }, true);",
    );
    page.open_early("");
    page.wait_live();
    page.wait_frames(3);
    let order = page.evaluate("return [paints.length, paints[0] < liveAt]");
    assert_eq!(order[1], true, "{order}");
}

pub fn another_run_has_no_foreign_first_picture(page: &Page) {
    hold(page);
    let hollow = |what: &str| {
        page.wait_visible("#app.unknown .loading");
        page.wait_frames(2);
        let text = page.text("#app");
        assert!(text.contains("Loading Partita") && !text.contains("producer-1"), "{what}: {text}");
        assert!(!page.visible("#app .say") && !page.visible("#app .tb-name"), "{what}");
        axe::check(page, what);
        page.evaluate("letGo()");
        page.wait_live();
        page.wait_visible("#app .say");
    };
    // An anchor of the page's own asks for no other run.
    page.open_early("#narration");
    shown_first(page);
    page.evaluate("letGo()");
    page.wait_live();
    press_on(page, "ArrowRight");
    let stood = step(page);
    page.wait_stored();
    // As it was stored lately, and before there was a word for it.
    for word in ["", "localStorage.removeItem('partita.database')"] {
        page.evaluate(word);
        page.open_early("?again");
        hollow("a stored run");
        assert_eq!(step(page), stood);
    }
    let fragment = page.fragment("cluster brokers=1 seed=3\ntopic t1\nproducer p\n", Some(1));
    for fragment in [&*fragment, "#new", "#at=3"] {
        page.forget();
        page.open_early(fragment);
        hollow(fragment);
    }
}

pub fn the_first_picture_waits_for_no_storage(page: &Page) {
    hold(page);
    page.before_load(
        "const open = IDBFactory.prototype.open;
         IDBFactory.prototype.open = function (...given) {
           if (location.search === '?forbidden') throw new DOMException('no', 'SecurityError');
           return location.search === '?slow' ? {} : open.apply(this, given);
         };",
    );
    page.open_early("?slow");
    shown_first(page);
    // A storage that never answers is none.
    page.evaluate("letGo()");
    page.wait_live();
    page.wait_text(".notices", "This browser forbids storage");
    page.forget();
    page.open_early("?forbidden");
    shown_first(page);
    page.evaluate("letGo()");
    page.wait_live();
    page.wait_text(".notices", "This browser forbids storage");
}

pub fn what_is_pressed_before_the_program_waits(page: &Page) {
    hold(page);
    page.open_early("");
    shown_first(page);
    let (first, loading) = (step(page), "#app .loading");
    assert!(!page.visible(loading));
    page.press("ArrowRight");
    page.wait_text(loading, "what you press waits");
    page.press("Shift+ArrowRight");
    page.press("ArrowLeft");
    page.click("#step");
    page.click("#language");
    // What cannot wait takes nothing in.
    page.click("#pace");
    page.click("#find-setting");
    page.evaluate("document.querySelector('#step').focus()");
    page.press("n");
    assert_eq!(step(page), first);
    page.evaluate("letGo()");
    page.wait_live();
    page.wait_text("dialog h2", "레코드 보내기");
    page.press("Escape");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    page.wait_true("the focus on the button", "return document.activeElement.id === 'step'");
    let stood = step(page);
    // The same by hand, when the program is there.
    page.forget();
    page.open_early("");
    page.evaluate("letGo()");
    page.wait_live();
    for key in ["ArrowRight", "Shift+ArrowRight", "ArrowLeft", "ArrowRight"] {
        press_on(page, key);
    }
    assert_eq!(step(page), stood);
}
