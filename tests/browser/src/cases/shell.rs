//! The page's shell: it opens, its landmarks, language, theme, the panel for when it breaks.

use crate::axe;
use crate::page::{Page, Scheme};
use crate::servers;

pub fn opens(page: &Page) {
    page.open("");
    page.wait_visible("header.tb");
    assert_eq!(page.text("h1"), "Partita");
    for landmark in ["header", "main", "main #scene", "main section#narration", "main nav#transport", "aside"] {
        assert!(page.visible(landmark), "{landmark} is not shown");
    }
    assert!(!page.visible("#crash"));
    assert_eq!(page.count("#app .loading"), 0);
    let files = page.requests();
    assert!(files.iter().any(|file| file.ends_with(".wasm")), "{files:?}");
    page.shot("opens");
    axe::check(page, "the page, light, English");
}

pub fn opens_at_a_servers_root(page: &Page) {
    page.open_on(servers::ROOT, "");
    page.wait_visible("header.tb");
    assert_eq!(page.text("h1"), "Partita");
}

pub fn keeps_the_readers_language_and_theme(page: &Page) {
    page.open("");
    page.wait_text("#language", "EN");
    page.click("#language");
    page.wait_text("#language", "KO");
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("ko"));
    page.wait_text(".col-p", "프로듀서");
    page.click("#theme");
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("light"));
    page.click("#theme");
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("dark"));
    assert_eq!(page.attribute("#theme", "aria-label").as_deref(), Some("테마: 어둡게"));
    page.shot("korean-dark");
    axe::check(page, "the page, dark, Korean");
    page.reload();
    page.wait_text(".col-p", "프로듀서");
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("dark"));
    page.click("#language");
    page.wait_text(".col-p", "Producers");
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("en"));
}

pub fn follows_the_systems_theme(page: &Page) {
    page.prefer(Scheme::Dark, false);
    page.open("");
    page.wait_visible("#theme");
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("dark"));
    page.prefer(Scheme::Light, false);
    page.wait_true("the light theme", "return document.documentElement.dataset.theme === 'light'");
}

pub fn skip_links_lead_to_the_landmarks(page: &Page) {
    page.open("");
    page.wait_visible("header.tb");
    for (presses, target) in [(1, "scene"), (2, "narration"), (3, "transport")] {
        page.evaluate("document.activeElement.blur(); location.hash = ''; document.body.focus()");
        page.reload();
        page.wait_visible("header.tb");
        for _ in 0..presses {
            page.press("Tab");
        }
        assert_eq!(page.evaluate("return document.activeElement.hash"), format!("#{target}"));
        page.press("Enter");
        assert_eq!(page.evaluate("return document.activeElement.id"), target);
    }
}

pub fn a_panic_shows_the_panel(page: &Page) {
    // The program's own check of its place in the page fails: a panic as any other.
    page.before_load(
        "const real = Document.prototype.getElementById;
         let first = true;
         Document.prototype.getElementById = function (id) {
           // The loader looks for it, too.
           const asks = () => new Error().stack.includes('wasm-function');
           if (id === 'app' && first && !location.hash && asks()) { first = false; return null; }
           return real.call(this, id);
         };
         addEventListener('DOMContentLoaded', () => {
           partita.run.step = 7;
           partita.run.script = 'cluster brokers=1\\nproducer p1\\nsend p1 orders value=<b>';
         });",
    );
    page.expect_error("index.html has a place for the page");
    page.expect_error("unreachable");
    page.open("");
    page.wait_visible("#crash");
    assert!(page.text("#crash-where").contains("It happened at step 7."), "{}", page.text("#crash-where"));
    assert!(page.text("#crash-message").contains("index.html has a place for the page"));
    assert_eq!(page.text("#crash-script"), "cluster brokers=1\nproducer p1\nsend p1 orders value=<b>");
    assert_eq!(page.evaluate("return document.activeElement.id"), "crash-title");
    page.shot("crash");
    axe::check(page, "the panel, English, light");
    page.evaluate("document.documentElement.lang = 'ko'; document.documentElement.dataset.theme = 'dark'");
    assert!(page.text("#crash-where").starts_with("7번 스텝에서"), "{}", page.text("#crash-where"));
    axe::check(page, "the panel, Korean, dark");
    page.evaluate("document.documentElement.dataset.theme = 'light'");
    axe::check(page, "the panel, Korean, light");
    page.evaluate("document.documentElement.lang = 'en'; document.documentElement.dataset.theme = 'dark'");
    axe::check(page, "the panel, English, dark");
    page.click("#crash-back");
    page.wait_visible("header.tb");
    page.wait_text(".clock", "step 6");
    assert!(!page.visible("#crash"));
}

pub fn a_program_that_does_not_load_shows_the_panel(page: &Page) {
    page.before_load(
        "WebAssembly.compileStreaming = () => Promise.reject(new WebAssembly.CompileError('no module'));
         WebAssembly.instantiateStreaming = WebAssembly.compileStreaming;",
    );
    page.open("");
    page.wait_visible("#crash");
    assert!(page.text("#crash-message").contains("no module"));
    assert!(!page.visible("#crash-where") && !page.visible("#crash-run"));
}

/// Opens what the page says about itself: its headings, and what is shown as code.
#[track_caller]
fn about(page: &Page) -> (Vec<String>, Vec<String>) {
    page.press("?");
    page.click("#about");
    page.wait_visible("#omissions li");
    let read = (page.texts("#omissions :is(h3, h4)"), page.texts("#omissions li code"));
    assert!(!page.text("#omissions").contains(['`', '*', '#', '<']), "{}", page.text("#omissions"));
    page.shot(&format!("about-{}", read.0.concat().len()));
    page.press("Escape");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    read
}

pub fn about_lists_what_the_model_simplifies(page: &Page) {
    page.open("");
    page.wait_visible("header.tb");
    let (headings, codes) = about(page);
    assert_eq!(headings, ["What the model simplifies", "Not there yet (refused)", "Simplified"]);
    assert!(codes.iter().any(|code| code == "transactional.id"), "{codes:?}");
    page.click("#language");
    page.wait_true("Korean", "return document.documentElement.lang === 'ko'");
    let (headings, codes) = about(page);
    assert_eq!(headings, ["모델이 단순화한 것", "아직 없는 것 (거부)", "단순화한 것"]);
    assert!(codes.iter().any(|code| code == "transactional.id"), "{codes:?}");
    // Each language's list is a file of the site, below its path, fetched when it is asked for.
    let files = page.requests();
    for lang in ["en", "ko"] {
        let is_list =
            |file: &&String| file.contains(&format!("/docs/partita/about-{lang}-")) && file.ends_with(".html");
        assert_eq!(files.iter().filter(is_list).count(), 1, "{files:?}");
    }
}

pub fn about_says_when_its_list_cannot_be_had(page: &Page) {
    page.before_load(
        "const real = window.fetch;
         window.fetch = (address, ...more) => {
           if (!String(address).includes('/about-')) return real(address, ...more);
           return window.held ? new Promise(() => {}) : real(String(address) + '.gone', ...more);
         };",
    );
    page.expect_error("404");
    page.open("");
    page.wait_visible("header.tb");
    page.press("?");
    page.click("#about");
    page.wait_text("#omissions [role=status]", "could not be loaded from this site");
    page.shot("about-missing");
    axe::check(page, "a list that is missing");
    page.press("Escape");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    page.evaluate("window.held = true");
    page.click("#language");
    page.wait_true("Korean", "return document.documentElement.lang === 'ko'");
    page.press("?");
    page.click("#about");
    page.wait_text("#omissions [role=status]", "목록을 불러오는 중입니다.");
    axe::check(page, "a list that is awaited");
}
